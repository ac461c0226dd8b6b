//! Adding people and conversations to the filters: a field and what it finds.

use chancery_protocol::accounts::AccountQuery;
use chancery_protocol::person::Person;
use chancery_protocol::search::ConversationRef;
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::compliance as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::people;
use crate::state::finding::Finding;

/// Most people offered at a time.
const OFFERED: u32 = 20;

/// The button, and what it opens.
#[component]
pub fn AddPerson() -> impl IntoView {
    let finding = Finding::current();
    let open = RwSignal::new(false);
    let found = RwSignal::new(None::<Loaded<Vec<Person>>>);
    let api = ApiClient::current();
    let ask = move |text: String| {
        found.set(Some(Loaded::Loading));
        spawn_local(async move {
            let query = AccountQuery { text, limit: OFFERED, ..AccountQuery::default() };
            let outcome = people::list(api, &query).await;
            let people =
                outcome.map(|page| page.accounts.into_iter().map(|account| account.person).collect());
            let _ = found.try_set(Some(people.into()));
        });
    };
    let choose = move |person: Person| {
        finding.people.update(|people| {
            if people.iter().all(|one| one.id != person.id) {
                people.push(person);
            }
        });
        open.set(false);
    };
    let line = move |person: Person| {
        let Person { id, name, username, photo, .. } = person.clone();
        let press = move |_| choose(person.clone());
        view! {
            <li><button type="button" class="menu-item" on:click=on(press)>
                <Avatar person=id name=name.clone() photo size=Size::Small /><bdi class="menu-label">{name}</bdi><span class="quiet">{username}</span>
            </button></li>
        }
    };
    view! {
        <Opener label=words::ADD_PERSON icon=Icon::Person open />
        <Dialog open id="add-person" title=words::ADD_PERSON.to_owned()>
            <Asking id="person-name" label=words::FIND_PERSON note="" on_ask=ask />
            {move || found.get().map(|value| view! {
                <Lines value nobody=words::NOBODY line=Box::new(move |person: Person| line(person).into_any()) />
            })}
        </Dialog>
    }
}

/// The button, and what it opens.
#[component]
pub fn AddConversation() -> impl IntoView {
    let finding = Finding::current();
    let open = RwSignal::new(false);
    let found = RwSignal::new(None::<Loaded<Vec<ConversationRef>>>);
    let ask = move |text: String| {
        found.set(Some(Loaded::Loading));
        finding.look_up(text, move |outcome| {
            let _ = found.try_set(Some(outcome.into()));
        });
    };
    let choose = move |place: ConversationRef| {
        finding.conversations.update(|places| {
            if places.iter().all(|one| one.id != place.id) {
                places.push(place);
            }
        });
        open.set(false);
    };
    let line = move |place: ConversationRef| {
        let (name, sort) = (finding.called(&place), words::kind(place.kind));
        let press = move |_| choose(place.clone());
        view! {
            <li><button type="button" class="menu-item" on:click=on(press)>
                <Glyph icon=Icon::People /><bdi class="menu-label">{name}</bdi><span class="quiet">{sort}</span>
            </button></li>
        }
    };
    // Looking up is a record with the reason, so the reason comes first.
    let may = move || {
        if finding.reason.with_untracked(String::is_empty) {
            open.set(false);
            finding.asking.set(true);
        }
    };
    effect(move || {
        if open.get() {
            may();
        }
    });
    view! {
        <Opener label=words::ADD_CONVERSATION icon=Icon::Chat open />
        <Dialog open id="add-conversation" title=words::ADD_CONVERSATION.to_owned()>
            <Asking id="conversation-name" label=words::FIND_CONVERSATION note=words::LOOK_UP_NOTE on_ask=ask />
            {move || found.get().map(|value| view! {
                <Lines value nobody=words::NO_CONVERSATION line=Box::new(move |place: ConversationRef| line(place).into_any()) />
            })}
        </Dialog>
    }
}

#[component]
fn Opener(label: &'static str, icon: Icon, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <button type="button" class="filter-chip filter-add" on:click=on(move |_| open.set(true))>
            <Glyph icon />{label}
        </button>
    }
}

/// A field that asks on Enter.
#[component]
fn Asking(
    id: &'static str,
    label: &'static str,
    note: &'static str,
    #[prop(into)] on_ask: Callback<String>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    effect(move || {
        dom::focus(&format!("#{id}"));
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_ask.run(typed.with_untracked(|text| text.trim().to_owned()));
    };
    view! {
        <form class="asking" on:submit=on(submit)>
            <Field id label value=typed help=note.to_owned() />
            <Button label=words::LOOK_UP.to_owned() kind=Kind::Secondary submit=true />
        </form>
    }
}

type Line<T> = Box<dyn Fn(T) -> AnyView + Send>;

/// What was found.
#[component]
fn Lines<T: Clone + PartialEq + Send + Sync + 'static>(
    value: Loaded<Vec<T>>,
    nobody: &'static str,
    line: Line<T>,
) -> impl IntoView {
    let empty =
        move |all: &Vec<T>| all.is_empty().then(|| view! { <p class="dialog-body">{nobody}</p> }.into_any());
    let ready = move |all: Vec<T>| {
        let lines = all.into_iter().map(&line).collect_view();
        view! { <ul class="picker-lines">{lines}</ul> }.into_any()
    };
    view! {
        <LoadedView
            value=Signal::derive(move || value.clone())
            failed_title=words::CONVERSATIONS_FAILED
            on_retry=|()| ()
            skeleton=|| view! { <SkeletonRows rows=3 /> }.into_any()
            empty=empty
            ready=ready
        />
    }
}
