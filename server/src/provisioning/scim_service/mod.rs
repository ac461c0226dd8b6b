//! The SCIM 2.0 service under `/scim/v2`: identity providers say who there is. What may be said, and how, is in `scim`; this is
//! what needs network and database.
//!
//! What must stay true: no page, cookie or session counts here, a token alone does, and says which source it is; whatever leaves
//! under this path is SCIM, errors of the web server included; a change and what follows for accounts, groups and roles are one
//! unit with their records; nothing that a client sent is in a line of the log.
//!
//! A user is an account: its id is the person's, its identity at the source has that id as subject and the folded `userName` as
//! login. A group is a group of people. `visit` lets requests in, `allowance` counts them, `listing` finds and shows, `users` and
//! `groups` change.

mod allowance;
mod groups;
mod listing;
mod users;
mod visit;

use actix_web::http::Method;
use actix_web::http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::scim::{Error, Kind, Patch, Query, Resource, ScimType, discovery, etag, list_response};
use crate::ground::db::blocking;

pub use allowance::Allowances;
use visit::{Refused, Reply, Visit, body};

/// Where the service is.
const BASE: &str = "/scim/v2";

/// How often a change is prepared anew when others change the same resource meanwhile.
const PREPARED: usize = 16;

/// What an address stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Config,
    Types,
    Type,
    Schemas,
    Schema,
    /// Of both kinds.
    SearchAll,
    Search(Kind),
    All(Kind),
    One(Kind),
    Bulk,
    /// Nothing is here.
    Nowhere,
}

const PLACES: &[(&str, Place)] = &[
    ("/ServiceProviderConfig", Place::Config),
    ("/ResourceTypes", Place::Types),
    ("/ResourceTypes/{id}", Place::Type),
    ("/Schemas", Place::Schemas),
    ("/Schemas/{id}", Place::Schema),
    ("/.search", Place::SearchAll),
    ("/Bulk", Place::Bulk),
    ("/Users/.search", Place::Search(Kind::User)),
    ("/Groups/.search", Place::Search(Kind::Group)),
    ("/Users", Place::All(Kind::User)),
    ("/Groups", Place::All(Kind::Group)),
    ("/Users/{id}", Place::One(Kind::User)),
    ("/Groups/{id}", Place::One(Kind::Group)),
];

impl Place {
    /// What may be done there, as in the header `Allow`.
    const fn methods(self) -> &'static str {
        match self {
            Self::Config | Self::Types | Self::Type | Self::Schemas | Self::Schema => "GET",
            Self::SearchAll | Self::Search(_) | Self::Bulk => "POST",
            Self::All(_) => "GET, POST",
            Self::One(_) => "GET, PUT, PATCH, DELETE",
            Self::Nowhere => "",
        }
    }

    fn changes(self, method: &Method) -> bool {
        matches!(self, Self::All(_) | Self::One(_) | Self::Bulk) && method != Method::GET
    }
}

/// Puts the service into the application, which needs `web::Data<Provisioning>`.
pub fn configure(config: &mut web::ServiceConfig) {
    let to =
        |place| web::to(move |request: HttpRequest, payload: web::Payload| answer(place, request, payload));
    let scope = PLACES
        .iter()
        .fold(web::scope(BASE), |scope, (path, place)| scope.service(web::resource(*path).route(to(*place))));
    config.service(scope.default_service(to(Place::Nowhere)));
}

/// Every method and path of the service.
pub fn paths() -> impl Iterator<Item = (&'static str, String)> {
    PLACES.iter().flat_map(|(path, place)| {
        place.methods().split(", ").map(move |method| (method, format!("{BASE}{path}")))
    })
}

async fn answer(place: Place, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    match respond(place, &request, payload).await {
        Ok(reply) => reply.response(),
        Err(refused) => refused.response(),
    }
}

/// A request, as far as it needs no waiting.
struct Ask {
    place: Place,
    method: Method,
    id: String,
    query: Vec<(String, String)>,
    body: Value,
    if_match: Option<String>,
    if_none_match: Option<String>,
}

async fn respond(place: Place, request: &HttpRequest, payload: web::Payload) -> Result<Reply, Refused> {
    let visit = Visit::enter(request).await?;
    let method = request.method().clone();
    if place == Place::Nowhere {
        return Err(Error::not_found().into());
    }
    if !place.methods().split(", ").any(|allowed| allowed == method.as_str()) {
        return Err(Refused::method(place.methods()));
    }
    if place == Place::Bulk {
        return Err(Error::not_implemented().into());
    }
    if place.changes(&method) && !visit.write {
        return Err(Error::plain(403, "this token may only read").into());
    }
    let takes_body = [Method::POST, Method::PUT, Method::PATCH].contains(&method);
    let body = if takes_body { body(request, payload).await? } else { Value::Null };
    let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
    let query = query.map_err(|_| Error::plain(400, "the part of the address behind ? cannot be read"))?;
    let header = |name: HeaderName| {
        let all: Vec<&str> =
            request.headers().get_all(name).filter_map(|value| value.to_str().ok()).collect();
        (!all.is_empty()).then(|| all.join(","))
    };
    let ask = Ask {
        place,
        method,
        id: request.match_info().query("id").to_owned(),
        query: query.into_inner(),
        body,
        if_match: header(IF_MATCH),
        if_none_match: header(IF_NONE_MATCH),
    };
    blocking(move || Ok(visit.answer(&ask))).await?
}

