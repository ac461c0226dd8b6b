//! Changes of one's own arrangements on their way to the server: pins, what makes itself heard, own lists of people, mails.
//!
//! Must stay true: what is shown is what the server has with the changes on their way made to it ([`Arranging::shown`]). The server
//! keeps one document; a change that another device overtook is made again to the newer one, and no change is lost but by a refusal.

use chancery_protocol::Micros;
use chancery_protocol::command::SavePreferences;
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::mail::{MailLanguage, MailMode, Mailing, QuietHours};
use chancery_protocol::preferences::{Arrangement, Kept, MAX_LISTS, Notify, PeopleList, Preferences};
use chancery_protocol::problem::Problem;

/// Wait before a change is offered again that the server could not take just now.
const WAIT: Micros = 2_000_000;

/// One thing a person arranged.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A conversation stands at the top, or no longer.
    Pin(ConversationId, bool),
    /// What of a conversation makes itself heard.
    Notify(ConversationId, Notify),
    /// A list of people: a new one, or in place of the one of this name.
    List(Option<String>, PeopleList),
    /// The list of this name goes.
    Drop(String),
    /// A person is in the list of this name, or no longer.
    Member(String, PersonId, bool),
    /// Something about mails.
    Mail(MailChange),
}

/// One thing a person chose about mails; what is absent is as the house has it.
#[derive(Debug, Clone, PartialEq)]
pub enum MailChange {
    /// How often.
    Mode(MailMode),
    /// How long something must have been unread, in minutes.
    After(Option<u16>),
    /// When the daily mail goes, in minutes after midnight.
    DigestAt(Option<u16>),
    /// When none goes.
    Quiet(Option<QuietHours>),
    /// Whether urgent messages wait for the end of quiet hours too.
    UrgentWaits(bool),
    /// By the clock of which time zone.
    Zone(Option<String>),
    /// In what language.
    Language(Option<MailLanguage>),
}

impl MailChange {
    fn apply(&self, to: &mut Mailing) {
        match self {
            Self::Mode(mode) => to.mode = *mode,
            Self::After(minutes) => to.after_minutes = *minutes,
            Self::DigestAt(minute) => to.digest_at = *minute,
            Self::Quiet(quiet) => to.quiet.clone_from(quiet),
            Self::UrgentWaits(waits) => to.urgent_waits = *waits,
            Self::Zone(zone) => to.zone.clone_from(zone),
            Self::Language(language) => to.language = *language,
        }
    }
}

impl Change {
    fn apply(&self, to: &mut Preferences) {
        match self {
            Self::Pin(id, pinned) => arrange(to, *id, |one| one.pinned = *pinned),
            Self::Notify(id, notify) => arrange(to, *id, |one| one.notify = *notify),
            Self::List(before, list) => {
                let known = before.as_ref().unwrap_or(&list.name);
                if let Some(one) = to.lists.iter_mut().find(|one| one.name == *known) {
                    one.clone_from(list);
                } else if to.lists.len() < MAX_LISTS {
                    to.lists.push(list.clone());
                }
            }
            Self::Drop(name) => to.lists.retain(|list| list.name != *name),
            Self::Member(name, person, on) => {
                if let Some(list) = to.lists.iter_mut().find(|list| list.name == *name) {
                    list.people.retain(|one| one != person);
                    if *on {
                        list.people.push(*person);
                    }
                }
            }
            Self::Mail(change) => change.apply(&mut to.mailing),
        }
    }
}

/// A conversation as every other needs no entry.
fn arrange(to: &mut Preferences, id: ConversationId, change: impl FnOnce(&mut Arrangement)) {
    let one = to.conversations.entry(id).or_default();
    change(one);
    if *one == Arrangement::default() {
        to.conversations.remove(&id);
    }
}

