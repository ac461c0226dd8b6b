//! What is typed about a source: one text for each setting, under the path by which the server names it, and the way from
//! there to the form that is sent and back.

use std::collections::BTreeMap;

use chancery_protocol::person::Role;
use chancery_protocol::sources::{
    Admission, Connection, LdapKind, LdapSettings, Linking, Source, SourceForm,
};
use serde_json::Value;

/// What kind of source is added; where the defaults come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A provider.
    Oidc,
    /// A directory with the standard schema.
    OpenLdap,
    /// Microsoft's directory.
    ActiveDirectory,
    /// A provider that writes to us.
    Scim,
}

impl SourceKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Oidc, Self::OpenLdap, Self::ActiveDirectory, Self::Scim];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::OpenLdap => "open_ldap",
            Self::ActiveDirectory => "active_directory",
            Self::Scim => "scim",
        }
    }

    /// By its name in addresses.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Where a new source begins: switched off, and letting nobody in who is not known.
    pub fn fresh(self) -> SourceForm {
        let connection = match self {
            Self::Oidc => Connection::Oidc(Box::default()),
            Self::OpenLdap => Connection::Ldap(Box::new(LdapSettings::of(LdapKind::OpenLdap))),
            Self::ActiveDirectory => Connection::Ldap(Box::new(LdapSettings::of(LdapKind::ActiveDirectory))),
            Self::Scim => Connection::Scim(Box::default()),
        };
        let admission = Admission { create: false, link: Linking::Never, roles: vec![Role::Employee] };
        SourceForm { name: String::new(), enabled: false, admission, connection }
    }
}

/// Whether a source is one that writes to us.
pub fn writes(form: &SourceForm) -> bool {
    matches!(form.connection, Connection::Scim(_))
}

/// How the text of a setting is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// As it stands, without blanks around it.
    Text,
    /// The same; nothing when it is empty.
    Optional,
    /// Words, with blanks or commas between.
    Words,
    /// One thing a line.
    Lines,
    /// A whole number.
    Number,
    /// The same, from the first to the second.
    Between(u32, u32),
    /// The same; nothing when it is empty.
    OptionalNumber,
    /// [`YES`], or anything else for no.
    Flag,
}

/// The text of a box that is ticked.
pub const YES: &str = "yes";

/// The setting with the provider at which people of a source sign in: its id, or nothing.
pub const LINKED_PROVIDER: &str = "settings.linked_provider";

type Table = &'static [(&'static str, Shape)];

const COMMON: Table = &[
    ("name", Shape::Text),
    ("enabled", Shape::Flag),
    ("admission.create", Shape::Flag),
    ("admission.link", Shape::Text),
];

const LDAP: Table = &[
    ("settings.servers", Shape::Lines),
    ("settings.encryption", Shape::Text),
    ("settings.authorities", Shape::Text),
    ("settings.bind_dn", Shape::Text),
    ("settings.people.base", Shape::Text),
    ("settings.people.filter", Shape::Text),
    ("settings.people.login_filter", Shape::Text),
    ("settings.groups.base", Shape::Text),
    ("settings.groups.filter", Shape::Text),
    ("settings.groups.nested", Shape::Text),
    ("settings.attributes.id", Shape::Text),
    ("settings.attributes.login", Shape::Text),
    ("settings.attributes.display_name", Shape::Text),
    ("settings.attributes.email", Shape::Text),
    ("settings.attributes.title", Shape::Text),
    ("settings.attributes.department", Shape::Text),
    ("settings.attributes.manager", Shape::Text),
    ("settings.attributes.phone", Shape::Text),
    ("settings.attributes.photo", Shape::Text),
    ("settings.attributes.changed", Shape::Text),
    ("settings.attributes.more", Shape::Words),
    ("settings.attributes.member_of", Shape::Text),
    ("settings.attributes.group_name", Shape::Text),
    ("settings.attributes.group_description", Shape::Text),
    ("settings.attributes.member", Shape::Text),
    ("settings.page_size", Shape::Number),
    ("settings.connect_timeout_ms", Shape::Number),
    ("settings.operation_timeout_ms", Shape::Number),
    ("settings.sync.every_minutes", Shape::Between(0, 1_440)),
    ("settings.sync.max_share_percent", Shape::Between(1, 100)),
];

