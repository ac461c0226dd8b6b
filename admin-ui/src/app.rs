//! The root: what is provided to everything, and which page an address shows.

use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::session::{Farewell, Session, SessionState, sign_in_and_back};
use chancery_ui_kit::state_view::FailedState;
use chancery_ui_kit::theme::ThemeChoice;
use chancery_ui_kit::toast::{ToastRegion, Toasts};
use chancery_ui_kit::{dom, text};
use leptos::prelude::*;

use crate::components::confirmation::Confirmation;
use crate::components::nowhere::Nowhere;
use crate::components::shell::Shell;
use crate::logic::roles::{
    edits_sources, keeps_own, reads_accounts, reads_audit, reads_health, reads_overview, reads_requests,
    reviews, searches, writes_rules,
};
use crate::pages::approvals::ApprovalsPage;
use crate::pages::audit::AuditPage;
use crate::pages::directory::DirectoryPage;
use crate::pages::groups::GroupsPage;
use crate::pages::health::HealthPage;
use crate::pages::kit::KitPage;
use crate::pages::mail::MailPage;
use crate::pages::overview::OverviewPage;
use crate::pages::policy::PolicyPage;
use crate::pages::review::ReviewPage;
use crate::pages::rules::RulesPage;
use crate::pages::search::SearchPage;
use crate::pages::security::SecurityPage;
use crate::pages::tokens::TokensPage;
use crate::pages::users::UsersPage;
use crate::pages::word_lists::WordListsPage;
use crate::routes::{HOME, Place};
use crate::state::confirming::Confirming;
use crate::state::counts::Counts;
use crate::state::finding::Finding;
use crate::state::line::Line;

/// Everything.
#[component]
pub fn App() -> impl IntoView {
    ThemeChoice::provide();
    Toasts::provide();
    let session = Session::provide(ApiClient::provide());
    let router = Router::provide(HOME);
    Line::provide(session);
    Confirming::provide();
    Finding::provide();
    Counts::provide();
    session.load();
    // Nobody signed in leads to sign-in, which is another interface, and back to where one wanted to be.
    effect(move || {
        if session.state.with(|state| *state == SessionState::Absent) {
            let left = session.farewell.get_untracked() == Some(Farewell::SignedOut);
            let here = router.address_untracked().text();
            dom::leave_for(&if left { "/sign-in".to_owned() } else { sign_in_and_back(&here) });
        }
    });
    view! {
        <Pages />
        <Confirmation />
        <ToastRegion />
    }
}

/// What is shown.
#[derive(Clone, Copy, PartialEq)]
enum World {
    Waiting,
    Failed,
    Inside,
}

#[component]
fn Pages() -> impl IntoView {
    let session = Session::current();
    let world = memo(move || {
        session.state.with(|state| match state {
            SessionState::Unknown | SessionState::Absent => World::Waiting,
            SessionState::Failed(_) => World::Failed,
            SessionState::Present(_) => World::Inside,
        })
    });
    effect(move || {
        if world.get() != World::Waiting
            && let Some(boot) = dom::find("#boot")
        {
            boot.remove();
        }
    });
    move || match world.get() {
        World::Waiting => ().into_any(),
        World::Failed => view! { <Unreached /> }.into_any(),
        World::Inside => view! { <Inside /> }.into_any(),
    }
}

/// Which page is open to whom; the same for all that is not there and all that is not open.
#[derive(Clone, Copy, PartialEq)]
enum Page {
    Overview,
    Health,
    Search,
    Review,
    Approvals,
    Rules,
    WordLists,
    Users,
    Groups,
    Directory,
    Policy,
    Audit,
    Mail,
    Security,
    Tokens,
    Kit,
    Nowhere,
}

