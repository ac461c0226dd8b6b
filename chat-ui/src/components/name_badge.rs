//! The word beside the name of a bot, so that nobody takes a program for a person.

use chancery_protocol::ids::PersonId;
use chancery_ui_kit::badge::Badge;
use chancery_ui_kit::reactive::show;
use chancery_ui_kit::text::access_tokens::BOT;
use leptos::prelude::*;

use crate::state::chat::Chat;

/// The badge, while the one named there is a bot; tracked.
pub fn bot_badge(of: impl Fn() -> Option<PersonId> + Send + Sync + 'static) -> AnyView {
    badge_of(Box::new(of))
}

// A function of its own: it is compiled once, not for every closure.
#[inline(never)]
fn badge_of(of: Box<dyn Fn() -> Option<PersonId> + Send + Sync>) -> AnyView {
    let chat = Chat::current();
    show(move || of().is_some_and(|id| is_bot(chat, id)), || view! { <Badge label=BOT /> }.into_any())
}

/// Whether somebody is a bot; tracked.
pub fn is_bot(chat: Chat, id: PersonId) -> bool {
    chat.state.with(|state| state.people.get(&id).is_some_and(|person| person.bot))
}
