//! Each rule of the configuration, through the one door [`load`].

mod mail;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::keys::{KEYS, Shape};
use super::problem::Problems;
use super::{Config, DatabaseUrl, Format, Level, Loaded, MailGiven, Secret, Surroundings, load};

/// A world of files and variables.
#[derive(Default)]
struct World {
    files: BTreeMap<PathBuf, Vec<u8>>,
    env: Vec<(OsString, OsString)>,
    explicit: Option<PathBuf>,
}

impl World {
    fn toml(text: &str) -> Self {
        Self::default().file("/srv/chancery.toml", text)
    }

    fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.insert(path.into(), content.as_ref().to_vec());
        self
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    fn explicit(mut self, path: &str) -> Self {
        self.explicit = Some(path.into());
        self
    }

    fn load(&self) -> Result<Loaded, Problems> {
        let read =
            |path: &Path| self.files.get(path).cloned().ok_or(io::Error::from(io::ErrorKind::NotFound));
        let outside = Surroundings { env: self.env.clone(), cwd: "/srv".into(), read: &read };
        load(self.explicit.as_deref(), &outside)
    }

    fn config(&self) -> Config {
        self.load().map(|loaded| loaded.config).unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// Paths of all problems, in order.
    fn wrong(&self) -> Vec<String> {
        match self.load() {
            Ok(_) => Vec::new(),
            Err(problems) => problems.list().iter().map(|p| p.path.clone()).collect(),
        }
    }

    fn words(&self) -> String {
        self.load().err().map(|problems| problems.to_string()).unwrap_or_default()
    }
}

#[test]
fn nothing_configured_is_a_server_on_this_machine() {
    let config = World::default().config();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!((config.public_url.origin(), config.public_url_set), ("http://127.0.0.1:8080", false));
    assert_eq!(config.organisation, "Chancery");
    assert_eq!(config.service_desk, None);
    assert_eq!(config.data, Path::new("/srv/data"));
    assert_eq!(config.database.url, DatabaseUrl::Sqlite("/srv/data/chancery.db".into()));
    assert_eq!(config.keys.url, DatabaseUrl::Sqlite("/srv/data/keys.db".into()));
    assert_eq!(config.keys.master_key_file, Path::new("/srv/data/master.key"));
    assert_eq!((config.session.hours, config.demo, config.tls), (12, false, None));
    assert_eq!((config.log.format, config.log.level), (Format::Text, Level::INFO));
}

#[test]
fn later_layers_win() {
    let world = World::toml("organisation = 'File'\nservice_desk = 'File'\nsession.hours = 1\n")
        .env("CHANCERY_SERVICE_DESK", "Environment")
        .env("CHANCERY_SESSION_HOURS", "2")
        .env("CHANCERY_LOG_LEVEL_FILE", "/run/level")
        .file("/run/level", "debug\n");
    let config = world.config();
    assert_eq!(config.organisation, "File");
    assert_eq!(config.service_desk.as_deref(), Some("Environment"));
    assert_eq!(config.session.hours, 2);
    assert_eq!(config.log.level, Level::DEBUG);
    let config = World::toml("[session]\nhours_file = 'hours'")
        .file("/srv/hours", "3")
        .env("CHANCERY_SESSION_HOURS", "2");
    assert_eq!(config.config().session.hours, 3, "a secret file is the last layer");
}

#[test]
fn every_key_can_come_from_each_layer() {
    for key in KEYS {
        let value = match key.path {
            "listen" | "metrics.listen" => "127.0.0.1:9",
            "public_url" => "https://chat.example.com",
            "demo" | "metrics.on_network" => "true",
            "database.url" | "database.migration_url" | "keys.url" => "postgres://u@h/d",
            "session.hours" | "session.confirm_minutes" | "tokens.longest_days" | "traces.percent" => "7",
            "proxies.trusted" => "10.0.0.0/8",
            "proxies.header" => "forwarded",
            "traces.otlp" => "http://127.0.0.1:4318",
            "log.format" => "json",
            "log.level" => "warn",
            "mail.port" | "mail.connect_seconds" | "mail.answer_seconds" | "mail.lines" => "7",
            "mail.security" => "tls",
            "mail.plaintext_accepted" => "true",
            "mail.content" => "full",
            "mail.oauth_endpoint" => "https://login.example.com/token",
            "notify.after_minutes" | "notify.window_minutes" => "77",
            "notify.digest_at" => "07:30",
            "notify.quiet_hours" => "20:00-07:00",
            "notify.quiet_days" => "sunday",
            "notify.time_zone" => "Europe/Berlin",
            "notify.language" => "de",
            "mail.from" | "mail.reply_to" | "mail.bounce" => "other@example.com",
            _ => "word",
        };
        let written = if key.shape == Shape::Text { format!("'{value}'") } else { value.to_owned() };
        // What the others must say for this one to be allowed.
        let rest = match key.path {
            "tls.certificate" => "tls.key = 'k'\n",
            "tls.key" => "tls.certificate = 'c'\n",
            "database.migration_url" => "database.url = 'postgres://u@h/d'\n",
            path if path.starts_with("mail.") => &mail::rest(path),
            _ => "",
        };
        let worlds = [
            World::toml(&format!("{rest}{} = {written}", key.path)),
            World::toml(&format!("{rest}{}_file = '/v'", key.path)).file("/v", value),
            World::toml(rest).env(&key.env(), value),
            World::toml(rest).env(&format!("{}_FILE", key.env()), "/v").file("/v", format!("{value}\r\n")),
        ];
        let configs: Vec<Config> = worlds.iter().map(World::config).collect();
        assert!(configs.iter().all(|config| *config == configs[0]), "{}", key.path);
        assert_ne!(
            configs[0],
            World::toml(rest).load().map_or_else(|_| World::default().config(), |l| l.config),
            "{}",
            key.path
        );
    }
}

#[test]
fn all_problems_are_reported_at_once_each_with_path_source_and_mending() {
    let world = World::toml(
        "listen = 'here'\norganisation = ''\nlisten_to = 1\n[session]\nhours = 0\n[log]\nlevel = 3\n",
    )
    .env("CHANCERY_DEMO", "maybe")
    .env("CHANCERY_KEYS_URL_FILE", "/run/none");
    let problems = world.load().err().unwrap();
    let paths: Vec<&str> = problems.list().iter().map(|p| p.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "listen_to",
            "log.level",
            "CHANCERY_KEYS_URL_FILE",
            "listen",
            "organisation",
            "demo",
            "session.hours"
        ]
    );
    assert!(problems.list().iter().all(|p| !p.what.is_empty() && !p.mend.is_empty()));
    let words = problems.to_string();
    assert!(words.starts_with("the configuration has 7 problems\n"), "{words}");
    assert!(
        words.contains(
            "session.hours (from /srv/chancery.toml): \"0\" is not a number of hours from 1 to 720"
        )
    );
    assert!(words.contains("demo (from CHANCERY_DEMO): \"maybe\" is neither true nor false"));
    assert!(words.contains("/run/none: cannot be read"));
}

