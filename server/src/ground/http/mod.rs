//! Manners of the web server: errors as problem details, security headers, the check of `Origin`, the embedded
//! interface, TLS. Rooms above add their routes.
//!
//! What must stay true: an answer under `/api` is never cached and, when it is an error, always a problem with a
//! code of [`error::Code`]; no internal text leaves the server. Go on with [`error`].
//!
//! An application wires it up like this, outermost wrapper last:
//!
//! ```ignore
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
pub mod tls;

pub use error::{Code, Error};
pub use extract::extractors;

/// Most bytes of the body of an HTTP request.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
