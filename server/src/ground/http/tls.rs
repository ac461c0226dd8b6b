//! TLS from two PEM files, with an answer to everything that is commonly wrong with them.
//!
//! The cryptography is ring's, named here and not taken from a process-wide default.

use std::path::Path;
use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use chancery_protocol::Micros;
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use x509_cert::der::Decode as _;
use zeroize::Zeroizing;

use crate::ground::config::{Tls, one_line};

/// What is wrong with certificate or key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {what}")]
pub struct TlsFault {
    /// `tls.certificate` or `tls.key`.
    pub key: &'static str,
    /// What is wrong, with the file's path.
    pub what: String,
    /// What to do about it.
    pub mend: &'static str,
}

const CERTIFICATE: &str = "tls.certificate";
const KEY: &str = "tls.key";

/// Certificate and key in use. A renewed pair takes the place of the old one without a restart; one that cannot be
/// used takes nobody's place and is reported as long as it lies there.
#[derive(Debug)]
pub struct Certificate {
    files: Tls,
    used: ArcSwap<Used>,
    fault: ArcSwapOption<TlsFault>,
}

#[derive(Debug)]
struct Used {
    pair: Arc<CertifiedKey>,
    ends: Micros,
}

impl Certificate {
    /// Reads certificate and key and proves that they belong together.
    ///
    /// # Errors
    /// A missing or unreadable file, one that is no PEM, holds the wrong thing, an encrypted key, a key that does not
    /// belong to the certificate, a certificate whose end cannot be read.
    pub fn load(files: &Tls) -> Result<Arc<Self>, TlsFault> {
        let used = ArcSwap::from_pointee(read_pair(files)?);
        Ok(Arc::new(Self { files: files.clone(), used, fault: ArcSwapOption::empty() }))
    }

    /// What the web server speaks TLS with, from now on with whatever certificate is in use. actix adds the protocols
    /// itself.
    ///
    /// # Errors
    /// When the protocol versions are not to be had; they are compiled in.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?;
        Ok(builder.with_no_client_auth().with_cert_resolver(Arc::<Self>::clone(self)))
    }

    /// Reads the files again. Says whether another certificate is in use now.
    ///
    /// # Errors
    /// As [`Certificate::load`]; the old one stays in use.
    pub fn renew(&self) -> Result<bool, TlsFault> {
        let read = read_pair(&self.files);
        self.fault.store(read.as_ref().err().cloned().map(Arc::new));
        let read = read?;
        if read.pair.cert == self.used.load().pair.cert {
            return Ok(false);
        }
        self.used.store(Arc::new(read));
        Ok(true)
    }

    /// When the certificate in use ends.
    pub fn ends(&self) -> Micros {
        self.used.load().ends
    }

    /// Why the files, as they lie there now, cannot be used.
    pub fn fault(&self) -> Option<Arc<TlsFault>> {
        self.fault.load_full()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.used.load().pair))
    }
}

fn read_pair(tls: &Tls) -> Result<Used, TlsFault> {
    let certificates = certificates(&tls.certificate)?;
    let key = private_key(&tls.key)?;
    let ends = ends(tls, &certificates);
    let unusable = |e: rustls::Error| {
        fault(
            CERTIFICATE,
            format!("{} cannot be used: {e}", one_line(&tls.certificate)),
            "the first certificate of the file must be the server's own, X.509 version 3",
        )
    };
    let pair = CertifiedKey::from_der(certificates, key, &rustls::crypto::ring::default_provider());
    let pair = pair.map_err(|e| match e {
            rustls::Error::InconsistentKeys(_) => fault(
                KEY,
                format!("{} is not the key of {}", one_line(&tls.key), one_line(&tls.certificate)),
                "name the key the certificate was requested with; the server's certificate comes first in its file",
            ),
            rustls::Error::General(_) => fault(
                KEY,
                format!("{} holds a kind of key the server cannot use", one_line(&tls.key)),
                "use RSA of at least 2048 bits, ECDSA (P-256, P-384) or Ed25519",
            ),
            e => unusable(e),
        })?;
    Ok(Used { pair: Arc::new(pair), ends: ends? })
}

