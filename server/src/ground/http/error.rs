//! How an error leaves over HTTP: as a problem document with its code's status.
//!
//! What must stay true: what goes over the wire is the code's own text and what the author of the error wrote
//! for the caller in `detail`. What is `internal` is for the log only, and an error of class 5xx is logged once,
//! where the answer leaves: by `telemetry::requests` for HTTP, by [`Error::log`] for the socket. The table of codes
//! is in [`crate::ground::error`].

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};

pub use crate::ground::error::{Code, Error};

/// Content type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

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

impl Error {
    /// An error that says no more than its code.
    pub fn new(code: Code) -> Self {
        code.into()
    }

    /// What may not be seen or is not there; the two are told apart by nobody.
    pub fn not_found() -> Self {
        Code::NotFound.into()
    }

    /// Writes an error of class 5xx to the log with its cause, in the current span, which has the request's id.
    /// HTTP answers are logged by `telemetry::requests`; the socket calls this itself, once per answer.
    pub fn log(&self) {
        if self.code.status() >= 500 {
            let cause = self.internal.as_deref().unwrap_or_default();
            tracing::error!(code = self.code.text(), position = self.position, cause, "request failed");
        }
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
    use actix_web::body::to_bytes;
    use chancery_protocol::problem::Problem;

    use super::*;

    #[actix_web::test]
    async fn no_internal_text_leaks_from_any_error() {
        for code in Code::ALL {
            let error = Error { internal: Some("relation of hunter2".into()), ..Error::new(*code) };
            let error = error.field("name").retry_after(7);
            let answer = error.error_response();
            assert_eq!(answer.status().as_u16(), code.status());
            assert_eq!(answer.headers().get(CONTENT_TYPE).unwrap(), PROBLEM_JSON);
            assert_eq!(answer.headers().get(RETRY_AFTER).unwrap(), "7");
            let body = to_bytes(answer.into_body()).await.unwrap();
            assert!(!String::from_utf8_lossy(&body).contains("hunter2"), "{code:?}");
            let problem: Problem = serde_json::from_slice(&body).unwrap();
            assert_eq!(problem.kind, format!("urn:chancery:problem:{}", code.text()));
            assert_eq!(
                (problem.code.as_str(), problem.status, problem.title.as_str()),
                (code.text(), code.status(), code.title())
            );
            assert_eq!(
                (problem.field.as_deref(), problem.retry_after, problem.detail),
                (Some("name"), Some(7), None)
            );
        }
    }

    #[test]
    fn every_status_has_a_code_of_its_class() {
        for status in 400..600 {
            let code = Code::of_status(StatusCode::from_u16(status).unwrap());
            assert_eq!(code.status() / 100, status / 100, "{status}");
        }
    }
}
