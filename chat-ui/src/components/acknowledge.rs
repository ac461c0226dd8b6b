//! Urgent messages: the button with which one says that one has read it, and for its author who has and who has not.

use chancery_protocol::conversation::Content;
use chancery_protocol::ids::{PersonId, RecordId};
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, memo, on, part};
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use crate::components::timeline::Here;
use crate::logic::acknowledged::Standing;
use crate::logic::timeline::{Item, Stage};
use crate::state::chat::Chat;

/// What stands under an urgent message.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    /// To be pressed; whether it was, and is on its way.
    Button { id: RecordId, working: bool },
    /// When the reader pressed it.
    Done { at: String },
    /// For the author.
    Bar { id: RecordId, standing: Standing },
}

/// Nothing while the message is not on the record, or shows no text.
fn shown(chat: Chat, here: Here, item: &Item) -> Option<Shown> {
    let id = item.id.filter(|_| item.urgent && item.stage == Stage::Sent)?;
    if !matches!(item.content, Content::Text { .. }) {
        return None;
    }
    let me = chat.me()?;
    if item.author == me {
        let standing = standing(chat, here, item);
        return (standing.all() > 0).then_some(Shown::Bar { id, standing });
    }
    Some(match item.acknowledged.iter().find(|one| one.person == me) {
        Some(own) => Shown::Done { at: LocalTime::of(own.at).brief(LocalTime::of(time::now())) },
        None => Shown::Button { id, working: item.acknowledging },
    })
}

fn standing(chat: Chat, here: Here, item: &Item) -> Standing {
    Standing::of(&item.acknowledged, chat.asked_to_acknowledge(here.id, item.seq).into_iter())
}

/// The line under an urgent message.
#[component]
pub fn Acknowledge(item: Memo<Option<Item>>) -> impl IntoView {
    let (chat, here) = (Chat::current(), Here::current());
    let now = memo(move || shown(chat, here, &item.get()?));
    part(move || {
        match now.get() {
        None => ().into_any(),
        Some(Shown::Button { id, working }) => {
            let press = move |()| {
                // The button goes away when this is on record; whoever reads with the keys stays at the message.
                dom::focus(&format!("[data-message-id=\"{id}\"]"));
                chat.acknowledge(here.id, id);
            };
            let label = words::ACKNOWLEDGE.to_owned();
            view! { <div class="acknowledge"><Button label kind=Kind::Primary icon=Icon::Tick working=Signal::stored(working) on_press=press /></div> }
                .into_any()
        }
        Some(Shown::Done { at }) => view! {
            <p class="message-receipt acknowledged"><Glyph icon=Icon::TickCircle />{words::acknowledged_at(&at)}</p>
        }
        .into_any(),
        Some(Shown::Bar { id, standing }) => bar(here, id, &standing),
    }
    })
}

fn bar(here: Here, id: RecordId, standing: &Standing) -> AnyView {
    let (done, all) = (standing.done.len(), standing.all());
    let said = words::acknowledged_by(done, all);
    let names = if standing.missing.is_empty() { words::WHO_HAS } else { words::WHO_HAS_NOT };
    view! {
        <div class="acknowledge-bar progress">
            <p class="progress-head"><span>{said.clone()}</span><span class="progress-figures">{words::percent(standing.percent())}</span></p>
            <progress aria-label=said max=all.to_string() value=done.to_string()></progress>
            <p class="acknowledge-acts small-buttons">
                <button type="button" class="button button-secondary" on:click=on(move |_| here.acknowledgers.set(Some(id)))>
                    <Glyph icon=Icon::People />
                    {names}
                </button>
            </p>
        </div>
    }
    .into_any()
}

/// Who has acknowledged a message of one's own and when, and who has not.
#[component]
pub fn AcknowledgersDialog() -> impl IntoView {
    let (chat, here) = (Chat::current(), Here::current());
    let open = RwSignal::new(false);
    effect(move || open.set(here.acknowledgers.get().is_some()));
    effect(move || {
        if !open.get() && here.acknowledgers.get_untracked().is_some() {
            here.acknowledgers.set(None);
        }
    });
    let standing = memo(move || {
        let id = here.acknowledgers.get()?;
        here.timeline.with(|timeline| {
            let timeline = timeline.as_ref()?;
            let item = timeline.item(*timeline.keys.get(timeline.place_of(id)?)?)?;
            Some(standing(chat, here, item))
        })
    });
    let title = Signal::derive(move || {
        standing.with(|standing| {
            standing
                .as_ref()
                .map_or_else(String::new, |one| words::acknowledged_by(one.done.len(), one.all()))
        })
    });
    view! {
        <Dialog open id="acknowledgers" title>
            {part(move || {
                let Standing { done, missing } = standing.get().unwrap_or_default();
                let missing = missing.into_iter().map(|person| (person, None)).collect();
                let done = done.into_iter().map(|one| (one.person, Some(one.at))).collect();
                view! {
                    {people(words::NOT_YET_ACKNOWLEDGED, missing)}
                    {people(words::ACKNOWLEDGED, done)}
                }
                .into_any()
            })}
        </Dialog>
    }
}

/// Some of them under their head, each with the time where there is one.
fn people(head: &'static str, people: Vec<(PersonId, Option<i64>)>) -> Option<AnyView> {
    let count = people.len();
    (count > 0).then(|| {
        view! {
            <h3 class="readers-head">{head}" "<span class="details-count">{count}</span></h3>
            <ul class="members">{people.into_iter().map(|(id, at)| one(id, at)).collect_view()}</ul>
        }
        .into_any()
    })
}

fn one(id: PersonId, at: Option<i64>) -> AnyView {
    let chat = Chat::current();
    let name = memo(move || chat.person(id).map(|person| person.name).unwrap_or_default());
    let stamp = at.map(|at| {
        let local = LocalTime::of(at);
        let brief = local.brief(LocalTime::of(time::now()));
        view! { <time class="message-time" datetime=time::machine(at) title=local.full()>{brief}</time> }
    });
    view! {
        <li class="member">
            <Avatar person=id name=Signal::derive(move || name.get()) photo=chat.photo(id) size=Size::Small />
            <span class="member-name"><bdi>{move || name.get()}</bdi></span>
            {stamp}
        </li>
    }
    .into_any()
}
