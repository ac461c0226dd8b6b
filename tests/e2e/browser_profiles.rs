//! Pictures and managers, as colleagues and administrators see them.

use chancery_tests::browser::Script;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::picture::{ImageFormat, drawn, line};
use chancery_tests::server::Plan;
use chancery_tests::slapd::{self, SUFFIX};
use serde_json::json;

use crate::directory_sign_in::{company_of, person};
use crate::directory_sync::{NOW, read, source};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_and_managers_are_shown() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 1).await;
    let brown = line(&drawn(ImageFormat::Jpeg, [232, 214, 182], [122, 62, 40]));
    let green = line(&drawn(ImageFormat::Jpeg, [196, 222, 214], [22, 92, 92]));
    let reports =
        format!("title: Trader\ndepartmentNumber: Rates desk\nmanager: uid=zora,ou=people,{SUFFIX}\n");
    let slapd = company_of(
        &[
            person("alice", "Alice Adams", &format!("{reports}{brown}")),
            person("bob", "Bob Brown", &reports),
            person("zora", "Zora Zane", &format!("title: Head of rates\n{green}")),
        ]
        .concat(),
    );
    let from = source(&house, &slapd).await;
    read(&house.admin, from, NOW).await;
    let sign_in =
        async |login: &str| house.stranger().sign_in(login, &format!("{login}-password")).await.unwrap();
    let (alice, bob, zora) = (sign_in("alice").await, sign_in("bob").await, sign_in("zora").await);
    let mut desk = Client::connect(&zora).await;
    let group = desk.create_group("Rates desk", &[alice.id(), bob.id()]).await.unwrap();
    desk.send(group.id, "Good morning, who has the curve?").await.unwrap();
    Client::connect(&alice).await.send(group.id, "It is on the shared page.").await.unwrap();
    Client::connect(&bob).await.send(group.id, "Thank you both.").await.unwrap();
    desk.open_direct(bob.id()).await.unwrap();

    let places = [("BASE", base), ("PASSWORD", PASSWORD.to_owned()), ("ALICE", alice.id().to_string())];
    let mut script = Script::start("profiles.mjs", &places);
    while let Some(question) = script.next_question().await {
        match question.as_str() {
            "another picture" => {
                slapd.modify(&format!(
                    "dn: uid=alice,ou=people,{}\nchangetype: modify\nreplace: jpegPhoto\n{}",
                    slapd::SUFFIX,
                    line(&drawn(ImageFormat::Png, [214, 206, 236], [72, 44, 128]))
                ));
            }
            "no picture" => slapd.modify(&format!(
                "dn: uid=alice,ou=people,{}\nchangetype: modify\nreplace: jpegPhoto\n",
                slapd::SUFFIX
            )),
            _ => panic!("the script asks for {question:?}"),
        }
        read(&house.admin, from, NOW).await;
        script.answer(&json!("done").to_string()).await;
    }
    let findings = script.findings();
    for (name, told) in [
        ("words of pictures", "[\"\"]"),
        ("pictures that say something to screen readers", "0"),
        ("initials below", "AA"),
        ("initials after a failure", "AA"),
    ] {
        assert_eq!(findings[name], told, "{name}");
    }
}
