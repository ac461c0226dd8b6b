//! The command line: what can be asked of `chancery`, how it answers, with which exit code.
//!
//! Here are the arguments and the output only. `config check` and `config print` are done here, for they need no
//! more than the configuration, and `policy test`, which needs not even that; every other [`Command`] is handed to the
//! caller of [`main`] with it.
//!
//! What must stay true: an error is one line `error: …` on the standard error output, with a line `help: …` where
//! there is something to do; the standard output holds nothing but the answer, so that scripts can read it.

mod args;
mod output;
mod policy;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser as _;

pub use args::{ArchiveCommand, Command, DemoCommand, MailCommand, RoleName, SearchCommand, UserCommand};
pub use output::{Failure, say};

use crate::ground::config::{self, Config, Surroundings};
use args::{Cli, ConfigCommand, PolicyCommand, Top};
use output::print_failure;

/// All went well.
pub const OK: u8 = 0;
/// It was tried and failed.
pub const FAILED: u8 = 1;
/// It was not tried: the command line or the configuration is wrong.
pub const WRONG_USE: u8 = 2;

/// Reads the arguments and the configuration, then runs the command.
///
/// `run` gets every command but those about the configuration.
pub fn main(
    args: impl IntoIterator<Item = OsString>,
    outside: &Surroundings<'_>,
    run: impl FnOnce(Command, Config) -> Result<(), Failure>,
) -> ExitCode {
    let code = answer(args, outside, &mut std::io::stdout(), &mut std::io::stderr(), run);
    ExitCode::from(code)
}

/// As [`main`], with the outputs as parameters.
fn answer(
    args: impl IntoIterator<Item = OsString>,
    outside: &Surroundings<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
    run: impl FnOnce(Command, Config) -> Result<(), Failure>,
) -> u8 {
    // A broken pipe of the reader is no failure of ours.
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(e) if e.use_stderr() => {
            let _ = write!(err, "{}", e.render());
            return WRONG_USE;
        }
        Err(e) => {
            let _ = write!(out, "{}", e.render());
            return OK;
        }
    };
    if let Top::Policy(PolicyCommand::Test { packs }) = &cli.command {
        return end(policy::test(packs, out), out, err);
    }
    let loaded = match config::load(cli.config.as_deref(), outside) {
        Ok(loaded) => loaded,
        Err(problems) => {
            let _ = writeln!(err, "error: {problems}");
            return WRONG_USE;
        }
    };
    let outcome = match cli.command {
        Top::Config(ConfigCommand::Check) => {
            let _ = writeln!(out, "The configuration is in order.");
            Ok(())
        }
        Top::Config(ConfigCommand::Print) => {
            let _ = write!(out, "{}", loaded.printed);
            Ok(())
        }
        // It is done above, before there is a configuration.
        Top::Policy(_) => Ok(()),
        Top::Run(command) => run(command, loaded.config),
    };
    end(outcome, out, err)
}

fn end(outcome: Result<(), Failure>, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let _ = out.flush();
    match outcome {
        Ok(()) => OK,
        Err(failure) => {
            print_failure(&failure, err);
            failure.code
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use super::*;

    struct Said {
        code: u8,
        out: String,
        err: String,
    }

    fn say_to(args: &[&str], toml: &str, run: impl FnOnce(Command, Config) -> Result<(), Failure>) -> Said {
        let read = |path: &Path| match path.to_str() {
            Some("/srv/chancery.toml") => Ok(toml.as_bytes().to_vec()),
            _ => Err(io::ErrorKind::NotFound.into()),
        };
        let outside = Surroundings { env: Vec::new(), cwd: "/srv".into(), read: &read };
        let args = std::iter::once("chancery").chain(args.iter().copied()).map(OsString::from);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = answer(args, &outside, &mut out, &mut err, run);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code, out: text(out), err: text(err) }
    }

    fn never(command: Command, _: Config) -> Result<(), Failure> {
        panic!("{command:?} was run");
    }

    #[test]
    fn a_command_is_run_with_the_configuration() {
        let mut seen = None;
        let said = say_to(&["serve"], "organisation = 'Acme'", |command, config| {
            seen = Some((command, config.organisation));
            Ok(())
        });
        assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (OK, "", ""));
        assert_eq!(seen, Some((Command::Serve, "Acme".to_owned())));
    }

    #[test]
    fn a_failure_is_told_with_its_help_and_code() {
        let said =
            say_to(&["migrate"], "", |_, _| Err(Failure::new("the port is taken").help("choose another")));
        assert_eq!((said.code, said.out.as_str()), (FAILED, ""));
        assert_eq!(said.err, "error: the port is taken\nhelp: choose another\n");
        let said = say_to(&["setup"], "", |_, _| Err(Failure::wrong_use("not like this")));
        assert_eq!((said.code, said.err.as_str()), (WRONG_USE, "error: not like this\n"));
    }

    #[test]
    fn a_wrong_configuration_stops_every_command() {
        for args in [&["serve"][..], &["config", "check"], &["config", "print"], &["user", "list"]] {
            let said = say_to(args, "lisen = 1\nsession.hours = 0", never);
            assert_eq!((said.code, said.out.as_str()), (WRONG_USE, ""));
            assert!(
                said.err.starts_with("error: the configuration has 2 problems\n  lisen ("),
                "{}",
                said.err
            );
            assert!(said.err.contains("\n    help: did you mean listen?\n"), "{}", said.err);
        }
    }

    #[test]
    fn the_configuration_is_checked_and_printed() {
        let said = say_to(&["config", "check"], "", never);
        assert_eq!((said.code, said.out.as_str()), (OK, "The configuration is in order.\n"));
        let said =
            say_to(&["config", "print"], "demo = true\ndatabase.url = 'postgres://u:hunter2@h/d'", never);
        assert_eq!(said.code, OK);
        assert!(said.out.contains("demo = true  # from /srv/chancery.toml\n"), "{}", said.out);
        assert!(said.out.contains("<hidden>") && !said.out.contains("hunter2"), "{}", said.out);
    }

    #[test]
    fn a_named_file_that_is_missing_is_a_problem() {
        let said = say_to(&["--config", "none.toml", "serve"], "", never);
        assert_eq!(said.code, WRONG_USE);
        assert!(said.err.contains("/srv/none.toml: cannot be read"), "{}", said.err);
    }

    #[test]
    fn wrong_use_is_told_on_the_error_output_and_help_on_the_other() {
        for args in [&["sing"][..], &[], &["user"], &["user", "invite", "anna"], &["serve", "--fast"]] {
            let said = say_to(args, "", never);
            assert_eq!((said.code, said.out.as_str()), (WRONG_USE, ""), "{args:?}");
            assert!(said.err.contains("Usage:"), "{}", said.err);
        }
        for args in [&["--help"][..], &["--version"], &["help", "user"]] {
            let said = say_to(args, "", never);
            assert_eq!((said.code, said.err.as_str()), (OK, ""), "{args:?}");
        }
    }
}
