//! Errors: one table of codes, one type.
//!
//! A code is stable and decides what a client does; title and status come from the table. `detail` is for
//! people outside; `internal` is for the log and never leaves the server. Neither ever holds message text.

use chancery_protocol::acceptable_use::Notice;
use chancery_protocol::problem::{FieldProblem, Problem};
use chancery_protocol::text::TextProblem;

macro_rules! codes {
    ($($name:ident $text:literal $status:literal $title:literal;)*) => {
        /// What went wrong, as a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the titles in the table say it")]
        pub enum Code { $($name,)* }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as it stands on the wire.
            pub fn text(self) -> &'static str { match self { $(Self::$name => $text,)* } }

            /// The HTTP status, also used on the socket.
            pub fn status(self) -> u16 { match self { $(Self::$name => $status,)* } }

            /// What happened, in one sentence for people.
            pub fn title(self) -> &'static str { match self { $(Self::$name => $title,)* } }
        }
    };
}

codes! {
    BadRequest "bad_request" 400 "The request could not be read.";
    BadFrame "bad_frame" 400 "The frame is not one of this protocol.";
    SignedOut "signed_out" 401 "You are not signed in.";
    SignInInterrupted "sign_in_interrupted" 410 "This sign-in took too long, or was begun in another window. Begin again.";
    ProviderRefused "provider_refused" 403 "The sign-in service did not let you in.";
    SignInFailed "sign_in_failed" 401 "The user name or the password is wrong.";
    FactorFailed "factor_failed" 401 "The code is wrong or was used already, or the passkey was not accepted.";
    SecondStepOver "second_step_over" 401 "This took too long, or the account was changed meanwhile. Sign in again.";
    CsrfFailed "csrf_failed" 403 "The request did not come from an open page of this session.";
    ForeignOrigin "foreign_origin" 403 "The request came from another site.";
    TokenInvalid "token_invalid" 401 "This token was revoked, has expired or was never issued.";
    ScopeMissing "scope_missing" 403 "The token does not allow this.";
    NotFresh "not_fresh" 403 "Sign in again to read messages.";
    AnotherPerson "another_person" 403 "This is somebody else's sign-in.";
    Suspended "suspended" 403 "This account is suspended.";
    NotAdmitted "not_admitted" 403 "You are known, but there is no account for you here. Ask your administrator.";
    PolicyUnaccepted "policy_unaccepted" 403 "The acceptable use policy has to be accepted first.";
    BlockedByRule "blocked_by_rule" 403 "A rule does not let this through. It was not delivered.";
    ReasonWanted "reason_wanted" 409 "A rule asks for a reason before this is sent.";
    RulesChanged "rules_changed" 409 "The rules were changed just now. Try again.";
    ConfirmStale "confirm_stale" 409 "This is not what a reason was asked for, or it took too long. Send it again.";
    AlreadyDecided "already_decided" 409 "This was decided, taken back or over already.";
    CannotRelease "cannot_release" 409 "This cannot be delivered any more: its author may not write there now, a rule blocks it now, or the message is gone or was changed since.";
    TooManyWaiting "too_many_waiting" 409 "Enough of your messages wait for review. Wait until somebody has looked at them, or take some back.";
    OwnRequest "own_request" 403 "Whoever asked cannot agree. Somebody else has to.";
    NobodyAgrees "nobody_agrees" 409 "This needs a second person, and there is nobody who could agree.";
    AskedByAnother "asked_by_another" 409 "Somebody else asked for this. Only they can take it back.";
    NotAuthor "not_author" 403 "Only the author of a message can change it.";
    NotOwner "not_owner" 403 "Only an owner of the group can do this.";
    MayNotPost "may_not_post" 403 "Only those named write in this announcement.";
    NotFound "not_found" 404 "This does not exist or is not open to you.";
    ConversationNotFound "conversation_not_found" 404 "This conversation does not exist or is not open to you.";
    MessageNotFound "message_not_found" 404 "This message does not exist or is not open to you.";
    PersonNotFound "person_not_found" 404 "This person does not exist or is not open to you.";
    MethodNotAllowed "method_not_allowed" 405 "This address does not take requests of this method.";
    UsernameTaken "username_taken" 409 "This user name belongs to somebody else.";
    AlreadyDeleted "already_deleted" 409 "This message is already deleted.";
    NotDeleted "not_deleted" 409 "This message is not deleted.";
    NotUrgent "not_urgent" 409 "This message does not ask to be acknowledged.";
    OwnMessage "own_message" 409 "Nobody acknowledges a message of their own.";
    RestoreTooLate "restore_too_late" 409 "A deletion can be taken back for 30 seconds only.";
    DirectTalk "direct_talk" 409 "A direct talk has its two people, and no name of its own.";
    LastOwner "last_owner" 409 "A group with members needs an owner. Make somebody else owner first.";
    Outdated "outdated" 409 "This was changed elsewhere in the meantime.";
    MembersChanged "members_changed" 409 "Somebody else changed the members just now.";
    SourceNameTaken "source_name_taken" 409 "Another source has this name.";
    GroupNameTaken "group_name_taken" 409 "Another group made here has this name.";
    GroupFromSource "group_from_source" 409 "This group comes from a source. Its name and members are changed there.";
    EmailFromSource "email_from_source" 409 "This e-mail address comes from a source. It is changed there.";
    SyncRunning "sync_running" 409 "This source is being read already.";
    SourceOff "source_off" 409 "This source is switched off.";
    SourceChanged "source_changed" 409 "The source was changed meanwhile. Begin again.";
    SourceInUse "source_in_use" 409 "People or groups came from this source. Switch it off instead.";
    IdentityTaken "identity_taken" 409 "This identity belongs to somebody else's account.";
    GuestEnded "guest_ended" 409 "This guest's time is over. Set another end first.";
    NoGuest "no_guest" 409 "This person is no guest.";
    NoMailServer "no_mail_server" 409 "No mail server is set up.";
    GuestAnswers "guest_answers" 409 "A guest answers for nobody.";
    Bot "bot" 409 "Nobody signs in as a bot; it acts by access tokens.";
    NoBot "no_bot" 409 "This is a person, not a bot.";
    TooManyTokens "too_many_tokens" 409 "There are enough access tokens. Revoke one first.";
    TokensOff "tokens_off" 409 "No access tokens are issued here.";
    LastAdmin "last_admin" 409 "This is the last administrator who can sign in.";
    FactorNeeded "factor_needed" 409 "An account for emergencies needs a second factor.";
    FactorNameTaken "factor_name_taken" 409 "Another second factor of yours has this name.";
    FactorTaken "factor_taken" 409 "This passkey is in use already.";
    FactorsFull "factors_full" 409 "An account has at most 10 second factors.";
    PasskeysUnavailable "passkeys_unavailable" 409 "Passkeys need a server that is reached by a name, not by an address.";
    EmergencyAccount "emergency_account" 409 "This is an account for emergencies: it stays an IT administrator and belongs to no source.";
    EmergencyUnfit "emergency_unfit" 409 "For emergencies an account must be an IT administrator by hand, have a password of its own and belong to no source.";
    OwnAccount "own_account" 409 "This cannot be done to your own account.";
    Unchanged "unchanged" 409 "Nothing was to be changed.";
    EnrolmentOver "enrolment_over" 410 "This took too long, or was finished already. Begin again.";
    LinkInvalid "link_invalid" 410 "This link was used already, has expired or was never issued.";
    PayloadTooLarge "payload_too_large" 413 "The request is longer than allowed.";
    TextEmpty "text_empty" 422 "A message needs some text.";
    TextTooLong "text_too_long" 422 "The text is longer than allowed.";
    ControlCharacter "control_character" 422 "The text has control characters that cannot be shown.";
    NameEmpty "name_empty" 422 "A name is needed.";
    NameTooLong "name_too_long" 422 "The name is longer than allowed.";
    TopicTooLong "topic_too_long" 422 "The topic is longer than allowed.";
    StatusTooLong "status_too_long" 422 "The status text is longer than allowed.";
    UsernameInvalid "username_invalid" 422 "A user name has 1 to 64 of a to z, 0 to 9, dot, hyphen and underscore.";
    EmailInvalid "email_invalid" 422 "This is no e-mail address.";
    NoAddress "no_address" 422 "There is no e-mail address to send this to.";
    PasswordTooShort "password_too_short" 422 "A password needs at least 12 characters.";
    PasswordTooLong "password_too_long" 422 "A password has at most 1,024 bytes.";
    NetworkInvalid "network_invalid" 422 "This is no address and no network.";
    GuestTerms "guest_terms" 422 "A guest needs a sponsor and an end.";
    GuestAlone "guest_alone" 422 "A guest is a guest and nothing else.";
    RolesEmpty "roles_empty" 422 "An account needs at least one role.";
    RolesPrivileged "roles_privileged" 422 "Whoever signs in for the first time becomes an employee. Other roles are given by hand, or to groups.";
    SettingsInvalid "settings_invalid" 422 "A setting is missing or wrong.";
    UrgentAlone "urgent_alone" 422 "In a talk with oneself nobody can acknowledge.";
    UnknownReaction "unknown_reaction" 422 "This reaction is not in the list.";
    RuleInvalid "rule_invalid" 422 "A rule, a word list or the text is not as it has to be.";
    QueryInvalid "query_invalid" 422 "The query could not be understood.";
    QueryEmpty "query_empty" 422 "There is nothing in the query that can be searched.";
    ReasonNeeded "reason_needed" 422 "A reason is needed.";
    ReasonTooLong "reason_too_long" 422 "The reason is longer than allowed.";
    TooManyPeople "too_many_people" 422 "These are more people than one request can name.";
    ZoneUnknown "zone_unknown" 422 "This is no time zone we know.";
    OutOfRange "out_of_range" 422 "A number is outside its range.";
    TooManyAttempts "too_many_attempts" 429 "Too many attempts. Wait before you try again.";
    RateLimited "rate_limited" 429 "Too many requests. Wait before you try again.";
    Internal "internal" 500 "Something went wrong on the server. Nothing was recorded.";
    RecordDamaged "record_damaged" 500 "A stored record does not match its seal.";
    StorageUnavailable "storage_unavailable" 503 "The record cannot be written or read now. Nothing was delivered.";
    SearchUnavailable "search_unavailable" 503 "Search is not ready now. Try again soon.";
    ProviderMistake "provider_mistake" 502 "The sign-in service gave an answer that cannot be trusted. Ask your administrator.";
    SourceUnavailable "source_unavailable" 503 "The sign-in service cannot be reached now. Try again soon.";
    Stopping "server_stopping" 503 "The server is stopping. Try again soon.";
    StorageFull "storage_full" 507 "The server's disk is full. Nothing was delivered.";
    Setup "setup" 500 "The server cannot start as it is set up.";
}

