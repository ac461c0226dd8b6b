//! Why a mail went or did not, in a sentence; the same for whom it is about and for administrators.

use chancery_protocol::Micros;
use chancery_protocol::mail::{MailState, Wait, Why};

use super::time::date;
use crate::time::LocalTime;

/// The sentence. `local` is the clock of whoever reads it ([`LocalTime::of`]).
pub fn sentence(why: &Why, today: LocalTime, local: impl Fn(Micros) -> LocalTime) -> String {
    let at = |moment| at(local(moment), today);
    let fixed = match why {
        Why::Read { at: read, device } => return self::read(read.map(at), device.as_deref()),
        Why::Waits { until, wait } => return waits(*wait, &self::until(local(*until), today)),
        Why::Mail { state: MailState::Sent, sent_at: Some(sent), .. } => {
            return format!("A mail was sent {}.", at(*sent));
        }
        Why::Mail { state, .. } => mail(*state),
        Why::Muted => "Nothing sent: the conversation is muted.",
        Why::NotMentioned => "Nothing sent: only mentions are mailed, and there was none.",
        Why::Off => "Nothing sent: mails are turned off.",
        Why::Left => "Nothing sent: no longer a member.",
        Why::Deleted => "Nothing sent: what was unread was deleted.",
        Why::Suspended => "Nothing sent: the account is suspended.",
        Why::NoAddress => "Nothing sent: the account has no e-mail address.",
        Why::Before => "Nothing sent: it was written before mails were sent from here.",
    };
    fixed.to_owned()
}

fn read(at: Option<String>, device: Option<&str>) -> String {
    match (device, at) {
        (Some(device), Some(at)) => format!("Nothing sent: read on {device} {at}."),
        (Some(device), None) => format!("Nothing sent: read on {device}."),
        (None, Some(at)) => format!("Nothing sent: read {at}."),
        (None, None) => "Nothing sent: it was read.".to_owned(),
    }
}

fn waits(wait: Wait, until: &str) -> String {
    match wait {
        Wait::Unread => format!("Waits {until}: it has not been unread for long enough."),
        Wait::Window => format!("Waits {until}: there was a mail about this conversation a short while ago."),
        Wait::Quiet => format!("Waits {until}: these are quiet hours."),
        Wait::Daily => format!("Waits {until} for the daily mail."),
    }
}

fn mail(state: MailState) -> &'static str {
    match state {
        MailState::Waiting => "A mail waits to be sent.",
        MailState::Leaving => "A mail is being sent.",
        MailState::Sent => "A mail was sent.",
        MailState::Dropped => "A mail was prepared and not sent: it was no longer needed.",
        MailState::Refused => "A mail was refused by the mail server.",
        MailState::Expired => "A mail could not be delivered in time.",
        MailState::NoServer => "Nothing sent: there is no mail server. A mail would have gone.",
    }
}

/// `at 10:02`, `on 9 March at 10:02`.
pub(super) fn at(moment: LocalTime, today: LocalTime) -> String {
    if moment.day_number() == today.day_number() {
        format!("at {}", moment.clock())
    } else {
        format!("on {} at {}", day(moment, today), moment.clock())
    }
}

/// `until 10:02`, `until 9 March, 10:02`.
fn until(moment: LocalTime, today: LocalTime) -> String {
    if moment.day_number() == today.day_number() {
        format!("until {}", moment.clock())
    } else {
        format!("until {}, {}", day(moment, today), moment.clock())
    }
}

fn day(moment: LocalTime, today: LocalTime) -> String {
    if moment.year == today.year { date(moment.day, moment.month) } else { moment.date() }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::{Id as _, MailId};

    use super::*;

    /// A clock that shows so many minutes after midnight; from 1440 on, of the next day.
    fn local(at: Micros) -> LocalTime {
        let byte = |value: Micros| u8::try_from(value).unwrap();
        LocalTime {
            year: 2026,
            month: 3,
            day: byte(10 + at / 1440),
            hour: byte(at / 60 % 24),
            minute: byte(at % 60),
        }
    }

    #[test]
    fn every_reason_is_told() {
        let told = |why: &Why| sentence(why, local(600), local);
        let device = || Some("Firefox on Linux".to_owned());
        assert_eq!(
            told(&Why::Read { at: Some(602), device: device() }),
            "Nothing sent: read on Firefox on Linux at 10:02."
        );
        assert_eq!(
            told(&Why::Read { at: Some(1442), device: None }),
            "Nothing sent: read on 11 March at 00:02."
        );
        assert_eq!(
            told(&Why::Read { at: None, device: device() }),
            "Nothing sent: read on Firefox on Linux."
        );
        let waits = |wait, until| told(&Why::Waits { until, wait });
        assert_eq!(waits(Wait::Quiet, 1860), "Waits until 11 March, 07:00: these are quiet hours.");
        assert_eq!(waits(Wait::Daily, 1020), "Waits until 17:00 for the daily mail.");
        let mail = MailId::from_bytes([1; 16]);
        let sent = |state, sent_at| told(&Why::Mail { mail, state, sent_at });
        assert_eq!(sent(MailState::Sent, Some(615)), "A mail was sent at 10:15.");
        let of_state = MailState::ALL.map(|state| sent(state, None));
        let different: std::collections::BTreeSet<_> = of_state.iter().collect();
        assert_eq!(different.len(), MailState::ALL.len());
    }
}
