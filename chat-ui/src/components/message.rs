//! A message: head, text, marks, reactions, and what is to be said about it in the margin.

use chancery_protocol::conversation::{Content, Message};
use chancery_protocol::ids::{ConversationId, PersonId, RecordId};
use chancery_ui_kit::avatar::Avatar;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::marked::{Marked, labels, pieces};
use chancery_ui_kit::message_text::message_text;
use chancery_ui_kit::reactive::{effect, memo, on, part, show};
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::text::people::YOU;
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::components::acknowledge::Acknowledge;
use crate::components::message_menu::{Act, Deed, May, MessageMenu};
use crate::components::name_badge::{name_badge, spoken_name};
use crate::components::reactions::{ReactionChips, chips};
use crate::components::receipt::ReceiptLine;
use crate::components::rule_notes;
use crate::components::timeline::{Goal, Here};
use crate::logic::reason::hits;
use crate::logic::timeline::{Item, Key, Row, Stage};
use crate::state::chat::{Chat, Quoted, made_at, quoted_as};
use crate::state::desk::Desk;
use crate::state::prefs::Prefs;

/// The state as tests and styles see it.
fn state_of(item: &Item) -> &'static str {
    match (&item.stage, &item.content) {
        (Stage::Sending | Stage::Waiting, _) => "pending",
        (Stage::Failed(_), _) => "failed",
        (Stage::Held, _) => "held",
        (Stage::Sent, _) if matches!(item.change, Some((_, Stage::Failed(_)))) => "failed",
        (Stage::Sent, _) if item.change.is_some() => "changing",
        (Stage::Sent, Content::Deleted) => "deleted",
        (Stage::Sent, Content::Damaged { .. }) => "damaged",
        (Stage::Sent, _) => "sent",
    }
}

/// The row.
#[component]
pub fn MessageRow(key_: Key) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let item = memo(move || {
        here.timeline.with(|timeline| match timeline.as_ref()?.rows.get(&key_)? {
            Row::Message(item) => Some(item.as_ref().clone()),
            _ => None,
        })
    });
    let Some(first) = item.get_untracked() else {
        return view! { <div data-row="gone"></div> }.into_any();
    };
    let author = first.author;
    let at = memo(move || item.get().map_or(first.at, |item| item.at));
    let name = memo(move || chat.person(author).map(|person| person.name).unwrap_or_default());
    let own = memo(move || chat.me() == Some(author));
    let head = memo(move || item.get().is_some_and(|item| item.head));
    let state = memo(move || item.get().as_ref().map_or("sent", state_of));
    let may = move || May::of(chat, here, own);
    let choosing = RwSignal::new(false);
    let prefs = Prefs::current();
    let deed = Deed { chat, here, toasts: Toasts::current(), desk: Desk::current(), item };
    let keys = move |event: KeyboardEvent| {
        let own_target = event.target() == event.current_target();
        if !own_target
            || event.ctrl_key()
            || event.alt_key()
            || event.meta_key()
            || state.get_untracked() != "sent"
        {
            return;
        }
        if !prefs.one_key.get_untracked() {
            return;
        }
        match (event.key().as_str(), Act::of_key(&event.key(), untrack(may))) {
            ("r" | "R", _) => choosing.set(true),
            (_, Some(act)) => deed.perform(act),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let clock = move || LocalTime::of(at.get()).clock();
    let urgent = memo(move || item.get().is_some_and(|item| item.urgent));
    let label = move || {
        let said = words::article(&spoken_name(chat, author, name.get()), &clock());
        if urgent.get() { words::urgent(&said) } else { said }
    };
    let stamp = move || {
        view! {
            <time class="message-time" datetime=time::machine(at.get()) title=LocalTime::of(at.get()).full()>{clock()}</time>
        }
    };
    view! {
        <article
            class="message"
            class:message-head=move || head.get()
            class:message-marked=move || item.with(|item| item.as_ref().is_some_and(|item| item.id.is_some() && item.id == here.marked.get()))
            class:message-editing=move || item.get().is_some_and(|item| item.id.is_some() && item.id == here.editing.get())
            tabindex="-1"
            aria-label=label
            data-row=key_.name()
            data-message-id=move || item.get().and_then(|item| item.id).map(|id| id.to_string())
            data-state=move || state.get()
            on:keydown=on(keys)
        >
            <div class="message-side">
                {move || if head.get() {
                    view! { <Avatar person=author name=Signal::derive(move || name.get()) photo=chat.photo(author) /> }.into_any()
                } else {
                    stamp().into_any()
                }}
            </div>
            <div class="message-main">
                {show(move || head.get(), move || view! { <p class="message-who">
                        <span class="message-author"><bdi>{move || name.get()}</bdi></span>
                        {name_badge(move || Some(author))}
                        {stamp}
                        {show(move || urgent.get(), move || view! { <Badge label=words::URGENT tone=Tone::Warn icon=Icon::Urgent /> }.into_any())}
                        {show(move || own.get(), move || view! { <span class="message-tag">{YOU}</span> }.into_any())}
                    </p> }.into_any())}
                <Quote item />
                <Body item name author />
                <Acknowledge item />
                <Reactions item />
                <Progress item />
                <Kept item />
                <ReceiptLine item />
            </div>
            {show(move || matches!(state.get(), "sent"), move || view! { <MessageMenu item own choosing /> }.into_any())}
        </article>
    }
    .into_any()
}

/// The message that this one answers; a press leads there. One that is not loaded is fetched.
#[component]
fn Quote(item: Memo<Option<Item>>) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let quoted =
        memo(move || item.with(|item| item.as_ref().and_then(|item| Some((item.reply_to?, item.seq)))));
    effect(move || {
        let Some((id, seq)) = quoted.get().filter(|(_, seq)| *seq > 0) else { return };
        let missing = chat.quoted.with(|all| quoted_as(all, id).is_none()) && loaded(here.id, id).is_none();
        if missing && chat.is_live() {
            chat.want_quoted(here.id, id, seq);
        }
    });
    let id = memo(move || quoted.get().map(|(id, _)| id));
    move || {
        let id = id.get()?;
        let shown = memo(move || said(here.id, id));
        Some(view! {
            <button
                type="button"
                class="message-quote"
                title=move || words::go_to_quoted(&shown.get().0)
                on:click=on(move |_| here.goal.set(Some(Goal::Message(id))))
            >
                <Glyph icon=Icon::Reply />
                <span class="quote-author"><bdi>{move || shown.get().0}</bdi></span>
                <span class="quote-text"><bdi>{move || labels(&shown.get().1)}</bdi></span>
            </button>
        })
    }
}

