//! Groups of people, as a directory brings them, and who somebody is elsewhere.

use chancery_protocol::person::Role;

use super::{console, plural, problem};
use crate::api::ClientError;

pub const GROUPS: &str = "Groups";
pub const LEAD: &str =
    "Groups of people and what they may do. Sources bring them, with everybody who signs in.";
pub const READ_ONLY: &str = "You can read them. Changing roles is for administrators.";
pub const LOAD_FAILED: &str = "Groups could not be loaded";
pub const SEARCH: &str = "Find groups";
pub const SEARCH_HINT: &str = "Name or source";
pub const TABLE: &str = "Groups, with their sources, roles and members";
pub const NAME: &str = "Name";
pub const SOURCE: &str = "Source";
pub const HERE: &str = "Made here";
pub const ROLES: &str = "Roles";
pub const NO_ROLES: &str = "None";
pub const MEMBERS: &str = "Members";
pub const NONE_TITLE: &str = "No groups yet";
pub const NONE_BODY: &str = "A group appears here when somebody who is in it signs in with a directory or a provider that names groups.";
pub const TO_SOURCES: &str = "Open Directory and SSO";
pub const NO_MATCH_TITLE: &str = "No group matches";
pub const GROUP: &str = "Group";
pub const GONE: &str = "This group was not found, or is no longer brought by its source.";
pub const MEMBERS_FAILED: &str = "Members could not be loaded";
pub const NO_MEMBERS: &str = "Nobody is in it.";
pub const NO_ROLES_BODY: &str = "Being in this group gives no role.";
pub const ROLES_BODY: &str = "Everybody in the group has them, besides what was given to them by hand.";
pub const OWN_GROUP: &str =
    "You are in this group yourself. An administrator who is not in it changes its roles.";
pub const CHANGE_ROLES: &str = "Change roles";
pub const ROLES_SAVED: &str = "Roles of the group changed";
pub const ROLES_OUTDATED: &str = "Not saved. Somebody else changed the roles of this group in the meantime. The boxes show how they are now.";
pub const SUSPENDED: &str = "Suspended";

pub const IDENTITIES: &str = "Sources";
pub const IDENTITIES_FAILED: &str = "Sources could not be loaded";
pub const NO_IDENTITIES: &str = "Linked to no source. They sign in with a password kept here.";
pub const NO_WAY: &str = "Linked to no source, and no password is kept here.";
pub const LINK: &str = "Link";
pub const LINKED: &str = "Linked";
pub const UNLINK: &str = "Take off";
pub const UNLINKED: &str = "Taken off";
pub const LOGIN: &str = "Login there";
pub const NO_LOGIN: &str = "Not seen yet";
pub const SUBJECT: &str = "Id there";
pub const SINCE: &str = "Linked since";
pub const SEEN: &str = "Last sign-in";
pub const NEVER_SEEN: &str = "Never";
pub const COPY_SUBJECT: &str = "Copy the whole id";
pub const SUBJECT_HELP: &str = "What never changes there: for a provider the claim sub, for a directory the value of the unchanging id. A test of the source shows it.";
pub const NEED_SUBJECT: &str = "Enter the id.";
pub const LINK_BODY: &str =
    "Whoever the source vouches for under this id signs in to this account. Check it twice.";
pub const NO_SOURCES: &str = "There is no source yet. Add one under Directory and SSO.";
pub const FROM_GROUP: &str = "From a group";
pub const FROM_GROUP_HELP: &str = "Changed at the group, or by who is in it.";

/// "12 members".
pub fn members(count: u64) -> String {
    plural(count, "member", "members")
}

/// "31 groups".
pub fn groups(count: u64) -> String {
    plural(count, "group", "groups")
}

/// Nothing found repeats the condition.
pub fn no_match(text: &str) -> String {
    format!("No group or source has “{text}” in its name.")
}

/// The head of the dialog for roles.
pub fn roles_title(name: &str) -> String {
    format!("Roles of {name}")
}

/// What saving does, in numbers.
pub fn roles_effect(members: u64) -> String {
    match members {
        0 => "Nobody is in the group now. Whoever comes in has the roles at once.".to_owned(),
        1 => "It counts at once for the 1 person in the group, on every device.".to_owned(),
        _ => format!(
            "It counts at once for the {} people in the group, on every device.",
            super::grouped(members)
        ),
    }
}

/// "Show all 1,204".
pub fn show_all(count: u64) -> String {
    format!("Show all {}", super::grouped(count))
}

/// "Link Ada Lovelace to a source".
pub fn link_title(name: &str) -> String {
    format!("Link {name} to a source")
}

/// "Take Corp directory off Ada Lovelace?"
pub fn unlink_title(source: &str, name: &str) -> String {
    format!("Take {source} off {name}?")
}

/// What taking an identity off does.
pub fn unlink_body(source: &str, other_way: bool) -> String {
    let rest = if other_way { "" } else { " They have no other way to sign in." };
    format!(
        "They can no longer sign in with {source}, unless its rule finds this account again.{rest} Where they are signed in, they stay."
    )
}

/// For those who do not see what the button belongs to.
pub fn unlink_of(source: &str) -> String {
    format!("{UNLINK}: {source}")
}

/// "By groups: Administrator, Auditor".
pub fn by_groups(roles: &[Role]) -> String {
    let names: Vec<&str> = roles.iter().map(|role| console::role(*role)).collect();
    format!("By groups: {}", names.join(", "))
}

/// Why something about groups or identities was refused.
pub fn refused(error: &ClientError) -> String {
    match error.code() {
        Some("own_account") => OWN_GROUP.to_owned(),
        Some("not_found") => GONE.to_owned(),
        _ => problem::of(error),
    }
}

/// Why an identity was not linked or taken off.
pub fn link_refused(error: &ClientError) -> String {
    match error.code() {
        Some("own_account") => {
            "This is your own account. Another administrator links it, so that nobody opens a second way into it alone."
                .to_owned()
        }
        Some("identity_taken") => {
            "This id belongs to somebody else's account already. Take it off there first.".to_owned()
        }
        Some("out_of_range") => "An id has 1 to 255 characters, none of them a control character.".to_owned(),
        Some("not_found") => "The source or the link is no longer there. Reload the page.".to_owned(),
        _ => problem::of(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_words() {
        assert_eq!(members(1), "1 member");
        assert!(roles_effect(4_988).contains("the 4,988 people"));
        assert!(unlink_body("Corp", false).contains("no other way"));
        assert!(!unlink_body("Corp", true).contains("no other way"));
    }
}
