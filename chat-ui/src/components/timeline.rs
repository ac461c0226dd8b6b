//! The rows of a timeline and what they share.

use chancery_protocol::conversation::{Change, ConversationKind, Event};
use chancery_protocol::ids::{ConversationId, RecordId};
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use crate::components::message::MessageRow;
use crate::logic::timeline::{Item, Key, Row, Timeline};
use crate::state::chat::Chat;

/// What the parts of an open conversation share.
#[derive(Clone, Copy)]
pub struct Here {
    /// Which conversation.
    pub id: ConversationId,
    /// Its rows, once loaded.
    pub timeline: Memo<Option<Timeline>>,
    /// The message being edited in the composer.
    pub editing: RwSignal<Option<RecordId>>,
    /// Raised to bring the newest message into view.
    pub to_newest: RwSignal<u32>,
}

impl Here {
    /// What is shared by the parts of this conversation.
    pub fn provide(id: ConversationId) -> Self {
        let chat = Chat::current();
        let unread_after = unread_after(chat, id);
        let timeline = Memo::new(move |_| {
            let unread_after = unread_after.get();
            chat.state.with(|state| {
                let log = state.conversations.get(&id)?.log.as_ref()?;
                let me = state.me.as_ref().map(|me| me.id);
                let day = |at| LocalTime::of(at).day_number();
                Some(
                    chat.outbox
                        .with(|outbox| Timeline::of(log, outbox.shown(id, Some(log)), me, unread_after, day)),
                )
            })
        });
        let here = Self { id, timeline, editing: RwSignal::new(None), to_newest: RwSignal::new(0) };
        provide_context(here);
        here
    }

    /// The conversation this part belongs to.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the conversation's page provides it")]
        use_context().expect("a conversation is open")
    }

    /// A message of this conversation.
    pub fn message(self, id: RecordId) -> Option<Item> {
        self.timeline.with_untracked(|timeline| {
            timeline.as_ref()?.rows.values().find_map(|row| match row {
                Row::Message(item) if item.id == Some(id) => Some(item.clone()),
                _ => None,
            })
        })
    }
}

/// The ordinal after which the "New" divider stands: what was unread when the conversation was opened, or when the first
/// message came while nobody looked. It stays until the conversation is left or the window is hidden with all read.
fn unread_after(chat: Chat, id: ConversationId) -> RwSignal<Option<u64>> {
    let standing = Memo::new(move |_| {
        chat.state.with(|state| {
            state.conversations.get(&id).map(|known| (known.info.last_ordinal, known.info.read))
        })
    });
    let behind = |(last, read): (u64, u64)| (last > read).then_some(read);
    let divider = RwSignal::new(standing.get_untracked().and_then(behind));
    Effect::new(move |_| {
        let visible = chat.visible.get();
        let Some(standing) = standing.get() else { return };
        if visible {
            return;
        }
        match (divider.get_untracked(), behind(standing)) {
            (None, Some(read)) => divider.set(Some(read)),
            (Some(_), None) => divider.set(None),
            _ => {}
        }
    });
    divider
}

/// All rows.
#[component]
pub fn Rows() -> impl IntoView {
    let here = Here::current();
    let keys = Memo::new(move |_| {
        here.timeline.with(|timeline| timeline.as_ref().map(|t| t.keys.clone()).unwrap_or_default())
    });
    view! {
        <For each=move || keys.get() key=|key| *key let:key>
            {one(here, key)}
        </For>
    }
}

fn one(here: Here, key: Key) -> AnyView {
    let row = move || here.timeline.with_untracked(|timeline| timeline.as_ref()?.rows.get(&key).cloned());
    match (key, row()) {
        (Key::Day(_), Some(Row::Day(at))) => view! { <DayDivider at /> }.into_any(),
        (Key::New, _) => view! {
            <div class="divider divider-new" role="separator" aria-label=words::NEW_DIVIDER data-row="new">
                <span>{words::NEW_DIVIDER}</span>
            </div>
        }
        .into_any(),
        (Key::Note(_), Some(Row::Note(event))) => view! { <Beginning event /> }.into_any(),
        (Key::Message(_) | Key::Own(_), _) => view! { <MessageRow key_=key /> }.into_any(),
        _ => ().into_any(),
    }
}

#[component]
fn DayDivider(at: i64) -> impl IntoView {
    let chat = Chat::current();
    let today = Memo::new(move |_| LocalTime::of(chat.clock.get()).day_number());
    let words = move || {
        today.track();
        LocalTime::of(at).divider(LocalTime::of(time::now()))
    };
    view! {
        <div class="divider" role="separator" aria-label=words data-row=format!("day-{at}")>
            <span>{words}</span>
        </div>
    }
}

#[component]
fn Beginning(event: Event) -> impl IntoView {
    let chat = Chat::current();
    let actor = event.actor;
    let name = Memo::new(move |_| {
        actor.and_then(|actor| chat.person(actor)).map(|person| person.name).unwrap_or_default()
    });
    let group = matches!(event.change, Change::Created { kind: ConversationKind::Group, .. });
    let at = LocalTime::of(event.at);
    view! {
        <p class="beginning" data-row=format!("note-{}", event.seq)>
            {move || if group { words::created(&name.get()) } else { words::created_direct().to_owned() }}
            ", "
            <time datetime=time::machine(event.at) title=at.full()>{at.clock()}</time>
        </p>
    }
}
