//! Somebody's second factors, and removing all of them for a lost device.

use chancery_protocol::factors::{Factor, Factors as Found};
use chancery_protocol::http::Account;
use chancery_ui_kit::button::Kind;
use chancery_ui_kit::icon::Glyph;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::factors as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::factors;
use crate::components::question::Question;
use crate::pages::security::icon_of;
use crate::routes::Place;
use crate::state::line::Line;
use crate::state::users::{Ask, Users};

/// The part of the pane.
#[component]
pub fn Factors(account: Account) -> impl IntoView {
    let (users, line) = (Users::current(), Line::current());
    let person = account.person.id;
    let own = users.is_own(person);
    let found = RwSignal::new(Loaded::<Found>::Loading);
    let load = move || {
        spawn_local(async move {
            let outcome = factors::of_person(users.api(), person).await;
            line.heard(&outcome);
            let _ = found.try_set(outcome.into());
        });
    };
    effect(move || {
        users.factors_changed.track();
        load();
    });
    let count = memo(move || found.with(|found| found.ready().map_or(0, |found| found.factors.len())));
    let none = if account.has_password { words::NONE_OF_PERSON } else { words::NONE_ELSEWHERE };
    let nothing = move |found: &Found| {
        found.factors.is_empty().then(|| view! { <p class="pane-note">{none}</p> }.into_any())
    };
    let asked = StoredValue::new(account);
    view! {
        <section class="pane-part" aria-labelledby="account-factors">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="account-factors">{words::FACTORS}</h3>
                {move || {
                    (count.get() > 0 && !own).then(|| {
                        let ask = move |_| users.ask(Ask::RemoveFactors(asked.get_value(), count.get_untracked()));
                        view! {
                            <button type="button" class="link-button" aria-label=words::REMOVE_ALL_ACT on:click=on(ask)>
                                {words::REMOVE_ALL}
                            </button>
                        }
                    })
                }}
            </div>
            <LoadedView
                value=found.into()
                failed_title=words::OF_PERSON_FAILED
                on_retry=move |()| {
                    found.set(Loaded::Loading);
                    load();
                }
                skeleton=|| view! { <SkeletonRows rows=1 /> }.into_any()
                empty=nothing
                ready=|found: Found| {
                    view! { <ul class="sessions">{found.factors.into_iter().map(line_of).collect_view()}</ul> }.into_any()
                }
            />
            {own.then(|| view! { <p class="pane-note"><a href=Place::Security.path()>{words::OWN_ARE_THERE}</a></p> })}
        </section>
    }
}

fn line_of(factor: Factor) -> impl IntoView {
    let today = LocalTime::of(time::now());
    let brief = |at| LocalTime::of(at).brief(today);
    let used = factor.last_used_at.map(brief);
    view! {
        <li class="session">
            <Glyph icon=icon_of(factor.kind) large=true />
            <div class="session-text">
                <p class="session-name"><bdi>{factor.name}</bdi></p>
                <p class="session-line">{words::added_used(factor.kind, &brief(factor.created_at), used.as_deref())}</p>
            </div>
        </li>
    }
}

/// Remove all?
#[component]
pub fn RemoveFactorsDialog(
    /// Whose.
    account: Account,
    /// How many there are.
    count: usize,
) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let id = account.person.id;
    let act = move |()| {
        users.run(working, failed, factors::remove_all(users.api(), id), move |()| {
            users.forget_sessions(id);
            users.factors_changed.update(|count| *count = count.wrapping_add(1));
            users.done(words::ALL_REMOVED);
            users.answered();
        });
    };
    view! {
        <Question
            body=words::remove_all_body(count)
            keep=console::KEEP
            act=words::REMOVE_ALL
            kind=Kind::Danger
            working
            refused=Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)))
            on_keep=move |()| users.answered()
            on_act=act
        />
    }
}
