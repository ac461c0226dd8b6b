//! A client that never reads: it is closed, and nobody else waits for it.

use chancery_protocol::frame::{Frame, Goodbye};
use chancery_protocol::person::Presence;
use chancery_tests::client::{Client, new_client_id, send_command};
use chancery_tests::database::Database;
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;

/// Messages on their way at once.
const AT_ONCE: usize = 25;

fn is_offline(frame: &Frame) -> bool {
    matches!(frame, Frame::Presence { people } if people.iter().any(|one| one.presence == Presence::Offline))
}

on_both_databases! {
    async fn a_client_that_never_reads_is_closed_and_holds_nobody_up(kind) {
        let house = House::with_people(kind, 3).await;
        let (mut ada, mut bela) = (house.connect(0).await, house.connect(1).await);
        let mut deaf = Client::with_a_small_buffer(&house.people[2]).await.unwrap();
        let members = [bela.who.id(), deaf.who.id()];
        let group = ada.create_group("Loud", &members).await.unwrap().id;
        bela.watch(&[deaf.who.id()]).await.unwrap();
        bela.forget_frames();
        let long = "x".repeat(12_000);
        let mut sent = 1;
        // Until the kernel's buffers and the server's bounded queue are full, and the line is given up.
        while !bela.frames.iter().any(is_offline) {
            bela.forget_frames();
            // As a real client does while it has nothing else to say.
            bela.ping().await.unwrap();
            let mut last = 0;
            for _ in 0..AT_ONCE {
                last = ada.say(send_command(group, &long, new_client_id())).await.unwrap();
            }
            ada.answer_to(last).await.unwrap_or_else(|failed| panic!("{failed:?}"));
            sent += AT_ONCE as u64;
            let comes = |client: &Client| client.logs.get(&group).is_some_and(|log| log.contains_key(&sent));
            bela.wait_until("it comes to the others", comes).await;
            ada.forget_frames();
            assert!(sent < 20_000, "a queue without bounds");
        }
        deaf.wait_for_the_end().await;
        let got = deaf.logs.get(&group).map_or(0, std::collections::BTreeMap::len) as u64;
        assert!(got < sent, "{got} of {sent}");
        if let Some(reason) = deaf.goodbye {
            assert_eq!((reason, deaf.close_code), (Goodbye::TooSlow, Some(Goodbye::TooSlow.code())));
        }
        deaf.try_reconnect().await.unwrap();
        deaf.catch_up(group).await.unwrap();
        assert_eq!(deaf.logs[&group].len() as u64, sent, "it comes back and resumes");
    }
}

/// Open sockets of a process, of any kind.
fn sockets(process: u32) -> usize {
    let handles = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let of = |handle: std::io::Result<std::fs::DirEntry>| std::fs::read_link(handle.ok()?.path()).ok();
    handles.filter_map(of).filter(|target| target.to_string_lossy().starts_with("socket:")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_costs_one_handle_and_leaves_none_behind() {
    const CLIENTS: usize = 20;
    let house = House::with_people(Database::Sqlite, 1).await;
    let server = house.server.pid();
    let before = sockets(server);
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(house.connect(0).await);
    }
    // Calls over HTTP keep lines of their own for a while.
    let spare = CLIENTS / 2;
    let now = sockets(server);
    assert!(now.abs_diff(before + CLIENTS) < spare, "{before}, then {now}");
    house.admin.suspend(house.people[0].id()).await.unwrap();
    // None of them reads, so none says goodbye.
    until("their lines are closed", async || sockets(server) < before + spare).await;
    drop(clients);
}
