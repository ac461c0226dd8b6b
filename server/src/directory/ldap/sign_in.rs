//! Proving a person's password: the entry is searched as the account that reads, then its DN and the password are
//! tried.
//!
//! Why somebody is refused is for the log of an administrator. Whoever asks is told one thing only, and when nobody
//! has the login, a password is tried all the same, so that as many questions and answers go over the line.

use std::fmt;

use ldap3::Scope;

use super::Client;
use super::Nested;
use super::connection::{Bound, Connection, Search, Size};
use super::entry::Entry;
use super::error::{Error, Fault};
use super::escape;
use super::groups::{self, Group};
use super::person::{self, Person, State};
use crate::ground::config::Secret;
use chancery_protocol::Micros;

/// Longest login, in bytes.
const MAX_LOGIN: usize = 256;
/// The name of an entry there is not.
const NOBODY: &str = "cn=nobody-5b7d0c5e-0f0a-4a39-9b1c-0d1f6d2f6c11";

/// A person whose password was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who it is, read after the password was proven.
    pub person: Person,
    /// Their groups below the base for groups, without members.
    pub groups: Vec<Group>,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSignedIn {
    /// The directory said no. To whoever asks, all of these are the same.
    Refused(Refusal),
    /// The directory could not be asked.
    Failed(Error),
}

/// Why the directory said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No login was given; nothing was asked.
    EmptyLogin,
    /// No password was given; nothing was asked.
    EmptyPassword,
    /// Nobody has this login.
    NobodyFound,
    /// More than one entry has this login.
    SeveralFound,
    /// The password is wrong. Also what a directory says that does not tell more.
    WrongPassword,
    /// The account is switched off.
    Disabled,
    /// The account is locked, mostly after wrong passwords.
    Locked,
    /// The account's time is over.
    Expired,
    /// The password's time is over.
    PasswordExpired,
    /// The password has to be changed first.
    MustChangePassword,
    /// Not at this hour or from this machine.
    NotHereNow,
    /// The password was right, but the entry lacks what is needed, or is gone.
    Unusable,
}

impl Refusal {
    /// Whether the password may have been held against that of an entry.
    pub fn compared(self) -> bool {
        !matches!(self, Self::EmptyLogin | Self::EmptyPassword | Self::NobodyFound | Self::SeveralFound)
    }

    /// A name that does not change, for logs and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::EmptyLogin => "empty_login",
            Self::EmptyPassword => "empty_password",
            Self::NobodyFound => "nobody_found",
            Self::SeveralFound => "several_found",
            Self::WrongPassword => "wrong_password",
            Self::Disabled => "disabled",
            Self::Locked => "locked",
            Self::Expired => "expired",
            Self::PasswordExpired => "password_expired",
            Self::MustChangePassword => "must_change_password",
            Self::NotHereNow => "not_here_now",
            Self::Unusable => "unusable",
        }
    }
}

impl fmt::Display for NotSignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "sign-in refused: {}", refusal.code()),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotSignedIn {}

