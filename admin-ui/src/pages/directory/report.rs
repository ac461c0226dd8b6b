//! `/console/directory/:source/syncs/:sync`: what a run did, or what one would do (picture 22), over the form of its source.

use chancery_protocol::ids::SyncId;
use chancery_protocol::sources::{Sync, SyncAct, SyncChange, SyncReport, SyncState};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::syncs as words;
use leptos::prelude::*;

use super::history::State;
use super::sync::Stopped;
use crate::components::asking::asking;
use crate::logic::sync::{Row, is_nothing, over, rows, took};
use crate::routes::Place;
use crate::state::polled::Polled;
use crate::state::syncs::{Syncs, moment};

/// The dialog; there while the address names a run.
#[component]
pub fn ReportDialog() -> impl IntoView {
    let syncs = Syncs::current();
    let asked = Signal::derive(move || syncs.open.get().is_some());
    let open = asking(asked, Callback::new(move |()| syncs.close()));
    let title = Signal::derive(move || syncs.title.get().to_owned());
    view! {
        <Dialog open id="sync" title>
            {move || syncs.open.get().map(|run| view! { <Report run /> })}
        </Dialog>
    }
}

#[component]
fn Report(run: SyncId) -> impl IntoView {
    let syncs = Syncs::current();
    let report = syncs.follow(run);
    let state = memo(move || report.state());
    syncs.title.set(words::TITLE);
    let stands = memo(move || report.read(|report| (report.sync.dry, report.sync.state)));
    effect(move || {
        let Some((dry, state)) = stands.get() else { return };
        syncs.title.set(words::title(dry, state));
        syncs.moved(dry, state);
    });
    // Where one report follows on another, what had the focus is gone.
    let settle = || {
        if dom::focused().is_none() {
            dom::focus("#sync .dialog-head button");
        }
    };
    set_timeout(settle, std::time::Duration::ZERO);
    let missing = memo(move || {
        report.value.with(|report| match report {
            Loaded::Failed(error) => error.code() == Some("not_found"),
            Loaded::Loading | Loaded::Ready(_) => false,
        })
    });
    let retry = move |()| {
        report.value.set(Loaded::Loading);
        syncs.reload();
    };
    view! {
        <div class="dialog-wide sync-report">
            {move || {
                if missing.get() {
                    return view! {
                        <EmptyState icon=Icon::Lock title=text::state::NOTHING_TITLE body=words::REPORT_GONE />
                    }
                    .into_any();
                }
                view! {
                    <LoadedView
                        value=state.into()
                        failed_title=words::REPORT_FAILED
                        on_retry=retry
                        skeleton=|| view! { <SkeletonRows rows=4 /> }.into_any()
                        empty=|_: &()| None
                        ready=move |()| view! { <Parts report /> }.into_any()
                    />
                }
                .into_any()
            }}
        </div>
    }
}

#[component]
fn Parts(report: Polled<SyncReport>) -> impl IntoView {
    let run = memo(move || report.read(|report| report.sync.clone()));
    let over = memo(move || run.get().filter(|run| run.state != SyncState::Running));
    let began = move || {
        run.get().map(|run| {
            let took = took(&run).map(words::took);
            let by = words::by(run.by.as_ref().map(|person| person.name.as_str()));
            words::began(&moment(run.started_at), took.as_deref(), &by)
        })
    };
    let far = move || run.get().map(|run| words::read_so_far(&run.counts));
    let old = move || {
        report.failed.get().map(|error| {
            let words = format!("{} {}", words::MAY_BE_OLD, text::problem::of(&error));
            view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words}</Notice> }
        })
    };
    view! {
        <p class="dialog-body sync-began">
            <bdi>{began}</bdi>
            {move || run.get().map(|run| view! { <State run /> })}
        </p>
        <p class="sr-only" role="status">{move || run.with(|run| run.as_ref().map(words::verdict))}</p>
        {old}
        {move || match over.get() {
            Some(run) => {
                let changes = untrack(|| report.read(|report| report.changes.clone())).unwrap_or_default();
                view! { <Over run changes /> }.into_any()
            }
            None => view! {
                <div class="sync-under-way">
                    <span class="spinner" aria-hidden="true"></span>
                    <p>{far}</p>
                </div>
                <p class="field-note">{words::GOES_ON}</p>
            }
            .into_any(),
        }}
    }
}