/// An error of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What went wrong.
    pub code: Code,
    /// What went wrong this time, for people outside.
    pub detail: Option<Box<str>>,
    /// How to mend it (command line).
    pub help: Option<Box<str>>,
    /// The field concerned.
    pub field: Option<Box<str>>,
    /// Everything that is wrong, where more is known than the first of it.
    pub errors: Box<[FieldProblem]>,
    /// Seconds to wait.
    pub retry_after: Option<u32>,
    /// What rules of acceptable use have to do with it.
    pub ruled: Option<Box<Ruled>>,
    /// Journal position of the record concerned.
    pub position: Option<u64>,
    /// For the log only.
    pub internal: Option<Box<str>>,
}

/// What rules of acceptable use have to do with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruled {
    /// Which rules, as the author of the text is told.
    pub notices: Vec<Notice>,
    /// What lets the same text pass with a reason.
    pub token: Option<String>,
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self {
            code,
            detail: None,
            help: None,
            field: None,
            errors: Box::default(),
            retry_after: None,
            ruled: None,
            position: None,
            internal: None,
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl Error {
    /// An error that says no more than its code.
    pub fn new(code: Code) -> Self {
        code.into()
    }

    /// What may not be seen or is not there; nobody can tell the two apart.
    pub fn not_found() -> Self {
        Code::NotFound.into()
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The cause, for the log only.
    #[must_use]
    pub fn because(mut self, cause: impl std::fmt::Display) -> Self {
        self.internal = Some(cause.to_string().into());
        self
    }

    /// Writes an error of class 5xx to the log with its cause, once, where the answer leaves.
    pub fn log(&self) {
        if self.code.status() >= 500 {
            tracing::error!(code = %self.code, position = self.position, cause = self.internal.as_deref(), "request failed");
        }
    }

    /// A defect or an outside fault nobody can mend from outside; `internal` goes to the log.
    pub fn internal(internal: impl std::fmt::Display) -> Self {
        Self { internal: Some(internal.to_string().into()), ..Code::Internal.into() }
    }

    /// The database or the key store cannot be used now.
    pub fn storage(internal: impl std::fmt::Display) -> Self {
        Self { internal: Some(internal.to_string().into()), ..Code::StorageUnavailable.into() }
    }

    /// The server is set up wrongly: what is wrong, and how to mend it.
    pub fn setup(detail: impl Into<String>, help: impl Into<String>) -> Self {
        Self { detail: Some(detail.into().into()), help: Some(help.into().into()), ..Code::Setup.into() }
    }

    /// A stored record does not verify.
    pub fn damaged(position: u64) -> Self {
        Self { position: Some(position), ..Code::RecordDamaged.into() }
    }

    /// Says what went wrong this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into().into());
        self
    }

    /// Names the field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into().into());
        self
    }

    /// Several things that are wrong with fields, of which the first gives the error its code; nothing when nothing is wrong.
    ///
    /// # Errors
    /// They, as one.
    pub fn all(wrong: Vec<Self>) -> Result<(), Self> {
        let errors = wrong.iter().map(|error| FieldProblem {
            field: error.field.as_deref().unwrap_or_default().to_owned(),
            code: error.code.text().to_owned(),
            detail: error.detail.as_deref().map(str::to_owned),
        });
        let errors = errors.collect();
        match wrong.into_iter().next() {
            Some(first) => Err(Self { errors, ..first }),
            None => Ok(()),
        }
    }

    /// Says how long to wait.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// As it goes over the wire. How the server is set up is told on the command line and in the log.
    pub fn problem(&self) -> Problem {
        if self.code == Code::Setup {
            return Self::new(Code::Internal).problem();
        }
        Problem {
            kind: format!("urn:chancery:problem:{}", self.code.text()),
            code: self.code.text().to_owned(),
            status: self.code.status(),
            title: self.code.title().to_owned(),
            detail: self.detail.as_deref().map(str::to_owned),
            field: self.field.as_deref().map(str::to_owned),
            errors: self.errors.to_vec(),
            retry_after: self.retry_after,
            notices: self.ruled.as_ref().map(|ruled| ruled.notices.clone()).unwrap_or_default(),
            token: self.ruled.as_ref().and_then(|ruled| ruled.token.clone()),
            position: self.position,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.detail.as_deref().unwrap_or_else(|| self.code.title()))?;
        if let Some(internal) = &self.internal {
            write!(f, " ({internal})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<TextProblem> for Error {
    fn from(problem: TextProblem) -> Self {
        match problem {
            TextProblem::TextEmpty => Code::TextEmpty,
            TextProblem::TextTooLong => Code::TextTooLong,
            TextProblem::ControlCharacter => Code::ControlCharacter,
            TextProblem::NameEmpty => Code::NameEmpty,
            TextProblem::NameTooLong => Code::NameTooLong,
            TextProblem::TopicTooLong => Code::TopicTooLong,
            TextProblem::UsernameInvalid => Code::UsernameInvalid,
        }
        .into()
    }
}

impl From<diesel::result::Error> for Error {
    /// A full disk is told apart from a database that is away. Statements carry binds, not values, so the
    /// text of a database error holds no message text.
    fn from(error: diesel::result::Error) -> Self {
        let text = error.to_string();
        let full = ["database or disk is full", "No space left on device", "could not extend file"];
        if full.iter().any(|phrase| text.contains(phrase)) {
            return Self { internal: Some(text.into()), ..Code::StorageFull.into() };
        }
        Self::storage(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_titles_are_sentences() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.text()), "{} stands twice", code.text());
            assert!(code.title().ends_with('.'), "{} needs a sentence", code.text());
            assert!((400..600).contains(&code.status()));
        }
    }

    #[test]
    fn several_wrong_fields_are_one_error_that_names_them_all() {
        assert_eq!(Error::all(Vec::new()), Ok(()));
        let wrong = vec![
            Error::from(Code::NameEmpty).field("name"),
            Error::from(Code::SettingsInvalid).field("settings.issuer").detail("Name it."),
        ];
        let problem = Error::all(wrong).unwrap_err().problem();
        assert_eq!((problem.code.as_str(), problem.field.as_deref()), ("name_empty", Some("name")));
        let told: Vec<_> = problem.errors.iter().map(|one| (one.field.as_str(), one.code.as_str())).collect();
        assert_eq!(told, [("name", "name_empty"), ("settings.issuer", "settings_invalid")]);
        assert_eq!(problem.alone(&problem.errors[1]).detail.as_deref(), Some("Name it."));
    }

    /// The table as `docs/protocol.md` has it. A wrong set-up is told on the command line and never on the wire.
    fn table() -> String {
        let on_the_wire = Code::ALL.iter().filter(|code| **code != Code::Setup);
        let rows =
            on_the_wire.map(|code| format!("| `{}` | {} | {} |\n", code.text(), code.status(), code.title()));
        format!("| Code | Status | What happened |\n| --- | --- | --- |\n{}", rows.collect::<String>())
    }

    #[test]
    fn the_protocol_documents_every_code_with_its_status() {
        const BEGIN: &str = "<!-- codes: generated from Code::ALL; rewrite with CHANCERY_REWRITE=1 cargo test -p chancery-server documents_every_code -->";
        const END: &str = "<!-- codes: end -->";
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md");
        let document = std::fs::read_to_string(file).unwrap();
        let (head, rest) = document.split_once(BEGIN).unwrap();
        let (found, tail) = rest.split_once(END).unwrap();
        if std::env::var_os("CHANCERY_REWRITE").is_some() {
            return std::fs::write(file, format!("{head}{BEGIN}\n{}{END}{tail}", table())).unwrap();
        }
        assert_eq!(
            found.trim(),
            table().trim(),
            "the codes in docs/protocol.md differ; rewrite them with CHANCERY_REWRITE=1"
        );
    }

    #[test]
    fn how_the_server_is_set_up_never_leaves() {
        let error = Error::setup("database.url names no role", "write a role into it").field("database.url");
        assert_eq!(error.problem(), Error::new(Code::Internal).problem());
    }

    #[test]
    fn what_is_internal_never_leaves() {
        for code in Code::ALL {
            let error = Error { internal: Some("table sessions, row 7".into()), ..(*code).into() };
            let wire = serde_json::to_string(&error.problem()).unwrap();
            assert!(!wire.contains("row 7"));
        }
    }
}
