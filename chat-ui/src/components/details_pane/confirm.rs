//! What is asked before it is done, because one cannot take it back alone: leaving, taking out, being no owner any longer.

use chancery_protocol::command::{Command, RemoveMember, SetMemberRole};
use chancery_protocol::conversation::MemberRole;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::text::groups as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;

use super::{Asked, Pane};
use crate::components::group_fields::refusal;
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::client_id;

fn is_question(asked: Asked) -> bool {
    matches!(asked, Asked::Leave | Asked::TakeOut(_) | Asked::StepDown)
}

/// The dialog.
#[component]
pub fn ConfirmDialog(pane: Pane) -> impl IntoView {
    let open = pane.asks(is_question);
    let title = Signal::derive(move || match pane.asked.get() {
        Some(Asked::Leave) => words::leave_title(&pane.name()),
        Some(Asked::TakeOut(person)) => words::take_out_title(&pane.chat.name_of(person)),
        Some(Asked::StepDown) => words::step_down_title().to_owned(),
        _ => String::new(),
    });
    view! {
        <Dialog open id="confirm-group" title>
            <Question pane open />
        </Dialog>
    }
}

#[component]
fn Question(pane: Pane, open: RwSignal<bool>) -> impl IntoView {
    let Pane { chat, id, .. } = pane;
    let toasts = Toasts::current();
    let go = use_go();
    let working = RwSignal::new(false);
    let refused = RwSignal::new(None::<ClientError>);
    let Some(asked) = pane.asked.get_untracked().filter(|asked| is_question(*asked)) else {
        return ().into_any();
    };
    let is_open = pane.info.with_untracked(|info| info.as_ref().is_some_and(|info| info.open));
    let (body, keep, act) = match asked {
        Asked::Leave => (words::leave_body(is_open).to_owned(), words::STAY, words::LEAVE),
        Asked::TakeOut(person) => (words::take_out_body(&chat.name_of(person)), words::KEEP, words::TAKE_OUT),
        _ => (words::step_down_body().to_owned(), words::KEEP, words::STEP_DOWN),
    };
    let perform = move |()| {
        let Some(me) = chat.state.with_untracked(|state| state.me.as_ref().map(|me| me.id)) else { return };
        let (client_id, conversation) = (client_id(), id);
        let command: Command = match asked {
            Asked::TakeOut(person) => RemoveMember { client_id, conversation, person }.into(),
            Asked::StepDown => {
                SetMemberRole { client_id, conversation, person: me, role: MemberRole::Member }.into()
            }
            _ => RemoveMember { client_id, conversation, person: me }.into(),
        };
        let name = untrack(move || pane.name());
        working.set(true);
        refused.set(None);
        // What follows happens after the pane is gone: the event that one has left comes before the answer.
        chat.manage(id, command, move |result| {
            let _ = working.try_set(false);
            match result {
                Ok(()) if asked == Asked::Leave => {
                    go.replace(Place::Chats);
                    toasts.done(words::left(&name));
                }
                Ok(()) => drop(open.try_set(false)),
                Err(error) => {
                    if refused.try_set(Some(error.clone())).is_some() {
                        toasts.failed(words::NOT_CHANGED, refusal(&error));
                    }
                }
            }
        });
    };
    view! {
        <p class="dialog-body">{body}</p>
        {move || refused.get().map(|error| view! {
            <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{refusal(&error)}</Notice>
        })}
        <div class="dialog-acts">
            <Button label=keep.to_owned() kind=Kind::Quiet on_press=move |()| open.set(false) />
            <Button label=act.to_owned() kind=Kind::Danger working on_press=perform />
        </div>
    }
    .into_any()
}