/// A run that is over.
#[component]
fn Over(run: Sync, changes: Vec<SyncChange>) -> impl IntoView {
    let opened = RwSignal::new(Vec::<Row>::new());
    let would = run.dry || run.state == SyncState::Waiting;
    let lines = rows(&run.counts).into_iter().map(|(row, count)| {
        let list = row.list(&changes);
        let note = if row == Row::Groups { words::groups(&run.counts) } else { String::new() };
        view! { <Line row count would note list opened /> }
    });
    let lines = lines.collect_view();
    let nothing = (run.state == SyncState::Done && is_nothing(&run.counts)).then_some(if run.dry {
        words::NOTHING_WOULD
    } else {
        words::NOTHING_DONE
    });
    let read = words::read(&run.counts);
    let lists = !Row::Suspend.list(&changes).is_empty();
    view! {
        <Verdict run=run.clone() />
        {nothing.map(|nothing| view! {
            <Notice tone=Tone::Ok icon=Icon::TickCircle>{nothing}</Notice>
        })}
        <ul class="sync-rows">{lines}</ul>
        <p class="field-note">{read}</p>
        {(run.state == SyncState::Waiting).then(|| view! { <Decide run lists opened /> })}
    }
}

/// What is to be known before the numbers: that it stopped, would, or failed.
#[component]
fn Verdict(run: Sync) -> impl IntoView {
    let (people, memberships) = over(&run);
    match run.state {
        SyncState::Failed => {
            let title = if run.dry { words::DRY_FAILED_TITLE } else { words::FAILED_TITLE };
            let [why, mend] = run.failure.as_ref().map(words::failure).unwrap_or_default();
            view! {
                <Notice tone=Tone::Bad icon=Icon::CrossCircle>
                    <p><strong>{title}</strong>" "{words::NOBODY}</p>
                    <p class="sync-failure">{why}</p>
                    {(!mend.is_empty()).then(|| view! { <p class="sync-failure">{mend}</p> })}
                </Notice>
            }
            .into_any()
        }
        SyncState::Interrupted => {
            view! { <Notice tone=Tone::Bad icon=Icon::CrossCircle>{words::INTERRUPTED_BODY}</Notice> }
                .into_any()
        }
        SyncState::Waiting | SyncState::Done if people.is_some() || memberships.is_some() => {
            let rest = (run.state == SyncState::Waiting && !run.dry).then_some(words::REST_IS_DONE);
            // A run in which so many were suspended because somebody said so has nothing to stop.
            if run.state == SyncState::Done && !run.dry {
                return ().into_any();
            }
            view! {
                <Notice tone=Tone::Warn icon=Icon::Hourglass>
                    <Stopped run />
                    {rest.map(|rest| view! { <p>{rest}</p> })}
                </Notice>
            }
            .into_any()
        }
        SyncState::Waiting | SyncState::Done | SyncState::Running => ().into_any(),
    }
}

/// What a row is shown with.
fn face(row: Row) -> (Icon, Tone, (&'static str, &'static str)) {
    match row {
        Row::Add => (Icon::Plus, Tone::Ok, words::ADD),
        Row::Link => (Icon::Link, Tone::Ok, words::LINK),
        Row::Change => (Icon::Pencil, Tone::Info, words::CHANGE),
        Row::Suspend => (Icon::Barred, Tone::Bad, words::SUSPEND),
        Row::Reinstate => (Icon::Undo, Tone::Ok, words::REINSTATE),
        Row::LeaveAlone => (Icon::Lock, Tone::Mute, words::LEAVE_ALONE),
        Row::Conflict => (Icon::Warning, Tone::Warn, words::CONFLICT),
        Row::Skip => (Icon::Minus, Tone::Mute, words::SKIP),
        Row::Groups => (Icon::People, Tone::Mute, words::GROUPS),
        Row::Join => (Icon::Forward, Tone::Mute, words::JOIN),
        Row::Leave => (Icon::SignOut, Tone::Mute, words::LEAVE),
    }
}

