//! The second step of signing in: a code of an authenticator app, or a passkey. On the sign-in page, after a one-time link, and where
//! one signs in again in a dialog.
//!
//! Inline, as in `api/sessions.rs`: compiled in the interface, together with all it shares its types with.

use chancery_protocol::http::SessionInfo;
use js_sys::{JSON, Object, Reflect};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use crate::api::{ApiClient, ClientError, sessions};
use crate::badge::Tone;
use crate::button::{Button, Kind};
use crate::field::Field;
use crate::icon::Icon;
use crate::notice::Notice;
use crate::passkey::{self, Asked, Failure};
use crate::reactive::{effect, on};
use crate::text::factors as words;
use crate::{dom, text};

/// The protocol's `SecondStep`, as far as it is looked into here. What the browser is asked for, and what it answers, is any JSON: it stays
/// text, since a reader and a writer for it would be a part of the download that nothing else needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondStep {
    ticket: String,
    totp: bool,
    passkey: Option<String>,
}

impl SecondStep {
    /// Reads an answer; `None` when it is another one.
    pub fn read(answer: &str) -> Option<Self> {
        let answer = JSON::parse(answer).ok()?;
        let part = |name: &str| Reflect::get(&answer, &name.into()).ok();
        let passkey = part("passkey").filter(JsValue::is_object);
        Some(Self {
            ticket: part("ticket")?.as_string()?,
            totp: part("totp")?.as_bool()?,
            passkey: passkey.and_then(|options| JSON::stringify(&options).ok()).map(String::from),
        })
    }

    /// The protocol's `FinishSecondStep`, with a code or the JSON of a passkey.
    fn finish(&self, shown: &Shown) -> Option<String> {
        let (name, value) = match shown {
            Shown::Code(code) => ("code", JsValue::from_str(code)),
            Shown::Passkey(json) => ("passkey", JSON::parse(json).ok()?),
        };
        let form = Object::new();
        Reflect::set(&form, &"ticket".into(), &self.ticket.as_str().into()).ok()?;
        Reflect::set(&form, &name.into(), &value).ok()?;
        JSON::stringify(&form).ok().map(String::from)
    }
}

/// What is shown.
enum Shown {
    Code(String),
    Passkey(String),
}

/// Digits of a code.
pub const DIGITS: usize = 6;

/// The digits of what was typed or pasted; apps show codes in two groups.
pub fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).take(DIGITS).collect()
}

/// What the step holds.
#[derive(Clone, Copy)]
struct Showing {
    step: StoredValue<SecondStep>,
    code: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
    failed: RwSignal<Option<String>>,
    sending: RwSignal<bool>,
    asking: RwSignal<bool>,
    asked: StoredValue<Asked, LocalStorage>,
    api: ApiClient,
    on_in: Callback<SessionInfo>,
    on_over: Callback<()>,
}

impl Showing {
    fn at_work(self) -> bool {
        self.sending.get_untracked() || self.asking.get_untracked()
    }

    /// Shows what is typed.
    fn send_code(self) {
        if self.at_work() {
            return;
        }
        let code = self.code.get_untracked();
        if code.len() != DIGITS {
            self.wrong.set(Some(words::NEED_CODE.to_owned()));
            dom::focus("#second-code");
            return;
        }
        self.sending.set(true);
        spawn_local(async move { self.finish(Shown::Code(code)).await });
    }

    /// Has the browser show a passkey.
    fn send_passkey(self) {
        if self.at_work() {
            return;
        }
        let Some(options) = self.step.with_value(|step| step.passkey.clone()) else { return };
        self.failed.set(None);
        self.asking.set(true);
        let asked = Asked::begin();
        self.asked.set_value(asked.clone());
        spawn_local(async move {
            match passkey::get(&options, &asked).await {
                Ok(shown) => self.finish(Shown::Passkey(shown)).await,
                Err(failure) => {
                    let _ = self.asking.try_set(false);
                    if failure != Failure::Aborted {
                        let _ = self.failed.try_set(Some(words::not_shown(failure).to_owned()));
                    }
                }
            }
        });
    }

    async fn finish(self, shown: Shown) {
        let by_code = matches!(shown, Shown::Code(_));
        let Some(Some(form)) = self.step.try_with_value(|step| step.finish(&shown)) else { return };
        let outcome = sessions::second(self.api, form).await;
        // Whoever went back does not wait for the answer.
        if self.sending.try_set(false).is_some() {
            return;
        }
        self.asking.set(false);
        match outcome {
            Ok(info) => self.on_in.run(info),
            Err(error) => self.refuse(&error, by_code),
        }
    }

    fn refuse(self, error: &ClientError, by_code: bool) {
        match error.code() {
            Some("second_step_over") => return self.on_over.run(()),
            Some("factor_failed") if by_code => {
                self.code.set(String::new());
                self.wrong.set(Some(words::WRONG_CODE.to_owned()));
                self.failed.set(None);
            }
            Some("factor_failed") => self.failed.set(Some(words::WRONG_PASSKEY.to_owned())),
            _ => {
                // It was not judged, so it can be shown again by a press.
                self.wrong.set(None);
                self.failed.set(Some(text::problem::of(error)));
            }
        }
        if by_code {
            dom::focus("#second-code");
        }
    }
}

