//! Presence: a shape for each state, so that colour never says it alone.

use chancery_protocol::person::Presence;
use leptos::prelude::*;

/// The drawing of a state on a 16 px grid: a filled shape and what is cut into it.
fn shapes(presence: Presence) -> (&'static str, &'static str) {
    const DISC: &str = "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3Z";
    match presence {
        Presence::Available => (DISC, ""),
        Presence::Away => (DISC, "M8 5.5V8.3L9.8 9.4"),
        Presence::Busy => {
            ("M4.2 3.2h7.6c.6 0 1 .4 1 1v7.6c0 .6-.4 1-1 1H4.2c-.6 0-1-.4-1-1V4.2c0-.6.4-1 1-1Z", "")
        }
        Presence::DoNotDisturb => (DISC, "M5.7 8h4.6"),
        Presence::InMeeting => (
            "M4.2 3.2h7.6c.6 0 1 .4 1 1v7.6c0 .6-.4 1-1 1H4.2c-.6 0-1-.4-1-1V4.2c0-.6.4-1 1-1Z",
            "M3.2 6.5h9.6",
        ),
        Presence::Offline => ("", "M8 4.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6Z"),
    }
}

fn class(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "presence presence-available",
        Presence::Away => "presence presence-away",
        Presence::Busy => "presence presence-busy",
        Presence::DoNotDisturb => "presence presence-busy",
        Presence::InMeeting => "presence presence-meeting",
        Presence::Offline => "presence presence-offline",
    }
}

/// The shape alone; the word must stand beside it or in the name of what it belongs to.
#[component]
pub fn PresenceShape(
    /// Which state.
    presence: Presence,
) -> impl IntoView {
    let (filled, cut) = shapes(presence);
    view! {
        <svg class=class(presence) viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <circle class="presence-ground" cx="8" cy="8" r="7.5" />
            <path class="presence-shape" d=filled />
            <path class="presence-cut" d=cut />
        </svg>
    }
}
