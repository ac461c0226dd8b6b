//! The check of `Origin`: what changes something must come from our own pages.
//!
//! Browsers send `Origin` with every unsafe method and every socket. A request without it comes from no page
//! (a script, a command line) and is let through to the check of the CSRF token, unless `Sec-Fetch-Site` says that
//! a page elsewhere sent it. On the socket upgrade a missing `Origin` is refused: nothing else protects a socket
//! from a foreign page.

use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName, ORIGIN};

use super::error::{Code, Error};
use crate::ground::config::PublicUrl;

/// What a request without `Origin` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Plain HTTP: allowed, the CSRF token decides.
    Allowed,
    /// The socket upgrade: refused.
    Refused,
}

/// Whether a method may change something, so that `Origin` and CSRF token must be checked.
pub fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses what comes from a foreign page.
///
/// # Errors
/// [`Code::ForeignOrigin`].
pub fn check(headers: &HeaderMap, own: &PublicUrl, missing: Missing) -> Result<(), Error> {
    let mut origins = headers.get_all(ORIGIN);
    let fine = match (origins.next(), origins.next()) {
        (Some(origin), None) => origin.as_bytes() == own.origin().as_bytes(),
        (None, _) => missing == Missing::Allowed && !fetched_from_elsewhere(headers),
        (Some(_), Some(_)) => false,
    };
    if fine {
        return Ok(());
    }
    Err(Error::new(Code::ForeignOrigin).detail(format!("This server is used at {own} only.")))
}

fn fetched_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get(HeaderName::from_static("sec-fetch-site"));
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn verdict(own: &str, headers: &[(&'static str, &'static str)], missing: Missing) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        check(&map, &PublicUrl::parse(own).unwrap(), missing).is_ok()
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let own = "https://chat.example.com";
        for (origin, fine) in [
            ("https://chat.example.com", true),
            ("https://chat.example.com:443", false),
            ("http://chat.example.com", false),
            ("https://chat.example.com.evil.example", false),
            ("https://evil.example", false),
            ("null", false),
            ("", false),
        ] {
            for missing in [Missing::Allowed, Missing::Refused] {
                assert_eq!(verdict(own, &[("origin", origin)], missing), fine, "{origin}");
            }
        }
        assert!(!verdict(own, &[("origin", own), ("origin", own)], Missing::Allowed), "twice is a trick");
        assert!(verdict("http://127.0.0.1:8080", &[("origin", "http://127.0.0.1:8080")], Missing::Refused));
        assert!(!verdict("http://127.0.0.1:8080", &[("origin", "http://localhost:8080")], Missing::Refused));
    }

    #[test]
    fn a_missing_origin_is_refused_on_the_socket_and_from_a_foreign_page() {
        let own = "https://chat.example.com";
        assert!(verdict(own, &[], Missing::Allowed));
        assert!(!verdict(own, &[], Missing::Refused));
        assert!(verdict(own, &[("sec-fetch-site", "same-origin")], Missing::Allowed));
        assert!(verdict(own, &[("sec-fetch-site", "none")], Missing::Allowed));
        assert!(!verdict(own, &[("sec-fetch-site", "cross-site")], Missing::Allowed));
        assert!(!verdict(own, &[("sec-fetch-site", "same-site")], Missing::Allowed));
    }

    #[test]
    fn methods_that_change_something_are_unsafe() {
        assert!([Method::POST, Method::PUT, Method::PATCH, Method::DELETE].iter().all(is_unsafe));
        assert!(![Method::GET, Method::HEAD, Method::OPTIONS].iter().any(is_unsafe));
    }
}
