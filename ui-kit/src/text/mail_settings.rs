//! Settings of mail: the mail server, the house rules, what mails look like.

use chancery_protocol::mail_settings::{MailOutcome, MailTask, MailTemplate};

use super::{plural, problem, sources};
use crate::api::ClientError;

pub const MENU: &str = "Mail";
pub const TITLE: &str = "Mail";
pub const LEAD: &str = "How people are told by e-mail that something waits.";
pub const LOAD_FAILED: &str = "The settings of mail could not be loaded";
pub const TABS: &str = "Settings of mail";
pub const SERVER: &str = "Server";
pub const RULES: &str = "House rules";
pub const TEMPLATES: &str = "Templates";

pub const OUTGOING: &str = "Mail server";
pub const SIGN_IN: &str = "Sign-in at the mail server";
pub const ADDRESSES: &str = "Sender";
pub const TIMES: &str = "When mails go";
pub const QUIET: &str = "Quiet times";
pub const CONTENT: &str = "What a mail may say";
pub const DAYS: &str = "Quiet days";
pub const WAY: &str = "How we sign in";

pub const FIXED_SERVER: &str = "The mail server is set in the server's configuration. To set it up here, take mail.host out of it and start the server again.";
pub const NO_SERVER: &str = "No mail server is set up, so no mail is sent.";
pub const IN_CONFIGURATION: &str = "Set in the configuration";
pub const SET: &str = "Set";
pub const NOT_SET: &str = "Not set";
pub const EMPTY: &str = "Empty";
pub const FORGETS: &str = "Without a server, saving also forgets the account and its secrets.";
pub const BROKEN: &str = "Mail does not work as it is set up.";
pub const TOKEN_FILE: &str = "A file with a token can be named in the configuration only.";

pub const KEPT: &str = "One is kept";
pub const TAKEN: &str = "Saving takes it away";

pub const SAVED: &str = "Settings of mail saved";
pub const NOT_DONE: &str = "The settings of mail were not saved";
pub const OUTDATED: &str = "Not saved. Somebody else changed the settings of mail in the meantime.";
pub const LEAVE_BODY: &str = "What was changed in the settings of mail is lost.";

pub const TEST: &str = "Test";
pub const TEST_LEAD: &str = "Runs every step with the values of this page, saved or not, and sends one mail.";
pub const TEST_TO: &str = "Send the test mail to";
pub const TESTING: &str = "Testing. A server that does not answer takes some seconds.";
pub const TEST_FAILED: &str = "The test could not be run";
pub const STALE: &str = "Settings were changed since this test.";
pub const CLEAR: &str = "In clear, there is nothing to agree on.";
pub const NO_ACCOUNT: &str = "Without an account, nobody signs in.";

pub const KIND: &str = "Kind of mail";
pub const LANGUAGE: &str = "Language";
pub const SUBJECT: &str = "Subject";
pub const AS_HTML: &str = "As most programs show it";
pub const AS_TEXT: &str = "As plain text";
pub const PREVIEW_FAILED: &str = "The mail could not be shown";
pub const PREVIEW_LEAD: &str = "Written by what writes the real ones; people and messages are invented.";
pub const IN_FORCE: &str = "This is what is set now.";
pub const NOT_IN_FORCE: &str = "Something else is set now; see House rules.";

/// What a setting is called.
pub fn label(key: &str) -> &'static str {
    match key {
        "mail.host" => "Server",
        "mail.port" => "Port",
        "mail.security" => "Protection",
        "mail.plaintext_accepted" => "Accept a line in clear to another machine",
        "mail.authorities" => "Certificate authorities",
        "mail.user" => "Account",
        "mail.password" => "Password",
        "mail.oauth_token_file" => "File with a token",
        "mail.oauth_endpoint" => "Where tokens are issued",
        "mail.oauth_client_id" => "Client id",
        "mail.oauth_client_secret" => "Client secret",
        "mail.oauth_refresh_token" => "Refresh token",
        "mail.oauth_scope" => "Scope",
        "mail.from" => "Sender",
        "mail.reply_to" => "Answers go to",
        "mail.bounce" => "Reports of failed delivery go to",
        "mail.connect_seconds" => "Seconds to reach the server",
        "mail.answer_seconds" => "Seconds for an answer",
        "mail.lines" => "Lines at once",
        "mail.content" => "What a mail may say",
        "notify.after_minutes" => "Unread for how many minutes",
        "notify.window_minutes" => "One mail per conversation in how many minutes",
        "notify.digest_at" => "Time of the daily mail",
        "notify.quiet_hours" => "Quiet hours",
        "notify.quiet_days" => "Quiet days",
        "notify.time_zone" => "Time zone",
        "notify.language" => "Language of mails",
        _ => "",
    }
}

