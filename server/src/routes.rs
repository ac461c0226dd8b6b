//! Every route of the product: the tables of the rooms, and the few that are in none. The authorisation matrix is tested
//! against [`table`].

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chancery_protocol::command::Command;
use chancery_protocol::http::ServerInfo;
use chancery_protocol::person::Role;
use serde_json::{Value, json};

use crate::acceptable_use::{self, acceptance};
use crate::access::{self, Access, Act, Level, Route, answer, decide, socket_act};
use crate::console;
use crate::delivery;
use crate::directory::Roles;
use crate::ground::db::blocking;
use crate::ground::error::Error;
use crate::notify;
use crate::operations;
use crate::provisioning;
use crate::review;
use crate::search;

/// Puts all routes into the scope `/api/v1`.
pub fn configure(config: &mut web::ServiceConfig) {
    access::configure(config, all());
    config
        .service(web::resource("/server").route(web::get().to(server)))
        .service(web::resource("/socket").route(web::get().to(delivery::connect)));
}

/// What anyone may know before signing in; the ways to do so may change while the server runs.
async fn server(info: web::Data<ServerInfo>, access: web::Data<Access>) -> Result<HttpResponse, Error> {
    let access = access.get_ref().clone();
    let sign_in = blocking(move || access.sign_in_ways()).await?;
    Ok(answer(StatusCode::OK, &ServerInfo { sign_in, ..info.get_ref().clone() }))
}

/// The tables of all rooms.
pub fn all() -> Vec<Route> {
    let mut all = access::routes();
    all.extend(provisioning::routes());
    all.extend(acceptance::routes());
    all.extend(acceptable_use::routes());
    all.extend(delivery::routes());
    all.extend(search::routes());
    all.extend(review::routes());
    all.extend(notify::routes());
    all.extend(console::routes());
    all.extend(operations::routes());
    all
}

/// Every route and every socket command, with its act and the roles that may.
pub fn table() -> Vec<Value> {
    let mut lines = vec![
        json!({"method": "GET", "path": "/healthz", "act": null, "roles": []}),
        json!({"method": "GET", "path": "/readyz", "act": null, "roles": []}),
        json!({"method": "GET", "path": "/api/v1/server", "act": null, "roles": []}),
        line("GET", "/api/v1/socket", Act::OpenSocket),
    ];
    for route in all() {
        let path = format!("/api/v1{}", route.path);
        lines.push(match route.level {
            Level::Public | Level::Machine => {
                json!({"method": route.method.as_str(), "path": path, "act": null, "roles": []})
            }
            Level::Act(act) => line(route.method.as_str(), &path, act),
        });
    }
    for (method, path) in provisioning::scim_paths() {
        lines.push(json!({"method": method, "path": path, "act": null, "roles": []}));
    }
    let (method, path) = notify::off::ROUTE;
    lines.push(json!({"method": method, "path": path, "act": null, "roles": []}));
    for tag in Command::TAGS {
        lines.push(match socket_act(tag) {
            Some(act) => line("SOCKET", tag, act),
            None => json!({"method": "SOCKET", "path": tag, "act": null, "roles": []}),
        });
    }
    lines
}

fn line(method: &str, path: &str, act: Act) -> Value {
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| decide(Roles::of(&[*role]), act)).collect();
    json!({"method": method, "path": path, "act": format!("{act:?}"), "roles": roles})
}
