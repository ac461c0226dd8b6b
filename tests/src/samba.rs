//! A throwaway Active Directory: Samba as a domain controller, its LDAP service only.
//!
//! Its ports are fixed (389 and 636), so it gets a loopback address of its own; that takes root. The domain is made once
//! for this machine and copied from then on.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Mutex, OnceLock};

use chancery_protocol::sources::{Encryption, LdapKind as Kind, LdapSettings as Settings};
use rustix::process::Signal;

use crate::base::new_folder;
use crate::certificates::authority;
use crate::patience::patience;
use crate::process::{As, command, is_root, require, run, signal, start};
use crate::slapd::feed;

/// Suffix of everything in it.
pub const SUFFIX: &str = "DC=corp,DC=example";
/// Name and password of the account that reads.
pub const READER: (&str, &str) = ("svc-ldap@corp.example", "Svc-Passw0rd1");
const ADMIN: (&str, &str) = ("administrator@corp.example", "Adm1n-Passw0rd");

/// A running domain controller.
pub struct Samba {
    folder: PathBuf,
    process: Mutex<Child>,
    /// Its address.
    pub address: String,
}

/// The one all tests of this run share: with the account that reads, and what the first who asks wants in it.
pub fn shared(seed: impl FnOnce() -> String) -> &'static Samba {
    static SHARED: OnceLock<Samba> = OnceLock::new();
    SHARED.get_or_init(|| {
        let samba = Samba::start();
        samba.add(&format!("{}\n\n{}", user("svc-ldap", "Service", READER.1, ""), seed()));
        samba
    })
}

/// An account in LDIF.
pub fn user(login: &str, name: &str, password: &str, more: &str) -> String {
    let password: Vec<u8> = format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let dn = format!("CN={},CN=Users,{SUFFIX}", escaped(name));
    let more = if more.is_empty() { String::new() } else { format!("{more}\n") };
    format!(
        "dn:: {}\nobjectClass: user\nsAMAccountName: {login}\nuserPrincipalName: {login}@corp.example\n\
         displayName:: {}\nuserAccountControl: 512\n{more}unicodePwd:: {}",
        base64(dn.as_bytes()),
        base64(name.as_bytes()),
        base64(&password)
    )
}

/// Standard base64.
pub fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

