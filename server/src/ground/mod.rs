//! The ground floor: configuration, the web server's manners, telemetry. Knows nothing of chat.

pub mod config;
pub mod http;
pub mod process;
pub mod telemetry;
