//! Screening as a browser runs it: the delivered packs over seeded messages, for the test that compares the findings
//! with those of the native build. Only numbers go in and out, so that no glue is needed.

#![expect(unsafe_code, reason = "the name by which a function is exported counts as unsafe")]

use chancery_screening::fuzz::digest_of;

const PACKS: [&str; 7] = [
    include_str!("../../policies/acceptable-use/client-data.toml"),
    include_str!("../../policies/acceptable-use/credentials.toml"),
    include_str!("../../policies/acceptable-use/gambling.toml"),
    include_str!("../../policies/acceptable-use/harassment.toml"),
    include_str!("../../policies/acceptable-use/market-abuse.toml"),
    include_str!("../../policies/acceptable-use/off-channel.toml"),
    include_str!("../../policies/acceptable-use/personal-use.toml"),
];

/// The digest of all findings in `count` messages; 0 when the packs cannot be used.
#[unsafe(no_mangle)]
pub extern "C" fn digest(seed: u64, count: u32) -> u64 {
    digest_of(&PACKS, seed, count).map_or(0, |(_, digest)| digest)
}
