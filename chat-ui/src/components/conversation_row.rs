//! One line of the list: avatar, name, time, preview, unread.

use chancery_protocol::conversation::{Content, Conversation, ConversationKind};
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::person::Presence;
use chancery_protocol::preferences::Notify;
use chancery_protocol::state::{ClientState, unread};
use chancery_protocol::text::{plain, preview as one_line};
use chancery_ui_kit::avatar::Avatar;
use chancery_ui_kit::badge::{Count, capped};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::marked::labels;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use crate::components::name_badge::{name_badge, outside_badge};
use crate::components::receipt::{FarGlyph, far_words};
use crate::logic::receipt::{Far, Other, receipt};
use crate::routes::Place;
use crate::state::chat::Chat;

/// What the line says.
#[derive(Clone, PartialEq)]
struct Shown {
    title: String,
    person: Option<PersonId>,
    outside: bool,
    icon: Icon,
    at: i64,
    unread: u64,
    mentions: u64,
    notify: Notify,
    far: Option<Far>,
    draft: bool,
    preview: String,
}

fn preview(state: &ClientState, info: &Conversation) -> (bool, String) {
    if !info.draft.trim().is_empty() {
        return (true, plain(&info.draft));
    }
    let Some(message) = &info.last_message else { return (false, words::NO_MESSAGES.to_owned()) };
    let said = match &message.content {
        Content::Text { text, .. } => one_line(text),
        Content::Deleted => return (false, words::PREVIEW_DELETED.to_owned()),
        Content::Damaged { .. } => return (false, words::PREVIEW_DAMAGED.to_owned()),
        Content::Superseded => String::new(),
    };
    let own = state.me.as_ref().is_some_and(|me| me.id == message.author);
    let line = match (own, info.kind) {
        (true, _) => words::preview_you(&said),
        (false, ConversationKind::Direct) => said,
        (false, ConversationKind::Group | ConversationKind::Announcement) => {
            match state.people.get(&message.author) {
                Some(author) => words::preview_by(&author.name, &said),
                None => said,
            }
        }
    };
    (false, line)
}

/// The line.
#[component]
pub fn ConversationRow(id: ConversationId, open: Memo<Option<ConversationId>>) -> impl IntoView {
    let chat = Chat::current();
    let shown = memo(move || {
        let (info, draft, preview) = chat.state.with(|state| {
            let info = state.conversations.get(&id)?.info.clone();
            let (draft, preview) = preview(state, &info);
            Some((info, draft, preview))
        })?;
        // The draft of the open conversation stands in the composer.
        let here = open.get() == Some(id);
        let (draft, preview) = if draft && here {
            let bare = Conversation { draft: String::new(), ..info.clone() };
            chat.state.with(|state| self::preview(state, &bare))
        } else {
            (draft, preview)
        };
        Some(Shown {
            title: chat.title_of(&info),
            person: info.with,
            // In a direct talk the other one has a badge.
            outside: info.with.is_none() && chat.is_outside(&info),
            icon: icon_of(info.kind, info.open),
            at: info.last_at,
            unread: unread(&info),
            mentions: chat.mentions_in(&info),
            notify: chat.arrangement(id).notify,
            far: chat.state.with(|state| far(state, &info)).filter(|_| !draft),
            draft,
            preview,
        })
    });
    let presence = memo(move || shown.get().and_then(|shown| chat.presence_of(shown.person?)));
    let title = Signal::derive(move || shown.get().map(|shown| shown.title).unwrap_or_default());
    let today = memo(move || LocalTime::of(chat.clock.get()).day_number());
    let when = move || {
        let at = LocalTime::of(shown.get()?.at);
        today.track();
        Some(at.brief(LocalTime::of(time::now())))
    };
    view! {
        <div role="listitem" class="row-item">
            <a
                class="row"
                class:row-unread=move || shown.get().is_some_and(|shown| counts(&shown))
                class:row-muted=move || shown.get().is_some_and(|shown| !counts(&shown))
                href=Place::Conversation(id).path()
                aria-current=move || (open.get() == Some(id)).then_some("page")
                data-conversation-id=id.to_string()
            >
                <RowFace
                    person=Signal::derive(move || shown.get().and_then(|shown| shown.person))
                    icon=Signal::derive(move || shown.get().map_or(Icon::People, |shown| shown.icon))
                    title
                    presence
                />
                <span class="row-text">
                    <span class="row-line">
                        <span class="row-title" title=move || title.get()><bdi>{move || title.get()}</bdi></span>
                        {name_badge(move || shown.get().and_then(|shown| shown.person))}
                        {outside_badge(move || shown.get().is_some_and(|shown| shown.outside))}
                        {move || presence.get().map(|presence| view! {
                            <span class="sr-only">", "{text::presence::of(presence).to_ascii_lowercase()}</span>
                        })}
                        <time class="row-time" datetime=move || shown.get().map(|shown| time::machine(shown.at))>{when}</time>
                    </span>
                    <span class="row-line">
                        <span class="row-preview">
                            {move || shown.get().is_some_and(|shown| shown.draft).then(|| view! {
                                <span class="row-draft">{words::DRAFT}" "</span>
                            })}
                            <bdi>{move || shown.get().map(|shown| labels(&shown.preview))}</bdi>
                        </span>
                        {move || shown.get().map(|shown| view! { <Numbers shown /> })}
                    </span>
                </span>
            </a>
        </div>
    }
}

