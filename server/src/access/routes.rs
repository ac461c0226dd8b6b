//! Every route of this room: one table, which configures the web server and feeds the authorisation matrix. Rooms above
//! make tables of the same form with [`route`].
//!
//! A route's level is read off its handler's signature: a handler takes a [`Guard`] or [`Public`] and nothing else,
//! so a route that names no act does not compile.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, Resource, Responder};

use super::act::{Act, Marker};
use super::api::{confirm, factors, links, password, people, providers, session, sessions, tokens};
use super::guard::{Guard, Machine, Public};
use crate::ground::error::{Code, Error};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Anybody, from our own pages.
    Public,
    /// A machine that proves itself by what it sends.
    Machine,
    /// Whoever may do this.
    Act(Act),
}

/// What stands first and last in a handler's signature.
pub trait Way: FromRequest + 'static {
    /// Who comes in by it.
    const LEVEL: Level;
}

impl<A: Marker> Way for Guard<A> {
    const LEVEL: Level = Level::Act(A::ACT);
}

impl Way for Machine {
    const LEVEL: Level = Level::Machine;
}

impl Way for Public {
    const LEVEL: Level = Level::Public;
}

/// A route, under `/api/v1`.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path, with what varies in braces.
    pub path: &'static str,
    /// Who may use it.
    pub level: Level,
    make: Box<dyn Fn() -> actix_web::Route>,
}

/// A route whose level is that of its handler's guard.
pub fn route<W: Way, F>(method: Method, path: &'static str, handler: F) -> Route
where
    F: Handler<(W,), Output: Responder + 'static>,
{
    let to = method.clone();
    let make = move || web::method(to.clone()).to(handler.clone());
    Route { method, path, level: W::LEVEL, make: Box::new(make) }
}

/// The table.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::POST, "/session", session::create),
        route(Method::GET, "/session", session::get),
        route(Method::DELETE, "/session", session::delete),
        route(Method::GET, "/session/confirm", confirm::ways),
        route(Method::POST, "/session/confirm", confirm::confirm),
        route(Method::POST, "/session/second", factors::second),
        route(Method::POST, "/session/begin", providers::begin),
        route(Method::POST, "/session/return", providers::finish),
        route(Method::POST, "/sources/{source}/logout", providers::logout),
        route(Method::GET, "/sessions", sessions::list),
        route(Method::DELETE, "/sessions/{session}", sessions::delete),
        route(Method::GET, "/tokens", tokens::own),
        route(Method::POST, "/tokens", tokens::issue_own),
        route(Method::DELETE, "/tokens/{token}", tokens::revoke_own),
        route(Method::POST, "/bots", tokens::make_bot),
        route(Method::PUT, "/bots/{bot}/owner", tokens::set_owner),
        route(Method::POST, "/password", password::change),
        route(Method::GET, "/factors", factors::list),
        route(Method::POST, "/factors/totp", factors::begin_totp),
        route(Method::POST, "/factors/totp/finish", factors::finish_totp),
        route(Method::POST, "/factors/passkeys", factors::begin_passkey),
        route(Method::POST, "/factors/passkeys/finish", factors::finish_passkey),
        route(Method::POST, "/factors/{factor}/remove", factors::remove),
        route(Method::POST, "/links/inspect", links::inspect),
        route(Method::POST, "/links/redeem", links::redeem),
        route(Method::GET, "/people", people::list),
        route(Method::POST, "/people", people::invite),
        // Before the paths in which anything may stand there.
        route(Method::POST, "/people/bulk", people::bulk),
        route(Method::GET, "/people/{person}", people::get),
        route(Method::PUT, "/people/{person}", people::change),
        route(Method::POST, "/people/{person}/reset", people::reset),
        route(Method::PUT, "/people/{person}/guest", people::guest),
        route(Method::PUT, "/people/{person}/roles", people::roles),
        route(Method::POST, "/people/{person}/suspend", people::suspend),
        route(Method::POST, "/people/{person}/reinstate", people::reinstate),
        route(Method::GET, "/people/{person}/tokens", tokens::of_person),
        route(Method::POST, "/people/{person}/tokens", tokens::issue),
        route(Method::DELETE, "/people/{person}/tokens/{token}", tokens::revoke),
        route(Method::GET, "/people/{person}/sessions", people::sessions),
        route(Method::DELETE, "/people/{person}/sessions", people::end_sessions),
        route(Method::DELETE, "/people/{person}/sessions/{session}", people::end_session),
        route(Method::GET, "/people/{person}/factors", people::factors),
        route(Method::DELETE, "/people/{person}/factors", people::remove_factors),
        route(Method::PUT, "/people/{person}/emergency", people::emergency),
    ]
}

/// Puts a table into a scope (`/api/v1`) of the application, which needs `web::Data<Access>`.
pub fn configure(config: &mut ServiceConfig, table: Vec<Route>) {
    let mut rest = table;
    while let Some(path) = rest.first().map(|route| route.path) {
        let (here, others): (Vec<Route>, Vec<Route>) = rest.into_iter().partition(|route| route.path == path);
        let resource = here
            .iter()
            .fold(Resource::new(path), |resource, route| resource.route((route.make)()))
            .default_service(web::to(async || Err::<&str, Error>(Code::MethodNotAllowed.into())));
        config.service(resource);
        rest = others;
    }
}
