//! Who comes in, and what is said to whoever does not: the token, how much it may ask for, the body, errors as SCIM has them.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, LOCATION, RETRY_AFTER,
    WWW_AUTHENTICATE,
};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::super::Provisioning;
use super::super::scim::{self, CONTENT_TYPE as SCIM_JSON, ScimType};
use crate::access::RefusedBecause;
use crate::directory::sources::Source;
use crate::ground::db::blocking;
use crate::ground::error::{Code, Error};

/// Most bytes of a body: a group of ten thousand with room to spare.
const MAX_BODY: usize = 2 << 20;

/// A request whose token is good.
pub(super) struct Visit {
    pub house: Provisioning,
    pub source: Source,
    /// Whether it may change anything.
    pub write: bool,
    /// Where the service is, without a slash at the end.
    pub base: String,
}

/// Why something is not done.
#[derive(Debug)]
pub(super) struct Refused {
    error: scim::Error,
    header: Option<(HeaderName, String)>,
    /// Others changed the same thing meanwhile: it may be tried anew.
    pub meanwhile: bool,
}

/// What is answered.
pub(super) struct Reply {
    pub status: u16,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub body: Option<Value>,
}

impl Visit {
    /// Lets a request in by its token.
    pub(super) async fn enter(request: &HttpRequest) -> Result<Self, Refused> {
        let house = request.app_data::<web::Data<Provisioning>>();
        let house = house.ok_or_else(|| Error::internal("the application lacks a part"))?;
        let house = house.get_ref().clone();
        let token = bearer(request).ok_or_else(Refused::unknown)?.to_owned();
        let base = house.access.public_url().page(super::BASE);
        let here = house.clone();
        let (token, source) = blocking(move || here.by_token(&token)).await?.ok_or_else(Refused::unknown)?;
        if let Err(seconds) = house.allowances.take(token.id, house.journal.clock().now()) {
            return Err(Refused::with(429, "too many requests", RETRY_AFTER, seconds.to_string()));
        }
        Ok(Self { house, source, write: token.write, base })
    }
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The body, JSON by whichever of its two names.
pub(super) async fn body(request: &HttpRequest, payload: web::Payload) -> Result<Value, Refused> {
    let kind = request.content_type();
    if !["", "application/json", SCIM_JSON].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        return Err(scim::Error::plain(415, format!("the body must be {SCIM_JSON}")).into());
    }
    let too_large = || scim::Error::plain(413, format!("the body may have {MAX_BODY} bytes"));
    let read = payload.to_bytes_limited(MAX_BODY).await.map_err(|_| too_large())?;
    let wrong = |what: &str| scim::Error::bad(ScimType::InvalidSyntax, what);
    let bytes = read.map_err(|_| wrong("the body could not be read"))?;
    Ok(serde_json::from_slice(&bytes).map_err(|_| wrong("the body is no JSON"))?)
}

impl Reply {
    pub(super) fn ok(body: Value) -> Self {
        Self { status: 200, etag: None, location: None, body: Some(body) }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self { status, etag: None, location: None, body: None }
    }

    pub(super) fn response(self) -> HttpResponse {
        let mut answer = HttpResponse::build(status(self.status));
        answer.insert_header((CACHE_CONTROL, "no-store"));
        for (name, value) in [(ETAG, self.etag), (LOCATION, self.location)] {
            if let Some(value) = value {
                answer.insert_header((name, value));
            }
        }
        match self.body {
            Some(body) => answer.insert_header((CONTENT_TYPE, SCIM_JSON)).body(body.to_string()),
            None => answer.finish(),
        }
    }
}

impl Refused {
    /// No token, or one that opens nothing; nobody learns which.
    fn unknown() -> Self {
        let detail = "a token that is good is needed: Authorization: Bearer …";
        Self::with(401, detail, WWW_AUTHENTICATE, "Bearer".to_owned())
    }

    pub(super) fn method(allowed: &str) -> Self {
        let error = scim::Error::method_not_allowed();
        Self { error, header: Some((ALLOW, allowed.to_owned())), meanwhile: false }
    }

