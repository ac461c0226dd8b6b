//! What the rule as it is typed would have caught: number, base, share, change against the version in force, and by day.

use chancery_protocol::Micros;
use chancery_protocol::review::{Backtest, BacktestState, MAX_WORDS, MIN_WORDS};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::chart::{Data, DayBars, Series};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::progress::Progress;
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::{memo, on, part, show};
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::backtest as words;
use chancery_ui_kit::text::{approvals, grouped, time as dates};
use chancery_ui_kit::time::{self, LocalTime};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::sample::Sample;
use crate::components::words_field::WordsField;
use crate::logic::rules::share;
use crate::state::running::Running;
use crate::state::writing::Writing;

/// The days offered.
const DAYS: [(u16, &str); 3] = [(7, words::DAYS_7), (30, words::DAYS_30), (90, words::DAYS_90)];

/// The card.
#[component]
pub fn BacktestCard() -> impl IntoView {
    let running = Running::begin();
    let again = RwSignal::new(false);
    let state = memo(move || running.newest.state());
    let there = memo(move || running.last().is_some());
    let runs = memo(move || running.last().is_some_and(|run| run.state == BacktestState::Running));
    let asks = memo(move || (!there.get() || again.get()) && !runs.get());
    view! {
        <section class="card" aria-labelledby="backtest">
            <h3 class="card-title" id="backtest">
                <Glyph icon=Icon::History large=true />{words::BACKTEST}
                {show(move || there.get() && !asks.get() && !runs.get(), move || view! {
                    <span class="card-note"><Button label=words::RUN_AGAIN.to_owned() kind=Kind::Quiet icon=Icon::Refresh on_press=move |()| again.set(true) /></span>
                }.into_any())}
            </h3>
            <div class="card-body rule-fields">
                <LoadedView
                    value=state.into()
                    failed_title=words::RUN_FAILED_LOAD
                    on_retry=|()| ()
                    skeleton=|| view! { <SkeletonRows rows=3 /> }.into_any()
                    empty=|()| None
                    ready=move |()| view! {
                        {show(move || asks.get(), move || view! { <Asking running again there /> }.into_any())}
                        {part(move || running.last().map_or_else(|| ().into_any(), |run| view! { <Run run running /> }.into_any()))}
                    }.into_any()
                />
            </div>
        </section>
        <Sample running />
    }
}

/// How far back, and why.
#[component]
fn Asking(running: Running, again: RwSignal<bool>, there: Memo<bool>) -> impl IntoView {
    let writing = Writing::current();
    let days = RwSignal::new(30_u16);
    let (reason, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let can = memo(move || {
        writing.tried.with(|tried| tried.as_ref().is_some_and(|tried| tried.problems.is_empty()))
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = reason.with_untracked(|text| text.trim().to_owned());
        if !(MIN_WORDS..=MAX_WORDS).contains(&text.chars().count()) {
            wrong.set(Some(approvals::words_needed()));
            dom::focus("#backtest-reason");
            return;
        }
        running.run(days.get_untracked(), text, move || {
            let _ = again.try_set(false);
        });
    };
    view! {
        <form class="rule-fields" novalidate on:submit=on(submit)>
            <p class="card-lead">{words::BACKTEST_LEAD}</p>
            <Segmented label=words::HOW_FAR choices=DAYS.map(|(days, label)| Choice::new(days, label)).to_vec() value=days.into() on_choose=move |chosen| days.set(chosen) />
            <WordsField id="backtest-reason" label=words::RUN_REASON value=reason error=wrong most=MAX_WORDS help=words::RUN_REASON_HELP />
            <Refusal words=running.refused />
            {show(move || !can.get(), || view! { <p class="field-note">{words::CANNOT_RUN}</p> }.into_any())}
            <div class="request-acts">
                {show(move || there.get(), move || view! {
                    <Button label=chancery_ui_kit::text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| again.set(false) />
                }.into_any())}
                <Button label=words::RUN.to_owned() icon=Icon::Play submit=true working=running.working disabled=Signal::derive(move || !can.get()) />
            </div>
        </form>
    }
}

#[component]
fn Run(run: Backtest, running: Running) -> impl IntoView {
    let id = run.id;
    let when = LocalTime::of(run.asked_at).full();
    match run.state {
        BacktestState::Running => {
            let (done, texts) = (u32::from(run.progress), run.texts);
            view! {
                <Progress
                    label=words::RUNNING
                    figures=Signal::stored(words::looked_at(texts))
                    done=Signal::stored(done)
                    of=1_000
                    note=words::RUNNING_NOTE
                />
                <div class="request-acts"><Button label=words::END_RUN.to_owned() working=running.working on_press=move |()| running.cancel(id) /></div>
            }
            .into_any()
        }
        BacktestState::Cancelled => view! { <p class="card-lead">{words::cancelled(&when)}</p> }.into_any(),
        BacktestState::Failed => view! {
            <Notice tone=Tone::Bad icon=Icon::CrossCircle>{words::failed(&when)}</Notice>
        }
        .into_any(),
        BacktestState::Done => view! { <Done run running /> }.into_any(),
    }
}

#[component]
fn Done(run: Backtest, running: Running) -> impl IntoView {
    let (id, days) = (run.id, run.days);
    let [would, of, messages] = words::found(days);
    let (hundredths, many) = share(run.hits, run.texts);
    let against = run.running.map(|(version, hits)| {
        let tone = if hits == run.hits { Tone::Mute } else { Tone::Ok };
        view! { <Badge label=words::against(version, run.hits, hits) tone /> }
    });
    let day = |at: Micros| {
        let day = LocalTime::of(at);
        dates::day_short(day.day, day.month)
    };
    let data = Data {
        labels: run.by_day.iter().map(|one| day(one.begins)).collect(),
        series: vec![Series {
            name: words::HITS,
            values: run.by_day.iter().map(|one| Some(one.hits)).collect(),
        }],
        ..Data::default()
    };
    let also = (!run.also.is_empty()).then(|| {
        let one = |other: chancery_protocol::review::AlsoCaught| {
            view! { <li class="fact"><span class="mono">{other.rule}</span><span>{words::caught(other.hits, run.hits)}</span></li> }
        };
        view! {
            <div>
                <p class="field-label">{words::ALSO}</p>
                <ul>{run.also.iter().cloned().map(one).collect_view()}</ul>
            </div>
        }
    });
    view! {
        <p class="backtest-said" role="status">
            {would}" "<strong>{grouped(run.hits)}</strong>" "{of}" "<strong>{grouped(run.texts)}</strong>" "{messages}
        </p>
        <p class="badges">{against}<span class="quiet">{words::percent(hundredths)}</span></p>
        {many.then(|| view! { <Notice tone=Tone::Warn icon=Icon::Warning><strong>{words::MANY}</strong></Notice> })}
        {(run.damaged > 0).then(|| view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words::damaged(run.damaged)}</Notice> })}
        <DayBars title=words::HITS_PER_DAY data=Signal::stored(data) />
        {also}
        <p class="field-note"><time datetime=time::machine(run.asked_at)>{words::ran(&LocalTime::of(run.asked_at).full())}</time></p>
        {(run.samples > 0).then(|| view! {
            <div class="backtest-sample">
                <span class="field-note">{words::sample_note(run.samples.into())}</span>
                <button type="button" class="link-button" on:click=on(move |_| running.read(id))>{words::READ_SAMPLE}</button>
            </div>
        })}
    }
}