const OIDC: Table = &[
    ("settings.issuer", Shape::Text),
    ("settings.client_id", Shape::Text),
    ("settings.client_authentication", Shape::Text),
    ("settings.scopes", Shape::Words),
    ("settings.claims.login", Shape::Text),
    ("settings.claims.display_name", Shape::Text),
    ("settings.claims.email", Shape::Text),
    ("settings.claims.title", Shape::Optional),
    ("settings.claims.department", Shape::Optional),
    ("settings.claims.groups", Shape::Optional),
    ("settings.email_domains", Shape::Words),
    ("settings.email_trust", Shape::Text),
    ("settings.algorithms", Shape::Words),
    ("settings.trusted_audiences", Shape::Words),
    ("settings.acr_values", Shape::Words),
    ("settings.max_age_seconds", Shape::OptionalNumber),
    ("settings.clock_skew_seconds", Shape::Number),
    ("settings.ca_pem", Shape::Optional),
    ("settings.logout_at_provider", Shape::Flag),
    ("settings.timeout_seconds", Shape::Number),
    ("settings.allow_http_on_loopback", Shape::Flag),
];

const SCIM: Table = &[(LINKED_PROVIDER, Shape::Optional)];

fn table(connection: &Connection) -> impl Iterator<Item = (&'static str, Shape)> {
    let own = match connection {
        Connection::Oidc(_) => OIDC,
        Connection::Ldap(_) => LDAP,
        Connection::Scim(_) => SCIM,
    };
    COMMON.iter().chain(own).copied()
}

/// What is typed, by path.
pub type Texts = BTreeMap<&'static str, String>;

/// What is wrong, by path; a line of a list by the path of the list, a dot and its number.
pub type Errors = BTreeMap<String, String>;

/// The texts of a form.
pub fn texts(form: &SourceForm) -> Texts {
    let value = value(form);
    let text = |(path, shape): (&'static str, Shape)| {
        (path, value.pointer(&pointer(path)).map_or_else(String::new, |value| shown(value, shape)))
    };
    table(&form.connection).map(text).collect()
}

/// The form the texts make of `base`, which has what is not typed.
///
/// # Errors
/// The paths of numbers that are none.
pub fn form(base: &SourceForm, texts: &Texts) -> Result<SourceForm, Vec<&'static str>> {
    let mut value = value(base);
    let mut wrong = Vec::new();
    for (path, shape) in table(&base.connection) {
        let (Some(text), Some(place)) = (texts.get(path), value.pointer_mut(&pointer(path))) else {
            continue;
        };
        match read(text.trim(), shape) {
            Some(read) => *place = read,
            None => wrong.push(path),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    // What is chosen comes from lists of the names the protocol knows.
    Ok(serde_json::from_str(&value.to_string()).unwrap_or_else(|_| base.clone()))
}

/// The smallest and the largest number that works for a setting, where that is known here.
pub fn range(base: &SourceForm, path: &str) -> Option<(u32, u32)> {
    let shape = table(&base.connection).find(|(known, _)| *known == path).map(|(_, shape)| shape);
    match shape {
        Some(Shape::Between(from, to)) => Some((from, to)),
        _ => None,
    }
}

/// The paths whose texts differ, in the order of the tables.
pub fn differing(base: &SourceForm, one: &Texts, other: &Texts) -> Vec<&'static str> {
    let paths = table(&base.connection).map(|(path, _)| path);
    paths.filter(|path| one.get(path) != other.get(path)).collect()
}

/// The setting a word of the server is about: itself, the list it is a line of, or the first below it.
pub fn setting_of(base: &SourceForm, field: &str) -> Option<&'static str> {
    let paths = || table(&base.connection).map(|(path, _)| path);
    let below = |whole: &str, part: &str| whole.strip_prefix(part).is_some_and(|rest| rest.starts_with('.'));
    paths()
        .find(|path| *path == field)
        .or_else(|| paths().find(|path| below(field, path)))
        .or_else(|| paths().find(|path| below(path, field)))
}

/// Words that stand apart by blanks or commas.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',', '\n', '\t', ';']).filter(|word| !word.is_empty())
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

