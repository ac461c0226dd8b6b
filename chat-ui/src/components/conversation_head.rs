//! The head of a conversation: who or what it is, how many are here, what it is for.

use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::ids::ConversationId;
use chancery_protocol::person::Presence;
use chancery_ui_kit::button::IconButton;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words_chat;
use chancery_ui_kit::text::people as words;
use leptos::prelude::*;

use crate::components::conversation_row::{RowFace, icon_of};
use crate::components::name_badge::{name_badge, outside_badge};
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;
use crate::state::desk::{Desk, Overlay};

/// The head. `details` says whether the members are shown.
#[component]
pub fn ConversationHead(id: ConversationId, details: Memo<bool>) -> impl IntoView {
    let chat = Chat::current();
    let desk = Desk::current();
    let go = use_go();
    let info =
        memo(move || chat.state.with(|state| state.conversations.get(&id).map(|known| known.info.clone())));
    let title = Signal::derive(move || info.get().map(|info| chat.title_of(&info)).unwrap_or_default());
    let person = Signal::derive(move || info.get().and_then(|info| info.with));
    let icon = Signal::derive(move || info.get().map_or(Icon::People, |info| icon_of(info.kind, info.open)));
    let presence = memo(move || chat.presence_of(person.get()?));
    let members = memo(move || {
        let ids = chat.state.with(|state| {
            let known = state.conversations.get(&id)?.members.as_ref()?;
            Some(known.iter().map(|member| member.person).collect::<Vec<_>>())
        })?;
        let online = ids
            .iter()
            .filter(|one| chat.presence_of(**one).is_some_and(|presence| presence != Presence::Offline))
            .count();
        Some((ids.len() as u64, online as u64))
    });
    let status = memo(move || chat.person(person.get()?)?.status);
    let line = move || {
        let info = info.get()?;
        let first = match info.kind {
            ConversationKind::Direct => {
                presence.get().map(|presence| text::presence::of(presence).to_owned())
            }
            ConversationKind::Group | ConversationKind::Announcement => Some(match members.get() {
                Some((count, online)) if chat.is_live() => words::members_online(count, online),
                Some((count, _)) => words::members(count),
                None => words::members(info.member_count.into()),
            }),
        };
        let second = info.topic.or_else(|| status.get());
        Some(first.into_iter().chain(second).collect::<Vec<_>>().join(" · "))
    };
    view! {
        <header class="conversation-head">
            <a class="icon-button conversation-back" href=Place::Chats.path() aria-label=text::act::BACK title=text::act::BACK>
                <Glyph icon=Icon::Back large=true />
            </a>
            <RowFace person icon title presence />
            <div class="conversation-name">
                <div class="conversation-named">
                    <h1 class="conversation-title" title=move || title.get()><bdi>{move || title.get()}</bdi></h1>
                    {name_badge(move || person.get())}
                    {outside_badge(move || info.get().is_some_and(|info| info.with.is_none() && chat.is_outside(&info)))}
                </div>
                <p class="conversation-line" title=line>{line}</p>
            </div>
            <IconButton icon=Icon::Search label=text::search::HERE.to_owned() on_press=move |_| go.search_in(id) />
            <IconButton
                icon=Icon::Calendar
                label=words_chat::TO_DATE.to_owned()
                on_press=move |_| desk.overlay.set(Overlay::Date)
            />
            <IconButton
                icon=Icon::Info
                label=words::SHOW_DETAILS.to_owned()
                expanded=Signal::derive(move || details.get())
                on_press=move |_| go.to(if details.get_untracked() { Place::Conversation(id) } else { Place::Details(id) })
            />
        </header>
    }
}
