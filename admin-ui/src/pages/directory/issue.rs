//! Issuing a token: what it is for, what it may do and how long; then the token itself, this once.

use chancery_protocol::Micros;
use chancery_protocol::sources::{IssueToken, TokenIssued};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::choice::Radios;
use chancery_ui_kit::copy_field::CopyField;
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::tokens as words;
use chancery_ui_kit::time::{LocalTime, day_begins, now};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::fields::Note;
use crate::components::question::Refusal;
use crate::logic::tokens::{OWN_DAY, QUARTER, WrongDay, YEAR, ends};
use crate::state::tokens::Tokens;

/// Names of the choices of what a token may do.
const WRITE: &str = "write";
const READ: &str = "read";

/// The dialog; there while a token is being issued. What it held is gone when it closes.
#[component]
pub fn IssueDialog() -> impl IntoView {
    let tokens = Tokens::current();
    let title = Signal::derive(move || tokens.title.get().to_owned());
    view! {
        <Dialog open=tokens.issuing id="token" title>
            <Issue />
        </Dialog>
    }
}

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    access: RwSignal<String>,
    until: RwSignal<String>,
    day: RwSignal<String>,
    name_error: RwSignal<Option<String>>,
    day_error: RwSignal<Option<String>>,
}

impl Typed {
    fn begin() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            access: RwSignal::new(WRITE.to_owned()),
            until: RwSignal::new(YEAR.to_owned()),
            day: RwSignal::new(String::new()),
            name_error: RwSignal::new(None),
            day_error: RwSignal::new(None),
        }
    }

    /// When it would end; tracked.
    fn ends(self) -> Result<Micros, WrongDay> {
        let day = self.day.with(|day| day_over(day));
        self.until.with(|choice| ends(choice, now(), day))
    }

    /// What is sent; none when something is wrong, which is said at its field then.
    fn form(self) -> Option<IssueToken> {
        let name = self.name.with_untracked(|name| name.trim().to_owned());
        let end = untrack(|| self.ends());
        let wrong = |wrong: WrongDay| match wrong {
            WrongDay::Missing => words::NEED_DAY.to_owned(),
            WrongDay::Past => words::PAST.to_owned(),
        };
        self.name_error.set(name.is_empty().then(|| words::NEED_NAME.to_owned()));
        self.day_error.set(end.err().map(wrong));
        let end = end.ok().filter(|_| !name.is_empty());
        if end.is_none() {
            focus_wrong();
        }
        let write = self.access.with_untracked(|access| access == WRITE);
        end.map(|expires_at| IssueToken { name, write, expires_at })
    }
}

/// The last moment of a day where the reader is.
fn day_over(day: &str) -> Option<Micros> {
    /// Days of a change of clocks have an hour more or less: from the middle of the next one its beginning is found.
    const TO_THE_NEXT: Micros = 36 * 60 * 60 * 1_000_000;
    let next = day_begins(day)? + TO_THE_NEXT;
    Some(day_begins(&LocalTime::of(next).machine_day())? - 1)
}

/// The fields are marked first; only then can the first of them be found.
fn focus_wrong() {
    set_timeout(
        || {
            dom::focus("#token [aria-invalid=true]");
        },
        std::time::Duration::ZERO,
    );
}

