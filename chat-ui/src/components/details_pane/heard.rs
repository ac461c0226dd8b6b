//! How one has this conversation: pinned or not, and what of it makes itself heard. The same on all own devices.

use chancery_protocol::preferences::Notify;
use chancery_ui_kit::choice::SwitchLine;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::text::{mailing, people as words};
use leptos::prelude::*;

use super::Pane;
use crate::logic::arrange::Change;

/// The two settings.
#[component]
pub fn Heard(pane: Pane) -> impl IntoView {
    let Pane { chat, id, .. } = pane;
    let arranged = memo(move || chat.arrangement(id));
    let notify = memo(move || arranged.get().notify);
    let choices = vec![
        Choice::new(Notify::All, words::HEARD_ALL),
        Choice::new(Notify::Mentions, words::HEARD_MENTIONS),
        Choice::new(Notify::Nothing, words::HEARD_NOTHING),
    ];
    let body = move || match notify.get() {
        Notify::All => words::HEARD_ALL_BODY,
        Notify::Mentions => words::HEARD_MENTIONS_BODY,
        Notify::Nothing => words::HEARD_NOTHING_BODY,
    };
    let pin = move |()| chat.arrange(Change::Pin(id, !arranged.get_untracked().pinned));
    view! {
        <div class="details-heard">
            <p class="details-setting">{words::HEARD}</p>
            <Segmented
                label=words::HEARD
                choices
                value=notify.into()
                on_choose=move |notify| chat.arrange(Change::Notify(id, notify))
            />
            <p class="state-hint">{body}</p>
            <p class="state-hint">{mailing::HEARD_TOO}</p>
            <SwitchLine
                id="pin"
                label=words::PIN
                checked=Signal::derive(move || arranged.get().pinned)
                on_press=Callback::new(pin)
            />
        </div>
    }
}
