//! Choosing a group, a person or a conversation for a scope.

use chancery_protocol::search::{ConversationRef, FindConversations};
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, on, part};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::compliance;
use chancery_ui_kit::text::rule_editor as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::scope::{Part, Which, add};
use crate::api::compliance as archive;
use crate::components::asking::asking;
use crate::components::person_finder::PersonFinder;
use crate::state::confirming::Confirming;
use crate::state::known::Known;
use crate::state::line::Line;
use crate::state::writing::Writing;

/// For what something is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    /// For the rule's scope or an exception.
    pub which: Which,
    /// For which part of it.
    pub part: Part,
}

/// Whether something is being chosen; provided by the form.
#[derive(Clone, Copy)]
pub struct Picking {
    /// For what.
    pub open: RwSignal<Option<Pick>>,
}

impl Picking {
    /// Makes it known to everything below.
    pub fn provide() {
        provide_context(Self { open: RwSignal::new(None) });
    }

    /// The form's.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the form provides it before anything in it is drawn")]
        use_context().expect("the form provides choosing")
    }
}

/// The dialog.
#[component]
pub fn PickDialog() -> impl IntoView {
    let (writing, picking) = (Writing::current(), Picking::current());
    let asked = Signal::derive(move || picking.open.with(Option::is_some));
    let open = asking(asked, Callback::new(move |()| picking.open.set(None)));
    let title = Memo::new(move |before: Option<&String>| {
        let title = picking.open.get().map(|pick| match pick.part {
            Part::SenderGroups | Part::RecipientGroups => words::ADD_GROUP,
            Part::Senders => words::ADD_PERSON,
            Part::Conversations => words::ADD_CONVERSATION,
        });
        title.map(str::to_owned).or(before.cloned()).unwrap_or_default()
    });
    let choose = move |id: String| {
        if let Some(pick) = picking.open.get_untracked() {
            add(writing, pick.which, pick.part, id);
        }
        picking.open.set(None);
    };
    view! {
        <Dialog open id="pick" title>
            {move || match picking.open.get().map(|pick| pick.part) {
                None => ().into_any(),
                Some(Part::SenderGroups | Part::RecipientGroups) => view! { <Groups on_choose=choose /> }.into_any(),
                Some(Part::Senders) => view! { <Person on_choose=choose /> }.into_any(),
                Some(Part::Conversations) => view! { <Conversation on_choose=choose /> }.into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn Groups(#[prop(into)] on_choose: Callback<String>) -> impl IntoView {
    let known = Known::current();
    let typed = RwSignal::new(String::new());
    effect(|| {
        chancery_ui_kit::dom::focus("#pick-group");
    });
    let lines = part(move || {
        let small = chancery_ui_kit::dom::small(&typed.get());
        let groups = known.groups.get();
        let fitting: Vec<_> = groups
            .into_iter()
            .filter(|group| chancery_ui_kit::dom::small(&group.name).contains(&small))
            .collect();
        if fitting.is_empty() {
            return view! { <p class="dialog-body">{words::NO_GROUP}</p> }.into_any();
        }
        let one = |group: chancery_protocol::groups::Group| {
            let id = group.id.to_string();
            view! {
                <li><button type="button" class="menu-item" on:click=on(move |_| on_choose.run(id.clone()))>
                    <Glyph icon=Icon::People /><bdi class="menu-label">{group.name}</bdi>
                </button></li>
            }
        };
        view! { <ul class="picker-lines">{fitting.into_iter().map(one).collect_view()}</ul> }.into_any()
    });
    view! {
        <div class="dialog-fields">
            <Field id="pick-group" label=words::GROUP_NAME value=typed autocomplete="off" />
            {lines}
        </div>
    }
}

#[component]
fn Person(#[prop(into)] on_choose: Callback<String>) -> impl IntoView {
    let known = Known::current();
    effect(|| {
        chancery_ui_kit::dom::focus("#pick-person");
    });
    let choose = move |person: chancery_protocol::person::Person| {
        known.learn(person.id.to_string(), person.name);
        on_choose.run(person.id.to_string());
    };
    view! {
        <div class="dialog-fields">
            <PersonFinder
                id="pick-person"
                label=compliance::FIND_PERSON
                nobody=compliance::NOBODY
                fits=|_| true
                error=RwSignal::new(None)
                on_choose=choose
            />
        </div>
    }
}

/// Conversations are looked up for a reason, which is on record.
#[component]
fn Conversation(#[prop(into)] on_choose: Callback<String>) -> impl IntoView {
    let (api, line, confirming, known) =
        (ApiClient::current(), Line::current(), Confirming::current(), Known::current());
    let (reason, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<String>);
    let found = RwSignal::new(None::<Loaded<Vec<ConversationRef>>>);
    effect(|| {
        chancery_ui_kit::dom::focus("#pick-reason");
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let reason = reason.with_untracked(|reason| reason.trim().to_owned());
        error.set(reason.is_empty().then(|| compliance::REASON_MISSING.to_owned()));
        if reason.is_empty() {
            chancery_ui_kit::dom::focus("#pick-reason");
            return;
        }
        let text = name.with_untracked(|name| name.trim().to_owned());
        found.set(Some(Loaded::Loading));
        spawn_local(async move {
            let asked = FindConversations { reason, text, people: Vec::new(), limit: None };
            let outcome = confirming.through(async || archive::conversations(api, &asked).await).await;
            line.heard(&outcome);
            let _ = found.try_set(Some(outcome.map(|found| found.conversations).into()));
        });
    };
    let one = move |place: ConversationRef| {
        let called = place.name.clone().unwrap_or_else(|| compliance::DIRECT.to_owned());
        let (id, learned) = (place.id.to_string(), called.clone());
        let press = move |_| {
            known.learn(id.clone(), learned.clone());
            on_choose.run(id.clone());
        };
        view! {
            <li><button type="button" class="menu-item" on:click=on(press)>
                <Glyph icon=Icon::Chat /><bdi class="menu-label">{called}</bdi><span class="quiet">{compliance::kind(place.kind)}</span>
            </button></li>
        }
    };
    let empty = |all: &Vec<ConversationRef>| {
        all.is_empty().then(|| view! { <p class="dialog-body">{compliance::NO_CONVERSATION}</p> }.into_any())
    };
    let ready = move |all: Vec<ConversationRef>| {
        view! { <ul class="picker-lines">{all.into_iter().map(one).collect_view()}</ul> }.into_any()
    };
    let shown = Signal::derive(move || found.get().unwrap_or_default());
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <Field id="pick-reason" label=compliance::REASON value=reason error=error help=compliance::LOOK_UP_NOTE.to_owned() />
            <Field id="pick-conversation" label=compliance::FIND_CONVERSATION value=name autocomplete="off" />
            <div class="dialog-acts"><Button label=compliance::LOOK_UP.to_owned() kind=Kind::Primary submit=true /></div>
            <Show when=move || found.with(Option::is_some)>
                <LoadedView
                    value=shown
                    failed_title=compliance::CONVERSATIONS_FAILED
                    on_retry=|()| ()
                    skeleton=|| view! { <SkeletonRows rows=3 /> }.into_any()
                    empty
                    ready
                />
            </Show>
        </form>
    }
}