/// A row of the numbers; what is told one by one opens below it.
#[component]
fn Line(
    row: Row,
    count: u64,
    would: bool,
    note: String,
    list: Vec<SyncChange>,
    opened: RwSignal<Vec<Row>>,
) -> impl IntoView {
    let (icon, tone, (before, after)) = face(row);
    let label = if would { before } else { after };
    let noted = !note.is_empty();
    let face = view! {
        <span class=format!("sync-row-icon {}", if count > 0 { tone } else { Tone::Mute }.class())><Glyph icon /></span>
        <span class="sync-row-label">
            {label}
            {noted.then(|| view! { <span class="sync-row-note">{note}</span> })}
        </span>
        <strong class="sync-row-count">{text::grouped(count)}</strong>
    };
    if list.is_empty() {
        return view! { <li class="sync-row"><p class="sync-row-face">{face}</p></li> }.into_any();
    }
    let id = format!("sync-list-{}", row.name());
    let controlled = id.clone();
    let is_open = memo(move || opened.with(|opened| opened.contains(&row)));
    let turn = move |_| {
        opened.update(|opened| match opened.iter().position(|known| *known == row) {
            Some(at) => drop(opened.remove(at)),
            None => opened.push(row),
        });
    };
    let list = StoredValue::new(list);
    view! {
        <li class="sync-row">
            <button
                type="button"
                class="sync-row-face sync-row-button"
                data-row=row.name()
                aria-expanded=move || is_open.get().to_string()
                aria-controls=move || is_open.get().then(|| controlled.clone())
                on:click=on(turn)
            >
                {face}
                {move || view! { <Glyph icon=if is_open.get() { Icon::ChevronUp } else { Icon::ChevronDown } /> }}
            </button>
            {move || is_open.get().then(|| view! { <Listed id=id.clone() count list=list.get_value() /> })}
        </li>
    }
    .into_any()
}

/// Who, or what, one by one.
#[component]
fn Listed(id: String, count: u64, list: Vec<SyncChange>) -> impl IntoView {
    let listed = list.len() as u64;
    view! {
        <div id=id class="sync-list">
            <ul>{list.into_iter().map(|change| view! { <Change change /> }).collect_view()}</ul>
            {(listed < count).then(|| view! { <p class="field-note">{words::listed(listed, count)}</p> })}
        </div>
    }
}

#[component]
fn Change(change: SyncChange) -> impl IntoView {
    let SyncChange { act, person, name, login, detail } = change;
    let why = match (act, detail.is_empty()) {
        (SyncAct::Gone, true) => words::GONE.to_owned(),
        (SyncAct::Disabled, true) => words::DISABLED.to_owned(),
        _ => detail,
    };
    // Where the entry is, letter by letter.
    let place = act == SyncAct::Skipped;
    view! {
        <li class="sync-change">
            <p>
                {match person {
                    Some(person) => view! { <a href=Place::User(person).path()><bdi>{name}</bdi></a> }.into_any(),
                    None => view! { <bdi class:mono=place>{name}</bdi> }.into_any(),
                }}
                {(!login.is_empty()).then(|| view! { " "<bdi class="sync-login mono">{login}</bdi> })}
            </p>
            {(!why.is_empty()).then(|| view! { <p class="sync-detail"><bdi>{why}</bdi></p> })}
        </li>
    }
}

/// What can be done about a run that stopped.
#[component]
fn Decide(run: Sync, lists: bool, opened: RwSignal<Vec<Row>>) -> impl IntoView {
    let syncs = Syncs::current();
    let open = memo(move || syncs.is_open(run.id));
    let (people, memberships) = (run.counts.suspended, run.counts.left);
    let see = move |()| {
        if opened.with_untracked(|opened| !opened.contains(&Row::Suspend)) {
            opened.update(|opened| opened.push(Row::Suspend));
        }
        let face = || {
            dom::focus("#sync [data-row=\"suspend\"]");
        };
        set_timeout(face, std::time::Duration::ZERO);
    };
    let act = if people > 0 { words::suspend(people) } else { words::end(memberships) };
    let run = StoredValue::new(run);
    move || {
        if !open.get() {
            return view! { <p class="field-note">{words::LATER}</p> }.into_any();
        }
        view! {
            <div class="dialog-acts sync-foot">
                {lists.then(|| view! {
                    <span class="sync-see"><Button label=words::see(people) icon=Icon::List on_press=see /></span>
                })}
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| syncs.close() />
                <Button label=act.clone() kind=Kind::Danger on_press=move |()| syncs.ask(run.get_value()) />
            </div>
        }
        .into_any()
    }
}
