//! The console: its frame, and the users page.

use chancery_protocol::accounts::{AccountState, AccountTotals, BulkAct};
use chancery_protocol::person::Role;
use chancery_protocol::problem::Problem;

use super::{grouped, guests, plural, problem};
use crate::api::ClientError;

pub const MENU: &str = "Console";
pub const OPEN_MENU: &str = "Open the menu";
pub const CONTENT: &str = "Skip to content";
pub const BREADCRUMB: &str = "Where you are";
pub const PEOPLE: &str = "People";
pub const USERS: &str = "Users";
pub const SYSTEM: &str = "System";
pub const OWN_MENU: &str = "Your account";
pub const BACK_TO_CHATS: &str = "Back to chats";
pub const SIGN_OUT: &str = "Sign out";
pub const OFFLINE: &str = "You are offline.";
pub const TRY_NOW: &str = "Try now";

pub const LOAD_FAILED: &str = "Users could not be loaded";
pub const PERSON_FAILED: &str = "This account could not be loaded";
pub const PERSON_HELP: &str = "Name or username of a colleague";
pub const PEOPLE_FOUND: &str = "People found";
pub const PEOPLE_FAILED: &str = "People could not be loaded";
pub const NOBODY_TITLE: &str = "Nobody matches";
pub const CLEAR_FILTERS: &str = "Clear filters";
pub const FIRST_PAGE: &str = "Go to the first page";
pub const BEHIND_LAST: &str = "There are fewer pages than this address asks for.";
pub const ONLY_YOU_TITLE: &str = "Only you so far";
pub const ONLY_YOU_BODY: &str = "Add your colleagues. Each gets a link with which they choose a password.";
pub const SEARCH: &str = "Find users";
pub const SEARCH_HINT: &str = "Name or username";
pub const ROLE: &str = "Role";
pub const STATE: &str = "State";
pub const ANY: &str = "Any";
pub const ADD: &str = "Add user";
pub const NAME: &str = "Name";
pub const SESSIONS: &str = "Sessions";
pub const SEEN: &str = "Last seen";
pub const DENSE: &str = "Lower rows";
pub const ROOMY: &str = "Higher rows";
pub const NOT_SIGNED_IN: &str = "Not signed in";
pub const ACTS: &str = "Actions";
pub const TICK_PAGE: &str = "Select all on this page";
pub const TABLE: &str = "Users, with their roles, states and sessions";
pub const PREVIOUS: &str = "Previous";
pub const NEXT: &str = "Next";
pub const KEY_MOVE: &str = "move";
pub const KEY_SELECT: &str = "select";
pub const KEY_OPEN: &str = "open";
pub const READ_ONLY: &str = "You can read accounts. Changing them is for administrators.";
pub const OWN_ACCOUNT: &str =
    "This is your own account. Another administrator changes its roles or suspends it.";

pub const ACCOUNT: &str = "Account";
pub const SOURCE: &str = "Source";
pub const LOCAL: &str = "Local";
pub const USERNAME: &str = "Username";
pub const CREATED: &str = "Created";
pub const EMAIL: &str = "E-mail";
pub const TITLE: &str = "Title";
pub const DEPARTMENT: &str = "Department";
pub const MANAGER: &str = "Manager";
pub const ROLES: &str = "Roles";
pub const CHANGE: &str = "Change";
pub const RENAME: &str = "Edit name";
pub const SUSPEND: &str = "Suspend";
pub const LIFT: &str = "Lift suspension";
pub const RESET: &str = "Reset sign-in";
pub const NEW_INVITATION: &str = "New invitation";
pub const SHOW_SESSIONS: &str = "Show sessions";
pub const SESSIONS_RECORDED: &str = "That you looked is put on the record.";
pub const SESSIONS_FAILED: &str = "Sessions could not be loaded";
pub const NO_SESSIONS: &str = "Signed in nowhere.";
pub const END_SESSION: &str = "End";
pub const END_ALL: &str = "End all";
pub const SESSION_ENDED: &str = "Session ended";
pub const SESSIONS_ENDED: &str = "All sessions ended";
pub const END_FAILED: &str = "The session was not ended";
pub const INVITED_NOTE: &str = "Has not chosen a password yet.";

