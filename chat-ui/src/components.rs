//! Parts of pages, one per file.

pub mod banner;
pub mod composer;
pub mod conversation_head;
pub mod conversation_row;
pub mod date_dialog;
pub mod details_pane;
pub mod entrance;
pub mod feed;
pub mod group_fields;
pub mod list_dialog;
pub mod list_pane;
pub mod mentions;
pub mod message;
pub mod message_menu;
pub mod message_text;
pub mod open_groups;
pub mod own_menu;
pub mod page_head;
pub mod palette;
pub mod picker;
pub mod reactions;
pub mod receipt;
pub mod shortcuts;
pub mod spine;
pub mod status_menu;
pub mod timeline;
