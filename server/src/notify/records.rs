//! Bodies of the records about mail. Their fields are for ever: new ones are optional.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::directory::records::Via;

/// Body of `mail.settings_changed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettingsChanged {
    /// What was changed, by key, and how it is from now on; empty: the default.
    pub texts: BTreeMap<String, String>,
    /// The secrets that were changed or forgotten; never what they are.
    pub secrets: BTreeSet<String>,
    /// How.
    pub via: Via,
}
