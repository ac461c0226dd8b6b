//! What is measured of the sockets of this node.

use chancery_protocol::frame::Goodbye;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::ground::meter::Timing;

/// What is measured; clones share it.
#[derive(Clone, Default)]
pub struct Meters {
    /// From a record's commit to its frame in the queues of all sockets.
    pub latency: Timing,
    pub(super) frames_in: Counter,
    pub(super) frames_out: Counter,
    closed: Family<Closed, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Closed {
    reason: &'static str,
}

impl Meters {
    /// Shows all of it among the metrics.
    pub fn register(&self, registry: &mut Registry) {
        let help = "From a record's commit to its frame in the queues of all sockets";
        self.latency.register(registry, "delivery", help);
        registry.register("frames_received", "Frames clients sent", self.frames_in.clone());
        registry.register("frames_sent", "Frames sent to clients", self.frames_out.clone());
        registry.register("sockets_closed", "Sockets that ended, by reason", self.closed.clone());
    }

    /// A socket ended; without a reason its client left.
    pub(super) fn closed(&self, reason: Option<Goodbye>) {
        self.closed.get_or_create(&Closed { reason: reason.map_or("left", name) }).inc();
    }
}

fn name(reason: Goodbye) -> &'static str {
    match reason {
        Goodbye::ServerStopping => "server_stopping",
        Goodbye::SessionEnded => "session_ended",
        Goodbye::Suspended => "suspended",
        Goodbye::TooSlow => "too_slow",
        Goodbye::ProtocolError => "protocol_error",
        Goodbye::FrameTooLarge => "frame_too_large",
        Goodbye::Silent => "silent",
        Goodbye::PolicyUnaccepted => "policy_unaccepted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_called_as_in_the_protocol() {
        for reason in Goodbye::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), name(reason));
        }
    }
}
