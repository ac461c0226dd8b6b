//! The chat (pictures 02 and 03): spine, list, and what is open. The frame stays while places change.

use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::{effect, memo, show};
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use leptos::prelude::*;

use crate::app::Nowhere;
use crate::components::banner::Banner;
use crate::components::list_dialog::ListDialog;
use crate::components::list_pane::{ListPane, ListState};
use crate::components::palette::{Deeds, Palette};
use crate::components::policy_dialog::PolicyDialog;
use crate::components::shortcuts::Shortcuts;
use crate::components::spine::Spine;
use crate::components::status_menu::StatusMenu;
use crate::navigate::use_go;
use crate::pages::devices::DevicesPage;
use crate::pages::new_conversation::NewConversationPage;
use crate::pages::notifications::NotificationsPage;
use crate::pages::people::PeoplePage;
use crate::pages::policy::PolicyPage;
use crate::pages::search::SearchPage;
use crate::routes::Place;
use crate::state::chat::Chat;
use crate::state::desk::Desk;

mod conversation;
mod keys;
mod life;

use conversation::ConversationView;

/// Under this name the browser keeps which conversation was open last.
const LAST: &str = "chancery.last";

/// The page.
#[component]
pub fn ChatPage() -> impl IntoView {
    let chat = Chat::current();
    #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
    let place = use_context::<Memo<Place>>().expect("a place is provided at the root");
    let open = memo(move || place.get().conversation());
    Desk::provide();
    let list = ListState::new(open);
    let deeds = Deeds::new(open);
    keys::listen(keys::Keys { list, open, deeds });
    life::follow(chat);
    watch_people(chat, open);
    title(chat, place, open);
    reopen_last(chat, place, open);
    welcome(chat, place);
    // A conversation with and without its details, or one person and the next, are one page: it is not made anew.
    let shown = memo(move || match place.get() {
        Place::Details(id) => Place::Conversation(id),
        Place::NewConversation | Place::Join | Place::People if chat.is_guest() => Place::Nowhere,
        Place::Person(_) => Place::People,
        Place::Join => Place::NewConversation,
        other => other,
    });
    view! {
        <a class="skip-link" href="#content">{words::SKIP}</a>
        <div
            class="shell"
            class:shell-list=move || place.get() == Place::Chats
            class:shell-wide=move || matches!(place.get(), Place::People | Place::Person(_) | Place::Search | Place::Notifications | Place::Devices | Place::Policy)
        >
            <Spine place />
            <ListPane list open />
            <main class="main" id="content" tabindex="-1">
                <Banner />
                {move || match shown.get() {
                    Place::Conversation(_) | Place::Details(_) => view! { <Opened open place /> }.into_any(),
                    Place::NewConversation | Place::Join => view! { <NewConversationPage place /> }.into_any(),
                    Place::Devices => view! { <DevicesPage /> }.into_any(),
                    Place::Nowhere => view! { <Nowhere /> }.into_any(),
                    Place::People | Place::Person(_) => view! { <PeoplePage place open /> }.into_any(),
                    Place::Search => view! { <SearchPage /> }.into_any(),
                    Place::Notifications => view! { <NotificationsPage /> }.into_any(),
                    Place::Policy => view! { <PolicyPage /> }.into_any(),
                    Place::Welcome | Place::Chats | Place::SignIn | Place::Return | Place::Link | Place::MailOff => view! { <Pick list /> }.into_any(),
                }}
            </main>
        </div>
        <Palette deeds />
        <Shortcuts />
        <StatusMenu deeds />
        <ListDialog />
        {show(move || chat.policy_due.get(), || view! { <PolicyDialog /> }.into_any())}
    }
}

/// The open conversation; made anew for each, so that nothing of one leaks into another.
#[component]
fn Opened(open: Memo<Option<ConversationId>>, place: Memo<Place>) -> impl IntoView {
    let chat = Chat::current();
    // What is known decides between the conversation, a skeleton and nothing.
    let known = memo(move || {
        let id = open.get()?;
        chat.state.with(|state| match (state.conversations.contains_key(&id), state.me.is_some()) {
            (true, _) => Some((id, true)),
            (false, true) => Some((id, false)),
            (false, false) => None,
        })
    });
    // Who is taken out while reading is told so.
    let was_shown = StoredValue::new(None::<ConversationId>);
    move || match known.get() {
        Some((id, true)) => {
            was_shown.set_value(Some(id));
            view! { <ConversationView id place /> }.into_any()
        }
        Some((id, false)) => {
            let (title, body) = if was_shown.get_value() == Some(id) {
                (text::groups::GONE_TITLE, text::groups::GONE_BODY)
            } else {
                (words::NOT_FOUND_TITLE, words::NOT_FOUND_BODY)
            };
            view! {
                <div class="whole-page" role="status">
                    <h1 class="sr-only">{title}</h1>
                    <EmptyState icon=Icon::Lock title body />
                </div>
            }
            .into_any()
        }
        None => {
            view! { <div class="feed"><chancery_ui_kit::skeleton::SkeletonRows rows=6 /></div> }.into_any()
        }
    }
}

