//! The dialog for signing in again (picture 22, "Confirm it is you"): by password, at a provider, or not now.

use chancery_protocol::http::ConfirmWays;
use chancery_protocol::sources::SignInWay;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Field, FieldKind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::second_step::SecondStepForm;
use chancery_ui_kit::session::Session;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::confirm as words;
use chancery_ui_kit::text::sign_in;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::question::Refusal;
use crate::state::confirming::Confirming;

/// The dialog; there while one is asked.
#[component]
pub fn Confirmation() -> impl IntoView {
    let confirming = Confirming::current();
    view! {
        <Dialog open=confirming.open id="confirm" title=words::TITLE.to_owned()>
            <LoadedView
                value=confirming.ways.into()
                failed_title=words::FAILED
                on_retry=move |()| confirming.load()
                skeleton=|| view! { <SkeletonRows rows=1 /> }.into_any()
                empty=|_: &ConfirmWays| None
                ready=move |ways: ConfirmWays| view! { <Answer ways /> }.into_any()
            />
        </Dialog>
    }
}

/// By one of the ways, and by a second factor after the password of an account that has one.
#[component]
fn Answer(ways: ConfirmWays) -> impl IntoView {
    let (confirming, session) = (Confirming::current(), Session::current());
    let shown = move |info| {
        session.begin(info);
        confirming.shown();
    };
    move || match confirming.second.get() {
        None => view! { <Ways ways=ways.clone() /> }.into_any(),
        Some(step) => view! {
            <SecondStepForm
                step
                back=words::NOT_NOW
                on_in=shown
                on_over=move |()| confirming.over()
                on_back=move |()| confirming.open.set(false)
            />
        }
        .into_any(),
    }
}

#[component]
fn Ways(ways: ConfirmWays) -> impl IntoView {
    let confirming = Confirming::current();
    let ConfirmWays { password, providers } = ways;
    effect(move || {
        dom::focus(if password { "#confirm-password" } else { "#confirm .confirm-provider .button" });
    });
    let nothing = !password && providers.is_empty();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        confirming.send();
    };
    let kind = if password { Kind::Secondary } else { Kind::Primary };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::BODY}</p>
            {nothing.then(|| view! { <p class="dialog-body">{words::NO_WAY}</p> })}
            {password
                .then(|| {
                    view! {
                        <Field
                            id="confirm-password"
                            label=words::PASSWORD
                            value=confirming.password
                            kind=FieldKind::Password
                            autocomplete="current-password"
                            error=confirming.wrong
                        />
                    }
                })}
            {providers
                .into_iter()
                .map(|SignInWay { source, name }| {
                    view! {
                        <div class="confirm-provider">
                            <Button
                                label=sign_in::continue_with(&name)
                                kind
                                icon=Icon::Key
                                wide=true
                                working=Signal::derive(move || confirming.begun.get() == Some(source))
                                on_press=move |()| confirming.go(source)
                            />
                            <p class="field-note" role="status">
                                {move || (confirming.begun.get() == Some(source)).then_some(words::ELSEWHERE)}
                            </p>
                        </div>
                    }
                })
                .collect_view()}
            <Refusal words=confirming.failed />
            <div class="dialog-acts">
                <Button
                    label=words::NOT_NOW.to_owned()
                    kind=Kind::Quiet
                    on_press=move |()| confirming.open.set(false)
                />
                {password
                    .then(|| {
                        view! {
                            <Button
                                label=words::GO_ON.to_owned()
                                kind=Kind::Primary
                                icon=Icon::ArrowRight
                                submit=true
                                working=confirming.working
                            />
                        }
                    })}
            </div>
        </form>
    }
}
