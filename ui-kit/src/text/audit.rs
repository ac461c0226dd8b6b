//! The audit log.

use serde_json::Value;

use super::{grouped, plural};

pub const AUDIT: &str = "Audit log";
pub const LEAD: &str =
    "What people and the system did. Nobody can change or delete an entry, and reading the log is one.";
pub const LEAD_OWN: &str = "What you did. Nobody can change or delete an entry, and reading the log is one.";
pub const SYSTEM: &str = "System";
pub const LOAD_FAILED: &str = "The audit log could not be loaded";
pub const ENTRY_FAILED: &str = "This entry could not be loaded";
pub const EXPORT: &str = "Export";
pub const EXPORT_CSV: &str = "For a spreadsheet (CSV)";
pub const EXPORT_JSONL: &str = "For a program (JSON Lines)";
pub const EXPORTED: &str = "The log is saved";
pub const EXPORT_FAILED: &str = "The log was not exported";
pub const EXPORTING: &str = "Exporting …";
pub const SEARCH: &str = "Find entries";
pub const SEARCH_HINT: &str = "Who, what or record";
pub const WHEN: &str = "When";
pub const WHO: &str = "Who";
pub const WHAT: &str = "What";
pub const TODAY: &str = "Today";
pub const WEEK: &str = "Last 7 days";
pub const MONTH: &str = "Last 30 days";
pub const ME: &str = "Me";
pub const TABLE: &str = "Audit log, newest first";
pub const TIME: &str = "Time";
pub const ON: &str = "On";
pub const RECORD: &str = "Record";
pub const OLDER: &str = "Older";
pub const NEWEST: &str = "Newest";
pub const NONE_TITLE: &str = "No entry matches";
pub const NONE_BODY: &str = "Nothing was recorded that fits these filters.";
pub const WHAT_CHANGED: &str = "What changed";
pub const DETAILS: &str = "Details";
pub const DAMAGED: &str = "This record does not verify. What it says is not shown.";
pub const COPY_LINK: &str = "Copy a link to this entry";
pub const LINK_COPIED: &str = "Link copied";
pub const SOMEBODY: &str = "Somebody";
const LINK_ASKED: &str = "link an account to a source";
pub const CONVERSATION: &str = "a conversation";

/// "Only by Ada".
pub fn only_by(name: &str) -> String {
    format!("Only by {name}")
}

/// "3 new entries".
pub fn news(count: u64) -> String {
    plural(count, "new entry", "new entries")
}

/// "50 of 1,906 entries".
pub fn shown(shown: u64, matching: Option<u64>) -> String {
    match matching {
        Some(matching) => format!("{} of {}", grouped(shown), plural(matching, "entry", "entries")),
        None => plural(shown, "older entry", "older entries"),
    }
}

/// "Record 18,242,664".
pub fn record(position: u64) -> String {
    format!("Record {}", grouped(position))
}

/// "#18,242,664".
pub fn number(position: u64) -> String {
    format!("#{}", grouped(position))
}

