//! An open conversation: head, feed, typing line, composer, members.

use chancery_protocol::ids::ConversationId;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, show};
use chancery_ui_kit::text::chat as words;
use leptos::prelude::*;

use crate::components::acknowledge::AcknowledgersDialog;
use crate::components::check_foot::CheckFoot;
use crate::components::composer::Composer;
use crate::components::conversation_head::ConversationHead;
use crate::components::date_dialog::DateDialog;
use crate::components::details_pane::DetailsPane;
use crate::components::feed::Feed;
use crate::components::receipt::ReadersDialog;
use crate::components::timeline::{Goal, Here};
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;

/// The conversation.
#[component]
pub fn ConversationView(id: ConversationId, place: Memo<Place>) -> impl IntoView {
    let chat = Chat::current();
    Here::provide(id);
    chat.show(id);
    on_cleanup(move || chat.hide(id));
    let here = Here::current();
    let named = use_go().at();
    effect(move || {
        if let Some(message) = named.get() {
            here.goal.set(Some(Goal::Message(message)));
        }
    });
    let details = memo(move || place.get() == Place::Details(id));
    let info =
        memo(move || chat.state.with(|state| state.conversations.get(&id).map(|known| known.info.clone())));
    let name = Signal::derive(move || info.get().map(|info| chat.title_of(&info)).unwrap_or_default());
    let suspended = memo(move || {
        info.get().and_then(|info| chat.person(info.with?)).is_some_and(|person| person.suspended)
    });
    // Looked at only while the page is in front of somebody.
    effect(move || chat.watch_marks((chat.visible.get() && chat.is_marked(id)).then_some(id)));
    on_cleanup(move || chat.watch_marks(None));
    view! {
        <DateDialog />
        <ReadersDialog />
        <AcknowledgersDialog />
        <div class="conversation" class:conversation-details=move || details.get()>
            <div class="conversation-main">
                <ConversationHead id details />
                <Feed />
                <TypingLine id />
                <div class="conversation-foot">
                    {show(move || suspended.get(), move || view! { <Notice icon=Icon::Info tone=Tone::Mute>{words::SUSPENDED}</Notice> }.into_any())}
                    {move || if here.may_post.get() {
                        view! { <CheckFoot /><Composer name /> }.into_any()
                    } else {
                        view! { <Notice icon=Icon::Info tone=Tone::Mute>{words::READ_ONLY}</Notice> }.into_any()
                    }}
                </div>
            </div>
            {show(move || details.get(), move || view! { <DetailsPane id /> }.into_any())}
        </div>
    }
}

/// Who is typing. Not announced: it would talk without end.
#[component]
fn TypingLine(id: ConversationId) -> impl IntoView {
    let chat = Chat::current();
    let names = memo(move || {
        let now = chancery_ui_kit::time::now();
        chat.state.with(|state| {
            state
                .typing
                .iter()
                .filter(|((place, _), until)| *place == id && **until > now)
                .filter_map(|((_, person), _)| state.people.get(person).map(|person| person.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <p class="typing" data-testid="typing">
            {move || {
                let words = names.with(|names| words::typing(names));
                (!words.is_empty()).then(|| view! {
                    <span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>
                    <span>{words}</span>
                })
            }}
        </p>
    }
}
