//! Where people come from besides accounts made here: providers and directories, how they are set up and tried out.

use chancery_protocol::sources::{Connection, LdapKind, SourceForm, StepOutcome};

use super::{grouped, plural, problem};
use crate::api::ClientError;

pub const MENU: &str = "Directory and SSO";
pub const TITLE: &str = "Directory and single sign-on";
pub const LEAD: &str = "Where people come from, and how they sign in.";
pub const LOAD_FAILED: &str = "Sources could not be loaded";
pub const TABS: &str = "Sources, in the order in which they are tried";
pub const ADD: &str = "Add a source";
pub const ADD_OIDC: &str = "OpenID Connect";
pub const ADD_SCIM: &str = "A provider that writes to us (SCIM)";
pub const SCIM: &str = "SCIM";
pub const ADD_OPEN_LDAP: &str = "OpenLDAP and alike";
pub const ADD_ACTIVE_DIRECTORY: &str = "Active Directory";
pub const NONE_TITLE: &str = "Everybody has an account made here";
pub const NONE_BODY: &str =
    "Add a provider or a directory, and people sign in with the account they have already.";
pub const GONE_BODY: &str = "This source does not exist, or was removed.";
pub const TO_ALL: &str = "Go to all sources";
pub const NEW: &str = "New";
pub const ON: &str = "On";
pub const OFF: &str = "Off";

pub const CONNECTION: &str = "Connection";
pub const READ: &str = "What to read";
pub const CLAIMS: &str = "What the provider says about people";
pub const ADMISSION: &str = "Who comes in";
pub const MORE: &str = "More";
pub const MORE_BODY: &str = "Rarely changed";
pub const SAVE: &str = "Save changes";
pub const SAVE_NEW: &str = "Save source";
pub const DISCARD: &str = "Discard";
pub const ALL_SAVED: &str = "Everything is saved";
pub const NOT_SAVED: &str = "Not saved yet";
pub const SAVED: &str = "Source saved";
pub const ADDED: &str = "Source added";
pub const NOT_DONE: &str = "The source was not saved";
pub const NEED_NAME: &str = "Give it the name people read when they sign in.";

pub const SERVERS: &str = "Servers, first to last";
pub const ADD_SERVER: &str = "Add a server";
pub const EARLIER: &str = "Try earlier";
pub const LATER: &str = "Try later";
pub const REMOVE_SERVER: &str = "Remove this server";

pub const PASSWORD: &str = "Password";
pub const CLIENT_SECRET: &str = "Client secret";
pub const PASSWORD_KEPT: &str = "A password is kept";
pub const SECRET_KEPT: &str = "A client secret is kept";
pub const PASSWORD_NONE: &str = "Saving takes the password away";
pub const SECRET_NONE: &str = "Saving takes the client secret away";
pub const KEPT_HELP: &str = "Stored encrypted. It is never shown again.";
pub const NEW_HELP: &str = "Stored encrypted once it is saved, and never shown again.";
pub const REPLACE: &str = "Replace";
pub const TAKE_AWAY: &str = "Take away";
pub const KEEP_IT: &str = "Keep the present one";

pub const FIELD: &str = "Chancery field";
pub const ATTRIBUTE: &str = "Directory attribute";
pub const CLAIM: &str = "Claim";
pub const EXAMPLE: &str = "Example";
pub const NEEDED: &str = "Needed";
pub const EXAMPLE_LATER: &str = "Examples of real people appear here after a test.";
pub const ALGORITHMS: &str = "Signatures that are accepted";

pub const AT_PROVIDER: &str = "To be entered at the provider";
pub const REDIRECT: &str = "Redirect address";
pub const BACK_CHANNEL: &str = "Back-channel logout address";
pub const AFTER_LOGOUT: &str = "Address after logout";
pub const AFTER_SAVING: &str = "Known once the source is saved";
pub const COPIED: &str = "Copied";
pub const NOT_COPIED: &str = "Not copied";
pub const NOT_COPIED_BODY: &str = "The browser did not put it on the clipboard. Select it and copy it.";

