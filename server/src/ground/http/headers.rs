//! Headers of every answer, and what is special about `/api`.
//!
//! The policy allows nothing but our own files: no inline script or style, no other host. Our pages may be framed by nobody; they
//! frame mails that are looked at, which have a stricter policy of their own.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, CROSS_ORIGIN_OPENER_POLICY,
    CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue, PERMISSIONS_POLICY, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::{DefaultHeaders, Next};
use actix_web::{Error as ActixError, HttpResponse, ResponseError};

use super::error::{Code, Error, PROBLEM_JSON};

/// What pages of this server may do.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'";

const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), \
     fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), usb=(), xr-spatial-tracking=()";

/// Security headers for every answer. `https`: whether browsers come through TLS
/// ([`crate::ground::config::PublicUrl::is_https`]), also when a proxy speaks it for us.
pub fn security(https: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((REFERRER_POLICY, "no-referrer"))
        .add((CROSS_ORIGIN_OPENER_POLICY, "same-origin"))
        .add((CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"))
        .add((PERMISSIONS_POLICY, PERMISSIONS));
    if https { headers.add((STRICT_TRANSPORT_SECURITY, "max-age=31536000")) } else { headers }
}

/// Middleware: answers under `/api` are never stored unless their handler lets the browser alone keep them (`private`), and errors made below the handlers (no such route, no such
/// method) are problems like all others.
///
/// # Errors
/// Those of inner middleware, unchanged.
pub async fn api<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, ActixError> {
    let ours = is_api(request.path());
    let answer = next.call(request).await?;
    if !ours {
        return Ok(answer.map_into_left_body());
    }
    let is_problem = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON);
    let status = answer.status();
    let mut answer = if (status.is_client_error() || status.is_server_error()) && !is_problem {
        let old = answer.headers().clone();
        answer.into_response(problem(Code::of_status(status), &old)).map_into_right_body()
    } else {
        answer.map_into_left_body()
    };
    let kept =
        answer.headers().get(CACHE_CONTROL).is_some_and(|kept| kept.as_bytes().starts_with(b"private"));
    if !kept {
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(answer)
}

/// A problem that keeps what the bare answer said in headers, such as `Allow`.
fn problem(code: Code, old: &actix_web::http::header::HeaderMap) -> HttpResponse {
    let mut answer = Error::new(code).error_response();
    for (name, value) in old {
        if !answer.headers().contains_key(name) && name != actix_web::http::header::CONTENT_LENGTH {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    answer
}

/// Whether a path belongs to the interface for programs.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test, web};
    use chancery_protocol::problem::Problem;

    use super::*;

    async fn get(
        https: bool,
        method: actix_web::http::Method,
        path: &str,
    ) -> (ServiceResponseParts, Vec<u8>) {
        let app = App::new()
            .service(
                web::scope("/api/v1")
                    .service(web::resource("/fine").route(web::get().to(async || "fine")))
                    .service(
                        web::resource("/gone")
                            .route(web::get().to(async || Err::<&str, _>(Error::not_found()))),
                    )
                    .service(web::resource("/plain").route(web::get().to(HttpResponse::ServiceUnavailable))),
            )
            .route("/page", web::get().to(async || "page"))
            .wrap(from_fn(api))
            .wrap(security(https));
        let app = test::init_service(app).await;
        let request = test::TestRequest::default().method(method).uri(path).to_request();
        let response = test::call_service(&app, request).await;
        let parts = (response.status().as_u16(), response.headers().clone());
        (parts, test::read_body(response).await.to_vec())
    }

    type ServiceResponseParts = (u16, actix_web::http::header::HeaderMap);

    #[actix_web::test]
    async fn every_answer_has_the_security_headers() {
        for path in ["/page", "/api/v1/fine", "/api/v1/gone", "/api/none", "/none"] {
            let ((_, headers), _) = get(true, actix_web::http::Method::GET, path).await;
            assert_eq!(headers.get(CONTENT_SECURITY_POLICY).unwrap(), CONTENT_POLICY, "{path}");
            assert_eq!(headers.get(X_CONTENT_TYPE_OPTIONS).unwrap(), "nosniff");
            assert_eq!(headers.get(REFERRER_POLICY).unwrap(), "no-referrer");
            assert_eq!(headers.get(CROSS_ORIGIN_OPENER_POLICY).unwrap(), "same-origin");
            assert_eq!(headers.get(CROSS_ORIGIN_RESOURCE_POLICY).unwrap(), "same-origin");
            assert!(
                headers.contains_key(PERMISSIONS_POLICY) && headers.contains_key(STRICT_TRANSPORT_SECURITY)
            );
        }
        let ((_, headers), _) = get(false, actix_web::http::Method::GET, "/page").await;
        let allowed = headers.get(PERMISSIONS_POLICY).unwrap().to_str().unwrap();
        for passkeys in ["publickey-credentials-get=(self)", "publickey-credentials-create=(self)"] {
            assert!(allowed.contains(passkeys), "our own pages show and make passkeys: {allowed}");
        }
        assert!(!headers.contains_key(STRICT_TRANSPORT_SECURITY), "not over plain HTTP");
        assert!(!CONTENT_POLICY.contains("unsafe-inline") && !CONTENT_POLICY.contains("  "));
    }

    #[actix_web::test]
    async fn answers_under_api_are_never_stored_and_errors_are_problems() {
        use actix_web::http::Method;
        for (method, path, status, code) in [
            (Method::GET, "/api/v1/fine", 200, None),
            (Method::GET, "/api/v1/gone", 404, Some("not_found")),
            (Method::GET, "/api/v1/none", 404, Some("not_found")),
            (Method::GET, "/api", 404, Some("not_found")),
            (Method::POST, "/api/v1/fine", 405, Some("method_not_allowed")),
            (Method::GET, "/api/v1/plain", 503, Some("storage_unavailable")),
        ] {
            let ((found, headers), body) = get(false, method, path).await;
            assert_eq!(found, status, "{path}");
            assert_eq!(headers.get(CACHE_CONTROL).unwrap(), "no-store", "{path}");
            if let Some(code) = code {
                assert_eq!(headers.get(CONTENT_TYPE).unwrap(), PROBLEM_JSON, "{path}");
                assert_eq!(serde_json::from_slice::<Problem>(&body).unwrap().code, code, "{path}");
            }
        }
        let ((_, headers), _) = get(false, actix_web::http::Method::GET, "/page").await;
        assert!(!headers.contains_key(CACHE_CONTROL));
    }
}
