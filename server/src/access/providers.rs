//! Signing in at an OpenID Connect provider, and what the provider says later.
//!
//! What must stay true: a sign-in is finished in the browser that began it, once, on whatever node; where a browser is sent
//! afterwards is a page of ours; a logout token counts once.

use std::collections::BTreeMap;
use std::sync::Arc;

use chancery_protocol::Micros;
use chancery_protocol::http::{BeginSignIn, FinishSignIn, SessionInfo};
use chancery_protocol::ids::{Id, PersonId, SessionId, SourceId};
use chancery_protocol::sources::Connection;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::admission::Refused;
use super::confirm::Proof;
use super::origin::Origin;
use super::records::{EndReason, RefusedBecause};
use super::sessions::{Started, at};
use super::spent::is_spent;
use super::store::{self, SessionRow};
use super::vouched::Vouched;
use super::ways::Way;
use super::{Access, Caller};
use crate::directory::names;
use crate::directory::oidc::{Answer, Failure, Fresh, Kind, Pending, Provider, SignedIn};
use crate::directory::records::Profile;
use crate::directory::sources::Source;
use crate::ground::config::Secret;
use crate::ground::db::blocking;
use crate::ground::error::{Code, Error};
use crate::journal::{Placed, Unit};
use crate::vault::{Place, Scope};

const SECOND: Micros = 1_000_000;
/// How long a sign-in may take at the provider; the state is remembered as used for longer.
pub(super) const SIGN_IN_SECONDS: i64 = 30 * 60;
const REMEMBERED: Micros = 2 * SIGN_IN_SECONDS * SECOND;
/// Longest address of a page one goes on to.
const MAX_PAGE: usize = 1_000;

/// A sign-in under way, as this browser's cookie carries it, sealed.
#[derive(Serialize, Deserialize)]
struct UnderWay {
    source: SourceId,
    pending: Pending,
    to: String,
    keep: bool,
    /// The session it confirms; otherwise it begins one.
    confirms: Option<SessionId>,
}

/// Where the cookie's content belongs, so that nothing else that is sealed can stand in for it.
const COOKIE_PLACE: Place<'static> = Place { table: "cookies", column: "sign_in", row: &[0; 16] };

/// A sign-in that began: where to send the browser, and what its cookie keeps.
pub(super) struct Begun {
    pub url: String,
    pub cookie: String,
}

/// A sign-in that is finished.
pub(super) struct Finished {
    pub come: Come,
    pub to: String,
}

/// What came of it.
pub(super) enum Come {
    /// A session; its cookie may outlive the browser window.
    In { started: Started, keep: bool },
    /// The session there was goes on, confirmed.
    Confirmed(SessionInfo),
}

impl Access {
    /// Begins a sign-in, or the confirmation of the session there is.
    ///
    /// # Errors
    /// `not_found` for a source that is none; `signed_out` when there is no session to confirm; what is wrong with the provider.
    pub(super) async fn begin_sign_in(
        &self,
        form: BeginSignIn,
        caller: Option<&Caller>,
    ) -> Result<Begun, Error> {
        let confirms = match (form.confirm, caller) {
            (false, _) => None,
            (true, Some(caller)) => Some(caller.session),
            (true, None) => return Err(Code::SignedOut.into()),
        };
        let (source, provider) = self.provider(form.source).await?;
        let minutes = self.0.settings.confirm_minutes;
        let fresh = match confirms {
            None => Fresh { dated: minutes > 0, ..Fresh::default() },
            // Not older than what would be asked for again at once.
            Some(_) => {
                let fresh = provider.fresh();
                let longest = if minutes == 0 { u32::MAX } else { minutes.saturating_mul(60) };
                Fresh { max_age: fresh.max_age.map(|seconds| seconds.min(longest)), ..fresh }
            }
        };
        let hint = form.login_hint.as_deref().filter(|hint| !hint.is_empty());
        let begun = provider.begin(&self.return_page(), &fresh, hint).await;
        let begun = begun.map_err(|failure| told(&source, failure))?;
        let to = own_page(&form.to);
        let under_way = UnderWay { source: source.id, pending: begun.pending, to, keep: form.keep, confirms };
        let here = self.clone();
        let cookie = blocking(move || {
            let plain = serde_json::to_vec(&under_way).map_err(Error::internal)?;
            here.0.journal.vault().seal_value(Scope::System, &COOKIE_PLACE, &plain)
        })
        .await?;
        Ok(Begun { url: begun.url.into(), cookie: BASE64URL_NOPAD.encode(&cookie) })
    }

