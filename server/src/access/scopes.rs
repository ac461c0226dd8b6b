//! What an access token may be used for: a set of scopes, kept as bits.

use chancery_protocol::tokens::Scope;

use super::act::Act;
use crate::ground::error::{Code, Error};

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u32);

impl Scopes {
    /// These.
    pub fn of(scopes: &[Scope]) -> Self {
        Self(scopes.iter().fold(0, |bits, scope| bits | bit(*scope)))
    }

    /// As the database has them.
    pub fn column(self) -> i32 {
        self.0.cast_signed()
    }

    /// From the database.
    pub fn from_column(column: i32) -> Self {
        Self(column.cast_unsigned())
    }

    /// They, in their order.
    pub fn list(self) -> Vec<Scope> {
        Scope::ALL.iter().copied().filter(|scope| self.has(*scope)).collect()
    }

    /// Whether an act is within them.
    pub fn allow(self, act: Act) -> bool {
        act.scope().is_some_and(|scope| self.has(scope))
    }

    fn has(self, scope: Scope) -> bool {
        self.0 & bit(scope) != 0
    }
}

/// The bit of a scope. For ever: the database has them.
const fn bit(scope: Scope) -> u32 {
    match scope {
        Scope::MessagesRead => 1,
        Scope::MessagesWrite => 1 << 1,
        Scope::ConversationsWrite => 1 << 2,
        Scope::PeopleRead => 1 << 3,
        Scope::AccountsRead => 1 << 4,
        Scope::AccountsWrite => 1 << 5,
        Scope::AuditRead => 1 << 6,
        Scope::HealthRead => 1 << 7,
    }
}

/// What a token is told that lacks the scope for an act.
pub(super) fn missing(act: Act) -> Error {
    let error = Error::from(Code::ScopeMissing);
    match act.scope() {
        Some(scope) => error.detail(format!("This needs the scope {}.", scope.text())),
        None => error.detail("This is open to people in a browser only.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_survive_the_database_and_have_a_bit_each() {
        for scope in Scope::ALL {
            let one = Scopes::of(&[*scope]);
            assert_eq!(Scopes::from_column(one.column()).list(), [*scope]);
        }
        assert_eq!(Scopes::of(Scope::ALL).list(), Scope::ALL);
        assert_eq!(Scopes::default().list(), []);
    }

    #[test]
    fn no_scope_shows_what_was_said_to_others_or_leads_to_more_rights() {
        let all = Scopes::of(Scope::ALL);
        for act in [
            Act::SearchArchive,
            Act::ReadContext,
            Act::OwnTokens,
            Act::OwnPassword,
            Act::OwnSessions,
            Act::SetRoles,
            Act::ResetPassword,
            Act::SetSources,
            Act::SetGroups,
            Act::LinkIdentities,
            Act::RunBots,
            Act::OwnFactors,
            Act::RemoveFactors,
            Act::SetEmergency,
        ] {
            assert!(!all.allow(act), "{act:?}");
        }
        assert!(Scopes::of(&[Scope::MessagesWrite]).allow(Act::WriteMessage));
        assert!(!Scopes::of(&[Scope::MessagesRead]).allow(Act::WriteMessage));
    }
}
