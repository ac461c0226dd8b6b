//! The table of addresses (DESIGN.md section 7.2), as far as there are pages. Pages never write a path; they name a [`Place`].

use chancery_protocol::ids::{GroupId, PersonId, RecordId, RequestId, SourceId, SyncId};

use crate::logic::source::SourceKind;

/// Where everything of this interface lies.
pub const HOME: &str = "/console";
/// Where people chat.
pub const CHATS: &str = "/chats";

/// Where one can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The door, and the overview.
    Home,
    /// What is not protected, late or off.
    Health,
    /// All users.
    Users,
    /// All users, with one in the side pane.
    User(PersonId),
    /// All groups of people.
    Groups,
    /// All groups, with one in the side pane.
    Group(GroupId),
    /// Where people come from.
    Sources,
    /// One source.
    Source(SourceId),
    /// One source, with the report of a run of reading it.
    Sync(SourceId, SyncId),
    /// A source that is not there yet.
    NewSource(SourceKind),
    /// Officers' search.
    Search,
    /// The policy text and who accepted it.
    Aup,
    /// A version of the policy text.
    AupVersion(u32),
    /// Texts that wait for an officer.
    Review,
    /// One of them.
    Waiting(RecordId),
    /// What waits for a second person.
    Approvals,
    /// One request.
    Approval(RequestId),
    /// Rules of acceptable use.
    Rules,
    /// One rule, by its short name.
    Rule(String),
    /// The versions of one rule.
    RuleHistory(String),
    /// Word lists that rules share.
    WordLists,
    /// One list, by its name.
    WordList(String),
    /// How people are told by mail: a part of it.
    Mail(MailTab),
    /// The audit log.
    Audit,
    /// The audit log, with one entry in the side pane.
    AuditEntry(u64),
    /// What is asked of oneself at sign-in.
    Security,
    /// One's own access tokens.
    Tokens,
    /// Every component, for whoever builds with them; in demos only.
    Kit,
    /// No such page.
    Nowhere,
}

/// A part of how people are told by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTab {
    /// The mail server.
    Server,
    /// When mails go, and what they may say.
    Rules,
    /// What mails look like.
    Templates,
    /// Mails that are to leave or left.
    Outbox,
}

