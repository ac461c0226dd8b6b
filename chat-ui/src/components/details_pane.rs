//! The details of a conversation: what it is, who is in it, and what can be done with it. A page of its own on a phone.

use chancery_protocol::conversation::{Conversation, ConversationKind, MemberRole};
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_ui_kit::button::{Button, IconButton, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, memo, on, part, show};
use chancery_ui_kit::text;
use chancery_ui_kit::text::groups;
use chancery_ui_kit::text::people as words;
use leptos::prelude::*;

use crate::components::conversation_row::{RowFace, icon_of};
use crate::components::name_badge::{guest_line, name_badge};
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;

mod add;
mod confirm;
mod edit;
mod heard;
mod members;

use add::AddDialog;
use confirm::ConfirmDialog;
use edit::EditDialog;
use heard::Heard;
use members::MemberPart;

/// What is being asked or filled in over the pane.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    /// Name, topic, openness.
    Edit,
    /// Whom to add.
    Add,
    /// Leave?
    Leave,
    /// Take somebody out?
    TakeOut(PersonId),
    /// Be no owner any longer?
    StepDown,
}

/// What the parts of the pane share.
#[derive(Clone, Copy)]
struct Pane {
    chat: Chat,
    id: ConversationId,
    info: Memo<Option<Conversation>>,
    asked: RwSignal<Option<Asked>>,
}

impl Pane {
    fn name(self) -> String {
        self.info.get().map(|info| self.chat.title_of(&info)).unwrap_or_default()
    }

    fn kind(self) -> ConversationKind {
        self.info.with(|info| info.as_ref().map_or(ConversationKind::Direct, |info| info.kind))
    }

    fn is_owner(self) -> bool {
        self.kind() != ConversationKind::Direct
            && !self.chat.is_guest()
            && self.info.with(|info| info.as_ref().is_some_and(|info| info.role == MemberRole::Owner))
    }

    /// A switch that is on while this is asked; off puts it away.
    fn asks(self, is: impl Fn(Asked) -> bool + Copy + Send + Sync + 'static) -> RwSignal<bool> {
        let open = RwSignal::new(false);
        effect(move || open.set(self.asked.get().is_some_and(is)));
        effect(move || {
            if !open.get() && self.asked.get_untracked().is_some_and(is) {
                self.asked.set(None);
            }
        });
        open
    }
}

/// The pane at the right; a page of its own on a phone.
#[component]
pub fn DetailsPane(id: ConversationId) -> impl IntoView {
    let chat = Chat::current();
    let go = use_go();
    let info =
        memo(move || chat.state.with(|state| state.conversations.get(&id).map(|known| known.info.clone())));
    let pane = Pane { chat, id, info, asked: RwSignal::new(None) };
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
    let group = memo(move || pane.kind() != ConversationKind::Direct);
    view! {
        <aside
            class="details"
            aria-label=words::DETAILS
            on:keydown=on(move |event: web_sys::KeyboardEvent| {
                // A dialog over the pane answers Esc by itself.
                if event.key() == "Escape" && dom::find("dialog[open]").is_none() {
                    event.stop_propagation();
                    close();
                }
            })
        >
            <header class="details-head">
                <h2 class="details-title" tabindex="-1" node_ref=title>{words::DETAILS}</h2>
                <IconButton icon=Icon::Close label=text::act::CLOSE.to_owned() on_press=move |_| close() />
            </header>
            <About pane />
            <MemberPart pane />
            <Heard pane />
            {show(move || group.get(), move || view! { <div class="details-acts">
                    <button type="button" class="details-act details-danger" on:click=on(move |_| pane.asked.set(Some(Asked::Leave)))>
                        <Glyph icon=Icon::SignOut />
                        {groups::LEAVE}
                    </button>
                </div>
                <EditDialog pane />
                <AddDialog pane />
                <ConfirmDialog pane /> }.into_any())}
        </aside>
    }
}

/// What it is.
#[component]
fn About(pane: Pane) -> impl IntoView {
    let Pane { chat, info, .. } = pane;
    let name = Signal::derive(move || pane.name());
    let person = Signal::derive(move || info.get().and_then(|info| info.with));
    let icon = Signal::derive(move || info.get().map_or(Icon::People, |info| icon_of(info.kind, info.open)));
    let presence = memo(move || chat.presence_of(person.get()?));
    let topic = move || info.get().and_then(|info| info.topic);
    let kind = move || info.get().map(|info| groups::kind(info.kind, info.open));
    let owner = memo(move || pane.is_owner());
    view! {
        <div class="details-about">
            <RowFace person icon title=name presence />
            <p class="details-name"><bdi>{move || name.get()}</bdi></p>
            {name_badge(move || person.get())}
            {part(move || match person.get().and_then(|id| guest_line(chat, id)) {
                Some(line) => view! { <p class="details-kind"><bdi>{line}</bdi></p> }.into_any(),
                None => ().into_any(),
            })}
            {move || topic().map(|topic| view! { <p class="details-topic"><bdi>{topic}</bdi></p> })}
            <p class="details-kind">{kind}</p>
            {move || person.get().map(|person| view! {
                <a class="details-link" href=Place::Person(person).path()>{words::ABOUT}</a>
            })}
            {show(move || owner.get(), move || view! { <Button
                    label=groups::EDIT.to_owned()
                    kind=Kind::Secondary
                    icon=Icon::Pencil
                    on_press=move |()| pane.asked.set(Some(Asked::Edit))
                /> }.into_any())}
        </div>
    }
}
