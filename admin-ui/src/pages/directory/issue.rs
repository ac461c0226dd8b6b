//! Issuing a token: what it is for, what it may do and how long; then the token itself, this once.

use chancery_protocol::sources::{IssueToken, TokenIssued};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::choice::Radios;
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::tokens as words;
use chancery_ui_kit::time::LocalTime;
use chancery_ui_kit::tokens::{End, Handed, Until, focus_wrong};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::question::Refusal;
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
    end: End,
    name_error: RwSignal<Option<String>>,
}

impl Typed {
    fn begin() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            access: RwSignal::new(WRITE.to_owned()),
            end: End::year(),
            name_error: RwSignal::new(None),
        }
    }

    /// What is sent; none when something is wrong, which is said at its field then.
    fn form(self) -> Option<IssueToken> {
        let name = self.name.with_untracked(|name| name.trim().to_owned());
        self.name_error.set(name.is_empty().then(|| words::NEED_NAME.to_owned()));
        let end = self.end.checked().filter(|_| !name.is_empty());
        if end.is_none() {
            focus_wrong();
        }
        let write = self.access.with_untracked(|access| access == WRITE);
        end.map(|expires_at| IssueToken { name, write, expires_at })
    }
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
        let placed = failed.with(|failed| match failed {
            Some(error @ ClientError::Problem(problem)) => match problem.field.as_deref() {
                Some("name") => {
                    typed.name_error.set(Some(words::refused(error)));
                    true
                }
                Some("expires_at") => typed.end.refuse(words::refused(error)),
                _ => false,
            },
            _ => false,
        });
        if placed {
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
            let (name, write, end) =
                untrack(|| (typed.name.get(), typed.access.get() == WRITE, typed.end.at()));
            let until = end.map(|end| LocalTime::of(end).full()).unwrap_or_default();
            return view! {
                <Handed
                    name
                    token=token.unwrap_or_default()
                    works=words::works(write, &until)
                    on_done=move |()| tokens.issuing.set(false)
                />
            }
            .into_any();
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
                <Until end=typed.end />
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
