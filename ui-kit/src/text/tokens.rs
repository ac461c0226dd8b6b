//! Providers that write to us by SCIM: how such a source differs from the others, and the tokens it comes with.

use super::{grouped, plural, sources};
use crate::api::ClientError;

pub const ADDRESS: &str = "Address";
pub const ADDRESS_COPIED: &str = "The address is on your clipboard.";
pub const NOT_COPIED: &str = "The browser did not put it on the clipboard. Copy it here.";
pub const ADDRESS_NOTE: &str =
    "It is the same for every source of this kind: the token says which of them writes.";
pub const NO_PROVIDER: &str = "None";
pub const LINKED_GONE: &str = "A provider that was removed";

pub const SWITCH: &str = "The provider may write";
pub const REMOVE_BODY: &str =
    "Its settings and its tokens are gone for good. That it was there stays in the audit log.";
pub const EFFECT_ON: &str = "The provider makes, changes and ends accounts and groups.";
pub const EFFECT_OFF: &str = "It is off: its tokens open nothing.";
pub const EFFECT_CREATE: &str = "Whoever it writes and is not known here gets an account as an employee.";
pub const EFFECT_KNOWN: &str = "Only people who have an account here are taken in. Nobody new is.";
pub const EFFECT_SIGN_IN: &str =
    "It signs nobody in. People do that with an OpenID Connect provider or a directory beside it.";
pub const EFFECT_LEAVES: &str =
    "Whoever it makes inactive or deletes is suspended at once. What they wrote is kept.";

pub const TITLE: &str = "Tokens";
pub const CAPTION: &str = "Tokens of this source";
pub const LOAD_FAILED: &str = "Tokens could not be loaded";
pub const NONE_TITLE: &str = "No token yet";
pub const NONE_BODY: &str =
    "The provider proves with a token that it is the one that writes. Issue one and enter it there.";
pub const AFTER_SAVING: &str = "Tokens can be issued once the source is saved.";
pub const TOKEN: &str = "Token";
pub const ACCESS: &str = "Access";
pub const ENDS: &str = "Ends";
pub const LAST_USED: &str = "Last used";
pub const STATE: &str = "State";
pub const ACT: &str = "What can be done";
pub const NEVER: &str = "Never";
pub const VALID: &str = "Valid";
pub const OVER: &str = "Over";
pub const REVOKED: &str = "Revoked";

pub const ISSUE: &str = "Issue a token";
pub const ISSUE_ACT: &str = "Issue token";
pub const NAME: &str = "Name";
pub const NAME_HELP: &str = "Where it is entered, so that you know it again: Entra ID, since March";
pub const NEED_NAME: &str = "Give it a name, so that you know it again.";
pub const MAY: &str = "It may";
pub const MAY_WRITE: &str = "Read and write, as a provider needs it";
pub const MAY_READ: &str = "Only read, to look and to compare";
pub const UNTIL: &str = "It works for";
pub const QUARTER: &str = "90 days";
pub const YEAR: &str = "1 year";
pub const OWN_DAY: &str = "As long as you choose";
pub const LAST_DAY: &str = "Last day";
pub const LAST_DAY_HELP: &str = "It works until the end of this day.";
pub const NEED_DAY: &str = "Choose the last day on which it works.";
pub const PAST: &str = "This day is over. Choose today or a later one.";

pub const ISSUED: &str = "Copy the token now";
pub const ONCE: &str = "This is the only time it is shown. Nobody can look it up later.";
pub const LOST: &str = "If it gets lost, revoke it and issue another.";
pub const COPIED: &str = "The token is on your clipboard.";
pub const NOT_ISSUED: &str = "The token was not issued";
pub const UNSEEN: &str = "A token was issued that nobody saw";
pub const UNSEEN_BODY: &str =
    "You left before it came, and it cannot be shown again. Revoke it and issue another.";

pub const REVOKE: &str = "Revoke";
pub const REVOKE_ACT: &str = "Revoke token";
pub const REVOKED_DONE: &str = "Token revoked";
pub const NOT_REVOKED: &str = "The token was not revoked";

pub const USE: &str = "Use";
pub const USE_UNKNOWN: &str = "Not known while the tokens cannot be loaded.";
pub const USE_OFF: &str = "Off";
pub const USE_NO_TOKEN: &str = "No token";
pub const USE_ENDS: &str = "Ends soon";
pub const USE_NOTHING: &str = "Nothing yet";
pub const IN_USE: &str = "In use";
pub const WITH: &str = "With the token";
pub const WORKING: &str = "Tokens that work";
pub const NOT_YET: &str = "Not yet";
pub const OFF_BODY: &str =
    "The source is switched off. Its tokens open nothing until it is switched on again.";
pub const NO_TOKEN_BODY: &str = "No token may write. Issue one and enter it at the provider.";
pub const NOTHING_BODY: &str =
    "Nothing has written yet. Enter the address and the token at the provider and begin there.";

/// What a setting is called here, where it is called otherwise than in other sources.
pub fn label(path: &str) -> Option<&'static str> {
    Some(match path {
        "enabled" => "The provider may write as soon as it is saved",
        "admission.create" => "Make an account for whoever is new",
        _ => return None,
    })
}

