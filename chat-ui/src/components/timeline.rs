//! The rows of a timeline and what they share.

use chancery_protocol::Micros;
use chancery_protocol::conversation::{Change, ConversationKind, Event};
use chancery_protocol::ids::{ConversationId, PersonId, RecordId};
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use crate::components::message::MessageRow;
use crate::logic::receipt::{Receipt, receipts};
use crate::logic::span::{self, Span};
use crate::logic::timeline::{Item, Key, Row, Timeline};
use crate::state::chat::{Chat, Draft};

/// What the parts of an open conversation share.
#[derive(Clone, Copy)]
pub struct Here {
    /// Which conversation.
    pub id: ConversationId,
    /// Its rows, once loaded.
    pub timeline: Memo<Option<Timeline>>,
    /// Which of them stand on the page.
    pub span: Memo<Span>,
    /// The row the reader looks at; absent at the newest message.
    pub anchor: RwSignal<Option<Key>>,
    /// Rows kept on the page from the anchor downwards.
    pub below: RwSignal<usize>,
    /// The ordinal after which the divider before the unread stands.
    pub unread_after: RwSignal<Option<u64>>,
    /// What is to be brought into view.
    pub goal: RwSignal<Option<Goal>>,
    /// The message that was jumped to.
    pub marked: RwSignal<Option<RecordId>>,
    /// The message that the next one answers.
    pub replying: RwSignal<Option<RecordId>>,
    /// The message being edited in the composer.
    pub editing: RwSignal<Option<RecordId>>,
    /// What is to be put into the composer next: a text that was not delivered.
    pub refill: RwSignal<Option<Draft>>,
    /// Whether the reader may write here.
    pub may_post: Memo<bool>,
    /// Receipts and the ordinals of the own messages they stand under.
    pub receipts: Memo<Vec<(u64, Receipt)>>,
    /// The message whose readers are shown.
    pub readers: RwSignal<Option<RecordId>>,
    /// The message of which it is shown who acknowledged it.
    pub acknowledgers: RwSignal<Option<RecordId>>,
}

/// What can be brought into view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// The newest message.
    Newest,
    /// A message.
    Message(RecordId),
    /// The first message that is not older.
    At(Micros),
    /// The message of this ordinal.
    Ordinal(u64),
}

impl Here {
    /// What is shared by the parts of this conversation.
    pub fn provide(id: ConversationId) -> Self {
        let chat = Chat::current();
        let unread_after = unread_after(chat, id);
        let timeline = memo(move || {
            let unread_after = unread_after.get();
            chat.state.with(|state| {
                let known = state.conversations.get(&id)?;
                let log = known.log.as_ref()?;
                let me = state.me.as_ref().map(|me| me.id);
                let day = |at| LocalTime::of(at).day_number();
                Some(chat.outbox.with(|outbox| {
                    chat.acts.with(|acts| {
                        let pending = outbox.shown(id, Some(log));
                        Timeline::of(log, pending, &known.attempts, me, unread_after, acts, day)
                    })
                }))
            })
        });
        let anchor = RwSignal::new(None);
        let below = RwSignal::new(span::below(1_000));
        let span = Memo::new(move |before: Option<&Span>| {
            let all = timeline.with(|timeline| timeline.as_ref().map(|t| t.keys.clone()).unwrap_or_default());
            Span::of(all, before, anchor.get(), below.get())
        });
        let may_post = memo(move || {
            chat.state.with(|state| {
                state.conversations.get(&id).is_none_or(|known| known.info.role.may_post(known.info.kind))
            })
        });
        let receipts = memo(move || {
            let Some(me) = chat.me() else { return Vec::new() };
            timeline.with(|timeline| {
                let items = timeline.iter().flat_map(|t| t.keys.iter().filter_map(|key| t.item(*key)));
                let own: Vec<(u64, u64)> = items
                    .filter(|item| item.author == me && item.id.is_some())
                    .map(|item| (item.ordinal, item.seq))
                    .collect();
                receipts(own.into_iter(), &chat.others(id))
            })
        });
        let here = Self {
            may_post,
            receipts,
            readers: RwSignal::new(None),
            acknowledgers: RwSignal::new(None),
            id,
            timeline,
            span,
            anchor,
            below,
            unread_after,
            goal: RwSignal::new(None),
            marked: RwSignal::new(None),
            replying: RwSignal::new(None),
            editing: RwSignal::new(None),
            refill: RwSignal::new(None),
        };
        provide_context(here);
        here
    }

