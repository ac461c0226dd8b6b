//! What marks a guest, and on which terms one is here: who answers for them, and until when.

use chancery_protocol::http::Account;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::{GuestTerms, Person};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::pane::Fact;
use chancery_ui_kit::reactive::{on, part};
use chancery_ui_kit::text;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::guests as words;
use chancery_ui_kit::time::{LocalTime, now};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::people;
use crate::logic::guests::{Left, left};
use crate::state::line::Line;
use crate::state::users::{Ask, Users};

/// The word beside the name of somebody from outside.
#[component]
pub fn ExternalBadge() -> impl IntoView {
    view! { <Badge label=words::EXTERNAL tone=Tone::Warn icon=Icon::Globe /> }
}

/// The part of the pane.
#[component]
pub fn GuestPart(account: Account) -> impl IntoView {
    let users = Users::current();
    let edits = users.edits.get_untracked();
    let terms = account.person.terms;
    let (act, label) = match terms {
        Some(_) => (console::CHANGE, words::TERMS_CHANGE),
        None => (words::SET, words::TERMS_SET),
    };
    view! {
        <section class="pane-part" aria-labelledby="account-guest">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="account-guest">{words::GUEST}</h3>
                {edits.then(|| {
                    let ask = move |_| users.ask(Ask::Terms(account.clone()));
                    view! { <button type="button" class="link-button" aria-label=label on:click=on(ask)>{act}</button> }
                })}
            </div>
            {match terms {
                Some(terms) => view! { <Terms terms /> }.into_any(),
                None => view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words::NOBODY_ANSWERS}</Notice> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Terms(terms: GuestTerms) -> impl IntoView {
    let (users, line) = (Users::current(), Line::current());
    let id = terms.sponsor;
    let sponsor = RwSignal::new(known(users, id).map_or(Loaded::Loading, Loaded::Ready));
    let load = move || {
        spawn_local(async move {
            let outcome = people::get(users.api(), id).await;
            line.heard(&outcome);
            let _ = sponsor.try_set(outcome.map(|account| account.person).into());
        });
    };
    load();
    let end = LocalTime::of(terms.ends_at);
    let days = end.day_number() - LocalTime::of(now()).day_number();
    let left = match left(terms.ends_at, now(), days) {
        Left::Over => Some(view! { <Badge label=words::OVER tone=Tone::Bad icon=Icon::Barred /> }.into_any()),
        Left::Near(days) => {
            Some(view! { <Badge label=words::left(days) tone=Tone::Warn icon=Icon::Clock /> }.into_any())
        }
        Left::Long => None,
    };
    let who = part(move || {
        match sponsor.get() {
        Loaded::Loading => ().into_any(),
        Loaded::Ready(Person { name, .. }) => {
            view! { <a href=users.address_of(id)><bdi>{name}</bdi></a> }.into_any()
        }
        Loaded::Failed(_) => view! {
            {words::SPONSOR_FAILED}" "
            <button type="button" class="link-button" on:click=on(move |_| load())>{text::state::TRY_AGAIN}</button>
        }
        .into_any(),
    }
    });
    // Whoever left answers for nobody.
    let gone = move || {
        let name = sponsor
            .with(|sponsor| sponsor.ready().filter(|one| one.suspended).map(|one| one.name.clone()))?;
        Some(view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words::sponsor_suspended(&name)}</Notice> })
    };
    view! {
        {gone}
        <dl class="facts">
            <Fact label=words::SPONSOR>{who}</Fact>
            <Fact label=words::UNTIL>
                <span class="badges">
                    {left}
                    <span title=end.full()>{end.date()}</span>
                </span>
            </Fact>
        </dl>
    }
}

/// Somebody who stands in the list already.
fn known(users: Users, id: PersonId) -> Option<Person> {
    users.list.with_untracked(|list| {
        let mut all = list.ready()?.accounts.iter().map(|account| &account.person);
        all.find(|person| person.id == id).cloned()
    })
}
