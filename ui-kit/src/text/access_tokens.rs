//! Access tokens, by which programs act for a person or as a bot; and bots.

use chancery_protocol::tokens::{MAX_TOKENS, Scope};

use super::{plural, problem};
use crate::api::ClientError;

pub const TITLE: &str = "Access tokens";
pub const YOURS: &str = "Your tokens";
pub const BODY: &str = "With an access token a program acts for you: it reads or writes what you may, and of that only what you choose. Whoever has the token can use it.";
pub const LOAD_FAILED: &str = "Access tokens could not be loaded";
pub const NONE_TITLE: &str = "No access tokens";
pub const NONE_BODY: &str =
    "Issue one when a program of yours is to read or write here for you, for example to announce a build.";
pub const NONE_OF_PERSON: &str = "No program acts for them.";
pub const NONE_OF_BOT: &str =
    "It has no access token, so it can do nothing yet. Issue one and enter it in its program.";
pub const NONE_OF_SUSPENDED: &str = "No program acts by it.";
pub const OFF: &str = "This server issues no access tokens.";
pub const ISSUE: &str = "Issue an access token";
pub const ISSUE_SHORT: &str = "Issue";
pub const ISSUE_ABOUT: &str = "an access token";
pub const ISSUE_ACT: &str = "Issue token";
pub const NAME_HELP: &str = "The program it is for, so that you know it again";
pub const MAY: &str = "It may";
pub const NEED_SCOPE: &str = "Choose at least one thing it may do.";
pub const SEND: &str = "Programs send it as Authorization: Bearer.";
pub const KEEP: &str = "Keep it";

pub const BOT: &str = "Bot";
pub const ADD_BOT: &str = "Add a bot";
pub const BOT_LEAD: &str =
    "A bot writes under its own name, by access tokens. Nobody signs in as it, and somebody answers for it.";
pub const BOT_NAME_HELP: &str = "Shown with the word Bot wherever it writes";
pub const ADD_BOT_ACT: &str = "Add bot";
pub const BOT_ADDED: &str = "Bot added";
pub const OWNER: &str = "Who answers for it";
pub const OWNER_OTHER: &str = "Choose somebody else";
pub const OWNER_NOBODY: &str = "Nobody of this name can answer for a bot.";
pub const NEED_OWNER: &str = "Choose who answers for it.";
pub const OWNER_SET: &str = "Changed who answers for it";
pub const OWNER_ACT: &str = "Save";
pub const OWNER_CHANGE: &str = "Change who answers for it";
pub const NOT_NAMED: &str = "Not known";
pub const BOT_SUSPEND_BODY: &str = "Its access tokens end at once, and it does nothing until the suspension is lifted. What it wrote stays in the archive.";
pub const BOT_LIFT_BODY: &str = "Access tokens that ended stay ended: issue it a new one.";

/// What a scope opens, beside its box.
pub fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::MessagesRead => "Read messages",
        Scope::MessagesWrite => "Write messages",
        Scope::ConversationsWrite => "Begin and change conversations",
        Scope::PeopleRead => "Look people up",
        Scope::AccountsRead => "Read accounts",
        Scope::AccountsWrite => "Change accounts",
        Scope::AuditRead => "Read the audit log",
        Scope::HealthRead => "Read figures and health",
    }
}

/// The same in a sentence, under its box.
pub fn scope_help(scope: Scope) -> &'static str {
    match scope {
        Scope::MessagesRead => "Connect, read and search the conversations one is a member of",
        Scope::MessagesWrite => "Send, edit, delete and react, mark as read, set presence and status",
        Scope::ConversationsWrite => "Also join and leave them, and manage groups one owns",
        Scope::PeopleRead => "Names, usernames and presence of colleagues",
        Scope::AccountsRead => "Accounts, groups, and who people are elsewhere",
        Scope::AccountsWrite => "Rename, suspend and reinstate people, and end their sessions",
        Scope::AuditRead => "As far as one may read it",
        Scope::HealthRead => "Of the server; no messages",
    }
}

/// What a token may do, in one line.
pub fn scopes(all: &[Scope]) -> String {
    all.iter().map(|one| scope(*one)).collect::<Vec<_>>().join(" · ")
}

/// Below its name: "Until 10 Mar 2027. Last used 10:42."
pub fn life(until: &str, used: Option<&str>) -> String {
    match used {
        Some(used) => format!("Until {until}. Last used {used}."),
        None => format!("Until {until}. Never used."),
    }
}

/// Below the token itself: until when it works.
pub fn works(until: &str) -> String {
    format!("It works until {until}.")
}

/// What revoking does. `used`: when it was used last.
pub fn revoke_body(used: Option<&str>) -> String {
    let used = match used {
        Some(when) => format!("It was last used {when}."),
        None => "It was never used.".to_owned(),
    };
    format!(
        "{used} Programs that use it are cut off and refused from now on. What they wrote stays. This cannot be taken back."
    )
}

/// "Name somebody else: Ada Test, who answers for it, is suspended."
pub fn owner_suspended(name: &str) -> String {
    format!("{name}, who answers for this bot, is suspended. Name somebody else.")
}

/// The name of a bot where no badge stands beside it: "Alerts, bot".
pub fn bot_named(name: &str) -> String {
    format!("{name}, bot")
}

/// The title of the question who answers for a bot.
pub fn owner_title(bot: &str) -> String {
    format!("Who answers for {bot}?")
}

/// Why something about access tokens and bots was refused.
pub fn refused(error: &ClientError) -> String {
    match error.code() {
        Some("tokens_off") => OFF.to_owned(),
        Some("too_many_tokens") => {
            format!("These are too many. Up to {} work at a time: revoke one first.", MAX_TOKENS)
        }
        Some("suspended") => "This account is suspended. Lift the suspension first.".to_owned(),
        _ => problem::of(error),
    }
}

/// Why somebody cannot answer for a bot or a guest.
pub fn owner_refused(error: &ClientError) -> String {
    match error.code() {
        Some("suspended") => "This person is suspended. Choose somebody else.".to_owned(),
        Some("bot") => "A bot answers for nobody. Choose a person.".to_owned(),
        Some("guest_answers") => "A guest answers for nobody. Choose a colleague.".to_owned(),
        _ => problem::of(error),
    }
}

/// The longest a token may last was exceeded.
pub fn late(days: u32) -> String {
    format!("Here a token lasts at most {}. Choose an earlier day.", plural(days.into(), "day", "days"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_has_words_of_its_own() {
        let mut known: Vec<&str> =
            Scope::ALL.iter().flat_map(|one| [scope(*one), scope_help(*one)]).collect();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), 2 * Scope::ALL.len());
    }

    #[test]
    fn what_was_never_used_is_said_so() {
        assert_eq!(life("10 Mar", None), "Until 10 Mar. Never used.");
        assert!(revoke_body(Some("10:42")).starts_with("It was last used 10:42. Programs"));
        assert!(late(1).contains("at most 1 day."));
    }
}
