//! The chat page.

use chancery_protocol::conversation::MemberRole;

use super::{grouped, plural};

pub const TITLE: &str = "Chats";
pub const SKIP: &str = "Skip to messages";
pub const SPINE: &str = "Places";
pub const LIST: &str = "Conversations";
pub const NEW: &str = "New conversation";
pub const FILTER: &str = "Show";
pub const FILTER_ALL: &str = "All";
pub const FILTER_UNREAD: &str = "Unread";
pub const FILTER_MENTIONS: &str = "Mentions";
pub const SORT: &str = "Show only";
pub const SORT_ALL: &str = "All conversations";
pub const PINNED: &str = "Pinned";
pub const NO_MENTIONS_TITLE: &str = "Nobody mentions you";
pub const NO_MENTIONS_BODY: &str = "Unread messages that mention you, and urgent ones, are shown here.";
pub const MUTED: &str = "muted";
pub const MENTIONS_ONLY: &str = "only mentions make themselves heard";
pub const FILTER_NAMES: &str = "Filter by name";
pub const NONE_FITS_TITLE: &str = "Nothing matches";
pub const NONE_FITS_BODY: &str =
    "No conversation has this in its name. Try fewer letters, or jump to a person with Ctrl K.";
pub const NONE_OF_KIND_TITLE: &str = "None of this kind";
pub const NONE_OF_KIND_BODY: &str = "You have conversations of the other kind only.";
pub const DIRECT: &str = "Direct messages";
pub const GROUPS: &str = "Groups";
pub const SETTINGS: &str = "Settings";
pub const SIGN_OUT: &str = "Sign out";
pub const SIGN_OUT_FAILED: &str = "You are still signed in";
pub const OWN_MENU: &str = "Your account";
pub const DRAFT: &str = "Draft:";
pub const YOU: &str = "You";
pub const NO_MESSAGES: &str = "No messages yet";
pub const EMPTY_TITLE: &str = "No conversations yet";
pub const EMPTY_BODY: &str = "Write to a colleague or bring several together in a group.";
pub const ALL_READ_TITLE: &str = "All read";
pub const ALL_READ_BODY: &str = "Nothing unread waits for you.";
pub const SHOW_ALL: &str = "Show all";
pub const PICK_TITLE: &str = "Choose a conversation";
pub const PICK_BODY: &str = "Your conversations are at the left.";
pub const NOT_FOUND_TITLE: &str = "Nothing here for you";
pub const NOT_FOUND_BODY: &str = "This conversation does not exist or is not open to you.";
pub const MESSAGES: &str = "Messages";
pub const HISTORY_FAILED: &str = "Messages could not be loaded";
pub const OLDER: &str = "Loading older messages";
pub const OLDER_FAILED: &str = "More messages could not be loaded.";
pub const NOT_THERE: &str = "The message was not found";
pub const NOT_THERE_BODY: &str = "It is not in this conversation, or was written before you joined.";
pub const JUMP_FAILED: &str = "That part of the conversation could not be loaded";
pub const REPLY: &str = "Reply";
pub const REPLYING: &str = "Reply to";
pub const COPY_LINK: &str = "Copy link";
pub const COPY_TEXT: &str = "Copy text";
pub const LINK_COPIED: &str = "Link copied";
pub const TEXT_COPIED: &str = "Text copied";
pub const NOT_COPIED: &str = "Nothing was copied";
pub const NOT_COPIED_BODY: &str = "The browser did not allow it.";
pub const FORWARD: &str = "Forward";
pub const MENTION: &str = "Mention somebody";
pub const MENTIONS: &str = "People to mention";
pub const CANCEL_REPLY: &str = "Do not reply";
pub const TO_DATE: &str = "Go to a date";
pub const TOO_LONG_TO_FORWARD: &str = "This message is too long to be forwarded";

pub fn forwarded(name: &str) -> String {
    format!("Forwarded to {name}")
}

pub const URGENT: &str = "Urgent";
pub const URGENT_TITLE: &str = "Urgent: ask everybody to confirm they have read it";
pub const URGENT_ON: &str = "Urgent. Everybody is asked to confirm; it comes through quiet hours.";
pub const ACKNOWLEDGE: &str = "I have read this";
pub const ACKNOWLEDGED_SPOKEN: &str = "Recorded: you have read this.";
pub const WHO_HAS: &str = "Who has";
pub const WHO_HAS_NOT: &str = "Who has not";
pub const ACKNOWLEDGED: &str = "Have acknowledged";
pub const NOT_YET_ACKNOWLEDGED: &str = "Have not yet";

