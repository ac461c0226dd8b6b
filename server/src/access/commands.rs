//! What may be done on the server's command line, also beside a running server. Blocking; printing is done
//! elsewhere. These acts have no actor; their records say that they came from the command line.

use chancery_protocol::http::{Account, Invite, Invited, IssuedLink, SetRoles};
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::{GuestTerms, Role};

use super::Access;
use super::accounts::By;
use crate::directory::{names, store};
use crate::ground::error::{Code, Error};

const DAY: i64 = 86_400_000_000;

/// A new set-up link, which voids older ones; `None` when somebody has a password already.
///
/// # Errors
/// When the record cannot be written.
pub fn setup(access: &Access) -> Result<Option<IssuedLink>, Error> {
    access.issue_setup()
}

/// All accounts, by name.
///
/// # Errors
/// When the database cannot be read.
pub fn list(access: &Access) -> Result<Vec<Account>, Error> {
    access.all_accounts()
}

/// A new account and its invitation; a guest with the user name of a sponsor and so many days.
///
/// # Errors
/// Those of names, roles and terms; `username_taken`; when the record cannot be written.
pub fn invite(
    access: &Access,
    username: &str,
    name: &str,
    roles: &[Role],
    guest: Option<(&str, u32)>,
) -> Result<Invited, Error> {
    let guest = terms(access, roles, guest)?;
    access.invite(&Invite { guest, ..form(username, name, roles) }, By::COMMAND_LINE)
}

/// A new account with a password, for the demo.
///
/// # Errors
/// As [`invite`], and `password_too_short`, `password_too_long`.
pub fn create_with_password(
    access: &Access,
    username: &str,
    name: &str,
    roles: &[Role],
    password: &str,
) -> Result<PersonId, Error> {
    access.create(&form(username, name, roles), password, By::COMMAND_LINE)
}

/// A link with which a person chooses a new password; it voids older ones.
///
/// # Errors
/// `person_not_found`, `suspended`; when the record cannot be written.
pub fn reset(access: &Access, username: &str) -> Result<IssuedLink, Error> {
    access.reset(person(access, username)?, false, By::COMMAND_LINE)
}

/// Suspends a person and ends their sessions.
///
/// # Errors
/// `person_not_found`, `last_admin`; when the record cannot be written.
pub fn suspend(access: &Access, username: &str) -> Result<(), Error> {
    access.suspend(person(access, username)?, By::COMMAND_LINE)
}

/// Lets a suspended person sign in again.
///
/// # Errors
/// `person_not_found`; when the record cannot be written.
pub fn reinstate(access: &Access, username: &str) -> Result<(), Error> {
    access.reinstate(person(access, username)?, By::COMMAND_LINE)
}

/// Removes all second factors of somebody who lost them, and ends their sessions; an account for emergencies is none any more.
///
/// # Errors
/// `person_not_found`; when the record cannot be written.
pub fn remove_factors(access: &Access, username: &str) -> Result<(), Error> {
    access.remove_factors(person(access, username)?, By::COMMAND_LINE)
}

/// Gives a person exactly these roles.
///
/// # Errors
/// `person_not_found`, `roles_empty`, `last_admin`; when the record cannot be written.
pub fn roles(
    access: &Access,
    username: &str,
    roles: &[Role],
    guest: Option<(&str, u32)>,
) -> Result<(), Error> {
    let guest = terms(access, roles, guest)?;
    let form = SetRoles { roles: roles.to_vec(), was: None, guest };
    access.set_roles(person(access, username)?, &form, By::COMMAND_LINE)
}

fn person(access: &Access, username: &str) -> Result<PersonId, Error> {
    let username = names::username(username)?;
    let row = store::by_username(&mut *access.reader()?, &username)?;
    row.map(|row| row.person()).ok_or_else(|| Code::PersonNotFound.into())
}

/// The terms of a guest: the user name of a sponsor, and so many days from now.
fn terms(access: &Access, roles: &[Role], given: Option<(&str, u32)>) -> Result<Option<GuestTerms>, Error> {
    let Some((sponsor, days)) = given else {
        let lacking = Error::from(Code::GuestTerms)
            .detail("Say who answers for the guest with --sponsor, and for how long with --days.");
        return if roles.contains(&Role::Guest) { Err(lacking) } else { Ok(None) };
    };
    Ok(Some(GuestTerms { sponsor: person(access, sponsor)?, ends_at: access.now() + i64::from(days) * DAY }))
}

fn form(username: &str, name: &str, roles: &[Role]) -> Invite {
    Invite {
        username: username.to_owned(),
        name: name.to_owned(),
        roles: roles.to_vec(),
        guest: None,
        email: None,
        mail: false,
    }
}
