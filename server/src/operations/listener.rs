//! The listener of its own for metrics and the addresses a cluster asks: plain HTTP, nothing of the product behind it.

use std::net::{SocketAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::http::header::X_CONTENT_TYPE_OPTIONS;
use actix_web::middleware::DefaultHeaders;
use actix_web::{App, HttpResponse, HttpServer, web};

use super::metrics::Metrics;
use super::{Operations, api};
use crate::ground::error::Error;

/// Takes the address.
///
/// # Errors
/// When it cannot be taken, and how to mend it.
pub fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).map_err(|e| {
        let help = "set `metrics.listen` to a free address of this machine, or leave it empty";
        Error::setup(format!("cannot listen for metrics on {address}: {e}"), help)
    })
}

impl Operations {
    /// Serves metrics and probes on a listener of its own until it is stopped.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn serve_metrics(&self, listener: TcpListener) -> Result<Server, Error> {
        let (metrics, operations) = (web::Data::new(Metrics::new(self)), web::Data::new(self.clone()));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(metrics.clone())
                .app_data(operations.clone())
                .configure(api::probes)
                .configure(api::metrics)
                .default_service(web::to(HttpResponse::NotFound))
                .wrap(DefaultHeaders::new().add((X_CONTENT_TYPE_OPTIONS, "nosniff")))
        })
        .workers(1)
        .disable_signals()
        .shutdown_timeout(1);
        Ok(server.listen(listener).map_err(Error::internal)?.run())
    }
}
