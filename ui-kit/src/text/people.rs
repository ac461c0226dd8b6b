//! New direct talk and new group; members.

use super::plural;

pub const TITLE: &str = "New conversation";
pub const INTRO: &str = "One person makes a direct message, several make a group.";
pub const SEARCH: &str = "People";
pub const SEARCH_HELP: &str = "Type a part of a name or username";
pub const RESULTS: &str = "Found";
pub const CHOSEN: &str = "Chosen";
pub const OPEN_DIRECT: &str = "Open direct message";
pub const CREATE_GROUP: &str = "Create group";
pub const AS_GROUP: &str = "Make it a group";
pub const NEED_PEOPLE: &str = "Choose at least one person.";
pub const NONE_TITLE: &str = "Nobody found";
pub const FAILED_TITLE: &str = "People could not be loaded";
pub const OFFLINE: &str = "You are offline. A conversation can be opened when you are back.";
pub const DIRECTORY: &str = "People";
pub const DIRECTORY_SEARCH: &str = "Search for people";
pub const DIRECTORY_LIST: &str = "Colleagues";
pub const MESSAGE: &str = "Send a message";
pub const WRITE_TO_SELF: &str = "Write a note to yourself";
pub const PICK_TITLE: &str = "Choose a person";
pub const PICK_BODY: &str = "Their status and how to reach them are shown here.";
pub const NOBODY_TITLE: &str = "This person does not exist";
pub const NOBODY_BODY: &str = "Or they are not open to you.";
pub const USERNAME: &str = "Username";
pub const STATUS: &str = "Status";
pub const SUSPENDED_TAG: &str = "Suspended";
pub const DETAILS: &str = "Details";
pub const SHOW_DETAILS: &str = "Show details";
pub const ABOUT: &str = "About";
pub const MEMBERS: &str = "Members";
pub const SHOW_MEMBERS: &str = "Show members";
pub const YOU: &str = "You";
pub const MEMBERS_FAILED: &str = "Members could not be loaded";

pub fn none_body(text: &str) -> String {
    format!("No colleague has “{text}” in the name or username. Try fewer letters.")
}

pub fn remove(name: &str) -> String {
    format!("Remove {name}")
}

pub fn members(count: u64) -> String {
    plural(count, "member", "members")
}

pub fn members_online(count: u64, online: u64) -> String {
    format!("{}, {online} online", members(count))
}

pub fn too_long(limit: usize) -> String {
    format!("This is too long. Up to {limit} characters work.")
}
