//! The title of the browser's tab.

use chancery_ui_kit::text;
use leptos::prelude::document;

/// Says where one is and how much is unread.
pub fn set(page: &str, unread: u64) {
    document().set_title(&text::page_title(page, unread));
}
