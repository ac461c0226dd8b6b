//! What can be done with a message: react at once, and under "…" everything.

use chancery_protocol::ids::RecordId;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::menu::{Item as Line, MenuButton};
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;

use crate::components::message::react;
use crate::components::reactions::ReactionChoice;
use crate::components::timeline::Here;
use crate::logic::timeline::Item;
use crate::state::chat::Chat;

/// The tools at the right of a message.
#[component]
pub fn MessageMenu(item: Memo<Option<Item>>, own: Memo<bool>, choosing: RwSignal<bool>) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let toasts = Toasts::current();
    let more = RwSignal::new(false);
    let id = move || item.get_untracked().and_then(|item| item.id);
    let choose = move |reaction: String| {
        let Some(shown) = item.get_untracked() else { return };
        let me = chat.state.with_untracked(|state| state.me.as_ref().map(|me| me.id));
        let has = shown
            .reactions
            .iter()
            .any(|one| one.reaction == reaction && me.is_some_and(|me| one.people.contains(&me)));
        if let Some(id) = shown.id {
            react(chat, here, toasts, id, reaction, !has);
        }
    };
    let choice = ViewFn::from(move || view! { <ReactionChoice on_choose=choose /> });
    let lines = move || {
        let mut lines = vec![Line::new(Icon::Smile, words::REACT, move || choosing.set(true)).key("R")];
        if own.get_untracked() {
            lines.push(Line::new(Icon::Pencil, words::EDIT, move || here.editing.set(id())).key("E"));
            lines.push(
                Line::new(Icon::Trash, words::DELETE, move || {
                    if let Some(id) = id() {
                        delete(chat, here, toasts, id);
                    }
                })
                .danger(),
            );
        }
        lines
    };
    view! {
        <div class="message-tools" class:message-tools-open=move || choosing.get() || more.get()>
            <span class="message-react">
                <MenuButton label=words::REACT icon=Icon::Smile open=choosing items=Vec::new head=choice />
            </span>
            <MenuButton label=words::MORE icon=Icon::More open=more items=lines />
        </div>
    }
}

fn delete(chat: Chat, here: Here, toasts: Toasts, id: RecordId) {
    if here.editing.get_untracked() == Some(id) {
        here.editing.set(None);
    }
    chat.delete(here.id, id, move |result| {
        if let Err(error) = result {
            toasts.failed(words::NOT_DELETED, text::problem::of(&error));
        }
    });
}
