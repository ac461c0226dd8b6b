//! The test: what was tried with the values of the form, step by step, how each ended and what mends it.

use chancery_protocol::sources::{StepOutcome, TestStep};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::Button;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::time::LocalTime;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::sheet::{Sheet, Test, Tested};

/// The card.
#[component]
pub fn TestCard() -> impl IntoView {
    let sheet = Sheet::current();
    let running = memo(move || sheet.test.with(|test| *test == Test::Running));
    let label = move || match sheet.test.get() {
        Test::None | Test::Running => words::RUN_TEST,
        Test::Failed(_) | Test::Over(_) => words::TEST_AGAIN,
    };
    view! {
        <section class="card" aria-labelledby="card-test">
            <div class="card-title">
                <h2 class="card-words" id="card-test">{words::TEST}</h2>
                <span class="card-note small-buttons">
                    <Button
                        label=Signal::derive(move || label().to_owned())
                        icon=Icon::Refresh
                        working=running
                        on_press=move |()| sheet.run()
                    />
                </span>
            </div>
            <p class="sr-only" role="status">{move || said(&sheet.test.get())}</p>
            {move || match sheet.test.get() {
                Test::None => view! { <p class="card-body card-lead">{words::TEST_LEAD}</p> }.into_any(),
                Test::Running => view! {
                    <div class="card-body">
                        <p class="card-lead">{words::TESTING}</p>
                        <SkeletonRows rows=4 />
                    </div>
                }
                .into_any(),
                Test::Failed(error) => view! {
                    <div class="card-body">
                        <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>
                            <p><strong>{words::TEST_FAILED}</strong></p>
                            <p>{text::problem::of(&error)}</p>
                        </Notice>
                    </div>
                }
                .into_any(),
                Test::Over(tested) => view! { <Over tested=*tested /> }.into_any(),
            }}
        </section>
    }
}

/// What is read out.
fn said(test: &Test) -> String {
    match test {
        Test::None | Test::Failed(_) => String::new(),
        Test::Running => words::TESTING.to_owned(),
        Test::Over(tested) if !tested.found.problems.is_empty() => words::TEST_PROBLEMS.to_owned(),
        Test::Over(tested) => {
            let count =
                |outcome| tested.found.steps.iter().filter(|step| step.outcome == outcome).count() as u64;
            words::verdict(count(StepOutcome::Failed), count(StepOutcome::Warning))
        }
    }
}

#[component]
fn Over(tested: Tested) -> impl IntoView {
    let sheet = Sheet::current();
    if !tested.found.problems.is_empty() {
        return view! {
            <div class="card-body">
                <Notice tone=Tone::Warn icon=Icon::Warning>{words::TEST_PROBLEMS}</Notice>
            </div>
        }
        .into_any();
    }
    let steps = tested.found.steps;
    let when = words::tested_at(&LocalTime::of(tested.at).clock(), tested.unsaved);
    let report = StoredValue::new(report(&steps));
    let toasts = Toasts::current();
    let copy = move |_| {
        spawn_local(async move {
            if dom::copy(&report.get_value()).await {
                toasts.done(words::COPIED);
            } else {
                toasts.failed(words::NOT_COPIED, words::NOT_COPIED_BODY);
            }
        });
    };
    // Which server it is about is said where another begins.
    let mut server: Option<String> = None;
    let lines = steps.into_iter().map(|step| {
        let head = step.server.clone().filter(|_| step.server != server);
        server.clone_from(&step.server);
        view! {
            {head.map(|server| view! { <li class="step-server mono"><bdi>{server}</bdi></li> })}
            <Step step />
        }
    });
    let lines = lines.collect_view();
    view! {
        <ol class="card-body steps" aria-label=words::TEST>{lines}</ol>
        <div class="card-foot test-foot">
            <span>
                {when}
                {move || sheet.stale.get().then(|| view! { <span class="stale">{words::STALE}</span> })}
            </span>
            <button type="button" class="icon-button" aria-label=words::COPY_REPORT title=words::COPY_REPORT on:click=on(copy)>
                <Glyph icon=Icon::Copy large=true />
            </button>
        </div>
    }
    .into_any()
}

#[component]
fn Step(step: TestStep) -> impl IntoView {
    let (tone, icon) = match step.outcome {
        StepOutcome::Ok => (Tone::Ok, Icon::TickCircle),
        StepOutcome::Warning => (Tone::Warn, Icon::Warning),
        StepOutcome::Failed => (Tone::Bad, Icon::CrossCircle),
        StepOutcome::NotRun => (Tone::Mute, Icon::Minus),
    };
    let not_run = step.outcome == StepOutcome::NotRun;
    let line = |text: &str| (!text.is_empty()).then(|| words::sentence(text));
    // What is in order is told in facts, not in sentences.
    let fact = || (!step.text.is_empty()).then(|| step.text.clone());
    let found = if step.outcome == StepOutcome::Ok { fact() } else { line(&step.text) };
    let (mend, took) = (line(&step.mend), step.milliseconds);
    view! {
        <li class="step" class:step-not-run=not_run>
            <span class=format!("step-icon {}", tone.class())><Glyph icon large=true /></span>
            <div class="step-text">
                <p class="step-title">
                    {words::step(&step.step).to_owned()}
                    <span class=if not_run { "step-outcome" } else { "sr-only" }>", "{words::outcome(step.outcome)}</span>
                </p>
                {found.map(|found| view! { <p class="step-found">{found}</p> })}
                {mend.map(|mend| view! { <p class="step-mend">{mend}</p> })}
            </div>
            {(took > 0).then(|| view! { <span class="step-time">{words::milliseconds(took)}</span> })}
        </li>
    }
}

/// The same as text, for whoever runs the server that was asked.
fn report(steps: &[TestStep]) -> String {
    let line = |step: &TestStep| {
        let server = step.server.as_deref().map(|server| format!("{server} ")).unwrap_or_default();
        let head = format!("{server}{}: {}", words::step(&step.step), words::outcome(step.outcome));
        let rest = [step.text.as_str(), step.mend.as_str()].into_iter().filter(|text| !text.is_empty());
        let rest: Vec<String> = rest.map(words::sentence).collect();
        format!("{head}, {}. {}", words::milliseconds(step.milliseconds), rest.join(" "))
    };
    steps.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_line_for_each_step() {
        let step = |name: &str, outcome, text: &str, mend: &str| TestStep {
            server: Some("ldaps://dc1".to_owned()),
            step: name.to_owned(),
            outcome,
            text: text.to_owned(),
            mend: mend.to_owned(),
            milliseconds: 12,
        };
        let steps = [
            step("resolve", StepOutcome::Ok, "10.4.2.11", ""),
            step("bind", StepOutcome::Failed, "invalid credentials", "check DN and password"),
        ];
        assert_eq!(
            report(&steps),
            "ldaps://dc1 Name of the server: in order, 12 ms. 10.4.2.11.\n\
             ldaps://dc1 Sign-in to the directory: failed, 12 ms. Invalid credentials. Check DN and password."
        );
    }
}
