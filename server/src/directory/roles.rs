//! A set of roles, as it stands in `people.roles`. Bit numbers are for ever.

use chancery_protocol::person::Role;

/// What a person may do adds up over the roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Roles(u8);

impl Roles {
    /// The bit of a role.
    const fn bit(role: Role) -> u8 {
        match role {
            Role::Employee => 1 << 0,
            Role::Guest => 1 << 1,
            Role::ItAdmin => 1 << 2,
            Role::ComplianceOfficer => 1 << 3,
            Role::ComplianceLead => 1 << 4,
            Role::Auditor => 1 << 5,
        }
    }

    /// These roles.
    pub const fn of(roles: &[Role]) -> Self {
        let mut bits = 0;
        let mut rest = roles;
        while let [role, more @ ..] = rest {
            bits |= Self::bit(*role);
            rest = more;
        }
        Self(bits)
    }

    /// Whether `role` is among them.
    pub const fn has(self, role: Role) -> bool {
        self.0 & Self::bit(role) != 0
    }

    /// Whether both sets share a role.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those of both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are among them.
    pub const fn holds(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// As they stand in a column.
    pub fn column(self) -> i32 {
        i32::from(self.0)
    }

    /// From a column. Bits of roles this version does not know give nothing.
    pub fn from_column(column: i32) -> Self {
        let known = Self::of(&Role::ALL).0;
        Self(column.to_le_bytes().first().copied().unwrap_or(0) & known)
    }

    /// One by one, in the order of the documents.
    pub fn list(self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| self.has(*role)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_survives_its_column() {
        for bits in 0..64 {
            let roles = Roles::from_column(bits);
            assert_eq!(roles.column(), bits);
            assert_eq!(Roles::of(&roles.list()), roles);
        }
    }

    #[test]
    fn unknown_bits_give_no_role() {
        assert!(Roles::from_column(1 << 6).is_empty());
        assert!(Roles::from_column(1 << 30).is_empty());
    }

    #[test]
    fn sets_meet_in_a_shared_role_only() {
        let both = Roles::of(&[Role::Employee, Role::ItAdmin]);
        assert!(both.meets(Roles::of(&[Role::ItAdmin, Role::Auditor])));
        assert!(!both.meets(Roles::of(&[Role::Auditor])));
    }
}
