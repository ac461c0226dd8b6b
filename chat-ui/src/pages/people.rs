//! `/people` and `/people/:person`: colleagues by name, how reachable they are, and a way to talk to them.

use std::time::Duration;

use chancery_protocol::command::{FindPeople, People};
use chancery_protocol::frame::Answer;
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::person::Person;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::choice::SwitchLine;
use chancery_ui_kit::filter::SearchField;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, memo, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::people as words;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::components::name_badge::{guest_line, name_badge};
use crate::components::palette::{Deeds, Whom};
use crate::logic::arrange::Change;
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;
use crate::state::desk::{Desk, Overlay};

const WAIT: Duration = Duration::from_millis(150);

/// The page: the list at the left, a person at the right; on a phone one of them.
#[component]
pub fn PeoplePage(place: Memo<Place>, open: Memo<Option<ConversationId>>) -> impl IntoView {
    let person = memo(move || match place.get() {
        Place::Person(id) => Some(id),
        _ => None,
    });
    let (deeds, chat) = (Deeds::new(open), Chat::current());
    view! {
        <div class="people" class:people-alone=move || chat.is_guest() class:people-one=move || person.get().is_some()>
            <h1 class="sr-only">{words::DIRECTORY}</h1>
            {show(move || !chat.is_guest(), move || view! { <Directory person /> }.into_any())}
            <section class="people-person" aria-label=words::ABOUT>
                {move || match person.get() {
                    Some(id) => view! { <Card id deeds /> }.into_any(),
                    None => view! {
                        <div class="whole-page">
                            <EmptyState icon=Icon::Person title=words::PICK_TITLE body=words::PICK_BODY />
                        </div>
                    }
                    .into_any(),
                }}
            </section>
        </div>
    }
}

/// Those found; answers that were overtaken say nothing.
fn search(
    chat: Chat,
    found: RwSignal<Loaded<Vec<PersonId>>>,
    text: String,
    current: impl Fn() -> bool + 'static,
) {
    chat.ask_then(FindPeople { text, limit: 50 }, move |answer| {
        if current() {
            let ids = answer.and_then(|answer| match answer {
                Answer::People { people } => Ok(people.iter().map(|person| person.id).collect()),
                _ => Err(ClientError::Decode),
            });
            let _ = found.try_set(ids.into());
        }
    });
}

