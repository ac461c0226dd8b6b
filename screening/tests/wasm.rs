//! The same packs give the same findings natively and in WebAssembly. Builds `screening-wasm` and runs it in node.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use chancery_screening::fuzz::digest_of;

const SEED: u64 = 20_261_122;
const MESSAGES: u32 = 10_000;
const TARGET: &str = "wasm32-unknown-unknown";

const RUN: &str = "const fs = require('fs'); const [file, seed, count] = process.argv.slice(1); \
    WebAssembly.instantiate(fs.readFileSync(file), {}).then(({ instance }) => \
    console.log(BigInt.asUintN(64, instance.exports.digest(BigInt(seed), Number(count))).toString()));";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Builds the module in a folder of its own below the target folder, and answers where it is.
fn build() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screening-wasm");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--package", "chancery-screening-wasm", "--target", TARGET, "--target-dir"])
        .arg(&target)
        .current_dir(root())
        .status()
        .unwrap();
    assert!(status.success(), "building for {TARGET}");
    target.join(TARGET).join("debug/chancery_screening_wasm.wasm")
}

#[test]
fn ten_thousand_messages_have_the_same_findings_natively_and_in_wasm() {
    let folder = root().join("policies/acceptable-use");
    let mut paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let texts: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (findings, natively) = digest_of(&texts, SEED, MESSAGES).unwrap();
    println!("{findings} findings in {MESSAGES} messages, digest {natively:016x}");
    assert!(findings > 2_000, "messages that match too little prove too little: {findings}");
    assert_ne!(digest_of(&texts, SEED + 1, 100).unwrap(), digest_of(&texts, SEED, 100).unwrap());

    let output = Command::new("node")
        .args(["-e", RUN])
        .arg(build())
        .args([SEED.to_string(), MESSAGES.to_string()])
        .output()
        .expect("node runs the module");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.trim(), natively.to_string());
}
