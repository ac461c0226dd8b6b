//! Reactions: chips below a message, and the choice of the fixed list.

use chancery_protocol::conversation::{REACTIONS, ReactionCount};
use chancery_protocol::state::ClientState;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text;
use leptos::prelude::*;

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

/// A reaction as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Chip {
    reaction: String,
    count: usize,
    own: bool,
    pending: bool,
    label: String,
}

/// The chips of a message's reactions.
pub fn chips(reactions: &[ReactionCount], on_their_way: &[String], state: &ClientState) -> Vec<Chip> {
    let me = state.me.as_ref().map(|me| me.id);
    let name = |id| state.people.get(id).map(|person| person.name.clone()).unwrap_or_default();
    reactions
        .iter()
        .filter(|one| !one.people.is_empty() || on_their_way.contains(&one.reaction))
        .map(|one| Chip {
            pending: on_their_way.contains(&one.reaction),
            reaction: one.reaction.clone(),
            count: one.people.len(),
            own: me.is_some_and(|me| one.people.contains(&me)),
            label: text::chat::reacted(&one.reaction, &one.people.iter().map(name).collect::<Vec<_>>()),
        })
        .collect()
}

/// The chips of a message. A press puts one's own on or off.
#[component]
pub fn ReactionChips(
    #[prop(into)] chips: Signal<Vec<Chip>>,
    #[prop(into)] on_toggle: Callback<(String, bool)>,
) -> impl IntoView {
    let chip = move |one: Chip| {
        let Chip { reaction, count, own, pending, label } = one;
        let label = if pending { text::chat::reaction_pending(&label) } else { label };
        let spoken = label.clone();
        let shown = text::chat::reaction(&reaction).to_owned();
        let icon = icon(&reaction);
        view! {
            <button
                type="button"
                class="chip reaction"
                class:reaction-pending=pending
                aria-pressed=own.to_string()
                title=label
                on:click=on(move |_| on_toggle.run((reaction.clone(), !own)))
            >
                {icon.map(|icon| view! { <Glyph icon /> })}
                <span class="sr-only">{spoken}</span>
                <span aria-hidden="true">{shown}</span>
                <span class="reaction-count" aria-hidden="true">{count}</span>
            </button>
        }
    };
    move || {
        let chips = chips.get();
        (!chips.is_empty())
            .then(|| view! { <div class="reactions">{chips.into_iter().map(chip).collect_view()}</div> })
    }
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
                            title=name
                            on:click=on(move |_| on_choose.run(reaction.to_owned()))
                        >
                            {icon(reaction).map(|icon| view! { <Glyph icon /> })}
                            <span class="sr-only">{name}</span>
                            <span aria-hidden="true">{text::chat::reaction(reaction)}</span>
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
