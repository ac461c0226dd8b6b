//! TLS as a client: whom to trust, and what is wrong when trust fails.
//!
//! The cryptography is ring's, named here and not taken from a process-wide default. Verification is that of the
//! library; there is no switch for it.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::{CertificateError, ClientConfig, ProtocolVersion, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_cert::der::Decode as _;

use super::error::{Fault, one_line};
use chancery_protocol::Micros;

/// Most certificates of authorities in the settings.
const MAX_AUTHORITIES: usize = 64;

/// What a handshake told about the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Peer {
    /// `TLS 1.3`.
    pub(super) version: &'static str,
    /// Whose certificate it is, as the certificate says.
    pub(super) subject: String,
    /// Who issued it.
    pub(super) issuer: String,
    /// When it ends.
    pub(super) ends: Option<Micros>,
}

/// The authorities of a PEM text; nothing for an empty one.
///
/// # Errors
/// What is wrong with the text.
pub(super) fn authorities(pem: &str) -> Result<Option<RootCertStore>, &'static str> {
    if pem.trim().is_empty() {
        return Ok(None);
    }
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| "the PEM form is damaged")?;
        store.add(certificate).map_err(|_| "a certificate in it cannot be used as an authority")?;
        if store.len() > MAX_AUTHORITIES {
            return Err("there are too many certificates in it");
        }
    }
    if store.is_empty() {
        return Err("there is no certificate in PEM form in it");
    }
    Ok(Some(store))
}

/// How connections are protected.
///
/// # Errors
/// [`Fault::NoAuthorities`], [`Fault::Tls`].
pub(super) fn config(pem: &str) -> Result<Arc<ClientConfig>, Fault> {
    let store = match authorities(pem) {
        Ok(Some(store)) => store,
        Ok(None) => of_this_machine()?,
        Err(what) => return Err(Fault::Tls { what: what.to_owned() }),
    };
    trusting(store)
}

/// For settings without encryption.
///
/// # Errors
/// [`Fault::Tls`].
pub(super) fn trusting_nobody() -> Result<Arc<ClientConfig>, Fault> {
    trusting(RootCertStore::empty())
}

fn trusting(store: RootCertStore) -> Result<Arc<ClientConfig>, Fault> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| Fault::Tls { what: e.to_string() })?
        .with_root_certificates(store)
        .with_no_client_auth();
    // Every connection verifies anew: what is changed or ends counts at once.
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

/// Certificates that cannot be read are passed over, as long as some can.
fn of_this_machine() -> Result<RootCertStore, Fault> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if store.is_empty() { Err(Fault::NoAuthorities) } else { Ok(store) }
}

/// Why a handshake failed.
pub(super) fn fault(error: &std::io::Error, name: &str) -> Fault {
    let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return match error.kind() {
            std::io::ErrorKind::UnexpectedEof
            | std::io::ErrorKind::ConnectionReset
            | std::io::ErrorKind::BrokenPipe => {
                Fault::Tls { what: "the server closed the connection during the handshake".to_owned() }
            }
            _ => Fault::Tls { what: one_line(&error.to_string()) },
        };
    };
    match error {
        rustls::Error::InvalidCertificate(what) => match what {
            CertificateError::UnknownIssuer => Fault::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                Fault::NotValidNow { ended: true }
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Fault::NotValidNow { ended: false }
            }
            CertificateError::NotValidForName => {
                Fault::WrongName { name: name.to_owned(), presented: Vec::new() }
            }
            CertificateError::NotValidForNameContext { presented, .. } => Fault::WrongName {
                name: name.to_owned(),
                presented: presented.iter().take(8).map(|name| one_line(name)).collect(),
            },
            // The library has no word of its own for it.
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
                Fault::OwnAuthority
            }
            other => Fault::Tls { what: one_line(&other.to_string()) },
        },
        rustls::Error::InvalidMessage(_) => {
            Fault::Tls { what: "the server does not speak TLS on this port".to_owned() }
        }
        other => Fault::Tls { what: one_line(&other.to_string()) },
    }
}

/// What there is to tell about the server's end.
pub(super) fn peer(connection: &rustls::ClientConnection) -> Peer {
    let version = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS",
    };
    let own = connection.peer_certificates().and_then(<[_]>::first);
    let Some(own) = own.and_then(|own| x509_cert::Certificate::from_der(own).ok()) else {
        return Peer { version, subject: String::new(), issuer: String::new(), ends: None };
    };
    let own = own.tbs_certificate();
    Peer {
        version,
        subject: one_line(&own.subject().to_string()),
        issuer: one_line(&own.issuer().to_string()),
        ends: Micros::try_from(own.validity().not_after.to_unix_duration().as_micros()).ok(),
    }
}
