//! The TCP line under a connection, so that it can be cut when the client no longer reads: a closed web-socket would
//! wait for it for ever.

use std::any::Any;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;

/// A second handle on the line.
#[derive(Clone)]
pub struct Line(Arc<OwnedFd>);

impl Line {
    /// Cuts the line in both directions.
    pub fn cut(&self) {
        // An error means that it is closed already.
        let _ = rustix::net::shutdown(&*self.0, rustix::net::Shutdown::Both);
    }
}

/// For `HttpServer::on_connect`: keeps a handle beside each accepted connection.
pub fn remember_line(io: &dyn Any, data: &mut Extensions) {
    let tls = io.downcast_ref::<actix_web::rt::net::TcpStream>();
    let stream: Option<&TcpStream> = tls.or_else(|| {
        io.downcast_ref::<actix_tls::accept::rustls_0_23::TlsStream<TcpStream>>().map(|tls| tls.get_ref().0)
    });
    if let Some(line) = stream.and_then(|stream| stream.as_fd().try_clone_to_owned().ok()) {
        data.insert(Line(Arc::new(line)));
    }
}
