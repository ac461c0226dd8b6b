//! What can be wrong with a provider's settings before anybody is asked.

use chancery_protocol::sources::{Algorithm, EmailTrust};
use openidconnect::core::CoreJwsSigningAlgorithm as Jws;
use serde::Serialize;
use url::{Host, Url};

pub use chancery_protocol::sources::OidcSettings as Settings;

/// What is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable, for machines and translations.
    pub code: &'static str,
    /// The setting.
    pub setting: &'static str,
    /// What is wrong and how to mend it.
    pub text: String,
}

/// How the library calls it.
pub(super) fn jws(algorithm: Algorithm) -> Jws {
    match algorithm {
        Algorithm::RS256 => Jws::RsaSsaPkcs1V15Sha256,
        Algorithm::RS384 => Jws::RsaSsaPkcs1V15Sha384,
        Algorithm::RS512 => Jws::RsaSsaPkcs1V15Sha512,
        Algorithm::PS256 => Jws::RsaSsaPssSha256,
        Algorithm::PS384 => Jws::RsaSsaPssSha384,
        Algorithm::PS512 => Jws::RsaSsaPssSha512,
        Algorithm::ES256 => Jws::EcdsaP256Sha256,
        Algorithm::ES384 => Jws::EcdsaP384Sha384,
        Algorithm::EdDSA => Jws::EdDsa,
    }
}

/// What is wrong, as far as it can be told without asking the provider. Empty: nothing.
pub fn check(settings: &Settings) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut say = |code, setting, text: &str| found.push(Problem { code, setting, text: text.to_owned() });
    match Url::parse(&settings.issuer) {
        Err(_) if settings.issuer.is_empty() => {
            say(
                "issuer-missing",
                "issuer",
                "Enter the provider's address, such as https://login.example.org.",
            );
        }
        Err(_) => say(
            "issuer-no-address",
            "issuer",
            "This is no address. Enter it as the provider's documentation gives it, beginning with https://.",
        ),
        Ok(url) => {
            if settings.issuer.contains("/.well-known/") {
                let issuer = settings.issuer.split("/.well-known/").next().unwrap_or_default();
                let text = format!(
                    "This is the address of the discovery document. Enter the issuer: {issuer} (perhaps with a slash at its end)."
                );
                say("issuer-is-document", "issuer", &text);
            }
            if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
                let text = "Enter the address without a question mark, a hash sign or a user name.";
                say("issuer-has-extras", "issuer", text);
            }
            if !allows(settings, &url) {
                let text = "The provider must be reached by https. (Plain http is for a provider on this machine, and only where that is allowed.)";
                say("issuer-not-https", "issuer", text);
            }
        }
    }
    if settings.issuer.trim() != settings.issuer || settings.client_id.trim() != settings.client_id {
        say(
            "blanks",
            "issuer",
            "Issuer and client id are taken to the character: remove blanks around them.",
        );
    }
    if settings.client_id.is_empty() {
        say("client-id-missing", "client_id", "Enter the client id this server has at the provider.");
    }
    if settings.scopes.iter().any(|scope| scope.is_empty() || !scope.bytes().all(is_scope_byte)) {
        say("scope-malformed", "scopes", "A scope is one word without blanks; enter several as several.");
    }
    if settings.algorithms.is_empty() {
        say("algorithms-none", "algorithms", "Allow at least one algorithm; most providers sign with RS256.");
    }
    if settings.claims.all().any(|name| name.is_empty() || name.split('.').any(str::is_empty)) {
        let text = "The name of a claim, or a step of its path, is empty. Enter it or leave the setting out.";
        say("claim-unnamed", "claims", text);
    }
    if settings.email_trust == EmailTrust::Claim && settings.claims.email != "email" {
        let text = "`email_verified` speaks of the claim `email` only. Take the address from `email`, or say that addresses of this provider are always right.";
        say("email-unverifiable", "claims.email", text);
    }
    if settings.email_domains.iter().any(|domain| !is_domain(domain)) {
        let text = "A domain is written as example.org: no @, no *, no blank; each subdomain by itself.";
        say("domain-malformed", "email_domains", text);
    }
    if settings.acr_values.iter().any(|acr| acr.is_empty() || acr.contains(char::is_whitespace)) {
        say("acr-malformed", "acr_values", "A level of authentication is one word without blanks.");
    }
    if settings.clock_skew_seconds > 300 {
        let text = "Clocks may differ by 300 seconds at most. Set the clocks of both machines by NTP.";
        say("skew-too-large", "clock_skew_seconds", text);
    }
    if !(1..=60).contains(&settings.timeout_seconds) {
        say("timeout-out-of-range", "timeout_seconds", "Give the provider between 1 and 60 seconds.");
    }
    if settings.ca_pem.as_deref().is_some_and(|pem| !is_certificates(pem)) {
        let text = "No certificate can be read. Paste the authority's certificate as PEM, from BEGIN CERTIFICATE to END CERTIFICATE.";
        say("ca-unreadable", "ca_pem", text);
    }
    found
}

/// Whether the provider may be asked at this address: https, or this machine where that is allowed.
pub(super) fn allows(settings: &Settings, url: &Url) -> bool {
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => settings.allow_http_on_loopback && is_loopback(url),
        _ => false,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// RFC 6749, section 3.3.
fn is_scope_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}

fn is_domain(text: &str) -> bool {
    !text.is_empty()
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !label.starts_with('-')
        })
}

fn is_certificates(pem: &str) -> bool {
    reqwest::Certificate::from_pem_bundle(pem.as_bytes()).is_ok_and(|found| !found.is_empty())
}
