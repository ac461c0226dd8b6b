//! Decides about those whose time has come, and puts mails into the outbox. What was decided is kept, so that it can be explained.

use std::collections::{BTreeSet, HashMap, HashSet};

use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, MailId, PersonId};
use chancery_protocol::mail::{MailKind, Wait};
use chancery_protocol::preferences::Preferences;

use super::Notifier;
use super::decide::{Case, Decision, Not, Wants, decide};
use super::pairs::{self, Decided, Pair, Reason};
use crate::conversations::store::{ReadUpTo, read_up_to};
use crate::directory::preferences_of;
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::outbox::{self, NewMail, OF_USE};

/// People who are decided about together.
const PEOPLE: i64 = 50;

/// What is known of people when it is decided about them.
pub(super) struct Known {
    pub wants: HashMap<PersonId, (Preferences, Wants)>,
    read: HashMap<(ConversationId, PersonId), ReadUpTo>,
    /// Those who can get mail.
    addressed: HashSet<PersonId>,
    underway: HashSet<(PersonId, MailKind, Option<ConversationId>)>,
    house: Wants,
}

/// How a pair stands: decided for good, or by the rules of time.
pub(super) enum Standing {
    /// There is nothing to mail about, or nobody.
    Over(Reason, Option<crate::conversations::Seen>),
    /// A mail spoke of all of it already.
    Told,
    /// By what they want.
    Open(Decision),
}

impl Known {
    /// For a mail that is itself under way.
    pub fn none_underway(&mut self) {
        self.underway.clear();
    }

    fn of(&self, person: PersonId) -> &Wants {
        self.wants.get(&person).map_or(&self.house, |(_, wants)| wants)
    }
}

/// What is to be written about a pair.
struct Change {
    old: Pair,
    new: Pair,
    decided: Option<Decided>,
    mail: Option<NewMail>,
}

impl Notifier {
    /// Decides about some of those whose time has come. Whether there are more.
    pub(super) fn judge(&self, now: Micros) -> Result<bool, Error> {
        let mut conn = self.messaging.journal.db().reader()?;
        let due = pairs::due(&mut conn, now, PEOPLE)?;
        if due.is_empty() {
            return Ok(false);
        }
        let known = self.known(&mut conn, &due)?;
        let mut changes = Vec::with_capacity(due.len());
        // The pairs of one person stand together: one daily mail is made of all of them.
        let mut daily: Option<(PersonId, MailId)> = None;
        for pair in due {
            changes.push(self.judged(&mut conn, &known, pair, now, &mut daily)?);
        }
        drop(conn);
        let journal = &self.messaging.journal;
        let written = journal.db().write_here(|conn| {
            for change in &changes {
                if !pairs::change(conn, &change.old, &change.new)? {
                    return Err(Code::Outdated.into());
                }
            }
            let decided: Vec<Decided> = changes.iter().filter_map(|change| change.decided).collect();
            let mails: Vec<NewMail> = changes.iter().filter_map(|change| change.mail.clone()).collect();
            pairs::keep(conn, &decided)?;
            outbox::put(conn, journal.vault(), &mails)
        });
        match written {
            // Something came in between, or another node was quicker: all of it is looked at again.
            Err(error) if error.code == Code::Outdated => {}
            other => other?,
        }
        Ok(true)
    }

    /// What has to be known of these pairs.
    pub(super) fn known(&self, conn: &mut Conn, pairs: &[Pair]) -> Result<Known, Error> {
        let people: Vec<PersonId> =
            pairs.iter().map(|pair| pair.person).collect::<BTreeSet<_>>().into_iter().collect();
        let conversations: BTreeSet<ConversationId> = pairs.iter().map(|pair| pair.conversation).collect();
        let waiting = self.marks.waiting_in(&conversations);
        let conversations: Vec<ConversationId> = conversations.into_iter().collect();
        let mut read = read_up_to(conn, &conversations, Some(&people))?;
        for (key, mark) in waiting {
            let known = read.entry(key).or_default();
            if mark.read > known.ordinal {
                *known = ReadUpTo { ordinal: mark.read, seen: None };
            }
        }
        let settings = self.settings.now();
        let house = &settings.settings.house;
        let preferences = preferences_of(conn, self.messaging.journal.vault(), &people)?;
        let wants = preferences
            .into_iter()
            .map(|(person, kept)| {
                let wants = Wants::of(&kept.preferences.mailing, house);
                (person, (kept.preferences, wants))
            })
            .collect();
        let rows = crate::directory::store::some(conn, &people)?;
        let addressed = rows.iter().filter(|row| row.email.is_some()).map(|row| row.person()).collect();
        let underway = outbox::has_open(conn, &people)?;
        Ok(Known { wants, read, addressed, underway, house: Wants::of(&Default::default(), house) })
    }

