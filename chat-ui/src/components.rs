//! Parts of pages, one per file.

pub mod banner;
pub mod composer;
pub mod conversation_head;
pub mod conversation_row;
pub mod entrance;
pub mod feed;
pub mod list_pane;
pub mod members_pane;
pub mod mentions;
pub mod message;
pub mod message_menu;
pub mod message_text;
pub mod own_menu;
pub mod reactions;
pub mod spine;
pub mod timeline;