/// How far the last message of a direct talk has got, when it is one's own.
fn far(state: &ClientState, info: &Conversation) -> Option<Far> {
    let (last, other) = (info.last_message.as_ref()?, info.other?);
    let own = state.me.as_ref().is_some_and(|me| me.id == last.author);
    let others = [Other { person: other.person, received: other.received, read: other.read, since: 0 }];
    (own && matches!(last.content, Content::Text { .. }))
        .then(|| receipt(last.ordinal, last.seq, &others).far())
}

/// Whether what is unread stands out.
fn counts(shown: &Shown) -> bool {
    match shown.notify {
        Notify::All => shown.unread > 0,
        Notify::Mentions => shown.mentions > 0,
        Notify::Nothing => false,
    }
}

/// Mentions, unread messages, and whether it is muted.
#[component]
fn Numbers(shown: Shown) -> impl IntoView {
    let Shown { unread, mentions, notify, far, .. } = shown;
    let muted = (notify == Notify::Nothing).then(|| {
        view! {
            <Glyph icon=Icon::BellOff />
            <span class="sr-only">", "{words::MUTED}</span>
        }
    });
    let only = (notify == Notify::Mentions)
        .then(|| view! { <span class="sr-only">", "{words::MENTIONS_ONLY}</span> });
    let mentions = (mentions > 0).then(|| {
        view! {
            <span class="count count-mention">
                <span aria-hidden="true">"@"{(mentions > 1).then(|| capped(mentions))}</span>
                <span class="sr-only">{words::mentions(mentions)}" "</span>
            </span>
        }
    });
    view! {
        {far.map(|far| view! { <FarGlyph far /><span class="sr-only">", "{far_words(far)}</span> })}
        {muted}
        {only}
        {mentions}
        {(unread > 0).then(|| view! { <Count count=unread spoken=words::unread(unread) /> })}
    }
}

/// Somebody of an own list with whom there is no conversation yet.
#[component]
pub fn PersonRow(id: PersonId) -> impl IntoView {
    let chat = Chat::current();
    let known = memo(move || chat.person(id));
    let name = Signal::derive(move || known.get().map(|person| person.name).unwrap_or_default());
    let presence = memo(move || chat.presence_of(id));
    view! {
        <div role="listitem" class="row-item">
            <a class="row" href=Place::Person(id).path()>
                <Avatar person=id name photo=chat.photo(id) presence=Signal::derive(move || presence.get()) />
                <span class="row-text">
                    <span class="row-line">
                        <span class="row-title"><bdi>{move || name.get()}</bdi></span>
                        {name_badge(move || Some(id))}
                        {move || presence.get().map(|presence| view! {
                            <span class="sr-only">", "{text::presence::of(presence).to_ascii_lowercase()}</span>
                        })}
                    </span>
                    <span class="row-line">
                        <span class="row-preview">
                            <bdi>{move || known.get().and_then(|person| person.status).unwrap_or_else(|| words::NO_MESSAGES.to_owned())}</bdi>
                        </span>
                    </span>
                </span>
            </a>
        </div>
    }
}

/// The drawing of a conversation that has no face.
pub fn icon_of(kind: ConversationKind, open: bool) -> Icon {
    match (kind, open) {
        (ConversationKind::Announcement, _) => Icon::Bell,
        (_, true) => Icon::Hash,
        _ => Icon::People,
    }
}

/// The avatar of the other person, or the square of a group.
#[component]
pub fn RowFace(
    #[prop(into)] person: Signal<Option<PersonId>>,
    #[prop(into)] icon: Signal<Icon>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] presence: Signal<Option<Presence>>,
) -> impl IntoView {
    let chat = Chat::current();
    let face = memo(move || (person.get(), icon.get()));
    move || match face.get() {
        (Some(person), _) => {
            view! { <Avatar person name=title photo=chat.photo(person) presence=presence /> }.into_any()
        }
        (None, icon) => view! {
            <span class="avatar avatar-36 avatar-group" aria-hidden="true"><Glyph icon large=true /></span>
        }
        .into_any(),
    }
}
