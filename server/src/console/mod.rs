//! What the console shows of the house itself: the audit log.
//!
//! What must stay true: whoever reads the log is on it. The record of a reading is committed before anything of it is
//! answered, and what people wrote never leaves through here.

mod api;
mod audit;
mod changes;
mod export;
pub mod records;

pub use api::routes;
pub use audit::Audit;
