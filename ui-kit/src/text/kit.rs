//! The page that shows every component. Builders read it, so it is in plain words of the trade. People and figures are invented.

pub const TITLE: &str = "Components";
pub const LEAD: &str =
    "Every part of both interfaces with its states. Try hover, press, focus and both themes.";

pub const BUTTONS: &str = "Buttons";
pub const BUTTONS_LEAD: &str = "One primary for each region.";
pub const PRIMARY: &str = "Primary";
pub const SECONDARY: &str = "Secondary";
pub const QUIET: &str = "Quiet";
pub const DANGER: &str = "Danger";
pub const DANGER_OUTLINED: &str = "Danger, outlined";
pub const HOLD: &str = "Hold";
pub const SAVE: &str = "Save";
pub const WITH_ICON: &str = "With icon";
pub const WORKING: &str = "Working";
pub const DISABLED: &str = "Disabled";
pub const HEIGHTS: &str = "Heights";
pub const SMALL: &str = "28 small";
pub const MEDIUM: &str = "32 default";
pub const LARGE: &str = "40 large";
pub const ICON_ONLY: &str = "Icon only";
pub const ICON_OPEN: &str = "Icon only, open";

pub const BADGES: &str = "Badges, counts, presence";
pub const BADGES_LEAD: &str = "Icon, word and colour together; never colour alone.";
pub const HEALTHY: &str = "Healthy";
pub const NEEDS_APPROVAL: &str = "Needs approval";
pub const BLOCKED: &str = "Blocked";
pub const NOTICE: &str = "Notice";
pub const ON_HOLD: &str = "On hold";
pub const RETIRED: &str = "Retired";
pub const DUTY: &str = "Administrator";
pub const THREE_UNREAD: &str = "3 unread";
pub const SOME_WAITING: &str = "23 waiting";
pub const MANY_OVERDUE: &str = "240 overdue";
pub const SOMEBODY: &str = "Priya Raman";
pub const IN_TEXT: &str = "In text:";
pub const SEARCH_MATCH: &str = "search match";
pub const RULE_MATCH: &str = "rule match";
pub const REMOVED: &str = "account number removed";
pub const MENTION: &str = "@Lena Fischer";
pub const PROVEN: &str = "Proof verified";

pub const FIELDS: &str = "Fields";
pub const FIELDS_LEAD: &str = "Label above, help below; an error replaces the help.";
pub const DISPLAY_NAME: &str = "Display name";
pub const WRONG: &str = "Error";
pub const HELP: &str = "Members see this name";
pub const ERROR: &str = "Leave out the slash. Letters, digits and spaces work.";
pub const CHOICE: &str = "Choice";
pub const READ_ONLY: &str = "Read only";
pub const FROM_DIRECTORY: &str = "from the directory";
pub const DEPARTMENT: &str = "Capital markets";
pub const TICKET: &str = "Ticket number";
pub const TICKED: &str = "Ticked";
pub const UNTICKED: &str = "Not ticked";
pub const ON: &str = "On";
pub const OFF: &str = "Off";
pub const SWITCH_BODY: &str = "A switch acts at once. A checkbox waits for Save.";
pub const SPAN: &str = "Span";
pub const HOUR: &str = "Hour";
pub const DAY: &str = "Day";
pub const WEEK: &str = "Week";
pub const SHOW_LINK: &str = "Show a link to hand on";
pub const LINK: &str = "One-time link";
pub const COPIED: &str = "It is on your clipboard.";
pub const NOT_COPIED: &str = "The browser did not put it on the clipboard. Copy it here.";

pub const TABLE: &str = "Table";
pub const TABLE_EXAMPLE: &str = "People, an example";
pub const TABLE_LEAD: &str = "Rows of 44 or 36 px; the head stays; open and ticked are different things.";
pub const FIND: &str = "Find";
pub const CHIP: &str = "Chip";
pub const CHOSEN: &str = "Chosen";
pub const FIRST: &str = "First";
pub const SECOND: &str = "Second";
pub const ACTIVE: &str = "Active";
pub const SUSPENDED: &str = "Suspended";

