//! Groups and announcements: what they are, who is in them, coming and going.

use chancery_protocol::conversation::{ConversationKind, MemberRole};

use super::plural;

pub const NAME: &str = "Name";
pub const TOPIC: &str = "Topic";
pub const TOPIC_HELP: &str = "What it is for, in one line";
pub const OPEN: &str = "Open: colleagues find it and join by themselves";
pub const NEED_NAME: &str = "Give it a name.";
pub const OFFLINE: &str = "You are offline. Nothing was changed. Try again when you are back.";

pub const WHAT: &str = "What to begin";
pub const TALK: &str = "Conversation";
pub const ANNOUNCEMENT: &str = "Announcement";
pub const JOIN_ONE: &str = "Join a group";
pub const ANNOUNCEMENT_INTRO: &str =
    "Everybody you choose reads and reacts. You write, and those whom you let write later.";
pub const CREATE_ANNOUNCEMENT: &str = "Create announcement";

pub const JOIN_INTRO: &str =
    "Open groups that you are not in. You see what is written from the moment you join.";
pub const JOIN_SEARCH: &str = "Open groups";
pub const JOIN_SEARCH_HELP: &str = "Type a part of the name";
pub const JOIN_FOUND: &str = "Open groups found";
pub const JOIN_NONE_TITLE: &str = "No open groups";
pub const JOIN_NONE_BODY: &str = "You are in all of them, or nobody has opened one yet.";
pub const JOIN_FAILED_TITLE: &str = "Open groups could not be loaded";
pub const JOIN: &str = "Join";
pub const NOT_JOINED: &str = "You have not joined";
pub const NOT_OPEN: &str = "It is not open any longer. Ask one of its owners to add you.";
pub const JOIN_HEAD: &str = "Open groups";

pub const EDIT: &str = "Edit";
pub const EDIT_TITLE: &str = "Name, topic, openness";
pub const SAVE: &str = "Save";
pub const ADD: &str = "Add";
pub const ADD_TITLE: &str = "Add people";
pub const ADD_BODY: &str = "They see what is written from now on, not what was written before.";
pub const MAKE_OWNER: &str = "Make owner";
pub const MAKE_MEMBER: &str = "Make member";
pub const LET_WRITE: &str = "Let write here";
pub const STOP_WRITING: &str = "Let only read";
pub const STEP_DOWN: &str = "Step down as owner";
pub const TAKE_OUT: &str = "Take out";
pub const LEAVE: &str = "Leave";
pub const STAY: &str = "Stay";
pub const KEEP: &str = "Keep as it is";
pub const NOT_CHANGED: &str = "Nothing was changed";
pub const GONE_TITLE: &str = "You are no longer in this conversation";
pub const GONE_BODY: &str = "You left it, or an owner took you out. What was written stays in the archive.";

/// What sort of conversation it is, in a few words.
pub fn kind(kind: ConversationKind, open: bool) -> &'static str {
    match (kind, open) {
        (ConversationKind::Direct, _) => "Direct message",
        (ConversationKind::Group, false) => "Group, only those invited",
        (ConversationKind::Group, true) => "Group, open to all colleagues",
        (ConversationKind::Announcement, false) => "Announcement, only those invited",
        (ConversationKind::Announcement, true) => "Announcement, open to all colleagues",
    }
}

/// What a member may do; nothing where it goes without saying.
pub fn role(role: MemberRole, kind: ConversationKind) -> Option<&'static str> {
    match (role, kind) {
        (MemberRole::Owner, _) => Some("Owner"),
        (MemberRole::Poster, ConversationKind::Announcement) => Some("May write"),
        _ => None,
    }
}

pub fn you_and(role: Option<&str>) -> String {
    match role {
        Some(role) => format!("You, {}", role.to_ascii_lowercase()),
        None => super::people::YOU.to_owned(),
    }
}

pub fn actions(name: &str) -> String {
    format!("Actions for {name}")
}

pub fn show_all(count: u64) -> String {
    format!("Show all {}", super::grouped(count))
}

pub fn add(count: u64) -> String {
    match count {
        0 => ADD_TITLE.to_owned(),
        count => format!("Add {}", plural(count, "person", "people")),
    }
}

pub fn added(count: u64) -> String {
    format!("{} added", plural(count, "person", "people"))
}

pub fn leave_title(name: &str) -> String {
    format!("Leave {name}?")
}

pub fn leave_body(open: bool) -> &'static str {
    if open {
        "You will not see what is written from now on. What you wrote stays. You can join again."
    } else {
        "You will not see what is written from now on. What you wrote stays. To come back, an owner has to add you."
    }
}

pub fn left(name: &str) -> String {
    format!("You left {name}")
}

pub fn joined(name: &str) -> String {
    format!("You joined {name}")
}

pub fn take_out_title(name: &str) -> String {
    format!("Take {name} out?")
}

pub fn take_out_body(name: &str) -> String {
    format!("{name} will not see what is written from now on. What was written stays in the archive.")
}

pub fn step_down_title() -> &'static str {
    "Step down as owner?"
}

pub fn step_down_body() -> &'static str {
    "You will be a member. Only another owner can make you an owner again."
}

/// Beside an open group: "Join, 12 members".
pub fn join_of(count: u64) -> String {
    format!("{JOIN}, {}", super::people::members(count))
}

pub fn no_open(text: &str) -> String {
    format!("No open group has “{text}” in its name. Try fewer letters.")
}
