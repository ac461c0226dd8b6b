//! One-time links: set-up, invitation, reset. The secret stands behind `#`, so it is in no log; the database has
//! its hash. One that goes by mail waits in the outbox, sealed, and whoever issued it does not see it.

use std::sync::Arc;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::http::{IssuedLink, LinkInfo, LinkKind, LinkToken, RedeemLink};
use chancery_protocol::ids::{Id, LinkId, PersonId};
use chancery_protocol::mail::MailKind;
use chancery_protocol::person::Role;
use zeroize::Zeroizing;

use super::accounts::By;
use super::factors::second::{Entered, Proven};
use super::origin::Origin;
use super::records::{EndReason, LinkIssued, LinkRedeemed, PasswordReason, PasswordSet};
use super::sessions::{at, moved};
use super::store::{self, Link};
use super::token::Token;
use super::{Access, factors, password};
use crate::directory::records::{PersonCreated, Profile, Source, Via};
use crate::directory::store::{self as people, NewPerson};
use crate::directory::{Roles, names};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Placed, Unit};
use crate::outbox::{self, Content, NewMail};
use crate::vault::Vault;

const HOUR: Micros = 3_600_000_000;

fn lifetime(kind: LinkKind) -> Micros {
    match kind {
        LinkKind::Setup | LinkKind::Reset => 24 * HOUR,
        LinkKind::Invitation => 7 * 24 * HOUR,
    }
}

/// A link about to be issued with the unit it is part of.
pub(super) struct Issuing {
    pub keeping: Keeping,
    pub draft: Draft,
    pub issued: IssuedLink,
}

/// What is kept of a link, and the mail it goes by.
pub(super) struct Keeping {
    link: Link,
    mail: Option<NewMail>,
    vault: Arc<Vault>,
}

impl Keeping {
    /// Both in one unit: there is neither a link nobody gets nor a mail whose link is none.
    pub fn keep(&self, conn: &mut Conn, at: Micros) -> Result<(), Error> {
        store::insert_link(conn, &self.link, at)?;
        outbox::put(conn, &self.vault, self.mail.as_slice())
    }
}

impl Access {
    /// Prepares a link, to be handed over or to go by mail.
    pub(super) fn issuing(
        &self,
        kind: LinkKind,
        person: Option<PersonId>,
        by: By,
        mail: bool,
    ) -> Result<Issuing, Error> {
        let token = Token::new(self.0.journal.random())?;
        let id: LinkId = self.0.journal.id()?;
        let expires_at = self.now() + lifetime(kind);
        let url = self.public_url().page(&format!("/link#{}", token.text()));
        let mail = match person.filter(|_| mail) {
            Some(person) => {
                let what = if kind == LinkKind::Reset { MailKind::Reset } else { MailKind::Invitation };
                let mail = self.mail_of(what, person, expires_at, by)?;
                let content = mail.content.map(|content| Content { url: Some(url.clone()), ..content });
                Some(NewMail { link: Some(id), content, ..mail })
            }
            None => None,
        };
        let mailed = mail.as_ref().map(|mail| mail.id);
        let body = LinkIssued { link: id, kind, expires_at, via: by.via, mailed };
        let stream = person.map_or(Stream::System, |person| Stream::Person(person.bytes()));
        let mut draft = self.0.journal.draft(stream, Kind::LinkIssued, by.actor, &body)?;
        draft.target = Some(id.bytes());
        let link = Link { id, kind, person, token_hash: token.hash(), expires_at };
        let url = mailed.is_none().then_some(url);
        Ok(Issuing {
            keeping: Keeping { link, mail, vault: Arc::clone(self.0.journal.vault()) },
            draft,
            issued: IssuedLink { url, mail: mailed, expires_at },
        })
    }

    /// A mail to somebody about their account.
    pub(super) fn mail_of(
        &self,
        kind: MailKind,
        person: PersonId,
        expires_at: Micros,
        by: By,
    ) -> Result<NewMail, Error> {
        Ok(NewMail {
            id: self.0.journal.id()?,
            kind,
            person,
            conversation: None,
            at: self.now(),
            expires_at,
            link: None,
            content: Some(Content { url: None, by: by.actor }),
        })
    }

    /// Whether a mail can go to this address.
    ///
    /// # Errors
    /// `no_mail_server`, `no_address`.
    pub(super) fn check_mail(&self, address: Option<&str>) -> Result<(), Error> {
        if !self.0.settings.mail_server.is_set() {
            return Err(Code::NoMailServer.into());
        }
        match address.map(names::email) {
            Some(Ok(_)) => Ok(()),
            Some(Err(_)) | None => Err(Error::from(Code::NoAddress).field("email")),
        }
    }

