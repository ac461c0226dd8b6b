//! The server's binary.

use std::process::ExitCode;

use chancery_server::ground::config::Surroundings;
use chancery_server::ground::process;
use chancery_server::{cli, run};

fn main() -> ExitCode {
    process::harden();
    cli::main(std::env::args_os(), &Surroundings::of_process(), run::run)
}
