//! The only way from a request to accounts: a guard, which has checked who calls, that the call comes from our own
//! page, and that the caller's roles allow the act in its type.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::{JsonBody, Payload};
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderName, SEC_WEBSOCKET_PROTOCOL};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use chancery_protocol::{CSRF_HEADER, CSRF_SUBPROTOCOL_PREFIX, SUBPROTOCOL};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::act::Marker;
use super::origin::Origin;
use super::records::EndReason;
use super::token::{Token, same};
use super::tokens::PREFIX;
use super::{Access, Caller};
use crate::ground::db::blocking;
use crate::ground::error::{Code, Error};
use crate::ground::http::json_problem;
use crate::ground::http::origin::{Missing, check, is_unsafe};

/// Name of the session cookie. The prefix makes browsers insist on `Secure`, `Path=/` and this very host.
pub const COOKIE: &str = "__Host-chancery";

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Error>>>>;

/// What both kinds of routes have: the request, its body, and the way to accounts.
struct Inside {
    access: Access,
    request: HttpRequest,
    payload: Payload,
}

impl Inside {
    fn of(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Error> {
        let access = request
            .app_data::<web::Data<Access>>()
            .ok_or_else(|| Error::internal("the application has no Access"))?;
        Ok(Self { access: Access::clone(access), request: request.clone(), payload: payload.take() })
    }

    /// What changes something must come from our own pages.
    fn check_origin(&self) -> Result<(), Error> {
        if is_unsafe(self.request.method()) {
            check(self.request.headers(), self.access.public_url(), Missing::Refused)?;
        }
        Ok(())
    }

    fn path<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        self.request.match_info().query(name).parse().map_err(|_| Code::NotFound.into())
    }

    /// Reads the body with the application's `JsonConfig`, which words the errors.
    async fn body<T: DeserializeOwned + 'static>(&mut self) -> Result<T, actix_web::Error> {
        web::Json::<T>::from_request(&self.request, &mut self.payload).await.map(web::Json::into_inner)
    }
}

/// A signed-in caller who may do `A`.
pub struct Guard<A> {
    inside: Inside,
    caller: Caller,
    act: PhantomData<A>,
}

impl<A> Guard<A> {
    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// A part of the address; one that is no such id leads nowhere.
    ///
    /// # Errors
    /// `not_found`.
    pub fn path<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        self.inside.path(name)
    }

    /// The part of the address behind `?`; one that is not understood repeats nothing of what was sent.
    ///
    /// # Errors
    /// `bad_request`.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let query = web::Query::<T>::from_query(self.inside.request.query_string());
        query.map(web::Query::into_inner).map_err(|_| {
            Error::new(Code::BadRequest).detail("The part of the address behind ? could not be understood.")
        })
    }

    /// Whether the caller signed in lately, for what shows messages by what was asked for, and not by its act.
    ///
    /// # Errors
    /// `not_fresh`.
    pub fn fresh(&self) -> Result<(), Error> {
        self.inside.access.check_fresh(&self.caller)
    }

    /// The body.
    ///
    /// # Errors
    /// `bad_request`, `payload_too_large`.
    pub async fn body<T: DeserializeOwned + 'static>(&mut self) -> Result<T, actix_web::Error> {
        self.inside.body().await
    }

    /// A body that may be longer than others.
    ///
    /// # Errors
    /// As [`Guard::body`].
    pub async fn long_body<T: DeserializeOwned>(&mut self, limit: usize) -> Result<T, Error> {
        let Inside { request, payload, .. } = &mut self.inside;
        let body = JsonBody::new(request, payload, None, true).limit(limit);
        body.await.map_err(|error| json_problem(&error))
    }

    /// A header, when it is text.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.inside.request.headers().get(name)?.to_str().ok()
    }

    /// The accounts.
    pub(super) fn access(&self) -> Access {
        self.inside.access.clone()
    }

    /// A part of the application that a room above put there.
    ///
    /// # Errors
    /// `internal` when there is none; a defect.
    pub fn part<T: Clone + 'static>(&self) -> Result<T, Error> {
        let part = self.inside.request.app_data::<web::Data<T>>();
        part.map(|part| part.get_ref().clone()).ok_or_else(|| Error::internal("the application lacks a part"))
    }

    /// Runs `work` with the accounts, on a thread where blocking is allowed.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Access, &Caller) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (access, caller) = (self.inside.access.clone(), self.caller.clone());
        blocking(move || work(&access, &caller)).await
    }
}

impl<A: Marker> FromRequest for Guard<A> {
    type Error = Error;
    type Future = Extracted<Self>;

    /// Origin, session, CSRF token, roles, and where it matters the policy text and how fresh the sign-in is; nothing of the body is read before all
    /// of them are right.
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let inside = Inside::of(request, payload);
        Box::pin(async move {
            let inside = inside?;
            // No page of another site can send an access token; browsers send cookies by themselves, and no more.
            let program = access_token(&inside.request).is_some();
            if !program {
                inside.check_origin()?;
            }
            let caller = inside.access.authenticate(&inside.request).await?;
            if !program && is_unsafe(inside.request.method()) {
                let sent = inside.request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok());
                if !sent.is_some_and(|sent| same(sent, &caller.csrf)) {
                    return Err(Code::CsrfFailed.into());
                }
            }
            inside.access.check_act(&caller, caller.roles, A::ACT)?;
            if A::ACT.chats() {
                inside.access.check_gate(caller.person).await?;
            }
            if A::ACT.shows_content() {
                inside.access.check_fresh(&caller)?;
            }
            Ok(Self { inside, caller, act: PhantomData })
        })
    }
}

