//! Every error a client can meet: one table of codes, and the error that carries one.
//!
//! What must stay true: what goes over the wire is the code's own text and what the author of the error wrote
//! for the caller in `detail`. The inner cause (`source`) is for the log only, and an error of class 5xx is
//! logged once, where the answer leaves: by `telemetry::requests` for HTTP, by [`Error::log`] for the socket.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use chancery_protocol::problem::Problem;

macro_rules! codes {
    ($($code:ident $text:literal $status:literal $title:literal;)*) => {
        /// What went wrong, as clients know it. Stable: a code is never renamed or reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Code] = &[$(Code::$code),*];

            /// As on the wire.
            pub fn text(self) -> &'static str {
                match self { $(Code::$code => $text),* }
            }

            /// HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Code::$code => $status),* }
            }

            /// One sentence for people, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Code::$code => $title),* }
            }
        }
    };
}

codes! {
    BadRequest "bad_request" 400 "The request could not be understood.";
    BadFrame "bad_frame" 400 "The frame could not be understood.";
    UnknownCommand "unknown_command" 400 "The server does not know this command.";
    SignedOut "signed_out" 401 "You are not signed in.";
    SignInFailed "sign_in_failed" 401 "User name or password is wrong.";
    CsrfFailed "csrf_failed" 403 "The request did not prove that it came from the signed-in page.";
    ForeignOrigin "foreign_origin" 403 "The request came from another site.";
    Suspended "suspended" 403 "This account is suspended.";
    NotAuthor "not_author" 403 "Only the author may do this.";
    NotFound "not_found" 404 "There is nothing here that you may see.";
    ConversationNotFound "conversation_not_found" 404 "There is no such conversation that you may see.";
    MessageNotFound "message_not_found" 404 "There is no such message that you may see.";
    PersonNotFound "person_not_found" 404 "There is no such person.";
    MethodNotAllowed "method_not_allowed" 405 "This cannot be done here.";
    UsernameTaken "username_taken" 409 "Somebody has this user name already.";
    AlreadyDeleted "already_deleted" 409 "The message is deleted already.";
    NotDeleted "not_deleted" 409 "The message is not deleted.";
    RestoreTooLate "restore_too_late" 409 "It is too late to take the deletion back.";
    LastAdmin "last_admin" 409 "There must be an administrator left.";
    OwnAccount "own_account" 409 "This cannot be done to one's own account.";
    LinkInvalid "link_invalid" 410 "This link is used up, expired or wrong.";
    PayloadTooLarge "payload_too_large" 413 "This is too much at once.";
    TextEmpty "text_empty" 422 "The text is empty.";
    TextTooLong "text_too_long" 422 "The text is too long.";
    NameEmpty "name_empty" 422 "The name is empty.";
    NameTooLong "name_too_long" 422 "The name is too long.";
    TopicTooLong "topic_too_long" 422 "This text is too long.";
    UsernameInvalid "username_invalid" 422 "A user name has only lower case letters, digits, dots, lines and hyphens.";
    PasswordTooShort "password_too_short" 422 "The password is too short.";
    UnknownReaction "unknown_reaction" 422 "There is no such reaction.";
    TooManyPeople "too_many_people" 422 "These are too many people at once.";
    TooManyAttempts "too_many_attempts" 429 "There were too many attempts.";
    RateLimited "rate_limited" 429 "This was too fast.";
    Internal "internal" 500 "Something went wrong on the server.";
    RecordDamaged "record_damaged" 500 "The record is damaged and cannot be shown.";
    StorageUnavailable "storage_unavailable" 503 "The server cannot reach its storage; nothing was lost.";
    StorageFull "storage_full" 507 "The server's storage is full; nothing new can be accepted.";
}

impl Code {
    /// The code that says no more than an HTTP status does, for answers that were made below the handlers.
    pub fn of_status(status: StatusCode) -> Code {
        match status.as_u16() {
            401 => Code::SignedOut,
            404 => Code::NotFound,
            405 => Code::MethodNotAllowed,
            413 => Code::PayloadTooLarge,
            429 => Code::RateLimited,
            503 => Code::StorageUnavailable,
            400..=499 => Code::BadRequest,
            _ => Code::Internal,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Content type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why an error has a cause, for the log.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// An error on its way to a client. Cheap to clone: a failed batch answers many with one.
#[derive(Debug, Clone)]
pub struct Error {
    code: Code,
    detail: Option<Cow<'static, str>>,
    field: Option<Cow<'static, str>>,
    retry_after: Option<u32>,
    position: Option<u64>,
    source: Option<Cause>,
}

impl Error {
    /// An error that says no more than its code.
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, field: None, retry_after: None, position: None, source: None }
    }

    /// Something that is not the caller's fault; the cause goes to the log, the caller learns nothing of it.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Code::Internal).because(cause)
    }