/// "I have read this, recorded 10:52"
pub fn acknowledged_at(when: &str) -> String {
    format!("{ACKNOWLEDGE}, recorded {when}")
}

pub fn acknowledged_by(done: usize, of: usize) -> String {
    format!("{} of {} have acknowledged", grouped(done as u64), grouped(of as u64))
}

pub fn percent(percent: usize) -> String {
    format!("{percent}%")
}

/// What an urgent message is called by those who do not see its badge.
pub fn urgent(name: &str) -> String {
    format!("{URGENT}: {name}")
}

pub const SENT: &str = "Sent";
pub const DELIVERED: &str = "Delivered";
pub const READ: &str = "Read";
pub const NOT_YET: &str = "Not delivered yet";
pub const WHO_HAS_READ: &str = "Who has read this";
pub const QUOTE_GONE: &str = "written before you joined, or not open to you";

pub fn delivered_to(delivered: usize, of: usize) -> String {
    format!("Delivered to {delivered} of {of}")
}

pub fn read_by(read: usize, of: usize) -> String {
    format!("Read by {read} of {of}")
}

/// In place of a quoted message that is not loaded.
pub fn earlier(when: &str) -> String {
    format!("Message of {when}")
}

pub fn go_to_quoted(name: &str) -> String {
    format!("Go to the message of {name}")
}

pub fn first_unread(count: u64) -> String {
    format!("Go to the first of {}", plural(count, "unread message", "unread messages"))
}

pub fn newest(count: u64) -> String {
    if count == 0 { NEWEST.to_owned() } else { format!("{NEWEST}, {count} new") }
}

pub fn reaction_pending(label: &str) -> String {
    format!("{label} (being sent)")
}

pub const FIRST_TITLE: &str = "No messages yet";
pub const FIRST_BODY: &str =
    "What you write is recorded and stays readable for everyone in the conversation.";
pub const NEW_DIVIDER: &str = "New";
pub const EDIT: &str = "Edit";
pub const DELETE: &str = "Delete";
pub const REACT: &str = "React";
pub const MORE: &str = "More";
pub const UNDO: &str = "Undo";
pub const SENDING: &str = "Sending";
pub const WAITING: &str = "Waiting for the connection";
pub const NOT_SENT: &str = "Not sent";
pub const NOT_SENT_OFFLINE: &str = "Not sent: no connection";
pub const TRY_AGAIN: &str = "Try again";
pub const DISCARD: &str = "Discard";
pub const SEND: &str = "Send";
pub const SEND_HINT: &str = "Enter to send, Shift Enter for a new line";
pub const SEND_HINT_CTRL: &str = "Ctrl Enter to send, Enter for a new line";
pub const EDIT_HINT: &str = "Enter to save, Esc to cancel";
pub const SAVE: &str = "Save";
pub const EDITING: &str = "Editing your message";
pub const NOT_SAVED: &str = "The change was not saved";
pub const NOT_DELETED: &str = "The message was not deleted";
pub const NOT_RESTORED: &str = "The message was not restored";
pub const NOT_ACKNOWLEDGED: &str = "That you have read this was not recorded";
pub const NOT_REACTED: &str = "The reaction was not saved";
pub const DRAFT_ELSEWHERE: &str = "This draft was changed on another of your devices.";
pub const SUSPENDED: &str =
    "This account is suspended. What you write is recorded, but nobody reads it for now.";
pub const NEWEST: &str = "Go to the newest message";
pub const MISSING: &str = "This message is being fetched.";

pub fn unread(count: u64) -> String {
    format!("{} unread", grouped(count))
}

pub fn mentions(count: u64) -> String {
    plural(count, "message that mentions you or is urgent", "messages that mention you or are urgent")
}

pub fn with_self(name: &str) -> String {
    format!("{name} (you)")
}

pub fn placeholder(name: &str) -> String {
    format!("Message {name}")
}

pub fn preview_you(text: &str) -> String {
    format!("You: {text}")
}

/// The first word of a name stands before the preview of a group.
pub fn preview_by(name: &str, text: &str) -> String {
    format!("{}: {text}", name.split_whitespace().next().unwrap_or(name))
}

pub const PREVIEW_DELETED: &str = "Message deleted";
pub const PREVIEW_DAMAGED: &str = "This message cannot be shown";

pub fn edited(when: &str) -> String {
    format!("edited {when}")
}

pub fn deleted(name: &str) -> String {
    format!("Message deleted by {name}. A copy stays in the archive.")
}

