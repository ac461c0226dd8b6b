//! How the sync of a directory stands, the ways to begin one, and what was done before.

use chancery_protocol::ids::SourceId;
use chancery_protocol::sources::Sync;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::Button;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::pane::Fact;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::sources as source_words;
use chancery_ui_kit::text::syncs as words;
use leptos::prelude::*;

use super::history::History;
use super::report::ReportDialog;
use crate::components::question::Refusal;
use crate::logic::sync::{Standing, newest, over, running, standing, took};
use crate::state::sheet::Sheet;
use crate::state::syncs::{Syncs, moment};

/// The cards of a directory that is saved.
#[component]
pub fn SyncCards(
    /// Which.
    source: SourceId,
) -> impl IntoView {
    Syncs::provide(source);
    view! {
        <Card />
        <History />
        <ReportDialog />
    }
}

/// How it stands.
#[component]
fn Card() -> impl IntoView {
    let (syncs, sheet) = (Syncs::current(), Sheet::current());
    let state = memo(move || syncs.runs.state());
    let standing = memo(move || syncs.runs.read(|all| standing(sheet.enabled(), all)));
    view! {
        <section class="card" aria-labelledby="card-sync">
            <div class="card-title">
                <h2 class="card-words" id="card-sync">{words::TITLE}</h2>
                <span class="card-note" role="status">{move || standing.get().map(badge)}</span>
            </div>
            <LoadedView
                value=state.into()
                failed_title=words::LOAD_FAILED
                on_retry=move |()| syncs.retry()
                skeleton=|| view! { <div class="card-body"><SkeletonRows rows=3 /></div> }.into_any()
                empty=|_: &()| None
                ready=move |()| view! { <Body standing /> }.into_any()
            />
        </section>
    }
}

fn badge(standing: Standing) -> impl IntoView {
    let (label, tone, icon) = match standing {
        Standing::Off => (words::OFF, Tone::Mute, Icon::Minus),
        Standing::Never => (words::NEVER, Tone::Mute, Icon::Minus),
        Standing::UpToDate => (words::UP_TO_DATE, Tone::Ok, Icon::Tick),
        Standing::Running => (words::RUNNING, Tone::Info, Icon::Refresh),
        Standing::Waiting => (words::WAITING, Tone::Warn, Icon::Hourglass),
        Standing::Failed => (words::FAILED, Tone::Bad, Icon::CrossCircle),
    };
    view! { <Badge label tone icon /> }
}

#[component]
fn Body(standing: Memo<Option<Standing>>) -> impl IntoView {
    let syncs = Syncs::current();
    let last = memo(move || syncs.runs.read(|all| newest(all).cloned()).flatten());
    let old = move || {
        syncs.runs.failed.get().map(|error| {
            let words = format!("{} {}", words::MAY_BE_OLD, text::problem::of(&error));
            view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words}</Notice> }
        })
    };
    view! {
        <div class="card-body sync-body">
            <Facts last />
            <div class="sync-notes" role="status">{old}</div>
            {move || match (standing.get(), last.get()) {
                (Some(Standing::Running), _) => view! { <UnderWay /> }.into_any(),
                (Some(Standing::Waiting), Some(run)) => view! { <Waits run /> }.into_any(),
                (Some(Standing::Failed), Some(run)) => view! { <Failed run /> }.into_any(),
                _ => ().into_any(),
            }}
            <Guard />
            <Acts standing />
        </div>
    }
}

/// When, how often, how many.
#[component]
fn Facts(last: Memo<Option<Sync>>) -> impl IntoView {
    let (syncs, sheet) = (Syncs::current(), Sheet::current());
    let complete = memo(move || syncs.runs.read(|all| all.last_done.clone()).flatten());
    let said = |run: Sync| {
        let at = moment(run.started_at);
        took(&run).map_or(at.clone(), |took| words::last(&at, &words::took(took)))
    };
    let earlier = move || complete.get().filter(|run| last.with(|last| last.as_ref() != Some(run)));
    let counts = move || {
        complete
            .with(|run| run.as_ref().map(|run| words::came_and_left(&run.counts)))
            .unwrap_or_else(|| words::NOT_YET.to_owned())
    };
    let every = move || sheet.sync().map(|sync| words::every(sync.every_minutes.into()));
    view! {
        <dl class="facts">
            <Fact label=words::LAST>{move || last.get().map_or_else(|| words::NOT_YET.to_owned(), said)}</Fact>
            {move || earlier().map(|run| view! { <Fact label=words::LAST_COMPLETE>{said(run)}</Fact> })}
            <Fact label=words::EVERY>{every}</Fact>
            <Fact label=words::CAME_AND_LEFT>{counts}</Fact>
            <Fact label=words::LEAVES>{words::LEAVES_BODY}</Fact>
        </dl>
    }
}

