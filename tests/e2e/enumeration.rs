//! Whether the time of an answer tells who has an account. The text does not: see `directory_sign_in` and `accounts`.

use std::time::{Duration, Instant};

use chancery_protocol::person::Role;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::http;
use chancery_tests::server::Plan;
use chancery_tests::sign_on::ldap;
use chancery_tests::slapd;

use crate::directory_sign_in::{company_of, person};
use crate::directory_sync::{NOW, read};

/// The time of one refused sign-in, from an address nobody else has, so that earlier tries do not make it wait.
async fn refused(house: &House, username: &str, address: usize) -> Duration {
    refused_with(house, username, "certainly wrong", address).await
}

async fn refused_with(house: &House, username: &str, password: &str, address: usize) -> Duration {
    let body = format!(r#"{{"username":"{username}","password":"{password}"}}"#);
    let begun = Instant::now();
    let answer = http()
        .post(format!("http://{}/api/v1/session", house.server.address()))
        .header("origin", house.server.public_url())
        .header("content-type", "application/json")
        .header("x-forwarded-for", format!("198.51.{}.{}", address / 200, address % 200 + 1))
        .body(body)
        .send()
        .await
        .unwrap();
    let took = begun.elapsed();
    assert_eq!(answer.status(), 401);
    took
}

/// Four of each kind here, 60 with `cargo xtask soak`. Prints medians; what they say is in docs/benchmarks.md.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_the_time_of_an_answer_does_not_tell_who_is_known() {
    let count = if std::env::var("CHANCERY_SOAK").is_ok() { 60 } else { 4 };
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let house = House::build(plan.with("CHANCERY_PROXIES_TRUSTED", "127.0.0.1"), 0).await;
    for number in 0..count {
        house.invite_and_redeem(&format!("local{number}"), &[Role::Employee]).await;
        house.admin.invite(&format!("invited{number}"), "Invited", &[Role::Employee]).await.unwrap();
    }
    let people: String =
        (0..2 * count).map(|number| person(&format!("there{number}"), "There", "")).collect();
    let slapd = company_of(&people);
    for with_directory in [false, true] {
        if with_directory {
            let form = ldap("Head office", slapd.settings(), slapd::READER.1);
            let source = house.admin.make_source(&form).await.unwrap();
            read(&house.admin, source, NOW).await;
        }
        let kinds = if with_directory {
            &["nobody", "local", "invited", "there"][..]
        } else {
            &["nobody", "local", "invited"]
        };
        let mut times = vec![Vec::new(); kinds.len()];
        for number in 0..count {
            for (at, kind) in kinds.iter().enumerate() {
                // Each account is tried once in each half, from an address of its own.
                let address = usize::from(with_directory) * 10_000 + number * kinds.len() + at;
                let name = format!("{kind}{number}");
                times[at].push(refused(&house, &name, address).await);
            }
        }
        for (kind, times) in kinds.iter().zip(&mut times) {
            times.sort_unstable();
            let milliseconds = |at: usize| times[at].as_secs_f64() * 1_000.0;
            println!(
                "directory: {with_directory}; {kind:<8} median {:.1} ms, from {:.1} to {:.1} (quartiles)",
                milliseconds(count / 2),
                milliseconds(count / 4),
                milliseconds(3 * count / 4)
            );
        }
    }
}

/// Nor that a right password came from where the account cannot be used, although it is written down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_the_time_of_an_answer_does_not_tell_that_a_password_is_right_elsewhere() {
    let count = if std::env::var("CHANCERY_SOAK").is_ok() { 60 } else { 4 };
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let house = House::build(plan.with("CHANCERY_PROXIES_TRUSTED", "127.0.0.1"), 0).await;
    house.admin.add_totp("Phone").await;
    house.admin.set_emergency(house.admin.id(), true, &["10.0.0.0/8"]).await.unwrap();
    let kinds =
        [("root", PASSWORD, "right"), ("root", "certainly wrong", "wrong"), ("nobody", PASSWORD, "unknown")];
    let mut times = vec![Vec::new(); kinds.len()];
    for number in 0..count {
        for (at, (name, password, _)) in kinds.iter().enumerate() {
            house.storage().sql("DELETE FROM login_delays");
            let address = 20_000 + number * kinds.len() + at;
            times[at].push(refused_with(&house, name, password, address).await);
        }
    }
    for ((_, _, kind), times) in kinds.iter().zip(&mut times) {
        times.sort_unstable();
        let milliseconds = |at: usize| times[at].as_secs_f64() * 1_000.0;
        println!(
            "from elsewhere; {kind:<8} median {:.1} ms, from {:.1} to {:.1} (quartiles)",
            milliseconds(count / 2),
            milliseconds(count / 4),
            milliseconds(3 * count / 4)
        );
    }
}