pub const EFFECT: &str = "What this does";
pub const EFFECT_ON: &str = "People sign in with it.";
pub const EFFECT_OFF: &str = "It is off: nobody signs in with it.";
pub const EFFECT_CREATE: &str =
    "Whoever it vouches for and is not known here gets an account as an employee at the first sign-in.";
pub const EFFECT_KNOWN: &str = "Only people who have an account here come in. Nobody new does.";
pub const EFFECT_SESSIONS: &str = "Saving ends no session: whoever is signed in stays signed in.";
pub const EFFECT_DUTIES: &str = "Accounts with a duty, such as administrators and officers, are never linked by themselves. An administrator links them in Users.";

pub const LINK_NEVER: &str = "Never, an administrator links them";
pub const LINK_USERNAME: &str = "By the username";
pub const LINK_EMAIL: &str = "By the e-mail address";

pub const TEST: &str = "Test connection";
pub const RUN_TEST: &str = "Run the test";
pub const TEST_AGAIN: &str = "Test again";
pub const TEST_LEAD: &str =
    "Tries the values as they stand in the form, also unsaved ones. Nothing is kept, nobody is changed.";
pub const TESTING: &str = "Testing. A server that does not answer takes some seconds.";
pub const TEST_FAILED: &str = "The test could not be run";
pub const TEST_PROBLEMS: &str = "Nobody was asked yet: the form has something to mend first.";
pub const STALE: &str = "The form was changed since this test.";
pub const COPY_REPORT: &str = "Copy the report";
pub const PEOPLE: &str = "People as they would come in";
pub const NO_PEOPLE: &str = "Nobody was found. Check base and filter for people.";
pub const GROUPS: &str = "Groups";
pub const NO_GROUPS: &str = "No group was found. Check base and filter for groups.";
pub const SKIPPED: &str = "Cannot be taken";
pub const NAME_LOGIN: &str = "Name and username";
pub const EMAIL_PLACE: &str = "E-mail and place";
pub const REFUSES: &str = "Cannot sign in";
pub const NO_EMAIL: &str = "No e-mail address";
pub const UNNAMED: &str = "No name";

pub const SWITCH: &str = "People sign in with this source";
pub const SWITCH_OFF: &str = "Switch off";
pub const SWITCHED_OFF: &str = "Source switched off";
pub const SWITCHED_ON: &str = "Source switched on";
pub const NOT_SWITCHED: &str = "Not switched";
pub const REMOVE: &str = "Remove source";
pub const REMOVED: &str = "Source removed";
pub const REMOVE_BODY: &str =
    "Its settings and its password are gone for good. That it was there stays in the audit log.";
pub const REMOVE_LEAD: &str = "A source nobody came from can be removed.";
pub const LEAVE_TITLE: &str = "Leave without saving?";
pub const LEAVE: &str = "Leave without saving";
pub const STAY: &str = "Stay here";

pub const OUTDATED: &str = "Not saved. Somebody else changed this source in the meantime.";
pub const THEIRS: &str = "Theirs";
pub const MINE: &str = "Yours";
pub const LOAD_THEIRS: &str = "Load theirs, drop mine";
pub const KEEP_MINE: &str = "Keep mine, then save again";
pub const KEPT_MINE: &str = "Your changes stand on top of theirs now. Save to keep them.";
pub const EMPTY: &str = "empty";

/// "Saved 10 March 2026, 10:42."
pub fn theirs_at(when: &str) -> String {
    format!("Saved {when}.")
}

/// What kind of source it is.
pub fn kind(connection: &Connection) -> &'static str {
    match connection {
        Connection::Oidc(_) => ADD_OIDC,
        Connection::Ldap(settings) if settings.kind == LdapKind::ActiveDirectory => ADD_ACTIVE_DIRECTORY,
        Connection::Ldap(_) => ADD_OPEN_LDAP,
        Connection::Scim(_) => SCIM,
    }
}

/// Under the name of a source: "OpenID Connect, 41 people".
pub fn about(form: &SourceForm, people: u64) -> String {
    format!("{}, {}", kind(&form.connection), plural(people, "person", "people"))
}

/// "1 field needs attention".
pub fn attention(count: u64) -> String {
    match count {
        1 => "1 field needs attention".to_owned(),
        _ => format!("{} fields need attention", grouped(count)),
    }
}

