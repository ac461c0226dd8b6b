//! What a mail says at the moment it leaves: everything is asked again. What was read, deleted or muted since it was decided on is
//! not mailed; what was edited is mailed as it is now.

use chancery_protocol::Micros;
use chancery_protocol::conversation::{Content, ConversationKind, Message};
use chancery_protocol::ids::{ConversationId, Id, PersonId};
use chancery_protocol::mail::{self as shown, MailKind, MailReason, MailState, Wait, Why};
use chancery_protocol::preferences::{Kept, Notify, Preferences};
use lettre::Address;

use super::Notifier;
use super::decide::{Decision, Wants};
use super::judge::{Standing, reason};
use super::letters::{
    self, House, Kind, Language, Letter, MAX_CONVERSATIONS, MAX_MESSAGES, MAX_MESSAGES_DIGEST, OneTime,
    Reader, Written,
};
use super::pairs::{self, Pair, Reason};
use super::records::Copied;
use super::settings::Settings;
use crate::access;
use crate::conversations::store::{self as conversations, read_up_to};
use crate::directory::{preferences_of, store as people};
use crate::ground::config::{Mail, MailContent};
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::outbox::{self, Fate};

/// A mail, or why there is none.
pub(super) enum Composed {
    /// To be handed over.
    Ready(Box<Ready>),
    /// Not now, or not at all.
    Not(Fate),
}

/// A mail that can be handed over.
pub(super) struct Ready {
    pub written: Written,
    pub to: String,
    pub content: MailContent,
    /// Every message it is made of.
    pub made_of: Vec<Copied>,
    /// Those of which something is outside with it.
    pub copied: Vec<Copied>,
    /// What its reader wanted when it was written, by its revision.
    pub wanted: u64,
    /// The newest message it speaks of in each conversation: whoever has read that by now needs no mail.
    pub newest: Vec<(ConversationId, u64)>,
}

/// Whom a mail is for.
struct Whom {
    row: people::Row,
    address: Address,
    preferences: Preferences,
    /// Revision of these; 0 when nothing was ever chosen.
    revision: u64,
    wants: Wants,
}

/// A conversation as a mail speaks of it.
struct Told {
    id: ConversationId,
    name: Option<String>,
    path: String,
    /// Up to where it was read.
    read: u64,
    unread: u32,
    messages: Vec<Said>,
}

struct Said {
    author: String,
    at: Micros,
    text: String,
    edited: bool,
    ordinal: u64,
    copied: Copied,
}

impl Notifier {
    /// Writes a mail as it is to leave now.
    pub(super) fn compose(
        &self,
        conn: &mut Conn,
        mail: &outbox::Mail,
        settings: &Settings,
        server: &Mail,
        now: Micros,
    ) -> Result<Composed, Error> {
        let whom = match self.whom(conn, mail.person, settings)? {
            Ok(whom) => whom,
            Err(why) => return Ok(dropped(why)),
        };
        match mail.kind {
            MailKind::Missed => {
                let Some(conversation) = mail.conversation else { return Ok(dropped(Why::Left)) };
                match self.missed(conn, &whom, conversation, now)? {
                    Ok(told) => self.written(mail, &whom, settings, server, now, &[told]),
                    Err(fate) => Ok(Composed::Not(fate)),
                }
            }
            MailKind::Daily => match self.day(conn, &whom, now)? {
                Ok(told) => self.written(mail, &whom, settings, server, now, &told),
                Err(fate) => Ok(Composed::Not(fate)),
            },
            MailKind::Invitation | MailKind::Reset => {
                let open = match mail.link {
                    Some(link) => access::is_link_open(conn, link, now)?,
                    None => false,
                };
                if !open || mail.content.as_ref().is_none_or(|content| content.url.is_none()) {
                    return Ok(Composed::Not(Fate::Over(MailState::Dropped, Some(MailReason::LinkOver))));
                }
                self.written(mail, &whom, settings, server, now, &[])
            }
            MailKind::FactorsRemoved => self.written(mail, &whom, settings, server, now, &[]),
        }
    }

