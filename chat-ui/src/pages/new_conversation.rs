//! `/chats/new`: one person makes a direct message, several (or a wish) a group.

use chancery_protocol::command::{CreateGroup, FindPeople, OpenDirect};
use chancery_protocol::frame::Answer;
use chancery_protocol::person::Person;
use chancery_protocol::{MAX_NAME_CHARS, MAX_TOPIC_CHARS};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Checkbox, Field};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::people as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::navigate::{Go, use_go};
use crate::routes::Place;
use crate::state::chat::{Chat, client_id};

mod picker;

use picker::{Found, Picker};

/// What is chosen and typed.
#[derive(Clone, Copy)]
struct Entry {
    chat: Chat,
    go: Go,
    chosen: RwSignal<Vec<Person>>,
    wants_group: RwSignal<bool>,
    name: RwSignal<String>,
    topic: RwSignal<String>,
    name_error: RwSignal<Option<String>>,
    topic_error: RwSignal<Option<String>>,
    refused: RwSignal<Option<ClientError>>,
    nobody: RwSignal<bool>,
    working: RwSignal<bool>,
}

impl Entry {
    fn is_group(self) -> bool {
        self.wants_group.get() || self.chosen.with(|chosen| chosen.len() > 1)
    }

    fn create(self) {
        if self.working.get_untracked() {
            return;
        }
        self.refused.set(None);
        let chosen = self.chosen.get_untracked();
        self.nobody.set(chosen.is_empty());
        let (Some(first), group) = (chosen.first(), untrack(|| self.is_group())) else {
            dom::focus("#people-search");
            return;
        };
        if !group {
            self.working.set(true);
            return self
                .chat
                .ask_then(OpenDirect { client_id: client_id(), person: first.id }, move |a| self.done(a));
        }
        if !self.check() {
            return;
        }
        let topic = self.topic.with_untracked(|topic| topic.trim().to_owned());
        let command = CreateGroup {
            kind: None,
            open: false,
            client_id: client_id(),
            name: self.name.with_untracked(|name| name.trim().to_owned()),
            topic: (!topic.is_empty()).then_some(topic),
            members: chosen.iter().map(|person| person.id).collect(),
        };
        self.working.set(true);
        self.chat.ask_then(command, move |answer| self.done(answer));
    }

    fn check(self) -> bool {
        let (empty, long) = self
            .name
            .with_untracked(|name| (name.trim().is_empty(), name.trim().chars().count() > MAX_NAME_CHARS));
        let topic_long = self.topic.with_untracked(|topic| topic.trim().chars().count() > MAX_TOPIC_CHARS);
        self.name_error.set(if empty {
            Some(words::NEED_NAME.to_owned())
        } else {
            long.then(|| words::too_long(MAX_NAME_CHARS))
        });
        self.topic_error.set(topic_long.then(|| words::too_long(MAX_TOPIC_CHARS)));
        if empty || long {
            dom::focus("#group-name");
        } else if topic_long {
            dom::focus("#group-topic");
        }
        !(empty || long || topic_long)
    }

    fn done(self, answer: Result<Answer, ClientError>) {
        let _ = self.working.try_set(false);
        match answer {
            Ok(Answer::Conversation { conversation, .. }) => {
                self.go.replace(Place::Conversation(conversation.id))
            }
            Ok(_) => {
                let _ = self.refused.try_set(Some(ClientError::Decode));
            }
            Err(error) => match error.code() {
                Some("name_empty" | "name_too_long") => {
                    let _ = self.name_error.try_set(Some(text::problem::of(&error)));
                    dom::focus("#group-name");
                }
                Some("topic_too_long") => {
                    let _ = self.topic_error.try_set(Some(text::problem::of(&error)));
                    dom::focus("#group-topic");
                }
                _ => {
                    let _ = self.refused.try_set(Some(error));
                }
            },
        }
    }
}

/// The page.
#[component]
pub fn NewConversationPage() -> impl IntoView {
    let empty = || RwSignal::new(String::new());
    let entry = Entry {
        chat: Chat::current(),
        go: use_go(),
        chosen: RwSignal::new(Vec::new()),
        wants_group: RwSignal::new(false),
        name: empty(),
        topic: empty(),
        name_error: RwSignal::new(None),
        topic_error: RwSignal::new(None),
        refused: RwSignal::new(None),
        nobody: RwSignal::new(false),
        working: RwSignal::new(false),
    };
    let group = memo(move || entry.is_group());
    let one = memo(move || entry.chosen.with(|chosen| chosen.len() == 1));
    effect(move || {
        if entry.chosen.with(|chosen| !chosen.is_empty()) {
            entry.nobody.set(false);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        entry.create();
    };
    let label =
        Signal::derive(move || if group.get() { words::CREATE_GROUP } else { words::OPEN_DIRECT }.to_owned());
    view! {
        <div class="settings">
            <header class="page-head">
                <a class="icon-button conversation-back" href=Place::Chats.path() aria-label=text::act::BACK title=text::act::BACK>
                    <Glyph icon=Icon::Back large=true />
                </a>
                <h1 class="page-title">{words::TITLE}</h1>
            </header>
            <form class="settings-body new-form" novalidate on:submit=on(submit)>
                <p class="card-lead">{words::INTRO}</p>
                <Picker chosen=entry.chosen nobody=entry.nobody found=Found::new(entry.chat) />
                <Show when=move || one.get()>
                    <Checkbox id="as-group" label=words::AS_GROUP.to_owned() checked=entry.wants_group />
                </Show>
                <Show when=move || group.get()>
                    <Field id="group-name" label=words::NAME value=entry.name error=entry.name_error />
                    <Field id="group-topic" label=words::TOPIC value=entry.topic optional=true
                        help=words::TOPIC_HELP error=entry.topic_error />
                </Show>
                {move || entry.refused.get().map(|error| {
                    let sentence = match error {
                        ClientError::Network => words::OFFLINE.to_owned(),
                        error => text::problem::of(&error),
                    };
                    view! { <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{sentence}</Notice> }
                })}
                <div class="new-acts">
                    <Button label kind=Kind::Primary submit=true working=entry.working />
                    <Button
                        label=text::act::CANCEL.to_owned()
                        kind=Kind::Quiet
                        on_press=move |()| entry.go.to(Place::Chats)
                    />
                </div>
            </form>
        </div>
    }
}

/// Asks for colleagues.
fn find(chat: Chat, text: String, then: impl FnOnce(Result<Vec<Person>, ClientError>) + 'static) {
    chat.ask_then(FindPeople { text, limit: 30 }, move |answer| {
        then(match answer {
            Ok(Answer::People { people }) => Ok(people),
            Ok(_) => Err(ClientError::Decode),
            Err(error) => Err(error),
        });
    });
}