/// The name of a line of the list of servers.
pub fn server(number: usize) -> String {
    format!("Server {number}")
}

/// The name of what can be done with it.
pub fn server_acts(number: usize) -> String {
    format!("Order of server {number}")
}

/// "Copy: Redirect address".
pub fn copy(what: &str) -> String {
    format!("Copy: {what}")
}

/// What a rule for linking means.
pub fn linking(rule: &str) -> &'static str {
    match rule {
        "username" => {
            "The first time, the account whose username is the login there becomes theirs. Choose it only where both names mean the same person."
        }
        "email" => {
            "The first time, the account with the same e-mail address becomes theirs. Choose it only where people cannot choose their address."
        }
        _ => {
            "Nobody gets into an account that exists here by a name alone. An administrator links people in Users."
        }
    }
}

/// "Switch Corp directory off?"
pub fn switch_off_title(name: &str) -> String {
    format!("Switch {name} off?")
}

/// What switching off does, in numbers.
pub fn switch_off_body(people: u64) -> String {
    let linked = match people {
        0 => "Nobody is linked to it yet.".to_owned(),
        1 => "1 person is linked to it and cannot sign in with it from now on.".to_owned(),
        _ => format!("{} people are linked to it and cannot sign in with it from now on.", grouped(people)),
    };
    format!("{linked} Whoever is signed in stays signed in. It can be switched on again.")
}

/// "Remove Corp directory?"
pub fn remove_title(name: &str) -> String {
    format!("Remove {name}?")
}

/// Why a source cannot be removed.
pub fn in_use(people: u64) -> String {
    format!(
        "{} linked to it, so it cannot be removed. Switch it off: then nobody signs in with it, and what is known of who came from it stays.",
        match people {
            1 => "1 person is".to_owned(),
            _ => format!("{} people are", grouped(people)),
        }
    )
}

/// What would be lost by leaving.
pub fn leave_body(name: &str) -> String {
    if name.is_empty() {
        "What you entered for the new source is not saved.".to_owned()
    } else {
        format!("What you changed in {name} is not saved.")
    }
}

/// Under the steps of a test: "Tested 10:42 with unsaved values".
pub fn tested_at(clock: &str, unsaved: bool) -> String {
    if unsaved {
        format!("Tested {clock} with unsaved values")
    } else {
        format!("Tested {clock} with the values saved")
    }
}

/// Read out when a test is over.
pub fn verdict(failed: u64, warnings: u64) -> String {
    match (failed, warnings) {
        (0, 0) => "The test is over. Everything is in order.".to_owned(),
        (0, warnings) => format!("The test is over. {} to look at.", plural(warnings, "step", "steps")),
        (failed, _) => format!("The test is over. {} failed.", plural(failed, "step", "steps")),
    }
}

/// "186 ms".
pub fn milliseconds(count: u64) -> String {
    format!("{} ms", grouped(count))
}

/// How a step ended, behind its name: for those who do not see its icon, and in the report.
pub fn outcome(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Ok => "in order",
        StepOutcome::Warning => "worth a look",
        StepOutcome::Failed => "failed",
        StepOutcome::NotRun => "not tried",
    }
}

/// What a step of a test is about.
pub fn step(name: &str) -> &str {
    match name {
        "settings" => "Settings",
        "resolve" => "Name of the server",
        "connect" => "Connection",
        "reach" => "Connection and certificate",
        "tls" => "Encryption and certificate",
        "bind" => "Sign-in to the directory",
        "people_base" => "Base for people",
        "people" => "Reading people",
        "groups_base" => "Base for groups",
        "groups" => "Reading groups",
        "discovery" => "Discovery document",
        "issuer" => "Issuer",
        "endpoints" => "Addresses of the provider",
        "algorithms" => "Signatures",
        "keys" => "Keys of the provider",
        "pkce" => "Protection of the sign-in (PKCE)",
        "client_authentication" => "How the secret is sent",
        "back_channel_logout" => "Logout told by the provider",
        other => other,
    }
}