    fn whom(
        &self,
        conn: &mut Conn,
        person: PersonId,
        settings: &Settings,
    ) -> Result<Result<Whom, Why>, Error> {
        let Some(row) = people::some(conn, &[person])?.pop() else { return Ok(Err(Why::Left)) };
        if row.suspended_at.is_some() {
            return Ok(Err(Why::Suspended));
        }
        let Some(address) = address_of(&row) else { return Ok(Err(Why::NoAddress)) };
        let kept = preferences_of(conn, self.messaging.journal.vault(), &[person])?.remove(&person);
        let Kept { preferences, revision } = kept.unwrap_or_default();
        let wants = Wants::of(&preferences.mailing, &settings.house);
        Ok(Ok(Whom { row, address, preferences, revision, wants }))
    }

    /// What somebody missed in a conversation; or what becomes of the mail, when it is decided otherwise by now.
    fn missed(
        &self,
        conn: &mut Conn,
        whom: &Whom,
        conversation: ConversationId,
        now: Micros,
    ) -> Result<Result<Told, Fate>, Error> {
        let person = whom.row.person();
        let known_pair = pairs::pairs_of(conn, person)?.remove(&conversation);
        // As if it were decided for the first time: the mail itself is what was waited for.
        let pair = Pair {
            wait: Wait::Unread,
            mailed_at: None,
            told: 0,
            ..known_pair.unwrap_or_else(|| Pair::new(person, conversation, now))
        };
        let mut known = self.known(conn, &[pair])?;
        known.none_underway();
        match self.standing(conn, &known, &pair, now)? {
            Standing::Over(why, seen) => return Ok(Err(over(self.why(conn, why, seen)?))),
            Standing::Open(Decision::Not(not)) => {
                return Ok(Err(over(self.why(conn, reason(not), None)?)));
            }
            // It cannot be: no mail counts as told of here.
            Standing::Told => return Ok(Err(over(Why::Deleted))),
            Standing::Open(Decision::Later(until, Wait::Quiet)) => return Ok(Err(held(until))),
            // What made it go is gone, and something newer is not due yet; or they want it in the daily mail now.
            Standing::Open(Decision::Later(until, wait)) => {
                let journal = &self.messaging.journal;
                journal.db().write_here(|conn| pairs::look_again(conn, person, conversation, until, wait))?;
                return Ok(Err(over(Why::Waits { until, wait })));
            }
            Standing::Open(Decision::Mail | Decision::Daily) => {}
        }
        let told = self.told(conn, person, &[conversation], MAX_MESSAGES)?.pop();
        Ok(told.map(|(told, _)| told).ok_or_else(|| over(Why::Deleted)))
    }

    /// What somebody missed in all their conversations.
    fn day(&self, conn: &mut Conn, whom: &Whom, now: Micros) -> Result<Result<Vec<Told>, Fate>, Error> {
        if whom.wants.mode == shown::MailMode::Never {
            return Ok(Err(over(Why::Off)));
        }
        let open = whom.wants.opens(now);
        if open > now {
            return Ok(Err(held(open)));
        }
        let person = whom.row.person();
        let notify = |conversation: &ConversationId| {
            whom.preferences.conversations.get(conversation).map_or(Notify::All, |one| one.notify)
        };
        let mut heard = self.messaging.roster.of(person);
        heard.retain(|conversation| notify(conversation) != Notify::Nothing);
        let pairs = pairs::pairs_of(conn, person)?;
        // As it was decided: the pair knows whether somebody was called.
        let called =
            |told: &Told| pairs.get(&told.id).is_some_and(|pair| pair.mentioned.max(pair.urgent) > told.read);
        let mut told = self.told(conn, person, &heard, MAX_MESSAGES_DIGEST)?;
        let mut kept = Vec::with_capacity(told.len());
        for (one, last_at) in told.drain(..) {
            if notify(&one.id) == Notify::Mentions && !called(&one) {
                continue;
            }
            // Talks of two first, then what happened last.
            kept.push((one.name.is_some(), std::cmp::Reverse(last_at), one));
        }
        if kept.is_empty() {
            return Ok(Err(over(Why::Read { at: None, device: None })));
        }
        kept.sort_by_key(|(group, last_at, _)| (*group, *last_at));
        let mut told: Vec<Told> = kept.into_iter().map(|(_, _, one)| one).collect();
        // The others are counted.
        for more in told.iter_mut().skip(MAX_CONVERSATIONS) {
            more.messages.clear();
        }
        Ok(Ok(told))
    }