/// All changes on their way, in the order in which they were made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arranging {
    pending: Vec<Change>,
    /// How many of them were sent.
    sent: Option<usize>,
    /// The revision that turned out to be an old one.
    outdated: Option<u64>,
    not_before: Micros,
}

impl Arranging {
    /// Takes a change. Call [`Arranging::due`] afterwards.
    pub fn push(&mut self, change: Change) {
        self.pending.push(change);
    }

    /// What is to be sent now; it counts as sent.
    pub fn due(&mut self, kept: &Kept, now: Micros) -> Option<SavePreferences> {
        let waits = self.outdated.is_some_and(|outdated| kept.revision <= outdated) || now < self.not_before;
        if self.pending.is_empty() || self.sent.is_some() || waits {
            return None;
        }
        let preferences = self.shown(kept);
        if preferences == kept.preferences {
            // Done already, on another device or by an attempt whose answer was lost.
            self.pending.clear();
            return None;
        }
        self.sent = Some(self.pending.len());
        Some(SavePreferences { revision: kept.revision, preferences })
    }

    /// Whether something waits to be sent.
    pub fn is_waiting(&self) -> bool {
        !self.pending.is_empty() && self.sent.is_none()
    }

    /// Whether something is not on the server.
    pub fn is_unsaved(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The server has taken what was sent.
    pub fn saved(&mut self) {
        let sent = self.sent.take().unwrap_or_default();
        self.pending.drain(..sent.min(self.pending.len()));
        self.outdated = None;
    }

    /// The server refused what was sent, made to this revision. Says whether it is given up.
    pub fn refused(&mut self, revision: u64, problem: &Problem, now: Micros) -> bool {
        match problem.code.as_str() {
            // The newer one is on its way, or here already.
            "outdated" => self.outdated = Some(revision),
            "rate_limited" | "storage_unavailable" | "server_stopping" => {
                let wait = problem.retry_after.map_or(WAIT, |seconds| Micros::from(seconds) * 1_000_000);
                self.not_before = now.saturating_add(wait);
            }
            _ => {
                self.saved();
                return true;
            }
        }
        self.sent = None;
        false
    }

    /// The line is up or down: what was not answered is offered again.
    pub fn forget_answers(&mut self) {
        self.sent = None;
        self.outdated = None;
    }

    /// What is arranged, with what is on its way.
    pub fn shown(&self, kept: &Kept) -> Preferences {
        let mut all = kept.preferences.clone();
        for change in &self.pending {
            change.apply(&mut all);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_protocol::ids::Id;

    fn conversation(n: u8) -> ConversationId {
        ConversationId::from_bytes([n; 16])
    }

    fn list(name: &str, people: &[u8]) -> PeopleList {
        let people = people.iter().map(|n| PersonId::from_bytes([*n; 16])).collect();
        PeopleList { name: name.to_owned(), people }
    }

    fn problem(code: &str) -> Problem {
        Problem {
            kind: String::new(),
            code: code.to_owned(),
            status: 409,
            title: String::new(),
            detail: None,
            field: None,
            errors: Vec::new(),
            notices: Vec::new(),
            token: None,
            retry_after: None,
            position: None,
        }
    }

    #[test]
    fn a_change_is_seen_at_once_and_sent_once() {
        let kept = Kept::default();
        let mut arranging = Arranging::default();
        arranging.push(Change::Pin(conversation(1), true));
        assert!(arranging.shown(&kept).conversations[&conversation(1)].pinned);
        let sent = arranging.due(&kept, 0).unwrap();
        assert_eq!((sent.revision, arranging.due(&kept, 0)), (0, None));
        arranging.push(Change::Notify(conversation(1), Notify::Nothing));
        arranging.saved();
        let kept = Kept { revision: 1, preferences: sent.preferences };
        let sent = arranging.due(&kept, 0).unwrap();
        let arranged = sent.preferences.conversations[&conversation(1)];
        assert_eq!((arranged.pinned, arranged.notify), (true, Notify::Nothing));
        arranging.saved();
        assert!(!arranging.is_unsaved());
    }

    #[test]
    fn who_was_overtaken_makes_the_change_again_to_the_newer_one() {
        let mut arranging = Arranging::default();
        arranging.push(Change::Pin(conversation(1), true));
        arranging.due(&Kept::default(), 0).unwrap();
        assert!(!arranging.refused(0, &problem("outdated"), 0));
        assert_eq!(arranging.due(&Kept::default(), 0), None, "not before the newer one is here");
        let mut newer = Kept { revision: 1, preferences: Preferences::default() };
        newer.preferences.lists.push(list("Desk", &[1]));
        let again = arranging.due(&newer, 0).unwrap();
        assert_eq!((again.revision, again.preferences.lists.len()), (1, 1));
        assert!(again.preferences.conversations[&conversation(1)].pinned);
    }

    #[test]
    fn what_was_saved_without_an_answer_is_not_sent_again() {
        let mut arranging = Arranging::default();
        arranging.push(Change::Pin(conversation(1), true));
        let sent = arranging.due(&Kept::default(), 0).unwrap();
        arranging.forget_answers();
        let kept = Kept { revision: 1, preferences: sent.preferences };
        assert_eq!(arranging.due(&kept, 0), None);
        assert!(!arranging.is_unsaved());
    }

    #[test]
    fn a_refused_change_is_given_up_and_a_busy_server_asked_again() {
        let mut arranging = Arranging::default();
        arranging.push(Change::Drop("Desk".to_owned()));
        arranging.push(Change::Pin(conversation(1), true));
        arranging.due(&Kept::default(), 0).unwrap();
        assert!(!arranging.refused(0, &problem("rate_limited"), 0));
        assert_eq!(arranging.due(&Kept::default(), WAIT - 1), None);
        arranging.due(&Kept::default(), WAIT).unwrap();
        assert!(arranging.refused(0, &problem("name_too_long"), WAIT));
        assert_eq!(arranging.shown(&Kept::default()), Preferences::default());
    }

    #[test]
    fn what_two_devices_choose_about_mails_holds_together() {
        let mut arranging = Arranging::default();
        arranging.push(Change::Mail(MailChange::Mode(MailMode::Daily)));
        arranging.push(Change::Mail(MailChange::DigestAt(Some(540))));
        arranging.due(&Kept::default(), 0).unwrap();
        assert!(!arranging.refused(0, &problem("outdated"), 0));
        let mut newer = Kept { revision: 1, preferences: Preferences::default() };
        newer.preferences.mailing.zone = Some("Asia/Tokyo".to_owned());
        newer.preferences.mailing.digest_at = Some(480);
        let again = arranging.due(&newer, 0).unwrap().preferences.mailing;
        assert_eq!(
            (again.mode, again.digest_at, again.zone.as_deref()),
            (MailMode::Daily, Some(540), Some("Asia/Tokyo"))
        );
    }

    #[test]
    fn lists_are_made_renamed_filled_and_dropped() {
        let mut all = Preferences::default();
        Change::List(None, list("Desk", &[1, 2])).apply(&mut all);
        Change::List(Some("Desk".to_owned()), list("Team", &[1])).apply(&mut all);
        let bela = PersonId::from_bytes([2; 16]);
        Change::Member("Team".to_owned(), bela, true).apply(&mut all);
        Change::Member("Team".to_owned(), bela, true).apply(&mut all);
        assert_eq!(all.lists, [list("Team", &[1, 2])]);
        Change::Member("Team".to_owned(), bela, false).apply(&mut all);
        assert_eq!(all.lists, [list("Team", &[1])]);
        Change::Drop("Team".to_owned()).apply(&mut all);
        Change::Pin(conversation(1), true).apply(&mut all);
        Change::Pin(conversation(1), false).apply(&mut all);
        assert_eq!(all, Preferences::default());
    }
}
