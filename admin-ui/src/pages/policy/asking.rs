//! Asking a second person: why, and then it is sent.

use chancery_protocol::Micros;
use chancery_protocol::policy::{AskForPolicy, AskItem, ItemKind, TEXT_NAME};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text;
use chancery_ui_kit::text::policy_console as words;
use chancery_ui_kit::toast::Toasts;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Page, refusal};
use crate::api::policy;

/// The dialog that asks why and sends a request about the text; `draft` names what is taken along.
pub fn dialog(
    page: Page,
    open: RwSignal<bool>,
    id: &'static str,
    (title, body): (&'static str, &'static str),
    in_force: bool,
    draft: Signal<Option<Micros>>,
) -> AnyView {
    let (reason, working) = (RwSignal::new(String::new()), RwSignal::new(false));
    let refused = RwSignal::new(None::<String>);
    let toasts = Toasts::current();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let known = page
            .item
            .with_untracked(|item| item.ready().and_then(|item| item.as_ref().map(|item| item.line.version)));
        let item = AskItem {
            kind: ItemKind::Text,
            name: TEXT_NAME.to_owned(),
            version: known.unwrap_or(0),
            in_force,
            place: None,
            draft: draft.get_untracked(),
        };
        let asked = AskForPolicy { items: vec![item], reason: reason.get_untracked().trim().to_owned() };
        working.set(true);
        spawn_local(async move {
            let made = policy::ask(page.api, &asked).await;
            let _ = working.try_set(false);
            page.line.heard(&made);
            match made {
                Ok(_) => {
                    toasts.done(words::SENT);
                    reason.set(String::new());
                    refused.set(None);
                    open.set(false);
                    page.load();
                }
                Err(error) => refused.set(Some(refusal(&error))),
            }
        });
    };
    // The dialog makes what it holds anew each time.
    let send = StoredValue::new_local(send);
    view! {
        <Dialog open id title=title.to_owned()>
            <form class="dialog-fields" novalidate on:submit=on(move |event| send.with_value(|send| send(event)))>
                <p class="dialog-body">{body}</p>
                <Refusal words=refused />
                <Field id="aup-reason" label=words::REASON value=reason help=words::REASON_HELP />
                <div class="dialog-acts">
                    <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| open.set(false) />
                    <Button label=words::SEND.to_owned() kind=Kind::Primary submit=true working />
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// The way to take the text out of force.
pub fn switch_off(page: Page) -> AnyView {
    let open = RwSignal::new(false);
    let ask = dialog(
        page,
        open,
        "aup-off",
        (words::SWITCH_OFF, words::SWITCH_OFF_BODY),
        false,
        Signal::derive(|| None),
    );
    view! {
        <div><Button label=words::SWITCH_OFF.to_owned() kind=Kind::DangerOutlined on_press=move |()| open.set(true) /></div>
        {ask}
    }
    .into_any()
}
