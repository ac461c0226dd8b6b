//! `/console/health`: what is not protected, late or off, what it means and what mends it; below, what is in order.

use std::time::Duration;

use chancery_protocol::accounts::AccountState;
use chancery_protocol::operations::{Check, CheckCode, Health, State};
use chancery_protocol::person::Role;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::session::Session;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::table::SkeletonTable;
use chancery_ui_kit::text;
use chancery_ui_kit::text::health as words;
use chancery_ui_kit::text::overview;
use chancery_ui_kit::time::{LocalTime, clock_seconds, machine, zone};
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::logic::roles::edits_sources;
use crate::logic::view::View;
use crate::pages::overview::look;
use crate::routes::{MailTab, Place};
use crate::state::line::Line;
use crate::state::polled::Polled;
use crate::state::watch::watch_health;

/// So often is asked; the server asks its database for it.
const EVERY: Duration = Duration::from_secs(10);

/// The page.
#[component]
pub fn HealthPage() -> impl IntoView {
    let (health, line) = (watch_health(EVERY), Line::current());
    document().set_title(&text::page_title(words::HEALTH, 0));
    let at = move || health.read(|health| clock_seconds(health.at)).unwrap_or_default();
    let loaded = Signal::derive(move || if at().is_empty() { String::new() } else { overview::old(&at()) });
    let state = memo(move || health.state());
    let failed = move || {
        health.failed.get().map(|error| {
            let words = format!("{} {}", overview::not_renewed(&at()), text::problem::of(&error));
            view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words}</Notice> }
        })
    };
    let zone = zone();
    let measured = move || {
        health.read(|health| {
            let node = overview::node(&health.node.name, health.node.one_of_several);
            format!("{node}. {}", overview::measured(&clock_seconds(health.at), &zone))
        })
    };
    view! {
        <div class="overview health" class:overview-old=move || health.is_old()>
            <Banner loaded />
            <header class="console-head">
                <div class="console-titles">
                    <h1 class="console-title">{words::HEALTH}</h1>
                    <p class="console-lead">{words::LEAD}" "{measured}</p>
                </div>
            </header>
            <div class="overview-body" tabindex="0" role="region" aria-label=words::HEALTH>
                <div role="status" class="overview-failed">{failed}</div>
                <LoadedView
                    value=state.into()
                    failed_title=words::LOAD_FAILED
                    on_retry=move |()| line.try_again()
                    skeleton=|| view! { <div class="card"><SkeletonTable rows=8 /></div> }.into_any()
                    empty=|_: &()| None
                    ready=move |()| view! { <Lists health /> }.into_any()
                />
            </div>
        </div>
    }
}

#[component]
fn Lists(health: Polled<Health>) -> impl IntoView {
    let of = move |state: State| {
        memo(move || {
            let checks = health.read(|health| {
                health.checks.iter().filter(|check| check.state == state).cloned().collect::<Vec<_>>()
            });
            checks.unwrap_or_default()
        })
    };
    let (bad, warn, fine) = (of(State::Bad), of(State::Warn), of(State::Ok));
    let nothing = memo(move || bad.with(Vec::is_empty) && warn.with(Vec::is_empty));
    view! {
        {move || nothing.get().then(|| view! {
            <div class="card"><EmptyState icon=Icon::TickCircle title=words::ALL_FINE body=words::ALL_FINE_BODY /></div>
        })}
        <List state=State::Bad checks=bad />
        <List state=State::Warn checks=warn />
        <List state=State::Ok checks=fine />
    }
}

/// Checks of one state; nothing when there are none.
#[component]
fn List(state: State, checks: Memo<Vec<Check>>) -> impl IntoView {
    let some = memo(move || checks.with(|checks| !checks.is_empty()));
    let count = move || checks.with(|checks| words::checks(checks.len() as u64));
    move || {
        some.get().then(|| {
            view! {
                <section class="card checks" aria-label=words::state(state)>
                    <h2 class="card-title">{words::state(state)}<span class="card-note">{count}</span></h2>
                    <ul class="check-list">
                        <For each=move || checks.get() key=shown let:check>
                            <Item check />
                        </For>
                    </ul>
                </section>
            }
        })
    }
}

/// What of a check is seen: a line is drawn anew only when this changes, so that its link keeps the focus.
fn shown(check: &Check) -> (CheckCode, i64, String, Option<String>) {
    (check.code, check.since, check.says.clone(), words::found(check))
}

/// One check.
#[component]
fn Item(check: Check) -> impl IntoView {
    let (tone, icon) = look(check.state);
    let icon = if check.state == State::Ok { Icon::TickCircle } else { icon };
    let since = LocalTime::of(check.since).full();
    let found = words::found(&check).map(|found| {
        view! { <div class="check-fact"><dt>{words::FOUND}</dt><dd>{found}</dd></div> }
    });
    let setting = check.setting.clone().map(|setting| {
        view! { <div class="check-fact"><dt>{words::SETTING}</dt><dd class="mono">{setting}</dd></div> }
    });
    let mend = check.mend.clone().map(|mend| {
        view! { <div class="check-fact"><dt>{words::MEND}</dt><dd>{mend}</dd></div> }
    });
    let roles = Session::current().info().map(|info| info.roles).unwrap_or_default();
    let link = link(&check, &roles).map(|(address, label)| {
        view! { <a class="button button-secondary check-act" href=address>{label}</a> }
    });
    let open = check.state != State::Ok;
    view! {
        <li class="check" class:check-open=open>
            <span class=format!("check-icon {}", tone.class())><Glyph icon large=open /></span>
            <div class="check-text">
                <h3 class="check-title">{words::title(check.code)}</h3>
                <p class="check-says">{check.says.clone()}</p>
                {open.then(|| view! {
                    <p class="check-means">{words::means(check.code)}</p>
                })}
                <dl class="check-facts">{mend}{setting}{found}</dl>
            </div>
            <div class="check-side">
                {open.then(|| view! { <Badge label=words::state(check.state) tone icon /> })}
                <time class="check-since" datetime=machine(check.since)>{words::since(&since)}</time>
                {link}
            </div>
        </li>
    }
}

/// Where it is mended, when that is in the console. Whoever sees health may open the users.
fn link(check: &Check, roles: &[Role]) -> Option<(String, &'static str)> {
    if check.state == State::Ok {
        return None;
    }
    let view = match check.code {
        CheckCode::Administrators => View { role: Some(Role::ItAdmin), ..View::default() },
        CheckCode::Officers => View::default(),
        CheckCode::Guests => View { role: Some(Role::Guest), ..View::default() },
        CheckCode::Invitations => View { state: Some(AccountState::Invited), ..View::default() },
        CheckCode::Mail => {
            let outbox = || (Place::Mail(MailTab::Outbox).path(), words::OPEN_OUTBOX);
            return edits_sources(roles).then(outbox);
        }
        _ => return None,
    };
    let query = view.query(str::to_owned);
    let path = Place::Users.path();
    Some((if query.is_empty() { path } else { format!("{path}?{query}") }, words::OPEN_USERS))
}