pub const INVITE_TITLE: &str = "Add user";
pub const INVITE_LEAD: &str = "You get a link to hand to them. With it they choose their password.";
pub const NAME_HELP: &str = "Colleagues see this name";
pub const USERNAME_HELP: &str =
    "Lower-case letters, digits, dots, hyphens and underscores. It cannot be changed later.";
pub const NEED_NAME: &str = "Enter a name.";
pub const NEED_ROLE: &str = "Choose at least one role.";
pub const INVITE: &str = "Create invitation";
pub const INVITE_ANOTHER: &str = "Add another";
pub const LINK_ONCE: &str = "It is shown only now. Nobody can look it up later, but you can make a new one.";
pub const LINK_COPIED: &str = "The link is on your clipboard.";
pub const LINK_NOT_COPIED: &str = "The browser did not put it on the clipboard. Copy it here.";
pub const RENAME_TITLE: &str = "Edit name";
pub const RENAMED: &str = "Name changed";
pub const KEEP_THEIRS: &str = "Keep theirs";
pub const USE_MINE: &str = "Use mine";
pub const ROLES_TITLE: &str = "Change roles";
pub const ROLES_SAVED: &str = "Roles changed";
pub const ROLES_COUNT_AT_ONCE: &str = "The change counts at once, on every device they are signed in on.";
pub const NOTHING_CHANGED: &str = "Nothing is changed yet.";
pub const KEEP: &str = "Keep as it is";
pub const SUSPENDED_DONE: &str = "Account suspended";
pub const LIFTED_DONE: &str = "Suspension lifted";
pub const FAILED: &str = "Not done";
pub const UNDONE: &str = "Taken back";
pub const MAKE_LINK: &str = "Make a link";
pub const END_SESSIONS: &str = "End sessions";

pub const BULK: &str = "With the selected users";
pub const ADD_ROLE: &str = "Add role";
pub const REMOVE_ROLE: &str = "Remove role";
pub const CLEAR: &str = "Clear selection";
pub const PREVIEW_FAILED: &str = "The preview could not be made";
pub const ALREADY: &str = "It is so already.";
pub const GONE_ON: &str = "Closing this does not stop it.";
pub const COPY_ALL: &str = "Copy all links";
pub const NOTHING_TO_DO: &str = "Nothing would change for any of them.";

pub fn role(role: Role) -> &'static str {
    match role {
        Role::Employee => "Employee",
        Role::Guest => "Guest",
        Role::ItAdmin => "Administrator",
        Role::ComplianceOfficer => "Compliance officer",
        Role::ComplianceLead => "Compliance lead",
        Role::Auditor => "Auditor",
    }
}

/// What a role is for, under its box.
pub fn role_help(role: Role) -> &'static str {
    match role {
        Role::Employee => "Writes and reads messages, begins conversations",
        Role::Guest => "From outside; only in conversations they are added to",
        Role::ItAdmin => "Runs accounts and the server, reads no messages of others",
        Role::ComplianceOfficer => "Searches, reviews and holds for compliance",
        Role::ComplianceLead => "An officer who also agrees to what needs two people",
        Role::Auditor => "Reads the audit trail and figures, no messages",
    }
}

pub fn state(state: AccountState) -> &'static str {
    match state {
        AccountState::Active => "Active",
        AccountState::Invited => "Invited",
        AccountState::Suspended => "Suspended",
    }
}

pub fn people(count: u64) -> String {
    plural(count, "person", "people")
}

/// Under the page's title.
pub fn summary(totals: &AccountTotals) -> String {
    format!(
        "{}: {} active, {} invited, {} suspended. {} from outside.",
        people(totals.all),
        grouped(totals.active),
        grouped(totals.invited),
        grouped(totals.suspended),
        plural(totals.guests, "guest", "guests"),
    )
}