/// Anybody, signed in or not. Still only from our own pages when something changes.
pub struct Public(Inside);

impl Public {
    /// The body.
    ///
    /// # Errors
    /// `bad_request`, `payload_too_large`.
    pub async fn body<T: DeserializeOwned + 'static>(&mut self) -> Result<T, actix_web::Error> {
        self.0.body().await
    }

    /// Who calls, if they are signed in; a program is nobody here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn caller(&self) -> Result<Option<Caller>, Error> {
        if access_token(&self.0.request).is_some() {
            return Ok(None);
        }
        match self.0.access.authenticate(&self.0.request).await {
            Ok(caller) => Ok(Some(caller)),
            Err(e) if e.code == Code::SignedOut => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// The accounts, and where the request comes from.
    pub(super) fn here(&self) -> (Access, Origin) {
        (self.0.access.clone(), Origin::of(&self.0.request, &self.0.access.0.settings))
    }

    /// The value of a cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        self.0.request.cookie(name).map(|cookie| cookie.value().to_owned())
    }

    /// Ends the session the browser had before it signed in anew: nothing has its cookie any more, unless it was stolen. One that
    /// cannot be ended now stays for its owner to end.
    pub(super) async fn replace(&self, earlier: Option<Caller>) {
        let Some(earlier) = earlier else { return };
        let Caller { person, session, .. } = earlier;
        let ended =
            self.run(move |access, _| access.end_session(person, session, EndReason::Replaced, person)).await;
        match ended {
            Ok(()) => {}
            // The new sign-in ended it already.
            Err(error) if error.code == Code::NotFound => {}
            Err(error) => tracing::warn!(%session, %error, "a replaced session could not be ended"),
        }
    }

    /// Runs `work` with the accounts, on a thread where blocking is allowed.
    ///
    /// # Errors
    /// Those of `work`.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Access, &Origin) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let access = self.0.access.clone();
        let origin = Origin::of(&self.0.request, &access.0.settings);
        blocking(move || work(&access, &origin)).await
    }
}

/// A machine outside that proves itself by what it sends: no page of ours, so `Origin` says nothing.
pub struct Machine(Inside);

impl Machine {
    /// A part of the address; one that is no such id leads nowhere.
    ///
    /// # Errors
    /// `not_found`.
    pub fn path<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        self.0.path(name)
    }

    /// The body, a form as browsers send them.
    ///
    /// # Errors
    /// `bad_request`, `payload_too_large`.
    pub async fn form<T: DeserializeOwned + 'static>(&mut self) -> Result<T, Error> {
        let form = web::Form::<T>::from_request(&self.0.request, &mut self.0.payload).await;
        form.map(web::Form::into_inner).map_err(|_| Code::BadRequest.into())
    }

    /// The accounts.
    pub(super) fn access(&self) -> Access {
        self.0.access.clone()
    }
}

impl FromRequest for Machine {
    type Error = Error;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let inside = Inside::of(request, payload);
        Box::pin(async move { Ok(Self(inside?)) })
    }
}

impl FromRequest for Public {
    type Error = Error;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let inside = Inside::of(request, payload);
        Box::pin(async move {
            let inside = inside?;
            inside.check_origin()?;
            Ok(Self(inside))
        })
    }
}

/// The session token of a request's cookie.
pub(super) fn session_token(request: &HttpRequest) -> Option<Token> {
    request.cookie(COOKIE).and_then(|cookie| Token::parse(cookie.value()))
}

/// The access token a program sends: `None` when it sends none, inside `None` for what cannot be one.
pub(super) fn access_token(request: &HttpRequest) -> Option<Option<Token>> {
    let sent = request.headers().get(AUTHORIZATION)?;
    let text = sent.to_str().ok().and_then(|text| text.split_once(' '));
    let token = text.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    Some(token.and_then(|(_, token)| Token::parse(token.trim().strip_prefix(PREFIX)?)))
}

/// Whether the upgrade offers the protocol and, from a browser, carries the CSRF token of the session.
pub(super) fn check_socket_protocols(request: &HttpRequest, caller: &Caller) -> Result<(), Error> {
    let offered: Vec<&str> = request
        .headers()
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .collect();
    let by_page = caller.scopes.is_none();
    let mut tokens = offered.iter().filter_map(|offer| offer.strip_prefix(CSRF_SUBPROTOCOL_PREFIX));
    if by_page && !tokens.next().is_some_and(|token| same(token, &caller.csrf)) {
        return Err(Code::CsrfFailed.into());
    }
    if !offered.contains(&SUBPROTOCOL) {
        let wanted = format!("The socket speaks {SUBPROTOCOL}; offer it.");
        return Err(Error::from(Code::BadRequest).detail(wanted));
    }
    Ok(())
}

/// An answer that is never cached.
pub fn answer(status: actix_web::http::StatusCode, body: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-store")).json(body)
}

/// 204.
pub fn done() -> HttpResponse {
    HttpResponse::NoContent().insert_header((CACHE_CONTROL, "no-store")).finish()
}
