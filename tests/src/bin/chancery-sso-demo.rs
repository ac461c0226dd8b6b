//! What `cargo xtask run -- --with sso` starts beside the demo: a real OpenLDAP and a real OpenID provider on this machine, known to the
//! demo as sources. Arguments: the demo's address, name and password of an administrator. Ends with whoever started it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "it says what it does, lives in real time, and without its components there is nothing to do"
)]

use std::time::Duration;

use chancery_protocol::ids::SourceId;
use chancery_protocol::sources::{Connection, SetSource, Sources};
use chancery_tests::http::{Caller, http};
use chancery_tests::oidc_provider::{self, Addresses, ClaimsIn, OidcProvider};
use chancery_tests::patience::until;
use chancery_tests::picture::{ImageFormat, drawn, line};
use chancery_tests::sign_on::{ldap, oidc};
use chancery_tests::slapd::{self, Options, SUFFIX, Slapd};
use reqwest::Method;

const PEOPLE: [(&str, &str, &str); 3] = [
    ("dora.lind", "Dora Lind", "Head of trading"),
    ("emil.varga", "Emil Varga", "Trader"),
    ("mona.keller", "Mona Keller", "Research analyst"),
];
/// Ground and figure of their pictures; the last has none.
const COLOURS: [Option<([u8; 3], [u8; 3])>; 3] =
    [Some(([232, 214, 182], [122, 62, 40])), Some(([196, 222, 214], [22, 92, 92])), None];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let parent = rustix::process::getppid();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, username, password] = arguments.as_slice() else {
        panic!("give the demo's address, and name and password of an administrator");
    };
    let slapd = Slapd::start(Options::default());
    slapd.add(&directory());
    until("the demo answers", async || {
        assert!(rustix::process::getppid() == parent, "the demo ended");
        http().get(format!("{base}/readyz")).send().await.is_ok_and(|answer| answer.status().is_success())
    })
    .await;
    let address = base.trim_start_matches("http://");
    let admin = Caller::stranger(address, base).sign_in(username, password).await.unwrap();

    let mut head_office = ldap("Demo directory", slapd.settings(), slapd::READER.1);
    if let Connection::Ldap(settings) = &mut head_office.form.connection {
        settings.sync.every_minutes = 5;
        // This directory is new each time; what it calls people by itself would be too.
        settings.attributes.id = "uid".to_owned();
    }
    set(&admin, &head_office).await;
    // Its address is known only when it runs, and it wants to know ours.
    let provider =
        set(&admin, &oidc("Demo provider", "http://127.0.0.1:9", "app", oidc_provider::SECRET)).await;
    let (redirect, signed_out) = (format!("{base}/sign-in/return"), format!("{base}/sign-in"));
    let back_channel = format!("{base}/api/v1/sources/{provider}/logout");
    let addresses = Addresses { redirect: &redirect, back_channel: &back_channel, signed_out: &signed_out };
    let running = OidcProvider::start(&addresses, ClaimsIn::IdToken).await;
    set(&admin, &oidc("Demo provider", &running.issuer, "app", oidc_provider::SECRET)).await;
    admin.sign_out().await.unwrap();

    println!(
        "\nSingle sign-on is set up (console: Directory and SSO). Sign in at {base} also as one of these:\n"
    );
    println!("  {:<16} {:<28} OpenLDAP, by the form", "username", "password");
    for (login, _, _) in PEOPLE {
        println!("  {login:<16} {login}-password");
    }
    println!("  {:<16} {:<28} \"Continue with Demo provider\"\n", "alice, eve", "any");
    while rustix::process::getppid() == parent {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Makes a source, or changes the one of this name that an earlier start left.
async fn set(admin: &Caller, form: &SetSource) -> SourceId {
    let all: Sources = admin.call(Method::GET, "/sources", None::<&()>).await.unwrap();
    match all.sources.iter().find(|source| source.form.name == form.form.name) {
        Some(known) => {
            admin.change_source(known.id, form).await.unwrap();
            known.id
        }
        None => admin.make_source(form).await.unwrap(),
    }
}

fn directory() -> String {
    let people = PEOPLE.iter().zip(COLOURS).map(|((login, name, title), colours)| {
        let picture = colours.map(|(ground, figure)| line(&drawn(ImageFormat::Jpeg, ground, figure)));
        let manager = match *login {
            "dora.lind" => String::new(),
            _ => format!("manager: uid=dora.lind,ou=people,{SUFFIX}\n"),
        };
        format!(
            "dn: uid={login},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: {name}\nsn: {name}\n\
             title: {title}\ndepartmentNumber: Trading\nmail: {login}@example.org\nuserPassword: {login}-password\n{manager}{}\n",
            picture.unwrap_or_default()
        )
    });
    let group = format!(
        "dn: cn=Trading floor,ou=groups,{SUFFIX}\nobjectClass: groupOfNames\n\
         objectClass: extensibleObject\nuid: trading-floor\ncn: Trading floor\n\
         member: uid=dora.lind,ou=people,{SUFFIX}\nmember: uid=emil.varga,ou=people,{SUFFIX}\n"
    );
    people.collect::<String>() + &group
}
