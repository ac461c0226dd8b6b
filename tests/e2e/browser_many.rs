//! The list of somebody who is in very many conversations.

use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::seed::rounds;
use chancery_tests::server::Plan;

/// 150 conversations here, 2,000 with `cargo xtask soak`. Prints how long a letter takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_a_list_of_thousands_is_filtered_as_one_types() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 2).await;
    let count = rounds(150, 2_000);
    let (mut ada, bela) = (house.connect(0).await, house.people[1].id());
    for number in 0..count {
        let group = ada.create_group(&format!("Matter {number:04}"), &[bela]).await.unwrap();
        if number % 100 == 0 {
            ada.send(group.id, "The first word").await.unwrap();
        }
    }
    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned()), ("COUNT", count.to_string())];
    let mut script = Script::start("many.mjs", &settings);
    assert_eq!(script.next_question().await, None);
    let findings = script.findings();
    assert_eq!(
        findings["found"],
        "Matter 0100 Matter 0101 Matter 0102 Matter 0103 Matter 0104 Matter 0105 Matter 0106 Matter 0107 Matter 0108 Matter 0109"
    );
    assert_eq!(findings["problems of bela"], "[]");
}