#[component]
fn Inside() -> impl IntoView {
    let (session, router) = (Session::current(), Router::current());
    let place = memo(move || Place::of(&router.address().path));
    let sees = memo(move || session.info().is_some_and(|info| reads_overview(&info.roles)));
    let own = memo(move || session.info().is_some_and(|info| keeps_own(&info.roles)));
    let checks = memo(move || session.info().is_some_and(|info| reads_health(&info.roles)));
    let reads = memo(move || session.info().is_some_and(|info| reads_accounts(&info.roles)));
    let provides = memo(move || session.info().is_some_and(|info| edits_sources(&info.roles)));
    let audits = memo(move || session.info().is_some_and(|info| reads_audit(&info.roles)));
    let finds = memo(move || session.info().is_some_and(|info| searches(&info.roles)));
    let decides = memo(move || session.info().is_some_and(|info| reviews(&info.roles)));
    let requests = memo(move || session.info().is_some_and(|info| reads_requests(&info.roles)));
    let writes = memo(move || session.info().is_some_and(|info| writes_rules(&info.roles)));
    let demo = memo(move || session.server.get().is_some_and(|server| server.demo));
    let page = memo(move || match place.get() {
        Place::Home if sees.get() => Page::Overview,
        // Whoever has no duty finds what is their own at the door.
        Place::Home if own.get() => Page::Security,
        Place::Health if checks.get() => Page::Health,
        Place::Users | Place::User(_) if reads.get() => Page::Users,
        Place::Groups | Place::Group(_) if reads.get() => Page::Groups,
        Place::Sources | Place::Source(_) | Place::Sync(..) | Place::NewSource(_) if provides.get() => {
            Page::Directory
        }
        Place::Search if finds.get() => Page::Search,
        Place::Aup | Place::AupVersion(_) if reads.get() => Page::Policy,
        Place::Review | Place::Waiting(_) if decides.get() => Page::Review,
        Place::Approvals | Place::Approval(_) if requests.get() => Page::Approvals,
        Place::Rules | Place::Rule(_) | Place::RuleHistory(_) if writes.get() => Page::Rules,
        Place::WordLists | Place::WordList(_) if writes.get() => Page::WordLists,
        Place::Audit | Place::AuditEntry(_) if audits.get() => Page::Audit,
        Place::Mail(_) if provides.get() => Page::Mail,
        Place::Security if own.get() => Page::Security,
        Place::Tokens if own.get() => Page::Tokens,
        Place::Kit if reads.get() && demo.get() => Page::Kit,
        _ => Page::Nowhere,
    });
    effect(move || {
        if place.get() == Place::Home && page.get() == Page::Security {
            router.replace(&Place::Security.path());
        }
    });
    view! {
        <Shell place>
            {move || match page.get() {
                Page::Overview => view! { <OverviewPage /> }.into_any(),
                Page::Health => view! { <HealthPage /> }.into_any(),
                Page::Users => view! { <UsersPage place /> }.into_any(),
                Page::Groups => view! { <GroupsPage place /> }.into_any(),
                Page::Directory => view! { <DirectoryPage place /> }.into_any(),
                Page::Search => view! { <SearchPage /> }.into_any(),
                Page::Policy => view! { <PolicyPage place /> }.into_any(),
                Page::Review => view! { <ReviewPage place /> }.into_any(),
                Page::Approvals => view! { <ApprovalsPage place /> }.into_any(),
                Page::Rules => view! { <RulesPage place /> }.into_any(),
                Page::WordLists => view! { <WordListsPage place /> }.into_any(),
                Page::Audit => view! { <AuditPage place /> }.into_any(),
                Page::Mail => view! { <MailPage place /> }.into_any(),
                Page::Security => view! { <SecurityPage /> }.into_any(),
                Page::Tokens => view! { <TokensPage /> }.into_any(),
                Page::Kit => view! { <KitPage /> }.into_any(),
                Page::Nowhere => view! { <Nowhere /> }.into_any(),
            }}
        </Shell>
    }
}

/// The server could not be asked who we are.
#[component]
fn Unreached() -> impl IntoView {
    let session = Session::current();
    move || {
        let SessionState::Failed(error) = session.state.get() else { return ().into_any() };
        view! {
            <main class="whole-page">
                <h1 class="sr-only">{text::PRODUCT}</h1>
                <FailedState title=text::sign_in::SERVER_TITLE error on_retry=move |()| session.load() />
            </main>
        }
        .into_any()
    }
}
