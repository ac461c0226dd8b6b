//! A field in which one looks for a person, and who is found.

use std::time::Duration;

use chancery_protocol::accounts::AccountQuery;
use chancery_protocol::person::Person;
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::console as words;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::KeyboardEvent;

use crate::api::people;
use crate::state::line::Line;

const WAIT: Duration = Duration::from_millis(200);
/// Most people offered at a time.
const OFFERED: usize = 8;
/// Most people looked through for those who fit.
const LOOKED_THROUGH: u32 = 200;

/// The field. Enter takes the first who is found.
#[component]
pub fn PersonFinder(
    /// Unique on the page; its note is `<id>-note`.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// Said when nobody fits.
    nobody: &'static str,
    /// Who may be offered.
    #[prop(into)]
    fits: Callback<Person, bool>,
    /// What is wrong.
    error: RwSignal<Option<String>>,
    /// Somebody was taken; the field is empty again.
    #[prop(into)]
    on_choose: Callback<Person>,
) -> impl IntoView {
    let (api, line) = (ApiClient::current(), Line::current());
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Loaded<Vec<Person>>>);
    let round = StoredValue::new(0_u32);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let ask = move || {
        // The dialog may have been closed while the timer ran.
        let Some(text) = typed.try_with_untracked(|typed| typed.trim().to_owned()) else { return };
        let number = round.get_value().wrapping_add(1);
        round.set_value(number);
        if text.is_empty() {
            return found.set(None);
        }
        spawn_local(async move {
            let query = AccountQuery { text, limit: LOOKED_THROUGH, ..AccountQuery::default() };
            let outcome = people::list(api, &query).await;
            // An answer that was overtaken says nothing.
            if round.try_get_value() != Some(number) {
                return;
            }
            line.heard(&outcome);
            let fitting = outcome.map(|page| {
                let all = page.accounts.into_iter().map(|account| account.person);
                all.filter(|person| fits.run(person.clone())).take(OFFERED).collect::<Vec<_>>()
            });
            let _ = found.try_set(Some(fitting.into()));
        });
    };
    let ask_soon = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(ask, WAIT).ok());
    };
    let choose = move |person: Person| {
        error.set(None);
        typed.set(String::new());
        found.set(None);
        // What was asked for the text before is overtaken.
        round.update_value(|round| *round = round.wrapping_add(1));
        on_choose.run(person);
    };
    let keys = move |event: KeyboardEvent| {
        // Enter chooses the first who is found and sends nothing.
        if event.key() == "Enter" && !typed.with_untracked(String::is_empty) {
            event.prevent_default();
            let first = found.with_untracked(|found| found.as_ref()?.ready()?.first().cloned());
            if let Some(first) = first {
                choose(first);
            }
        }
    };
    let one = move |person: Person| {
        let Person { id, name, username, photo, .. } = person.clone();
        let press = move |_| choose(person.clone());
        view! {
            <li><button type="button" class="menu-item" on:click=on(press)>
                <Avatar person=id name=name.clone() photo size=Size::Small />
                <bdi class="menu-label">{name}</bdi>
                <span class="quiet">{username}</span>
            </button></li>
        }
    };
    let empty = move |people: &Vec<Person>| {
        let note = || view! { <p class="field-note" role="status">{nobody}</p> }.into_any();
        people.is_empty().then(note)
    };
    let lines = move |people: Vec<Person>| {
        let lines = people.into_iter().map(one).collect_view();
        view! { <ul class="picker-lines" aria-label=words::PEOPLE_FOUND>{lines}</ul> }.into_any()
    };
    let shown = Signal::derive(move || found.get().unwrap_or_default());
    let asked = move || found.with(Option::is_some);
    let note = format!("{id}-note");
    let described_by = note.clone();
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="field-box" class:field-wrong=move || error.get().is_some()>
                <Glyph icon=Icon::Search />
                <input
                    id=id
                    type="text"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described_by
                    aria-invalid=move || error.get().is_some().then_some("true")
                    prop:value=move || typed.get()
                    on:input=on(move |event| {
                        typed.set(event_target_value(&event));
                        error.set(None);
                        ask_soon();
                    })
                    on:keydown=on(keys)
                />
            </div>
            {move || match error.get() {
                Some(error) => view! {
                    <p class="field-note field-error" id=note.clone()><Glyph icon=Icon::Warning />{error}</p>
                }
                .into_any(),
                None => view! { <p class="field-note" id=note.clone()>{words::PERSON_HELP}</p> }.into_any(),
            }}
            <Show when=asked>
                <LoadedView
                    value=shown
                    failed_title=words::PEOPLE_FAILED
                    on_retry=move |()| ask()
                    skeleton=|| view! { <SkeletonRows rows=2 /> }.into_any()
                    empty
                    ready=lines
                />
            </Show>
        </div>
    }
}
