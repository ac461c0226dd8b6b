//! Accounts.

use chancery_protocol::accounts::{AccountQuery, Bulk, BulkAnswer, ChangePerson};
use chancery_protocol::http::{Account, Accounts, Invite, Invited, IssuedLink, Sessions, SetRoles};
use chancery_protocol::ids::{PersonId, SessionId};
use chancery_protocol::mail::Outbox;
use chancery_protocol::person::GuestTerms;
use chancery_protocol::tokens::{BotMade, MakeBot, SetBotOwner};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::dom;

use crate::logic::view::query_text;

const PEOPLE: &str = "/api/v1/people";

/// A page of accounts.
pub async fn list(api: ApiClient, query: &AccountQuery) -> Result<Accounts, ClientError> {
    api.get(&format!("{PEOPLE}?{}", query_text(query, dom::encode))).await
}

/// One account.
pub async fn get(api: ApiClient, person: PersonId) -> Result<Account, ClientError> {
    api.get(&format!("{PEOPLE}/{person}")).await
}

/// Makes an account and its invitation.
pub async fn invite(api: ApiClient, form: &Invite) -> Result<Invited, ClientError> {
    api.post(PEOPLE, form).await
}

/// Makes a bot.
pub async fn make_bot(api: ApiClient, form: &MakeBot) -> Result<BotMade, ClientError> {
    api.post("/api/v1/bots", form).await
}

/// Somebody else answers for a bot.
pub async fn set_bot_owner(api: ApiClient, bot: PersonId, form: &SetBotOwner) -> Result<(), ClientError> {
    api.put(&format!("/api/v1/bots/{bot}/owner"), form).await
}

/// A new name, or e-mail address.
pub async fn change(api: ApiClient, person: PersonId, form: &ChangePerson) -> Result<(), ClientError> {
    api.put(&format!("{PEOPLE}/{person}"), form).await
}

/// Who answers for a guest, and until when.
pub async fn set_guest(api: ApiClient, person: PersonId, form: &GuestTerms) -> Result<(), ClientError> {
    api.put(&format!("{PEOPLE}/{person}/guest"), form).await
}

/// Other roles.
pub async fn set_roles(api: ApiClient, person: PersonId, form: &SetRoles) -> Result<(), ClientError> {
    api.put(&format!("{PEOPLE}/{person}/roles"), form).await
}

/// A one-time link, to be handed over or by mail.
pub async fn reset(api: ApiClient, person: PersonId, mail: bool) -> Result<IssuedLink, ClientError> {
    let how = if mail { "?mail=true" } else { "" };
    api.ask(&format!("{PEOPLE}/{person}/reset{how}")).await
}

/// The newest mails to somebody, and how they fare.
pub async fn mails(api: ApiClient, person: PersonId) -> Result<Outbox, ClientError> {
    api.get(&format!("/api/v1/mail/outbox?person={person}")).await
}

/// Ends the right to sign in.
pub async fn suspend(api: ApiClient, person: PersonId) -> Result<(), ClientError> {
    api.order(&format!("{PEOPLE}/{person}/suspend")).await
}

/// Gives it back.
pub async fn reinstate(api: ApiClient, person: PersonId) -> Result<(), ClientError> {
    api.order(&format!("{PEOPLE}/{person}/reinstate")).await
}

/// Where somebody is signed in; that one looked is put on the record.
pub async fn sessions(api: ApiClient, person: PersonId) -> Result<Sessions, ClientError> {
    api.get(&format!("{PEOPLE}/{person}/sessions")).await
}

/// Ends one session.
pub async fn end_session(api: ApiClient, person: PersonId, session: SessionId) -> Result<(), ClientError> {
    api.delete(&format!("{PEOPLE}/{person}/sessions/{session}")).await
}

/// Ends all sessions.
pub async fn end_sessions(api: ApiClient, person: PersonId) -> Result<(), ClientError> {
    api.delete(&format!("{PEOPLE}/{person}/sessions")).await
}

/// The same to several people, or what would come of it.
pub async fn bulk(api: ApiClient, form: &Bulk) -> Result<BulkAnswer, ClientError> {
    api.post(&format!("{PEOPLE}/bulk"), form).await
}
