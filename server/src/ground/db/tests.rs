//! Turns at the connections for reading, and how the embedded database was built.

use std::sync::{Arc, Mutex, mpsc};

use diesel::prelude::*;
use futures_util::{future::join_all, poll};

use super::testing::{Database, Fresh, on_both_databases};
use super::{Conn, Db};

on_both_databases! {
    async fn who_waits_for_a_connection_is_served_in_order;
}

async fn who_waits_for_a_connection_is_served_in_order(kind: Database) {
    let db = Db::new(Fresh::new(kind).main, 1).unwrap();
    let (let_go, held) = mpsc::channel();
    let holding = actix_web::rt::spawn({
        let db = db.clone();
        async move {
            let hold = move |_: &mut Conn| {
                held.recv().unwrap();
                Ok(())
            };
            db.read(hold).await
        }
    });
    while db.pool_use().busy == 0 {
        tokio::task::yield_now().await;
    }
    let served = Arc::new(Mutex::new(Vec::new()));
    let wait = |number: usize| {
        let (db, served) = (db.clone(), Arc::clone(&served));
        Box::pin(async move {
            let work = move |_: &mut Conn| {
                served.lock().unwrap().push(number);
                Ok(())
            };
            db.read(work).await
        })
    };
    let mut waiting: Vec<_> = (0..20).map(wait).collect();
    for one in &mut waiting {
        assert!(poll!(one).is_pending());
    }
    // Somebody who waited goes away, and nobody behind waits for them.
    drop(waiting.remove(3));
    let_go.send(()).unwrap();
    // Asked the other way round: the order is that of their coming.
    waiting.reverse();
    assert!(join_all(waiting).await.into_iter().all(|read| read.is_ok()));
    holding.await.unwrap().unwrap();
    let expected: Vec<usize> = (0..20).filter(|number| *number != 3).collect();
    assert_eq!(*served.lock().unwrap(), expected);
}

#[test]
fn the_embedded_database_is_built_as_the_configuration_of_the_build_says() {
    #[derive(QueryableByName)]
    struct Built {
        #[diesel(sql_type = diesel::sql_types::Text)]
        compile_options: String,
    }
    let mut conn = diesel::SqliteConnection::establish(":memory:").unwrap();
    let built: Vec<Built> =
        diesel::sql_query("SELECT compile_options FROM pragma_compile_options").load(&mut conn).unwrap();
    for option in ["ENABLE_QPSG", "DEFAULT_MEMSTATUS=0", "THREADSAFE=2"] {
        assert!(built.iter().any(|built| built.compile_options == option), "{option}");
    }
}
