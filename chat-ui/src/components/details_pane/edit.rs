//! Another name, topic or openness for a group.

use chancery_protocol::command::{Describe, Members};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text;
use chancery_ui_kit::text::groups as words;
use chancery_ui_kit::toast::Toasts;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{Asked, Pane};
use crate::components::group_fields::{GroupEntry, GroupFields, refusal};
use crate::components::rule_ask::RuleAsk;
use crate::state::chat::client_id;

/// The dialog.
#[component]
pub fn EditDialog(pane: Pane) -> impl IntoView {
    let open = pane.asks(|asked| asked == Asked::Edit);
    view! {
        <Dialog open id="edit-group" title=Signal::derive(|| words::EDIT_TITLE.to_owned())>
            <Form pane open />
        </Dialog>
    }
}

#[component]
fn Form(pane: Pane, open: RwSignal<bool>) -> impl IntoView {
    let Pane { chat, id, .. } = pane;
    let toasts = Toasts::current();
    let before = pane.info.get_untracked();
    let name = before.as_ref().and_then(|info| info.name.clone()).unwrap_or_default();
    let topic = before.as_ref().and_then(|info| info.topic.clone()).unwrap_or_default();
    let was_open = before.is_some_and(|info| info.open);
    let entry = GroupEntry::new(name.clone(), topic.clone(), was_open);
    let before = StoredValue::new((name, topic, was_open));
    let working = RwSignal::new(false);
    let rules = RuleAsk::new(chat, working);
    let refused = RwSignal::new(None::<ClientError>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() || !entry.check() {
            return;
        }
        // Only what was changed here: the rest may have been changed by others meanwhile.
        let (name, topic, was_open) = before.get_value();
        let command = Describe {
            client_id: client_id(),
            conversation: id,
            name: Some(entry.name()).filter(|new| *new != name),
            topic: Some(entry.topic()).filter(|new| *new != topic),
            open: Some(entry.open.get_untracked()).filter(|new| *new != was_open),
        };
        if command.name.is_none() && command.topic.is_none() && command.open.is_none() {
            return open.set(false);
        }
        refused.set(None);
        rules.send(command, move |answer| {
            if matches!(answer, Err(ClientError::Problem(_))) {
                // What is known of its members may be old.
                chat.ask(Members { conversation: id });
            }
            match answer {
                // The dialog may have been closed meanwhile.
                Ok(_) => drop(open.try_set(false)),
                Err(error) if entry.refused(&error) => {}
                Err(error) => {
                    if refused.try_set(Some(error.clone())).is_some() {
                        toasts.failed(words::NOT_CHANGED, refusal(&error));
                    }
                }
            }
        });
    };
    view! {
        <form class="dialog-form" novalidate hidden=move || rules.is_open() on:submit=on(submit)>
            <GroupFields entry focus=true />
            {move || refused.get().map(|error| view! {
                <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{refusal(&error)}</Notice>
            })}
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| open.set(false) />
                <Button label=words::SAVE.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
        {rules.view(move || open.set(false))}
    }
}