fn value(form: &SourceForm) -> Value {
    // By way of text: the machinery for it is in the download already.
    let text = serde_json::to_string(form).unwrap_or_default();
    let mut value: Value = serde_json::from_str(&text).unwrap_or_default();
    // It is left out where there is none, and has to have a place to be put in.
    if writes(form)
        && let Some(settings) = value.get_mut("settings").and_then(Value::as_object_mut)
    {
        settings.entry("linked_provider").or_insert(Value::Null);
    }
    value
}

fn shown(value: &Value, shape: Shape) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => YES.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => {
            let between = if shape == Shape::Lines { "\n" } else { " " };
            values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(between)
        }
        Value::Null | Value::Bool(false) | Value::Object(_) => String::new(),
    }
}

fn read(text: &str, shape: Shape) -> Option<Value> {
    let list = |words: &mut dyn Iterator<Item = &str>| {
        Value::Array(words.map(|word| Value::String(word.to_owned())).collect())
    };
    Some(match shape {
        Shape::Optional | Shape::OptionalNumber if text.is_empty() => Value::Null,
        Shape::Text | Shape::Optional => Value::String(text.to_owned()),
        Shape::Words => list(&mut words(text)),
        Shape::Lines => list(&mut text.lines().map(str::trim).filter(|line| !line.is_empty())),
        Shape::Number | Shape::OptionalNumber => Value::from(text.parse::<u32>().ok()?),
        Shape::Between(from, to) => {
            Value::from(text.parse().ok().filter(|number| (from..=to).contains(number))?)
        }
        Shape::Flag => Value::Bool(text == YES),
    })
}

/// What the form is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// A source to be added.
    New(SourceKind),
    /// One that is kept.
    Kept(Box<Source>),
}

/// What becomes of the password or client secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// The one that is kept stays.
    Keep,
    /// What is typed takes its place; typing nothing leaves it.
    Replace,
    /// There will be none.
    TakeAway,
}

#[cfg(test)]
mod tests {
    use chancery_protocol::sources::OidcSettings;

    use super::*;

    #[test]
    fn every_setting_is_where_its_path_says_and_comes_back() {
        for kind in SourceKind::ALL {
            let fresh = kind.fresh();
            let value = value(&fresh);
            for (path, _) in table(&fresh.connection) {
                assert!(value.pointer(&pointer(path)).is_some(), "{path}");
            }
            assert_eq!(form(&fresh, &texts(&fresh)), Ok(fresh), "{kind:?}");
            assert_eq!(SourceKind::named(kind.name()), Some(kind));
        }
    }

    #[test]
    fn no_setting_is_left_out_of_the_tables() {
        fn leaves(value: &Value, path: String, found: &mut Vec<String>) {
            match value.as_object() {
                Some(fields) => {
                    fields.iter().for_each(|(name, value)| leaves(value, format!("{path}.{name}"), found))
                }
                None => found.push(path.trim_start_matches('.').to_owned()),
            }
        }
        for kind in SourceKind::ALL {
            let fresh = kind.fresh();
            let mut found = Vec::new();
            leaves(&value(&fresh), String::new(), &mut found);
            // These are decided where the source is made.
            found.retain(|path| !["kind", "settings.kind", "admission.roles"].contains(&path.as_str()));
            let known: Vec<&str> = table(&fresh.connection).map(|(path, _)| path).collect();
            assert!(found.iter().all(|path| known.contains(&path.as_str())), "{found:?}");
            assert_eq!(found.len(), known.len());
        }
    }

    #[test]
    fn what_is_typed_is_read_by_its_shape() {
        let fresh = SourceKind::Oidc.fresh();
        let mut typed = texts(&fresh);
        typed.insert("settings.issuer", " https://login.example.org ".into());
        typed.insert("settings.scopes", "openid, groups  email".into());
        typed.insert("settings.claims.groups", "roles".into());
        typed.insert("settings.max_age_seconds", "0".into());
        typed.insert("settings.logout_at_provider", String::new());
        typed.insert("admission.create", YES.into());
        typed.insert("admission.link", "email".into());
        let read = form(&fresh, &typed).unwrap();
        assert!(read.admission.create);
        assert_eq!(read.admission.link, Linking::Email);
        let Connection::Oidc(settings) = read.connection else { panic!("a provider stays one") };
        assert_eq!(settings.issuer, "https://login.example.org");
        assert_eq!(settings.scopes, ["openid", "groups", "email"]);
        assert_eq!(settings.claims.groups.as_deref(), Some("roles"));
        assert_eq!(settings.max_age_seconds, Some(0));
        assert!(!settings.logout_at_provider);
        assert_eq!(settings.algorithms, OidcSettings::default().algorithms);
    }

