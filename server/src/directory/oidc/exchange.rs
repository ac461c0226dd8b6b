//! What is asked of the provider once somebody came back: the tokens for the code, and the userinfo.
//!
//! The library's own token request is not used: it reads every standard claim strictly, so that one odd claim nobody
//! needs shuts people out, it keeps whole answers with tokens in its errors, and it panics at access tokens that fit no
//! header.

use data_encoding::BASE64;
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::ClientAuthentication;
use super::document::Document;
use super::failure::{Failure, What, plain};
use super::provider::Provider;
use super::token::Claims;
use crate::ground::config::Secret;

/// What a code is worth.
pub(super) struct Tokens {
    pub access: Secret,
    pub id: Secret,
}

impl Provider {
    /// Exchanges a code.
    pub(super) async fn exchange(
        &self,
        document: &Document,
        code: &str,
        redirect_uri: &str,
        verifier: &Secret,
    ) -> Result<Tokens, Failure> {
        let (form, authorization) = self.token_request(code, redirect_uri, verifier);
        let reply = self.http.post(What::Tokens, &document.token_endpoint, form, authorization).await?;
        let object = reply.object();
        let text = |name: &str| object.as_ref().and_then(|object| object.get(name)).and_then(Value::as_str);
        match reply.status.as_u16() {
            200 => {}
            400..=499 => return Err(Failure::CodeRefused(error_name(text("error").unwrap_or_default()))),
            status => return Err(Failure::Status { what: What::Tokens, status }),
        }
        let bearer = text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
        let access = text("access_token").filter(|token| bearer && is_token(token));
        let access = access.ok_or(Failure::Unreadable(What::Tokens))?;
        let id = text("id_token").ok_or(Failure::NoIdToken)?;
        Ok(Tokens { access: Secret::new(access), id: Secret::new(id) })
    }

    /// Body and `Authorization` header of the question for tokens.
    fn token_request(&self, code: &str, redirect_uri: &str, verifier: &Secret) -> (String, Option<String>) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code").append_pair("code", code);
        form.append_pair("redirect_uri", redirect_uri).append_pair("code_verifier", verifier.reveal());
        let id = self.settings.client_id.as_str();
        let mut authorization = None;
        match (&self.secret, self.settings.client_authentication) {
            (None, _) => {
                form.append_pair("client_id", id);
            }
            (Some(secret), ClientAuthentication::Post) => {
                form.append_pair("client_id", id).append_pair("client_secret", secret.reveal());
            }
            (Some(secret), ClientAuthentication::Basic) => {
                // RFC 6749, 2.3.1: both are encoded as in a form first.
                let encoded =
                    |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let both = format!("{}:{}", encoded(id), encoded(secret.reveal()));
                authorization = Some(format!("Basic {}", BASE64.encode(both.as_bytes())));
            }
        }
        (form.finish(), authorization)
    }

    /// Asks what else the provider says about the person of the ID token.
    pub(super) async fn userinfo(
        &self,
        endpoint: &Url,
        access: &Secret,
        subject: &str,
    ) -> Result<Claims, Failure> {
        let reply = self.http.get_as(What::Userinfo, endpoint, access.reveal()).await?;
        match reply.status.as_u16() {
            200 => {}
            status => return Err(Failure::Status { what: What::Userinfo, status }),
        }
        let claims = reply.object().ok_or(Failure::Unreadable(What::Userinfo))?;
        if claims.get("sub").and_then(Value::as_str) == Some(subject) {
            Ok(claims)
        } else {
            Err(Failure::OtherPerson)
        }
    }
}

/// RFC 6750, 2.1: only these may stand in a header.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The name of an error, if it looks like those of RFC 6749.
pub(super) fn error_name(error: &str) -> String {
    let is_name = error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    plain(if is_name { error } else { "" }, 40)
}