#[component]
fn Pick(list: ListState) -> impl IntoView {
    view! {
        <h1 class="sr-only">{words::TITLE}</h1>
        {show(move || list.known.get() && !list.lines.with(Vec::is_empty), move || view! { <div class="whole-page">
                <EmptyState icon=Icon::Chat title=words::PICK_TITLE body=words::PICK_BODY />
            </div> }.into_any())}
    }
}

/// Looks at the presence of the people on the screen: partners in the list and members of the open group.
fn watch_people(chat: Chat, open: Memo<Option<ConversationId>>) {
    let people = memo(move || {
        chat.state.with(|state| {
            let me = state.me.as_ref().map(|me| me.id);
            let partners = state.conversations.values().filter_map(|known| known.info.with);
            let members =
                open.get()
                    .and_then(|id| state.conversations.get(&id)?.members.as_ref())
                    .into_iter()
                    .flatten()
                    .map(|member| member.person)
                    .chain(chat.look_at.get())
                    .chain(chat.arranged.with(|all| {
                        all.lists.iter().flat_map(|list| list.people.clone()).collect::<Vec<_>>()
                    }));
            // Members first: they are cut off last.
            let mut people: Vec<PersonId> = Vec::new();
            let mut seen = std::collections::BTreeSet::new();
            for person in members.chain(partners) {
                if Some(person) != me && seen.insert(person) {
                    people.push(person);
                }
            }
            people
        })
    });
    effect(move || chat.watch(people.get()));
    // People of own lists may be in no conversation: their names are asked for.
    let nameless = memo(move || {
        let listed = chat
            .arranged
            .with(|all| all.lists.iter().flat_map(|list| list.people.clone()).collect::<Vec<_>>());
        let mut nameless = chat
            .state
            .with(|state| listed.into_iter().filter(|id| !state.people.contains_key(id)).collect::<Vec<_>>());
        nameless.sort_unstable();
        nameless.dedup();
        nameless.truncate(chancery_protocol::MAX_PEOPLE);
        nameless
    });
    effect(move || {
        let ids = nameless.get();
        if chat.is_live() && !ids.is_empty() {
            chat.ask(chancery_protocol::command::People { ids });
        }
    });
}

fn title(chat: Chat, place: Memo<Place>, open: Memo<Option<ConversationId>>) {
    let page = memo(move || match place.get() {
        Place::Conversation(_) | Place::Details(_) => {
            let info = chat
                .state
                .with(|state| state.conversations.get(&open.get()?).map(|known| known.info.clone()));
            info.map_or_else(|| words::TITLE.to_owned(), |info| chat.title_of(&info))
        }
        Place::NewConversation | Place::Join => text::people::TITLE.to_owned(),
        Place::Devices => text::devices::TITLE.to_owned(),
        Place::People | Place::Person(_) => text::people::DIRECTORY.to_owned(),
        Place::Search => text::search::TITLE.to_owned(),
        Place::Notifications => text::settings::TITLE.to_owned(),
        Place::Policy | Place::Welcome => text::policy::TITLE.to_owned(),
        Place::Nowhere => text::state::NOTHING_TITLE.to_owned(),
        Place::Chats | Place::SignIn | Place::Return | Place::Link | Place::MailOff => {
            words::TITLE.to_owned()
        }
    });
    effect(move || crate::title::set(&page.get(), chat.unread_total()));
}

/// Who has to accept the policy text before anything is known is at an address of its own, and comes back from it.
fn welcome(chat: Chat, place: Memo<Place>) {
    let go = use_go();
    let wanted = StoredValue::new(Place::Chats);
    effect(move || match (place.get(), chat.policy_due.get()) {
        (Place::Welcome, false) if chat.is_live() => go.replace(wanted.get_value()),
        (Place::Welcome, _) => {}
        (here, true) if chat.state.with_untracked(|state| state.me.is_none()) => {
            wanted.set_value(here);
            go.replace(Place::Welcome);
        }
        _ => {}
    });
}

/// On a wide screen `/chats` shows the conversation that was open last.
fn reopen_last(chat: Chat, place: Memo<Place>, open: Memo<Option<ConversationId>>) {
    let go = use_go();
    effect(move || {
        if let Some(id) = open.get() {
            dom::store(LAST, &id.to_string());
        }
    });
    let known = memo(move || chat.state.with(|state| state.me.is_some()));
    effect(move || {
        if place.get() != Place::Chats || !known.get() || !dom::is_wide() {
            return;
        }
        if let Some(id) = dom::stored(LAST).and_then(|id| id.parse::<ConversationId>().ok())
            && chat.state.with_untracked(|state| state.conversations.contains_key(&id))
        {
            go.replace(Place::Conversation(id));
        }
    });
}
