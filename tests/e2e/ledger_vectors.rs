//! The record's exact form is the same in a browser: an officer's own machine can check a record.

use std::path::{Path, PathBuf};

use chancery_ledger::vectors::check;
use chancery_tests::browser::Script;
use serde_json::{Value, json};

/// Every file of vectors: its name and what is in it.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// A file with the first header's vector alone, whose leaf hash is another than its bytes have.
fn with_a_wrong_leaf(headers: &str) -> String {
    let file: Value = serde_json::from_str(headers).unwrap();
    let mut vector = file["headers"][0].clone();
    let leaf = vector["leaf"].as_str().unwrap();
    let other = if leaf.starts_with('0') { "1" } else { "0" };
    vector["leaf"] = format!("{other}{}", &leaf[1..]).into();
    json!({ "headers": [vector] }).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledgers_vectors_hold_in_the_browser_as_they_do_natively() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ledger/vectors");
    let files = files(&folder);
    assert!(files.len() >= 3, "{files:?}");
    let changed = with_a_wrong_leaf(&files.iter().find(|(name, _)| name == "headers.json").unwrap().1);
    let built = std::env::var("CHANCERY_LEDGER_WASM").expect(
        "CHANCERY_LEDGER_WASM names the folder of the built ledger; `cargo xtask test` builds it and sets it",
    );
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let settings = [
        ("LEDGER", built),
        ("VECTORS", folder.to_str().unwrap().to_owned()),
        ("FILES", names.join(" ")),
        ("CHANGED", changed.clone()),
    ];
    let mut script = Script::start("ledger.mjs", &settings);
    assert_eq!(script.next_question().await, None, "this script asks nothing");
    let findings = script.findings();
    for (name, json) in &files {
        let natively = check(json).unwrap();
        assert!(natively > 0, "{name} is empty");
        assert_eq!(findings[name], natively.to_string(), "{name}");
    }
    assert_eq!(findings["changed"], check(&changed).unwrap_err());
}