/// A message of the open log.
fn loaded(conversation: ConversationId, id: RecordId) -> Option<Message> {
    let chat = Chat::current();
    chat.state.with(|state| state.conversations.get(&conversation)?.log.as_ref()?.message(id).cloned())
}

/// Who wrote a message, and its text in one line. Of a message that is not here yet only the time is known.
pub fn said(conversation: ConversationId, id: RecordId) -> (String, String) {
    let chat = Chat::current();
    let known = loaded(conversation, id).or_else(|| {
        chat.quoted.with(|all| match quoted_as(all, id) {
            Some(Quoted::There(message)) => Some(Message::clone(message)),
            _ => None,
        })
    });
    let Some(message) = known else {
        let gone = chat.quoted.with(|all| quoted_as(all, id) == Some(&Quoted::Gone));
        let text = if gone { words::QUOTE_GONE.to_owned() } else { String::new() };
        return (words::earlier(&LocalTime::of(made_at(id)).full()), text);
    };
    let name = chat.person(message.author).map(|person| person.name).unwrap_or_default();
    let text = match &message.content {
        Content::Text { text, .. } => chancery_protocol::text::preview(text),
        Content::Deleted => words::PREVIEW_DELETED.to_owned(),
        Content::Damaged { .. } | Content::Superseded => words::PREVIEW_DAMAGED.to_owned(),
    };
    (name, text)
}

/// The text, or what stands in its place.
#[component]
fn Body(item: Memo<Option<Item>>, name: Memo<String>, author: PersonId) -> impl IntoView {
    let chat = Chat::current();
    let content = memo(move || item.get().map(|item| item.content));
    let people = memo(move || {
        content.with(|content| match content {
            Some(Content::Text { mentions, .. }) => {
                mentions.iter().filter_map(|id| chat.person(*id)).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        })
    });
    let caught = memo(move || item.with(|item| item.as_ref().is_some_and(|item| !item.notices().is_empty())));
    let marks = move || {
        let kept = caught.get();
        item.with_untracked(|item| item.as_ref().filter(|_| kept).map(|item| hits(item.notices())))
            .unwrap_or_default()
    };
    let edited = memo(move || item.get().and_then(|item| item.edited_at));
    move || {
        match content.get() {
        Some(Content::Text { text, .. }) => view! {
            <div class="message-text">
                {part(move || match marks() {
                    marks if marks.is_empty() => people.with(|people| message_text(&text, people)),
                    marks => view! { <p dir="auto"><Marked pieces=pieces(&text, &marks) hit=true /></p> }.into_any(),
                })}
                {move || edited.get().map(|at| {
                    let local = LocalTime::of(at);
                    view! {
                        " "
                        <span class="message-edited" title=local.full()>
                            {words::edited(&local.brief(LocalTime::of(time::now())))}
                        </span>
                    }
                })}
            </div>
        }
        .into_any(),
        Some(Content::Deleted) => view! { <Deleted item name author /> }.into_any(),
        Some(Content::Damaged { position }) => view! {
            <div class="margin-note" role="note">
                <p class="note-title"><Glyph icon=Icon::Warning />{words::PREVIEW_DAMAGED}</p>
                <p>{words::damaged(position)}</p>
            </div>
        }
        .into_any(),
        Some(Content::Superseded) => view! { <p class="message-gone">{words::MISSING}</p> }.into_any(),
        None => ().into_any(),
    }
    }
}

#[component]
fn Deleted(item: Memo<Option<Item>>, name: Memo<String>, author: PersonId) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let id = memo(move || item.get().and_then(|item| item.id));
    let can_undo = memo(move || {
        chat.me() == Some(author)
            && id.get().is_some_and(|id| {
                chat.undo.with(|undo| undo.get(&id).is_some_and(|until| *until > chat.clock.get()))
            })
    });
    let undo = move |_| {
        if let Some(id) = id.get_untracked() {
            chat.restore(here.id, id);
        }
    };
    view! {
        <p class="message-gone">
            <Glyph icon=Icon::Trash />
            <span>
                {move || words::deleted(&name.get())}
                {show(move || can_undo.get(), move || view! { " "
                    <button type="button" class="link-button" on:click=on(undo)>{words::UNDO}</button> }.into_any())}
            </span>
        </p>
    }
}

