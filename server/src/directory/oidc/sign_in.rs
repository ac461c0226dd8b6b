//! The way to the provider and back.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient};
use openidconnect::{
    AuthUrl, AuthenticationContextClass, ClientId, CsrfToken, IssuerUrl, JsonWebKeySet, LoginHint, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::claims::{Said, SignedIn, lacks, texts};
use super::exchange::error_name;
use super::failure::{Failure, Fault, Kind};
use super::provider::Provider;
use super::token::{self, Claims};
use crate::ground::config::Secret;

/// Seconds a person may take at the provider.
const MOST_SECONDS: i64 = 30 * 60;
/// Seconds within which everybody has signed in: ten years.
const LONG_AGO: u32 = 10 * 365 * 86_400;
/// Longest code that is passed on.
const LONGEST_CODE: usize = 8_192;

/// How recent and how strong a sign-in must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fresh {
    /// Seconds since the person last proved who they are; 0 is now. `None`: whatever the provider remembers.
    pub max_age: Option<u32>,
    /// The provider shall say when that was, however long ago. Most do so only when an age is named.
    #[serde(default)]
    pub dated: bool,
    /// One of these levels must be met. Empty: what the settings demand of everybody.
    pub acr: Vec<String>,
    /// What the provider shall ask, or not.
    pub prompt: Option<Prompt>,
}

/// What the provider shall ask, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Nothing: refuse instead.
    None,
    /// Who it is, in any case.
    Login,
    /// Whether this server may know.
    Consent,
    /// Which of several accounts.
    SelectAccount,
}

/// A sign-in that began.
pub struct Begun {
    /// Where to send the browser.
    pub url: Url,
    /// What to keep until it comes back.
    pub pending: Pending,
}

/// A sign-in under way. The caller keeps it for *this browser only* (in a sealed, short-lived, `HttpOnly`,
/// `SameSite=Lax` cookie, or in a table under the hash of such a cookie), hands it to [`Provider::finish`] once, and
/// drops it then whatever comes of it. Found by the `state` of the answer instead, it would let somebody sign a victim
/// in as themselves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    issuer: String,
    redirect_uri: String,
    state: String,
    nonce: String,
    pkce_verifier: String,
    fresh: Fresh,
    /// Seconds since 1970.
    begun_at: i64,
}