/// When the server's own certificate, the first, ends.
fn ends(tls: &Tls, all: &[CertificateDer<'_>]) -> Result<Micros, TlsFault> {
    let own = all.first().and_then(|own| x509_cert::Certificate::from_der(own).ok());
    let ends = own.map(|own| own.tbs_certificate().validity().not_after.to_unix_duration().as_micros());
    let ends = ends.and_then(|ends| Micros::try_from(ends).ok());
    ends.ok_or_else(|| {
        let what =
            format!("{} holds a certificate without an end that can be read", one_line(&tls.certificate));
        fault(
            CERTIFICATE,
            what,
            "the first certificate of the file must be the server's own, X.509 version 3",
        )
    })
}

fn fault(key: &'static str, what: String, mend: &'static str) -> TlsFault {
    TlsFault { key, what, mend }
}

fn read(key: &'static str, path: &Path) -> Result<Zeroizing<Vec<u8>>, TlsFault> {
    std::fs::read(path).map(Zeroizing::new).map_err(|e| {
        fault(key, format!("{} cannot be read: {e}", one_line(path)), "name a file this account can read")
    })
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let pem = read(CERTIFICATE, path)?;
    let mend = "name a PEM file with -----BEGIN CERTIFICATE-----";
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) => {
            Err(fault(CERTIFICATE, format!("{} holds no certificate in PEM form", one_line(path)), mend))
        }
        Err(_) => Err(fault(CERTIFICATE, format!("{} is damaged PEM", one_line(path)), mend)),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsFault> {
    let pem = read(KEY, path)?;
    // The parser would say "no items" for both forms of encrypted keys.
    if contains(&pem, b"ENCRYPTED PRIVATE KEY-----") || contains(&pem, b"Proc-Type: 4,ENCRYPTED") {
        let mend = "take the passphrase off (`openssl pkey -in old.pem -out new.pem`) and guard the file by its permissions";
        return Err(fault(KEY, format!("{} is encrypted with a passphrase", one_line(path)), mend));
    }
    // Not the parser's own text: it may repeat a line of the key.
    let mend = "name a PEM file with -----BEGIN PRIVATE KEY-----";
    PrivateKeyDer::from_pem_slice(&pem).map_err(|e| match e {
        rustls_pki_types::pem::Error::NoItemsFound => {
            fault(KEY, format!("{} holds no private key in PEM form", one_line(path)), mend)
        }
        _ => fault(KEY, format!("{} is damaged PEM", one_line(path)), mend),
    })
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Made for these tests only, nothing trusts them.
    fn file(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ground/http/testdata").join(name)
    }

    fn load(certificate: &str, key: &str) -> Result<(), (&'static str, String)> {
        let tls = Tls { certificate: file(certificate), key: file(key) };
        Certificate::load(&tls).map(drop).map_err(|fault| (fault.key, fault.what))
    }

    #[test]
    fn the_end_of_the_servers_own_certificate_is_read() {
        let ends = |certificate: &str| {
            Certificate::load(&Tls { certificate: file(certificate), key: file("key.pem") })
                .map(|certificate| certificate.ends())
        };
        assert_eq!(ends("certificate.pem"), Ok(4_948_829_906_000_000), "28 October 2126, as openssl says");
        assert_eq!(ends("key.pem").map_err(|fault| fault.key), Err(CERTIFICATE));
    }

    #[test]
    fn a_certificate_and_its_key_make_a_server() {
        assert_eq!(load("certificate.pem", "key.pem"), Ok(()));
    }

    #[test]
    fn what_is_wrong_with_the_files_is_named() {
        for (certificate, key, path, words) in [
            ("none.pem", "key.pem", CERTIFICATE, "cannot be read"),
            ("certificate.pem", "none.pem", KEY, "cannot be read"),
            ("key.pem", "key.pem", CERTIFICATE, "no certificate"),
            ("certificate.pem", "certificate.pem", KEY, "no private key"),
            ("../tls.rs", "key.pem", CERTIFICATE, ""),
            ("certificate.pem", "other-key.pem", KEY, "is not the key of"),
            ("certificate.pem", "encrypted-key.pem", KEY, "passphrase"),
        ] {
            let (found, what) = load(certificate, key).unwrap_err();
            assert!(found == path && what.contains(words), "{certificate} {key}: {found} {what}");
        }
    }

    #[test]
    fn damaged_files_are_told_from_foreign_ones_and_never_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let broken = write("broken", "-----BEGIN PRIVATE KEY-----\n!hunter2!\n-----END PRIVATE KEY-----\n");
        let old = write(
            "old",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        );
        let cut = write("cut", "-----BEGIN CERTIFICATE-----\nAAAA\n");
        let fake = write("fake", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        let of = |certificate: &Path, key: &Path| {
            Certificate::load(&Tls { certificate: certificate.into(), key: key.into() })
                .map(drop)
                .unwrap_err()
                .what
        };
        let (certificate, key) = (file("certificate.pem"), file("key.pem"));
        let what = of(&certificate, &broken);
        assert!(what.contains("damaged") && !what.contains("hunter2"), "{what}");
        assert!(of(&certificate, &old).contains("passphrase"));
        assert!(of(&cut, &key).contains("damaged"));
        assert!(of(&fake, &key).contains("cannot be used"));
        let odd = write("odd", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assert!(of(&certificate, &odd).contains("kind of key"));
    }

    #[test]
    fn a_renewed_pair_is_used_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let tls = Tls { certificate: folder.path().join("c.pem"), key: folder.path().join("k.pem") };
        let put = |certificate: &str, key: &str| {
            std::fs::copy(file(certificate), &tls.certificate).unwrap();
            std::fs::copy(file(key), &tls.key).unwrap();
        };
        put("certificate.pem", "key.pem");
        let used = Certificate::load(&tls).unwrap();
        let first = used.used.load().pair.cert.clone();
        assert_eq!(used.renew(), Ok(false));
        // Half of the new pair is there: as when it is read between two writes.
        put("other-certificate.pem", "key.pem");
        assert_eq!(used.renew().unwrap_err().key, KEY);
        assert_eq!(used.fault().unwrap().key, KEY);
        assert_eq!(used.used.load().pair.cert, first);
        put("other-certificate.pem", "other-key.pem");
        assert_eq!(used.renew(), Ok(true));
        assert_eq!(used.fault(), None);
        assert_ne!(used.used.load().pair.cert, first);
        std::fs::remove_file(&tls.key).unwrap();
        assert_eq!(used.renew().unwrap_err().key, KEY);
        assert_ne!(used.used.load().pair.cert, first);
    }
}