impl Place {
    /// Reads a path.
    pub fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            ["console"] => Self::Home,
            ["console", "users"] => Self::Users,
            ["console", "users", id] => id.parse().map_or(Self::Nowhere, Self::User),
            ["console", "groups"] => Self::Groups,
            ["console", "groups", id] => id.parse().map_or(Self::Nowhere, Self::Group),
            ["console", "directory"] => Self::Sources,
            ["console", "directory", "new", kind] => {
                SourceKind::named(kind).map_or(Self::Nowhere, Self::NewSource)
            }
            ["console", "directory", id] => id.parse().map_or(Self::Nowhere, Self::Source),
            ["console", "directory", id, "syncs", sync] => match (id.parse(), sync.parse()) {
                (Ok(id), Ok(sync)) => Self::Sync(id, sync),
                _ => Self::Nowhere,
            },
            ["console", "search"] => Self::Search,
            ["console", "aup"] => Self::Aup,
            ["console", "aup", version] => version.parse().map_or(Self::Nowhere, Self::AupVersion),
            ["console", "review"] => Self::Review,
            ["console", "review", id] => id.parse().map_or(Self::Nowhere, Self::Waiting),
            ["console", "approvals"] => Self::Approvals,
            ["console", "approvals", id] => id.parse().map_or(Self::Nowhere, Self::Approval),
            ["console", "rules"] => Self::Rules,
            ["console", "rules", rule] => Self::Rule((*rule).to_owned()),
            ["console", "rules", rule, "history"] => Self::RuleHistory((*rule).to_owned()),
            ["console", "word-lists"] => Self::WordLists,
            ["console", "word-lists", list] => Self::WordList((*list).to_owned()),
            ["console", "audit"] => Self::Audit,
            ["console", "audit", position] => position.parse().map_or(Self::Nowhere, Self::AuditEntry),
            ["console", "settings", "notifications"] => Self::Mail(MailTab::Server),
            ["console", "settings", "notifications", "rules"] => Self::Mail(MailTab::Rules),
            ["console", "settings", "notifications", "templates"] => Self::Mail(MailTab::Templates),
            ["console", "settings", "notifications", "outbox"] => Self::Mail(MailTab::Outbox),
            ["console", "health"] => Self::Health,
            ["console", "security"] => Self::Security,
            ["console", "tokens"] => Self::Tokens,
            ["console", "kit"] => Self::Kit,
            _ => Self::Nowhere,
        }
    }

    /// The source that is looked at, if it is one that is kept.
    pub fn source(&self) -> Option<SourceId> {
        match self {
            Self::Source(id) | Self::Sync(id, _) => Some(*id),
            _ => None,
        }
    }

    /// The rule that is looked at.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::Rule(rule) | Self::RuleHistory(rule) => Some(rule),
            _ => None,
        }
    }

    /// The path.
    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Nowhere => HOME.to_owned(),
            Self::Users => format!("{HOME}/users"),
            Self::User(id) => format!("{HOME}/users/{id}"),
            Self::Groups => format!("{HOME}/groups"),
            Self::Group(id) => format!("{HOME}/groups/{id}"),
            Self::Sources => format!("{HOME}/directory"),
            Self::Source(id) => format!("{HOME}/directory/{id}"),
            Self::Sync(id, sync) => format!("{HOME}/directory/{id}/syncs/{sync}"),
            Self::NewSource(kind) => format!("{HOME}/directory/new/{}", kind.name()),
            Self::Search => format!("{HOME}/search"),
            Self::Aup => format!("{HOME}/aup"),
            Self::AupVersion(version) => format!("{HOME}/aup/{version}"),
            Self::Review => format!("{HOME}/review"),
            Self::Waiting(id) => format!("{HOME}/review/{id}"),
            Self::Approvals => format!("{HOME}/approvals"),
            Self::Approval(id) => format!("{HOME}/approvals/{id}"),
            Self::Rules => format!("{HOME}/rules"),
            Self::Rule(rule) => format!("{HOME}/rules/{rule}"),
            Self::RuleHistory(rule) => format!("{HOME}/rules/{rule}/history"),
            Self::WordLists => format!("{HOME}/word-lists"),
            Self::WordList(list) => format!("{HOME}/word-lists/{list}"),
            Self::Audit => format!("{HOME}/audit"),
            Self::AuditEntry(position) => format!("{HOME}/audit/{position}"),
            Self::Mail(MailTab::Server) => format!("{HOME}/settings/notifications"),
            Self::Mail(MailTab::Rules) => format!("{HOME}/settings/notifications/rules"),
            Self::Mail(MailTab::Templates) => format!("{HOME}/settings/notifications/templates"),
            Self::Mail(MailTab::Outbox) => format!("{HOME}/settings/notifications/outbox"),
            Self::Health => format!("{HOME}/health"),
            Self::Security => format!("{HOME}/security"),
            Self::Tokens => format!("{HOME}/tokens"),
            Self::Kit => format!("{HOME}/kit"),
        }
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::{GroupId, Id, PersonId, RecordId, RequestId, SourceId, SyncId};

    use super::{MailTab, Place};
    use crate::logic::source::SourceKind;

    #[test]
    fn addresses_come_back() {
        let person = PersonId::from_bytes([7; 16]);
        for place in [
            Place::Home,
            Place::Health,
            Place::Users,
            Place::User(person),
            Place::Groups,
            Place::Group(GroupId::from_bytes([8; 16])),
            Place::Sources,
            Place::Source(SourceId::from_bytes([9; 16])),
            Place::Sync(SourceId::from_bytes([9; 16]), SyncId::from_bytes([10; 16])),
            Place::NewSource(SourceKind::ActiveDirectory),
            Place::NewSource(SourceKind::Scim),
            Place::Aup,
            Place::AupVersion(3),
            Place::Review,
            Place::Waiting(RecordId::from_bytes([11; 16])),
            Place::Approvals,
            Place::Approval(RequestId::from_bytes([12; 16])),
            Place::Rules,
            Place::Rule("card-numbers".to_owned()),
            Place::RuleHistory("card-numbers".to_owned()),
            Place::WordLists,
            Place::WordList("private-places".to_owned()),
            Place::Audit,
            Place::AuditEntry(42),
            Place::Mail(MailTab::Server),
            Place::Mail(MailTab::Rules),
            Place::Mail(MailTab::Templates),
            Place::Mail(MailTab::Outbox),
            Place::Security,
            Place::Tokens,
            Place::Kit,
        ] {
            assert_eq!(Place::of(&place.path()), place);
        }
    }

    #[test]
    fn what_is_not_an_address_is_nowhere() {
        for path in [
            "/console/users/42",
            "/console/directory/new/shoe",
            "/console/groups/1",
            "/console/directory/1/syncs/2",
            "/console/directory/00000000-0000-0000-0000-000000000000/syncs",
            "/console/review/1",
            "/console/approvals/x",
            "/console/rules/a/b",
            "/console/audit/x",
            "/console/keys",
            "/console/settings",
            "/console/settings/notifications/shoe",
            "/console/users/a/b",
            "/consoles",
        ] {
            assert_eq!(Place::of(path), Place::Nowhere, "{path}");
        }
        assert_eq!(Place::of("/console/"), Place::Home);
    }
}
