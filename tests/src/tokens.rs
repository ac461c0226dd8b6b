//! Access tokens through the front door.

use std::time::{SystemTime, UNIX_EPOCH};

use chancery_protocol::Micros;
use chancery_protocol::ids::PersonId;
use chancery_protocol::tokens::{AccessTokenIssued, AccessTokens, BotMade, IssueAccessToken, MakeBot, Scope};
use reqwest::Method;

use crate::http::{Caller, Refusal};

const DAY: Micros = 86_400_000_000;

/// So many days from now.
pub fn in_days(days: i64) -> Micros {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
    Micros::try_from(now).unwrap() + days * DAY
}

/// A form for a month.
pub fn month(scopes: &[Scope]) -> IssueAccessToken {
    IssueAccessToken { name: "Robot".to_owned(), scopes: scopes.to_vec(), expires_at: in_days(30) }
}

/// Issues a token to oneself.
///
/// # Errors
/// The refusal.
pub async fn issue(who: &Caller, scopes: &[Scope]) -> Result<AccessTokenIssued, Refusal> {
    who.call(Method::POST, "/tokens", Some(&month(scopes))).await
}

/// Issues a token to a bot.
///
/// # Errors
/// The refusal.
pub async fn issue_to(admin: &Caller, bot: PersonId, scopes: &[Scope]) -> Result<AccessTokenIssued, Refusal> {
    admin.call(Method::POST, &format!("/people/{bot}/tokens"), Some(&month(scopes))).await
}

/// One's own tokens.
///
/// # Errors
/// The refusal.
pub async fn own(who: &Caller) -> Result<AccessTokens, Refusal> {
    who.call(Method::GET, "/tokens", None::<&()>).await
}

/// Makes a bot.
///
/// # Errors
/// The refusal.
pub async fn make_bot(admin: &Caller, username: &str, owner: PersonId) -> Result<PersonId, Refusal> {
    let form = MakeBot { username: username.to_owned(), name: format!("Bot {username}"), owner };
    let made: BotMade = admin.call(Method::POST, "/bots", Some(&form)).await?;
    Ok(made.id)
}