/// What was done, in the past tense.
pub fn kind(kind: &str) -> &str {
    match kind {
        "archive.created" => "Began the archive",
        "clock.stepped" => "Clock stepped",
        "person.created" => "Added user",
        "person.changed" => "Changed user",
        "person.suspended" => "Suspended user",
        "person.reinstated" => "Lifted suspension",
        "person.status" => "Changed own status",
        "person.photo_set" => "Changed picture",
        "mail.handed" => "Mail handed over",
        "mail.decisions_read" => "Read why mails went",
        "link.issued" => "Issued link",
        "link.redeemed" => "Used link",
        "password.set" => "Set password",
        "session.started" => "Signed in",
        "session.confirmed" => "Signed in again",
        "access_token.issued" => "Issued access token",
        "bot.owner_set" => "Set bot’s owner",
        "guest.set" => "Set terms of guest",
        "session.ended" => "Session ended",
        "sessions.read" => "Looked at sessions",
        "factor.added" => "Added second factor",
        "factor.removed" => "Removed second factor",
        "emergency.set" => "Set account for emergencies",
        "emergency.used" => "Used account for emergencies",
        "emergency.refused" => "Account for emergencies refused",
        "identity.linked" => "Linked to source",
        "identity.unlinked" => "Taken off source",
        "sign_in.refused" => "Sign-in refused",
        "group.set" => "Set group",
        "group.members" => "Members of group changed",
        "source.set" => "Set source",
        "source.removed" => "Removed source",
        "source.sync_asked" => "Started sync",
        "source.synced" => "Sync of source ended",
        "token.issued" => "Issued token",
        "token.revoked" => "Revoked token",
        "search.run" => "Ran search",
        "search.page" => "Saw more results",
        "context.read" => "Opened message",
        "conversations.listed" => "Looked up conversations",
        "audit.read" => "Read audit log",
        "audit.exported" => "Exported audit log",
        "policy.set" => "Policy set",
        "policy.tested" => "Back-tested rule",
        "policy.sampled" => "Read sample of back-test",
        "policy.accepted" => "Accepted policy",
        "policy.declined" => "Declined policy",
        "mail.settings_changed" => "Changed mail settings",
        "attempt.blocked" => "Message blocked",
        "attempt.warned" => "Asked for a reason",
        "attempt.waiting" => "Message waits for review",
        "attempt.released" => "Delivered waiting message",
        "attempt.refused" => "Refused waiting message",
        "attempt.withdrawn" => "Took waiting message back",
        "attempts.read" => "Read waiting messages",
        "rule.matched" => "Rule matched",
        "request.asked" => "Asked for approval",
        "request.agreed" => "Approved",
        "request.refused" => "Refused approval",
        "request.withdrawn" => "Withdrew request",
        "request.lapsed" => "Request lapsed",
        other => other,
    }
}

/// The part of the house it belongs to.
pub fn area(kind: &str) -> &'static str {
    match kind.split('.').next().unwrap_or_default() {
        "archive" | "clock" => "archive",
        "person" | "guest" | "group" | "bot" => "users",
        "link" | "password" | "session" | "sessions" | "sign_in" | "factor" | "emergency"
        | "access_token" => "sign-in",
        "identity" | "source" | "token" => "sources",
        "search" | "context" | "conversations" => "search",
        "audit" => "audit log",
        "mail" => "mail",
        "policy" | "attempt" | "attempts" | "rule" | "request" => "policy",
        _ => "system",
    }
}

/// Kinds that belong together, by their name in addresses.
pub fn group(name: &str) -> &'static str {
    match name {
        "sign-in" => "Signing in",
        "users" => "Users",
        "sources" => "Groups and sources",
        "search" => "Searching and reading",
        "mail" => "Mail",
        "log" => "Reading this log",
        "status" => "Own status",
        "archive" => "Archive",
        _ => "Other",
    }
}

/// What is said beside the area, from the body of the record: never what people wrote to each other.
pub fn summary(kind: &str, body: Option<&Value>) -> String {
    let Some(body) = body else { return String::new() };
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let flag = |name: &str| body.get(name).and_then(Value::as_bool).unwrap_or_default();
    let number = |name: &str| body.get(name).and_then(Value::as_u64).unwrap_or_default();
    let count = |name: &str| body.get(name).and_then(Value::as_array).map_or(0, |list| list.len() as u64);
    match kind {
        "session.started" => both(text("device"), text("address")),
        "access_token.issued" => text("name").to_owned(),
        "factor.added" | "factor.removed" => both(text("name"), factor(text("kind"))),
        "emergency.set" if flag("emergency") => "on".to_owned(),
        "emergency.set" => "off".to_owned(),
        "emergency.used" | "emergency.refused" => both(text("device"), text("address")),
        "session.ended" => ended(text("reason")).to_owned(),
        "link.issued" if body.get("mailed").is_some() => both(link(text("kind")), "by e-mail"),
        "link.issued" | "link.redeemed" => link(text("kind")).to_owned(),
        "password.set" => password(text("reason")).to_owned(),
        "person.created" | "person.changed" => text("name").to_owned(),
        "person.status" if body.get("cleared").and_then(Value::as_bool) == Some(true) => "Cleared".to_owned(),
        "search.run" => both(&plural(number("total"), "result", "results"), text("reason")),
        "search.page" => plural(count("shown"), "record shown", "records shown"),
        "context.read" => plural(count("shown"), "record shown", "records shown"),
        "conversations.listed" => {
            both(&plural(count("shown"), "conversation", "conversations"), text("reason"))
        }
        "identity.linked" | "identity.unlinked" => {
            let second = if text("agreed_by").is_empty() { "" } else { "agreed to by a second person" };
            both(&both(text("login"), linked(text("by"))), second)
        }
        "request.asked" if text("act") == "identity" => LINK_ASKED.to_owned(),
        "request.agreed" | "request.refused" | "request.withdrawn" | "request.lapsed"
            if body.get("identity").is_some() =>
        {
            LINK_ASKED.to_owned()
        }
        "sign_in.refused" => both(text("login"), refused(text("because"))),
        "group.set" | "source.removed" | "token.revoked" => text("name").to_owned(),
        "token.issued" => both(text("name"), if flag("write") { "may write" } else { "may only read" }),
        "group.members" => came_and_went(count("added"), count("removed")),
        "source.sync_asked" if flag("dry") => "dry run".to_owned(),
        "source.synced" => synced(text("state"), flag("dry"), body.get("counts")),
        "source.set" => both(text("name"), if flag("enabled") { "on" } else { "off" }),
        "audit.read" => plural(count("shown"), "entry shown", "entries shown"),
        "audit.exported" => both(&plural(number("count"), "entry", "entries"), &text("form").to_uppercase()),
        "mail.settings_changed" => mail_keys(body),
        "archive.created" => text("version").to_owned(),
        _ => String::new(),
    }
}