    /// What somebody has not read of these conversations, and when something last happened there; those with nothing are left out.
    fn told(
        &self,
        conn: &mut Conn,
        person: PersonId,
        ids: &[ConversationId],
        most: usize,
    ) -> Result<Vec<(Told, Micros)>, Error> {
        let limit = i64::try_from(most).unwrap_or(1);
        let waiting = self.marks.waiting_in(&ids.iter().copied().collect());
        let read = read_up_to(conn, ids, Some(&[person]))?;
        let infos = conversations::infos(conn, self.messaging.journal.vault(), ids)?;
        let mut found = Vec::new();
        for info in infos {
            let Ok(stay) = self.messaging.roster.member(info.id, person) else { continue };
            let key = (info.id, person);
            let marked = read.get(&key).map_or(0, |read| read.ordinal);
            let read = marked.max(waiting.get(&key).map_or(0, |mark| mark.read));
            let read = read.max(stay.since_ordinal);
            if info.last_ordinal <= read {
                continue;
            }
            let unread = self.messaging.unread(conn, person, info.id, stay, read, limit)?;
            let messages: Vec<Said> = unread
                .newest
                .into_iter()
                .filter_map(|(message, record)| self.said(info.id, message, record))
                .collect();
            if messages.is_empty() {
                continue;
            }
            let told = Told {
                id: info.id,
                name: (info.kind != ConversationKind::Direct).then_some(info.name).flatten(),
                path: format!("/chats/{}", info.id),
                read,
                unread: u32::try_from(unread.count).unwrap_or(u32::MAX),
                messages,
            };
            found.push((told, info.last_at));
        }
        Ok(found)
    }

    fn said(
        &self,
        conversation: ConversationId,
        message: Message,
        record: chancery_protocol::ids::RecordId,
    ) -> Option<Said> {
        let Content::Text { text, .. } = message.content else { return None };
        let author = self.messaging.directory.get(message.author);
        Some(Said {
            author: author.map(|entry| entry.person.name.clone()).unwrap_or_default(),
            at: message.at,
            text,
            edited: message.edited_at.is_some(),
            ordinal: message.ordinal,
            copied: Copied { conversation, message: message.id, record },
        })
    }

