//! Choosing people: a search, its results, and chips for those chosen.

use std::time::Duration;

use chancery_protocol::command::FindPeople;
use chancery_protocol::frame::Answer;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Person;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text::people as words;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::components::name_badge::name_badge;
use crate::state::chat::Chat;

const WAIT: Duration = Duration::from_millis(200);

/// The search and what it found.
#[derive(Clone, Copy)]
pub struct Found {
    chat: Chat,
    text: RwSignal<String>,
    people: RwSignal<Loaded<Vec<Person>>>,
    asked: StoredValue<u32>,
    /// For which text `people` were found.
    answered: StoredValue<String>,
    /// Whether Enter was pressed before they were: then the first of them is chosen when they are.
    entered: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// People who are not offered.
    without: StoredValue<Vec<PersonId>>,
}

impl Found {
    /// A search for nothing yet: the first of the alphabet.
    pub fn new(chat: Chat) -> Self {
        Self::without(chat, Vec::new())
    }

    /// The same, without people who are there already.
    pub fn without(chat: Chat, without: Vec<PersonId>) -> Self {
        Self {
            without: StoredValue::new(without),
            chat,
            text: RwSignal::new(String::new()),
            people: RwSignal::new(Loaded::Loading),
            asked: StoredValue::new(0),
            answered: StoredValue::new(String::new()),
            entered: StoredValue::new(false),
            timer: StoredValue::new(None),
        }
    }

    fn ask(self) {
        let Some(number) = self.asked.try_update_value(|asked| {
            *asked = asked.wrapping_add(1);
            *asked
        }) else {
            return;
        };
        let text = self.text.with_untracked(|text| text.trim().to_owned());
        find(self.chat, text.clone(), move |result| {
            // An answer that was overtaken says nothing.
            if self.asked.try_get_value() == Some(number) {
                let fitting = result.map(|people| {
                    let new =
                        |person: &Person| self.without.with_value(|without| !without.contains(&person.id));
                    people.into_iter().filter(new).collect()
                });
                self.answered.set_value(text);
                let _ = self.people.try_set(Loaded::from(fitting));
            }
        });
    }

    /// The first of those found.
    fn first(self) -> Option<Person> {
        self.people.with_untracked(|people| people.ready().and_then(|people| people.first().cloned()))
    }

    /// Whether what was found is what is typed.
    fn is_answered(self) -> bool {
        let typed = self.text.with_untracked(|text| text.trim().to_owned());
        self.answered.with_value(|answered| *answered == typed)
    }

    fn ask_soon(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
        self.timer.set_value(set_timeout_with_handle(move || self.ask(), WAIT).ok());
    }
}

