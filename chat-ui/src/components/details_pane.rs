//! The details of a conversation: what it is, what holds for its messages, who is in it. A page of its own on a phone.

use chancery_protocol::command::Members;
use chancery_protocol::conversation::{Member, MemberRole};
use chancery_protocol::ids::ConversationId;
use chancery_protocol::person::Presence;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::button::IconButton;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::people as words;
use leptos::prelude::*;

use crate::components::conversation_row::RowFace;
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;

/// The pane at the right; a page of its own on a phone.
#[component]
pub fn DetailsPane(id: ConversationId) -> impl IntoView {
    let chat = Chat::current();
    let go = use_go();
    // The list may have grown since it was last asked for.
    chat.ask(Members { conversation: id });
    let members = memo(move || {
        chat.state.with(|state| state.conversations.get(&id).and_then(|known| known.members.clone()))
    });
    let info =
        memo(move || chat.state.with(|state| state.conversations.get(&id).map(|known| known.info.clone())));
    let name = Signal::derive(move || info.get().map(|info| chat.title_of(&info)).unwrap_or_default());
    let person = Signal::derive(move || info.get().and_then(|info| info.with));
    let presence = memo(move || chat.presence_of(person.get()?));
    let topic = move || info.get().and_then(|info| info.topic);
    let title = NodeRef::<leptos::html::H2>::new();
    effect(move || {
        if let Some(title) = title.get() {
            let _ = title.focus();
        }
    });
    let close = move || {
        go.to(Place::Conversation(id));
        dom::focus(".conversation-head .icon-button[aria-expanded]");
    };
    view! {
        <aside
            class="details"
            aria-label=words::DETAILS
            on:keydown=on(move |event: web_sys::KeyboardEvent| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    close();
                }
            })
        >
            <header class="details-head">
                <h2 class="details-title" tabindex="-1" node_ref=title>{words::DETAILS}</h2>
                <IconButton icon=Icon::Close label=text::act::CLOSE.to_owned() on_press=move |_| close() />
            </header>
            <div class="details-about">
                <RowFace person title=name presence />
                <p class="details-name"><bdi>{move || name.get()}</bdi></p>
                {move || topic().map(|topic| view! { <p class="details-topic"><bdi>{topic}</bdi></p> })}
                {move || person.get().map(|person| view! {
                    <a class="details-link" href=Place::Person(person).path()>{words::ABOUT}</a>
                })}
            </div>
            <h3 class="details-part">
                {words::MEMBERS}
                " "
                <span class="details-count">{move || members.get().map(|members| members.len())}</span>
            </h3>
            {move || match members.get() {
                None => view! { <SkeletonRows rows=4 /> }.into_any(),
                Some(members) => {
                    view! { <ul class="members">{members.into_iter().map(|member| view! { <MemberLine member /> }).collect_view()}</ul> }
                        .into_any()
                }
            }}
        </aside>
    }
}

#[component]
fn MemberLine(member: Member) -> impl IntoView {
    let chat = Chat::current();
    let id = member.person;
    let name = memo(move || chat.person(id).map(|person| person.name).unwrap_or_default());
    let presence = memo(move || chat.presence_of(id));
    let tag = move || {
        if chat.me() == Some(id) {
            Some(words::YOU)
        } else if member.role == MemberRole::Owner {
            Some(words::OWNER)
        } else {
            presence
                .get()
                .filter(|presence| !matches!(presence, Presence::Available | Presence::Offline))
                .map(text::presence::of)
        }
    };
    view! {
        <li>
        <a class="member" href=Place::Person(id).path()>
            <Avatar person=id name=Signal::derive(move || name.get()) size=Size::Small presence=Signal::derive(move || presence.get()) />
            <span class="member-name">
                <bdi>{move || name.get()}</bdi>
                {move || presence.get().map(|presence| view! {
                    <span class="sr-only">", "{text::presence::of(presence).to_ascii_lowercase()}</span>
                })}
            </span>
            <span class="member-tag">{tag}</span>
        </a>
        </li>
    }
}
