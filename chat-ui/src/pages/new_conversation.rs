//! `/chats/new`: one person makes a direct message, several (or a wish) a group; or an announcement. `/chats/join`: open groups.

use chancery_protocol::command::{CreateGroup, OpenDirect};
use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::frame::Answer;
use chancery_protocol::person::Person;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Checkbox;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, on, show};
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::text;
use chancery_ui_kit::text::groups;
use chancery_ui_kit::text::people as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::group_fields::{GroupEntry, GroupFields};
use crate::components::open_groups::OpenGroups;
use crate::components::page_head::PageHead;
use crate::components::picker::{Found, Picker};
use crate::components::rule_ask::RuleAsk;
use crate::navigate::{Go, use_go};
use crate::routes::Place;
use crate::state::chat::{Chat, client_id};

/// What is to be begun.
#[derive(Clone, Copy, PartialEq)]
enum What {
    Talk,
    Announcement,
    Join,
}

/// What is chosen and typed.
#[derive(Clone, Copy)]
struct Entry {
    chat: Chat,
    go: Go,
    what: RwSignal<What>,
    chosen: RwSignal<Vec<Person>>,
    wants_group: RwSignal<bool>,
    group: GroupEntry,
    /// The last group asked for: asked for again unchanged, it is the same one.
    asked: StoredValue<Option<CreateGroup>>,
    refused: RwSignal<Option<ClientError>>,
    nobody: RwSignal<bool>,
    working: RwSignal<bool>,
    rules: RuleAsk,
}

impl Entry {
    fn is_group(self) -> bool {
        self.what.get() == What::Announcement
            || self.wants_group.get()
            || self.chosen.with(|chosen| chosen.len() > 1)
    }

    fn create(self) {
        if self.working.get_untracked() {
            return;
        }
        self.refused.set(None);
        if untrack(|| self.is_group()) {
            return self.create_group();
        }
        let first = self.chosen.with_untracked(|chosen| chosen.first().map(|person| person.id));
        self.nobody.set(first.is_none());
        let Some(person) = first else {
            dom::focus("#people-search");
            return;
        };
        self.working.set(true);
        self.chat.ask_then(OpenDirect { client_id: client_id(), person }, move |answer| self.done(answer));
    }

    fn create_group(self) {
        if !self.group.check() {
            return;
        }
        let topic = self.group.topic();
        let kind =
            (self.what.get_untracked() == What::Announcement).then_some(ConversationKind::Announcement);
        let mut command = CreateGroup {
            client_id: client_id(),
            kind,
            open: self.group.open.get_untracked(),
            name: self.group.name(),
            topic: (!topic.is_empty()).then_some(topic),
            members: self.chosen.with_untracked(|chosen| chosen.iter().map(|person| person.id).collect()),
        };
        // The answer to the last attempt may have been lost with the line.
        if let Some(last) = self.asked.get_value()
            && last == (CreateGroup { client_id: last.client_id, ..command.clone() })
        {
            command.client_id = last.client_id;
        }
        self.asked.set_value(Some(command.clone()));
        self.rules.send(command, move |answer| self.done(answer));
    }

    fn done(self, answer: Result<Answer, ClientError>) {
        let _ = self.working.try_set(false);
        match answer {
            Ok(Answer::Conversation { conversation, .. }) => {
                self.go.replace(Place::Conversation(conversation.id));
            }
            Ok(_) => {
                let _ = self.refused.try_set(Some(ClientError::Decode));
            }
            Err(error) => {
                if !self.group.refused(&error) {
                    let _ = self.refused.try_set(Some(error));
                }
            }
        }
    }
}

/// The page.
#[component]
pub fn NewConversationPage(place: Memo<Place>) -> impl IntoView {
    let go = use_go();
    let (chat, working) = (Chat::current(), RwSignal::new(false));
    let entry = Entry {
        chat,
        go,
        what: RwSignal::new(What::Talk),
        chosen: RwSignal::new(Vec::new()),
        wants_group: RwSignal::new(false),
        group: GroupEntry::new(String::new(), String::new(), false),
        asked: StoredValue::new(None),
        refused: RwSignal::new(None),
        nobody: RwSignal::new(false),
        working,
        rules: RuleAsk::new(chat, working),
    };
    let what = memo(move || if place.get() == Place::Join { What::Join } else { entry.what.get() });
    let choose = move |what: What| {
        if what == What::Join {
            return go.replace(Place::Join);
        }
        entry.what.set(what);
        entry.refused.set(None);
        entry.nobody.set(false);
        go.replace(Place::NewConversation);
    };
    let choices = vec![
        Choice::new(What::Talk, groups::TALK),
        Choice::new(What::Announcement, groups::ANNOUNCEMENT),
        Choice::new(What::Join, groups::JOIN_ONE),
    ];
    view! {
        <div class="settings">
            <PageHead title=words::TITLE />
            <div class="settings-body new-form">
                <Segmented label=groups::WHAT choices value=what.into() on_choose=choose />
                <p class="card-lead">{move || match what.get() {
                    What::Talk => words::INTRO,
                    What::Announcement => groups::ANNOUNCEMENT_INTRO,
                    What::Join => groups::JOIN_INTRO,
                }}</p>
                {move || if what.get() == What::Join {
                    view! { <OpenGroups /> }.into_any()
                } else {
                    view! { <Form entry /> }.into_any()
                }}
            </div>
        </div>
    }
}

#[component]
fn Form(entry: Entry) -> impl IntoView {
    let group = memo(move || entry.is_group());
    let may_choose =
        memo(move || entry.what.get() == What::Talk && entry.chosen.with(|chosen| chosen.len() < 2));
    effect(move || {
        if group.get() || entry.chosen.with(|chosen| !chosen.is_empty()) {
            entry.nobody.set(false);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        entry.create();
    };
    let label = Signal::derive(move || {
        match (entry.what.get(), group.get()) {
            (What::Announcement, _) => groups::CREATE_ANNOUNCEMENT,
            (_, true) => words::CREATE_GROUP,
            _ => words::OPEN_DIRECT,
        }
        .to_owned()
    });
    view! {
        <form class="new-fields" novalidate hidden=move || entry.rules.is_open() on:submit=on(submit)>
            <Picker chosen=entry.chosen nobody=entry.nobody found=Found::new(entry.chat) />
            {show(move || may_choose.get(), move || view! { <Checkbox id="as-group" label=words::AS_GROUP.to_owned() checked=entry.wants_group /> }.into_any())}
            {show(move || group.get(), move || view! { <GroupFields entry=entry.group /> }.into_any())}
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
        {entry.rules.view(move || entry.go.to(Place::Chats))}
    }
}
