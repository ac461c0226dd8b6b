//! How reachable one is: what was chosen, until when, and away by itself.

use chancery_protocol::Micros;
use chancery_protocol::person::Presence;
use chancery_ui_kit::dom;
use leptos::prelude::*;

use super::Chat;

/// Under this name the browser keeps what was chosen, so that a reload does not end it.
const KEY: &str = "chancery.presence";

/// What one chose to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// How reachable.
    pub presence: Presence,
    /// Until when; then available again.
    pub until: Option<Micros>,
}

const AVAILABLE: Chosen = Chosen { presence: Presence::Available, until: None };

/// The states that can be chosen; the rest is found out.
pub const CHOICES: [Presence; 5] =
    [Presence::Available, Presence::Away, Presence::Busy, Presence::DoNotDisturb, Presence::InMeeting];

/// What the browser kept: the number of the choice, and until when.
pub fn stored() -> Chosen {
    let read = || {
        let kept = dom::stored(KEY)?;
        let (choice, until) = kept.split_once(' ')?;
        let presence = *CHOICES.get(choice.parse::<usize>().ok()?)?;
        let until = until.parse::<Micros>().ok().filter(|until| *until > 0);
        Some(Chosen { presence, until })
    };
    read().unwrap_or(AVAILABLE)
}

impl Chat {
    /// Chooses how reachable one is, until a time or until another choice.
    pub fn choose_presence(self, presence: Presence, until: Option<Micros>) {
        let at = CHOICES.iter().position(|one| *one == presence).unwrap_or_default();
        dom::store(KEY, &format!("{at} {}", until.unwrap_or_default()));
        self.chosen.set(Chosen { presence, until });
        self.be(presence);
    }

    /// Nothing was pressed or moved for long, or it is again.
    pub fn set_idle(self, idle: bool) {
        let chosen = self.chosen.get_untracked().presence;
        self.be(if idle && chosen == Presence::Available { Presence::Away } else { chosen });
    }

    /// Ends a choice whose time is over.
    pub(super) fn expire_presence(self, now: Micros) {
        if self.chosen.get_untracked().until.is_some_and(|until| until <= now) {
            self.choose_presence(Presence::Available, None);
        }
    }

    fn be(self, presence: Presence) {
        if self.own_presence.get_untracked() != presence {
            self.own_presence.set(presence);
            self.tell_presence();
        }
    }
}