/// Which settings of mail were changed.
fn mail_keys(body: &Value) -> String {
    let texts = body.get("texts").and_then(Value::as_object).into_iter().flat_map(|texts| texts.keys());
    let secrets = body.get("secrets").and_then(Value::as_array).into_iter().flatten();
    let keys = texts.map(String::as_str).chain(secrets.filter_map(Value::as_str));
    keys.collect::<Vec<_>>().join(", ")
}

fn factor(kind: &str) -> &str {
    match kind {
        "totp" => "codes",
        "passkey" => "passkey",
        other => other,
    }
}

fn both(one: &str, other: &str) -> String {
    match (one, other) {
        ("", other) => other.to_owned(),
        (one, "") => one.to_owned(),
        (one, other) => format!("{one}, {other}"),
    }
}

fn ended(reason: &str) -> &str {
    match reason {
        "signed_out" => "Signed out",
        "ended_by_owner" => "Ended from another device",
        "ended_by_admin" => "Ended by an administrator",
        "password_set" => "Password was set",
        "suspended" => "Account was suspended",
        "ended_by_provider" => "Ended by the provider",
        "replaced" => "Somebody signed in anew in the same browser",
        other => other,
    }
}

/// How an identity and an account came together.
fn linked(by: &str) -> &str {
    match by {
        "created" => "account made for it",
        "username" => "by the username",
        "email" => "by the e-mail address",
        "hand" => "by hand",
        other => other,
    }
}

/// Why somebody a source vouched for was not let in.
fn refused(because: &str) -> &str {
    match because {
        "unknown" => "no account here",
        "login" => "login cannot be a username",
        "username_taken" => "username is taken",
        "privileged" => "account has a duty and is linked by hand only",
        "linked_elsewhere" => "account is linked to somebody else",
        "suspended" => "account is suspended",
        "source_refuses" => "the source does not let them in",
        "email_domain" => "e-mail address is not let in",
        other => other,
    }
}

fn came_and_went(came: u64, went: u64) -> String {
    let said = |count: u64, word: &str| {
        if count == 0 { String::new() } else { format!("{} {word}", grouped(count)) }
    };
    both(&said(came, "came"), &said(went, "left"))
}

/// How a sync ended, and for whom it did something.
fn synced(state: &str, dry: bool, counts: Option<&Value>) -> String {
    let count = |name: &str| counts.and_then(|counts| counts.get(name)?.as_u64()).unwrap_or_default();
    let ended = match state {
        "waiting" => "stopped before too many were suspended",
        "failed" => "failed",
        "interrupted" => "interrupted",
        _ => "",
    };
    let said = [("added", "added"), ("changed", "changed"), ("suspended", "suspended")];
    // What waits was not done.
    let said =
        said.into_iter().filter(|(name, _)| count(name) > 0 && (state != "waiting" || *name != "suspended"));
    let said: Vec<String> = said.map(|(name, word)| format!("{} {word}", grouped(count(name)))).collect();
    let dry = if dry { "dry run" } else { "" };
    both(dry, &both(ended, &said.join(", ")))
}