/// How far the run is that is under way.
#[component]
fn UnderWay() -> impl IntoView {
    let syncs = Syncs::current();
    let run = memo(move || syncs.runs.read(|all| running(all).map(|run| run.id)).flatten());
    let far = move || {
        syncs
            .runs
            .read(|all| running(all).map(|run| words::read_so_far(&run.counts)))
            .flatten()
            .unwrap_or_default()
    };
    view! {
        <div class="sync-under-way">
            <span class="spinner" aria-hidden="true"></span>
            <p>{far}</p>
            {move || run.get().map(|run| view! {
                <a class="text-link" href=syncs.address_of(run)>{words::SEE_RUN}</a>
            })}
        </div>
    }
}

/// What an administrator has to decide.
#[component]
fn Waits(run: Sync) -> impl IntoView {
    let address = Syncs::current().address_of(run.id);
    view! {
        <Notice tone=Tone::Warn icon=Icon::Hourglass>
            <Stopped run />
            <p><a class="text-link" href=address>{words::SEE_WAITING}</a></p>
        </Notice>
    }
}

/// Of whom, or of what, there would be too many, in sentences.
#[component]
pub fn Stopped(
    /// The run that stopped, or would.
    run: Sync,
) -> impl IntoView {
    let (people, memberships) = over(&run);
    let looked = run.dry;
    let line = |stopped: String, limit: u64| {
        view! { <p><strong>{stopped}</strong>" "{words::limit(limit)}</p> }
    };
    let people = people.map(|over| {
        let stopped = if looked { words::would_stop(over.count) } else { words::stopped(over.count) };
        line(stopped, over.limit)
    });
    let memberships = memberships.map(|over| {
        let stopped = if looked { words::would_stop_memberships } else { words::stopped_memberships };
        line(stopped(over.count), over.limit)
    });
    view! { {people}{memberships} }
}

/// Why the last one failed.
#[component]
fn Failed(run: Sync) -> impl IntoView {
    let address = Syncs::current().address_of(run.id);
    let [why, mend] = match &run.failure {
        Some(failure) => words::failure(failure),
        None => [words::INTERRUPTED_BODY.to_owned(), String::new()],
    };
    view! {
        <Notice tone=Tone::Bad icon=Icon::CrossCircle>
            <p>{why}</p>
            {(!mend.is_empty()).then(|| view! { <p>{mend}</p> })}
            <p><a class="text-link" href=address>{words::SEE_FAILED}</a></p>
        </Notice>
    }
}

/// From where on one is asked.
#[component]
fn Guard() -> impl IntoView {
    let sheet = Sheet::current();
    let said = move || sheet.sync().map(|sync| words::guard(sync.max_share_percent));
    view! { <Notice tone=Tone::Warn icon=Icon::Shield>{said}</Notice> }
}

/// The ways to begin one, and why one is closed.
#[component]
fn Acts(standing: Memo<Option<Standing>>) -> impl IntoView {
    let (syncs, sheet) = (Syncs::current(), Sheet::current());
    let running = memo(move || standing.get() == Some(Standing::Running));
    let why = memo(move || {
        if running.get() {
            Some(words::IS_RUNNING)
        } else if sheet.dirty.get() {
            Some(words::NEEDS_SAVING)
        } else if !sheet.enabled() {
            Some(words::IS_OFF)
        } else {
            None
        }
    });
    let refused =
        Signal::derive(move || syncs.failed.with(|failed| failed.as_ref().map(source_words::refused)));
    view! {
        <Refusal words=refused />
        {move || why.get().map(|why| view! { <p class="field-note sync-why">{why}</p> })}
        <div class="sync-acts">
            <Button
                label=words::DRY_RUN.to_owned()
                icon=Icon::Eye
                working=syncs.looking
                disabled=running
                on_press=move |()| syncs.start(true)
            />
            <Button
                label=words::SYNC_NOW.to_owned()
                icon=Icon::Refresh
                working=syncs.starting
                disabled=Signal::derive(move || why.get().is_some())
                on_press=move |()| syncs.start(false)
            />
        </div>
    }
}
