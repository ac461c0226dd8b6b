//! Adding a passkey: the browser makes it and asks by itself where to keep it.

use chancery_protocol::factors::{AddFactor, FinishPasskey, PasskeyBegun};
use chancery_ui_kit::passkey::{self, Asked, Failure};
use chancery_ui_kit::text::factors as words;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::{AddForm, Typed};
use crate::api::factors;
use crate::state::security::Security;

/// What stands in the dialog.
#[component]
pub fn PasskeyDialog() -> impl IntoView {
    let security = Security::current();
    let (typed, working, asking) = (Typed::begin(), RwSignal::new(false), RwSignal::new(false));
    let asked = StoredValue::new_local(Asked::default());
    on_cleanup(move || {
        let _ = asked.try_with_value(Asked::take_back);
    });
    let finish = move |form: FinishPasskey| {
        let act = async move { factors::finish_passkey(security.api, &form).await };
        security.run(working, act, move |outcome| match outcome {
            Ok(()) => security.done(words::PASSKEY_ADDED),
            Err(error) if error.code() == Some("factor_failed") => {
                typed.failed.set(Some(words::not_shown(Failure::Failed).to_owned()));
            }
            Err(error) => typed.refuse(&error),
        });
    };
    let make = move |PasskeyBegun { ticket, options }: PasskeyBegun| {
        let question = Asked::begin();
        asked.set_value(question.clone());
        asking.set(true);
        spawn_local(async move {
            let made = passkey::create(&options.to_string(), &question).await;
            // Whoever closed the dialog made none.
            if asking.try_set(false).is_some() {
                return;
            }
            match made {
                Ok(credential) => match serde_json::from_str(&credential) {
                    Ok(credential) => finish(FinishPasskey { ticket, credential }),
                    Err(_) => typed.failed.set(Some(words::not_shown(Failure::Failed).to_owned())),
                },
                Err(Failure::Aborted) => {}
                Err(failure) => typed.failed.set(Some(words::not_shown(failure).to_owned())),
            }
        });
    };
    let send = move |form: AddFactor| {
        let act = async move { factors::begin_passkey(security.api, &form).await };
        security.run(working, act, move |outcome| match outcome {
            Ok(begun) => make(begun),
            Err(error) => typed.refuse(&error),
        });
    };
    view! {
        <AddForm
            typed
            help=words::NAME_HELP_PASSKEY
            body=words::PASSKEY_BODY
            working=Signal::derive(move || working.get() || asking.get())
            meanwhile=Signal::derive(move || asking.get().then_some(words::ASKING))
            on_send=send
        />
    }
}