pub const OVERLAYS: &str = "Menu, dialog, toast, notice";
pub const OVERLAYS_LEAD: &str = "A notice says what happened and what to do next.";
pub const MENU: &str = "Menu";
pub const DIALOG: &str = "Dialog";
pub const DIALOG_TITLE: &str = "Release hold H-031?";
pub const DIALOG_BODY: &str = "431,705 messages of 3 people go back to their schedules. 12,040 are already due and would be deleted tonight.";
pub const DIALOG_HELP: &str = "A second officer must agree before anything happens.";
pub const IDENTIFIER: &str = "H-031";
pub const KEEP_HOLD: &str = "Keep the hold";
pub const RELEASE: &str = "Ask to release";
pub const TOAST: &str = "Toast";
pub const TOAST_UNDO: &str = "Toast with Undo";
pub const TOAST_FAILED: &str = "Toast of a failure";
pub const DONE: &str = "Done";
pub const BACK: &str = "Taken back";
pub const PARTIAL: &str = "Showing 3 of 4 stores.";
pub const PARTIAL_REST: &str = "Calls before 2022 did not answer, so counts may be low.";
pub const NOT_SAVED: &str = "Not saved.";
pub const NOT_SAVED_REST: &str = "Somebody else changed this rule at 10:41.";
pub const OFFLINE_REST: &str = "2 messages will be sent when you are back.";
pub const HELD: &str = "This cannot be deleted.";
pub const HELD_REST: &str = "391 messages are kept by hold H-031.";
pub const CHECK_FAILED: &str = "Archive check failed at record 18,102,553.";
pub const CHECK_FAILED_REST: &str = "Writing goes on to a new store.";

pub const STATES: &str = "States";
pub const STATES_LEAD: &str = "Every list and pane has all of these.";
pub const EMPTY: &str = "Nothing matches";
pub const EMPTY_BODY: &str =
    "No message in 1 January to 10 March contains all of these. Try fewer words or wider dates.";
pub const WIDER: &str = "Search all dates";
pub const ALL_DONE: &str = "All reviewed";
pub const ALL_DONE_BODY: &str = "Nothing waits for you. New flags appear here by themselves.";
pub const HISTORY: &str = "See what was decided";
pub const FIRST_USE: &str = "No cases yet";
pub const FIRST_USE_BODY: &str =
    "A case keeps people, holds, searches and exports for one matter in one place.";
pub const OPEN_CASE: &str = "Open a case";
pub const BUILDING: &str = "Adding proofs";
pub const MAY_LEAVE: &str = "About 20 s left. You may leave this page.";
pub const FAILED: &str = "This could not be loaded";

pub const COLOURS: &str = "Colour";
pub const COLOURS_LEAD: &str =
    "Ink and verdigris do the work. A status colour appears only when something has that status.";
pub const SOLID: &str = "Solid";

/// Grounds and inks: token, name, use.
pub const GROUNDS: [(&str, &str, &str); 8] = [
    ("bg-canvas", "Canvas", "Window, lists"),
    ("bg-surface", "Surface", "Cards, reading"),
    ("bg-sunken", "Sunken", "Wells, tracks"),
    ("bg-selected", "Selected", "With accent edge"),
    ("accent", "Accent", "Primary, focus"),
    ("fg-default", "Ink", "Text"),
    ("fg-muted", "Ink, muted", "Second line"),
    ("spine-bg", "Spine", "Both themes"),
];

/// Status: the beginning of its tokens, name, use.
pub const STATUS: [(&str, &str, &str); 6] = [
    ("ok", "In order", "Healthy, verified, done"),
    ("warn", "Attention", "Asks for a decision"),
    ("bad", "Stopped", "Blocked, failed, breach"),
    ("info", "Notice", "Flagged, for reading"),
    ("hold", "Legal hold", "Holds and cases only"),
    ("mute", "Neutral", "Retired, off, offline"),
];

/// What a series of a chart is drawn with.
pub const SERIES: [&str; 8] = [
    "Solid line",
    "Dash 7 3",
    "Dash 2 3",
    "Dash 10 4",
    "Dash 7 2 2 2",
    "Only with labels",
    "Only with labels",
    "Comparison",
];

pub const CHARTS: &str = "Charts";
pub const CHARTS_LEAD: &str = "Horizontal lines only, names at the lines' ends, a table behind every chart.";
pub const LINE_TITLE: &str = "Direct messages lead all week";
pub const BAR_TITLE: &str = "Friday had the most flags";
pub const HEAT_TITLE: &str = "Busiest between 11 and 13";
pub const COMPARED: &str = "Messages today, 3.1 % more than last Tuesday";

/// The label of the field that guards what cannot be taken back.
pub fn type_it() -> String {
    format!("Type {IDENTIFIER} to go on")
}

/// A colour of charts.
pub fn series(nth: usize) -> String {
    format!("Series {nth}")
}
