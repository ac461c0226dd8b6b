//! The runs of a directory, newest first; each leads to its report.

use chancery_protocol::ids::SyncId;
use chancery_protocol::sources::{Sync, SyncState};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text::syncs as words;
use leptos::prelude::*;

use crate::state::syncs::{Syncs, moment};

/// Runs shown before one asks for all.
const SOME: usize = 5;

/// The card; that runs are loaded, or could not be, is said by the card above it.
#[component]
pub fn History() -> impl IntoView {
    let syncs = Syncs::current();
    // A line is drawn once and only its words change, so that its link keeps the focus.
    let ids = memo(move || syncs.runs.read(|all| all.syncs.iter().map(|run| run.id).collect::<Vec<_>>()));
    let there = memo(move || ids.with(|ids| ids.as_ref().map(|ids| !ids.is_empty())));
    view! {
        {move || there.get().map(|some| view! {
            <section class="card" aria-labelledby="card-history">
                <h2 class="card-title" id="card-history">{words::HISTORY}</h2>
                {if some {
                    view! { <Runs ids /> }.into_any()
                } else {
                    view! { <EmptyState icon=Icon::Refresh title=words::NONE_TITLE body=words::NONE_BODY /> }.into_any()
                }}
            </section>
        })}
    }
}

#[component]
fn Runs(ids: Memo<Option<Vec<SyncId>>>) -> impl IntoView {
    let whole = RwSignal::new(false);
    let count = memo(move || ids.with(|ids| ids.as_ref().map_or(0, Vec::len)));
    let shown = move || {
        let most = if whole.get() { usize::MAX } else { SOME };
        ids.with(|ids| ids.iter().flatten().take(most).copied().collect::<Vec<_>>())
    };
    view! {
        <ul class="sync-runs">
            <For each=shown key=|id| *id let:id><Run id /></For>
        </ul>
        {move || (!whole.get() && count.get() > SOME).then(|| view! {
            <p class="card-foot">
                <button type="button" class="link-button" on:click=on(move |_| whole.set(true))>
                    {words::show_all(count.get() as u64)}
                </button>
            </p>
        })}
    }
}

#[component]
fn Run(id: SyncId) -> impl IntoView {
    let syncs = Syncs::current();
    let run =
        memo(move || syncs.runs.read(|all| all.syncs.iter().find(|run| run.id == id).cloned()).flatten());
    let name = move || run.get().map(|run| words::run(run.dry, &moment(run.started_at)));
    let said = move || {
        run.get().map(|run| {
            let by = words::by(run.by.as_ref().map(|person| person.name.as_str()));
            words::outcome_by(&words::outcome(&run), &by)
        })
    };
    view! {
        <li class="sync-run" data-sync=id.to_string()>
            <p class="sync-run-head">
                <a class="sync-run-name" href=syncs.address_of(id)>{name}</a>
                {move || run.get().map(|run| view! { <State run /> })}
            </p>
            <p class="sync-run-said"><bdi>{said}</bdi></p>
        </li>
    }
}

/// Where a run is, as a badge.
#[component]
pub fn State(
    /// Which.
    run: Sync,
) -> impl IntoView {
    let syncs = Syncs::current();
    move || {
        let open = syncs.is_open(run.id);
        let (tone, icon) = match run.state {
            SyncState::Running => (Tone::Info, Icon::Refresh),
            SyncState::Done => (Tone::Mute, Icon::Tick),
            SyncState::Waiting if open => (Tone::Warn, Icon::Hourglass),
            SyncState::Waiting => (Tone::Mute, Icon::Hourglass),
            SyncState::Failed | SyncState::Interrupted => (Tone::Bad, Icon::CrossCircle),
        };
        view! { <Badge label=words::state(run.state, open) tone icon /> }
    }
}