#[test]
fn unknown_names_are_refused_with_the_likely_one() {
    let world = World::toml(
        "lisen = 'x'\n[tsl]\nkey = 'x'\n[database]\nurl_flie = 'x'\npool = 3\n[log.level]\na = 1",
    )
    .env("CHANCERY_DATABSE_URL", "x")
    .env("CHANCERY_COFFEE_MACHINE", "on")
    .env("HOME", "/root");
    let words = world.words();
    for hint in
        ["did you mean listen?", "did you mean database.url_file?", "did you mean CHANCERY_DATABASE_URL?"]
    {
        assert!(words.contains(hint), "{hint}: {words}");
    }
    assert_eq!(
        world.wrong(),
        [
            "database.pool",
            "database.url_flie",
            "lisen",
            "log.level",
            "tsl",
            "CHANCERY_DATABSE_URL",
            "CHANCERY_COFFEE_MACHINE"
        ]
    );
}

#[test]
fn variables_a_cluster_sets_for_a_service_of_our_name_are_not_ours() {
    let world = World::default()
        .env("CHANCERY_SERVICE_HOST", "10.0.0.1")
        .env("CHANCERY_SERVICE_PORT", "80")
        .env("CHANCERY_SERVICE_PORT_HTTP", "80")
        .env("CHANCERY_PORT", "tcp://10.0.0.1:80")
        .env("CHANCERY_PORT_80_TCP_ADDR", "10.0.0.1");
    assert_eq!(world.wrong(), [""; 0]);
    assert_eq!(World::default().env("CHANCERY_SERVICE_DESC", "x").wrong(), ["CHANCERY_SERVICE_DESC"]);
    assert_eq!(World::default().env("CHANCERY_PORTS", "x").wrong(), ["CHANCERY_PORTS"]);
}

