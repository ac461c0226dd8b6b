//! Choosing a colleague who answers for a bot or a guest, by a part of the name.

use std::time::Duration;

use chancery_protocol::accounts::AccountQuery;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Person;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::access_tokens as words;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::KeyboardEvent;

use crate::api::people;
use crate::state::line::Line;
use crate::state::users::Users;

const WAIT: Duration = Duration::from_millis(200);
/// Most people offered at a time.
const OFFERED: usize = 8;

/// A search among the colleagues who can answer for somebody else; once one is chosen, that one.
#[component]
pub fn PersonField(
    /// Unique on the page; what chooses somebody else is `<id>-other`.
    id: &'static str,
    /// Who is asked for.
    label: &'static str,
    /// Said when nobody fits.
    nobody: &'static str,
    /// Who is chosen.
    chosen: RwSignal<Option<Person>>,
    /// What is wrong.
    error: RwSignal<Option<String>>,
    /// Somebody who is not offered, for example who answers now.
    #[prop(optional_no_strip)]
    without: Option<PersonId>,
) -> impl IntoView {
    let (users, line) = (Users::current(), Line::current());
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
            let outcome = people::list(users.api(), &AccountQuery { text, ..AccountQuery::default() }).await;
            // An answer that was overtaken says nothing.
            if round.try_get_value() != Some(number) {
                return;
            }
            line.heard(&outcome);
            let fits = |person: &Person| {
                !person.bot && !person.guest && !person.suspended && Some(person.id) != without
            };
            let fitting = outcome.map(|page| {
                let all = page.accounts.into_iter().map(|account| account.person);
                all.filter(fits).take(OFFERED).collect::<Vec<_>>()
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
    let choose = move |person: Option<Person>| {
        let field = if person.is_some() { other_of(id) } else { format!("#{id}") };
        error.set(None);
        typed.set(String::new());
        found.set(None);
        chosen.set(person);
        // What has the focus then is drawn first.
        let settle = move || {
            dom::focus(&field);
        };
        set_timeout(settle, Duration::ZERO);
    };
    let keys = move |event: KeyboardEvent| {
        // Enter chooses the first who is found and sends nothing.
        if event.key() == "Enter" && !typed.with_untracked(String::is_empty) {
            event.prevent_default();
            let first = found.with_untracked(|found| found.as_ref()?.ready()?.first().cloned());
            if first.is_some() {
                choose(first);
            }
        }
    };
    let one = move |person: Person| {
        let Person { id, name, username, .. } = person.clone();
        let press = move |_| choose(Some(person.clone()));
        view! {
            <li><button type="button" class="menu-item" on:click=on(press)>
                <Avatar person=id name=name.clone() size=Size::Small />
                <bdi class="menu-label">{name}</bdi>
                <span class="quiet">{username}</span>
            </button></li>
        }
    };
    let nobody = move |people: &Vec<Person>| {
        let note = || view! { <p class="field-note" role="status">{nobody}</p> }.into_any();
        people.is_empty().then(note)
    };
    let lines = move |people: Vec<Person>| {
        let lines = people.into_iter().map(one).collect_view();
        view! { <ul class="picker-lines" aria-label=words::OWNER_FOUND>{lines}</ul> }.into_any()
    };
    let there = move || chosen.with(Option::is_some);
    let shown = Signal::derive(move || found.get().unwrap_or_default());
    let asked = move || found.with(Option::is_some);
    view! {
        {move || chosen.get().map(|Person { id: person, name, username, .. }| view! {
            <div class="field" role="group" aria-label=label>
                <div class="field-head"><span class="owner-label">{label}</span></div>
                <div class="owner-chosen">
                    <span class="who">
                        <Avatar person name=name.clone() size=Size::Small />
                        <span class="who-text"><bdi class="who-name">{name}</bdi><span class="who-sub">{username}</span></span>
                    </span>
                    <button type="button" id=format!("{id}-other") class="link-button" on:click=on(move |_| choose(None))>
                        {words::OWNER_OTHER}
                    </button>
                </div>
                {move || error.get().map(|error| wrong(id, error))}
            </div>
        })}
        <Show when=move || !there()>
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
                        aria-describedby=format!("{id}-note")
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
                    Some(error) => wrong(id, error).into_any(),
                    None => view! { <p class="field-note" id=format!("{id}-note")>{words::OWNER_HELP}</p> }.into_any(),
                }}
                <Show when=asked>
                    <LoadedView
                        value=shown
                        failed_title=words::OWNER_FAILED
                        on_retry=move |()| ask()
                        skeleton=|| view! { <SkeletonRows rows=2 /> }.into_any()
                        empty=nobody
                        ready=lines
                    />
                </Show>
            </div>
        </Show>
    }
}

fn wrong(id: &str, error: String) -> impl IntoView {
    view! { <p class="field-note field-error" id=format!("{id}-note")><Glyph icon=Icon::Warning />{error}</p> }
}

/// Where somebody else is chosen.
fn other_of(id: &str) -> String {
    format!("#{id}-other")
}

/// What the server says about whoever was chosen stands there. `field`: its name for the field of this id.
pub fn at_the_person(
    failed: RwSignal<Option<ClientError>>,
    error: RwSignal<Option<String>>,
    field: &'static str,
    id: &'static str,
) {
    effect(move || {
        let said = failed.with(|failed| match failed {
            Some(problem @ ClientError::Problem(at)) if at.field.as_deref() == Some(field) => {
                Some(words::owner_refused(problem))
            }
            _ => None,
        });
        if said.is_some() {
            error.set(said);
            failed.set(None);
            dom::focus(&other_of(id));
        }
    });
}
