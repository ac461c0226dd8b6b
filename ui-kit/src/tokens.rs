//! Tokens with which programs come in: what those of sources and those of people have in common (how one stands, when it ends), and the
//! list of somebody's access tokens with its two dialogs, issue and revoke.
//!
//! Must stay true: a token that was issued is shown once, and is nowhere any more when its dialog closes.

mod desk;
mod end;
mod handed;
mod issue;
mod list;
mod scopes;
mod standing;

pub use desk::Desk;
pub use end::{End, Until, WrongDay};
pub use handed::Handed;
pub use issue::TokenDialogs;
pub use list::{IssueButton, TokenList};
pub use standing::{Standing, StandingBadge, standing};

use std::time::Duration;

use leptos::prelude::set_timeout;

use crate::dom;

/// Puts the focus on the first field that is wrong. The fields are marked first; only then can it be found.
pub fn focus_wrong() {
    set_timeout(
        || {
            dom::focus("#token [aria-invalid=true], #token .field-error");
        },
        Duration::ZERO,
    );
}
