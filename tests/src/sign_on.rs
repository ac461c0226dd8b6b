//! Single sign-on through the front door: sources made by an administrator, and people who come back from a provider.

use chancery_protocol::approvals::RequestMade;
use chancery_protocol::http::{BeginSignIn, FinishSignIn, SignInBegun, SignInFinished};
use chancery_protocol::ids::{PersonId, RequestId, SourceId};
use chancery_protocol::person::Role;
use chancery_protocol::sources::{
    Admission, Connection, LdapSettings, Linking, NewIdentity, OidcSettings, SetSource, Source, SourceForm,
    SourceMade, Sources,
};
use reqwest::Method;
use url::Url;

use crate::http::{COOKIE, Caller, Refusal, http, refusal, session_cookie};
use crate::visitor::{Seen, Visitor, field};

/// A sign-in that a browser began: where it goes, and the cookie it keeps.
pub struct UnderWay {
    /// At the provider.
    pub url: Url,
    /// `name=value`.
    pub cookie: String,
}

/// A provider on this machine, with the claims the throwaway ones give.
pub fn oidc(name: &str, issuer: &str, client_id: &str, secret: &str) -> SetSource {
    let mut settings = OidcSettings {
        issuer: issuer.to_owned(),
        client_id: client_id.to_owned(),
        allow_http_on_loopback: true,
        ..OidcSettings::default()
    };
    settings.scopes.push("groups".to_owned());
    settings.claims.groups = Some("groups".to_owned());
    source(name, Connection::Oidc(Box::new(settings)), Some(secret))
}

/// A directory.
pub fn ldap(name: &str, settings: LdapSettings, password: &str) -> SetSource {
    source(name, Connection::Ldap(Box::new(settings)), Some(password))
}

/// A source that makes accounts.
pub fn source(name: &str, connection: Connection, secret: Option<&str>) -> SetSource {
    let admission = Admission { create: true, link: Linking::Never, roles: vec![Role::Employee] };
    let form = SourceForm { name: name.to_owned(), enabled: true, admission, connection };
    SetSource { form, secret: secret.map(str::to_owned), was: None }
}

impl Caller {
    /// Makes a source.
    ///
    /// # Errors
    /// The refusal.
    pub async fn make_source(&self, form: &SetSource) -> Result<SourceId, Refusal> {
        let made: SourceMade = self.call(Method::POST, "/sources", Some(form)).await?;
        Ok(made.id)
    }

    /// Changes a source as it is now.
    ///
    /// # Errors
    /// The refusal.
    pub async fn change_source(&self, id: SourceId, form: &SetSource) -> Result<(), Refusal> {
        let was = Some(self.source(id).await?.revision);
        let form = SetSource { was, ..form.clone() };
        self.tell(Method::PUT, &format!("/sources/{id}"), Some(&form)).await
    }

    /// Links an identity to an account; answers with the request where a second person has to agree.
    ///
    /// # Errors
    /// The refusal.
    ///
    /// # Panics
    /// When it is answered by neither.
    pub async fn link(
        &self,
        source: SourceId,
        subject: &str,
        person: PersonId,
    ) -> Result<Option<RequestId>, Refusal> {
        let reason = Some("What they are called at the company.".to_owned());
        let form = NewIdentity { source, subject: subject.to_owned(), person, reason };
        let body = serde_json::to_vec(&form).unwrap();
        let response = self.send(Method::POST, "/api/v1/identities", Some(body)).await;
        match response.status().as_u16() {
            204 => Ok(None),
            202 => Ok(Some(response.json::<RequestMade>().await.unwrap().id)),
            _ => Err(refusal(response).await),
        }
    }

    /// Asks that an identity be linked to an account with a duty, and somebody else agrees.
    ///
    /// # Panics
    /// When one of them is refused, or nobody had to agree.
    pub async fn link_with(&self, second: &Self, source: SourceId, subject: &str, person: PersonId) {
        let request = self.link(source, subject, person).await.unwrap().expect("a second person is needed");
        second.agree(request).await.unwrap();
    }

    /// A source.
    ///
    /// # Errors
    /// The refusal.
    ///
    /// # Panics
    /// When there is no such source.
    pub async fn source(&self, id: SourceId) -> Result<Source, Refusal> {
        let all: Sources = self.call(Method::GET, "/sources", None::<&()>).await?;
        Ok(all.sources.into_iter().find(|source| source.id == id).unwrap())
    }