impl From<Refusal> for NotSignedIn {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for NotSignedIn {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Why a step ended the sign-in, before the server's name is added.
enum Stop {
    Refused(Refusal),
    Failed(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Client {
    /// Proves a login and a password, and reads whose they are. `now` decides who has expired.
    ///
    /// # Errors
    /// A [`Refusal`], or why the directory could not be asked.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &Secret,
        now: Micros,
    ) -> Result<SignedIn, NotSignedIn> {
        let login = login.trim();
        if password.reveal().is_empty() {
            return Err(Refusal::EmptyPassword.into());
        }
        if login.is_empty() {
            return Err(Refusal::EmptyLogin.into());
        }
        if login.len() > MAX_LOGIN {
            return Err(Refusal::NobodyFound.into());
        }
        let mut connection = self.connect().await?;
        let done = self.prove(&mut connection, login, password, now).await;
        let done = done.map_err(|stop| match stop {
            Stop::Refused(refusal) => NotSignedIn::Refused(refusal),
            Stop::Failed(fault) => NotSignedIn::Failed(connection.error(fault)),
        });
        connection.close().await;
        done
    }

    async fn prove(
        &self,
        connection: &mut Connection,
        login: &str,
        password: &Secret,
        now: Micros,
    ) -> Result<SignedIn, Stop> {
        let found = match find(connection, login).await? {
            Ok(entry) => entry,
            Err(refusal) => {
                let nobody = format!("{NOBODY},{}", self.settings.people.base);
                // Whatever comes of it, the answer is no.
                let bound = connection.bind(&nobody, password).await?;
                return Err(bound.general().map_or_else(|_| Stop::Refused(refusal), Stop::Failed));
            }
        };
        let bound = connection.bind(&found.dn, password).await?;
        judge(bound, State::read(&found, now))?;
        connection.bind_reader(self.password.as_ref(), true).await?;
        let entry = find_again(connection, &found).await?;
        let names = &self.settings.attributes;
        let person = Person::read(&entry, names, false, now).map_err(|_| Refusal::Unusable)?;
        // A directory may prove the password of an account it would not let in elsewhere.
        match person.state {
            State::Active => {}
            State::Disabled => return Err(Refusal::Disabled.into()),
            State::Locked => return Err(Refusal::Locked.into()),
            State::Expired => return Err(Refusal::Expired.into()),
        }
        let groups = groups::of(connection, &entry).await?;
        Ok(SignedIn { person, groups })
    }
}

/// The one entry with this login.
async fn find(connection: &mut Connection, login: &str) -> Result<Result<Entry, Refusal>, Fault> {
    let settings = connection.settings.clone();
    let people = &settings.people;
    let condition = escape::login(&people.login_filter, login);
    let names = person::attributes(&settings.attributes, false);
    one(connection, &escape::both(&people.filter, &condition), &names).await
}

/// The same entry by its id, wherever it is now, with its groups if it has them.
async fn find_again(connection: &mut Connection, found: &Entry) -> Result<Entry, Stop> {
    let settings = connection.settings.clone();
    let names = &settings.attributes;
    let id = found.first(&names.id).ok_or(Refusal::Unusable)?;
    let condition = format!("({}={})", names.id, escape::bytes(id));
    let mut asked = person::attributes(names, false);
    if settings.groups.nested == Nested::MemberOf && !settings.groups.base.is_empty() {
        asked.push(&names.member_of);
    }
    let entry = one(connection, &escape::both(&settings.people.filter, &condition), &asked).await?;
    entry.map_err(|_| Refusal::Unusable.into())
}

async fn one(
    connection: &mut Connection,
    filter: &str,
    attributes: &[&str],
) -> Result<Result<Entry, Refusal>, Fault> {
    let settings = connection.settings.clone();
    let search = Search {
        base: &settings.people.base,
        scope: Scope::Subtree,
        filter,
        attributes,
        size: Size::AtMost(2),
    };
    let mut entries = Vec::new();
    let found = connection.search(&search, &mut |entry| entries.push(entry)).await?;
    let several = found.cut || entries.len() > 1;
    Ok(match entries.pop() {
        _ if several => Err(Refusal::SeveralFound),
        Some(entry) => Ok(entry),
        None => Err(Refusal::NobodyFound),
    })
}

/// What a bind as the person says.
fn judge(bound: Bound, state: State) -> Result<(), Stop> {
    let by_state = || match state {
        State::Active => Refusal::WrongPassword,
        State::Disabled => Refusal::Disabled,
        State::Locked => Refusal::Locked,
        State::Expired => Refusal::Expired,
    };
    let refusal = match (bound.code, bound.policy) {
        // Signed in, but for nothing else than to change the password.
        (0, Some(2)) => Refusal::MustChangePassword,
        (0, _) => return Ok(()),
        (49 | 53, Some(0)) => Refusal::PasswordExpired,
        (49 | 53, Some(1)) => Refusal::Locked,
        (49 | 53, Some(2)) => Refusal::MustChangePassword,
        (49, _) => sub_code(&bound.text).unwrap_or_else(by_state),
        // Too many wrong passwords, to some servers; an entry that has no password at all.
        (19, _) => Refusal::Locked,
        // Not to be bound as, or gone since it was found. Whatever else speaks of this one entry is no fault of the directory either:
        // an answer of another kind would tell a stranger that there is one.
        (48 | 32 | 34 | 50, _) => Refusal::WrongPassword,
        (53, _) => Refusal::Disabled,
        (code, _) => {
            let fault = bound.general().unwrap_or_else(|bound| Fault::Refused { code, text: bound.text });
            return Err(fault.into());
        }
    };
    Err(refusal.into())
}

/// What Active Directory says in its words: `… AcceptSecurityContext error, data 52e, v4563`.
fn sub_code(text: &str) -> Option<Refusal> {
    let (_, rest) = text.split_once("data ")?;
    let code = rest.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    Some(match code.to_ascii_lowercase().as_str() {
        "525" => Refusal::NobodyFound,
        "52e" => Refusal::WrongPassword,
        "530" | "531" => Refusal::NotHereNow,
        "532" => Refusal::PasswordExpired,
        "533" => Refusal::Disabled,
        "701" => Refusal::Expired,
        "773" => Refusal::MustChangePassword,
        "775" => Refusal::Locked,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_codes_of_active_directory_are_told_apart() {
        for (code, refusal) in [
            ("525", Refusal::NobodyFound),
            ("52e", Refusal::WrongPassword),
            ("52E", Refusal::WrongPassword),
            ("530", Refusal::NotHereNow),
            ("531", Refusal::NotHereNow),
            ("532", Refusal::PasswordExpired),
            ("533", Refusal::Disabled),
            ("701", Refusal::Expired),
            ("773", Refusal::MustChangePassword),
            ("775", Refusal::Locked),
        ] {
            let text = format!(
                "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data {code}, v4563"
            );
            assert_eq!(sub_code(&text), Some(refusal), "{code}");
        }
        for other in ["", "data ", "data 52, v1", "Invalid credentials", "data 52ef,"] {
            assert_eq!(sub_code(other), None, "{other}");
        }
    }

    #[test]
    fn a_failed_bind_is_judged_by_policy_words_and_state() {
        let judged = |code, policy, text: &str, state| {
            let bound = Bound::of(code, text, policy);
            match judge(bound, state) {
                Ok(()) => "in".to_owned(),
                Err(Stop::Refused(refusal)) => refusal.code().to_owned(),
                Err(Stop::Failed(fault)) => fault.code().to_owned(),
            }
        };
        assert_eq!(judged(0, None, "", State::Active), "in");
        assert_eq!(judged(0, Some(2), "", State::Active), "must_change_password");
        assert_eq!(judged(49, Some(0), "", State::Active), "password_expired");
        assert_eq!(judged(49, Some(1), "", State::Active), "locked");
        assert_eq!(judged(49, None, "", State::Active), "wrong_password");
        assert_eq!(judged(49, None, "", State::Locked), "locked");
        assert_eq!(judged(49, None, "error, data 533, v1", State::Active), "disabled");
        assert_eq!(judged(49, None, "error, data 52e, v1", State::Disabled), "wrong_password");
        assert_eq!(judged(19, None, "", State::Active), "locked");
        assert_eq!(judged(53, None, "Account inactivated", State::Active), "disabled");
        for entry in [32, 34, 48, 50] {
            assert_eq!(judged(entry, None, "", State::Active), "wrong_password", "{entry}");
        }
        assert_eq!(judged(8, None, "", State::Active), "protection_required");
        assert_eq!(judged(10, None, "", State::Active), "referral");
        assert_eq!(judged(52, None, "", State::Active), "busy");
        assert_eq!(judged(1, None, "", State::Active), "refused");
    }
}
