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
pub const ROLE: &str = "Title";
pub const DEPARTMENT: &str = "Department";
pub const STATUS: &str = "Status";
pub const SUSPENDED_TAG: &str = "Suspended";
pub const DETAILS: &str = "Details";
pub const SHOW_DETAILS: &str = "Show details";
pub const ABOUT: &str = "About";
pub const MEMBERS: &str = "Members";
pub const SHOW_MEMBERS: &str = "Show members";
pub const YOU: &str = "You";
pub const MEMBERS_FAILED: &str = "Members could not be loaded";

pub const NOT_ARRANGED: &str = "This was not saved";
pub const HEARD: &str = "Notify me of";
pub const HEARD_ALL: &str = "All";
pub const HEARD_MENTIONS: &str = "Mentions";
pub const HEARD_NOTHING: &str = "Nothing";
pub const HEARD_ALL_BODY: &str = "Every message makes itself heard and is counted.";
pub const HEARD_MENTIONS_BODY: &str =
    "Only messages that mention you, and urgent ones, make themselves heard and are counted.";
pub const HEARD_NOTHING_BODY: &str = "Muted: nothing makes itself heard or is counted.";
pub const PIN: &str = "Pin to the top";
pub const PIN_OR_NOT: &str = "Pin or unpin this conversation";
pub const PINNED: &str = "Pinned to the top";
pub const UNPINNED: &str = "Pinned no longer";
pub const MUTE_OR_NOT: &str = "Mute or unmute this conversation";
pub const MUTED: &str = "Muted";
pub const UNMUTED: &str = "Muted no longer";
pub const LISTS: &str = "Your lists";
pub const LISTS_BODY: &str = "Only you see them. They are sections of your list, on all your devices.";
pub const NEW_LIST: &str = "New list of people";
pub const LIST_NAME: &str = "Name of the list";
pub const NEED_LIST_NAME: &str = "Give the list a name.";
pub const LIST_TAKEN: &str = "You have a list of this name. Choose another name.";
pub const DROP_LIST: &str = "Remove list";
pub const SAVE_LIST: &str = "Save list";
pub const TOO_MANY_LISTS: &str = "You have as many lists as there can be.";

pub fn edit_list(name: &str) -> String {
    format!("Edit the list {name}")
}

pub fn list_dropped(name: &str) -> String {
    format!("The list {name} was removed")
}

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