pub fn damaged(position: u64) -> String {
    format!(
        "The stored copy of this message does not verify (record #{}). Tell your administrator. The messages around it are not concerned.",
        grouped(position)
    )
}

pub fn created(name: &str) -> String {
    format!("{name} made this group")
}

pub fn created_direct() -> &'static str {
    "The conversation begins here"
}

/// "Ada named the group Alder and changed what it is for"
pub fn described(actor: &str, name: Option<&str>, topic: Option<&str>, open: Option<bool>) -> String {
    let name = name.map(|name| format!("named it {name}"));
    let topic = topic.map(|topic| {
        if topic.is_empty() { "took the topic away".to_owned() } else { format!("set the topic: {topic}") }
    });
    let open =
        open.map(|open| if open { "opened it to everybody" } else { "closed it to others" }.to_owned());
    let acts: Vec<String> = [name, topic, open].into_iter().flatten().collect();
    format!("{actor} {}", acts.join(" and "))
}

pub fn joined(name: &str) -> String {
    format!("{name} joined")
}

/// "Ada added Bo, Cy and 3 others"
pub fn added(actor: &str, names: &[String]) -> String {
    const NAMED: usize = 5;
    let named = names.get(..NAMED).unwrap_or(names).join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => format!("{actor} added {named}"),
        more => format!("{actor} added {named} and {}", plural(more as u64, "other", "others")),
    }
}

pub fn left(name: &str) -> String {
    format!("{name} left")
}

pub fn removed(actor: &str, name: &str) -> String {
    format!("{actor} took {name} out")
}

pub fn role_set(actor: &str, name: &str, role: MemberRole) -> String {
    match role {
        MemberRole::Owner => format!("{actor} made {name} an owner"),
        MemberRole::Poster => format!("{actor} lets {name} write here"),
        MemberRole::Member => format!("{actor} made {name} a member"),
    }
}

/// In place of the composer, for those who only read an announcement.
pub const READ_ONLY: &str = "Only those named write here. You can react to what they write.";

pub fn article(name: &str, when: &str) -> String {
    format!("{name}, {when}")
}

pub fn said(name: &str, text: &str) -> String {
    format!("{name}: {text}")
}

pub fn actions(name: &str, when: &str) -> String {
    format!("Actions for the message of {name}, {when}")
}

pub fn new_below(count: u64) -> String {
    format!("{} new", grouped(count))
}

pub fn characters(used: usize, limit: usize) -> String {
    format!("{} of {}", grouped(used as u64), grouped(limit as u64))
}

pub fn over_limit(over: usize) -> String {
    format!("{} too many", plural(over as u64, "character", "characters"))
}

pub fn typing(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("{one} is typing"),
        [one, two] => format!("{one} and {two} are typing"),
        _ => format!("{} people are typing", names.len()),
    }
}

/// The words of a reaction; emoji stand for themselves.
pub fn reaction(reaction: &str) -> &str {
    match reaction {
        "reviewed" => "Reviewed",
        "looking" => "Looking",
        "agreed" => "Agreed",
        "done" => "Done",
        other => other,
    }
}

/// The name of a reaction for a screen reader.
pub fn reaction_name(name: &str) -> &str {
    match name {
        "👍" => "Thumbs up",
        "❤️" => "Heart",
        "😄" => "Smile",
        "🎉" => "Celebration",
        other => reaction(other),
    }
}

/// "Reviewed: Priya Raman, Jun Watanabe and 2 others"
pub fn reacted(reaction: &str, names: &[String]) -> String {
    const NAMED: usize = 8;
    let reaction = reaction_name(reaction);
    if names.len() <= NAMED {
        return format!("{reaction}: {}", names.join(", "));
    }
    let others = plural((names.len() - NAMED) as u64, "other", "others");
    format!("{reaction}: {} and {others}", names.get(..NAMED).unwrap_or_default().join(", "))
}

#[cfg(test)]
mod tests {
    use super::{reacted, typing};

    #[test]
    fn typing_names_up_to_two() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(typing(&names(&["Ada"])), "Ada is typing");
        assert_eq!(typing(&names(&["Ada", "Bo"])), "Ada and Bo are typing");
        assert_eq!(typing(&names(&["Ada", "Bo", "Cy"])), "3 people are typing");
    }

    #[test]
    fn reactions_name_at_most_eight() {
        let many: Vec<String> = (0..10).map(|n| format!("P{n}")).collect();
        assert!(reacted("👍", &many).starts_with("Thumbs up: P0, P1"));
        assert!(reacted("👍", &many).ends_with("P7 and 2 others"));
    }
}
