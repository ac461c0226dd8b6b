//! A throwaway OpenLDAP server, never as root, on random loopback ports.
//!
//! It keeps memberOf, demands encryption for passwords and gives its reader at most 500 entries at a time. Entries are
//! added over the wire, by a local socket: only so memberOf is kept.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use chancery_protocol::sources::{Encryption, LdapKind as Kind, LdapSettings as Settings};
use rustix::process::Signal;

use crate::base::{hand_to_ordinary_user, new_folder};
use crate::certificates::{Certificate, authority, self_signed};
use crate::patience::patience;
use crate::process::{As, command, free_port, require, signal, start};

/// Suffix of everything in it.
pub const SUFFIX: &str = "dc=example,dc=org";
/// DN and password of the account that reads.
pub const READER: (&str, &str) = ("cn=reader,dc=example,dc=org", "readerpw");
const ADMIN: (&str, &str) = ("cn=admin,dc=example,dc=org", "secret");

/// A running server.
pub struct Slapd {
    folder: PathBuf,
    process: Mutex<Child>,
    /// Port without TLS and for StartTLS.
    pub port: u16,
    /// Port for LDAPS.
    pub tls_port: u16,
}

/// What is different from the usual.
#[derive(Debug, Clone)]
pub struct Options {
    /// Names the certificate is for; none for a server without TLS.
    pub names: Option<&'static str>,
    /// Days the certificate is valid for.
    pub days: i32,
    /// `CA:TRUE` or `CA:FALSE` for a certificate that vouches for itself.
    pub self_signed: Option<&'static str>,
    /// More lines of configuration before the database.
    pub global: &'static str,
    /// More lines of configuration of the database.
    pub database: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            names: Some("DNS:localhost,IP:127.0.0.1"),
            days: 30,
            self_signed: None,
            global: "",
            database: "",
        }
    }
}

/// Three people and some groups; shared by tests that change nothing.
pub fn shared() -> &'static Slapd {
    static SHARED: OnceLock<Slapd> = OnceLock::new();
    SHARED.get_or_init(|| {
        let slapd = Slapd::start(Options::default());
        slapd.add(SEED);
        slapd
    })
}

const SEED: &str = "
dn: uid=alice,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: alice
cn: Alice Adams
sn: Adams
mail: alice@example.org
title: Trader
departmentNumber: Capital markets
manager: uid=bob,ou=people,dc=example,dc=org
telephoneNumber: +44 20 7946 0000
employeeType: private
jpegPhoto:: /9j/4AAQSkZJRg==
userPassword: alicepw

dn: uid=bob,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: bob
cn: Bob Brown
sn: Brown
userPassword: bobpw

dn: uid=zoe,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: zoe
cn:: Wm/DqyDDnHN0w7xu
sn: Uestun
userPassword: zoepw

dn: cn=compliance,ou=groups,dc=example,dc=org
objectClass: groupOfNames
cn: compliance
description: Those who read
member: uid=alice,ou=people,dc=example,dc=org

dn: cn=staff,ou=groups,dc=example,dc=org
objectClass: groupOfNames
cn: staff
member: cn=compliance,ou=groups,dc=example,dc=org
member: uid=bob,ou=people,dc=example,dc=org

dn: cn=circle one,ou=groups,dc=example,dc=org
objectClass: groupOfNames
cn: circle one
member: cn=staff,ou=groups,dc=example,dc=org
member: cn=circle two,ou=groups,dc=example,dc=org

dn: cn=circle two,ou=groups,dc=example,dc=org
objectClass: groupOfNames
cn: circle two
member: cn=circle one,ou=groups,dc=example,dc=org
";

const ROOT: &str = "
dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: cn=reader,dc=example,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: readerpw

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=example,dc=org
objectClass: organizationalUnit
ou: groups
";

impl Slapd {
    /// Starts one with the suffix, the reader and two empty units.
    pub fn start(options: Options) -> Self {
        let program =
            ["/usr/sbin/slapd", "/usr/lib/openldap/slapd"].into_iter().find(|path| Path::new(path).is_file());
        let program = program.expect("`slapd` is missing: apt-get install -y slapd");
        require("ldapadd", "ldap-utils");
        let folder = new_folder("slapd");
        std::fs::create_dir(folder.join("db")).unwrap();
        let certificate = options.names.map(|names| match options.self_signed {
            Some(constraint) => self_signed(&folder, names, constraint),
            None => authority().issue(&folder, names, options.days),
        });
        std::fs::write(folder.join("slapd.conf"), configuration(&folder, &options, certificate.as_ref()))
            .unwrap();
        hand_to_ordinary_user(&folder);
        let (port, tls_port) = (free_port(), free_port());
        let mut urls = format!("ldap://127.0.0.1:{port} {}", socket(&folder));
        if certificate.is_some() {
            urls.push_str(&format!(" ldaps://127.0.0.1:{tls_port}"));
        }
        let conf = folder.join("slapd.conf");
        let words = [program, "-f", conf.to_str().unwrap(), "-h", &urls, "-d", "none"].map(str::to_owned);
        let mut slapd = command(As::OrdinaryUser, &words);
        let log = std::fs::File::create(folder.join("log")).unwrap();
        slapd.stdout(log.try_clone().unwrap()).stderr(log);
        let slapd = Self { process: Mutex::new(start(slapd)), folder, port, tls_port };
        slapd.wait_until_it_answers();
        slapd.add(ROOT);
        slapd
    }