/// What a setting is called, by the path the server knows it by.
pub fn label(path: &str) -> &'static str {
    match path.strip_prefix("settings.").unwrap_or(path) {
        "name" => "Name",
        "enabled" => "People sign in with it as soon as it is saved",
        "admission.create" => "Make an account at the first sign-in",
        "admission.link" => "Find an account that exists already",
        "servers" => SERVERS,
        "encryption" => "Encryption",
        "authorities" | "ca_pem" => "Own certificate authority",
        "bind_dn" => "Sign in to the directory as",
        "people.base" => "Base for people",
        "people.filter" => "Filter for people",
        "people.login_filter" => "Filter for a login",
        "groups.base" => "Base for groups",
        "groups.filter" => "Filter for groups",
        "groups.nested" => "Groups within groups",
        "attributes.id" => "Unchanging id",
        "attributes.login" | "claims.login" => "Username",
        "attributes.display_name" | "claims.display_name" => "Name",
        "attributes.email" | "claims.email" => "E-mail",
        "attributes.title" | "claims.title" => "Title",
        "attributes.department" | "claims.department" => "Department",
        "attributes.manager" => "Manager",
        "attributes.phone" => "Telephone",
        "attributes.photo" => "Picture",
        "attributes.changed" => "Last changed",
        "attributes.more" => "More attributes",
        "attributes.member_of" => "Groups of a person",
        "attributes.group_name" => "Name of a group",
        "attributes.group_description" => "What a group is for",
        "attributes.member" => "Members of a group",
        "claims.groups" => "Groups",
        "page_size" => "Entries asked for at a time",
        "connect_timeout_ms" => "Milliseconds to reach a server",
        "operation_timeout_ms" => "Milliseconds for an answer",
        "sync.every_minutes" => "How often",
        "sync.max_share_percent" => "Stop and ask above, in percent of the people",
        "issuer" => "Issuer",
        "client_id" => "Client id",
        "client_authentication" => "How the secret is sent",
        "scopes" => "Scopes",
        "email_domains" => "Only these e-mail domains",
        "email_trust" => "An e-mail address counts",
        "algorithms" => ALGORITHMS,
        "trusted_audiences" => "Other audiences that are accepted",
        "acr_values" => "Levels of authentication",
        "max_age_seconds" => "Seconds since the last proof",
        "clock_skew_seconds" => "Seconds clocks may differ",
        "logout_at_provider" => "Signing out here signs out at the provider too",
        "timeout_seconds" => "Seconds for an answer",
        "linked_provider" => "People sign in at",
        "allow_http_on_loopback" => "Allow plain HTTP to this machine, for trying out",
        _ => "Other setting",
    }
}

/// What is wrong with what should be a number, by the smallest and the largest that works.
pub fn not_a_number(range: Option<(u32, u32)>) -> String {
    match range {
        None => "Enter a whole number.".to_owned(),
        Some((from, to)) => format!("Enter a whole number from {from} to {}.", grouped(to.into())),
    }
}

/// What to know about a setting, below it.
pub fn help(path: &str) -> Option<&'static str> {
    Some(match path.strip_prefix("settings.").unwrap_or(path) {
        "name" => "People read it where they sign in",
        "admission.create" => "As an employee. Other roles are given by hand, or to groups.",
        "servers" => "The next is tried when one does not answer.",
        "authorities" | "ca_pem" => {
            "Paste the certificate as PEM. Empty: those this machine trusts. Otherwise this one alone."
        }
        "bind_dn" => "An account that may read, and nothing more. Empty where anybody may read.",
        "people.base" => "For example ou=people,dc=corp,dc=example",
        "people.filter" => "Which entries are people. Others cannot sign in.",
        "people.login_filter" => "Finds who signs in. {login} stands for what was typed.",
        "groups.base" => "Empty when groups are of no interest",
        "sync.every_minutes" => "From the end of one sync to the beginning of the next.",
        "sync.max_share_percent" => {
            "Of people suspended, and of memberships of groups that end. A few are never asked about."
        }
        "attributes.more" => "Read beside the others, with commas between",
        "issuer" => "To the character as the provider calls itself, such as https://login.corp.example",
        "client_id" => "The name this server has at the provider",
        "scopes" => "With blanks between. openid is always asked for.",
        "email_domains" => "Such as corp.example, with blanks between. Empty: everybody.",
        "trusted_audiences" => "With blanks between. Mostly empty.",
        "acr_values" => "One of these must be met at every sign-in. Empty: any.",
        "max_age_seconds" => "For a fresh sign-in. Empty: people prove it anew.",
        _ => return None,
    })
}

