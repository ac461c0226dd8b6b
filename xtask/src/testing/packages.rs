//! Programs the tests run against, from the distribution: PostgreSQL, a browser with fonts, strace, Node.js.
//!
//! On Debian and its like, as root, what is missing is installed; otherwise one sentence says what to install.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::node;
use crate::sh;

/// Debian's packages, always needed.
const PACKAGES: &[&str] = &[
    "chromium",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
    "fonts-noto-core",
    "ldap-utils",
    "openssl",
    "postgresql-15",
    "python3-venv",
    "slapd",
    "sqlite3",
    "strace",
];

/// LemonLDAP::NG, the second OpenID Connect provider.
const LEMONLDAP: &[&str] = &[
    "libcrypt-jwt-perl",
    "libcrypt-openssl-x509-perl",
    "libgd-perl",
    "libgd-securityimage-perl",
    "libimage-magick-perl",
    "libio-string-perl",
    "liblemonldap-ng-portal-perl",
    "libplack-perl",
    "libstring-random-perl",
    "libtext-unidecode-perl",
];

/// Postfix as a mail server, with accounts of its own.
const POSTFIX: &[&str] = &["libsasl2-modules", "libsasl2-modules-db", "postfix", "sasl2-bin"];

/// Samba as an Active Directory domain controller.
const SAMBA: &[&str] = &[
    "ldb-tools",
    "samba",
    "samba-ad-dc",
    "samba-ad-provision",
    "samba-dsdb-modules",
    "samba-vfs-modules",
    "winbind",
];

/// Installs what is missing.
///
/// # Errors
/// When something is missing and this is not root on a Debian, or the installation fails.
pub fn ensure() -> Result<()> {
    let mut wanted = [PACKAGES, LEMONLDAP, POSTFIX, SAMBA].concat();
    if !node::is_usable() {
        wanted.extend(["nodejs", "npm"]);
    }
    if !is_debian() {
        return without_debian();
    }
    ensure_these(&wanted)
}

/// Installs what a directory and a provider need.
///
/// # Errors
/// As [`ensure`].
pub fn ensure_sign_on() -> Result<()> {
    let mut wanted = vec!["ldap-utils", "openssl", "slapd"];
    if !node::is_usable() {
        wanted.extend(["nodejs", "npm"]);
    }
    // Elsewhere the program itself says what it lacks.
    if is_debian() { ensure_these(&wanted) } else { Ok(()) }
}

/// Whether packages can be asked for and installed.
pub fn is_debian() -> bool {
    sh::which("dpkg-query").is_some() && sh::which("apt-get").is_some()
}

/// Installs what is missing of these Debian packages.
///
/// # Errors
/// When something is missing and this is not root, or the installation fails.
pub fn ensure_these(wanted: &[&str]) -> Result<()> {
    let missing: Vec<&str> = wanted.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if sh::ask("id", &["-u"]).as_deref().map(str::trim) != Some("0") {
        bail!("this needs Debian packages that are not installed: run `sudo apt-get install {list}` once");
    }
    println!("installing Debian packages: {list} …");
    install(&missing).with_context(|| format!("installing {list}"))
}

fn install(missing: &[&str]) -> Result<()> {
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-y"]);
        command
    };
    sh::run(apt().arg("update"))?;
    sh::run(apt().args(["install", "--no-install-recommends"]).args(missing))
}

fn is_installed(package: &str) -> bool {
    let status = sh::ask("dpkg-query", &["--show", "--showformat=${db:Status-Status}", package]);
    status.as_deref() == Some("installed")
}

/// Elsewhere the packages have other names: look for the programs.
fn without_debian() -> Result<()> {
    let mut missing: Vec<&str> = ["chromium", "openssl", "python3", "sqlite3", "strace"]
        .into_iter()
        .filter(|name| sh::which(name).is_none())
        .collect();
    if postgres_programs().is_err() {
        missing.push("PostgreSQL 15 or newer");
    }
    if !node::is_usable() {
        missing.push("Node.js 18 or newer with npm");
    }
    if !missing.is_empty() {
        bail!("the tests need these on the search path: {}", missing.join(", "));
    }
    println!("test: this is no Debian; pictures of pages assume that the Noto fonts are installed");
    Ok(())
}

/// The folder with `initdb` and `postgres`: Debian keeps it off the search path.
///
/// # Errors
/// When there is none.
pub fn postgres_programs() -> Result<PathBuf> {
    newest_postgres(Path::new("/usr/lib/postgresql"))
        .or_else(|| sh::which("initdb").and_then(|file| file.parent().map(Path::to_owned)))
        .context("PostgreSQL's server programs (initdb, postgres) are not installed")
}

fn newest_postgres(versions: &Path) -> Option<PathBuf> {
    let found = std::fs::read_dir(versions).ok()?.filter_map(|entry| {
        let entry = entry.ok()?;
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let programs = entry.path().join("bin");
        programs.join("initdb").is_file().then_some((version, programs))
    });
    found.max().map(|(_, programs)| programs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_postgres_that_is_whole_is_taken() {
        let root = tempfile::tempdir().unwrap();
        for version in ["9", "15", "17", "other"] {
            std::fs::create_dir_all(root.path().join(version).join("bin")).unwrap();
        }
        assert_eq!(newest_postgres(root.path()), None);
        for version in ["9", "15"] {
            std::fs::write(root.path().join(version).join("bin/initdb"), "").unwrap();
        }
        assert_eq!(newest_postgres(root.path()), Some(root.path().join("15/bin")));
    }

    #[test]
    fn a_package_that_nobody_has_is_not_installed() {
        assert!(!is_installed("chancery-no-such-package"));
    }
}
