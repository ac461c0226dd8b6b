//! `/console/approvals`: what waits for a second person, and what became of what was asked.

use chancery_protocol::approvals::{Approval, RequestState};
use chancery_protocol::ids::RequestId;
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::Button;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, memo, part, show};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::approvals as words;
use chancery_ui_kit::text::console;
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::approvals;
use crate::components::banner::Banner;
use crate::components::request::RequestStrip;
use crate::routes::Place;
use crate::state::known::Known;
use crate::state::line::Line;

/// What is shown.
#[derive(Clone, Copy)]
struct Desk {
    list: RwSignal<Loaded<Vec<Approval>>>,
    older: RwSignal<Option<RequestId>>,
    more: RwSignal<bool>,
    all: Memo<bool>,
    line: Line,
    toasts: Toasts,
    api: ApiClient,
}

impl Desk {
    fn load(self) {
        let waiting = !self.all.get_untracked();
        spawn_local(async move {
            let found = approvals::list(self.api, waiting, None).await;
            self.line.heard(&found);
            // Something else is looked at by now, or nothing.
            if self.all.try_get_untracked() != Some(!waiting) {
                return;
            }
            self.older.set(found.as_ref().ok().and_then(|found| found.older));
            self.list.set(found.map(|found| found.approvals).into());
        });
    }

    fn show_more(self) {
        let Some(before) = self.older.get_untracked().filter(|_| !self.more.get_untracked()) else { return };
        let waiting = !self.all.get_untracked();
        self.more.set(true);
        spawn_local(async move {
            let found = approvals::list(self.api, waiting, Some(before)).await;
            self.line.heard(&found);
            if self.more.try_set(false).is_some() || self.all.get_untracked() == waiting {
                return;
            }
            match found {
                Ok(found) => {
                    self.older.set(found.older);
                    self.list.update(|list| {
                        if let Loaded::Ready(list) = list {
                            list.extend(found.approvals);
                        }
                    });
                }
                Err(error) => self.toasts.failed(console::FAILED, text::problem::of(&error)),
            }
        });
    }
}

/// The page.
#[component]
pub fn ApprovalsPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let router = Router::current();
    Known::provide();
    let line = Line::current();
    let all = memo(move || dom::query_of(&router.address().query, "show").as_deref() == Some("all"));
    let open = memo(move || match place.get() {
        Place::Approval(id) => Some(id),
        _ => None,
    });
    let desk = Desk {
        list: RwSignal::new(Loaded::Loading),
        older: RwSignal::new(None),
        more: RwSignal::new(false),
        all,
        line,
        toasts: Toasts::current(),
        api: ApiClient::current(),
    };
    effect(move || {
        line.again.track();
        all.track();
        desk.list.set(Loaded::Loading);
        desk.load();
    });
    document().set_title(&text::page_title(words::APPROVALS, 0));
    let look = move |whole: bool| {
        let path = Place::Approvals.path();
        router.to(&if whole { format!("{path}?show=all") } else { path });
    };
    let empty = move |list: &Vec<Approval>| {
        list.is_empty().then(|| {
            if all.get_untracked() {
                view! { <EmptyState icon=Icon::TickCircle title=words::NEVER_TITLE body=words::NEVER_BODY /> }
                    .into_any()
            } else {
                view! { <EmptyState icon=Icon::TickCircle title=words::NONE_TITLE body=words::NONE_BODY /> }
                    .into_any()
            }
        })
    };
    let rows = move |list: Vec<Approval>| {
        view! {
            <ul class="rule-rows" aria-label=words::APPROVALS>
                {list.into_iter().map(|one| view! { <Row one open all /> }).collect_view()}
            </ul>
            {show(move || desk.older.with(Option::is_some), move || view! {
                <div class="results-more"><Button label=words::OLDER.to_owned() working=desk.more on_press=move |()| desk.show_more() /></div>
            }.into_any())}
        }
        .into_any()
    };
    view! {
        <div class="users rules" class:rules-open=move || open.get().is_some()>
            <Banner loaded=Signal::derive(String::new) />
            <header class="console-head">
                <div class="console-titles">
                    <h1 class="console-title">{words::APPROVALS}</h1>
                    <p class="console-lead">{words::LEAD}</p>
                </div>
                <div class="approvals-which">
                    <Segmented
                        label=words::WHICH
                        choices=vec![Choice::new(false, words::WAITING), Choice::new(true, words::ALL)]
                        value=all.into()
                        on_choose=look
                    />
                </div>
            </header>
            <div class="rules-body">
                <div class="rules-list">
                    <div class="rules-scroll">
                        <LoadedView
                            value=desk.list.into()
                            failed_title=words::LOAD_FAILED
                            on_retry=move |()| desk.load()
                            skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=6 /></div> }.into_any()
                            empty
                            ready=rows
                        />
                    </div>
                </div>
                {move || match open.get() {
                    Some(id) => view! { <One id desk all /> }.into_any(),
                    None => view! {
                        <div class="rules-nothing"><EmptyState icon=Icon::Hourglass title=words::CHOOSE_TITLE body=words::CHOOSE_BODY /></div>
                    }.into_any(),
                }}
            </div>
        </div>
    }
}

