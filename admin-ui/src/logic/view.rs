//! Which accounts are looked at, as it stands in the address: filters, order, page. A view can be shared.

use chancery_protocol::accounts::{AccountQuery, AccountSort, AccountState};
use chancery_protocol::person::Role;

/// Lines on a page.
pub const PAGE: u32 = 50;

/// The names of roles in addresses.
pub const ROLES: [(Role, &str); 6] = [
    (Role::Employee, "employee"),
    (Role::Guest, "guest"),
    (Role::ItAdmin, "it_admin"),
    (Role::ComplianceOfficer, "compliance_officer"),
    (Role::ComplianceLead, "compliance_lead"),
    (Role::Auditor, "auditor"),
];

/// The names of states in addresses.
pub const STATES: [(AccountState, &str); 3] = [
    (AccountState::Active, "active"),
    (AccountState::Invited, "invited"),
    (AccountState::Suspended, "suspended"),
];

const SORTS: [(AccountSort, &str); 4] = [
    (AccountSort::Name, "name"),
    (AccountSort::State, "state"),
    (AccountSort::Sessions, "sessions"),
    (AccountSort::Seen, "seen"),
];

/// The name of a value in addresses.
pub fn name_of<T: PartialEq>(table: &[(T, &'static str)], value: &T) -> &'static str {
    table.iter().find(|(known, _)| known == value).map_or("", |(_, name)| name)
}

/// The value of a name; nothing for one that is not known.
pub fn value_of<T: Copy>(table: &[(T, &'static str)], name: &str) -> Option<T> {
    table.iter().find(|(_, known)| *known == name).map(|(value, _)| *value)
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// Words in name or user name.
    pub text: String,
    /// Only those with this role.
    pub role: Option<Role>,
    /// Only those in this state.
    pub state: Option<AccountState>,
    /// In which order.
    pub sort: AccountSort,
    /// The other way round.
    pub descending: bool,
    /// The page, from 0.
    pub page: u32,
}

impl View {
    /// Reads what stands behind `?`, name by name. What is not understood is left out: an old link shows more, not nothing.
    pub fn of(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            text: get("text").unwrap_or_default(),
            role: get("role").and_then(|name| value_of(&ROLES, &name)),
            state: get("state").and_then(|name| value_of(&STATES, &name)),
            sort: get("sort").and_then(|name| value_of(&SORTS, &name)).unwrap_or_default(),
            descending: get("order").is_some_and(|order| order == "down"),
            page: get("page")
                .and_then(|page| page.parse::<u32>().ok())
                .map_or(0, |page| page.saturating_sub(1)),
        }
    }

    /// What stands behind `?`; empty for all by name.
    pub fn query(&self, encode: impl Fn(&str) -> String) -> String {
        let mut parts = Vec::new();
        if !self.text.is_empty() {
            parts.push(format!("text={}", encode(&self.text)));
        }
        parts.extend(self.role.map(|role| format!("role={}", name_of(&ROLES, &role))));
        parts.extend(self.state.map(|state| format!("state={}", name_of(&STATES, &state))));
        if self.sort != AccountSort::Name {
            parts.push(format!("sort={}", name_of(&SORTS, &self.sort)));
        }
        if self.descending {
            parts.push("order=down".to_owned());
        }
        if self.page > 0 {
            parts.push(format!("page={}", self.page + 1));
        }
        parts.join("&")
    }

    /// What the server is asked.
    pub fn asked(&self) -> AccountQuery {
        AccountQuery {
            text: self.text.clone(),
            role: self.role,
            state: self.state,
            sort: self.sort,
            descending: self.descending,
            offset: self.page.saturating_mul(PAGE),
            limit: PAGE,
        }
    }

    /// Whether anything but order and page is chosen.
    pub fn is_filtered(&self) -> bool {
        !self.text.trim().is_empty() || self.role.is_some() || self.state.is_some()
    }

    /// Sorted by a column: the other way round when it is so already.
    #[must_use]
    pub fn sorted(self, sort: AccountSort) -> Self {
        let descending = if self.sort == sort {
            !self.descending
        } else {
            // Of numbers and times the largest are looked for.
            matches!(sort, AccountSort::Sessions | AccountSort::Seen)
        };
        Self { sort, descending, page: 0, ..self }
    }
}

/// A query of the server as it stands behind `?`.
pub fn query_text(query: &AccountQuery, encode: impl Fn(&str) -> String) -> String {
    let mut parts = vec![
        format!("sort={}", name_of(&SORTS, &query.sort)),
        format!("descending={}", query.descending),
        format!("offset={}", query.offset),
        format!("limit={}", query.limit),
    ];
    if !query.text.is_empty() {
        parts.push(format!("text={}", encode(&query.text)));
    }
    parts.extend(query.role.map(|role| format!("role={}", name_of(&ROLES, &role))));
    parts.extend(query.state.map(|state| format!("state={}", name_of(&STATES, &state))));
    parts.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> View {
        View::of(|name| {
            query
                .split('&')
                .find_map(|part| part.split_once('=').filter(|(found, _)| *found == name))
                .map(|(_, v)| v.to_owned())
        })
    }

    #[test]
    fn views_come_back() {
        let view = View {
            text: "ada".into(),
            role: Some(Role::Guest),
            state: Some(AccountState::Invited),
            sort: AccountSort::Seen,
            descending: true,
            page: 3,
        };
        let query = view.query(str::to_owned);
        assert_eq!(query, "text=ada&role=guest&state=invited&sort=seen&order=down&page=4");
        assert_eq!(read(&query), view);
        assert_eq!(View::default().query(str::to_owned), "");
        assert_eq!(read("role=shoe&page=x&sort=y"), View::default());
    }

    #[test]
    fn every_role_and_state_has_the_name_the_server_knows() {
        for role in Role::ALL {
            let wire = serde_json::to_value(role).unwrap();
            assert_eq!(wire.as_str(), Some(name_of(&ROLES, &role)));
        }
        for state in AccountState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap().as_str(), Some(name_of(&STATES, &state)));
        }
        for (sort, name) in SORTS {
            assert_eq!(serde_json::to_value(sort).unwrap().as_str(), Some(name));
        }
    }

    #[test]
    fn sorting_by_the_same_column_turns_it_round() {
        let view = View { page: 2, ..View::default() };
        let up = view.sorted(AccountSort::State);
        assert_eq!((up.sort, up.descending, up.page), (AccountSort::State, false, 0));
        assert!(up.clone().sorted(AccountSort::State).descending);
        assert!(up.sorted(AccountSort::Sessions).descending, "the most first");
    }

    #[test]
    fn the_server_is_asked_for_one_page() {
        let asked = View { page: 2, text: "a b".into(), ..View::default() }.asked();
        assert_eq!((asked.offset, asked.limit), (100, 50));
        let text = query_text(&asked, |text| text.replace(' ', "%20"));
        assert_eq!(text, "sort=name&descending=false&offset=100&limit=50&text=a%20b");
    }
}
