//! What is said when a body, a path or a query cannot be read: a problem, without repeating what was sent.

use actix_web::HttpRequest;
use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::web::{JsonConfig, PathConfig, PayloadConfig, QueryConfig, ServiceConfig};

use super::MAX_BODY_BYTES;
use super::error::{Code, Error};

/// Sets limits and answers of actix's extractors for the whole application.
pub fn extractors(config: &mut ServiceConfig) {
    config
        .app_data(PayloadConfig::new(MAX_BODY_BYTES))
        .app_data(JsonConfig::default().limit(MAX_BODY_BYTES).error_handler(json))
        .app_data(PathConfig::default().error_handler(path))
        .app_data(QueryConfig::default().error_handler(query));
}

fn json(error: JsonPayloadError, _: &HttpRequest) -> actix_web::Error {
    json_problem(&error).into()
}

/// What is wrong with a body.
pub fn json_problem(error: &JsonPayloadError) -> Error {
    match error {
        JsonPayloadError::OverflowKnownLength { limit, .. } | JsonPayloadError::Overflow { limit } => {
            Error::new(Code::PayloadTooLarge).detail(format!("The body may have {limit} bytes."))
        }
        JsonPayloadError::ContentType => {
            Error::new(Code::BadRequest).detail("The body must be application/json; say so in Content-Type.")
        }
        JsonPayloadError::Deserialize(error) => Error::new(Code::BadRequest).detail(json_detail(error)),
        _ => Error::new(Code::BadRequest).detail("The body could not be read."),
    }
}

/// Where and in what way JSON is wrong. serde's own text may repeat a value, and the value may be a password; only
/// the name of a field that is missing, which comes from our own types, is passed on.
pub fn json_detail(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let text = error.to_string();
    let what = match error.classify() {
        Category::Data if text.starts_with("missing field `") => {
            let field = text.split('`').nth(1).unwrap_or_default();
            format!("The field `{field}` is missing")
        }
        Category::Data if text.starts_with("unknown field") => {
            "There is a field that is not known".to_owned()
        }
        Category::Data => "A value has the wrong type".to_owned(),
        Category::Eof => "The JSON ends too early".to_owned(),
        Category::Syntax | Category::Io => "This is not JSON".to_owned(),
    };
    format!("{what} (line {}, column {}).", error.line(), error.column())
}

/// An address that no id can be read from leads nowhere.
fn path(_: PathError, _: &HttpRequest) -> actix_web::Error {
    Error::not_found().into()
}

fn query(_: QueryPayloadError, _: &HttpRequest) -> actix_web::Error {
    Error::new(Code::BadRequest).detail("The part of the address behind ? could not be understood.").into()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{CONTENT_TYPE, ContentType};
    use actix_web::{App, test, web};
    use chancery_protocol::http::SignIn;
    use chancery_protocol::problem::Problem;

    use super::*;

    async fn answer(request: test::TestRequest) -> (u16, Problem, String) {
        let app = App::new()
            .configure(extractors)
            .route("/in", web::post().to(async |_: web::Json<SignIn>| "in"))
            .route("/of/{id}", web::get().to(async |_: web::Path<u32>| "of"))
            .route("/q", web::get().to(async |_: web::Query<std::collections::HashMap<String, u32>>| "q"));
        let app = test::init_service(app).await;
        let response = test::call_service(&app, request.to_request()).await;
        let status = response.status().as_u16();
        assert_eq!(response.headers().get(CONTENT_TYPE).unwrap(), super::super::error::PROBLEM_JSON);
        let body = test::read_body(response).await;
        (status, serde_json::from_slice(&body).unwrap(), String::from_utf8_lossy(&body).into_owned())
    }

    fn post(body: impl Into<web::Bytes>) -> test::TestRequest {
        test::TestRequest::post().uri("/in").insert_header(ContentType::json()).set_payload(body)
    }

    #[actix_web::test]
    async fn a_bad_body_is_a_problem_that_repeats_nothing() {
        for (body, word) in [
            ("{", "ends too early"),
            ("nonsense hunter2", "not JSON"),
            ("{\"username\":\"a\"}", "`password` is missing"),
            ("{\"username\":\"a\",\"password\":\"b\",\"hunter2\":1}", "not known"),
            ("{\"username\":\"a\",\"password\":\"b\",\"keep\":\"hunter2\"}", "wrong type"),
        ] {
            let (status, problem, text) = answer(post(body)).await;
            assert_eq!((status, problem.code.as_str()), (400, "bad_request"), "{body}");
            assert!(text.contains(word) && !text.contains("hunter2"), "{text}");
        }
        let (status, problem, _) = answer(post(vec![b' '; MAX_BODY_BYTES + 1])).await;
        assert_eq!((status, problem.code.as_str()), (413, "payload_too_large"));
        let (status, ..) = answer(test::TestRequest::post().uri("/in").set_payload("{}")).await;
        assert_eq!(status, 400, "without a content type");
    }

    #[actix_web::test]
    async fn a_bad_address_is_a_problem() {
        let (status, problem, _) = answer(test::TestRequest::get().uri("/of/hunter2")).await;
        assert_eq!((status, problem.code.as_str()), (404, "not_found"));
        let (status, problem, text) = answer(test::TestRequest::get().uri("/q?a=hunter2")).await;
        assert_eq!((status, problem.code.as_str()), (400, "bad_request"));
        assert!(!text.contains("hunter2"));
    }
}
