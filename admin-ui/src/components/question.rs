//! A question in the dialog of a page.

pub use chancery_ui_kit::question::{Question, Refusal};
