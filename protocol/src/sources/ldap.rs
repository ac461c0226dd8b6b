//! What an administrator says about a directory (LDAP, Active Directory). The password is no part of it: it is handed
//! over apart and never comes back.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SyncSettings;

/// Which defaults fill what was not said. Nothing else depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LdapKind {
    /// OpenLDAP and others that keep to the standard schema.
    OpenLdap,
    /// Microsoft's Active Directory, and Samba as a domain controller.
    ActiveDirectory,
}

/// How the line to a server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// TLS from the first byte; URLs begin with `ldaps://`.
    Ldaps,
    /// TLS after a request in clear, before anything else; URLs begin with `ldap://`.
    StartTls,
    /// None. Accepted to loopback only.
    None,
}

/// Who finds the groups within groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nested {
    /// The directory keeps the groups at the person ([`Attributes::member_of`]). In Active Directory and OpenLDAP
    /// these are the direct ones only.
    MemberOf,
    /// The directory follows the chain itself (rule 1.2.840.113556.1.4.1941, Active Directory only).
    Chain,
    /// The directory does nothing: groups are asked for their direct members, level by level.
    None,
}

/// All of it. What is absent when it is read takes the default of [`LdapSettings::kind`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Raw")]
pub struct LdapSettings {
    /// Whose defaults were taken.
    pub kind: LdapKind,
    /// `ldaps://host:636` or `ldap://host:389`, in the order in which they are tried.
    pub servers: Vec<String>,
    /// How the line is protected.
    pub encryption: Encryption,
    /// Certificates of the authorities that may have issued the servers' certificates, in PEM form. When empty,
    /// those this machine trusts; otherwise these alone.
    pub authorities: String,
    /// The account that reads the directory: a DN, in Active Directory also `name@domain` or `DOMAIN\name`. Empty
    /// for a directory that lets anybody read.
    pub bind_dn: String,
    /// Where people are.
    pub people: People,
    /// Where groups are.
    pub groups: Groups,
    /// What things are called there.
    pub attributes: Attributes,
    /// Entries asked for at a time, 1 to 1000 (Active Directory gives no more).
    pub page_size: u32,
    /// Milliseconds for finding, reaching and TLS with one server.
    pub connect_timeout_ms: u32,
    /// Milliseconds for one answer (a sign-in, a page).
    pub operation_timeout_ms: u32,
    /// Reading all of it in the background.
    pub sync: SyncSettings,
}

/// Where people are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct People {
    /// The DN below which they are searched.
    pub base: String,
    /// Which entries are people; also those who sign in must match it.
    pub filter: String,
    /// Which of them has the login typed; `{login}` stands for it.
    pub login_filter: String,
}

/// Where groups are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Groups {
    /// The DN below which they are searched. Empty when groups are of no interest.
    pub base: String,
    /// Which entries are groups.
    pub filter: String,
    /// Who finds the groups within groups.
    pub nested: Nested,
}

/// Names of attributes. Empty: not read, where that is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attributes {
    /// What never changes and is never used again, whatever the person's name or place. Needed.
    pub id: String,
    /// The name people sign in with. Needed.
    pub login: String,
    /// The name colleagues see. Needed.
    pub display_name: String,
    /// E-mail address.
    pub email: String,
    /// What they are.
    pub title: String,
    /// Where they belong.
    pub department: String,
    /// DN of whom they report to.
    pub manager: String,
    /// Telephone number.
    pub phone: String,
    /// A picture.
    pub photo: String,
    /// When the entry was changed last, as a text that is only compared with an earlier one of itself.
    pub changed: String,
    /// More of people's attributes to be read; the first value of each.
    pub more: Vec<String>,
    /// DNs of a person's groups, for [`Nested::MemberOf`].
    pub member_of: String,
    /// A group's name. Needed when there are groups.
    pub group_name: String,
    /// What a group is for.
    pub group_description: String,
    /// DNs of a group's direct members. Needed when there are groups.
    pub member: String,
}

impl LdapSettings {
    /// The defaults of a kind; servers and bases are still missing.
    pub fn of(kind: LdapKind) -> Self {
        let text = str::to_owned;
        let ad = kind == LdapKind::ActiveDirectory;
        let pick = |standard: &str, microsoft: &str| text(if ad { microsoft } else { standard });
        Self {
            kind,
            servers: Vec::new(),
            encryption: Encryption::Ldaps,
            authorities: String::new(),
            bind_dn: String::new(),
            people: People {
                base: String::new(),
                filter: pick("(objectClass=inetOrgPerson)", "(&(objectCategory=person)(objectClass=user))"),
                login_filter: pick("(uid={login})", "(|(sAMAccountName={login})(userPrincipalName={login}))"),
            },
            groups: Groups {
                base: String::new(),
                filter: pick("(objectClass=groupOfNames)", "(objectClass=group)"),
                nested: if ad { Nested::Chain } else { Nested::None },
            },
            attributes: Attributes {
                id: pick("entryUUID", "objectGUID"),
                login: pick("uid", "sAMAccountName"),
                display_name: pick("cn", "displayName"),
                email: text("mail"),
                title: text("title"),
                department: pick("departmentNumber", "department"),
                manager: text("manager"),
                phone: text("telephoneNumber"),
                photo: pick("jpegPhoto", "thumbnailPhoto"),
                changed: pick("modifyTimestamp", "whenChanged"),
                more: Vec::new(),
                member_of: text("memberOf"),
                group_name: text("cn"),
                group_description: text("description"),
                member: text("member"),
            },
            page_size: 500,
            connect_timeout_ms: 3_000,
            operation_timeout_ms: 15_000,
            sync: SyncSettings::default(),
        }
    }