    #[test]
    fn the_provider_people_sign_in_at_is_chosen_and_taken_away() {
        let fresh = SourceKind::Scim.fresh();
        let mut typed = texts(&fresh);
        assert_eq!(typed.get(LINKED_PROVIDER).map(String::as_str), Some(""));
        let linked = |form: &SourceForm| match &form.connection {
            Connection::Scim(settings) => settings.linked_provider.map(|id| id.to_string()),
            _ => panic!("it writes to us"),
        };
        let id = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0009";
        typed.insert(LINKED_PROVIDER, id.into());
        let chosen = form(&fresh, &typed).unwrap();
        assert_eq!(linked(&chosen).as_deref(), Some(id));
        assert_eq!(differing(&fresh, &texts(&fresh), &texts(&chosen)), [LINKED_PROVIDER]);
        typed.insert(LINKED_PROVIDER, String::new());
        assert_eq!(linked(&form(&chosen, &typed).unwrap()), None);
        assert_eq!(setting_of(&fresh, LINKED_PROVIDER), Some(LINKED_PROVIDER));
    }

    #[test]
    fn servers_keep_their_order_and_lose_empty_lines() {
        let fresh = SourceKind::OpenLdap.fresh();
        let mut typed = texts(&fresh);
        typed.insert("settings.servers", "ldaps://b\n\n ldaps://a \n".into());
        let Connection::Ldap(settings) = form(&fresh, &typed).unwrap().connection else {
            panic!("a directory")
        };
        assert_eq!(settings.servers, ["ldaps://b", "ldaps://a"]);
    }

    #[test]
    fn what_is_no_number_is_named() {
        let fresh = SourceKind::ActiveDirectory.fresh();
        let mut typed = texts(&fresh);
        typed.insert("settings.page_size", "many".into());
        typed.insert("settings.connect_timeout_ms", "-1".into());
        assert_eq!(form(&fresh, &typed), Err(vec!["settings.page_size", "settings.connect_timeout_ms"]));
        let before = texts(&fresh);
        let differing = differing(&fresh, &before, &typed);
        assert_eq!(differing, ["settings.page_size", "settings.connect_timeout_ms"]);
    }

    #[test]
    fn a_share_of_more_than_all_is_named_with_what_works() {
        let fresh = SourceKind::OpenLdap.fresh();
        let mut typed = texts(&fresh);
        typed.insert("settings.sync.every_minutes", "15".into());
        typed.insert("settings.sync.max_share_percent", "300".into());
        assert_eq!(form(&fresh, &typed), Err(vec!["settings.sync.max_share_percent"]));
        assert_eq!(range(&fresh, "settings.sync.max_share_percent"), Some((1, 100)));
        assert_eq!(range(&fresh, "settings.page_size"), None);
        typed.insert("settings.sync.max_share_percent", "25".into());
        let Connection::Ldap(settings) = form(&fresh, &typed).unwrap().connection else {
            panic!("a directory")
        };
        assert_eq!((settings.sync.every_minutes, settings.sync.max_share_percent), (15, 25));
    }

    #[test]
    fn words_of_the_server_find_their_setting() {
        let ldap = SourceKind::OpenLdap.fresh();
        assert_eq!(setting_of(&ldap, "settings.people.filter"), Some("settings.people.filter"));
        assert_eq!(setting_of(&ldap, "settings.servers.1"), Some("settings.servers"));
        assert_eq!(setting_of(&ldap, "settings.attributes.more.0"), Some("settings.attributes.more"));
        assert_eq!(setting_of(&ldap, "name"), Some("name"));
        assert_eq!(setting_of(&ldap, "settings.ca_pem"), None);
        let oidc = SourceKind::Oidc.fresh();
        assert_eq!(setting_of(&oidc, "settings.claims"), Some("settings.claims.login"));
    }
}
