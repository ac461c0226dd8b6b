//! What a source says of somebody.

use std::collections::BTreeMap;

use chancery_protocol::ids::{PersonId, SourceId};
use chancery_protocol::sources::{Admission, Connection};

use crate::directory::records::Profile;
use crate::directory::store::Row;
use crate::directory::{ldap, names, sources};

/// What a source says of somebody it vouches for.
#[derive(Debug, Clone)]
pub struct Vouched {
    /// Which source.
    pub source: SourceId,
    /// In which revision.
    pub revision: u64,
    /// What it lets become of people nobody knows here yet.
    pub admission: Admission,
    /// Its unchanging name for them.
    pub subject: String,
    /// Whose account it is when the source goes by our ids; a new account gets this one.
    pub person: Option<PersonId>,
    /// What they sign in with there.
    pub login: String,
    /// The user name an account of theirs may be found by, where that is the rule.
    pub found_by: Option<String>,
    /// What they are called.
    pub name: String,
    /// An e-mail address only when the source vouches for it.
    pub profile: Profile,
    /// Whether what is missing in the profile is not there; otherwise the source only did not speak of it.
    pub whole: bool,
    /// Whether it says whom they report to; otherwise that stays as it is.
    pub says_manager: bool,
    /// Their groups there, by the source's own unchanging names, and what people call them; `None` when it says nothing of
    /// groups.
    pub groups: Option<BTreeMap<String, String>>,
}

impl Vouched {
    /// What a directory says of somebody; `groups` by its own unchanging names.
    pub fn by_directory(
        source: &sources::Source,
        person: ldap::Person,
        groups: Option<BTreeMap<String, String>>,
    ) -> Self {
        let whole = match &source.form.connection {
            Connection::Ldap(settings) => {
                let names = &settings.attributes;
                ![&names.email, &names.title, &names.department].iter().any(|name| name.is_empty())
            }
            Connection::Oidc(_) | Connection::Scim(_) => false,
        };
        Self {
            source: source.id,
            revision: source.revision,
            admission: source.form.admission.clone(),
            subject: person.id,
            person: None,
            found_by: names::username_of(&person.login, None),
            login: person.login,
            name: person.display_name,
            profile: Profile {
                email: person.email.map(|email| email.to_lowercase()),
                title: person.title,
                department: person.department,
                // Known only when everybody is read: that is for who reads everybody.
                manager: None,
            },
            whole,
            says_manager: false,
            groups,
        }
    }

    /// What an account is called, and what else is known of it, once this was said. What a source does not speak of, another
    /// may have said.
    pub(super) fn described(&self, row: &Row) -> (String, Profile) {
        let name = names::name_from(&self.name).unwrap_or_else(|| row.name.clone());
        let (mut said, had) = (self.profile.clone(), row.profile());
        if !self.says_manager {
            said.manager = had.manager;
        }
        if self.whole {
            return (name, said);
        }
        let profile = Profile {
            email: said.email.or(had.email),
            title: said.title.or(had.title),
            department: said.department.or(had.department),
            manager: said.manager,
        };
        (name, profile)
    }

    /// Whether an account is as the source says.
    pub fn agrees(&self, row: &Row) -> bool {
        self.described(row) == (row.name.clone(), row.profile())
    }
}
