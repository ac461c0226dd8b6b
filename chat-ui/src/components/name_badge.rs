//! The word beside a name: nobody takes a program for a person, or somebody from outside for a colleague.

use chancery_protocol::ids::PersonId;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::{memo, part, show};
use chancery_ui_kit::text::access_tokens::{BOT, bot_named};
use chancery_ui_kit::text::guests as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use crate::state::chat::Chat;

/// What somebody is besides a colleague.
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Bot,
    Guest,
}

fn sort(chat: Chat, id: PersonId) -> Option<Sort> {
    chat.state.with(|state| match state.people.get(&id)? {
        person if person.bot => Some(Sort::Bot),
        person if person.guest => Some(Sort::Guest),
        _ => None,
    })
}

/// The badge, while the one named there is a bot or a guest; tracked.
pub fn name_badge(of: impl Fn() -> Option<PersonId> + Send + Sync + 'static) -> AnyView {
    badge_of(Box::new(of))
}

// A function of its own: it is compiled once, not for every closure.
#[inline(never)]
fn badge_of(of: Box<dyn Fn() -> Option<PersonId> + Send + Sync>) -> AnyView {
    let chat = Chat::current();
    let shown = memo(move || of().and_then(|id| Some((sort(chat, id)?, guest_line(chat, id)))));
    part(move || match shown.get() {
        None => ().into_any(),
        Some((Sort::Bot, _)) => view! { <Badge label=BOT /> }.into_any(),
        Some((Sort::Guest, said)) => {
            view! { <Badge label=words::EXTERNAL tone=Tone::Warn icon=Icon::Globe title=said /> }.into_any()
        }
    })
}

/// The name where no badge stands beside it; tracked.
pub fn spoken_name(chat: Chat, id: PersonId, name: String) -> String {
    match sort(chat, id) {
        Some(Sort::Bot) => bot_named(&name),
        Some(Sort::Guest) => words::named(&name),
        None => name,
    }
}

/// "Guest of Priya Raman until 30 June", of a guest whose terms are known; tracked.
pub fn guest_line(chat: Chat, id: PersonId) -> Option<String> {
    terms_in(chat, id, words::line)
}

/// On which terms a guest is here, in words of the sponsor's name and the last day; tracked.
pub fn terms_in(chat: Chat, id: PersonId, words: fn(Option<&str>, &str) -> String) -> Option<String> {
    chat.state.with(|state| {
        let terms = state.people.get(&id)?.terms?;
        let sponsor = state.people.get(&terms.sponsor).map(|sponsor| sponsor.name.as_str());
        let until = LocalTime::of(terms.ends_at).date_near(LocalTime::of(time::now()));
        Some(words(sponsor, &until))
    })
}

/// The badge of a conversation, while people from outside read along.
pub fn outside_badge(when: impl Fn() -> bool + Send + Sync + 'static) -> AnyView {
    show(when, || {
        view! {
            <span class="badge tone-warn" title=words::OUTSIDE>
                <span aria-hidden="true">{words::EXTERNAL}</span>
                <span class="sr-only">{words::OUTSIDE}</span>
            </span>
        }
        .into_any()
    })
}
