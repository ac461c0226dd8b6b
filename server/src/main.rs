//! The server's binary.

use std::process::ExitCode;

use chancery_server::cli::{self, Failure};
use chancery_server::ground::config::Surroundings;
use chancery_server::ground::process;

fn main() -> ExitCode {
    process::harden();
    let outside = Surroundings::of_process();
    cli::main(std::env::args_os(), &outside, |command, config| {
        drop(config);
        Err(Failure::new(format!("{command:?} is connected where the rooms are joined")))
    })
}