    /// What may not be seen or is not there; the two are told apart by nobody.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// A stored record that does not match its seal, by journal position.
    pub fn damaged(position: u64) -> Self {
        Self { position: Some(position), ..Self::new(Code::RecordDamaged) }
    }

    /// What happened this time and what to do, for the caller. Never text of a lower layer.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The field of the request that is wrong, as a path.
    #[must_use]
    pub fn field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Seconds to wait before trying again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The cause, for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(cause.into()));
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Journal position of the record concerned.
    pub fn position(&self) -> Option<u64> {
        self.position
    }

    /// As it goes over the wire, on HTTP and on the socket.
    pub fn problem(&self) -> Problem {
        Problem {
            kind: format!("urn:chancery:problem:{}", self.code),
            code: self.code.text().to_owned(),
            status: self.code.status(),
            title: self.code.title().to_owned(),
            detail: self.detail.as_deref().map(str::to_owned),
            field: self.field.as_deref().map(str::to_owned),
            retry_after: self.retry_after,
            position: self.position,
        }
    }

    /// Writes an error of class 5xx to the log with its causes, in the current span, which has the request's id.
    /// HTTP answers are logged by `telemetry::requests`; the socket calls this itself, once per answer.
    pub fn log(&self) {
        if self.code.status() >= 500 {
            tracing::error!(code = %self.code, position = self.position, cause = %Causes(self), "request failed");
        }
    }
}

/// The chain of causes in one line.
struct Causes<'a>(&'a Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = std::error::Error::source(self.0);
        let mut between = "";
        while let Some(error) = cause {
            write!(f, "{between}{error}")?;
            between = ": ";
            cause = error.source();
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.text())?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        answer.insert_header((CONTENT_TYPE, PROBLEM_JSON)).insert_header((CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after {
            answer.insert_header((RETRY_AFTER, seconds));
        }
        answer.body(serde_json::to_string(&self.problem()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use actix_web::body::to_bytes;
    use chancery_protocol::problem::Problem;

    use super::*;

    #[test]
    fn codes_are_unique_words_and_titles_are_sentences() {
        let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.text()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.text().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code}");
            assert!(code.title().ends_with('.') && code.title().len() < 90, "{code}");
            assert!((400..=599).contains(&code.status()), "{code}");
        }
    }

    #[actix_web::test]
    async fn no_internal_text_leaks_from_any_error() {
        let inner = std::io::Error::other("relation \"payloads\" of hunter2 does not exist");
        let cause: Cause = Arc::new(inner);
        for code in Code::ALL {
            let error = Error::new(*code).field("name").retry_after(7).because(cause.to_string());
            let answer = error.error_response();
            assert_eq!(answer.status().as_u16(), code.status());
            assert_eq!(answer.headers().get(CONTENT_TYPE).unwrap(), PROBLEM_JSON);
            assert_eq!(answer.headers().get(RETRY_AFTER).unwrap(), "7");
            let body = to_bytes(answer.into_body()).await.unwrap();
            assert!(!String::from_utf8_lossy(&body).contains("hunter2"), "{code}");
            assert!(!error.to_string().contains("hunter2"), "{code}");
            let problem: Problem = serde_json::from_slice(&body).unwrap();
            assert_eq!(problem.kind, format!("urn:chancery:problem:{code}"));
            assert_eq!(
                (problem.code.as_str(), problem.status, problem.title.as_str()),
                (code.text(), code.status(), code.title())
            );
            assert_eq!(
                (problem.field.as_deref(), problem.retry_after, problem.detail),
                (Some("name"), Some(7), None)
            );
            assert_eq!(Causes(&error).to_string(), cause.to_string(), "the log has it");
        }
    }

    #[test]
    fn a_damaged_record_names_its_position() {
        assert_eq!(Error::damaged(42).problem().position, Some(42));
    }

    #[test]
    fn every_status_has_a_code_of_its_class() {
        for status in 400..600 {
            let code = Code::of_status(StatusCode::from_u16(status).unwrap());
            assert_eq!(code.status() / 100, status / 100, "{status}");
        }
    }
}