#[component]
fn Reactions(item: Memo<Option<Item>>) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let shown = memo(move || match item.get() {
        Some(item) if matches!(item.content, Content::Text { .. }) => {
            chat.state.with(|state| chips(&item.reactions, &item.reacting, state))
        }
        _ => Vec::new(),
    });
    let toggle = move |(reaction, on): (String, bool)| {
        if let Some(id) = item.get_untracked().and_then(|item| item.id) {
            chat.react(here.id, id, reaction, on);
        }
    };
    view! { <ReactionChips chips=shown on_toggle=toggle /> }
}

/// What rules keep back, and what they took out.
#[component]
fn Kept(item: Memo<Option<Item>>) -> impl IntoView {
    let chat = Chat::current();
    part(move || {
        let Some((id, held)) = item.with(|item| item.as_ref().map(|item| (item.id, item.held.clone())))
        else {
            return ().into_any();
        };
        match held {
            Some(attempt) => rule_notes::held(attempt),
            None => chat.redacted.with(|all| match all.iter().find(|(one, _)| Some(*one) == id) {
                Some((id, notices)) => rule_notes::redacted(*id, notices),
                None => ().into_any(),
            }),
        }
    })
}

/// What there is to say while a message, or a change of it, is not on the record.
#[component]
fn Progress(item: Memo<Option<Item>>) -> impl IntoView {
    let chat = Chat::current();
    let live = memo(move || chat.is_live());
    // A change is on its way only for a message that is on the record.
    let stage = memo(move || {
        let item = item.get()?;
        let changes = item.change.is_some();
        let (id, stage) = item.change.map_or((item.client_id, item.stage), |(id, stage)| (Some(id), stage));
        Some((changes, id, stage))
    });
    move || {
        let (changes, id, stage) = stage.get()?;
        let discard = move |_| match id {
            Some(id) if changes => chat.discard_act(id),
            Some(id) => chat.discard(id),
            None => {}
        };
        let retry = move |_| match id {
            Some(id) if changes => chat.retry_act(id),
            Some(id) => chat.retry(id),
            None => {}
        };
        match stage {
            Stage::Sent | Stage::Held => None,
            Stage::Failed(problem) if !problem.notices.is_empty() => {
                let (change, content) = item.with_untracked(|item| {
                    item.as_ref().map(|item| (item.id.filter(|_| changes), item.content.clone()))
                })?;
                let text = match content {
                    Content::Text { text, .. } => text,
                    _ => String::new(),
                };
                Some(rule_notes::blocked(id?, change, text, &problem.notices))
            }
            Stage::Waiting if !live.get() => Some(
                view! {
                    <p class="message-receipt">
                        <Glyph icon=Icon::Clock />
                        {words::WAITING}
                        <button type="button" class="link-button" on:click=on(discard)>{words::DISCARD}</button>
                    </p>
                }
                .into_any(),
            ),
            Stage::Sending | Stage::Waiting => Some(
                view! { <p class="message-receipt"><Glyph icon=Icon::Clock />{words::SENDING}</p> }.into_any(),
            ),
            Stage::Failed(problem) => Some(
                view! {
                    <div class="margin-note" role="alert">
                        <p class="note-title">
                            <Glyph icon=Icon::Barred />{if changes { words::NOT_SAVED } else { words::NOT_SENT }}
                        </p>
                        <p>{text::problem::of_problem(&problem)}</p>
                        <p class="note-acts">
                            <button type="button" class="link-button" on:click=on(retry)>{words::TRY_AGAIN}</button>
                            <button type="button" class="link-button" on:click=on(discard)>{words::DISCARD}</button>
                        </p>
                    </div>
                }
                .into_any(),
            ),
        }
    }
}
