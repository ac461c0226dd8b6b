//! Two delivered packs that count, and the others as drafts: written by the officer, agreed to by the lead.

use std::sync::Arc;

use chancery_protocol::Micros;
use chancery_protocol::ids::PersonId;
use chancery_protocol::policy::{AskForPolicy, AskItem};

use crate::acceptable_use::Policy;
use crate::access::Access;
use crate::app::Parts;
use crate::approvals::Approvals;
use crate::console::Desk;
use crate::ground::clock::Clock;
use crate::ground::error::Error;
use crate::provisioning::Provisioning;

pub(super) const OFFICER: &str = "marcus.bell";
pub(super) const LEAD: &str = "noor.haddad";

const MINUTE: Micros = 60_000_000;
/// Why, and after how many minutes the lead agrees.
const IN_FORCE: [(&str, &str, i64); 2] = [
    ("client-data", "Numbers of clients were found in chats. The committee wants them taken out.", 95),
    ("credentials", "Keys and passwords belong into the vault, as the last audit said.", 20),
];

#[derive(Clone)]
pub(super) struct Rules {
    policy: Policy,
    desk: Desk,
}

impl Rules {
    pub(super) fn new(parts: &Parts, access: Access) -> Self {
        let (journal, directory) = (parts.journal.clone(), Arc::clone(&parts.directory));
        let approvals = Approvals::new(journal.clone(), access.clone());
        let provisioning =
            Provisioning::new(journal.clone(), Arc::clone(&directory), access, approvals.clone());
        let policy = Policy::new(journal.clone(), Arc::clone(&directory), approvals);
        Self { desk: Desk::new(journal, directory, policy.clone(), provisioning), policy }
    }

    /// The clock moves on by some hours.
    pub(super) fn bring_in(&self, officer: PersonId, lead: PersonId, clock: &Clock) -> Result<(), Error> {
        for (pack, reason, minutes) in IN_FORCE {
            self.policy.take_pack(pack, officer)?;
            clock.advance(12 * MINUTE);
            let items = self.policy.items()?.items.into_iter().filter(|item| item.version == 0);
            let items = items.map(|item| AskItem {
                kind: item.kind,
                name: item.name,
                version: 0,
                in_force: true,
                place: None,
                draft: item.draft.map(|draft| draft.at),
            });
            let form = AskForPolicy { items: items.collect(), reason: reason.to_owned() };
            let request = self.policy.ask(form, officer)?;
            clock.advance(minutes * MINUTE);
            self.desk.agree(request, lead)?;
        }
        for pack in self.policy.packs()?.packs {
            self.policy.take_pack(&pack.id, officer)?;
        }
        Ok(())
    }
}