    fn written(
        &self,
        mail: &outbox::Mail,
        whom: &Whom,
        settings: &Settings,
        server: &Mail,
        now: Micros,
        told: &[Told],
    ) -> Result<Composed, Error> {
        let says: Vec<Vec<letters::Message<'_>>> = told.iter().map(|one| messages(&one.messages)).collect();
        let told_of: Vec<letters::Conversation<'_>> = told
            .iter()
            .zip(&says)
            .map(|(one, messages)| letters::Conversation {
                id: one.id,
                name: one.name.as_deref(),
                path: &one.path,
                unread: one.unread,
                messages,
            })
            .collect();
        let by = mail.content.as_ref().and_then(|content| content.by);
        let by = by.and_then(|by| self.messaging.directory.get(by)).map(|entry| entry.person.name.clone());
        let url = mail.content.as_ref().and_then(|content| content.url.clone()).unwrap_or_default();
        let one_time = OneTime {
            url: &url,
            expires_at: mail.expires_at,
            by: by.as_deref(),
            username: &whom.row.username,
        };
        let kind = match (mail.kind, told_of.as_slice()) {
            (MailKind::Missed, [conversation, ..]) => Kind::Missed(conversation),
            (MailKind::Missed, []) => return Ok(dropped(Why::Deleted)),
            (MailKind::Daily, conversations) => Kind::Digest { conversations },
            (MailKind::Invitation, _) => Kind::Invitation(&one_time),
            (MailKind::Reset, _) => Kind::Reset(&one_time),
            (MailKind::FactorsRemoved, _) => Kind::FactorsRemoved { by: by.as_deref() },
        };
        let language = whom.preferences.mailing.language.unwrap_or(settings.house.language);
        let content = self.may_say(mail, settings);
        let house = House {
            organisation: &self.signature.organisation,
            service_desk: self.signature.service_desk.as_deref(),
            public_url: &self.signature.public_url,
            from: &server.from,
            reply_to: server.reply_to.as_ref(),
            bounce: &server.bounce,
            content,
            off: &self.off,
        };
        let letter = Letter {
            id: mail.id.bytes(),
            at: now,
            reader: Reader {
                id: mail.person,
                name: &whom.row.name,
                address: &whom.address,
                language: match language {
                    shown::MailLanguage::English => Language::English,
                    shown::MailLanguage::German => Language::German,
                },
                minutes_east: whom.wants.zone.minutes_east(now),
            },
            kind,
        };
        let written = letters::write(&house, &letter)
            .map_err(|error| Error::internal(format!("a mail cannot be written: {error}")))?;
        let made_of: Vec<Copied> =
            told.iter().flat_map(|one| one.messages.iter().map(|said| said.copied)).collect();
        // Of mails that say nothing nothing is outside.
        let copied = if content == MailContent::Nothing { Vec::new() } else { made_of.clone() };
        let newest = told.iter().filter_map(|one| Some((one.id, one.messages.last()?.ordinal))).collect();
        let to = whom.address.to_string();
        Ok(Composed::Ready(Box::new(Ready {
            written,
            to,
            content,
            made_of,
            copied,
            wanted: whom.revision,
            newest,
        })))
    }

    /// What a mail may say: what the house allows, and nothing of conversations to somebody who may not get to them before they have
    /// accepted the policy text.
    pub(super) fn may_say(&self, mail: &outbox::Mail, settings: &Settings) -> MailContent {
        let speaks = matches!(mail.kind, MailKind::Missed | MailKind::Daily);
        if speaks && self.gate.closed_for(mail.person) { MailContent::Nothing } else { settings.content }
    }

    /// A reason in the words of the protocol.
    pub(super) fn why(
        &self,
        conn: &mut Conn,
        reason: Reason,
        seen: Option<crate::conversations::Seen>,
    ) -> Result<Why, Error> {
        Ok(match reason {
            Reason::Read => {
                let session = seen.and_then(|seen| seen.by);
                let devices = access::devices(conn, &session.into_iter().collect::<Vec<_>>())?;
                let device = session.and_then(|session| devices.get(&session).cloned());
                Why::Read { at: seen.map(|seen| seen.at), device }
            }
            Reason::Muted => Why::Muted,
            Reason::NotMentioned => Why::NotMentioned,
            Reason::Off => Why::Off,
            Reason::Left => Why::Left,
            Reason::Deleted | Reason::Mail => Why::Deleted,
            Reason::Suspended => Why::Suspended,
            Reason::NoAddress => Why::NoAddress,
        })
    }
}

fn messages(said: &[Said]) -> Vec<letters::Message<'_>> {
    said.iter()
        .map(|one| letters::Message { author: &one.author, at: one.at, text: &one.text, edited: one.edited })
        .collect()
}

/// Where mails to somebody go. An address that is none is as if there were none: nothing could be sent there.
pub(super) fn address_of(row: &people::Row) -> Option<Address> {
    row.email.as_deref()?.parse().ok()
}

fn over(why: Why) -> Fate {
    Fate::Over(MailState::Dropped, Some(MailReason::Decided { why: Box::new(why) }))
}

/// Its reader wants quiet until then.
fn held(until: Micros) -> Fate {
    let why = Why::Waits { until, wait: Wait::Quiet };
    Fate::Held(until, MailReason::Decided { why: Box::new(why) })
}

fn dropped(why: Why) -> Composed {
    Composed::Not(over(why))
}