impl Ask {
    fn query(&self) -> Result<Query, Error> {
        Query::from_pairs(self.query.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// Whether somebody else changed the resource first.
    fn check_match(&self, current: &str) -> Result<(), Error> {
        match &self.if_match {
            Some(header) if !etag::matches(header, current) => Err(Error::outdated()),
            _ => Ok(()),
        }
    }
}

impl Visit {
    fn answer(&self, ask: &Ask) -> Result<Reply, Refused> {
        match ask.place {
            Place::SearchAll => self.search(&Query::from_body(&ask.body)?, &Kind::ALL),
            Place::Search(kind) => self.search(&Query::from_body(&ask.body)?, &[kind]),
            Place::All(kind) if ask.method == Method::GET => self.search(&ask.query()?, &[kind]),
            Place::All(kind) => {
                let projection = ask.query()?.plan(kind)?.projection;
                let id = match kind {
                    Kind::User => self.create_user(&ask.body)?,
                    Kind::Group => self.create_group(&ask.body)?,
                };
                let mut reply = self.shown(kind, id, &projection)?;
                reply.status = 201;
                reply.location = Some(kind.location(&self.base, &listing::id_text(id)));
                Ok(reply)
            }
            Place::One(kind) => self.single(ask, kind),
            _ => self.discover(ask),
        }
    }

    fn single(&self, ask: &Ask, kind: Kind) -> Result<Reply, Refused> {
        let id = listing::id_of(&ask.id).ok_or_else(Error::not_found)?;
        let projection = ask.query()?.plan(kind)?.projection;
        let patch = match ask.method {
            Method::GET => {
                let reply = self.shown(kind, id, &projection)?;
                let known = |header: &String| {
                    reply.etag.as_ref().is_some_and(|current| etag::matches(header, current))
                };
                if ask.if_none_match.as_ref().is_some_and(known) {
                    return Ok(Reply { etag: reply.etag, ..Reply::empty(304) });
                }
                return Ok(reply);
            }
            Method::DELETE => {
                match kind {
                    Kind::User => self.remove_user(ask, id)?,
                    Kind::Group => self.remove_group(ask, id)?,
                }
                return Ok(Reply::empty(204));
            }
            Method::PATCH => Some(Patch::parse(kind, &ask.body)?),
            _ => None,
        };
        let change = |before: &Resource| match &patch {
            Some(patch) => patch.apply(before),
            None => before.replace(&ask.body),
        };
        match kind {
            Kind::User => self.change_user(ask, id, change)?,
            Kind::Group => self.change_group(ask, id, change)?,
        }
        self.shown(kind, id, &projection)
    }

    fn discover(&self, ask: &Ask) -> Result<Reply, Refused> {
        if ask.query.iter().any(|(name, _)| name.eq_ignore_ascii_case("filter")) {
            return Err(Error::plain(403, "discovery documents are not filtered").into());
        }
        let base = self.base.as_str();
        let all = |documents: Vec<Value>| list_response(documents.len(), 1, documents);
        Ok(Reply::ok(match ask.place {
            Place::Config => discovery::service_provider_config(base),
            Place::Types => {
                all(Kind::ALL.into_iter().map(|kind| discovery::resource_type(kind, base)).collect())
            }
            Place::Type => {
                let kind = discovery::kind_named(&ask.id).ok_or_else(Error::not_found)?;
                discovery::resource_type(kind, base)
            }
            Place::Schemas => {
                let schemas = discovery::schemas().into_iter();
                all(schemas.map(|schema| discovery::schema(schema, base)).collect())
            }
            Place::Schema => {
                let schema = discovery::schema_named(&ask.id).ok_or_else(Error::not_found)?;
                discovery::schema(schema, base)
            }
            _ => return Err(Error::not_found().into()),
        }))
    }
}

/// Most bytes of what a resource is looked up by.
const MAX_KEY: usize = 1_000;

/// What resources are looked up by has to fit into an index.
fn check_keys(resource: &Resource) -> Result<(), Error> {
    let name = match resource.kind() {
        Kind::User => "userName",
        Kind::Group => "displayName",
    };
    for key in [name, "externalId"] {
        if resource.text(key).is_some_and(|text| text.len() > MAX_KEY) {
            let detail = format!("{key}: longer than {MAX_KEY} bytes");
            return Err(Error::bad(ScimType::InvalidValue, detail));
        }
    }
    Ok(())
}

/// Does a change again while others change the same thing meanwhile.
fn settled<T>(mut change: impl FnMut() -> Result<T, Refused>) -> Result<T, Refused> {
    for _ in 1..PREPARED {
        match change() {
            Err(refused) if refused.meanwhile => {}
            result => return result,
        }
    }
    change()
}
