//! Certificates of a throwaway authority, made with openssl.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::base::new_folder;
use crate::process::{require, run};

/// An authority.
pub struct Authority {
    folder: PathBuf,
}

/// A certificate and its key.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The authority's certificate.
    pub authority: PathBuf,
    /// The server's certificate.
    pub certificate: PathBuf,
    /// The server's key.
    pub key: PathBuf,
}

/// The authority everything in these tests trusts.
pub fn authority() -> &'static Authority {
    static SHARED: OnceLock<Authority> = OnceLock::new();
    SHARED.get_or_init(|| Authority::new("Throwaway Test CA"))
}

impl Authority {
    /// Makes one.
    pub fn new(name: &str) -> Self {
        require("openssl", "openssl");
        let folder = new_folder("authority");
        shell(
            &folder,
            r#"openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$1" -addext "basicConstraints=critical,CA:TRUE" \
              -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout ca.key -out ca.pem"#,
            &[name],
        );
        Self { folder }
    }

    /// Its certificate in PEM form.
    pub fn pem(&self) -> String {
        std::fs::read_to_string(self.folder.join("ca.pem")).unwrap()
    }

    /// Issues a certificate into `folder` for names (`DNS:localhost,IP:127.0.0.1`), valid for so many days from now;
    /// with less than none it has expired. Tests do so at the same time: there is no file of serial numbers.
    pub fn issue(&self, folder: &Path, names: &str, days: i32) -> Certificate {
        let ca = self.folder.to_str().unwrap();
        shell(
            folder,
            r#"openssl req -newkey rsa:2048 -nodes -subj "/CN=server" -keyout server.key -out server.csr
            printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' "$2" > ext.cnf
            openssl x509 -req -in server.csr -CA "$1/ca.pem" -CAkey "$1/ca.key" -set_serial "0x1$(openssl rand -hex 8)" -days "$3" -extfile ext.cnf -out server.pem
            cp "$1/ca.pem" ca.pem
            chmod 600 server.key"#,
            &[ca, names, &days.to_string()],
        );
        Certificate {
            authority: folder.join("ca.pem"),
            certificate: folder.join("server.pem"),
            key: folder.join("server.key"),
        }
    }
}

/// A certificate that vouches for itself, as some servers make one when they are installed; `CA:TRUE` or
/// `CA:FALSE`.
pub fn self_signed(folder: &Path, names: &str, constraint: &str) -> Certificate {
    shell(
        folder,
        r#"openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=server" -addext "subjectAltName=$1" \
          -addext "basicConstraints=critical,$2" -keyout server.key -out server.pem
        cp server.pem ca.pem"#,
        &[names, constraint],
    );
    Certificate {
        authority: folder.join("ca.pem"),
        certificate: folder.join("server.pem"),
        key: folder.join("server.key"),
    }
}

fn shell(folder: &Path, script: &str, arguments: &[&str]) {
    let mut command = Command::new("sh");
    command.args(["-ec", script, "sh"]).args(arguments).current_dir(folder);
    run("openssl", command);
}
