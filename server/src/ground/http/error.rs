//! How an error leaves over HTTP: RFC 9457, never cached. The table itself is [`crate::ground::error`].

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};

pub use crate::ground::error::{Code, Error};

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

/// Content type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

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
        let cause = "relation \"payloads\" of hunter2 does not exist";
        // A wrong set-up is told as `internal`, which `ground::error` tests.
        for code in Code::ALL.iter().filter(|code| **code != Code::Setup) {
            let error = Error::new(*code).field("name").retry_after(7).because(cause);
            let answer = error.error_response();
            assert_eq!(answer.status().as_u16(), code.status());
            assert_eq!(answer.headers().get(CONTENT_TYPE).unwrap(), PROBLEM_JSON);
            assert_eq!(answer.headers().get(RETRY_AFTER).unwrap(), "7");
            let body = to_bytes(answer.into_body()).await.unwrap();
            assert!(!String::from_utf8_lossy(&body).contains("hunter2"), "{code}");
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
            assert!(error.to_string().contains(cause), "the log has it");
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
