//! The question above the composer; on a phone a sheet over everything else.

use chancery_ui_kit::dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::reactive::{effect, memo, on, part};
use chancery_ui_kit::text::rules as words;
use leptos::html;
use leptos::prelude::*;
use web_sys::{Event, HtmlDialogElement};

use crate::components::check::{Check, Question, Reason, Way};
use crate::components::timeline::Here;
use crate::state::chat::{Chat, Draft, Warned};

/// The question, while there is one.
#[component]
pub fn CheckFoot() -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let token = memo(move || chat.warned(here.id).map(|warned| warned.token));
    part(move || match token.get().and_then(|_| untrack(|| chat.warned(here.id))) {
        Some(warned) => view! { <Asked chat here warned /> }.into_any(),
        None => ().into_any(),
    })
}

#[component]
fn Asked(chat: Chat, here: Here, warned: Warned) -> impl IntoView {
    let Warned { client_id, message, text, notices, again, .. } = warned;
    let label = if message.is_some() { words::YOUR_CHANGE } else { words::YOUR_MESSAGE };
    let question = Question {
        head: words::BEFORE_SENDING,
        text,
        label,
        notices,
        again,
        edit: words::EDIT,
        send: words::SEND,
    };
    let (choice, given) = chat.reason_for(client_id);
    let reason = Reason { choice: RwSignal::new(choice), words: RwSignal::new(given) };
    effect(move || chat.keep_reason(client_id, (reason.choice.get(), reason.words.get())));
    let edit = move || match message {
        // Its field stands open behind this, with the text in it.
        Some(_) => chat.discard_act(client_id),
        None => {
            if let Some(send) = chat.unsend(client_id) {
                here.refill(Draft { text: send.text, urgent: send.urgent }, send.reply_to, None);
            }
        }
    };
    let go = Callback::new(move |way| match way {
        Way::Edit => edit(),
        Way::Send(reason) => {
            here.leave_edit(message);
            chat.confirm(client_id, reason);
        }
        Way::Discard => {
            here.leave_edit(message);
            chat.discard_act(client_id);
            let _ = chat.unsend(client_id);
        }
    });
    let node = NodeRef::<html::Dialog>::new();
    let lay = move |dialog: &HtmlDialogElement| {
        if dom::is_wide() {
            dialog.show();
        } else {
            // Fails only when the dialog has left the page.
            let _ = dialog.show_modal();
        }
    };
    effect(move || {
        if let Some(dialog) = node.get() {
            lay(&dialog);
        }
    });
    // A window that becomes narrow or wide while it is open: a sheet cannot become a part of the page without being closed.
    let resized = window_event_listener(leptos::ev::resize, move |_| {
        let Some(dialog) = node.get_untracked() else { return };
        if dialog.open() && dialog.matches(":modal").is_ok_and(|sheet| sheet == dom::is_wide()) {
            let held = dom::focused().filter(|held| dialog.contains(Some(held)));
            dialog.close();
            lay(&dialog);
            if let Some(held) = held {
                // Fails only when it has left the page.
                let _ = held.focus();
            }
        }
    });
    on_cleanup(move || {
        resized.remove();
        dialog::close(node);
    });
    view! {
        <dialog
            class="check-foot"
            id="check"
            role="alertdialog"
            node_ref=node
            aria-labelledby="check-title"
            aria-describedby="check-why"
            on:cancel=on(move |event: Event| {
                event.prevent_default();
                edit();
            })
        >
            <Check place="check" question reason go />
        </dialog>
    }
}
