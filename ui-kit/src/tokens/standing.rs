//! How a token stands.

use chancery_protocol::Micros;
use leptos::prelude::*;

use crate::badge::{Badge, Tone};
use crate::icon::Icon;
use crate::text::tokens as words;

/// Microseconds of a day.
pub(super) const DAY: Micros = 24 * 60 * 60 * 1_000_000;
/// From here on it is said how long a token still works, in days.
const SOON: Micros = 14;

/// How a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It works, and will for a while.
    Valid,
    /// It works for so many days and no longer.
    Ends(u64),
    /// It ended by itself.
    Over,
    /// It was revoked.
    Revoked,
}

impl Standing {
    /// Whether it opens anything.
    pub fn works(self) -> bool {
        matches!(self, Self::Valid | Self::Ends(_))
    }
}

/// How a token stands at a time.
pub fn standing(expires_at: Micros, revoked_at: Option<Micros>, now: Micros) -> Standing {
    let left = expires_at.saturating_sub(now);
    match left {
        _ if revoked_at.is_some() => Standing::Revoked,
        ..=0 => Standing::Over,
        _ if left < SOON * DAY => Standing::Ends((left / DAY).unsigned_abs()),
        _ => Standing::Valid,
    }
}

/// The same as a badge.
#[component]
pub fn StandingBadge(
    /// How it stands.
    standing: Standing,
) -> impl IntoView {
    let (label, tone, icon) = match standing {
        Standing::Valid => (words::VALID.to_owned(), Tone::Ok, Icon::Tick),
        Standing::Ends(days) => (words::ends_in(days), Tone::Warn, Icon::Clock),
        Standing::Over => (words::OVER.to_owned(), Tone::Mute, Icon::Minus),
        Standing::Revoked => (words::REVOKED.to_owned(), Tone::Mute, Icon::Barred),
    };
    view! { <Badge label tone icon /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Micros = 1_000 * DAY;

    #[test]
    fn a_token_is_valid_ends_soon_or_is_over() {
        assert_eq!(standing(NOW + 14 * DAY, None, NOW), Standing::Valid);
        assert_eq!(standing(NOW + 14 * DAY - 1, None, NOW), Standing::Ends(13));
        assert_eq!(standing(NOW + 1, None, NOW), Standing::Ends(0));
        assert_eq!(standing(NOW, None, NOW), Standing::Over);
        assert_eq!(standing(Micros::MIN, None, 0), Standing::Over);
        assert_eq!(standing(NOW + 14 * DAY, Some(NOW), NOW), Standing::Revoked);
    }
}
