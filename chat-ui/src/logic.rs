//! Pure decisions of the interface, without the browser, tested natively.

pub mod acknowledged;
pub mod acts;
pub mod arrange;
pub mod forms;
pub mod forward;
pub mod list;
pub mod mailing;
pub mod mention;
pub mod reading;
pub mod reason;
pub mod receipt;
pub mod seek;
pub mod span;
pub mod timeline;