/// A value of a DN, escaped by RFC 4514.
fn escaped(text: &str) -> String {
    let special = |c: char| matches!(c, '"' | '+' | ',' | ';' | '<' | '=' | '>' | '\\' | '#');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

impl Samba {
    /// Starts one with nobody in it but the administrator.
    pub fn start() -> Self {
        assert!(is_root(), "Samba as a domain controller needs root");
        let packages =
            "samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules samba winbind ldb-tools";
        require("samba-tool", packages);
        require("ldapadd", "ldap-utils");
        let folder = new_folder("samba");
        let [a, b] = [1, 2].map(|n| std::process::id() / if n == 1 { 250 } else { 1 } % 250 + 1);
        let address = format!("127.77.{a}.{b}");
        let names = format!("DNS:dc1.corp.example,DNS:localhost,IP:{address}");
        let certificate = authority().issue(&folder, &names, 30);
        copy_domain(&folder);
        let conf = folder.join("dc/etc/smb.conf");
        let old = std::fs::read_to_string(&conf).unwrap();
        let kept: Vec<&str> =
            old.lines().filter(|line| !line.trim_start().starts_with("server services")).collect();
        let here = folder.display();
        let global = format!(
            "[global]\n server services = ldap\n interfaces = {address}/8\n bind interfaces only = yes\n tls enabled = yes\n \
             tls certfile = {}\n tls keyfile = {}\n tls cafile = {}\n pid directory = {here}\n lock directory = {here}/dc/state\n \
             ncalrpc dir = {here}/ncalrpc\n log file = {here}/log.%m\n log level = 1",
            certificate.certificate.display(),
            certificate.key.display(),
            certificate.authority.display()
        );
        std::fs::write(&conf, kept.join("\n").replacen("[global]", &global, 1)).unwrap();
        let program =
            ["/usr/sbin/samba", "/usr/bin/samba"].into_iter().find(|path| Path::new(path).is_file());
        let program = program.unwrap_or_else(|| panic!("`samba` is missing: apt-get install -y {packages}"));
        let words = [program, "-s", conf.to_str().unwrap(), "-F", "-M", "single", "--debug-stdout"]
            .map(str::to_owned);
        let mut server = command(As::Caller, &words);
        // It ends when its standard input does.
        server.stdin(std::process::Stdio::piped());
        let log = std::fs::File::create(folder.join("samba.log")).unwrap();
        server.stdout(log.try_clone().unwrap()).stderr(log);
        let samba = Self { process: Mutex::new(start(server)), folder, address };
        samba.wait_until_it_answers();
        samba
    }

    fn wait_until_it_answers(&self) {
        let end = std::time::Instant::now() + patience();
        loop {
            let mut probe = self.tool("ldapsearch");
            probe.args(["-b", SUFFIX, "-s", "base", "dc"]);
            if probe.output().is_ok_and(|output| output.status.success()) {
                return;
            }
            let log = || std::fs::read_to_string(self.folder.join("samba.log")).unwrap_or_default();
            assert!(std::time::Instant::now() < end, "samba does not answer:\n{}", log());
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    fn tool(&self, program: &str) -> Command {
        let mut tool = Command::new(program);
        tool.env("LDAPTLS_CACERT", self.folder.join("ca.pem"));
        tool.args(["-x", "-H", &format!("ldaps://{}", self.address), "-D", ADMIN.0, "-w", ADMIN.1]);
        tool
    }

    /// Adds entries in LDIF as the administrator.
    pub fn add(&self, ldif: &str) {
        feed(self.tool("ldapadd"), ldif);
    }

    /// Makes changes in LDIF as the administrator.
    pub fn modify(&self, ldif: &str) {
        feed(self.tool("ldapmodify"), ldif);
    }

    /// Settings of a client by LDAPS, with the authority and the reader.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::of(Kind::ActiveDirectory);
        settings.servers = vec![format!("ldaps://{}", self.address)];
        settings.authorities = authority().pem();
        settings.bind_dn = READER.0.to_owned();
        settings.people.base = format!("CN=Users,{SUFFIX}");
        settings.groups.base = format!("CN=Users,{SUFFIX}");
        settings
    }

    /// The same by StartTLS.
    pub fn start_tls(&self) -> Settings {
        Settings {
            servers: vec![format!("ldap://{}", self.address)],
            encryption: Encryption::StartTls,
            ..self.settings()
        }
    }
}

impl Drop for Samba {
    fn drop(&mut self) {
        let mut process = self.process.lock().unwrap();
        signal(process.id(), Signal::KILL);
        let _ = process.wait();
    }
}

/// Copies the machine's domain into `folder/dc`, making it first where there is none.
fn copy_domain(folder: &Path) {
    let made = std::env::temp_dir().join("chancery-tests-domain");
    let (conf, origin) = ("dc/etc/smb.conf", made.join("origin"));
    if !origin.is_file() {
        provision(folder);
        // Whoever comes second throws its own away; the name appears when everything is there.
        let half = made.with_extension(std::process::id().to_string());
        std::fs::create_dir_all(&half).unwrap();
        copy(&folder.join("dc"), &half);
        std::fs::write(half.join("origin"), folder.to_str().unwrap()).unwrap();
        if std::fs::rename(&half, &made).is_err() {
            let _ = std::fs::remove_dir_all(&half);
        }
        return;
    }
    copy(&made.join("dc"), folder);
    let (from, to) = (std::fs::read_to_string(origin).unwrap(), folder.to_str().unwrap());
    let text = std::fs::read_to_string(folder.join(conf)).unwrap();
    std::fs::write(folder.join(conf), text.replace(&from, to)).unwrap();
}

fn copy(from: &Path, into: &Path) {
    let mut cp = Command::new("cp");
    cp.arg("-a").arg(from).arg(into);
    run("cp", cp);
}

fn provision(folder: &Path) {
    let none = folder.join("none.conf");
    std::fs::write(&none, "").unwrap();
    let mut tool = Command::new("samba-tool");
    tool.args([
        "domain",
        "provision",
        "--realm=CORP.EXAMPLE",
        "--domain=CORP",
        "--server-role=dc",
        "--host-name=dc1",
    ])
    .args(["--host-ip=127.77.0.1", "--dns-backend=NONE", &format!("--adminpass={}", ADMIN.1)])
    .arg(format!("--configfile={}", none.display()))
    .arg(format!("--targetdir={}", folder.join("dc").display()))
    // File permissions are kept in a file of its own: the file system need not be able to.
    .arg(format!("--option=posix:eadb={}", folder.join("eadb.tdb").display()))
    .arg("--option=vfs objects=dfs_samba4 acl_xattr xattr_tdb");
    run("samba-tool domain provision", tool);
}