#[component]
fn Issue() -> impl IntoView {
    let tokens = Tokens::current();
    let typed = Typed::begin();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let issued = RwSignal::new(None::<TokenIssued>);
    let there = memo(move || issued.with(Option::is_some));
    effect(move || tokens.title.set(if there.get() { words::ISSUED } else { words::ISSUE }));
    // What the server says about a field stands there.
    effect(move || {
        let field = failed.with(|failed| match failed {
            Some(error @ ClientError::Problem(problem)) => match problem.field.as_deref() {
                Some("name") => Some((typed.name_error, words::refused(error))),
                Some("expires_at") if typed.until.with_untracked(|until| until == OWN_DAY) => {
                    Some((typed.day_error, words::refused(error)))
                }
                _ => None,
            },
            _ => None,
        });
        if let Some((error, said)) = field {
            error.set(Some(said));
            failed.set(None);
            focus_wrong();
        }
    });
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(form) = typed.form() {
            tokens.issue(form, working, failed, issued);
        }
    };
    move || {
        if there.get() {
            let token = issued.with_untracked(|issued| issued.as_ref().map(|issued| issued.token.clone()));
            return view! { <Shown typed token=token.unwrap_or_default() /> }.into_any();
        }
        effect(|| {
            dom::focus("#token-name");
        });
        view! {
            <form class="dialog-fields" novalidate on:submit=on(submit)>
                <Refusal words=refused />
                <Field
                    id="token-name"
                    label=words::NAME
                    value=typed.name
                    help=words::NAME_HELP.to_owned()
                    error=typed.name_error
                    autocomplete="off"
                />
                <Radios
                    id="token-access"
                    label=words::MAY
                    choices=vec![(WRITE, words::MAY_WRITE), (READ, words::MAY_READ)]
                    value=typed.access
                />
                <Until typed />
                <div class="dialog-acts">
                    <Button
                        label=text::act::CANCEL.to_owned()
                        kind=Kind::Quiet
                        on_press=move |()| tokens.issuing.set(false)
                    />
                    <Button label=words::ISSUE_ACT.to_owned() kind=Kind::Primary submit=true working />
                </div>
            </form>
        }
        .into_any()
    }
}

/// How long it works: a while, whose end is said, or until a day of one's own.
#[component]
fn Until(typed: Typed) -> impl IntoView {
    let own = memo(move || typed.until.with(|until| until == OWN_DAY));
    let said =
        move || typed.ends().ok().map(|end| words::until(&LocalTime::of(end).full())).unwrap_or_default();
    view! {
        <div class="token-until">
            <Radios
                id="token-until"
                label=words::UNTIL
                choices=vec![(QUARTER, words::QUARTER), (YEAR, words::YEAR), (OWN_DAY, words::OWN_DAY)]
                value=typed.until
            />
            {move || if own.get() {
                view! { <Day typed /> }.into_any()
            } else {
                view! { <p class="field-note" role="status">{said}</p> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Day(typed: Typed) -> impl IntoView {
    let (day, error) = (typed.day, typed.day_error);
    view! {
        <div class="field">
            <div class="field-head"><label for="token-day">{words::LAST_DAY}</label></div>
            <div class="field-box token-day" class:field-wrong=move || error.get().is_some()>
                <input
                    id="token-day"
                    type="date"
                    min=LocalTime::of(now()).machine_day()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby="token-day-note"
                    // What is half typed has no value: to write it back would empty the field under the keys.
                    value=day.get_untracked()
                    on:input=on(move |event| {
                        error.set(None);
                        day.set(event_target_value(&event));
                    })
                />
            </div>
            <Note id="token-day-note".to_owned() error=error.into() help=Some(words::LAST_DAY_HELP) />
        </div>
    }
}

/// The token, on the clipboard already where the browser allows it.
#[component]
fn Shown(typed: Typed, token: String) -> impl IntoView {
    let tokens = Tokens::current();
    let form = untrack(|| (typed.name.get(), typed.access.get() == WRITE, typed.ends()));
    let (name, write, end) = form;
    let until = end.map(|end| LocalTime::of(end).full()).unwrap_or_default();
    view! {
        <div class="dialog-wide dialog-fields">
            <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>
                <p><strong>{words::ONCE}</strong>" "{words::LOST}</p>
            </Notice>
            <CopyField
                id="token-secret"
                label=words::token_of(name.trim())
                value=token
                yes=words::COPIED
                no=words::NOT_COPIED
            />
            <p class="dialog-body">{words::works(write, &until)}</p>
            <div class="dialog-acts">
                <Button
                    label=text::act::DONE.to_owned()
                    kind=Kind::Primary
                    on_press=move |()| tokens.issuing.set(false)
                />
            </div>
        </div>
    }
}
