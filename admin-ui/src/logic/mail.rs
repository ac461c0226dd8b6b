//! Settings of mail as they are typed: which of them are sent, and which mail is looked at.

use std::collections::BTreeMap;

use chancery_protocol::mail::{MailContent, MailLanguage};
use chancery_protocol::mail_settings::{MailField, MailFrom, MailPreviewQuery, MailTemplate};

/// Texts by key.
pub type Texts = BTreeMap<String, String>;

/// Every setting that is typed.
pub const TEXTS: [&str; 23] = [
    HOST,
    "mail.port",
    "mail.security",
    "mail.plaintext_accepted",
    "mail.authorities",
    "mail.user",
    "mail.oauth_endpoint",
    "mail.oauth_client_id",
    "mail.oauth_scope",
    "mail.from",
    "mail.reply_to",
    "mail.bounce",
    "mail.connect_seconds",
    "mail.answer_seconds",
    "mail.lines",
    CONTENT,
    "notify.after_minutes",
    "notify.window_minutes",
    "notify.digest_at",
    "notify.quiet_hours",
    "notify.quiet_days",
    "notify.time_zone",
    "notify.language",
];
/// Every secret.
pub const SECRETS: [&str; 3] = ["mail.password", "mail.oauth_client_secret", "mail.oauth_refresh_token"];

/// Where the server is named; without it there is none.
pub const HOST: &str = "mail.host";
/// What mails may say.
pub const CONTENT: &str = "mail.content";

/// How we sign in at the mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Not at all.
    None,
    /// With a password.
    Password,
    /// With tokens we ask for.
    Tokens,
}

impl Way {
    /// As it is chosen in the form.
    pub fn named(name: &str) -> Self {
        match name {
            "password" => Self::Password,
            "tokens" => Self::Tokens,
            _ => Self::None,
        }
    }

    /// Its name there.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Password => "password",
            Self::Tokens => "tokens",
        }
    }

    /// The one that these settings say.
    pub fn of(fields: &[MailField]) -> Self {
        let set = |key: &str| fields.iter().any(|field| field.key == key && is_set(field));
        match () {
            () if set("mail.oauth_endpoint") || set("mail.oauth_client_secret") => Self::Tokens,
            () if set("mail.user") || set("mail.password") => Self::Password,
            () => Self::None,
        }
    }

    /// Whether a setting has a meaning with it.
    pub fn has(self, key: &str) -> bool {
        match key {
            "mail.user" => self != Self::None,
            "mail.password" => self == Self::Password,
            key if key.starts_with("mail.oauth_") => self == Self::Tokens,
            _ => true,
        }
    }
}

/// Whether somebody set it.
pub fn is_set(field: &MailField) -> bool {
    field.from != MailFrom::Default
}

/// Whether a setting is about the server.
pub fn of_server(key: &str) -> bool {
    key.starts_with("mail.") && key != CONTENT
}

/// What is typed in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The settings that are no secrets, by key.
    pub texts: Texts,
    /// What becomes of secrets, by key; what is kept is not in it.
    pub secrets: Texts,
    /// How we sign in.
    pub way: Way,
}

/// What has to be sent so that what is typed holds; nothing when all of it does already.
pub fn changes(fields: &[MailField], typed: &Typed) -> Texts {
    let text = |key: &str| typed.texts.get(key).map(|text| text.trim()).unwrap_or_default();
    let had = fields.iter().any(|field| field.key == HOST && !field.text.is_empty());
    // Without a server nothing about it is kept.
    let removed = had && text(HOST).is_empty();
    let mut changed = Texts::new();
    for field in fields.iter().filter(|field| !field.fixed) {
        let key = field.key.as_str();
        let gone = !typed.way.has(key) || (removed && of_server(key));
        let wanted = match (gone, field.secret) {
            (true, true) => is_set(field).then(String::new),
            (true, false) => Some(field.default.clone()),
            (false, true) => typed.secrets.get(key).cloned(),
            (false, false) => Some(text(key).to_owned()),
        };
        let differs = |wanted: &String| field.secret || *wanted != field.text;
        if let Some(wanted) = wanted.filter(differs) {
            // What is the default is not set: it follows the default of later versions.
            let is_default = !field.secret && wanted == field.default;
            changed.insert(field.key.clone(), if is_default { String::new() } else { wanted });
        }
    }
    changed
}

/// A list of days with one of them turned, in the order of the week.
pub fn turned(days: &str, day: &str, on: bool, week: &[(&'static str, &'static str)]) -> String {
    let has = |name: &str| days.split(',').any(|one| one.trim() == name);
    let names = week.iter().map(|(name, _)| *name).filter(|name| if *name == day { on } else { has(name) });
    names.collect::<Vec<_>>().join(",")
}

/// Which mail is looked at, from the part of the address behind `?`; what is not said is as it is set.
pub fn looked_at(
    of: impl Fn(&str) -> Option<String>,
    language: MailLanguage,
    content: MailContent,
) -> MailPreviewQuery {
    let named = of("kind")
        .and_then(|name| MailTemplate::ALL.into_iter().find(|template| template_name(*template) == name));
    MailPreviewQuery {
        template: named.unwrap_or_default(),
        language: of("language").map_or(language, |name| language_named(&name)),
        content: of("content").and_then(|name| content_named(&name)).unwrap_or(content),
    }
}

/// As it stands behind `?` of our own address.
pub fn address_text(query: MailPreviewQuery) -> String {
    let MailPreviewQuery { template, language, content } = query;
    let (template, language) = (template_name(template), language_name(language));
    format!("kind={template}&language={language}&content={}", content_name(content))
}