/// What is asked for, and the ways to show it.
#[component]
#[inline]
pub fn SecondStepForm(
    /// As the server asks.
    step: SecondStep,
    /// As wide as a page of its own, instead of part of a dialog.
    #[prop(optional)]
    wide: bool,
    /// The words of the way back.
    back: &'static str,
    /// The session has begun, or goes on.
    #[prop(into)]
    on_in: Callback<SessionInfo>,
    /// It took too long, or the account is another: one begins again.
    #[prop(into)]
    on_over: Callback<()>,
    /// One would not.
    #[prop(into)]
    on_back: Callback<()>,
) -> impl IntoView {
    let (by_code, wanted) = (step.totp, step.passkey.is_some());
    let by_passkey = wanted && passkey::possible();
    let showing = Showing {
        step: StoredValue::new(step),
        code: RwSignal::new(String::new()),
        wrong: RwSignal::new(None),
        failed: RwSignal::new(None),
        sending: RwSignal::new(false),
        asking: RwSignal::new(false),
        asked: StoredValue::new_local(Asked::default()),
        api: ApiClient::current(),
        on_in,
        on_over,
    };
    on_cleanup(move || {
        let _ = showing.asked.try_with_value(Asked::take_back);
    });
    effect(move || {
        if by_code {
            dom::focus("#second-code");
        } else if by_passkey {
            dom::focus(".second-passkey .button");
            showing.send_passkey();
        } else {
            dom::focus(".second-back .button");
        }
    });
    // Sent by itself when it is complete; what was wrong with the one before is no longer said.
    effect(move || {
        let typed = showing.code.get();
        let code = digits(&typed);
        if code != typed {
            return showing.code.set(code);
        }
        if !code.is_empty() {
            showing.wrong.set(None);
        }
        if code.len() == DIGITS {
            untrack(|| showing.send_code());
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if by_code {
            showing.send_code();
        } else {
            showing.send_passkey();
        }
    };
    let lead = match (by_code, by_passkey) {
        (true, true) => words::LEAD_BOTH,
        (true, false) => words::LEAD_CODE,
        (false, true) => words::LEAD_PASSKEY,
        (false, false) => words::LEAD_NONE,
    };
    let passkey_label = if by_code { words::PASSKEY_INSTEAD } else { words::USE_PASSKEY };
    let kind = if by_code { Kind::Secondary } else { Kind::Primary };
    let code = by_code.then(|| {
        view! {
            <div class="second-code">
                <Field
                    id="second-code"
                    label=words::CODE
                    value=showing.code
                    autocomplete="one-time-code"
                    inputmode="numeric"
                    icon=Icon::Key
                    help=words::CODE_HELP
                    error=showing.wrong
                    tall=wide
                />
            </div>
        }
    });
    let next = by_code.then(|| {
        view! {
            <Button label=words::CONTINUE.to_owned() kind=Kind::Primary submit=true wide=wide working=showing.sending />
        }
        .into_any()
    });
    let passkey = by_passkey.then(|| {
        view! {
            <div class="second-passkey">
                <Button
                    label=passkey_label.to_owned()
                    kind
                    icon=Icon::Shield
                    wide=true
                    working=showing.asking
                    on_press=move |()| showing.send_passkey()
                />
                <p class="field-note" role="status">{move || showing.asking.get().then_some(words::ASKING)}</p>
            </div>
        }
        .into_any()
    });
    let unable = (wanted && !by_passkey).then(|| {
        let words = if by_code { words::NO_PASSKEYS } else { words::NO_PASSKEYS_ONLY };
        view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words}</Notice> }
    });
    let back = view! {
        <div class="second-back">
            <Button label=back.to_owned() kind=Kind::Quiet wide=wide on_press=on_back />
        </div>
    }
    .into_any();
    let acts = if wide {
        view! { {next}{passkey}{back} }.into_any()
    } else {
        view! { {passkey}<div class="dialog-acts">{back}{next}</div> }.into_any()
    };
    view! {
        <form class=if wide { "entrance-fields" } else { "dialog-fields" } novalidate on:submit=on(submit)>
            <p class=if wide { "entrance-lead" } else { "dialog-body" }>{lead}</p>
            {move || {
                showing.failed.get().map(|words| {
                    view! { <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{words}</Notice> }
                })
            }}
            {unable}
            {code}
            {acts}
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn a_code_is_read_however_it_is_grouped() {
        for typed in ["123456", "123 456", " 123-456\n", "1234567"] {
            assert_eq!(digits(typed), "123456", "{typed:?}");
        }
        assert_eq!(digits("12a"), "12");
        assert_eq!(digits("١٢٣"), "");
    }
}