    /// The conversation this part belongs to.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the conversation's page provides it")]
        use_context().expect("a conversation is open")
    }

    /// Puts a text that was not delivered into the composer: an answer to `reply_to`, or another text for `message`.
    pub fn refill(self, draft: Draft, reply_to: Option<RecordId>, message: Option<RecordId>) {
        self.editing.set(message);
        self.replying.set(reply_to);
        self.refill.set(Some(draft));
    }

    /// Leaves the field in which a message is edited.
    pub fn leave_edit(self, message: Option<RecordId>) {
        if message.is_some() && self.editing.get_untracked() == message {
            self.editing.set(None);
        }
    }

    /// A message of this conversation.
    pub fn message(self, id: RecordId) -> Option<Item> {
        self.timeline.with_untracked(|timeline| {
            let timeline = timeline.as_ref()?;
            timeline.item(*timeline.keys.get(timeline.place_of(id)?)?).cloned()
        })
    }
}

/// The ordinal after which the "New" divider stands: what was unread when the conversation was opened, or when the first
/// message came while nobody looked. It stays until the conversation is left or the window is hidden with all read.
fn unread_after(chat: Chat, id: ConversationId) -> RwSignal<Option<u64>> {
    let standing = memo(move || {
        chat.state.with(|state| {
            state.conversations.get(&id).map(|known| (known.info.last_ordinal, known.info.read))
        })
    });
    let behind = |(last, read): (u64, u64)| (last > read).then_some(read);
    let divider = RwSignal::new(standing.get_untracked().and_then(behind));
    effect(move || {
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
    let keys = memo(move || here.span.with(|span| span.shown().to_vec()));
    view! {
        <For each=move || keys.get() key=|key| *key let:key>
            {one(here, key)}
        </For>
    }
}

fn one(here: Here, key: Key) -> AnyView {
    let row = move || here.timeline.with_untracked(|timeline| timeline.as_ref()?.rows.get(&key).cloned());
    match (key, row()) {
        (Key::Day(_), Some(Row::Day(at))) => view! { <DayDivider at row=key.name() /> }.into_any(),
        (Key::New, _) => view! {
            <div class="divider divider-new" role="separator" aria-label=words::NEW_DIVIDER data-row="new">
                <span>{words::NEW_DIVIDER}</span>
            </div>
        }
        .into_any(),
        (Key::Note(_), Some(Row::Note(event))) => view! { <Note event /> }.into_any(),
        (Key::Message(_) | Key::Own(_), _) => view! { <MessageRow key_=key /> }.into_any(),
        // Every row has an element, so that the elements can be counted.
        _ => view! { <div data-row="gone"></div> }.into_any(),
    }
}

#[component]
fn DayDivider(at: i64, row: String) -> impl IntoView {
    let chat = Chat::current();
    let today = memo(move || LocalTime::of(chat.clock.get()).day_number());
    let words = move || {
        today.track();
        LocalTime::of(at).divider(LocalTime::of(time::now()))
    };
    view! {
        <div class="divider" role="separator" aria-label=words data-row=row>
            <span>{words}</span>
        </div>
    }
}

/// What happened to the conversation itself.
#[component]
fn Note(event: Event) -> impl IntoView {
    let chat = Chat::current();
    let at = LocalTime::of(event.at);
    let seq = event.seq;
    let machine = time::machine(event.at);
    let said = memo(move || note(&event, |id| chat.person(id).map(|p| p.name).unwrap_or_default()));
    view! {
        <p class="beginning" data-row=format!("note-{seq}")>
            <bdi>{move || said.get()}</bdi> ", " <time datetime=machine title=at.full()>{at.clock()}</time>
        </p>
    }
}

fn note(event: &Event, name: impl Fn(PersonId) -> String) -> String {
    let actor = event.actor.map(&name).unwrap_or_default();
    match &event.change {
        Change::Created { kind: ConversationKind::Direct, .. } => words::created_direct().to_owned(),
        Change::Created { .. } => words::created(&actor),
        Change::Described { name, topic, open } => {
            words::described(&actor, name.as_deref(), topic.as_deref(), *open)
        }
        Change::Joined { members } => match members.as_slice() {
            [own] if Some(own.person) == event.actor => words::joined(&actor),
            others => {
                let names: Vec<String> = others.iter().map(|member| name(member.person)).collect();
                words::added(&actor, &names)
            }
        },
        Change::Left { person } if Some(*person) == event.actor => words::left(&actor),
        Change::Left { person } => words::removed(&actor, &name(*person)),
        Change::RoleSet { member } => words::role_set(&actor, &name(member.person), member.role),
        _ => String::new(),
    }
}