    /// Begins a sign-in at a provider.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_sign_in(&self, source: SourceId, to: &str) -> Result<UnderWay, Refusal> {
        self.begin_at_provider(source, to, false).await
    }

    /// Begins to confirm the session there is, at a provider.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_confirming(&self, source: SourceId) -> Result<UnderWay, Refusal> {
        self.begin_at_provider(source, "", true).await
    }

    async fn begin_at_provider(
        &self,
        source: SourceId,
        to: &str,
        confirm: bool,
    ) -> Result<UnderWay, Refusal> {
        let form = BeginSignIn { source, to: to.to_owned(), keep: false, confirm, login_hint: None };
        let body = serde_json::to_vec(&form).unwrap();
        let answer = self.send(Method::POST, "/api/v1/session/begin", Some(body)).await;
        if !answer.status().is_success() {
            return Err(refusal(answer).await);
        }
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        for part in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let begun: SignInBegun = answer.json().await.unwrap();
        Ok(UnderWay { url: begun.url.parse().unwrap(), cookie })
    }

    /// Finishes it with what the browser brings back; also answers where to go on to.
    ///
    /// # Errors
    /// The refusal.
    pub async fn finish_sign_in(&self, cookie: &str, back: &Url) -> Result<(Self, String), Refusal> {
        let answer = self.bring_back(cookie, back).await?;
        let cookie = session_cookie(&answer).expect("no session cookie was set");
        let finished: SignInFinished = answer.json().await.unwrap();
        let info = finished.session;
        let caller =
            Self { cookie: Some(cookie), csrf: Some(info.csrf), me: Some(info.me), ..self.signed_out() };
        Ok((caller, finished.to))
    }

    /// Finishes the confirmation of the session there is; no cookie is set.
    ///
    /// # Errors
    /// The refusal.
    pub async fn finish_confirming(&self, cookie: &str, back: &Url) -> Result<(), Refusal> {
        let own = self.cookie.as_deref().map(|own| format!("{COOKIE}={own}; ")).unwrap_or_default();
        let answer = self.bring_back(&format!("{own}{cookie}"), back).await?;
        assert!(session_cookie(&answer).is_none(), "the session's cookie stays as it is");
        let finished: SignInFinished = answer.json().await.unwrap();
        assert!(finished.confirmed);
        Ok(())
    }

    async fn bring_back(&self, cookies: &str, back: &Url) -> Result<reqwest::Response, Refusal> {
        let form = brought_back(back);
        let mut request = http()
            .post(format!("http://{}/api/v1/session/return", self.address))
            .header("content-type", "application/json")
            .body(serde_json::to_vec(&form).unwrap());
        if let Some(origin) = &self.origin {
            request = request.header("origin", origin);
        }
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        let answer = request.send().await.unwrap();
        if answer.status().is_success() { Ok(answer) } else { Err(refusal(answer).await) }
    }
}

fn brought_back(back: &Url) -> FinishSignIn {
    let value =
        |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    FinishSignIn { code: value("code"), state: value("state"), iss: value("iss"), error: value("error") }
}

/// Signs in at npm `oidc-provider`, wherever it asks, until it sends the browser back to `ours`.
pub async fn at_oidc_provider(visitor: &mut Visitor, url: &Url, login: &str, ours: &str) -> Url {
    let mut seen = visitor.go(url, None, ours).await;
    for _ in 0..4 {
        let (at, text) = match seen {
            Seen::Back(url) => return url,
            Seen::Page { at, text, .. } => (at, text),
        };
        let form: &[(&str, &str)] = if text.contains(r#"name="login""#) {
            &[("prompt", "login"), ("login", login), ("password", "x")]
        } else {
            &[("prompt", "consent")]
        };
        seen = visitor.go(&at, Some(form), ours).await;
    }
    panic!("never sent back: {seen:?}");
}

/// Signs in at LemonLDAP::NG, where name and password are the same.
pub async fn at_lemonldap(visitor: &mut Visitor, url: &Url, login: &str, ours: &str) -> Url {
    match visitor.go(url, None, ours).await {
        Seen::Back(back) => back,
        Seen::Page { at, text, .. } => {
            let hidden = field(&text, "url").unwrap_or_default().to_owned();
            let form = [("url", hidden.as_str()), ("user", login), ("password", login)];
            match visitor.go(&at, Some(&form), ours).await {
                Seen::Back(back) => back,
                Seen::Page { status, text, .. } => panic!("{status}: {text}"),
            }
        }
    }
}