#[component]
fn Directory(person: Memo<Option<PersonId>>) -> impl IntoView {
    let chat = Chat::current();
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(Loaded::<Vec<PersonId>>::Loading);
    let asked = StoredValue::new(0_u32);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let ask = move || {
        // The page may have been left while the timer ran.
        let Some(text) = typed.try_with_untracked(|typed| typed.trim().to_owned()) else { return };
        let number = asked.get_value().wrapping_add(1);
        asked.set_value(number);
        search(chat, found, text, move || asked.try_get_value() == Some(number));
    };
    let live = memo(move || chat.is_live());
    effect(move || {
        if live.get() {
            ask();
        }
    });
    // Presence of those shown, in place of those in the list of conversations.
    effect(move || {
        let mut people = found.with(|found| found.ready().cloned().unwrap_or_default());
        people.extend(person.get());
        chat.look_at.set(people);
    });
    on_cleanup(move || chat.look_at.set(Vec::new()));
    let nobody = move |people: &Vec<PersonId>| {
        people.is_empty().then(|| {
            let body = words::none_body(&typed.get_untracked());
            view! { <EmptyState icon=Icon::Search title=words::NONE_TITLE body /> }.into_any()
        })
    };
    let lines = move |people: Vec<PersonId>| {
        let line = move |id| view! { <PersonLine id person /> };
        view! { <ul class="people-lines" aria-label=words::DIRECTORY_LIST>{people.into_iter().map(line).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <div class="people-list">
            <header class="page-head">
                // The head of the page for everybody; on a phone this list may be hidden.
                <p class="page-title" aria-hidden="true">{words::DIRECTORY}</p>
            </header>
            <SearchField
                id="people-filter"
                label=words::DIRECTORY_SEARCH
                hint=words::SEARCH_HELP
                value=typed
                on_change=move |text| {
                    typed.set(text);
                    if let Some(Some(timer)) = timer.try_update_value(Option::take) {
                        timer.clear();
                    }
                    timer.set_value(set_timeout_with_handle(ask, WAIT).ok());
                }
            />
            <div class="people-scroll">
                <LoadedView
                    value=found.into()
                    failed_title=words::FAILED_TITLE
                    on_retry=move |()| {
                        found.set(Loaded::Loading);
                        ask();
                    }
                    skeleton=|| view! { <div class="list-skeleton"><SkeletonRows rows=8 /></div> }.into_any()
                    empty=nobody
                    ready=lines
                />
            </div>
        </div>
    }
}

#[component]
fn PersonLine(id: PersonId, person: Memo<Option<PersonId>>) -> impl IntoView {
    let chat = Chat::current();
    let known = memo(move || chat.person(id));
    let name = Signal::derive(move || known.get().map(|person| person.name).unwrap_or_default());
    let presence = memo(move || chat.presence_of(id));
    let second = move || {
        let known = known.get()?;
        Some(known.status.unwrap_or(known.username))
    };
    view! {
        <li class="row-item">
            <a class="row" href=Place::Person(id).path() aria-current=move || (person.get() == Some(id)).then_some("page")>
                <Avatar person=id name photo=chat.photo(id) presence=Signal::derive(move || presence.get()) />
                <span class="row-text">
                    <span class="row-line">
                        <span class="row-title"><bdi>{move || name.get()}</bdi></span>
                        {name_badge(move || Some(id))}
                        {move || presence.get().map(|presence| view! {
                            <span class="sr-only">", "{text::presence::of(presence).to_ascii_lowercase()}</span>
                        })}
                        {move || chat.is_me(id).then(|| view! { <span class="member-tag">{words::YOU}</span> })}
                    </span>
                    <span class="row-line"><span class="row-preview"><bdi>{second}</bdi></span></span>
                </span>
            </a>
        </li>
    }
}

/// In which of one's own lists a person is.
#[component]
fn Lists(id: PersonId) -> impl IntoView {
    let chat = Chat::current();
    let desk = Desk::current();
    let names = memo(move || {
        chat.arranged.with(|all| all.lists.iter().map(|list| list.name.clone()).collect::<Vec<_>>())
    });
    let one = move |(at, name): (usize, String)| {
        let (this, changed) = (name.clone(), name.clone());
        let inside = memo(move || {
            chat.arranged
                .with(|all| all.lists.iter().any(|list| list.name == this && list.people.contains(&id)))
        });
        let press = move |()| chat.arrange(Change::Member(changed.clone(), id, !inside.get_untracked()));
        view! { <li><SwitchLine id=format!("list-{at}") label=name checked=inside on_press=Callback::new(press) /></li> }
    };
    view! {
        <section class="person-lists" aria-labelledby="lists-title">
            <h3 id="lists-title">{words::LISTS}</h3>
            <p class="state-hint">{words::LISTS_BODY}</p>
            <ul>{move || names.get().into_iter().enumerate().map(one).collect_view()}</ul>
            <Button
                label=words::NEW_LIST.to_owned()
                kind=Kind::Secondary
                icon=Icon::Plus
                on_press=move |()| desk.overlay.set(Overlay::List(None))
            />
        </section>
    }
}

/// A person.
#[component]
fn Card(id: PersonId, deeds: Deeds) -> impl IntoView {
    let chat = Chat::current();
    let go = use_go();
    let asked = RwSignal::new(false);
    let live = memo(move || chat.is_live());
    effect(move || {
        if live.get() {
            chat.ask_then(People { ids: vec![id] }, move |_| {
                let _ = asked.try_set(true);
            });
        }
    });
    let known = memo(move || chat.person(id));
    let presence = memo(move || chat.presence_of(id));
    // Guests go on with talks that others began.
    let whom = move || match chat.is_guest() {
        false => Some(Whom::Person(id)),
        true => chat.state.with(|state| {
            let with = state.conversations.values().find(|known| known.info.with == Some(id));
            with.map(|known| Whom::Conversation(known.info.id))
        }),
    };
    let title = NodeRef::<leptos::html::H2>::new();
    effect(move || {
        if let Some(title) = title.get() {
            let _ = title.focus();
        }
    });
    let card = move |person: Person| {
        let name = person.name.clone();
        let label = if chat.is_me(id) { words::WRITE_TO_SELF } else { words::MESSAGE };
        view! {
            <div class="person-card">
                <a class="icon-button conversation-back" href=Place::People.path() aria-label=text::act::BACK title=text::act::BACK>
                    <Glyph icon=Icon::Back large=true />
                </a>
                <Avatar person=id name=Signal::derive(move || name.clone()) photo=chat.photo(id) size=Size::Large presence=Signal::derive(move || presence.get()) />
                <h2 class="person-name" tabindex="-1" node_ref=title><bdi>{person.name.clone()}</bdi></h2>
                <p class="person-line">
                    {move || presence.get().map(text::presence::of)}
                </p>
                {name_badge(move || Some(id))}
                <p class="person-line"><bdi>{move || guest_line(chat, id)}</bdi></p>
                {person.suspended.then(|| view! { <Badge label=words::SUSPENDED_TAG tone=Tone::Bad /> })}
                {whom().map(|whom| view! {
                    <Button
                        label=label.to_owned()
                        kind=Kind::Primary
                        icon=Icon::Chat
                        on_press=move |()| deeds.with(whom, move |conversation| go.to(Place::Conversation(conversation)))
                    />
                })}
                <dl class="person-facts">
                    {fact(words::ROLE, person.title.clone())}
                    {fact(words::DEPARTMENT, person.department.clone())}
                    <div><dt>{words::USERNAME}</dt><dd>{person.username.clone()}</dd></div>
                    {fact(words::STATUS, person.status.clone())}
                </dl>
                {(!chat.is_guest() && !chat.is_me(id)).then(|| view! { <Lists id /> })}
            </div>
        }
    };
    move || match (known.get(), asked.get()) {
        (Some(person), _) => card(person).into_any(),
        (None, false) => view! { <div class="person-card"><SkeletonRows rows=3 /></div> }.into_any(),
        (None, true) => view! {
            <div class="whole-page">
                <EmptyState icon=Icon::Lock title=words::NOBODY_TITLE body=words::NOBODY_BODY />
            </div>
        }
        .into_any(),
    }
}

/// A line of what is known of somebody.
fn fact(label: &'static str, said: Option<String>) -> impl IntoView {
    said.map(|said| view! { <div><dt>{label}</dt><dd><bdi>{said}</bdi></dd></div> })
}
