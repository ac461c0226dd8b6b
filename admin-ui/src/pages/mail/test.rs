//! The test: every step with the values of the page, how each ended and what mends it, up to a mail that arrives.

use chancery_protocol::mail_settings::{MailOutcome, MailStep, MailTask};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::Button;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::mail_settings as words;
use chancery_ui_kit::text::sources;
use chancery_ui_kit::time::LocalTime;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::state::mail::{MailSheet, Test};

/// The card.
#[component]
pub fn TestCard() -> impl IntoView {
    let sheet = MailSheet::current();
    let running = memo(move || sheet.test.with(|test| *test == Test::Running));
    let again = memo(move || sheet.test.with(|test| matches!(test, Test::Failed(_) | Test::Over(_))));
    effect(move || {
        sheet.to.track();
        sheet.forgive("to");
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        sheet.run();
    };
    view! {
        <section class="card" aria-labelledby="card-test">
            <h2 class="card-title" id="card-test">{words::TEST}</h2>
            <form class="card-body mail-to" novalidate on:submit=on(submit)>
                <p class="card-lead">{words::TEST_LEAD}</p>
                <Field id="to" label=words::TEST_TO value=sheet.to error=sheet.error("to") autocomplete="email" inputmode="email" />
                <Button
                    label=Signal::derive(move || if again.get() { sources::TEST_AGAIN } else { sources::RUN_TEST }.to_owned())
                    icon=Icon::Refresh
                    working=running
                    on_press=move |()| sheet.run()
                />
            </form>
            <p class="sr-only" role="status">{move || said(&sheet.test.get())}</p>
            {move || match sheet.test.get() {
                Test::None => ().into_any(),
                Test::Running => view! {
                    <div class="card-body test-out">
                        <p class="card-lead">{words::TESTING}</p>
                        <SkeletonRows rows=4 />
                    </div>
                }
                .into_any(),
                Test::Failed(error) => view! {
                    <div class="card-body test-out">
                        <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>
                            <p><strong>{words::TEST_FAILED}</strong></p>
                            <p>{text::problem::of(&error)}</p>
                        </Notice>
                    </div>
                }
                .into_any(),
                Test::Over(over) => {
                    let (tested, at, to, with) = *over;
                    let failed = failed(&tested.steps);
                    let when = sources::tested_at(&LocalTime::of(at).clock(), !with.is_empty());
                    let stale = move || sheet.changed.with(|changed| *changed != with);
                    view! {
                        <ol class="card-body steps test-out" aria-label=words::TEST>
                            {tested.steps.into_iter().map(|step| view! { <Step step /> }).collect_view()}
                        </ol>
                        <div class="card-foot test-foot">
                            <span>
                                {words::verdict(failed, &to)}" "{when}
                                {move || stale().then(|| view! { <span class="stale">{words::STALE}</span> })}
                            </span>
                        </div>
                    }
                    .into_any()
                }
            }}
        </section>
    }
}

fn failed(steps: &[MailStep]) -> bool {
    steps.iter().any(|step| step.outcome == MailOutcome::Failed)
}

/// What is read out.
fn said(test: &Test) -> String {
    match test {
        Test::None | Test::Failed(_) => String::new(),
        Test::Running => words::TESTING.to_owned(),
        Test::Over(over) => words::verdict(failed(&over.0.steps), &over.2),
    }
}

#[component]
fn Step(step: MailStep) -> impl IntoView {
    let (tone, icon) = match step.outcome {
        MailOutcome::Done => (Tone::Ok, Icon::TickCircle),
        MailOutcome::Failed => (Tone::Bad, Icon::CrossCircle),
        MailOutcome::NotRun => (Tone::Mute, Icon::Minus),
    };
    let not_run = step.outcome == MailOutcome::NotRun;
    let line = |text: String| (!text.is_empty()).then_some(text);
    view! {
        <li class="step" class:step-not-run=not_run data-step=name(step.task)>
            <span class=format!("step-icon {}", tone.class())><Glyph icon large=true /></span>
            <div class="step-text">
                <p class="step-title">
                    {words::task(step.task)}
                    <span class=if not_run { "step-outcome" } else { "sr-only" }>", "{words::outcome(step.outcome)}</span>
                </p>
                {line(step.text).map(|found| view! { <p class="step-found">{found}</p> })}
                {line(step.mend).map(|mend| view! { <p class="step-mend">{mend}</p> })}
            </div>
            {(step.milliseconds > 0).then(|| view! { <span class="step-time">{sources::milliseconds(step.milliseconds)}</span> })}
        </li>
    }
}

/// For whoever looks for one step.
fn name(task: MailTask) -> &'static str {
    match task {
        MailTask::Resolve => "resolve",
        MailTask::Connect => "connect",
        MailTask::Tls => "tls",
        MailTask::Greet => "greet",
        MailTask::SignIn => "sign_in",
        MailTask::Announce => "announce",
        MailTask::Send => "send",
    }
}