/// As the server is asked.
pub fn query_text(query: MailPreviewQuery) -> String {
    let MailPreviewQuery { template, language, content } = query;
    let (template, language) = (template_name(template), language_name(language));
    format!("template={template}&language={language}&content={}", content_name(content))
}

/// The name of a kind of mail in addresses.
pub fn template_name(template: MailTemplate) -> &'static str {
    match template {
        MailTemplate::Missed => "missed",
        MailTemplate::Daily => "daily",
        MailTemplate::Invitation => "invitation",
        MailTemplate::Reset => "reset",
        MailTemplate::FactorsRemoved => "factors_removed",
        MailTemplate::Test => "test",
    }
}

/// As it is set.
pub fn language_named(name: &str) -> MailLanguage {
    if name == "de" { MailLanguage::German } else { MailLanguage::English }
}

fn language_name(language: MailLanguage) -> &'static str {
    match language {
        MailLanguage::English => "en",
        MailLanguage::German => "de",
    }
}

/// As it is set.
pub fn content_named(name: &str) -> Option<MailContent> {
    MailContent::ALL.into_iter().find(|content| content_name(*content) == name)
}

fn content_name(content: MailContent) -> &'static str {
    match content {
        MailContent::Nothing => "nothing",
        MailContent::Sender => "sender",
        MailContent::Full => "full",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str, text: &str, default: &str, secret: bool, from: MailFrom) -> MailField {
        let (key, text, default) = (key.to_owned(), text.to_owned(), default.to_owned());
        MailField { key, text, default, secret, from, fixed: false }
    }

    fn set_up() -> Vec<MailField> {
        let (here, nobody) = (MailFrom::Console, MailFrom::Default);
        vec![
            field(HOST, "mail.example.com", "", false, here),
            field("mail.port", "0", "0", false, nobody),
            field("mail.user", "chat", "", false, here),
            field("mail.password", "", "", true, here),
            field("mail.oauth_endpoint", "", "", false, nobody),
            field("mail.oauth_client_secret", "", "", true, nobody),
            field("notify.language", "de", "en", false, here),
        ]
    }

    fn typed(fields: &[MailField], with: &[(&str, &str)]) -> Typed {
        let open = fields.iter().filter(|field| !field.secret);
        let mut texts: Texts = open.map(|field| (field.key.clone(), field.text.clone())).collect();
        texts.extend(with.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())));
        Typed { texts, secrets: Texts::new(), way: Way::of(fields) }
    }

    fn sent(of: &[(&str, &str)]) -> Texts {
        of.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn only_what_differs_is_sent_and_a_default_is_sent_as_nothing() {
        let fields = set_up();
        assert_eq!(Way::of(&fields), Way::Password);
        assert_eq!(changes(&fields, &typed(&fields, &[])), Texts::new());
        let with = [("mail.port", " 2525 "), ("notify.language", "en")];
        assert_eq!(
            changes(&fields, &typed(&fields, &with)),
            sent(&[("mail.port", "2525"), ("notify.language", "")])
        );
        let mut secret = typed(&fields, &[]);
        secret.secrets = sent(&[("mail.password", "new")]);
        assert_eq!(changes(&fields, &secret), sent(&[("mail.password", "new")]));
    }

    #[test]
    fn another_way_to_sign_in_takes_the_first_away() {
        let fields = set_up();
        let mut other = typed(&fields, &[("mail.oauth_endpoint", "https://x.example/t")]);
        other.way = Way::Tokens;
        assert_eq!(
            changes(&fields, &other),
            sent(&[("mail.oauth_endpoint", "https://x.example/t"), ("mail.password", "")])
        );
        other.way = Way::None;
        assert_eq!(changes(&fields, &other), sent(&[("mail.password", ""), ("mail.user", "")]));
    }

    #[test]
    fn without_a_server_everything_about_it_goes() {
        let fields = set_up();
        let with = [(HOST, ""), ("mail.port", "25")];
        assert_eq!(
            changes(&fields, &typed(&fields, &with)),
            sent(&[(HOST, ""), ("mail.password", ""), ("mail.user", "")])
        );
    }

    #[test]
    fn what_is_fixed_is_never_sent() {
        let mut fields = set_up();
        fields[0].fixed = true;
        assert_eq!(changes(&fields, &typed(&fields, &[(HOST, "other")])), Texts::new());
    }

    #[test]
    fn days_stay_in_the_order_of_the_week() {
        let week = [("monday", "Monday"), ("saturday", "Saturday"), ("sunday", "Sunday")];
        assert_eq!(turned("sunday", "monday", true, &week), "monday,sunday");
        assert_eq!(turned("saturday, sunday", "sunday", false, &week), "saturday");
        assert_eq!(turned("", "sunday", false, &week), "");
    }

    #[test]
    fn the_address_says_which_mail_is_looked_at() {
        for template in MailTemplate::ALL {
            for content in MailContent::ALL {
                let query = MailPreviewQuery { template, language: MailLanguage::German, content };
                let text = address_text(query);
                let of = |name: &str| {
                    let pair =
                        text.split('&').find_map(|pair| pair.split_once('=').filter(|it| it.0 == name));
                    pair.map(|(_, value)| value.to_owned())
                };
                assert_eq!(looked_at(of, MailLanguage::English, MailContent::Nothing), query);
            }
        }
        let query = looked_at(|_| None, MailLanguage::German, MailContent::Sender);
        assert_eq!(query_text(query), "template=missed&language=de&content=sender");
    }
}