    /// How a pair stands now.
    pub(super) fn standing(
        &self,
        conn: &mut Conn,
        known: &Known,
        pair: &Pair,
        now: Micros,
    ) -> Result<Standing, Error> {
        let Pair { person, conversation, .. } = *pair;
        let over = |reason| Ok(Standing::Over(reason, None));
        if !self.messaging.directory.is_active(person) {
            return over(Reason::Suspended);
        }
        let Ok(stay) = self.messaging.roster.member(conversation, person) else {
            return over(Reason::Left);
        };
        if !known.addressed.contains(&person) {
            return over(Reason::NoAddress);
        }
        let read = known.read.get(&(conversation, person)).copied().unwrap_or_default();
        let upto = read.ordinal.max(stay.since_ordinal);
        let told = upto.max(pair.told);
        let Some(since) = self.messaging.unread_since(conn, person, conversation, stay, told)? else {
            let newest = self.messaging.newest_of_others(conn, person, conversation, stay)?;
            return if newest <= upto {
                Ok(Standing::Over(Reason::Read, read.seen))
            } else if newest <= told {
                Ok(Standing::Told)
            } else {
                // What is not read and not there was deleted.
                over(Reason::Deleted)
            };
        };
        let notify = known.wants.get(&person).and_then(|(preferences, _)| {
            preferences.conversations.get(&conversation).map(|arrangement| arrangement.notify)
        });
        let underway = [(MailKind::Missed, Some(conversation)), (MailKind::Daily, None)]
            .into_iter()
            .any(|(kind, about)| known.underway.contains(&(person, kind, about)));
        let case = Case {
            notify: notify.unwrap_or_default(),
            since,
            mentioned: pair.mentioned > told,
            urgent: pair.urgent > told,
            waited: Some(pair.wait),
            mailed_at: pair.mailed_at,
            underway,
        };
        Ok(Standing::Open(decide(now, &case, known.of(person))))
    }

    fn judged(
        &self,
        conn: &mut Conn,
        known: &Known,
        old: Pair,
        now: Micros,
        daily: &mut Option<(PersonId, MailId)>,
    ) -> Result<Change, Error> {
        let journal = &self.messaging.journal;
        let window = known.of(old.person).window;
        let decided = |reason, seen, mail: Option<MailId>, conversation| -> Result<Decided, Error> {
            let id = journal.id()?;
            Ok(Decided { id, person: old.person, conversation, at: now, reason, seen, mail })
        };
        let here = Some(old.conversation);
        let done = Pair { due_at: None, wait: Wait::Unread, ..old };
        let mailed = Pair { mailed_at: Some(now), next_at: now + window, why: None, ..done };
        let none = |why, seen| -> Result<Change, Error> {
            // Once is enough for what goes on being so.
            let again = old.why == Some(why) && !matches!(why, Reason::Read | Reason::Deleted);
            let decided = if again { None } else { Some(decided(why, seen, None, here)?) };
            Ok(Change { old, new: Pair { why: Some(why), ..done }, decided, mail: None })
        };
        let new_mail = |id, kind, conversation| NewMail {
            id,
            kind,
            person: old.person,
            conversation,
            at: now,
            expires_at: now + OF_USE,
            link: None,
            content: None,
        };
        match self.standing(conn, known, &old, now)? {
            Standing::Told => Ok(Change { old, new: done, decided: None, mail: None }),
            Standing::Over(why, seen) => none(why, seen),
            Standing::Open(Decision::Not(not)) => none(reason(not), None),
            Standing::Open(Decision::Later(until, wait)) => {
                let new = Pair { due_at: Some(until), wait, why: None, ..old };
                Ok(Change { old, new, decided: None, mail: None })
            }
            Standing::Open(Decision::Mail) => {
                let id = journal.id()?;
                let decided = decided(Reason::Mail, None, Some(id), here)?;
                let mail = new_mail(id, MailKind::Missed, here);
                Ok(Change { old, new: mailed, decided: Some(decided), mail: Some(mail) })
            }
            Standing::Open(Decision::Daily) => {
                if daily.is_some_and(|(person, _)| person == old.person) {
                    return Ok(Change { old, new: mailed, decided: None, mail: None });
                }
                let id = journal.id()?;
                *daily = Some((old.person, id));
                let decided = decided(Reason::Mail, None, Some(id), None)?;
                let mail = new_mail(id, MailKind::Daily, None);
                Ok(Change { old, new: mailed, decided: Some(decided), mail: Some(mail) })
            }
        }
    }
}

pub(super) fn reason(not: Not) -> Reason {
    match not {
        Not::Muted => Reason::Muted,
        Not::Unmentioned => Reason::NotMentioned,
        Not::Off => Reason::Off,
    }
}
