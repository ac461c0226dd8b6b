//! The TCP line under a connection. A client that takes nothing any more would keep a closed web-socket waiting for
//! ever, so the system gives such a line up. (A handle of our own to cut it with would cost a second file per client.)

use std::any::Any;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;

/// How long bytes may wait to be taken, in milliseconds: longer than any pause of a line that lives.
const TAKEN_WITHIN: u32 = 30_000;

/// For `HttpServer::on_connect`: bounds how long an accepted connection waits for its client.
pub fn bound_line(io: &dyn Any, _data: &mut Extensions) {
    let plain = io.downcast_ref::<TcpStream>();
    let stream: Option<&TcpStream> = plain.or_else(|| {
        io.downcast_ref::<actix_tls::accept::rustls_0_23::TlsStream<TcpStream>>().map(|tls| tls.get_ref().0)
    });
    #[cfg(target_os = "linux")]
    if let Some(stream) = stream {
        // An error means that it is closed already.
        let _ = rustix::net::sockopt::set_tcp_user_timeout(stream, TAKEN_WITHIN);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, TAKEN_WITHIN);
}