/// What to know about it.
pub fn help(key: &str) -> Option<&'static str> {
    Some(match key {
        "mail.host" => "Its name, such as smtp.example.com. Without one, no mail is sent.",
        "mail.port" => "0: the usual one. 465 with TLS, 587 with STARTTLS, 25 in clear.",
        "mail.plaintext_accepted" => "Mails and the password then cross the network in clear.",
        "mail.authorities" => "PEM. Empty: those this machine trusts.",
        "mail.oauth_endpoint" => {
            "Exchange Online: https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token. Google: https://oauth2.googleapis.com/token."
        }
        "mail.oauth_refresh_token" => {
            "Google Workspace only. Without one, tokens are asked for in our own name."
        }
        "mail.oauth_scope" => "Exchange Online: https://outlook.office365.com/.default. Google: empty.",
        "mail.from" => "Such as Chat of Example <chat@example.com>.",
        "mail.reply_to" => "Empty: to the sender.",
        "mail.bounce" => "An address alone. Empty: that of the sender.",
        "mail.connect_seconds" => "1 to 120, TLS included.",
        "mail.answer_seconds" => "1 to 600. Too few make duplicates.",
        "mail.lines" => "1 to 20.",
        "mail.content" => "Holds for every kind of mail. Nobody can choose more for themselves.",
        "notify.after_minutes" => "On every device. 1 to 1,440; people can choose longer, not shorter.",
        "notify.window_minutes" => "5 to 1,440.",
        "notify.digest_at" => "With 24 hours, such as 08:00.",
        "notify.quiet_hours" => "Such as 20:00-07:00. Empty: none. Mails go when the quiet ends.",
        "notify.time_zone" => "Of those who have not said theirs, such as Europe/Berlin.",
        "notify.language" => "For those who have chosen none.",
        _ => return None,
    })
}

/// What there is to choose from.
pub fn choices(key: &str) -> Vec<(&'static str, &'static str)> {
    match key {
        "mail.security" => {
            vec![("starttls", "STARTTLS, required"), ("tls", "TLS from the first byte"), ("none", "In clear")]
        }
        "mail.content" => vec![
            ("full", "Everything: who wrote what, and where"),
            ("sender", "The sender: who wrote"),
            ("nothing", "Nothing: only that something waits"),
        ],
        "notify.language" => vec![("en", "English"), ("de", "German")],
        "way" => {
            vec![("none", "Not at all"), ("password", "With a password"), ("tokens", "With tokens (XOAUTH2)")]
        }
        "notify.quiet_days" => vec![
            ("monday", "Monday"),
            ("tuesday", "Tuesday"),
            ("wednesday", "Wednesday"),
            ("thursday", "Thursday"),
            ("friday", "Friday"),
            ("saturday", "Saturday"),
            ("sunday", "Sunday"),
        ],
        _ => Vec::new(),
    }
}

/// A kind of mail.
pub fn template(template: MailTemplate) -> &'static str {
    match template {
        MailTemplate::Missed => "Unread messages",
        MailTemplate::Daily => "Daily mail",
        MailTemplate::Invitation => "Invitation",
        MailTemplate::Reset => "New password",
        MailTemplate::FactorsRemoved => "Second factors removed",
        MailTemplate::Test => "Test mail",
    }
}

/// A step of the test.
pub fn task(task: MailTask) -> &'static str {
    match task {
        MailTask::Resolve => "Name of the server",
        MailTask::Connect => "Port",
        MailTask::Tls => "TLS",
        MailTask::Greet => "Greetings",
        MailTask::SignIn => "Sign-in",
        MailTask::Announce => "Sender and recipient",
        MailTask::Send => "The mail itself",
    }
}

/// How a step ended.
pub fn outcome(outcome: MailOutcome) -> &'static str {
    match outcome {
        MailOutcome::Done => "in order",
        MailOutcome::Failed => "failed",
        MailOutcome::NotRun => "not run",
    }
}

/// What is read out when a test is over.
pub fn verdict(failed: bool, to: &str) -> String {
    if failed { "The test failed.".to_owned() } else { format!("A mail is on its way to {to}.") }
}

/// "2 settings need attention".
pub fn attention(count: u64) -> String {
    let needs = if count == 1 { "needs" } else { "need" };
    format!("{} {needs} attention", plural(count, "setting", "settings"))
}

/// Why something about mail was refused.
pub fn refused(error: &ClientError) -> String {
    match (error.code(), error) {
        (Some("outdated"), _) => OUTDATED.to_owned(),
        (Some("settings_invalid"), ClientError::Problem(problem)) => {
            sources::sentence(problem.detail.as_deref().unwrap_or(&problem.title))
        }
        _ => problem::of(error),
    }
}