/// What the browser brings back in the query of the redirect address.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Answer {
    /// To be exchanged for tokens.
    pub code: Option<String>,
    /// Must be that of the sign-in.
    pub state: Option<String>,
    /// Which provider it comes from (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl Provider {
    /// Begins a sign-in. `login_hint` is the name the person already typed here.
    ///
    /// # Errors
    /// When the provider is not known and cannot be asked, `redirect_uri` is no address, or there is no randomness.
    pub async fn begin(
        &self,
        redirect_uri: &str,
        fresh: &Fresh,
        login_hint: Option<&str>,
    ) -> Result<Begun, Failure> {
        let document = self.document().await?;
        let seed = self.random.bytes::<96>().map_err(|_| Failure::NoRandomness)?;
        let mut parts = seed.chunks(32).map(|part| BASE64URL_NOPAD.encode(part));
        let mut part = || parts.next().unwrap_or_default();
        let pending = Pending {
            issuer: self.settings.issuer.clone(),
            redirect_uri: redirect_uri.to_owned(),
            state: part(),
            nonce: part(),
            pkce_verifier: part(),
            fresh: Fresh { acr: self.levels(fresh).to_vec(), ..fresh.clone() },
            begun_at: self.seconds(),
        };
        let unusable = |_| Failure::ReturnAddress;
        let issuer = IssuerUrl::new(pending.issuer.clone()).map_err(unusable)?;
        let client =
            CoreClient::new(ClientId::new(self.settings.client_id.clone()), issuer, JsonWebKeySet::default())
                .set_auth_uri(AuthUrl::from_url(document.authorization_endpoint.clone()))
                .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned()).map_err(unusable)?);
        let (state, nonce) = (CsrfToken::new(pending.state.clone()), Nonce::new(pending.nonce.clone()));
        let verifier = PkceCodeVerifier::new(pending.pkce_verifier.clone());
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        for scope in self.settings.scopes.iter().filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        for acr in &pending.fresh.acr {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
        }
        if let Some(seconds) = fresh.max_age.or(fresh.dated.then_some(LONG_AGO)) {
            request = request.set_max_age(std::time::Duration::from_secs(u64::from(seconds)));
        }
        if let Some(prompt) = fresh.prompt {
            request = request.add_prompt(prompt.asked());
        }
        if let Some(hint) = login_hint {
            request = request.set_login_hint(LoginHint::new(hint.to_owned()));
        }
        let (url, ..) = request.url();
        Ok(Begun { url, pending })
    }

    /// How recent a sign-in must be that shall count as fresh: as the settings say, otherwise now.
    pub fn fresh(&self) -> Fresh {
        Fresh {
            max_age: Some(self.settings.max_age_seconds.unwrap_or(0)),
            dated: true,
            acr: self.settings.acr_values.clone(),
            prompt: self.settings.max_age_seconds.is_none().then_some(Prompt::Login),
        }
    }

    /// Finishes a sign-in with what the browser brought back. `pending` must be this browser's own (see there).
    ///
    /// # Errors
    /// When the answer is not that of this sign-in, the provider refuses or cannot be asked, a token is not right in
    /// every respect, the person did not sign in as freshly or strongly as demanded, or the settings keep them out.
    pub async fn finish(&self, pending: &Pending, answer: &Answer) -> Result<SignedIn, Failure> {
        let same = |given: &str| bool::from(given.as_bytes().ct_eq(pending.state.as_bytes()));
        if !answer.state.as_deref().is_some_and(same) || pending.issuer != self.settings.issuer {
            return Err(Failure::State);
        }
        if !(-self.settings.skew()..=MOST_SECONDS).contains(&self.seconds().saturating_sub(pending.begun_at))
        {
            return Err(Failure::Late);
        }
        let document = self.document().await?;
        match &answer.iss {
            Some(issuer) if *issuer == self.settings.issuer => {}
            None if !document.answers_name_issuer => {}
            _ => return Err(Failure::AnswerIssuer),
        }
        if let Some(error) = &answer.error {
            return Err(Failure::Refused(error_name(error)));
        }
        let usable = |code: &&String| !code.is_empty() && code.len() <= LONGEST_CODE;
        let code = answer.code.as_ref().filter(usable).ok_or(Failure::NoCode)?;
        let verifier = Secret::new(pending.pkce_verifier.clone());
        let tokens = self.exchange(&document, code, &pending.redirect_uri, &verifier).await?;
        let claims = self.claims_of(tokens.id.reveal(), Kind::Id, Some(tokens.access.reveal())).await?;
        let subject = self.check_id_token(&claims, pending)?;
        let userinfo = match &document.userinfo_endpoint {
            Some(endpoint) if lacks(&claims, &self.settings) => {
                Some(self.userinfo(endpoint, &tokens.access, &subject).await?)
            }
            _ => None,
        };
        self.person(&claims, userinfo.as_ref(), subject, tokens.id)
    }

    /// The rules of an ID token beyond its signature; its `sub`.
    fn check_id_token(&self, claims: &Claims, pending: &Pending) -> Result<String, Failure> {
        let fails = Kind::Id.fails();
        token::check(claims, &self.settings, self.seconds()).map_err(fails)?;
        let nonce = token::text(claims, "nonce").unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(pending.nonce.as_bytes())) {
            return Err(fails(Fault::Nonce));
        }
        let subject = token::id(claims, "sub").map_err(fails)?.ok_or(fails(Fault::Claim("sub")))?;
        self.check_fresh(claims, pending)?;
        let wanted = &pending.fresh.acr;
        let level = token::text(claims, "acr").unwrap_or_default();
        if !wanted.is_empty() && !wanted.iter().any(|one| one == level) {
            return Err(Failure::Level);
        }
        Ok(subject)
    }

    /// Whether the person proved who they are recently enough, seen from when the sign-in began. A person may take
    /// `prompt=login` out of the address on the way to the provider, so the answer decides.
    fn check_fresh(&self, claims: &Claims, pending: &Pending) -> Result<(), Failure> {
        let proved = token::moment(claims, "auth_time").map_err(Kind::Id.fails())?;
        let skew = self.settings.skew();
        if proved.is_some_and(|proved| proved > self.seconds() + skew) {
            return Err(Kind::Id.with(Fault::Future));
        }
        let since = |seconds: u32| pending.begun_at - i64::from(seconds) - skew;
        let fresh = match (pending.fresh.max_age, pending.fresh.prompt, proved) {
            (Some(_), _, None) => false,
            (_, Some(Prompt::Login), Some(proved)) => proved >= since(0),
            (Some(seconds), _, Some(proved)) => proved >= since(seconds),
            (None, ..) => true,
        };
        if fresh { Ok(()) } else { Err(Failure::NotFresh) }
    }

    fn person(
        &self,
        claims: &Claims,
        userinfo: Option<&Claims>,
        subject: String,
        id_token: Secret,
    ) -> Result<SignedIn, Failure> {
        let (settings, fails) = (&self.settings, Kind::Id.fails());
        let said = Said { token: claims, userinfo };
        let login = said.login(settings)?;
        let (email, email_verified) = match said.email(settings) {
            Ok(email) => email,
            Err(why) => return Err(Failure::KeptOut { subject, login, why: Box::new(why) }),
        };
        Ok(SignedIn {
            issuer: settings.issuer.clone(),
            subject,
            sid: token::id(claims, "sid").map_err(fails)?,
            auth_time: token::moment(claims, "auth_time").map_err(fails)?,
            acr: token::text(claims, "acr").map(String::from),
            amr: texts(claims.get("amr")),
            display_name: said.display_name(settings).unwrap_or_else(|| login.clone()),
            login,
            email,
            email_verified,
            title: said.optional(settings.claims.title.as_ref()),
            department: said.optional(settings.claims.department.as_ref()),
            groups: said.groups(settings)?,
            id_token,
        })
    }

    fn levels<'a>(&'a self, fresh: &'a Fresh) -> &'a [String] {
        if fresh.acr.is_empty() { &self.settings.acr_values } else { &fresh.acr }
    }
}

impl Prompt {
    fn asked(self) -> CoreAuthPrompt {
        match self {
            Self::None => CoreAuthPrompt::None,
            Self::Login => CoreAuthPrompt::Login,
            Self::Consent => CoreAuthPrompt::Consent,
            Self::SelectAccount => CoreAuthPrompt::SelectAccount,
        }
    }
}

impl Pending {
    /// The `state`, to tell sign-ins of several windows of one browser apart. Never to be found by it alone.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// What was demanded of the sign-in.
    pub fn fresh(&self) -> &Fresh {
        &self.fresh
    }
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address holds state and nonce.
        f.debug_struct("Begun").field("pending", &self.pending).finish_non_exhaustive()
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("fresh", &self.fresh)
            .field("begun_at", &self.begun_at)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, error) = (self.code.is_some(), self.error.is_some());
        f.debug_struct("Answer").field("code", &code).field("error", &error).finish_non_exhaustive()
    }
}
