//! What an author gets with a warning and sends back with a reason. It is bound to author, command, rules with their versions and
//! those of the lists they call, and sealed, so that it can be neither made nor read outside; any node can check it.

use std::collections::BTreeSet;

use chancery_protocol::acceptable_use::RuleOutcome;
use chancery_protocol::command::Command;
use chancery_protocol::ids::{PersonId, RecordId};
use chancery_protocol::{MAX_REASON_CHARS, MIN_REASON_CHARS, Micros};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::decide::{Asked, Confirmed, Finding};
use crate::ground::error::{Code, Error};
use crate::vault::{Place, Scope, Vault};

/// How long a warning can be answered: an hour.
const LIFETIME: Micros = 3_600_000_000;

const PLACE: Place<'static> = Place { table: "warnings", column: "token", row: b"" };

#[derive(Serialize, Deserialize)]
struct Token {
    author: PersonId,
    command: [u8; 32],
    rules: BTreeSet<Asked>,
    warned: RecordId,
    at: Micros,
}

/// The token of a warning.
///
/// # Errors
/// When the key store cannot be used.
pub fn issue(
    vault: &Vault,
    author: PersonId,
    command: &Command,
    findings: &[Finding],
    (warned, at): (RecordId, Micros),
) -> Result<String, Error> {
    let warnings = findings.iter().filter(|finding| finding.outcome == RuleOutcome::Warn);
    let rules = warnings.map(Finding::asked).collect();
    let token = Token { author, command: digest(command)?, rules, warned, at };
    let json = serde_json::to_vec(&token).map_err(Error::internal)?;
    Ok(BASE64URL_NOPAD.encode(&vault.seal_value(Scope::System, &PLACE, &json)?))
}

/// What a token and a reason come to.
///
/// # Errors
/// `reason_needed` and `reason_too_long`; `confirm_stale` for a token that is not of this author and command, or is too old.
pub fn check(
    vault: &Vault,
    author: PersonId,
    command: &Command,
    (token, reason): (&str, &str),
    now: Micros,
) -> Result<Confirmed, Error> {
    let reason = reason.trim();
    let chars = reason.chars().count();
    if chars < MIN_REASON_CHARS {
        let detail = format!("Write at least {MIN_REASON_CHARS} characters.");
        return Err(Error::from(Code::ReasonNeeded).field("reason").detail(detail));
    }
    if chars > MAX_REASON_CHARS {
        let detail = format!("Write at most {MAX_REASON_CHARS} characters.");
        return Err(Error::from(Code::ReasonTooLong).field("reason").detail(detail));
    }
    let stale = || Error::from(Code::ConfirmStale).field("token");
    let sealed = BASE64URL_NOPAD.decode(token.as_bytes()).map_err(|_| stale())?;
    let opened = vault.open_value(&PLACE, &sealed)?.map_err(|_| stale())?;
    let token: Token = serde_json::from_slice(&opened).map_err(|_| stale())?;
    if token.author != author || token.command != digest(command)? || now - token.at > LIFETIME {
        return Err(stale());
    }
    Ok(Confirmed { rules: token.rules, reason: reason.to_owned(), warned: token.warned })
}

/// Commands are the same JSON whenever they are the same.
fn digest(command: &Command) -> Result<[u8; 32], Error> {
    Ok(Sha256::digest(serde_json::to_vec(command).map_err(Error::internal)?).into())
}