#[test]
fn plain_http_stays_on_this_machine() {
    for (listen, fine) in [
        ("127.0.0.1:80", true),
        ("127.1.2.3:0", true),
        ("[::1]:80", true),
        ("0.0.0.0:80", false),
        ("[::]:80", false),
        ("10.0.0.5:80", false),
    ] {
        let world = World::toml(&format!("listen = '{listen}'"));
        assert_eq!(world.wrong().is_empty(), fine, "{listen}");
    }
    let words = World::toml("listen = '0.0.0.0:80'").words();
    assert!(words.contains("set tls.certificate and tls.key, or listen on 127.0.0.1"), "{words}");
    let tls = "tls.certificate = 'c'\ntls.key = 'k'\npublic_url = 'https://chat.example.com'";
    assert_eq!(World::toml(&format!("listen = '0.0.0.0:443'\n{tls}")).wrong(), [""; 0]);
}

#[test]
fn metrics_have_an_address_of_their_own() {
    assert_eq!(World::default().config().metrics.listen, None);
    let on = "metrics.on_network = true\n";
    for (text, fine) in [
        ("metrics.listen = '127.0.0.1:9100'".to_owned(), true),
        ("metrics.listen = '[::1]:9100'".to_owned(), true),
        ("metrics.listen = '127.0.0.1:8080'".to_owned(), false),
        ("metrics.listen = '127.0.0.2:8080'".to_owned(), true),
        ("metrics.listen = '127.0.0.1:0'\nlisten = '127.0.0.1:0'".to_owned(), true),
        ("metrics.listen = '0.0.0.0:9100'".to_owned(), false),
        (format!("{on}metrics.listen = '0.0.0.0:9100'"), true),
        (format!("{on}metrics.listen = '10.0.0.5:9100'"), true),
        (format!("{on}metrics.listen = '0.0.0.0:8080'"), false),
        (on.to_owned(), true),
    ] {
        let wrong: &[&str] = if fine { &[] } else { &["metrics.listen"] };
        assert_eq!(World::toml(&text).wrong(), wrong, "{text}");
    }
}

#[test]
fn traces_leave_this_machine_only_through_tls() {
    assert_eq!((World::default().config().traces.otlp, World::default().config().traces.percent), (None, 10));
    for (text, wrong) in [
        ("traces.otlp = 'http://127.0.0.1:4318'", None),
        ("traces.otlp = 'http://localhost:4318'", None),
        ("traces.otlp = 'https://collector.example.com'", None),
        ("traces.otlp = 'http://collector.example.com:4318'", Some("traces.otlp")),
        ("traces.otlp = 'https://name:word@collector.example.com'", Some("traces.otlp")),
        ("traces.otlp = 'collector.example.com:4318'", Some("traces.otlp")),
        ("traces.percent = 100", None),
        ("traces.percent = 0", Some("traces.percent")),
        ("traces.percent = 101", Some("traces.percent")),
    ] {
        assert_eq!(World::toml(text).wrong(), wrong.as_slice(), "{text}");
    }
}

#[test]
fn certificate_and_key_come_together() {
    assert_eq!(World::toml("tls.certificate = 'c'").wrong(), ["tls.key"]);
    assert_eq!(World::toml("tls.key = 'k'").wrong(), ["tls.certificate"]);
    let tls = World::toml("tls.certificate = 'c'\ntls.key = '/k'").config();
    let files = tls.tls.unwrap();
    assert_eq!((files.certificate, files.key), ("/srv/c".into(), "/k".into()));
    assert_eq!(tls.public_url.origin(), "https://127.0.0.1:8080");
}

#[test]
fn the_public_address_fits_the_listener() {
    let tls = "tls.certificate = 'c'\ntls.key = 'k'\n";
    for (text, wrong) in [
        ("public_url = 'http://localhost:8080'".to_owned(), None),
        ("public_url = 'https://chat.example.com'".to_owned(), None),
        ("public_url = 'http://chat.example.com'".to_owned(), Some("public_url")),
        ("public_url = 'chat.example.com'".to_owned(), Some("public_url")),
        (format!("{tls}public_url = 'https://chat.example.com'"), None),
        (format!("{tls}public_url = 'http://localhost:8080'"), Some("public_url")),
        (format!("{tls}listen = '0.0.0.0:443'"), Some("public_url")),
    ] {
        assert_eq!(World::toml(&text).wrong(), wrong.into_iter().collect::<Vec<_>>(), "{text}");
    }
    let config = World::toml("listen = '127.0.0.1:0'\npublic_url = 'http://localhost:9'").config();
    assert_eq!((config.public_url.origin(), config.public_url_set), ("http://localhost:9", true));
}

