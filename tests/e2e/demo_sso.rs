//! `cargo xtask run -- --with sso`: what it starts beside the demo lets a newcomer try single sign-on.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use chancery_protocol::http::ServerInfo;
use chancery_tests::database::Database;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::patience::{in_time, until};
use chancery_tests::process::{As, command, is_alive, start};
use chancery_tests::sign_on::at_oidc_provider;
use chancery_tests::visitor::Visitor;
use reqwest::Method;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_signs_in_by_a_directory_and_by_a_provider() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let base = house.server.public_url().to_owned();
    let words = [env!("CARGO_BIN_EXE_chancery-sso-demo"), &base, "root", PASSWORD].map(str::to_owned);
    for login in ["alice", "eve"] {
        let mut program = command(As::Caller, &words);
        program.stdout(Stdio::piped());
        let mut beside = start(program);
        let said = BufReader::new(beside.stdout.take().unwrap());
        let ready = tokio::task::spawn_blocking(move || {
            said.lines().map_while(Result::ok).any(|line| line.contains("Continue with Demo provider"))
        });
        assert!(in_time("both are set up", ready).await.unwrap(), "it ended");
        let dora = house.stranger().sign_in("dora.lind", "dora.lind-password").await.unwrap();
        assert_eq!(dora.me.unwrap().name, "Dora Lind");
        let info: ServerInfo = house.stranger().call(Method::GET, "/server", None::<&()>).await.unwrap();
        assert_eq!((info.sign_in.directories.len(), info.sign_in.providers.len()), (1, 1));
        let under_way = house.stranger().begin_sign_in(info.sign_in.providers[0].source, "/").await.unwrap();
        let back = at_oidc_provider(&mut Visitor::default(), &under_way.url, login, &base).await;
        let (person, _) = house.stranger().finish_sign_in(&under_way.cookie, &back).await.unwrap();
        assert_eq!(person.me.unwrap().username, login);
        // Everybody of the directory comes without having signed in.
        until("the directory was read", async || {
            let all = house.admin.accounts().await.unwrap().accounts;
            let of = |name: &str| all.iter().find(|account| account.person.username == name);
            let manager = |name: &str| Some(of(name)?.manager.as_ref()?.username.clone());
            manager("mona.keller").as_deref() == Some("dora.lind")
                && of("emil.varga").is_some_and(|emil| emil.person.photo.is_some())
        })
        .await;
        let pid = beside.id();
        beside.kill().unwrap();
        beside.wait().unwrap();
        assert!(!is_alive(pid));
    }
}
