//! The ground floor: configuration, the web server's manners, telemetry. Knows nothing of chat.

pub mod config;
