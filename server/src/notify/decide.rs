//! Whether a mail goes about what somebody has not read, and when. Pure; asked when something has been unread for long enough, again
//! when what it waited for is over, again when the mail leaves, and whenever somebody wants to know.

use chancery_protocol::Micros;
use chancery_protocol::mail::{HouseMail, MailMode, Mailing, QuietHours, Wait};
use chancery_protocol::preferences::Notify;

use super::hours::{next_at, opens};
use crate::ground::zone::Zone;

const MINUTE: Micros = 60_000_000;

/// Which mails somebody wants, with what the house says where they have said nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wants {
    pub mode: MailMode,
    /// How long something must have been unread.
    pub after: Micros,
    /// About one conversation one mail in so long.
    pub window: Micros,
    pub digest_at: u16,
    pub quiet: QuietHours,
    pub urgent_waits: bool,
    pub zone: Zone,
}

impl Wants {
    /// What holds for somebody.
    pub fn of(mailing: &Mailing, house: &HouseMail) -> Self {
        let minutes = |minutes: u16| Micros::from(minutes) * MINUTE;
        let zone = mailing.zone.as_deref().and_then(Zone::named);
        Self {
            mode: mailing.mode,
            after: minutes(mailing.after_minutes.unwrap_or(0).max(house.after_minutes)),
            window: minutes(house.window_minutes),
            digest_at: mailing.digest_at.unwrap_or(house.digest_at),
            quiet: mailing.quiet.clone().unwrap_or_else(|| house.quiet.clone()),
            urgent_waits: mailing.urgent_waits,
            zone: zone.or_else(|| Zone::named(&house.zone)).unwrap_or_else(Zone::utc),
        }
    }

    /// When mails may go: now, or once it is not quiet any more.
    pub fn opens(&self, now: Micros) -> Micros {
        opens(now, &self.quiet, &self.zone)
    }

    /// When the next daily mail goes.
    pub fn next_daily(&self, now: Micros) -> Micros {
        self.opens(next_at(now, self.digest_at, &self.zone))
    }
}

/// How somebody stands in a conversation in which they have something unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Case {
    /// What of the conversation makes itself heard.
    pub notify: Notify,
    /// Since when the oldest of it is unread.
    pub since: Micros,
    /// Whether some of it mentions them.
    pub mentioned: bool,
    /// Whether some of it is urgent.
    pub urgent: bool,
    /// What was waited for until now.
    pub waited: Option<Wait>,
    /// When they were last mailed about the conversation.
    pub mailed_at: Option<Micros>,
    /// A mail that would say the same is still to leave.
    pub underway: bool,
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// No mail.
    Not(Not),
    /// It is asked again then.
    Later(Micros, Wait),
    /// A mail about this conversation.
    Mail,
    /// It goes into the daily mail, which goes now.
    Daily,
}

/// Why there is no mail, whatever the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Not {
    /// The conversation is muted.
    Muted,
    /// Only mentions are heard.
    Unmentioned,
    /// They want no mails.
    Off,
}

/// Decides.
pub(super) fn decide(now: Micros, case: &Case, wants: &Wants) -> Decision {
    match case.notify {
        Notify::Nothing => return Decision::Not(Not::Muted),
        // Whoever asks everybody to confirm that they have read it means each of them.
        Notify::Mentions if !case.mentioned && !case.urgent => return Decision::Not(Not::Unmentioned),
        Notify::Mentions | Notify::All => {}
    }
    if wants.mode == MailMode::Never {
        return Decision::Not(Not::Off);
    }
    let ripe = case.since.saturating_add(wants.after);
    if ripe > now {
        return Decision::Later(ripe, Wait::Unread);
    }
    if case.underway {
        return Decision::Later(now + wants.window, Wait::Window);
    }
    let urgent = case.urgent && !wants.urgent_waits;
    let open = if urgent { now } else { wants.opens(now) };
    if wants.mode == MailMode::Daily && !urgent {
        return match case.waited {
            Some(Wait::Daily) if open <= now => Decision::Daily,
            Some(Wait::Daily) => Decision::Later(open, Wait::Daily),
            _ => Decision::Later(wants.next_daily(now), Wait::Daily),
        };
    }
    let next = case.mailed_at.map_or(now, |mailed| mailed.saturating_add(wants.window));
    if next > now && !urgent {
        return Decision::Later(next, Wait::Window);
    }
    if open > now {
        return Decision::Later(open, Wait::Quiet);
    }
    Decision::Mail
}