fn link(kind: &str) -> &str {
    match kind {
        "setup" => "Set-up",
        "invitation" => "Invitation",
        "reset" => "Sign-in reset",
        other => other,
    }
}

fn password(reason: &str) -> &str {
    match reason {
        "link" => "With a link",
        "changed" => "By its owner",
        "given" => "When the account was made",
        other => other,
    }
}

/// The name of a field of a body, for the list of details.
pub fn field(name: &str) -> String {
    let name = name.replace('_', " ");
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_summary_says_what_the_record_says() {
        let body = json!({"total": 412, "reason": "Case C-0142"});
        assert_eq!(summary("search.run", Some(&body)), "412 results, Case C-0142");
        let body = json!({"device": "Firefox on Linux", "address": "10.4.2.77"});
        assert_eq!(summary("session.started", Some(&body)), "Firefox on Linux, 10.4.2.77");
        assert_eq!(summary("session.started", None), "");
        assert_eq!(summary("something.new", Some(&json!({}))), "");
    }

    #[test]
    fn who_came_from_where_is_said_in_words() {
        let body = json!({"source": "0", "login": "ada", "because": "privileged", "address": "10.4.2.77"});
        assert_eq!(
            summary("sign_in.refused", Some(&body)),
            "ada, account has a duty and is linked by hand only"
        );
        let body = json!({"login": "", "by": "hand"});
        assert_eq!(summary("identity.linked", Some(&body)), "by hand");
        let body = json!({"source": "0", "login": "", "by": "hand", "asked_by": "0", "agreed_by": "1"});
        assert_eq!(summary("identity.linked", Some(&body)), "by hand, agreed to by a second person");
        let body = json!({"act": "identity", "content": {"person": "0"}});
        assert_eq!(summary("request.asked", Some(&body)), "link an account to a source");
        let body = json!({"items": [], "identity": {"person": "0"}, "asked_by": "0"});
        assert_eq!(summary("request.lapsed", Some(&body)), "link an account to a source");
        let body = json!({"added": ["a", "b"], "removed": ["c"]});
        assert_eq!(summary("group.members", Some(&body)), "2 came, 1 left");
        let body = json!({"name": "Corp", "enabled": false, "kind": "oidc"});
        assert_eq!(summary("source.set", Some(&body)), "Corp, off");
        let body =
            json!({"dry": false, "state": "done", "counts": {"added": 1_204, "changed": 0, "suspended": 2}});
        assert_eq!(summary("source.synced", Some(&body)), "1,204 added, 2 suspended");
        let body = json!({"dry": false, "state": "waiting", "counts": {"added": 1, "suspended": 214}});
        let waits = "stopped before too many were suspended, 1 added";
        assert_eq!(summary("source.synced", Some(&body)), waits);
        assert_eq!(
            summary("source.synced", Some(&json!({"dry": true, "state": "failed"}))),
            "dry run, failed"
        );
        let body = json!({"name": "Entra ID", "write": true, "expires_at": 4});
        assert_eq!(summary("token.issued", Some(&body)), "Entra ID, may write");
        assert_eq!(summary("token.revoked", Some(&body)), "Entra ID");
        let body = json!({"texts": {"mail.host": "a", "mail.port": ""}, "secrets": ["mail.password"]});
        assert_eq!(summary("mail.settings_changed", Some(&body)), "mail.host, mail.port, mail.password");
        for kind in [
            "mail.settings_changed",
            "identity.linked",
            "sign_in.refused",
            "group.set",
            "group.members",
            "source.removed",
            "source.sync_asked",
            "source.synced",
            "token.issued",
            "token.revoked",
        ] {
            assert_ne!(super::kind(kind), kind);
            assert_ne!(area(kind), "system");
        }
    }

    #[test]
    fn an_unknown_kind_keeps_its_name() {
        assert_eq!(kind("never.heard_of"), "never.heard_of");
        assert_eq!(area("never.heard_of"), "system");
        assert_eq!(field("expires_at"), "Expires at");
    }
}
