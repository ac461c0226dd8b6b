//! What every new second factor is asked first: its name, and one's own password.

use chancery_protocol::factors::AddFactor;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Field, FieldKind};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::factors as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::question::Refusal;
use crate::state::security::Security;

/// What is typed, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct Typed {
    name: RwSignal<String>,
    password: RwSignal<String>,
    name_error: RwSignal<Option<String>>,
    password_error: RwSignal<Option<String>>,
    /// What is wrong with neither.
    pub failed: RwSignal<Option<String>>,
}

impl Typed {
    /// Nothing.
    pub fn begin() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            name_error: RwSignal::new(None),
            password_error: RwSignal::new(None),
            failed: RwSignal::new(None),
        }
    }

    /// What is sent; none when something is missing, which is said at its field then.
    fn form(self) -> Option<AddFactor> {
        let name = self.name.with_untracked(|name| name.trim().to_owned());
        let password = self.password.get_untracked();
        self.failed.set(None);
        self.name_error.set(name.is_empty().then(|| words::NEED_NAME.to_owned()));
        self.password_error.set(password.is_empty().then(|| words::NEED_PASSWORD.to_owned()));
        if name.is_empty() {
            dom::focus("#factor-name");
        } else if password.is_empty() {
            dom::focus("#factor-password");
        }
        (!name.is_empty() && !password.is_empty()).then_some(AddFactor { name, password })
    }

    /// The password is proven, and not needed any more.
    pub fn proven(self) {
        self.password.set(String::new());
    }

    /// Says why it was refused, at the field it is about.
    pub fn refuse(self, error: &ClientError) {
        let said = Some(words::refused(error));
        let field = match error {
            ClientError::Problem(problem) => problem.field.as_deref(),
            _ => None,
        };
        match (error.code(), field) {
            (Some("sign_in_failed"), _) => {
                self.password_error.set(said);
                dom::focus("#factor-password");
            }
            (_, Some("name")) => {
                self.name_error.set(said);
                dom::focus("#factor-name");
            }
            _ => self.failed.set(said),
        }
    }
}

/// The form.
#[component]
pub fn AddForm(
    /// What is typed.
    typed: Typed,
    /// What to call it.
    help: &'static str,
    /// What follows.
    #[prop(optional)]
    body: &'static str,
    /// Whether it is under way.
    #[prop(into)]
    working: Signal<bool>,
    /// What to do meanwhile.
    #[prop(optional, into)]
    meanwhile: Signal<Option<&'static str>>,
    /// Sends what is complete.
    #[prop(into)]
    on_send: Callback<AddFactor>,
) -> impl IntoView {
    let security = Security::current();
    effect(move || {
        dom::focus("#factor-name");
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !working.get_untracked()
            && let Some(form) = typed.form()
        {
            on_send.run(form);
        }
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            {(!body.is_empty()).then(|| view! { <p class="dialog-body">{body}</p> })}
            <Refusal words=typed.failed />
            <Field id="factor-name" label=words::NAME value=typed.name help=help error=typed.name_error autocomplete="off" />
            <Field
                id="factor-password"
                label=words::PASSWORD
                value=typed.password
                kind=FieldKind::Password
                autocomplete="current-password"
                error=typed.password_error
            />
            <p class="field-note" role="status">{move || meanwhile.get()}</p>
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| security.answered() />
                <Button label=words::CONTINUE.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}
