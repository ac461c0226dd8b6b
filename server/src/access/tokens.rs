//! Access tokens of people and bots, and bots themselves.
//!
//! What must stay true: a token is a session that no browser has. Whatever ends sessions ends it, sockets included; it is looked up for every
//! request; it never does more than its person may, nor more than its scopes say.

use chancery_ledger::Kind;
use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, PersonId, SessionId};
use chancery_protocol::person::Role;
use chancery_protocol::tokens::{
    AccessToken, AccessTokenIssued, AccessTokens, BotMade, IssueAccessToken, MAX_TOKENS, MakeBot,
};

use super::accounts::By;
use super::guests::answers;
use super::records::{self, EndReason};
use super::sessions::at;
use super::store::{self, SessionRow};
use super::token::Token;
use super::{Access, Scopes};
use crate::directory::names;
use crate::directory::records::{BotOwnerSet, Source};
use crate::directory::store as people;
use crate::ground::db::dialect::raw;
use crate::ground::error::{Code, Error};
use crate::journal::Unit;

/// In front of every token, so that whoever finds one knows what it is.
pub(super) const PREFIX: &str = "cha_";
const DAY: Micros = 86_400_000_000;

impl Access {
    /// A person's access tokens, newest first; never what they consist of.
    pub(super) fn tokens(&self, person: PersonId) -> Result<AccessTokens, Error> {
        let mut conn = self.reader()?;
        people::get(&mut conn, person)?;
        let rows = store::of_person(&mut conn, person, self.now())?;
        let shown = |row: SessionRow| {
            Some(AccessToken {
                id: row.id.id(),
                scopes: Scopes::from_column(row.scopes?).list(),
                name: row.device,
                created_at: row.created_at,
                last_used_at: Some(row.seen_at).filter(|seen| *seen > 0),
                expires_at: row.expires_at,
            })
        };
        let tokens = rows.into_iter().filter_map(shown).collect();
        Ok(AccessTokens { tokens, longest_days: self.0.settings.token_days })
    }

    /// Issues an access token to its own person, or, to a bot, by an administrator.
    ///
    /// # Errors
    /// What is wrong with the form; `tokens_off`, `too_many_tokens`, `no_bot` for somebody else who is none.
    pub(super) fn issue_token(
        &self,
        person: PersonId,
        form: &IssueAccessToken,
        by: By,
    ) -> Result<AccessTokenIssued, Error> {
        let name = names::name(&form.name)?;
        if form.scopes.is_empty() {
            return Err(Error::from(Code::OutOfRange).field("scopes").detail("Choose at least one scope."));
        }
        let days = self.0.settings.token_days;
        if days == 0 {
            return Err(Code::TokensOff.into());
        }
        let now = self.now();
        if form.expires_at <= now || form.expires_at > now + i64::from(days) * DAY {
            return Err(Error::from(Code::OutOfRange)
                .field("expires_at")
                .detail(format!("An access token lasts at most {days} days.")));
        }
        let token = Token::new(self.0.journal.random())?;
        let session: SessionId = self.0.journal.id()?;
        let scopes = Scopes::of(&form.scopes);
        let body = records::AccessTokenIssued {
            session,
            name: name.clone(),
            scopes: scopes.list(),
            expires_at: form.expires_at,
            via: by.via,
        };
        let row = SessionRow {
            id: raw(session),
            person: raw(person),
            token_hash: token.hash().to_vec(),
            device: name,
            address: String::new(),
            created_at: now,
            seen_at: 0,
            expires_at: form.expires_at,
            source: None,
            provider_session: None,
            id_token: None,
            proven_at: 0,
            scopes: Some(scopes.column()),
        };
        let own = by.actor == Some(person);
        self.0.journal.commit_blocking(Unit {
            records: vec![self.draft(person, Kind::AccessTokenIssued, by.actor, session.bytes(), &body)?],
            work: Some(Box::new(move |conn, placed| {
                let now = people::get(conn, person)?;
                if !own && !now.is_bot() {
                    return Err(Code::NoBot.into());
                }
                if now.suspended_at.is_some() {
                    return Err(Code::Suspended.into());
                }
                if now.guest().is_some_and(|terms| row.expires_at > terms.ends_at) {
                    return Err(Error::from(Code::OutOfRange)
                        .field("expires_at")
                        .detail("A guest's token ends with the guest's time."));
                }
                let running = store::of_person(conn, person, at(placed))?;
                if running.iter().filter(|row| row.scopes.is_some()).count() >= MAX_TOKENS {
                    return Err(Code::TooManyTokens.into());
                }
                store::insert_session(conn, &row)
            })),
            ..Unit::default()
        })?;
        Ok(AccessTokenIssued { id: session, token: format!("{PREFIX}{}", token.text()) })
    }

    /// Revokes an access token: from now on it opens nothing, and its sockets are closed.
    ///
    /// # Errors
    /// `not_found` when it is over, or not that person's.
    pub(super) fn revoke_token(&self, person: PersonId, token: SessionId, by: PersonId) -> Result<(), Error> {
        let rows = store::of_person(&mut *self.reader()?, person, self.now())?;
        if !rows.iter().any(|row| row.id == raw(token) && row.scopes.is_some()) {
            return Err(Code::NotFound.into());
        }
        let reason = if person == by { EndReason::EndedByOwner } else { EndReason::EndedByAdmin };
        self.end_session(person, token, reason, by)
    }

    /// Makes a bot.
    ///
    /// # Errors
    /// What is wrong with the names; `username_taken`; `person_not_found`, `suspended`, `bot` of its owner.
    pub(super) fn make_bot(&self, form: &MakeBot, by: By) -> Result<BotMade, Error> {
        let owner = form.owner;
        let mut made = self.new_person(&form.username, &form.name, &[Role::Employee])?;
        made.owner = Some(owner);
        let id = made.id;
        self.0.journal.commit_blocking(Unit {
            records: vec![self.created(&made, Source::Local, by.actor, by.via)?],
            work: Some(Box::new(move |conn, placed| {
                answers(conn, owner, "owner")?;
                people::insert(conn, &made, at(placed))
            })),
            ..Unit::default()
        })?;
        Ok(BotMade { id })
    }

    /// Says who answers for a bot from now on.
    ///
    /// # Errors
    /// `no_bot`; `person_not_found`, `suspended`, `bot` of the owner.
    pub(super) fn set_bot_owner(&self, bot: PersonId, owner: PersonId, by: By) -> Result<(), Error> {
        let body = BotOwnerSet { owner, via: by.via };
        let done = self.0.journal.commit_blocking(Unit {
            records: vec![self.draft(bot, Kind::BotOwnerSet, by.actor, bot.bytes(), &body)?],
            work: Some(Box::new(move |conn, _| {
                match people::get(conn, bot)?.owner {
                    None => return Err(Code::NoBot.into()),
                    Some(now) if now == raw(owner) => return Err(Code::Unchanged.into()),
                    Some(_) => {}
                }
                answers(conn, owner, "owner")?;
                people::set_owner(conn, bot, owner)
            })),
            ..Unit::default()
        });
        match done {
            Err(error) if error.code != Code::Unchanged => Err(error),
            _ => Ok(()),
        }
    }
}
