//! Manners of the web server: errors as problem details, security headers, the check of `Origin`, the embedded
//! interface, TLS. Rooms above add their routes.
//!
//! What must stay true: an answer under `/api` is never cached and, when it is an error, always a problem with a
//! code of [`error::Code`]; no internal text leaves the server. Go on with [`error`].
//!
//! An application wires it up like this, outermost wrapper last:
//!
//! ```text
//! App::new()
//!     .configure(http::extractors)
//!     .app_data(assets)                                     // web::Data<Assets>
//!     .service(web::scope("/api/v1").configure(access::routes))
//!     .default_service(web::to(assets::serve))
//!     .wrap(from_fn(headers::api))
//!     .wrap(headers::security(https))
//!     .wrap(from_fn(telemetry::requests))                   // needs web::Data<RequestIds>
//! ```

pub mod assets;
pub mod error;
mod extract;
pub mod headers;
pub mod origin;
mod proxies;
pub mod tls;
mod traffic;

pub use error::{Code, Error};
pub use extract::{extractors, json_detail, json_problem};
pub use traffic::Traffic;

/// Most bytes of the body of an HTTP request.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test, web};

    use super::*;
    use crate::ground::telemetry::{REQUEST_ID, RequestIds, requests};

    #[actix_web::test]
    async fn an_application_put_together_as_documented_answers_everything_in_good_manners() {
        let app = App::new()
            .configure(extractors)
            .app_data(web::Data::new(assets::Assets::new([])))
            .app_data(web::Data::new(RequestIds::new(1)))
            .service(web::scope("/api/v1").route("/server", web::get().to(HttpResponse::NoContent)))
            .default_service(web::to(assets::serve))
            .wrap(from_fn(headers::api))
            .wrap(headers::security(true))
            .wrap(from_fn(requests));
        let app = test::init_service(app).await;
        for (path, status) in
            [("/api/v1/server", 204), ("/api/v2", 404), ("/assets/x.js", 404), ("/chats", 503)]
        {
            let answer = test::call_service(&app, test::TestRequest::get().uri(path).to_request()).await;
            assert_eq!(answer.status().as_u16(), status, "{path}");
            for name in
                ["content-security-policy", "x-content-type-options", "cache-control", REQUEST_ID.as_str()]
            {
                assert!(answer.headers().contains_key(name), "{path}: {name}");
            }
        }
    }
}