#[test]
fn databases_lie_apart() {
    let data = "database.url = 'postgres://u:p@h/data'\n";
    assert_eq!(World::toml(data).wrong(), [""; 0], "a file of keys beside PostgreSQL is allowed");
    assert_eq!(World::toml(&format!("{data}keys.url = 'postgres://u:p@h/keys'")).wrong(), [""; 0]);
    assert_eq!(World::toml(&format!("{data}keys.url = 'postgres://other@h/data?a=b'")).wrong(), ["keys.url"]);
    assert_eq!(
        World::toml("database.migration_url = 'postgres://u:p@h/d'").wrong(),
        ["database.migration_url"]
    );
    let config = World::toml(&format!("{data}database.migration_url = 'postgres://o@h/data'")).config();
    assert_eq!(config.database.url, DatabaseUrl::Postgres(Secret::new("postgres://u:p@h/data")));
    assert_eq!(config.database.migration_url, Some(Secret::new("postgres://o@h/data")));
}

#[test]
fn the_file_is_found_named_or_missed() {
    assert_eq!(World::default().explicit("/etc/c.toml").wrong(), ["/etc/c.toml"], "a named file must exist");
    let world = World::default()
        .explicit("/etc/chancery/c.toml")
        .file("/etc/chancery/c.toml", "data = 'd'\n[database]\nurl_file = 'u'")
        .file("/etc/chancery/u", "postgres://u@h/d")
        .file("/srv/chancery.toml", "nonsense");
    assert_eq!(world.config().data, Path::new("/etc/chancery/d"), "paths are relative to the file's folder");
    assert!(world.config().database.url.is_postgres());
    assert_eq!(World::default().explicit("c.toml").file("/srv/c.toml", "demo = true").wrong(), [""; 0]);
}

#[test]
fn a_file_that_is_no_toml_is_named_with_its_place_and_never_quoted() {
    let world =
        World::toml("demo = true\nurl = \"postgres://u:hunter2@h/d").env("CHANCERY_SESSION_HOURS", "x");
    assert_eq!(world.wrong(), ["/srv/chancery.toml", "session.hours"]);
    let words = world.words();
    assert!(words.contains("is not TOML in line 2, column"), "{words}");
    assert!(!words.contains("hunter2"), "{words}");
    assert_eq!(World::default().file("/srv/chancery.toml", [0xff]).wrong(), ["/srv/chancery.toml"]);
}

#[test]
fn secret_files_hold_one_line() {
    for (content, fine) in [
        (&b"postgres://u@h/d"[..], true),
        (b"postgres://u@h/d\r\n", true),
        (b"", false),
        (b"\n", false),
        (b"postgres://u@h/d\nmore", false),
        (b"\xff", false),
    ] {
        let world = World::toml("[database]\nurl_file = '/s'").file("/s", content);
        let wrong = if fine { vec![] } else { vec!["database.url_file"] };
        assert_eq!(world.wrong(), wrong, "{content:?}");
    }
    let both = World::toml("[database]\nurl_file = '/s'\nurl = ''").file("/s", "postgres://u@h/d");
    assert_eq!(both.wrong(), ["database.url_file"], "a value and its file contradict each other");
    let both = World::default()
        .file("/s", "1")
        .env("CHANCERY_SESSION_HOURS_FILE", "/s")
        .env("CHANCERY_SESSION_HOURS", "1");
    assert_eq!(both.wrong(), ["CHANCERY_SESSION_HOURS_FILE"]);
}

#[test]
fn secrets_are_hidden_wherever_they_come_from() {
    let secret = "postgres://u:hunter2@h/d";
    let world = World::toml(&format!("database.url = '{secret}'"))
        .env("CHANCERY_DATABASE_MIGRATION_URL", &secret.replace("u:", "o:"))
        .env("CHANCERY_KEYS_URL_FILE", "/k")
        .file("/k", "postgres://u:hunter2@h/keys");
    let loaded = world.load().unwrap_or_else(|problems| panic!("{problems}"));
    assert!(!format!("{:?}", loaded.config).contains("hunter2"));
    assert!(!loaded.printed.contains("hunter2"));
    for line in [
        "url = \"<hidden>\"  # from /srv/chancery.toml\n",
        "migration_url = \"<hidden>\"  # from CHANCERY_DATABASE_MIGRATION_URL\n",
        "url = \"<hidden>\"  # from /k, named by CHANCERY_KEYS_URL_FILE\n",
        "listen = \"127.0.0.1:8080\"  # default\n",
        "public_url = \"\"  # default: http://127.0.0.1:8080\n",
    ] {
        assert!(loaded.printed.contains(line), "{line}{}", loaded.printed);
    }
    for (name, value) in
        [("CHANCERY_DATABASE_URL", "hunter2"), ("CHANCERY_KEYS_URL", "postgres://hunter2@/x")]
    {
        let words = World::default().env(name, value).words();
        assert!(words.contains("postgres://") && !words.contains("hunter2"), "{words}");
    }
}