/// The address of a request, with the filter as it is.
fn address(place: &Place, all: bool) -> String {
    let path = place.path();
    if all { format!("{path}?show=all") } else { path }
}

#[component]
fn Row(one: Approval, open: Memo<Option<RequestId>>, all: Memo<bool>) -> impl IntoView {
    let id = one.id;
    let here = move || (open.get() == Some(id)).then_some("page");
    let title = words::title(&one);
    let links = one.identity.is_some();
    let asker = one.asked_by.map(|person| person.name).unwrap_or_default();
    let when = if one.state == RequestState::Waiting {
        words::lapses_short(&LocalTime::of(one.lapses_at).date_near(LocalTime::of(time::now())))
    } else {
        LocalTime::of(one.decided_at.unwrap_or(one.lapses_at)).date_near(LocalTime::of(time::now()))
    };
    view! {
        <li class="rule-item">
            <a class="rule-row" href=address(&Place::Approval(id), all.get_untracked()) aria-current=here data-request=id.to_string()>
                <span class="rule-words">
                    <bdi class="rule-name">{title}</bdi>
                    <span class="rule-sub"><bdi>{asker}</bdi></span>
                </span>
                <span class="rule-side">
                    {state_badge(one.state, one.may_agree, links)}
                    <span class="rule-state">{when}</span>
                </span>
            </a>
        </li>
    }
}

fn state_badge(state: RequestState, yours: bool, links: bool) -> AnyView {
    let (label, tone, icon) = match state {
        RequestState::Waiting if yours => (words::WAITS_FOR_YOU, Tone::Warn, Icon::Hourglass),
        RequestState::Waiting => (words::WAITS, Tone::Mute, Icon::Hourglass),
        RequestState::Agreed if links => (words::LINKED, Tone::Ok, Icon::Tick),
        RequestState::Agreed => (words::IN_FORCE, Tone::Ok, Icon::Tick),
        RequestState::Refused => (words::REFUSED, Tone::Bad, Icon::Close),
        RequestState::Withdrawn => (words::WITHDRAWN, Tone::Mute, Icon::Undo),
        RequestState::Lapsed => (words::LAPSED, Tone::Mute, Icon::Clock),
    };
    view! { <Badge label tone icon /> }.into_any()
}

#[component]
fn One(id: RequestId, desk: Desk, all: Memo<bool>) -> impl IntoView {
    let title = memo(move || {
        desk.list.with(|list| {
            let one = list.ready()?.iter().find(|one| one.id == id)?;
            Some(words::title(one))
        })
    });
    effect(|| {
        dom::focus("#request-title");
    });
    view! {
        <div class="rule-work">
            <header class="rule-head">
                <a class="icon-button rule-back" href=move || address(&Place::Approvals, all.get()) aria-label=words::ALL_REQUESTS title=words::ALL_REQUESTS><Glyph icon=Icon::Back large=true /></a>
                <h2 class="rule-title" id="request-title" tabindex="-1"><bdi>{move || title.get().unwrap_or_else(|| words::REQUEST.to_owned())}</bdi></h2>
            </header>
            <div class="rule-scroll list-parts">
                {part(move || view! {
                    <section class="card" aria-labelledby="request-title"><RequestStrip id whole=true on_decided=move |()| desk.load() /></section>
                }.into_any())}
            </div>
        </div>
    }
}
