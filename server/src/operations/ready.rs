//! Whether this node can do its work. A part that is not as it must be takes the node out of service.

use std::collections::BTreeMap;

use chancery_protocol::operations::{Readiness, ReadinessPart};

use super::found::Found;

/// From what was found. The key store's answer counts too: without it no new conversation or month can begin.
pub(super) fn readiness(found: &Found) -> Readiness {
    let parts = BTreeMap::from([
        (ReadinessPart::NotStopping, !found.stopping),
        (ReadinessPart::Database, found.database.is_some()),
        (ReadinessPart::Keys, found.keys.is_some()),
        (ReadinessPart::Writer, found.writes()),
        (ReadinessPart::Delivery, found.delivers()),
        (ReadinessPart::Disk, found.has_room()),
    ]);
    Readiness { ready: parts.values().all(|fine| *fine), parts }
}