/// Text a person might write, with all that must be escaped.
fn words() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9\"'\\\\#=\\[\\]{}é🙂./-][ a-zA-Z0-9\"'\\\\#=é🙂./-]{0,20}"
}

fn any_toml() -> impl Strategy<Value = BTreeMap<&'static str, toml::Value>> {
    let port = (1024u16..).prop_map(|port| toml::Value::String(format!("127.0.0.1:{port}")));
    let url =
        prop_oneof![Just("".into()), Just("https://chat.example.com".into()), Just("http://[::1]:1".into())];
    let text = || words().prop_map(toml::Value::String);
    let settings: Vec<(&'static str, BoxedStrategy<toml::Value>)> = vec![
        ("listen", port.boxed()),
        ("public_url", url.boxed()),
        ("organisation", text().boxed()),
        ("service_desk", text().boxed()),
        ("data", text().boxed()),
        ("demo", any::<bool>().prop_map(toml::Value::Boolean).boxed()),
        ("keys.master_key_file", text().boxed()),
        ("session.hours", (1i64..=720).prop_map(toml::Value::Integer).boxed()),
        ("metrics.on_network", any::<bool>().prop_map(toml::Value::Boolean).boxed()),
        ("traces.percent", (1i64..=100).prop_map(toml::Value::Integer).boxed()),
        ("log.format", prop_oneof![Just("text".into()), Just("json".into())].boxed()),
        ("log.level", prop_oneof![Just("warn".into()), Just("trace".into())].boxed()),
    ];
    settings
        .into_iter()
        .map(|(path, value)| (Just(path), prop::option::of(value)))
        .collect::<Vec<_>>()
        .prop_map(|all| all.into_iter().filter_map(|(path, value)| Some((path, value?))).collect())
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same(settings in any_toml()) {
        let text: String = settings.iter().map(|(path, value)| format!("{path} = {value}\n")).collect();
        let first = World::toml(&text).load().unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        let second = World::toml(&first.printed).load().unwrap_or_else(|p| panic!("{p}\n{}", first.printed));
        // What is printed says everything itself.
        let bare = |config| Config { public_url_set: false, mail_given: MailGiven::default(), ..config };
        prop_assert_eq!(bare(first.config), bare(second.config));
    }

    #[test]
    fn no_file_makes_the_reader_panic(text in "[a-z_.='\"\\[\\]\n0-9#]{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = World::toml(&text).load();
        let _ = World::default().file("/srv/chancery.toml", &bytes).load();
        let _ = World::toml("database.url_file = 'x'").file("/srv/x", &bytes).load();
    }
}

#[test]
fn trusted_proxies_are_addresses_and_networks_and_never_everybody() {
    let trusted = |toml: &str| -> Vec<String> {
        World::toml(toml).config().proxies.trusted.iter().map(ToString::to_string).collect()
    };
    assert!(trusted("").is_empty());
    let front = "public_url = 'https://chat.example.com'\n";
    assert_eq!(trusted(front), ["127.0.0.0/8", "::1/128"], "one beside the server");
    assert!(trusted(&format!("{front}proxies.trusted = 'none'")).is_empty());
    let tls = "tls.certificate = 'c'\ntls.key = 'k'\n";
    assert!(trusted(&format!("{front}{tls}")).is_empty());
    assert_eq!(trusted("proxies.trusted = '10.1.2.3/24, ::7'"), ["10.1.2.0/24", "::7/128"]);
    for wrong in ["0.0.0.0/0", "::/0", "10.0.0.0/33", "proxy.example.com", "10.0.0.1,"] {
        assert_eq!(
            World::toml(&format!("proxies.trusted = '{wrong}'")).wrong(),
            ["proxies.trusted"],
            "{wrong}"
        );
    }
    let several = World::toml("proxies.trusted = '10.0.0.1, office, ::1, 10.0.0.0/33'").words();
    assert!(several.contains("\"office\", \"10.0.0.0/33\" are no addresses and no networks"), "{several}");
    assert_eq!(World::toml("proxies.header = 'x-real-ip'").wrong(), ["proxies.header"]);
}
