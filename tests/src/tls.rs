//! Certificates of a throwaway authority, made with openssl.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{require, run};

/// A certificate for `localhost` and `127.0.0.1`, its key, and the authority that signed it.
pub struct Certificate {
    /// The authority's certificate.
    pub authority: PathBuf,
    /// The server's certificate.
    pub certificate: PathBuf,
    /// The server's key.
    pub key: PathBuf,
}

/// Makes an authority and a certificate in `folder`.
pub fn make_certificate(folder: &Path) -> Certificate {
    require("openssl", "openssl");
    let script = r#"
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=Throwaway Test CA" \
          -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout ca.key -out ca.pem
        openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout server.key -out server.csr
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' > ext.cnf
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext.cnf -out server.pem
        chmod 600 server.key"#;
    let mut command = Command::new("sh");
    command.args(["-ec", script]).current_dir(folder);
    run("openssl", command);
    Certificate {
        authority: folder.join("ca.pem"),
        certificate: folder.join("server.pem"),
        key: folder.join("server.key"),
    }
}
