//! Bodies of the records about accounts. Their fields are for ever: new ones are optional.

use chancery_protocol::person::Role;
use serde::{Deserialize, Serialize};

/// Where an account comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Made here.
    Local,
}

/// By which way somebody acted; on the command line there is no actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Over the network, signed in or with a one-time link.
    Web,
    /// On the server's command line.
    CommandLine,
}

/// Body of `person.created`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCreated {
    /// The handle.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Where the account comes from.
    pub source: Source,
    /// How.
    pub via: Via,
}

/// Body of `person.changed`: how the account is from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChanged {
    /// The handle.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// How.
    pub via: Via,
}

/// Body of `person.suspended`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSuspended {
    /// How.
    pub via: Via,
}

/// Body of `person.reinstated`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonReinstated {
    /// How.
    pub via: Via,
}

/// Body of `person.status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusSet {
    /// The text; empty when it was cleared.
    pub text: String,
}