pub fn clear_filter(name: &str) -> String {
    format!("Clear filter {name}")
}

pub fn nobody_body(text: &str, role_name: Option<&str>, state_name: Option<&str>) -> String {
    let mut conditions = Vec::new();
    if !text.is_empty() {
        conditions.push(format!("“{text}” in name or username"));
    }
    conditions.extend(role_name.map(|role| format!("role {role}")));
    conditions.extend(state_name.map(|state| format!("state {state}")));
    format!("No account has {}.", conditions.join(", "))
}

/// Why something about an account was refused.
pub fn refused(error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) => refusal(problem),
        other => problem::of(other),
    }
}

/// The same, for one account of several.
pub fn refusal(problem: &Problem) -> String {
    match problem.code.as_str() {
        "own_account" => "This is your own account. Another administrator has to do it.".to_owned(),
        "last_admin" => {
            "This is the last administrator who can sign in. Make somebody else one first.".to_owned()
        }
        "roles_empty" => "An account needs at least one role.".to_owned(),
        "guest_ended" => guests::ENDED.to_owned(),
        "guest_terms" => "A guest needs a sponsor and an end. Set both on the guest's own page.".to_owned(),
        "guest_alone" => "A guest has no other role. Take the other roles away first.".to_owned(),
        "no_guest" => "They are no guest any more. Reload the page to see what they are.".to_owned(),
        "outdated" => "Somebody else changed this in the meantime. Nothing was overwritten.".to_owned(),
        _ => problem::of_problem(problem),
    }
}

/// Which part of how many is shown.
pub fn range(first: u64, last: u64, of: u64) -> String {
    format!("{} to {} of {}", grouped(first), grouped(last), grouped(of))
}

pub fn ticked(count: u64) -> String {
    format!("{} selected", grouped(count))
}

pub fn tick_all(count: u64) -> String {
    format!("Select all {}", grouped(count))
}

pub fn tick(name: &str) -> String {
    format!("Select {name}")
}

pub fn acts_of(name: &str) -> String {
    format!("Actions for {name}")
}

pub fn shown_since(clock: &str) -> String {
    format!("You see what was loaded at {clock}.")
}

pub fn suspended_since(when: &str) -> String {
    format!("Suspended since {when}.")
}

/// Who did it, when it was no administrator.
pub fn suspended_by(source: &str) -> String {
    format!("{source} did it, and lets them in again when it has them again.")
}

pub const SUSPENDED_REST: &str = "Messages stay in the archive.";

pub fn session_line(seen: &str, address: &str) -> String {
    format!("Last seen {seen} from {address}")
}

pub fn end_session_of(device: &str) -> String {
    format!("End the session {device}")
}

pub fn suspend_title(name: &str) -> String {
    format!("Suspend {name}?")
}

pub fn sessions_end(count: u64) -> String {
    match count {
        0 => "They are signed in nowhere.".to_owned(),
        1 => "1 session ends at once.".to_owned(),
        _ => format!("{} sessions end at once.", grouped(count)),
    }
}

pub const SUSPEND_REST: &str = "They cannot sign in until the suspension is lifted, and open links and access tokens are void. What they wrote stays in the archive.";

pub fn lift_title(name: &str) -> String {
    format!("Lift the suspension of {name}?")
}

pub const LIFT_BODY: &str =
    "They can sign in again with the password they had. Sessions that were ended stay ended.";

pub fn reset_title(name: &str) -> String {
    format!("Reset the sign-in of {name}?")
}

pub const RESET_BODY: &str = "You get a one-time link to hand to them. The present password works until they use it; then all their sessions end.";
pub const REINVITE_BODY: &str = "You get a new link to hand to them. The one before it no longer works.";

pub fn end_all_title(name: &str) -> String {
    format!("End all sessions of {name}?")
}

pub const END_ALL_BODY: &str = "Their access tokens end, too. They can sign in again with their password.";

pub fn invited(name: &str) -> String {
    format!("{name} is invited")
}

