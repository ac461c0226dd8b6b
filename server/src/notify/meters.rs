//! What is counted of mails, on this node.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

/// The counters. Cheap to clone; clones count together.
#[derive(Debug, Clone, Default)]
pub struct Meters {
    pub(super) handed: Counter,
    pub(super) refused: Counter,
}

impl Meters {
    /// Shows all of it among the metrics.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("mails_handed", "Mails the mail server took", self.handed.clone());
        registry.register("mails_refused", "Mails the mail server refused for good", self.refused.clone());
    }
}
