//! What the console shows of the house itself: the audit log, and what waits for a second person.
//!
//! What must stay true: whoever reads the log is on it. The record of a reading is committed before anything of it is
//! answered, and what people wrote never leaves through here.

mod api;
mod approvals;
mod audit;
mod changes;
mod export;
pub mod records;

pub use api::routes;
pub use approvals::Desk;
pub use audit::Audit;
