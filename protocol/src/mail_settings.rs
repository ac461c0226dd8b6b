//! Settings of mail as an administrator sees and changes them in the console: `GET` and `PUT /mail/settings`, `POST /mail/test`,
//! `GET /mail/preview`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::mail::{MailContent, MailLanguage};

/// Every setting of mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailSettings {
    /// Counts changes in the console; 0 before the first.
    pub revision: u64,
    /// When that was last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Micros>,
    /// Every setting, in the order of the documentation.
    pub fields: Vec<MailField>,
    /// Whether there is a mail server.
    pub sends: bool,
    /// Why no mail can leave with these settings, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailField {
    /// Its key, as in the configuration: `mail.host`.
    pub key: String,
    /// Its value as text, as it holds now; empty for a secret.
    pub text: String,
    /// What holds when nobody says anything.
    pub default: String,
    /// Whether it is a secret: those never leave the server.
    pub secret: bool,
    /// Where the value comes from. A secret is set when it is not the default.
    pub from: MailFrom,
    /// Whether it cannot be changed here.
    pub fixed: bool,
}

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailFrom {
    /// Nobody said anything.
    Default,
    /// It was set in the console.
    Console,
    /// It is set in the server's configuration.
    Configuration,
}

/// Changes settings of mail, unless somebody else changed them first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMail {
    /// The revision that is changed.
    pub was: u64,
    /// By key. What is left out stays as it is; what is empty goes back to its default, and a secret is forgotten.
    pub texts: BTreeMap<String, String>,
}

/// Tries settings of mail, step by step, up to a mail that arrives; nothing is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestMail {
    /// What differs from what is kept, as in [`SetMail`].
    pub texts: BTreeMap<String, String>,
    /// Where the mail goes.
    pub to: String,
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailTested {
    /// Every step, in the order of [`MailTask::ALL`].
    pub steps: Vec<MailStep>,
}

/// A step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailStep {
    /// What was done.
    pub task: MailTask,
    /// What came of it.
    pub outcome: MailOutcome,
    /// What was found, or what went wrong; the mail server's words are cut and cleaned.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mend: String,
    /// How long it took.
    pub milliseconds: u64,
}

/// What is done in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailTask {
    /// Looking the name up.
    Resolve,
    /// Reaching the port.
    Connect,
    /// Agreeing on TLS.
    Tls,
    /// Exchanging greetings.
    Greet,
    /// Signing in.
    SignIn,
    /// Naming sender and recipient.
    Announce,
    /// Handing over the mail.
    Send,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailOutcome {
    /// It went well.
    Done,
    /// It went wrong; the steps after it were not run.
    Failed,
    /// An earlier one failed, or there was nothing to do.
    NotRun,
}

/// A kind of mail, to look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailTemplate {
    /// Unread messages of one conversation.
    #[default]
    Missed,
    /// The daily mail.
    Daily,
    /// A link with which somebody chooses their first password.
    Invitation,
    /// A link with which somebody chooses a new password.
    Reset,
    /// All second factors were taken off an account.
    FactorsRemoved,
    /// To see whether mails arrive.
    Test,
}

impl MailTemplate {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Missed, Self::Daily, Self::Invitation, Self::Reset, Self::FactorsRemoved, Self::Test];
}

/// Asks for a mail as people would get it, about invented people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailPreviewQuery {
    /// Which kind.
    pub template: MailTemplate,
    /// In which language.
    pub language: MailLanguage,
    /// What it may say.
    pub content: MailContent,
}

/// A mail to look at. Its HTML is a page of its own, at `/mail/preview/page`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailPreview {
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
}
