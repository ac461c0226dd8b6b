//! What every page has around it.

pub mod asking;
pub mod banner;
pub mod confirmation;
pub mod differences;
pub mod failing;
pub mod hits;
pub mod nowhere;
pub mod own_menu;
pub mod person_finder;
pub mod question;
pub mod request;
pub mod shell;
pub mod words_field;