    fn wait_until_it_answers(&self) {
        let end = std::time::Instant::now() + patience();
        loop {
            let mut probe = Command::new("ldapsearch");
            probe.args(["-x", "-H", &socket(&self.folder), "-b", "", "-s", "base"]);
            if probe.output().is_ok_and(|output| output.status.success()) {
                return;
            }
            let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(std::time::Instant::now() < end, "slapd does not answer:\n{}", log());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// Adds entries in LDIF as the administrator.
    pub fn add(&self, ldif: &str) {
        self.change("ldapadd", ldif);
    }

    /// Makes changes in LDIF as the administrator.
    pub fn modify(&self, ldif: &str) {
        self.change("ldapmodify", ldif);
    }

    fn change(&self, program: &str, ldif: &str) {
        let mut tool = Command::new(program);
        tool.args(["-x", "-H", &socket(&self.folder), "-D", ADMIN.0, "-w", ADMIN.1]);
        feed(tool, ldif);
    }

    /// Freezes it: it takes connections and says nothing.
    pub fn freeze(&self) {
        signal(self.process.lock().unwrap().id(), Signal::STOP);
    }

    /// Thaws it.
    pub fn thaw(&self) {
        signal(self.process.lock().unwrap().id(), Signal::CONT);
    }

    /// The first value of an attribute of an entry.
    pub fn attribute(&self, dn: &str, attribute: &str) -> String {
        let mut tool = Command::new("ldapsearch");
        tool.args([
            "-x",
            "-LLL",
            "-o",
            "ldif-wrap=no",
            "-H",
            &socket(&self.folder),
            "-D",
            ADMIN.0,
            "-w",
            ADMIN.1,
        ]);
        let output = tool.args(["-b", dn, "-s", "base", attribute]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let value = text.lines().find_map(|line| line.strip_prefix(&format!("{attribute}: ")));
        value.unwrap_or_else(|| panic!("{dn} has no {attribute}")).to_owned()
    }

    /// Reads all entries as its own reader does, a page at a time, with the tool of the directory; how many there are.
    pub fn search_all(&self) -> usize {
        let mut found = 0;
        for (base, filter) in
            [("people", "(objectClass=inetOrgPerson)"), ("groups", "(objectClass=groupOfNames)")]
        {
            let mut tool = Command::new("ldapsearch");
            tool.env("LDAPTLS_CACERT", self.folder.join("ca.pem"));
            tool.args([
                "-x",
                "-ZZ",
                "-LLL",
                "-E",
                "pr=500/noprompt",
                "-H",
                &format!("ldap://127.0.0.1:{}", self.port),
            ]);
            tool.args(["-D", READER.0, "-w", READER.1, "-b", &format!("ou={base},{SUFFIX}"), filter]);
            let output = tool.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            found +=
                output.stdout.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"dn: ")).count();
        }
        found
    }

    /// What the server gives as its authority, in PEM form.
    pub fn authority(&self) -> String {
        std::fs::read_to_string(self.folder.join("ca.pem")).unwrap()
    }

    /// Settings of a client by StartTLS, with the authority and the reader.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::of(Kind::OpenLdap);
        settings.servers = vec![format!("ldap://127.0.0.1:{}", self.port)];
        settings.encryption = Encryption::StartTls;
        settings.authorities = authority().pem();
        settings.bind_dn = READER.0.to_owned();
        settings.people.base = format!("ou=people,{SUFFIX}");
        settings.groups.base = format!("ou=groups,{SUFFIX}");
        settings
    }

    /// The same by LDAPS.
    pub fn ldaps(&self) -> Settings {
        Settings {
            servers: vec![format!("ldaps://127.0.0.1:{}", self.tls_port)],
            encryption: Encryption::Ldaps,
            ..self.settings()
        }
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let mut process = self.process.lock().unwrap();
        signal(process.id(), Signal::KILL);
        let _ = process.wait();
    }
}

/// Runs a tool with a text on its standard input.
pub fn feed(mut tool: Command, text: &str) {
    tool.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = tool.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = text.to_owned();
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut input, text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    assert!(output.status.success(), "{tool:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn socket(folder: &Path) -> String {
    format!("ldapi://{}", folder.join("socket").to_str().unwrap().replace('/', "%2F"))
}

fn installed(name: &str) -> String {
    let places =
        ["/etc/ldap/schema", "/usr/lib/ldap", "/usr/lib/x86_64-linux-gnu/ldap", "/usr/libexec/openldap"];
    let found = places.into_iter().find(|place| Path::new(place).join(name).is_file());
    found.unwrap_or_else(|| panic!("{name} of slapd is missing: apt-get install -y slapd")).to_owned()
}

fn configuration(folder: &Path, options: &Options, certificate: Option<&Certificate>) -> String {
    let (schema, modules) = (installed("core.schema"), installed("memberof.la"));
    let (here, global, database) = (folder.display(), options.global, options.database);
    let tls = certificate.map_or_else(String::new, |files| {
        format!(
            "TLSCACertificateFile {}\nTLSCertificateFile {}\nTLSCertificateKeyFile {}\n",
            files.authority.display(),
            files.certificate.display(),
            files.key.display()
        )
    });
    let (dn, password) = ADMIN;
    format!(
        r#"include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/nis.schema
include {schema}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
moduleload memberof
moduleload ppolicy
pidfile {here}/slapd.pid
{tls}localSSF 256
security simple_bind=128
sizelimit 500
{global}
database mdb
maxsize 4294967296
dbnosync
directory {here}/db
suffix "{SUFFIX}"
rootdn "{dn}"
rootpw {password}
index objectClass,uid,mail,member,memberOf,entryUUID,entryCSN eq
access to attrs=userPassword by self write by anonymous auth by * none
access to * by dn.exact="cn=reader,dc=example,dc=org" read by * none
{database}
overlay memberof
memberof-group-oc groupOfNames
memberof-dangling ignore
"#
    )
}
