//! The plain HTTP interface, spoken by hand: cookie, Origin and CSRF token are the test's to send or not.

use std::sync::OnceLock;

use chancery_protocol::accounts::{Bulk, BulkAct, BulkAnswer, ChangeEmail, ChangePerson};
use chancery_protocol::http::{
    Account, Accounts, ChangePassword, Invite, Invited, IssuedLink, LinkInfo, LinkToken, RedeemLink,
    SessionInfo, Sessions, SetRoles, SignIn, SignedOut,
};
use chancery_protocol::ids::PersonId;
use chancery_protocol::mail::{Outbox, OutboxMail};
use chancery_protocol::person::{GuestTerms, Person, Role};
use chancery_protocol::problem::Problem;
use reqwest::{Method, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::tokens::in_days;

/// Name of the session cookie.
pub const COOKIE: &str = "__Host-chancery";
/// Name of the cookie by which a device is known.
pub const DEVICE: &str = "__Host-chancery-device";

/// Somebody who calls a server, signed in or not.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Host and port the line goes to.
    pub address: String,
    /// What the browser says it comes from; nothing when absent.
    pub origin: Option<String>,
    /// The session token.
    pub cookie: Option<String>,
    /// The CSRF token.
    pub csrf: Option<String>,
    /// An access token: a program instead of a browser.
    pub token: Option<String>,
    /// By what the device is known.
    pub device: Option<String>,
    /// Where a proxy before the server says that the caller is.
    pub from: Option<String>,
    /// Who one is, once signed in.
    pub me: Option<Person>,
}

/// An answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The problem, when the body was one.
    pub problem: Option<Problem>,
}

impl Refusal {
    /// The problem's code.
    pub fn code(&self) -> &str {
        self.problem.as_ref().map_or("(no problem document)", |problem| &problem.code)
    }
}

/// The client under all calls.
pub fn http() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .timeout(crate::patience::patience())
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .build()
            .unwrap()
    })
}

impl Caller {
    /// Somebody who has not signed in.
    pub fn stranger(address: &str, origin: &str) -> Self {
        Self {
            address: address.to_owned(),
            origin: Some(origin.to_owned()),
            cookie: None,
            csrf: None,
            token: None,
            device: None,
            from: None,
            me: None,
        }
    }

    /// Without a session, at the same place, on another device.
    pub fn signed_out(&self) -> Self {
        Self { device: None, ..self.same_device() }
    }

    /// Without a session, on the same device.
    pub fn same_device(&self) -> Self {
        Self { cookie: None, csrf: None, token: None, me: None, ..self.clone() }
    }

    /// A program that has an access token, and nothing a browser has.
    pub fn program(&self, token: &str, me: Option<Person>) -> Self {
        Self { origin: None, token: Some(token.to_owned()), me, ..self.signed_out() }
    }

    /// Somewhere else, as a proxy says.
    pub fn from(&self, address: &str) -> Self {
        Self { from: Some(address.to_owned()), ..self.clone() }
    }

    /// The person signed in.
    ///
    /// # Panics
    /// When nobody is.
    pub fn id(&self) -> PersonId {
        self.me.as_ref().expect("nobody is signed in").id
    }

