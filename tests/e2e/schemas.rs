//! Both databases have the same tables, columns, keys and unique indexes, in the archive and in the key store.

use std::collections::BTreeSet;

use chancery_tests::database::{self, Database, Storage};
use chancery_tests::server::{Plan, Server};

/// One line per column (`table.column type nullable`), primary key and unique index.
fn of_sqlite(file: &std::path::Path) -> BTreeSet<String> {
    let columns = "SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE c.\"notnull\" WHEN 0 THEN ' null' ELSE '' END
        FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
    let keys = "SELECT m.name || ' key ' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk))
        FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
    let unique = "SELECT m.name || ' unique ' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
        FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.\"unique\" = 1 AND i.origin <> 'pk'";
    lines(&[columns, keys, unique].map(|query| database::sqlite(file, query).unwrap()))
}

fn of_postgres(storage: &Storage, name: &str) -> BTreeSet<String> {
    let columns = "SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END
        FROM information_schema.columns WHERE table_schema = 'public'";
    let index = |marker: &str, condition: &str| {
        format!(
        "SELECT c.relname || ' {marker} ' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(att, n)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.att)
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace
         WHERE s.nspname = 'public' AND {condition}"
    )
    };
    let queries = [
        columns.to_owned(),
        index("key", "i.indisprimary"),
        index("unique", "i.indisunique AND NOT i.indisprimary"),
    ];
    lines(&queries.map(|query| storage.cluster().sql(name, &query)))
}

/// The words of both databases for the same things.
fn lines(answers: &[String]) -> BTreeSet<String> {
    let all = answers.iter().flat_map(|answer| answer.lines());
    all.filter(|line| !line.is_empty() && !line.starts_with("__diesel"))
        .map(|line| {
            line.replace(" bytea", " blob")
                .replace(" integer", " int")
                .replace(" bigint", " int")
                .replace(" varchar", " text")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_have_the_same_schema() {
    let (sqlite, postgres) = (Storage::new(Database::Sqlite), Storage::new(Database::Postgres));
    for storage in [&sqlite, &postgres] {
        Server::start(Plan::new(storage)).await.stop().await;
    }
    let ours = of_sqlite(&sqlite.file());
    assert!(ours.contains("journal.header blob") && ours.contains("journal key position"), "{ours:#?}");
    assert_eq!(ours, of_postgres(&postgres, postgres.main_database()));
    let keys = of_sqlite(&sqlite.data.join("keys.db"));
    assert!(keys.len() > 5);
    assert_eq!(keys, of_postgres(&postgres, postgres.keys_database()));
}