/// The search, the chips, the results.
#[component]
pub fn Picker(chosen: RwSignal<Vec<Person>>, nobody: RwSignal<bool>, found: Found) -> impl IntoView {
    let live = memo(move || found.chat.is_live());
    effect(move || {
        if live.get() {
            found.ask();
        }
    });
    let toggle = move |person: Person| {
        chosen.update(|chosen| match chosen.iter().position(|one| one.id == person.id) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(person),
        });
    };
    let choose_first = move || {
        if let Some(first) = found.first() {
            toggle(first);
            found.text.set(String::new());
            found.ask();
        }
    };
    effect(move || {
        found.people.track();
        if found.entered.get_value() && found.is_answered() {
            found.entered.set_value(false);
            choose_first();
        }
    });
    let keys = move |event: KeyboardEvent| {
        let empty = found.text.with_untracked(String::is_empty);
        match event.key().as_str() {
            "Backspace" if empty => chosen.update(|chosen| drop(chosen.pop())),
            "Enter" if !empty => {
                event.prevent_default();
                if found.is_answered() {
                    choose_first();
                } else {
                    found.entered.set_value(true);
                    found.ask();
                }
            }
            _ => {}
        }
    };
    let node = NodeRef::<leptos::html::Input>::new();
    effect(move || {
        if node.get().is_some() {
            // After a dialog around it was opened, which gives the focus to its first button.
            request_animation_frame(|| {
                dom::focus("#people-search");
            });
        }
    });
    let nobody_found = move |people: &Vec<Person>| {
        people.is_empty().then(|| {
            let body = words::none_body(&found.text.get_untracked());
            view! { <EmptyState icon=Icon::Search title=words::NONE_TITLE body /> }.into_any()
        })
    };
    let lines = move |people: Vec<Person>| {
        let line = move |person| view! { <FoundLine person chosen on_toggle=toggle /> };
        view! { <ul class="members" aria-label=words::RESULTS>{people.into_iter().map(line).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <div class="field">
            <div class="field-head"><label for="people-search">{words::SEARCH}</label></div>
            <div class="field-box picker-box" class:field-wrong=move || nobody.get()>
                <Glyph icon=Icon::Search />
                <Chosen chosen />
                <input
                    id="people-search"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    node_ref=node
                    aria-describedby="people-search-note"
                    aria-controls="people-found"
                    aria-invalid=move || nobody.get().then_some("true")
                    prop:value=move || found.text.get()
                    on:input=on(move |event| {
                        found.text.set(event_target_value(&event));
                        found.entered.set_value(false);
                        found.ask_soon();
                    })
                    on:keydown=on(keys)
                />
            </div>
            {move || if nobody.get() {
                view! {
                    <p class="field-note field-error" id="people-search-note" role="alert">
                        <Glyph icon=Icon::Warning />{words::NEED_PEOPLE}
                    </p>
                }.into_any()
            } else {
                view! { <p class="field-note" id="people-search-note">{words::SEARCH_HELP}</p> }.into_any()
            }}
            <div class="picker-found" id="people-found">
                <LoadedView
                    value=found.people.into()
                    failed_title=words::FAILED_TITLE
                    on_retry=move |()| {
                        found.people.set(Loaded::Loading);
                        found.ask();
                    }
                    skeleton=|| view! { <SkeletonRows rows=4 /> }.into_any()
                    empty=nobody_found
                    ready=lines
                />
            </div>
        </div>
    }
}

#[component]
fn Chosen(chosen: RwSignal<Vec<Person>>) -> impl IntoView {
    view! {
        <ul class="picker-chips" aria-label=words::CHOSEN>
            <For each=move || chosen.get() key=|person| person.id let:person>
                {
                    let id = person.id;
                    view! {
                        <li>
                            <button
                                type="button"
                                class="chip chip-chosen"
                                aria-label=words::remove(&person.name)
                                title=words::remove(&person.name)
                                on:click=on(move |_| chosen.update(|chosen| chosen.retain(|one| one.id != id)))
                            >
                                <bdi>{person.name.clone()}</bdi>
                                <Glyph icon=Icon::Close />
                            </button>
                        </li>
                    }
                }
            </For>
        </ul>
    }
}

#[component]
fn FoundLine<F>(person: Person, chosen: RwSignal<Vec<Person>>, on_toggle: F) -> impl IntoView
where
    F: Fn(Person) + 'static,
{
    let id = person.id;
    let name = person.name.clone();
    let shown = person.name.clone();
    let username = person.username.clone();
    let photo = person.photo.clone();
    let is_chosen = move || chosen.with(|chosen| chosen.iter().any(|one| one.id == id));
    view! {
        <li>
            <button
                type="button"
                class="member found"
                aria-pressed=move || is_chosen().to_string()
                on:click=on(move |_| on_toggle(person.clone()))
            >
                <Avatar person=id name=Signal::derive(move || name.clone()) photo size=Size::Small />
                <span class="member-name"><bdi>{shown}</bdi></span>
                {name_badge(move || Some(id))}
                <span class="member-tag">{username}</span>
                <span class="found-tick" aria-hidden="true"><Glyph icon=Icon::Tick /></span>
            </button>
        </li>
    }
}

/// Asks for colleagues.
fn find(chat: Chat, text: String, then: impl FnOnce(Result<Vec<Person>, ClientError>) + 'static) {
    chat.ask_then(FindPeople { text, limit: 50 }, move |answer| {
        then(match answer {
            Ok(Answer::People { people }) => Ok(people),
            Ok(_) => Err(ClientError::Decode),
            Err(error) => Err(error),
        });
    });
}
