//! A new token, shown this once.

use leptos::prelude::*;

use crate::badge::Tone;
use crate::button::{Button, Kind};
use crate::copy_field::CopyField;
use crate::icon::Icon;
use crate::notice::Notice;
use crate::text;
use crate::text::tokens as words;

/// The token, on the clipboard already where the browser allows it.
#[component]
pub fn Handed(
    /// What it is called.
    name: String,
    /// What it consists of.
    token: String,
    /// What it does, and until when.
    works: String,
    /// Closes what it stands in.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
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
            <p class="dialog-body">{works}</p>
            <div class="dialog-acts">
                <Button label=text::act::DONE.to_owned() kind=Kind::Primary on_press=on_done />
            </div>
        </div>
    }
}