    /// How long finding, reaching and TLS with one server may take.
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms.into())
    }

    /// How long one answer may take.
    pub fn operation_timeout(&self) -> Duration {
        Duration::from_millis(self.operation_timeout_ms.into())
    }
}

/// As it is written: everything but the kind may be left out.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Raw {
    kind: LdapKind,
    servers: Option<Vec<String>>,
    encryption: Option<Encryption>,
    authorities: Option<String>,
    bind_dn: Option<String>,
    people: Option<RawPeople>,
    groups: Option<RawGroups>,
    attributes: Option<RawAttributes>,
    page_size: Option<u32>,
    connect_timeout_ms: Option<u32>,
    operation_timeout_ms: Option<u32>,
    sync: Option<SyncSettings>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawPeople {
    base: Option<String>,
    filter: Option<String>,
    login_filter: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawGroups {
    base: Option<String>,
    filter: Option<String>,
    nested: Option<Nested>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawAttributes {
    id: Option<String>,
    login: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
    title: Option<String>,
    department: Option<String>,
    manager: Option<String>,
    phone: Option<String>,
    photo: Option<String>,
    changed: Option<String>,
    more: Option<Vec<String>>,
    member_of: Option<String>,
    group_name: Option<String>,
    group_description: Option<String>,
    member: Option<String>,
}

fn fill<T>(place: &mut T, said: Option<T>) {
    if let Some(said) = said {
        *place = said;
    }
}

impl From<Raw> for LdapSettings {
    fn from(raw: Raw) -> Self {
        let mut all = Self::of(raw.kind);
        fill(&mut all.servers, raw.servers);
        fill(&mut all.encryption, raw.encryption);
        fill(&mut all.authorities, raw.authorities);
        fill(&mut all.bind_dn, raw.bind_dn);
        if let Some(people) = raw.people {
            fill(&mut all.people.base, people.base);
            fill(&mut all.people.filter, people.filter);
            fill(&mut all.people.login_filter, people.login_filter);
        }
        if let Some(groups) = raw.groups {
            fill(&mut all.groups.base, groups.base);
            fill(&mut all.groups.filter, groups.filter);
            fill(&mut all.groups.nested, groups.nested);
        }
        if let Some(said) = raw.attributes {
            let names = &mut all.attributes;
            fill(&mut names.id, said.id);
            fill(&mut names.login, said.login);
            fill(&mut names.display_name, said.display_name);
            fill(&mut names.email, said.email);
            fill(&mut names.title, said.title);
            fill(&mut names.department, said.department);
            fill(&mut names.manager, said.manager);
            fill(&mut names.phone, said.phone);
            fill(&mut names.photo, said.photo);
            fill(&mut names.changed, said.changed);
            fill(&mut names.more, said.more);
            fill(&mut names.member_of, said.member_of);
            fill(&mut names.group_name, said.group_name);
            fill(&mut names.group_description, said.group_description);
            fill(&mut names.member, said.member);
        }
        fill(&mut all.page_size, raw.page_size);
        fill(&mut all.connect_timeout_ms, raw.connect_timeout_ms);
        fill(&mut all.operation_timeout_ms, raw.operation_timeout_ms);
        fill(&mut all.sync, raw.sync);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_takes_the_default_of_the_kind() {
        let read: LdapSettings = serde_json::from_str(
            r#"{"kind":"active_directory","servers":["ldaps://dc1"],"people":{"base":"dc=a"},"attributes":{"login":"mail"}}"#,
        )
        .unwrap();
        let mut expected = LdapSettings::of(LdapKind::ActiveDirectory);
        expected.servers = vec!["ldaps://dc1".to_owned()];
        expected.people.base = "dc=a".to_owned();
        expected.attributes.login = "mail".to_owned();
        assert_eq!(read, expected);
        assert_eq!(read.attributes.id, "objectGUID");
    }

    #[test]
    fn settings_read_back_as_written() {
        for kind in [LdapKind::OpenLdap, LdapKind::ActiveDirectory] {
            let written = serde_json::to_string(&LdapSettings::of(kind)).unwrap();
            assert_eq!(serde_json::from_str::<LdapSettings>(&written).unwrap(), LdapSettings::of(kind));
        }
    }

    #[test]
    fn unknown_names_are_refused_at_every_level() {
        for text in [
            r#"{"kind":"open_ldap","password":"x"}"#,
            r#"{"kind":"open_ldap","people":{"bases":""}}"#,
            r#"{"kind":"open_ldap","groups":{"bases":""}}"#,
            r#"{"kind":"open_ldap","attributes":{"uid":""}}"#,
            r#"{"servers":[]}"#,
        ] {
            assert!(serde_json::from_str::<LdapSettings>(text).is_err(), "{text}");
        }
    }
}
