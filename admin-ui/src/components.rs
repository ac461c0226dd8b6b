//! What every page has around it.

pub mod banner;
pub mod nowhere;
pub mod own_menu;
pub mod shell;
