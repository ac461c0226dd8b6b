//! Pure decisions of the interface, without the browser, tested natively.

pub mod forms;
pub mod list;
pub mod timeline;
