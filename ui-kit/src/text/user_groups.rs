//! Groups of people, made here or brought by a directory, and who somebody is elsewhere.

use chancery_protocol::groups::{MAX_GROUP_NAME, MAX_MEMBERS_CHANGED};
use chancery_protocol::person::Role;

use super::{console, plural, problem};
use crate::api::ClientError;

pub const GROUPS: &str = "Groups";
pub const LEAD: &str = "Groups of people and what they may do. They are made here, or sources bring them.";
pub const READ_ONLY: &str = "You can read them. Changing them is for administrators.";
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
/// Heading of the groups somebody is in.
pub const GROUPS_OF: &str = "Groups";
pub const NONE_TITLE: &str = "No groups yet";
pub const NONE_BODY: &str = "A group gives everybody in it the same roles. Directories and providers bring theirs; others are made here.";
pub const TO_SOURCES: &str = "Open Directory and SSO";
pub const NO_MATCH_TITLE: &str = "No group matches";
pub const GROUP: &str = "Group";
pub const GONE: &str = "This group was not found, or is no longer there.";
pub const MEMBERS_FAILED: &str = "Members could not be loaded";
pub const NO_MEMBERS: &str = "Nobody is in it.";
pub const NO_ROLES_BODY: &str = "Being in this group gives no role.";
pub const ROLES_BODY: &str = "Everybody in the group has them, besides what was given to them by hand.";
pub const OWN_GROUP: &str = "You are in this group yourself. An administrator who is not in it changes it.";
pub const CHANGE_ROLES: &str = "Change roles";
pub const ROLES_SAVED: &str = "Roles of the group changed";
pub const ROLES_OUTDATED: &str = "Not saved. Somebody else changed the roles of this group in the meantime. The boxes show how they are now.";
pub const SUSPENDED: &str = "Suspended";
pub const NEW: &str = "New group";
pub const NEW_LEAD: &str = "It is empty at first. People are added on its page.";
pub const NAME_HELP: &str = "What administrators and officers call it, for example Rates trading";
pub const MAKE: &str = "Make group";
pub const MADE: &str = "Group made";
pub const RENAME: &str = "Rename";
pub const RENAMED: &str = "Group renamed";
pub const ADD: &str = "Add people";
pub const ADD_WHO: &str = "Who comes into it";
pub const ADD_NOBODY: &str = "Nobody of this name can be added.";
pub const ADDED: &str = "People added";
pub const ADD_CHOSEN: &str = "To be added";
pub const NEED_SOMEBODY: &str = "Choose at least one person.";
pub const TAKEN_OUT: &str = "Taken out of the group";
pub const DELETE: &str = "Delete group";
pub const DELETED: &str = "Group deleted";
pub const EDITED_ELSEWHERE: &str = "Its source says what it is called and who is in it.";

pub const IDENTITIES: &str = "Sources";
pub const IDENTITIES_FAILED: &str = "Sources could not be loaded";
pub const NO_IDENTITIES: &str = "Linked to no source. They sign in with a password kept here.";
pub const NO_WAY: &str = "Linked to no source, and no password is kept here.";
pub const LINK: &str = "Link";
pub const LINKED: &str = "Linked";
pub const WAITS: &str = "Waits for a second person";
pub const ASKED: &str = "Asked for. It is linked when a second person agrees.";
pub const ASK_ACT: &str = "Ask for approval";
pub const SECOND_LEAD: &str = "This account has a duty: a compliance lead has to agree, neither you nor its owner. Nothing is linked before.";
pub const SECOND_ADMIN: &str = "This account runs the server: another administrator has to agree, not its owner. Nothing is linked before.";
pub const REASON: &str = "Why is it linked?";
pub const REASON_HELP: &str = "Whoever agrees reads it, and it is on record.";
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

/// "Rename Rates trading".
pub fn rename_title(name: &str) -> String {
    format!("Rename {name}")
}

/// "Add people to Rates trading".
pub fn add_title(name: &str) -> String {
    format!("Add people to {name}")
}

/// "Add 3 people".
pub fn add_act(count: u64) -> String {
    format!("Add {}", plural(count, "person", "people"))
}

/// What coming into a group does.
pub fn add_effect(roles: &[Role]) -> String {
    if roles.is_empty() {
        NO_ROLES_BODY.to_owned()
    } else {
        format!("They may do at once: {}.", names(roles))
    }
}

/// For those who do not see what the button belongs to.
pub fn take_out(name: &str) -> String {
    format!("Take {name} out")
}

/// The same for somebody who was chosen and not added yet.
pub fn do_not_add(name: &str) -> String {
    format!("Do not add {name}")
}

/// Somebody else gave a group another name while it was typed.
pub fn name_outdated(theirs: &str) -> String {
    format!(
        "Not saved. Somebody else renamed this group to “{theirs}” in the meantime. Save again to use yours."
    )
}

/// Somebody else changed what a group gives while people were chosen for it.
pub fn add_outdated(roles: &[Role]) -> String {
    format!(
        "Nobody was added. Somebody else changed the roles of this group in the meantime. {}",
        add_effect(roles)
    )
}

/// "Delete Rates trading?"
pub fn delete_title(name: &str) -> String {
    format!("Delete {name}?")
}

/// What its members lose.
pub fn delete_body(members: u64, roles: &[Role]) -> String {
    let loss = match members {
        0 => "Nobody is in it.".to_owned(),
        _ if roles.is_empty() => {
            format!("{} in it. Nobody loses a role.", plural(members, "person is", "people are"))
        }
        _ => format!(
            "{} at once: {}. What they have by hand or by another group stays.",
            plural(members, "person loses", "people lose"),
            names(roles)
        ),
    };
    format!("{loss} What is on record about the group stays there. It cannot be brought back.")
}

fn names(roles: &[Role]) -> String {
    roles.iter().map(|role| console::role(*role)).collect::<Vec<_>>().join(", ")
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
    format!("By groups: {}", names(roles))
}

/// Why something about groups or identities was refused.
pub fn refused(error: &ClientError) -> String {
    match error.code() {
        Some("own_account") => OWN_GROUP.to_owned(),
        Some("not_found") => GONE.to_owned(),
        Some("group_name_taken") => "Another group made here has this name. Choose another.".to_owned(),
        Some("group_from_source") => EDITED_ELSEWHERE.to_owned(),
        Some("name_too_long") => super::people::too_long(MAX_GROUP_NAME),
        Some("guest_alone") => {
            "A guest has no other role, so a group with a guest in it gives none. Nothing was changed."
                .to_owned()
        }
        Some("too_many_people") => {
            format!("These are too many people at once. Up to {MAX_MEMBERS_CHANGED} work.")
        }
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
        Some("nobody_agrees") => {
            "Nobody could agree: it takes somebody with the role for it who is neither you nor the account’s owner."
                .to_owned()
        }
        Some("outdated") => "The account was changed just now. Close this and try again.".to_owned(),
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
        assert_eq!(add_act(1), "Add 1 person");
        assert!(delete_body(0, &[Role::Auditor]).starts_with("Nobody is in it."));
        assert!(delete_body(12, &[]).starts_with("12 people are in it. Nobody loses a role."));
        let loss = delete_body(1, &[Role::Auditor]);
        assert!(loss.starts_with("1 person loses at once: Auditor."), "{loss}");
        assert!(unlink_body("Corp", false).contains("no other way"));
        assert!(!unlink_body("Corp", true).contains("no other way"));
    }
}