    /// A link with which the first administrator makes their account, when nobody has a password yet.
    pub(super) fn issue_setup(&self) -> Result<Option<IssuedLink>, Error> {
        if people::anybody_with_password(&mut *self.reader()?)? {
            return Ok(None);
        }
        let Issuing { keeping, draft, issued } =
            self.issuing(LinkKind::Setup, None, By::COMMAND_LINE, false)?;
        let committed = self.0.journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| {
                if people::anybody_with_password(conn)? {
                    return Err(Code::LinkInvalid.into());
                }
                keeping.keep(conn, at(placed))
            })),
            ..Unit::default()
        });
        match committed {
            Ok(_) => Ok(Some(issued)),
            Err(e) if e.code == Code::LinkInvalid => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// What a link would do.
    pub(super) fn inspect(&self, form: &LinkToken) -> Result<LinkInfo, Error> {
        let (link, _) = self.open_link(&form.token)?;
        let person = match link.person {
            Some(person) => Some(self.person(&people::get(&mut *self.reader()?, person)?)),
            None => None,
        };
        Ok(LinkInfo { kind: link.kind, person, expires_at: link.expires_at })
    }

    /// The link of a token, if it can be used now.
    fn open_link(&self, token: &str) -> Result<(Link, Option<people::Row>), Error> {
        let token = Token::parse(token).ok_or(Code::LinkInvalid)?;
        let mut conn = self.reader()?;
        let link = store::open_link(&mut conn, &token.hash(), self.now())?.ok_or(Code::LinkInvalid)?;
        let person = match link.person {
            Some(person) => Some(people::get(&mut conn, person)?),
            None => None,
        };
        let usable = match &person {
            Some(person) => person.suspended_at.is_none(),
            None => !people::anybody_with_password(&mut conn)?,
        };
        if usable { Ok((link, person)) } else { Err(Code::LinkInvalid.into()) }
    }

    /// Uses a link: sets the password, ends older sessions, begins one; for set-up, makes the account. An account with second factors
    /// gets no session by that alone.
    pub(super) fn redeem(&self, form: &RedeemLink, origin: &Origin) -> Result<Entered, Error> {
        let (link, _) = self.open_link(&form.token)?;
        let new = match link.person {
            Some(_) => None,
            None => Some((
                names::username(form.username.as_deref().unwrap_or_default())?,
                names::name(form.name.as_deref().unwrap_or_default())?,
            )),
        };
        password::check(&form.password)?;
        let hash = self.0.hasher.hash(&form.password, self.0.journal.random())?;
        self.settled(|| self.redeem_once(&link, new.as_ref(), &hash, origin))
    }

    fn redeem_once(
        &self,
        link: &Link,
        new: Option<&(String, String)>,
        hash: &Zeroizing<String>,
        origin: &Origin,
    ) -> Result<Entered, Error> {
        let person = match link.person {
            Some(person) => person,
            None => self.0.journal.id()?,
        };
        let made = new.map(|(username, name)| NewPerson {
            id: person,
            username: username.clone(),
            name: name.clone(),
            roles: Roles::of(&[Role::Employee, Role::ItAdmin]),
            password: None,
            profile: Profile::default(),
            owner: None,
            guest: None,
        });
        let mut records = Vec::new();
        if let Some(made) = &made {
            records.push(self.created(made, Source::Local, Some(person), Via::Web)?);
        }
        let redeemed = LinkRedeemed {
            link: link.id,
            kind: link.kind,
            address: origin.address_text(),
            device: origin.device.clone(),
        };
        records.push(self.draft(person, Kind::LinkRedeemed, Some(person), link.id.bytes(), &redeemed)?);
        let set = PasswordSet { reason: PasswordReason::Link };
        records.push(self.draft(person, Kind::PasswordSet, Some(person), person.bytes(), &set)?);
        let ending = self.ending(person, None, EndReason::PasswordSet, Some(person))?;
        records.extend(ending.drafts.iter().cloned());
        let second = factors::store::any(&mut *self.reader()?, person)?;
        let beginning = if second { None } else { Some(self.beginning(person, origin, None)?) };
        records.extend(beginning.iter().map(|beginning| beginning.draft.clone()));
        let session = beginning.as_ref().map(|beginning| beginning.row.clone());
        let (link, chosen) = (link.id, hash.clone());
        let work = move |conn: &mut Conn, placed: &[Placed]| {
            let at = at(placed);
            store::use_link(conn, link, at)?;
            match &made {
                Some(_) if people::anybody_with_password(conn)? => return Err(Code::LinkInvalid.into()),
                Some(made) => people::insert(conn, made, at)?,
                None if people::get(conn, person)?.suspended_at.is_some() => {
                    return Err(Code::LinkInvalid.into());
                }
                None => {}
            }
            if factors::store::any(conn, person)? != second {
                return Err(moved());
            }
            people::set_password(conn, person, &chosen)?;
            store::void_links(conn, Some(person))?;
            ending.end(conn, at)?;
            session.iter().try_for_each(|session| store::insert_session(conn, session))
        };
        self.0.journal.commit_blocking(Unit { records, work: Some(Box::new(work)), ..Unit::default() })?;
        let name = people::get(&mut *self.reader()?, person)?.username;
        let Some(beginning) = beginning else {
            let proven = Proven {
                person,
                password: Some(hash),
                source: None,
                name: &name,
                keep: false,
                confirms: None,
            };
            // Removed a moment ago: whoever comes in begins again, with the new password.
            let step = self.ask_second(&proven)?.ok_or(Code::SecondStepOver)?;
            return Ok(Entered::Second(Box::new(step)));
        };
        let mut started = self.started(beginning.token, &beginning.row)?;
        started.device = Some(self.device_cookie(person, &name)?);
        Ok(Entered::In(Box::new(started)))
    }

    /// The record of a new account.
    pub(super) fn created(
        &self,
        made: &NewPerson,
        source: Source,
        actor: Option<PersonId>,
        via: Via,
    ) -> Result<Draft, Error> {
        let body = PersonCreated {
            username: made.username.clone(),
            name: made.name.clone(),
            roles: made.roles.list(),
            profile: made.profile.clone(),
            source,
            owner: made.owner,
            via,
        };
        self.draft(made.id, Kind::PersonCreated, actor, made.id.bytes(), &body)
    }
}