    /// Finishes the sign-in that this browser began.
    pub(super) async fn finish_sign_in(
        &self,
        form: FinishSignIn,
        cookie: Option<String>,
        origin: Origin,
        caller: Option<Caller>,
    ) -> Result<Finished, Error> {
        let here = self.clone();
        let interrupted = || Error::from(Code::SignInInterrupted);
        let under_way = blocking(move || {
            let sealed = cookie.and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok());
            let sealed = sealed.ok_or_else(interrupted)?;
            let plain =
                here.0.journal.vault().open_value(&COOKIE_PLACE, &sealed)?.map_err(|_| interrupted())?;
            let under_way: UnderWay = serde_json::from_slice(&plain).map_err(|_| interrupted())?;
            let until = here.now() + REMEMBERED;
            if !here.spend(&["state", under_way.pending.state()], until)? {
                return Err(interrupted());
            }
            Ok(under_way)
        })
        .await?;
        // What was to be confirmed is over, or belongs to another session by now.
        let confirms = match under_way.confirms {
            None => None,
            Some(session) => Some(caller.filter(|caller| caller.session == session).ok_or_else(interrupted)?),
        };
        let (source, provider) = self.provider(under_way.source).await?;
        let answer = Answer { code: form.code, state: form.state, iss: form.iss, error: form.error };
        let proven = provider.finish(&under_way.pending, &answer).await;
        let proven = match proven {
            Err(Failure::KeptOut { subject, login, why }) => {
                let here = self.clone();
                let answer = told(&source, *why);
                let refused = Refused { source: source.id, subject, login };
                blocking(move || here.refused(refused, RefusedBecause::EmailDomain, &origin)).await?;
                return Err(answer);
            }
            proven => proven.map_err(|failure| told(&source, failure))?,
        };
        let here = self.clone();
        let (to, keep) = (under_way.to, under_way.keep);
        let come = blocking(move || {
            let (sid, id_token, proven_at) = (proven.sid.clone(), proven.id_token.clone(), proven.auth_time);
            if let Some(caller) = confirms {
                let proof = Proof::Source(source.id, proven.subject);
                here.confirmed(&caller, &proof, proven_at.map(|seconds| seconds.saturating_mul(SECOND)))?;
                return Ok(Come::Confirmed(here.session_info(&caller)?));
            }
            let over = sid.as_ref().map(|sid| ["signed out".to_owned(), source.id.to_string(), sid.clone()]);
            if let Some(over) = over
                && is_spent(&mut *here.reader()?, &over.each_ref().map(String::as_str))?
            {
                return Err(interrupted());
            }
            let vouched = vouched(&source, proven);
            let started =
                here.admit(&vouched, &origin, |row| here.keep(row, sid.clone(), &id_token, proven_at))?;
            Ok(Come::In { started, keep })
        })
        .await?;
        Ok(Finished { come, to })
    }

    /// What a session keeps of the provider's.
    fn keep(
        &self,
        row: &mut SessionRow,
        sid: Option<String>,
        id_token: &Secret,
        proven_at: Option<i64>,
    ) -> Result<(), Error> {
        let (person, session): (PersonId, SessionId) = (row.person.id(), row.id.id());
        let bytes = session.bytes();
        let sealed = self.0.journal.vault().seal_value(
            Scope::Person(person),
            &id_token_place(&bytes),
            id_token.reveal().as_bytes(),
        )?;
        row.provider_session = sid;
        row.id_token = Some(sealed);
        // A clock ahead of ours proves nothing about the future, and a provider that does not say when proves nothing: the person may
        // have found the browser signed in.
        row.proven_at = proven_at.map_or(0, |seconds| seconds.saturating_mul(SECOND)).min(row.created_at);
        Ok(())
    }

    /// Where the browser goes to sign out at the provider too, when this session came from one that wants it.
    pub(super) async fn sign_out_address(&self, caller: &Caller) -> Result<Option<String>, Error> {
        let (here, session, person) = (self.clone(), caller.session, caller.person);
        let found = blocking(move || {
            let rows = store::of_person(&mut *here.reader()?, person, here.now())?;
            let row = rows.into_iter().find(|row| row.id.id::<SessionId>() == session);
            let Some((source, sealed)) = row.and_then(|row| Some((row.source?, row.id_token?))) else {
                return Ok(None);
            };
            let bytes = session.bytes();
            let token = here.0.journal.vault().open_text(&id_token_place(&bytes), &sealed)?.ok();
            Ok(token.map(|token| (source.id::<SourceId>(), Secret::new(token))))
        })
        .await?;
        let Some((source, token)) = found else { return Ok(None) };
        let Ok((source, provider)) = self.provider(source).await else { return Ok(None) };
        let back = self.public_url().page("/sign-in");
        match provider.logout_url(Some(&token), &back, None).await {
            Ok(url) => Ok(url.map(Into::into)),
            // Signing out here does not wait for a provider that is away.
            Err(failure) => {
                tracing::warn!(source = %source.id, %failure, "nobody can be signed out at the provider");
                Ok(None)
            }
        }
    }

    /// A provider says that a session of its own ended: those here that came from it end too.
    pub(super) async fn provider_logout(&self, source: SourceId, token: &str) -> Result<(), Error> {
        // Also when it is switched off: sessions that came from it go on.
        let here = self.clone();
        let (source, provider) = blocking(move || here.provider_of(here.any_source(source)?)).await?;
        let said = provider.back_channel_logout(token).await.map_err(|failure| told(&source, failure))?;
        let here = self.clone();
        blocking(move || {
            let until = said.remember_until.saturating_mul(SECOND);
            let id = source.id.to_string();
            let token = ["logout", &id, &said.jti];
            if is_spent(&mut *here.reader()?, &token)? {
                return Err(Code::BadRequest.into());
            }
            if let Some(sid) = &said.sid {
                // A sign-in of that session may be under way.
                here.spend(&["signed out", &id, sid], here.now() + REMEMBERED)?;
            }
            here.end_provider_sessions(source.id, said.subject.as_deref(), said.sid.as_deref())?;
            // Afterwards: what failed half-way may be said again.
            here.spend(&token, until).map(drop)
        })
        .await
    }

    /// Ends the sessions that came from a provider: a person's, or one of the provider's own.
    pub(super) fn end_provider_sessions(
        &self,
        source: SourceId,
        subject: Option<&str>,
        sid: Option<&str>,
    ) -> Result<(), Error> {
        let mut conn = self.reader()?;
        let sessions = store::of_provider(&mut conn, source, subject, sid, self.now())?;
        drop(conn);
        for (person, session) in sessions {
            let record = self.ended(person, session, EndReason::EndedByProvider, None)?;
            let ended = self.0.journal.commit_blocking(Unit {
                records: vec![record],
                work: Some(Box::new(move |conn, placed: &[Placed]| {
                    let _ = at(placed);
                    if store::end_session(conn, session)? { Ok(()) } else { Err(Code::NotFound.into()) }
                })),
                ..Unit::default()
            });
            match ended {
                Ok(_) => {}
                // It ended by itself meanwhile.
                Err(e) if e.code == Code::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    async fn provider(&self, id: SourceId) -> Result<(Source, Arc<Provider>), Error> {
        let here = self.clone();
        blocking(move || here.provider_of(here.open_source(id)?)).await
    }

    fn provider_of(&self, source: Source) -> Result<(Source, Arc<Provider>), Error> {
        match self.way(&source)? {
            Way::Oidc(provider) => Ok((source, provider)),
            Way::Ldap(_) | Way::Nobody => Err(Code::NotFound.into()),
        }
    }

    /// Where providers send browsers back to.
    fn return_page(&self) -> String {
        self.public_url().page("/sign-in/return")
    }
}

fn id_token_place(session: &[u8; 16]) -> Place<'_> {
    Place { table: "sessions", column: "id_token", row: session }
}

fn vouched(source: &Source, said: SignedIn) -> Vouched {
    let groups = said.groups.map(|groups| {
        groups.into_iter().map(|group| (group.clone(), group)).collect::<BTreeMap<String, String>>()
    });
    let domains = match &source.form.connection {
        Connection::Oidc(settings) => &settings.email_domains[..],
        Connection::Ldap(_) | Connection::Scim(_) => &[],
    };
    Vouched {
        source: source.id,
        revision: source.revision,
        admission: source.form.admission.clone(),
        subject: said.subject,
        person: None,
        found_by: names::username_of(&said.login, Some(domains)),
        login: said.login,
        name: said.display_name,
        profile: Profile {
            email: said.email.filter(|_| said.email_verified).map(|email| email.to_lowercase()),
            title: said.title,
            department: said.department,
            manager: None,
        },
        whole: false,
        says_manager: false,
        groups,
    }
}

/// A page of ours to go on to: a path, which cannot lead to another host however a browser reads it.
fn own_page(to: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() && c != '\\';
    let own = to.starts_with('/') && !to.starts_with("//") && to.len() <= MAX_PAGE && to.chars().all(plain);
    // Nor back to signing in.
    let there = to.split(['?', '#']).next().unwrap_or_default();
    if own && !there.starts_with("/sign-in") { to.to_owned() } else { "/".to_owned() }
}

/// What the person is told of a failure; administrators find the rest in the log, without tokens and codes.
fn told(source: &Source, failure: Failure) -> Error {
    let code = match &failure {
        Failure::Unreachable { .. }
        | Failure::Tls { .. }
        | Failure::TimedOut { .. }
        | Failure::Status { .. } => Code::SourceUnavailable,
        Failure::State | Failure::Late | Failure::NoCode | Failure::AnswerIssuer => Code::SignInInterrupted,
        Failure::Refused(_) | Failure::CodeRefused(_) | Failure::NotFresh | Failure::Level => {
            Code::ProviderRefused
        }
        Failure::EmailMissing | Failure::EmailUnverified | Failure::EmailDomain => Code::NotAdmitted,
        Failure::Token { kind: Kind::Logout, .. } => Code::BadRequest,
        _ => Code::ProviderMistake,
    };
    tracing::warn!(source = %source.id, code = failure.code(), %failure, "a sign-in at a provider failed");
    Error::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_to_pages_of_ours_only() {
        for own in ["/", "/chats/1?at=2#x", "/console/people"] {
            assert_eq!(own_page(own), own);
        }
        for foreign in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "chats",
            "/sign-in?to=/sign-in",
            "/sign-in/return",
            &format!("/{}", "a".repeat(1_000)),
        ] {
            assert_eq!(own_page(foreign), "/", "{foreign:?}");
        }
    }
}
