//! Whether a mail goes about what somebody has not read, and when. Pure; asked when something has been unread for long enough, again
//! when what it waited for is over, again when the mail leaves, and whenever somebody wants to know.

use chancery_protocol::Micros;
use chancery_protocol::mail::{HouseMail, MailMode, Mailing, QuietHours, Wait};
use chancery_protocol::preferences::Notify;

use super::hours::{next_at, opens};
use crate::ground::zone::Zone;

const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;
/// About one conversation no more than one mail in so long, whatever calls for it.
const SHORTEST: Micros = 10 * MINUTE;
/// Daily mails that are looked at for the next: their time may have been in a week of quiet.
const LOOKED_AT: usize = 16;

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

    /// When the next daily mail goes: the same until it has gone.
    pub fn next_daily(&self, now: Micros) -> Micros {
        let first = next_at(now.saturating_sub(8 * DAY), self.digest_at, &self.zone);
        let times = std::iter::successors(Some(first), |at| Some(next_at(*at, self.digest_at, &self.zone)));
        times.take(LOOKED_AT).map(|at| self.daily(at)).find(|at| *at > now).unwrap_or(Micros::MAX)
    }

    /// When the daily mail goes that has this time: when the quiet ends that it falls into, but not twice on one day.
    fn daily(&self, at: Micros) -> Micros {
        let open = self.opens(at);
        if open == at {
            return at;
        }
        let next = self.opens(next_at(open.saturating_sub(1), self.digest_at, &self.zone));
        let day = |at| self.zone.clock(at).map(|clock| clock.date());
        if day(next) == day(open) { next } else { open }
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
    let window = if urgent { wants.window.min(SHORTEST) } else { wants.window };
    let next = case.mailed_at.map_or(now, |mailed| mailed.saturating_add(window));
    if next > now {
        return Decision::Later(next, Wait::Window);
    }
    if open > now {
        return Decision::Later(open, Wait::Quiet);
    }
    Decision::Mail
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chancery_protocol::mail::Weekday;
    use proptest::prelude::*;

    use super::*;

    const DAYS: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    /// A Friday, midnight UTC.
    const START: Micros = 1_799_971_200_000_000;

    fn minutes() -> impl Strategy<Value = u16> {
        (0_u16..96).prop_map(|quarter| quarter * 15)
    }

    prop_compose! {
        fn any_wants()(
            mode in prop_oneof![Just(MailMode::Each), Just(MailMode::Daily), Just(MailMode::Never)],
            digest_at in minutes(),
            from in minutes(),
            until in minutes(),
            days in proptest::sample::subsequence(DAYS.to_vec(), 0..6),
            urgent_waits in any::<bool>(),
            zone in prop_oneof![Just("UTC"), Just("Europe/Berlin"), Just("Asia/Kathmandu"), Just("America/St_Johns")],
        ) -> Wants {
            Wants {
                mode,
                after: 15 * MINUTE,
                window: 60 * MINUTE,
                digest_at,
                quiet: QuietHours { from, until, days },
                urgent_waits,
                zone: Zone::named(zone).unwrap(),
            }
        }
    }

    prop_compose! {
        fn any_case()(
            notify in prop_oneof![Just(Notify::All), Just(Notify::Mentions), Just(Notify::Nothing)],
            since in 0..3 * 24 * 60_i64,
            mentioned in any::<bool>(),
            urgent in any::<bool>(),
            mailed_at in proptest::option::of(0..3 * 24 * 60_i64),
        ) -> Case {
            Case {
                notify,
                since: START + since * MINUTE,
                mentioned,
                urgent,
                waited: None,
                mailed_at: mailed_at.map(|at| START + at * MINUTE),
                underway: false,
            }
        }
    }

    proptest! {
        /// Whatever is waited for ends, within the longest quiet there is, and nothing breaks quiet but what is urgent.
        #[test]
        fn every_wait_ends(wants in any_wants(), mut case in any_case(), now in 0..3 * 24 * 60_i64) {
            let mut now = START + now * MINUTE;
            let begun = now;
            loop {
                match decide(now, &case, &wants) {
                    Decision::Later(until, wait) => {
                        prop_assert!(until > now);
                        prop_assert!(until < begun + 13 * DAY, "{wait:?}");
                        (now, case.waited) = (until, Some(wait));
                    }
                    Decision::Not(_) => {
                        let muted = case.notify == Notify::Nothing || case.notify == Notify::Mentions;
                        prop_assert!(muted || wants.mode == MailMode::Never);
                        break;
                    }
                    decision @ (Decision::Mail | Decision::Daily) => {
                        let urgent = case.urgent && !wants.urgent_waits;
                        prop_assert!(urgent || wants.opens(now) == now);
                        prop_assert!(case.since + wants.after <= now);
                        prop_assert_eq!(decision == Decision::Daily, wants.mode == MailMode::Daily && !urgent);
                        break;
                    }
                }
            }
        }

        /// Daily mails have their times, whenever they are asked for; none is in the quiet, and no day has two.
        #[test]
        fn a_daily_mail_goes_once_a_day(wants in any_wants()) {
            let (mut at, mut days) = (START, BTreeMap::new());
            while at < START + 21 * DAY {
                let next = wants.next_daily(at);
                prop_assert!(next > at && next < at + 8 * DAY);
                prop_assert_eq!(wants.opens(next), next);
                let middle = at + (next - at) / 2;
                prop_assert_eq!(wants.next_daily(middle), next);
                prop_assert_eq!(wants.next_daily(next - 1), next);
                *days.entry(wants.zone.clock(next).unwrap().date()).or_insert(0) += 1;
                at = next;
            }
            prop_assert!(days.values().all(|count| *count == 1), "{days:?}");
        }
    }
}
