//! Reactions: chips below a message, and the choice of the fixed list.

use chancery_protocol::conversation::{REACTIONS, ReactionCount};
use chancery_protocol::ids::PersonId;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::text;
use leptos::prelude::*;

use crate::state::chat::Chat;

/// The icon of a reaction in words; emoji have none.
fn icon(reaction: &str) -> Option<Icon> {
    match reaction {
        "reviewed" => Some(Icon::Tick),
        "looking" => Some(Icon::Eye),
        "agreed" => Some(Icon::TickCircle),
        "done" => Some(Icon::TickBox),
        _ => None,
    }
}

/// The chips of a message. A press puts one's own on or off.
#[component]
pub fn ReactionChips(reactions: Vec<ReactionCount>, #[prop(into)] on_toggle: Callback<(String, bool)>) -> impl IntoView {
    let chat = Chat::current();
    let me = chat.me();
    let chips = reactions
        .into_iter()
        .filter(|one| !one.people.is_empty())
        .map(|one| {
            let own = me.is_some_and(|me| one.people.contains(&me));
            let names = names(chat, &one.people);
            let label = text::chat::reacted(&one.reaction, &names);
            let reaction = one.reaction.clone();
            view! {
                <button
                    type="button"
                    class="chip reaction"
                    aria-pressed=own.to_string()
                    aria-label=label.clone()
                    title=label
                    on:click=move |_| on_toggle.run((reaction.clone(), !own))
                >
                    {icon(&one.reaction).map(|icon| view! { <Glyph icon /> })}
                    <span>{text::chat::reaction(&one.reaction).to_owned()}</span>
                    <span class="reaction-count">{one.people.len()}</span>
                </button>
            }
        })
        .collect_view();
    view! { <div class="reactions">{chips}</div> }
}

fn names(chat: Chat, people: &[PersonId]) -> Vec<String> {
    people.iter().map(|id| chat.person(*id).map(|person| person.name).unwrap_or_default()).collect()
}

/// All reactions, as lines of a menu.
#[component]
pub fn ReactionChoice(#[prop(into)] on_choose: Callback<String>) -> impl IntoView {
    view! {
        <div class="reaction-choice">
            {REACTIONS
                .into_iter()
                .map(|reaction| {
                    let name = text::chat::reaction_name(reaction);
                    view! {
                        <button
                            type="button"
                            class="chip"
                            role="menuitem"
                            tabindex="-1"
                            aria-label=name
                            title=name
                            on:click=move |_| on_choose.run(reaction.to_owned())
                        >
                            {icon(reaction).map(|icon| view! { <Glyph icon /> })}
                            <span>{text::chat::reaction(reaction)}</span>
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
