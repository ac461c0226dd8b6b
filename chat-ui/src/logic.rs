//! Pure decisions of the interface, without the browser, tested natively.

pub mod forms;