pub fn link_for(name: &str) -> String {
    format!("Link for {name}")
}

pub fn works_until(when: &str) -> String {
    format!("It works once, until {when}.")
}

/// Somebody else gave another name meanwhile.
pub fn name_outdated(theirs: &str) -> String {
    format!("Not saved. Somebody else changed the name to “{theirs}” in the meantime.")
}

pub const ROLES_OUTDATED: &str =
    "Not saved. Somebody else changed the roles in the meantime. The boxes show how they are now.";

pub fn bulk_title(act: BulkAct, count: u64) -> String {
    let people = people(count);
    match act {
        BulkAct::Suspend => format!("Suspend {people}?"),
        BulkAct::Reinstate => format!("Lift the suspension of {people}?"),
        BulkAct::AddRole { role: given } => format!("Add the role {} to {people}?", role(given)),
        BulkAct::RemoveRole { role: taken } => format!("Remove the role {} from {people}?", role(taken)),
        BulkAct::Reset { .. } => format!("Reset the sign-in of {people}?"),
    }
}

/// The button that does it.
pub fn bulk_button(act: BulkAct, count: u64) -> String {
    let people = people(count);
    match act {
        BulkAct::Suspend => format!("Suspend {people}"),
        BulkAct::Reinstate => format!("Lift for {people}"),
        BulkAct::AddRole { .. } => format!("Add to {people}"),
        BulkAct::RemoveRole { .. } => format!("Remove from {people}"),
        BulkAct::Reset { mail: false } => format!("Make {}", plural(count, "link", "links")),
        BulkAct::Reset { mail: true } => format!("Send {}", plural(count, "link", "links")),
    }
}

/// While it is done.
pub fn bulk_working(act: BulkAct) -> &'static str {
    match act {
        BulkAct::Suspend => "Suspending",
        BulkAct::Reinstate => "Lifting suspensions",
        BulkAct::AddRole { .. } => "Adding the role",
        BulkAct::RemoveRole { .. } => "Removing the role",
        BulkAct::Reset { mail: false } => "Making links",
        BulkAct::Reset { mail: true } => "Making links and their e-mails",
    }
}

/// Over the list of those it changes.
pub fn bulk_changes(act: BulkAct, count: u64) -> String {
    let people = people(count);
    match act {
        BulkAct::Suspend => format!("{people} will be suspended"),
        BulkAct::Reinstate => format!("{people} can sign in again"),
        BulkAct::AddRole { role: given } => format!("{people} will have the role {}", role(given)),
        BulkAct::RemoveRole { role: taken } => {
            format!("{people} will no longer have the role {}", role(taken))
        }
        BulkAct::Reset { mail: false } => format!("{people} will get a one-time link"),
        BulkAct::Reset { mail: true } => format!("{people} will get a one-time link by e-mail"),
    }
}

pub fn bulk_left(count: u64) -> String {
    format!("{} will be left alone", people(count))
}

pub fn bulk_done(count: u64) -> String {
    format!("Done for {}", people(count))
}

pub fn bulk_refused(count: u64) -> String {
    format!("Not done for {}", people(count))
}

pub fn progress(done: u64, of: u64) -> String {
    format!("{} of {}", grouped(done), grouped(of))
}

pub fn more(count: u64) -> String {
    format!("and {} more", grouped(count))
}

#[cfg(test)]
mod tests {
    use super::{AccountTotals, nobody_body, sessions_end, summary};

    #[test]
    fn the_summary_counts_everybody() {
        let totals = AccountTotals { all: 5_060, active: 5_000, invited: 31, suspended: 29, guests: 1 };
        assert_eq!(
            summary(&totals),
            "5,060 people: 5,000 active, 31 invited, 29 suspended. 1 guest from outside."
        );
    }

    #[test]
    fn nothing_found_repeats_the_conditions() {
        assert_eq!(
            nobody_body("ada", Some("Guest"), None),
            "No account has “ada” in name or username, role Guest."
        );
        assert_eq!(sessions_end(1), "1 session ends at once.");
    }
}