/// What to know about a setting, where that is something else than in other sources.
pub fn help(path: &str) -> Option<&'static str> {
    Some(match path {
        "name" => "Administrators read it here and in the audit log",
        "settings.linked_provider" => {
            "Where the externalId the provider writes is the sub people have there, as with Okta. Otherwise none, as with Microsoft Entra ID."
        }
        _ => return None,
    })
}

/// What a rule for linking means.
pub fn linking(rule: &str) -> &'static str {
    match rule {
        "username" => {
            "The first time, the account whose username is the userName there, without what stands behind @, becomes theirs. Choose it only where both names mean the same person."
        }
        other => sources::linking(other),
    }
}

/// Where people sign in, when it is a provider they are linked to.
pub fn effect_linked(provider: &str) -> String {
    format!(
        "It signs nobody in. People do that at {provider}, where their accounts are linked by the externalId."
    )
}

/// What switching off does, in numbers.
pub fn switch_off_body(people: u64) -> String {
    let stay = match people {
        0 => "Nobody came from it yet.".to_owned(),
        1 => "1 person came from it and stays as they are, also after leaving there.".to_owned(),
        _ => format!(
            "{} people came from it and stay as they are, also whoever leaves there.",
            grouped(people)
        ),
    };
    format!("Its tokens open nothing from now on. {stay} It can be switched on again.")
}

/// Why such a source cannot be removed.
pub fn in_use(people: u64) -> String {
    format!(
        "{} linked to it, so it cannot be removed. Switch it off: then it writes no more, and what is known of who came from it stays.",
        match people {
            1 => "1 person is".to_owned(),
            _ => format!("{} people are", grouped(people)),
        }
    )
}

/// What a token may do.
pub fn access(write: bool) -> &'static str {
    if write { "Read and write" } else { "Only read" }
}

/// Under the name of a token: "Issued 10 Mar by Grace Chidi".
pub fn issued(when: &str, by: Option<&str>) -> String {
    match by {
        Some(name) => format!("Issued {when} by {name}"),
        None => format!("Issued {when}"),
    }
}

/// The state of a token that ends within days.
pub fn ends_in(days: u64) -> String {
    match days {
        0 => "Ends within a day".to_owned(),
        _ => format!("Ends in {}", plural(days, "day", "days")),
    }
}

/// Below a table that does not show every token that is over.
pub fn show_ended(count: u64) -> String {
    format!("Show all {} that work no more", grouped(count))
}

/// Below the choice of how long a token works: "Until 10 March 2027, 09:14."
pub fn until(when: &str) -> String {
    format!("Until {when}.")
}

/// The label of the token itself: "Token: Entra ID".
pub fn token_of(name: &str) -> String {
    format!("{TOKEN}: {name}")
}

/// Below it: what it may do, and how long.
pub fn works(write: bool, until: &str) -> String {
    if write {
        format!("It may read and write, until {until}.")
    } else {
        format!("It may only read, until {until}.")
    }
}

/// "Revoke Entra ID?"
pub fn revoke_title(name: &str) -> String {
    format!("Revoke {name}?")
}

/// What revoking does at once. `used`: when it was used last. `last`: whether no other may write.
pub fn revoke_body(used: Option<&str>, last: bool) -> String {
    let used = match used {
        Some(when) => format!("It was last used {when}."),
        None => "It was never used.".to_owned(),
    };
    let last = if last {
        " No other token may write: until a new one is entered at the provider, it makes, changes and suspends nobody."
    } else {
        ""
    };
    format!(
        "{used} It is refused from now on, wherever it is entered. Accounts stay as they are.{last} This cannot be taken back."
    )
}

/// After when nothing may write any more, unless another token is issued.
pub fn ends_soon(name: &str, when: &str) -> String {
    format!(
        "{name} ends {when}, and no other token may write after that. Issue the next one, enter it at the provider, then revoke this one."
    )
}

/// Why something about a token was refused.
pub fn refused(error: &ClientError) -> String {
    match error.code() {
        Some("out_of_range") => PAST.to_owned(),
        _ => sources::refused(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!([0, 1, 13].map(ends_in), ["Ends within a day", "Ends in 1 day", "Ends in 13 days"]);
        assert!(in_use(1).starts_with("1 person is linked"));
        assert!(in_use(2_000).starts_with("2,000 people are linked"));
        assert!(switch_off_body(0).contains("Nobody came from it yet."));
        assert!(switch_off_body(1).contains("1 person came"));
        assert!(switch_off_body(4_988).contains("4,988 people came"));
    }

    #[test]
    fn a_question_says_what_happens_at_once() {
        let last = revoke_body(None, true);
        assert!(last.starts_with("It was never used. It is refused from now on"));
        assert!(last.contains("No other token may write"));
        let other = revoke_body(Some("10:42"), false);
        assert!(other.starts_with("It was last used 10:42."));
        assert!(!other.contains("No other token"));
    }

    #[test]
    fn what_is_said_otherwise_here_is_said_of_settings_that_are_there() {
        for path in ["enabled", "admission.create"] {
            assert_ne!(label(path), Some(sources::label(path)));
            assert!(label(path).is_some());
        }
        assert_eq!(label("admission.link"), None);
        assert_ne!(linking("username"), sources::linking("username"));
        assert_eq!(linking("never"), sources::linking("never"));
    }
}
