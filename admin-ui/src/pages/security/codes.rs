//! Adding an authenticator app: the secret as a picture and as text, then one code to prove that the app has it.

use chancery_protocol::factors::{AddFactor, FinishTotp, TotpBegun};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::copy_field::CopyField;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::second_step::{DIGITS, digits};
use chancery_ui_kit::text;
use chancery_ui_kit::text::factors as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::form::{AddForm, Typed};
use crate::api::factors;
use crate::components::question::Refusal;
use crate::logic::factors::{Drawing, in_fours, qr};
use crate::state::security::Security;

/// What stands in the dialog.
#[component]
pub fn CodesDialog() -> impl IntoView {
    let security = Security::current();
    let (typed, working) = (Typed::begin(), RwSignal::new(false));
    let begun = RwSignal::new(None::<TotpBegun>);
    let there = memo(move || begun.with(Option::is_some));
    let send = move |form: AddFactor| {
        let act = async move { factors::begin_totp(security.api, &form).await };
        security.run(working, act, move |outcome| match outcome {
            Ok(secret) => {
                typed.proven();
                begun.set(Some(secret));
            }
            Err(error) => typed.refuse(&error),
        });
    };
    let over = move |()| {
        typed.failed.set(Some(words::ENROLMENT_OVER.to_owned()));
        begun.set(None);
    };
    move || {
        there.get();
        match begun.get_untracked() {
            None => view! { <AddForm typed help=words::NAME_HELP_CODES working on_send=send /> }.into_any(),
            Some(secret) => view! { <Prove secret on_over=over /> }.into_any(),
        }
    }
}

#[component]
fn Prove(
    secret: TotpBegun,
    /// It took too long.
    #[prop(into)]
    on_over: Callback<()>,
) -> impl IntoView {
    let security = Security::current();
    let (code, working) = (RwSignal::new(String::new()), RwSignal::new(false));
    let (wrong, failed) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let TotpBegun { ticket, secret, uri } = secret;
    effect(move || {
        dom::focus("#factor-code");
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let typed = code.with_untracked(|typed| digits(typed));
        let missing = typed.len() != DIGITS;
        wrong.set(missing.then(|| words::NEED_CODE.to_owned()));
        failed.set(None);
        if missing {
            dom::focus("#factor-code");
            return;
        }
        let form = FinishTotp { ticket: ticket.clone(), code: typed };
        let act = async move { factors::finish_totp(security.api, &form).await };
        security.run(working, act, move |outcome| match outcome {
            Ok(()) => security.done(words::CODES_ADDED),
            Err(error) if error.code() == Some("enrolment_over") => on_over.run(()),
            Err(error) if error.code() == Some("factor_failed") => {
                wrong.set(Some(words::refused(&error)));
                code.set(String::new());
                dom::focus("#factor-code");
            }
            Err(error) => failed.set(Some(words::refused(&error))),
        });
    };
    let picture = qr(&uri).map(|Drawing { view_box, path }| {
        view! { <svg class="qr" viewBox=view_box role="img" aria-label=words::QR><path d=path /></svg> }
    });
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::SCAN}</p>
            {picture}
            <CopyField
                id="factor-secret"
                label=words::SECRET
                value=in_fours(&secret)
                yes=words::SECRET_COPIED
                no=words::SECRET_NOT_COPIED
                waits=true
                help=words::SECRET_HELP
            />
            <Refusal words=failed />
            <Field
                id="factor-code"
                label=words::FIRST_CODE
                value=code
                autocomplete="one-time-code"
                inputmode="numeric"
                help=words::CODE_HELP
                error=wrong
            />
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| security.answered() />
                <Button label=words::PROVE.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}
