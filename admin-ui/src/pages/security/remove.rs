//! Removing one of one's own: what follows, and the password.

use chancery_protocol::factors::{Factor, RemoveFactor};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Field, FieldKind};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text::factors as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::factors;
use crate::components::question::Refusal;
use crate::state::security::Security;

/// What stands in the dialog.
#[component]
pub fn RemoveDialog(
    /// Which.
    factor: Factor,
    /// How many stay.
    others: usize,
) -> impl IntoView {
    let security = Security::current();
    let (password, working) = (RwSignal::new(String::new()), RwSignal::new(false));
    let (wrong, failed) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let id = factor.id;
    effect(move || {
        dom::focus("#factor-password");
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let password = password.get_untracked();
        wrong.set(password.is_empty().then(|| words::NEED_PASSWORD.to_owned()));
        failed.set(None);
        if password.is_empty() {
            dom::focus("#factor-password");
            return;
        }
        let form = RemoveFactor { password };
        let act = async move { factors::remove(security.api, id, &form).await };
        security.run(working, act, move |outcome| match outcome {
            Ok(()) => security.done(words::REMOVED),
            Err(error) if error.code() == Some("sign_in_failed") => {
                wrong.set(Some(words::refused(&error)));
                dom::focus("#factor-password");
            }
            Err(error) => {
                failed.set(Some(words::refused(&error)));
                security.load();
            }
        });
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::remove_body(others)}</p>
            <Refusal words=failed />
            <Field
                id="factor-password"
                label=words::PASSWORD
                value=password
                kind=FieldKind::Password
                autocomplete="current-password"
                error=wrong
            />
            <div class="dialog-acts">
                <Button label=words::KEEP.to_owned() kind=Kind::Quiet on_press=move |()| security.answered() />
                <Button label=words::REMOVE.to_owned() kind=Kind::Danger submit=true working />
            </div>
        </form>
    }
}