    fn with(status: u16, detail: &str, name: HeaderName, value: String) -> Self {
        Self { error: scim::Error::plain(status, detail), header: Some((name, value)), meanwhile: false }
    }

    pub(super) fn response(self) -> HttpResponse {
        let mut answer = HttpResponse::build(status(self.error.status));
        answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((CONTENT_TYPE, SCIM_JSON));
        if let Some(header) = self.header {
            answer.insert_header(header);
        }
        answer.body(self.error.to_value().to_string())
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl From<scim::Error> for Refused {
    fn from(error: scim::Error) -> Self {
        Self { error, header: None, meanwhile: false }
    }
}

impl From<Error> for Refused {
    /// What the house says, as SCIM says it.
    fn from(error: Error) -> Self {
        error.log();
        match error.code {
            Code::NotFound | Code::PersonNotFound => scim::Error::not_found().into(),
            Code::UsernameTaken => scim::Error::taken("userName").into(),
            Code::IdentityTaken => scim::Error::bad(
                ScimType::Uniqueness,
                "the account found is another resource of this source already",
            )
            .into(),
            Code::Outdated => {
                let error = scim::Error::plain(409, "the resource is being changed by others: try again");
                Self { meanwhile: true, ..error.into() }
            }
            Code::LastAdmin => {
                let detail = "this is the last administrator who can sign in; make another one first";
                scim::Error::plain(409, detail).into()
            }
            Code::StorageUnavailable | Code::Stopping => {
                Self::with(503, error.code.title(), RETRY_AFTER, "5".to_owned())
            }
            code => scim::Error::plain(code.status(), code.title()).into(),
        }
    }
}

impl From<RefusedBecause> for Refused {
    /// Why somebody cannot be taken in, so that whoever runs the provider can mend it.
    fn from(because: RefusedBecause) -> Self {
        let taken = |detail| scim::Error::bad(ScimType::Uniqueness, detail);
        match because {
            RefusedBecause::Unknown => scim::Error::plain(
                403,
                "accounts are not made by this source, and none that exists fits: see its settings",
            ),
            RefusedBecause::EmailDomain => scim::Error::plain(403, "emails: of a domain that is not let in"),
            RefusedBecause::Login => scim::Error::bad(
                ScimType::InvalidValue,
                "userName: no user name can be made of it (letters and digits before any @)",
            ),
            RefusedBecause::UsernameTaken => {
                taken("the user name made of this userName belongs to another account")
            }
            RefusedBecause::LinkedElsewhere => {
                taken("the account found, or the externalId, is linked to somebody else")
            }
            RefusedBecause::Privileged => {
                taken("the account found may do more than chat: an administrator has to link it first")
            }
            RefusedBecause::Suspended => {
                taken("the account found is suspended: an administrator has to reinstate it first")
            }
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_token_stands_behind_bearer_whatever_its_case() {
        let request =
            |value: &str| TestRequest::default().insert_header((AUTHORIZATION, value)).to_http_request();
        for value in ["Bearer chs_x", "bearer  chs_x ", "BEARER chs_x"] {
            assert_eq!(bearer(&request(value)), Some("chs_x"), "{value}");
        }
        for value in ["", "chs_x", "Basic chs_x", "Bearerchs_x"] {
            assert_eq!(bearer(&request(value)), None, "{value}");
        }
    }

    #[test]
    fn every_refusal_says_what_to_mend() {
        for (because, status) in [
            (RefusedBecause::Unknown, 403),
            (RefusedBecause::Login, 400),
            (RefusedBecause::UsernameTaken, 409),
            (RefusedBecause::LinkedElsewhere, 409),
            (RefusedBecause::Privileged, 409),
            (RefusedBecause::Suspended, 409),
        ] {
            let Refused { error, .. } = because.into();
            assert_eq!(error.status, status, "{because:?}");
            assert_eq!(error.scim_type == Some(ScimType::Uniqueness), status == 409);
            assert!(error.detail.len() > 40);
        }
        assert!(Refused::from(Error::from(Code::Outdated)).meanwhile);
        assert!(!Refused::from(Error::from(Code::UsernameTaken)).meanwhile);
    }
}
