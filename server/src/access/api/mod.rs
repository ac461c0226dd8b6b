//! The handlers, one file for each resource. Each takes its guard and nothing else; see `super::routes`.

pub(super) mod confirm;
pub(super) mod factors;
pub(super) mod links;
pub(super) mod password;
pub(super) mod people;
pub(super) mod providers;
pub(super) mod session;
pub(super) mod sessions;
pub(super) mod tokens;

use actix_web::HttpResponse;

/// What handlers answer.
type Answer = Result<HttpResponse, actix_web::Error>;
