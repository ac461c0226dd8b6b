//! The settings of mail.

use std::time::Duration;

use super::World;
use crate::ground::config::{Mail, MailAuthorities, MailProof, MailSecurity, Secret};

/// What the other settings of mail must say for one to be allowed.
pub fn rest(path: &str) -> String {
    let tokens = ["mail.oauth_client_id = 'i'", "mail.oauth_client_secret = 's'"];
    let endpoint = "mail.oauth_endpoint = 'https://login.example.com/t'";
    let mut lines = vec!["mail.host = 'mail.example.com'", "mail.from = 'a@example.com'"];
    match path {
        "mail.plaintext_accepted" => lines.push("mail.security = 'none'"),
        "mail.user" => lines.push("mail.password = 'p'"),
        "mail.password" | "mail.oauth_token_file" => lines.push("mail.user = 'u'"),
        path if path.starts_with("mail.oauth_") => {
            lines.extend(tokens.iter().chain([&endpoint, &"mail.user = 'u'"]));
        }
        _ => {}
    }
    lines.retain(|line| !line.starts_with(&format!("{path} ")));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

const LEAST: &str = "mail.host = 'mail.example.com'\nmail.from = 'Chat <chat@example.com>'\n";

fn mail(more: &str) -> Mail {
    *World::toml(&format!("{LEAST}{more}")).config().mail.unwrap()
}

fn wrong(more: &str) -> Vec<String> {
    World::toml(&format!("{LEAST}{more}")).wrong()
}

#[test]
fn without_a_server_there_is_no_mail_and_with_one_tls_is_required() {
    assert_eq!(World::default().config().mail, None);
    let mail = mail("");
    assert_eq!(
        (mail.host.as_str(), mail.port, mail.security),
        ("mail.example.com", 587, MailSecurity::StartTls)
    );
    assert_eq!(
        (mail.from.to_string().as_str(), mail.bounce.to_string().as_str()),
        ("Chat <chat@example.com>", "chat@example.com")
    );
    assert_eq!((mail.login, mail.reply_to, mail.authorities), (None, None, None));
    assert_eq!(
        (mail.connect, mail.answer, mail.lines),
        (Duration::from_secs(20), Duration::from_secs(120), 2)
    );
}

#[test]
fn ports_follow_the_protection_and_paths_the_file() {
    assert_eq!(mail("mail.security = 'tls'").port, 465);
    assert_eq!(mail("mail.security = 'tls'\nmail.port = 2465").port, 2465);
    assert_eq!(mail("mail.authorities = 'ca.pem'").authorities, Some(MailAuthorities::File("/srv/ca.pem".into())));
}

#[test]
fn in_clear_only_to_this_machine_unless_accepted() {
    for (host, fine) in [
        ("localhost", true),
        ("127.0.0.1", true),
        ("::1", true),
        ("10.0.0.5", false),
        ("mail.example.com", false),
    ] {
        let text = format!("mail.from = 'a@example.com'\nmail.host = '{host}'\nmail.security = 'none'\n");
        let found = World::toml(&text).wrong();
        assert_eq!(found.is_empty(), fine, "{host}: {found:?}");
        assert_eq!(World::toml(&format!("{text}mail.plaintext_accepted = true")).wrong(), [""; 0], "{host}");
    }
    assert_eq!(wrong("mail.security = 'opportunistic'"), ["mail.security"]);
}

#[test]
fn an_account_has_exactly_one_proof() {
    assert_eq!(wrong("mail.user = 'u'"), ["mail.user"]);
    assert_eq!(wrong("mail.password = 'p'"), ["mail.user"]);
    assert_eq!(wrong("mail.user = 'u'\nmail.password = 'p'\nmail.oauth_token_file = 't'"), ["mail.user"]);
    let user = "mail.user = 'u'\n";
    assert_eq!(
        mail(&format!("{user}mail.password = 'p'")).login.unwrap().proof,
        MailProof::Password(Secret::new("p"))
    );
    assert_eq!(
        mail(&format!("{user}mail.oauth_token_file = 't'")).login.unwrap().proof,
        MailProof::TokenFile("/srv/t".into())
    );
    let endpoint = format!("{user}mail.oauth_endpoint = 'https://login.example.com/t'\n");
    assert_eq!(wrong(&endpoint), ["mail.oauth_client_id", "mail.oauth_client_secret"]);
    let whole = format!("{endpoint}mail.oauth_client_id = 'i'\nmail.oauth_client_secret = 's'\n");
    let MailProof::Tokens(tokens) = mail(&whole).login.unwrap().proof else { panic!("no tokens") };
    assert_eq!((tokens.endpoint.as_str(), tokens.refresh_token), ("https://login.example.com/t", None));
    assert_eq!(
        wrong("mail.oauth_scope = 's'\nmail.oauth_refresh_token = 'r'"),
        ["mail.oauth_refresh_token", "mail.oauth_scope"]
    );
    assert_eq!(wrong(&whole.replace("https://", "http://")), ["mail.oauth_endpoint"]);
    assert_eq!(wrong(&whole.replace("https://login.example.com", "http://127.0.0.1:80")), [""; 0]);
}

#[test]
fn everything_wrong_is_said_at_once_and_no_secret_is_repeated() {
    let world = World::toml(
        "[mail]\nhost = 'smtp://mail.example.com'\nport = 70000\nfrom = \"a\\nBcc: b\"\nbounce = 'A <a@example.com>'\n\
         reply_to = 'grüße@example.com'\nlines = 0\nanswer_seconds = 601\nconnect_seconds = 0\ncontent = 'all'\n\
         password = \"geheim\\nsecond\"",
    );
    assert_eq!(
        world.wrong(),
        [
            "mail.host",
            "mail.port",
            "mail.password",
            "mail.from",
            "mail.reply_to",
            "mail.bounce",
            "mail.connect_seconds",
            "mail.answer_seconds",
            "mail.lines",
            "mail.content",
        ]
    );
    assert!(!world.words().contains("geheim"));
    assert_eq!(
        World::toml("mail.from = 'a@example.com'\nmail.user = 'u'\nmail.password = 'p'").wrong(),
        ["mail.from", "mail.user"]
    );
    assert_eq!(World::toml("mail.host = 'mail.example.com'").wrong(), ["mail.from"]);
}
