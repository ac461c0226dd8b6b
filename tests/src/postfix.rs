//! A throwaway Postfix on a random loopback port: it demands STARTTLS and AUTH, puts every mail into one Maildir, whoever
//! it is for, and can send nothing on. Needs root, as Postfix does.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::base::new_folder;
use crate::certificates::{Certificate, authority};
use crate::patience::{until, until_some};
use crate::process::{free_port, is_root, run, start};

/// Its only account.
pub const ACCOUNT: (&str, &str) = ("app@example.org", "mailpw");

/// Postfix, until our end of the pipe is closed, which it is however this run ends. A signal at the death of the parent
/// would not do: Postfix changes its user, and the kernel then forgets it.
const SUPERVISED: &str = r#"/usr/sbin/postfix -c "$1" start-fg & started=$!
exec 3<&0
(cat <&3 >/dev/null; kill -TERM $(cat "$2")) &
wait $started"#;

/// A running server.
pub struct Postfix {
    /// Port for mail.
    pub port: u16,
    /// Its certificate, for `localhost`.
    pub certificate: Certificate,
    folder: PathBuf,
    process: Child,
}

impl Postfix {
    /// Starts one and waits until it answers.
    pub async fn start() -> Self {
        assert!(is_root(), "Postfix can be started by root only");
        let package = "apt-get install -y postfix sasl2-bin libsasl2-modules";
        let daemons = ["/usr/lib/postfix/sbin", "/usr/libexec/postfix"];
        let daemons = daemons.into_iter().find(|folder| Path::new(folder).join("smtpd").is_file());
        let daemons = daemons.unwrap_or_else(|| panic!("`postfix` is missing: {package}"));
        let folder = new_folder("postfix");
        crate::base::open_for_all(&folder);
        for name in ["conf", "conf/sasl", "queue", "data", "mail"] {
            std::fs::create_dir(folder.join(name)).unwrap();
        }
        let certificate = authority().issue(&folder, "DNS:localhost", 30);
        std::fs::set_permissions(&certificate.key, std::fs::Permissions::from_mode(0o644)).unwrap();
        let port = free_port();
        accounts(&folder, package);
        std::fs::write(folder.join("conf/main.cf"), main(&folder, daemons)).unwrap();
        std::fs::write(folder.join("conf/master.cf"), master(port)).unwrap();
        own(&["data", "mail", "sasldb2"].map(|name| folder.join(name)));
        let mut postfix = Command::new("sh");
        postfix.args(["-c", SUPERVISED, "postfix"]).arg(folder.join("conf"));
        postfix.arg(folder.join("queue/pid/master.pid")).stdin(Stdio::piped());
        let log = std::fs::File::create(folder.join("log")).unwrap();
        postfix.stdout(log.try_clone().unwrap()).stderr(log);
        let mut process = start(postfix);
        until("Postfix answers", async || {
            let ended = process.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "Postfix ended:\n{}",
                std::fs::read_to_string(folder.join("log")).unwrap()
            );
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()
        })
        .await;
        Self { port, certificate, folder, process }
    }

    /// The mails it delivered, once there are so many.
    pub async fn mails(&self, count: usize) -> Vec<Vec<u8>> {
        let maildir = self.folder.join("mail/all/new");
        until_some("Postfix delivered", async || {
            let files: Vec<_> =
                std::fs::read_dir(&maildir).ok()?.map(|entry| entry.unwrap().path()).collect();
            (files.len() >= count).then(|| files.iter().map(|file| std::fs::read(file).unwrap()).collect())
        })
        .await
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

fn accounts(folder: &Path, package: &str) {
    let sasldb = folder.join("sasldb2");
    let smtpd = format!(
        "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {}\nmech_list: PLAIN LOGIN\n",
        sasldb.display()
    );
    std::fs::write(folder.join("conf/sasl/smtpd.conf"), smtpd).unwrap();
    let mut tool = Command::new("/usr/sbin/saslpasswd2");
    tool.args(["-p", "-c", "-f"]).arg(&sasldb).args(["-u", "example.org", "app"]).stdin(Stdio::piped());
    let mut tool = tool.spawn().unwrap_or_else(|_| panic!("`saslpasswd2` is missing: {package}"));
    tool.stdin.take().unwrap().write_all(ACCOUNT.1.as_bytes()).unwrap();
    assert!(tool.wait().unwrap().success(), "saslpasswd2");
}

fn own(paths: &[PathBuf]) {
    let mut chown = Command::new("chown");
    chown.arg("postfix").args(paths);
    run("chown", chown);
}

fn main(folder: &Path, daemons: &str) -> String {
    let folder = folder.display();
    let id = |flag| {
        let mut id = Command::new("id");
        id.args([flag, "postfix"]);
        run("id", id).trim().to_owned()
    };
    let (user, group) = (id("-u"), id("-g"));
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
relay_domains =
virtual_mailbox_domains = static:all
virtual_mailbox_maps = static:all/
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
virtual_minimum_uid = 1
default_transport = error:no outbound mail here
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.key
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = example.org
cyrus_sasl_config_path = {folder}/conf/sasl
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
maillog_file = {folder}/queue/mail.log
maillog_file_prefixes = {folder}
alias_maps =
biff = no
"
    )
}

fn master(port: u16) -> String {
    format!(
        "127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"
    )
}
