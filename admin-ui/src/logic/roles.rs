//! What the page shows to which role. The server decides; this only keeps controls away that would be refused.

use chancery_protocol::person::Role;

/// Whether accounts may be read.
pub fn reads_accounts(roles: &[Role]) -> bool {
    edits_accounts(roles)
        || roles.iter().any(|role| matches!(role, Role::ComplianceOfficer | Role::ComplianceLead))
}

/// Whether figures of the server may be read: by everybody with a duty.
pub fn reads_overview(roles: &[Role]) -> bool {
    duties(roles).next().is_some()
}

/// Whether it may be known what is not protected, late or off.
pub fn reads_health(roles: &[Role]) -> bool {
    reads_accounts(roles)
}

/// Whether accounts may be changed.
pub fn edits_accounts(roles: &[Role]) -> bool {
    roles.contains(&Role::ItAdmin)
}

/// Whether it may be set up where people come from.
pub fn edits_sources(roles: &[Role]) -> bool {
    roles.contains(&Role::ItAdmin)
}

/// Whether whatever was said may be searched, for a reason.
pub fn searches(roles: &[Role]) -> bool {
    roles.iter().any(|role| matches!(role, Role::ComplianceOfficer | Role::ComplianceLead))
}

/// Whether the policy text is written: by officers. Administrators only read it and who accepted it.
pub fn writes_policy(roles: &[Role]) -> bool {
    searches(roles)
}

/// Whether rules and word lists may be read and written; a second person agrees.
pub fn writes_rules(roles: &[Role]) -> bool {
    searches(roles)
}

/// Whether texts that wait may be decided.
pub fn reviews(roles: &[Role]) -> bool {
    searches(roles)
}

/// Whether what was asked for and needs a second person may be read: by officers all of it, by administrators what is about accounts.
pub fn reads_requests(roles: &[Role]) -> bool {
    reads_accounts(roles)
}

/// Whether some of what others ask for may be agreed to.
pub fn agrees(roles: &[Role]) -> bool {
    roles.iter().any(|role| matches!(role, Role::ComplianceLead | Role::ItAdmin))
}

/// Whether only a compliance lead lets others into an account with these roles; into one that has a duty and none of them, an
/// administrator does.
pub fn over_admins(roles: &[Role]) -> bool {
    duties(roles).any(|role| role != Role::ItAdmin)
}

/// Whether the audit log may be read: what others did, or only what one did oneself.
pub fn reads_audit(roles: &[Role]) -> bool {
    reads_accounts(roles) || reads_whole_audit(roles)
}

/// Whether what others did may be read.
pub fn reads_whole_audit(roles: &[Role]) -> bool {
    roles.iter().any(|role| matches!(role, Role::ComplianceLead | Role::Auditor))
}

/// Whether one's own access tokens and second factors are kept here: for everybody who is more than a guest.
pub fn keeps_own(roles: &[Role]) -> bool {
    roles.iter().any(|role| *role != Role::Guest)
}

/// The roles that are a duty; the others only say whether somebody is from here.
pub fn duties(roles: &[Role]) -> impl Iterator<Item = Role> + '_ {
    roles.iter().copied().filter(|role| !matches!(role, Role::Employee | Role::Guest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn officers_read_and_admins_edit() {
        for role in Role::ALL {
            let (reads, edits) = (reads_accounts(&[role]), edits_accounts(&[role]));
            assert_eq!(edits_sources(&[role]), edits);
            match role {
                Role::ItAdmin => assert!(reads && edits),
                Role::ComplianceOfficer | Role::ComplianceLead => assert!(reads && !edits),
                Role::Employee | Role::Guest | Role::Auditor => assert!(!reads && !edits),
            }
        }
    }

    #[test]
    fn everybody_with_a_duty_sees_figures_and_auditors_nothing_of_health() {
        for role in Role::ALL {
            let sees = (reads_overview(&[role]), reads_health(&[role]));
            match role {
                Role::ItAdmin | Role::ComplianceOfficer | Role::ComplianceLead => {
                    assert_eq!(sees, (true, true))
                }
                Role::Auditor => assert_eq!(sees, (true, false)),
                Role::Employee | Role::Guest => assert_eq!(sees, (false, false)),
            }
        }
    }

    #[test]
    fn officers_write_rules_and_leads_agree() {
        for role in Role::ALL {
            let may = (writes_rules(&[role]), reviews(&[role]), agrees(&[role]));
            match role {
                Role::ComplianceOfficer => assert_eq!(may, (true, true, false)),
                Role::ComplianceLead => assert_eq!(may, (true, true, true)),
                Role::ItAdmin => assert_eq!(may, (false, false, true), "to what is about accounts"),
                _ => assert_eq!(may, (false, false, false), "{role:?}"),
            }
        }
    }

    #[test]
    fn a_duty_is_more_than_being_here() {
        let all: Vec<Role> = duties(&Role::ALL).collect();
        assert_eq!(all, [Role::ItAdmin, Role::ComplianceOfficer, Role::ComplianceLead, Role::Auditor]);
    }

    #[test]
    fn only_guests_have_nothing_of_their_own_here() {
        for role in Role::ALL {
            assert_eq!(keeps_own(&[role]), role != Role::Guest);
        }
        assert!(keeps_own(&[Role::Guest, Role::Auditor]) && !keeps_own(&[]));
    }
}
