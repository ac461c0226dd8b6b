//! Word lists that rules share.

pub const LISTS: &str = "Word lists";
pub const LEAD: &str = "Words and phrases that rules share. A rule names one as list:name.";
pub const NEW: &str = "New word list";
pub const NEW_BODY: &str =
    "Rules name it by its short name. It counts when a compliance lead who did not write it agrees.";
pub const FIND: &str = "Find a list";
pub const ALL: &str = "All word lists";
pub const LOAD_FAILED: &str = "The word lists could not be loaded";
pub const ONE_FAILED: &str = "The word list could not be loaded";
pub const NONE_TITLE: &str = "No word lists yet";
pub const NONE_BODY: &str =
    "Names on your restricted list, code words, places: whatever several rules look for.";
pub const NOT_FOUND: &str = "No list found";
pub const NOT_FOUND_BODY: &str = "No list has all these letters in its name. Try fewer.";
pub const CHOOSE_TITLE: &str = "Choose a list";
pub const CHOOSE_BODY: &str = "Its entries open here.";
pub const ENTRIES: &str = "Entries";
pub const ENTRIES_HELP: &str =
    "One word or phrase a line, without quotation marks. * stands for any letters, ? for one.";
pub const FIND_ENTRY: &str = "Find an entry";
pub const NO_ENTRY: &str = "No entry has these letters.";
pub const COMPARED: &str = "Compared with the version in force";