/// What stays the same until one looks closer: the choices of a setting, as they are kept and as they are shown.
pub fn choices(path: &str) -> Vec<(&'static str, &'static str)> {
    match path.strip_prefix("settings.").unwrap_or(path) {
        "encryption" => vec![
            ("ldaps", "TLS from the start (LDAPS)"),
            ("start_tls", "TLS after a request (StartTLS)"),
            ("none", "None, to this machine only"),
        ],
        "groups.nested" => vec![
            ("none", "Asked for level by level"),
            ("member_of", "Kept by the directory at each person"),
            ("chain", "Followed by the directory (Active Directory)"),
        ],
        "client_authentication" => {
            vec![
                ("basic", "In the header (client_secret_basic)"),
                ("post", "In the body (client_secret_post)"),
            ]
        }
        "email_trust" => vec![
            ("claim", "When the provider has verified it"),
            ("always", "Always: nobody chooses their own there"),
        ],
        "admission.link" => {
            vec![("never", LINK_NEVER), ("username", LINK_USERNAME), ("email", LINK_EMAIL)]
        }
        _ => Vec::new(),
    }
}

/// A sentence of the server, begun with a capital and ended with a full stop.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    // An address is written as it is.
    let address = text.split_whitespace().next().is_some_and(|word| word.contains("://"));
    let first = letters.next().map(|first| if address { first } else { first.to_ascii_uppercase() });
    let whole: String = first.into_iter().chain(letters).collect();
    if whole.is_empty() || whole.ends_with(['.', '!', '?', ')']) { whole } else { format!("{whole}.") }
}

/// Why something about a source was refused.
pub fn refused(error: &ClientError) -> String {
    match (error.code(), error) {
        (Some("source_name_taken"), _) => "Another source has this name. Choose another.".to_owned(),
        (Some("source_in_use"), _) => {
            "People or groups came from this source, so it stays. Switch it off: then nobody comes in by it."
                .to_owned()
        }
        (Some("sync_running"), _) => "A sync of this source is under way already.".to_owned(),
        (Some("source_off"), _) => "This source is switched off. Switch it on to sync.".to_owned(),
        (Some("outdated"), _) => OUTDATED.to_owned(),
        (Some("not_found"), _) => GONE_BODY.to_owned(),
        (Some("settings_invalid"), ClientError::Problem(problem)) => {
            sentence(problem.detail.as_deref().unwrap_or(&problem.title))
        }
        _ => problem::of(error),
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::problem::Problem;

    use super::*;

    #[test]
    fn what_the_server_says_reads_as_a_sentence() {
        assert_eq!(sentence("one bracket is not closed: add it"), "One bracket is not closed: add it.");
        assert_eq!(sentence("ldaps://dc1:636: no answer"), "ldaps://dc1:636: no answer.");
        assert_eq!(sentence("Enter it."), "Enter it.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn numbers_have_their_words() {
        assert_eq!(attention(1), "1 field needs attention");
        assert_eq!(attention(2), "2 fields need attention");
        assert_eq!(verdict(1, 4), "The test is over. 1 step failed.");
        assert!(switch_off_body(4_988).starts_with("4,988 people are linked"));
        assert!(in_use(1).starts_with("1 person is linked"));
        assert_eq!(not_a_number(None), "Enter a whole number.");
        assert_eq!(not_a_number(Some((1, 1_440))), "Enter a whole number from 1 to 1,440.");
    }

    #[test]
    fn a_wrong_setting_is_told_in_the_words_of_the_server() {
        let problem = Problem {
            kind: String::new(),
            code: "settings_invalid".to_owned(),
            status: 422,
            title: "A setting is missing or wrong.".to_owned(),
            detail: Some("there is no server: name one".to_owned()),
            field: Some("settings.servers".to_owned()),
            errors: Vec::new(),
            notices: Vec::new(),
            token: None,
            retry_after: None,
            position: None,
        };
        assert_eq!(refused(&problem.into()), "There is no server: name one.");
    }
}