    /// Sends a request with everything a browser would add.
    pub async fn send(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Response {
        let mut request = http().request(method, format!("http://{}{path}", self.address));
        if let Some(origin) = &self.origin {
            request = request.header("origin", origin);
        }
        let cookies = [(COOKIE, &self.cookie), (DEVICE, &self.device)];
        let cookies = cookies.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        if let Some(from) = &self.from {
            request = request.header("x-forwarded-for", from);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(csrf) = &self.csrf {
            request = request.header(chancery_protocol::CSRF_HEADER, csrf);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        request.send().await.unwrap_or_else(|problem| panic!("{path}: {problem:?}"))
    }

    async fn answer(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Result<Response, Refusal> {
        let response = self.send(method, &format!("/api/v1{path}"), body).await;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(refusal(response).await)
    }

    /// Calls and reads the answer.
    ///
    /// # Errors
    /// The refusal, when the answer is none of the successes.
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<T, Refusal> {
        let body = body.map(|body| serde_json::to_vec(body).unwrap());
        let text = self.answer(method, path, body).await?.text().await.unwrap();
        Ok(serde_json::from_str(&text).unwrap_or_else(|problem| panic!("{path}: {problem} in {text}")))
    }

    /// Calls something that answers without a body.
    ///
    /// # Errors
    /// The refusal.
    pub async fn tell(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<(), Refusal> {
        let body = body.map(|body| serde_json::to_vec(body).unwrap());
        let response = self.answer(method, path, body).await?;
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{path}");
        Ok(())
    }

    pub(crate) async fn begin_session(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<Self, Refusal> {
        let body = serde_json::to_vec(body).unwrap();
        let response = self.answer(Method::POST, path, Some(body)).await?;
        let cookie = session_cookie(&response).unwrap_or_else(|| panic!("{path} set no session cookie"));
        let device = cookie_of(&response, DEVICE);
        let info: SessionInfo = response.json().await.unwrap();
        Ok(Self {
            cookie: Some(cookie),
            csrf: Some(info.csrf),
            me: Some(info.me),
            device,
            ..self.signed_out()
        })
    }

    /// Signs in.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_in(&self, username: &str, password: &str) -> Result<Self, Refusal> {
        let body = SignIn { username: username.to_owned(), password: password.to_owned(), keep: false };
        self.begin_session("/session", &body).await
    }

    /// Signs out; answers where to go to sign out elsewhere too.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_out(&self) -> Result<Option<String>, Refusal> {
        let signed_out: SignedOut = self.call(Method::DELETE, "/session", None::<&()>).await?;
        Ok(signed_out.next)
    }

    /// Who one is.
    ///
    /// # Errors
    /// The refusal.
    pub async fn session(&self) -> Result<SessionInfo, Refusal> {
        self.call(Method::GET, "/session", None::<&()>).await
    }

    /// One's own devices.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sessions(&self) -> Result<Sessions, Refusal> {
        self.call(Method::GET, "/sessions", None::<&()>).await
    }

    /// Chooses another password.
    ///
    /// # Errors
    /// The refusal.
    pub async fn change_password(&self, current: &str, new: &str) -> Result<(), Refusal> {
        let body = ChangePassword { current: current.to_owned(), new: new.to_owned() };
        self.tell(Method::POST, "/password", Some(&body)).await
    }

    /// What a one-time link would do.
    ///
    /// # Errors
    /// The refusal.
    pub async fn inspect_link(&self, link: &str) -> Result<LinkInfo, Refusal> {
        self.call(Method::POST, "/links/inspect", Some(&LinkToken { token: token_of(link) })).await
    }

    /// Uses a one-time link of an invited person.
    ///
    /// # Errors
    /// The refusal.
    pub async fn redeem_link(&self, link: &str, password: &str) -> Result<Self, Refusal> {
        let body =
            RedeemLink { token: token_of(link), password: password.to_owned(), username: None, name: None };
        self.begin_session("/links/redeem", &body).await
    }

    /// Uses the set-up link.
    ///
    /// # Errors
    /// The refusal.
    pub async fn set_up(
        &self,
        link: &str,
        username: &str,
        name: &str,
        password: &str,
    ) -> Result<Self, Refusal> {
        let body = RedeemLink {
            token: token_of(link),
            password: password.to_owned(),
            username: Some(username.to_owned()),
            name: Some(name.to_owned()),
        };
        self.begin_session("/links/redeem", &body).await
    }

    /// Invites somebody; a guest for a year, for whom the caller answers.
    ///
    /// # Errors
    /// The refusal.
    pub async fn invite(&self, username: &str, name: &str, roles: &[Role]) -> Result<Invited, Refusal> {
        self.invite_with(username, name, roles, self.terms(roles)).await
    }

    /// Invites somebody on these terms.
    ///
    /// # Errors
    /// The refusal.
    pub async fn invite_with(
        &self,
        username: &str,
        name: &str,
        roles: &[Role],
        guest: Option<GuestTerms>,
    ) -> Result<Invited, Refusal> {
        let (username, name) = (username.to_owned(), name.to_owned());
        let body = Invite { username, name, roles: roles.to_vec(), guest, email: None, mail: false };
        self.invite_as(&body).await
    }

    /// Invites somebody, with everything that can be said.
    ///
    /// # Errors
    /// The refusal.
    pub async fn invite_as(&self, body: &Invite) -> Result<Invited, Refusal> {
        self.call(Method::POST, "/people", Some(body)).await
    }

    /// A year, and oneself as the sponsor, when the roles are a guest's.
    fn terms(&self, roles: &[Role]) -> Option<GuestTerms> {
        let sponsor = self.me.as_ref()?.id;
        roles.contains(&Role::Guest).then(|| GuestTerms { sponsor, ends_at: in_days(365) })
    }

    /// Sets a guest's terms anew.
    ///
    /// # Errors
    /// The refusal.
    pub async fn set_guest(&self, person: PersonId, terms: GuestTerms) -> Result<(), Refusal> {
        self.tell(Method::PUT, &format!("/people/{person}/guest"), Some(&terms)).await
    }

    /// The first accounts by name.
    ///
    /// # Errors
    /// The refusal.
    pub async fn accounts(&self) -> Result<Accounts, Refusal> {
        self.accounts_where("").await
    }

    /// The accounts a query asks for, as it stands in the address behind `?`.
    ///
    /// # Errors
    /// The refusal.
    pub async fn accounts_where(&self, query: &str) -> Result<Accounts, Refusal> {
        self.call(Method::GET, &format!("/people?{query}"), None::<&()>).await
    }

    /// One account.
    ///
    /// # Errors
    /// The refusal.
    pub async fn account(&self, person: PersonId) -> Result<Account, Refusal> {
        self.call(Method::GET, &format!("/people/{person}"), None::<&()>).await
    }

    /// Calls somebody something else.
    ///
    /// # Errors
    /// The refusal.
    pub async fn rename(&self, person: PersonId, was: &str, name: &str) -> Result<(), Refusal> {
        let body = ChangePerson { name: name.to_owned(), was: was.to_owned(), email: None };
        self.tell(Method::PUT, &format!("/people/{person}"), Some(&body)).await
    }

    /// Gives somebody another e-mail address in place of `was`; empty for none.
    ///
    /// # Errors
    /// The refusal.
    pub async fn set_email(&self, person: PersonId, was: &str, address: &str) -> Result<(), Refusal> {
        let name = self.account(person).await?.person.name;
        let email = Some(ChangeEmail { address: address.to_owned(), was: was.to_owned() });
        let body = ChangePerson { name: name.clone(), was: name, email };
        self.tell(Method::PUT, &format!("/people/{person}"), Some(&body)).await
    }

    /// Does the same to several people, or asks what would come of it.
    ///
    /// # Errors
    /// The refusal.
    pub async fn bulk(
        &self,
        act: BulkAct,
        people: &[PersonId],
        preview: bool,
    ) -> Result<BulkAnswer, Refusal> {
        let body = Bulk { act, people: people.to_vec(), preview };
        self.call(Method::POST, "/people/bulk", Some(&body)).await
    }

    /// A one-time link to choose a new password.
    ///
    /// # Errors
    /// The refusal.
    pub async fn reset(&self, person: PersonId) -> Result<IssuedLink, Refusal> {
        self.call(Method::POST, &format!("/people/{person}/reset"), None::<&()>).await
    }

    /// The same by mail.
    ///
    /// # Errors
    /// The refusal.
    pub async fn reset_by_mail(&self, person: PersonId) -> Result<IssuedLink, Refusal> {
        self.call(Method::POST, &format!("/people/{person}/reset?mail=true"), None::<&()>).await
    }

    /// Mails to somebody, newest first.
    ///
    /// # Errors
    /// The refusal.
    pub async fn mails_to(&self, person: PersonId) -> Result<Vec<OutboxMail>, Refusal> {
        let page: Outbox =
            self.call(Method::GET, &format!("/mail/outbox?person={person}"), None::<&()>).await?;
        Ok(page.mails)
    }

    /// Ends somebody's right to sign in.
    ///
    /// # Errors
    /// The refusal.
    pub async fn suspend(&self, person: PersonId) -> Result<(), Refusal> {
        self.tell(Method::POST, &format!("/people/{person}/suspend"), None::<&()>).await
    }

    /// Gives it back.
    ///
    /// # Errors
    /// The refusal.
    pub async fn reinstate(&self, person: PersonId) -> Result<(), Refusal> {
        self.tell(Method::POST, &format!("/people/{person}/reinstate"), None::<&()>).await
    }

    /// Sets somebody's roles; a guest's for a year, and the caller answers for them.
    ///
    /// # Errors
    /// The refusal.
    pub async fn set_roles(&self, person: PersonId, roles: &[Role]) -> Result<(), Refusal> {
        let body = SetRoles { roles: roles.to_vec(), was: None, guest: self.terms(roles) };
        self.tell(Method::PUT, &format!("/people/{person}/roles"), Some(&body)).await
    }
}

/// Reads a refusal.
pub async fn refusal(response: Response) -> Refusal {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap_or_default();
    Refusal { status, problem: serde_json::from_str(&text).ok() }
}

/// The session token a response sets.
pub fn session_cookie(response: &Response) -> Option<String> {
    cookie_of(response, COOKIE)
}

/// The value of a cookie a response sets.
pub fn cookie_of(response: &Response, name: &str) -> Option<String> {
    response.headers().get_all("set-cookie").iter().find_map(|header| {
        let rest = header.to_str().ok()?.strip_prefix(name)?.strip_prefix('=')?;
        let value = rest.split(';').next()?.to_owned();
        (!value.is_empty()).then_some(value)
    })
}

/// The secret part of a link, which stands behind `#`.
pub fn token_of(link: &str) -> String {
    link.split_once('#').map_or(link, |(_, token)| token).to_owned()
}
