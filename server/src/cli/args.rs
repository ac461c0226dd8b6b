//! The arguments. Their doc comments are the help texts.

use std::path::PathBuf;

use chancery_protocol::person::Role;
use clap::{Parser, Subcommand, ValueEnum};

/// Chancery, a company's own messenger that keeps the record.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, arg_required_else_help = false, subcommand_required = true)]
pub(super) struct Cli {
    /// Configuration file [default: chancery.toml of this folder, when it exists]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    #[command(subcommand)]
    pub(super) command: Top,
}

#[derive(Debug, Subcommand)]
pub(super) enum Top {
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),

    /// Look at rules of acceptable use
    #[command(subcommand)]
    Policy(PolicyCommand),

    #[command(flatten)]
    Run(Command),
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Say whether the configuration is in order, and name every problem
    Check,
    /// Print every setting with its value and source; secrets are hidden
    Print,
}

#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// Try the test lines of rules; needs neither a configuration nor a server
    Test {
        /// Packs of rules, or folders with packs (every *.toml in it) [default: the delivered packs]
        ///
        /// Packs that refer to each other's word lists are named together.
        #[arg(value_name = "FILE OR FOLDER")]
        packs: Vec<PathBuf>,
    },
}

/// What the server's binary does, apart from looking at its configuration.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Run the server
    Serve,
    /// Print a one-time link that makes the first administrator
    Setup,
    /// Manage accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Bring the database to the form this version needs
    Migrate,
    /// Look after the archive
    #[command(subcommand)]
    Archive(ArchiveCommand),
    /// Look after the search index of this data folder
    #[command(subcommand)]
    Search(SearchCommand),
    /// Look after mail
    #[command(subcommand)]
    Mail(MailCommand),
    /// Work with invented people
    #[command(subcommand)]
    Demo(DemoCommand),
    /// Print every route and socket command with who may use it, one JSON object a line
    Routes {
        /// The only form there is
        #[arg(long)]
        json: bool,
    },
}

/// Accounts.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum UserCommand {
    /// List all accounts
    List,
    /// Make an account and print its one-time invitation link
    Invite {
        /// Handle used to sign in: lower case letters, digits, `.`, `_`, `-`
        username: String,
        /// Name shown to colleagues
        #[arg(long)]
        name: String,
        /// What they may do; several are separated by commas
        #[arg(long, value_name = "ROLE", value_delimiter = ',', default_value = "employee")]
        roles: Vec<RoleName>,
        /// On which terms
        #[command(flatten)]
        terms: Terms,
    },
    /// Print a one-time link to choose a new password
    Reset {
        /// Whose
        username: String,
    },
    /// Lock an account and end its sessions
    Suspend {
        /// Whose
        username: String,
    },
    /// Open a suspended account again
    Reinstate {
        /// Whose
        username: String,
    },
    /// Remove all second factors of somebody who lost them, and end the sessions
    RemoveFactors {
        /// Whose
        username: String,
    },
    /// Set the roles of an account
    Roles {
        /// Whose
        username: String,
        /// All roles it shall have
        #[arg(required = true, value_name = "ROLE", value_delimiter = ',')]
        roles: Vec<RoleName>,
        /// On which terms
        #[command(flatten)]
        terms: Terms,
    },
}

/// On which terms a guest is here.
#[derive(Debug, Clone, PartialEq, Eq, Default, clap::Args)]
pub struct Terms {
    /// Guests only: handle of the colleague who answers for them
    #[arg(long, value_name = "USERNAME", requires = "days")]
    pub sponsor: Option<String>,
    /// Guests only: how many days from now they are here
    #[arg(long, requires = "sponsor", value_parser = clap::value_parser!(u32).range(1..=1_826))]
    pub days: Option<u32>,
}

impl Terms {
    /// Sponsor and days; both or none were given.
    pub fn given(&self) -> Option<(&str, u32)> {
        self.sponsor.as_deref().zip(self.days)
    }
}

/// The archive.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum ArchiveCommand {
    /// Make the current state of all messages anew from the journal
    Rebuild {
        /// Change nothing; only name what differs
        #[arg(long)]
        check: bool,
    },
}

/// The search index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum SearchCommand {
    /// Say how it is and how far it follows the journal
    Status,
    /// Make it anew from the journal; a running server does it beside the one in use
    Rebuild,
    /// Bring it up to date and compare every message in it with the journal (not beside a server)
    Check,
}

/// Mail.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum MailCommand {
    /// Try the settings, step by step, up to a mail that arrives
    ///
    /// Uses the mail server of the configuration, or else the one that was set up in the console. Fails when a step does.
    Test {
        /// Where the test mail goes
        #[arg(long, value_name = "ADDRESS")]
        to: String,
    },
}

/// Invented people.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum DemoCommand {
    /// Fill an empty server with invented people and conversations (needs `demo = true`)
    Seed,
}

/// A role as it is typed: `it-admin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleName(pub Role);

impl ValueEnum for RoleName {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [RoleName; Role::ALL.len()] = {
            let mut all = [RoleName(Role::Employee); Role::ALL.len()];
            let mut i = 0;
            while i < all.len() {
                all[i] = RoleName(Role::ALL[i]);
                i += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        let (name, wire) = match self.0 {
            Role::Employee => ("employee", None),
            Role::Guest => ("guest", None),
            Role::ItAdmin => ("it-admin", Some("it_admin")),
            Role::ComplianceOfficer => ("compliance-officer", Some("compliance_officer")),
            Role::ComplianceLead => ("compliance-lead", Some("compliance_lead")),
            Role::Auditor => ("auditor", None),
        };
        Some(clap::builder::PossibleValue::new(name).aliases(wire))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn command(line: &str) -> Command {
        match Cli::try_parse_from(line.split(' ')).unwrap_or_else(|e| panic!("{e}")).command {
            Top::Run(command) => command,
            Top::Config(_) | Top::Policy(_) => panic!("{line} is done without the server"),
        }
    }

    #[test]
    fn the_definitions_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_of_the_documents_is_understood() {
        let anna = || "anna".to_owned();
        assert_eq!(command("chancery serve"), Command::Serve);
        assert_eq!(command("chancery --config a.toml setup"), Command::Setup);
        assert_eq!(command("chancery migrate --config a.toml"), Command::Migrate);
        assert_eq!(command("chancery user list"), Command::User(UserCommand::List));
        assert_eq!(
            command("chancery user invite anna --name Anna"),
            Command::User(UserCommand::Invite {
                username: anna(),
                name: "Anna".to_owned(),
                roles: vec![RoleName(Role::Employee)],
                terms: Terms::default(),
            })
        );
        assert_eq!(
            command("chancery user roles anna it-admin,compliance_lead auditor"),
            Command::User(UserCommand::Roles {
                username: anna(),
                roles: [Role::ItAdmin, Role::ComplianceLead, Role::Auditor].map(RoleName).to_vec(),
                terms: Terms::default(),
            })
        );
        assert_eq!(
            command("chancery user roles anna guest --sponsor bob --days 30"),
            Command::User(UserCommand::Roles {
                username: anna(),
                roles: vec![RoleName(Role::Guest)],
                terms: Terms { sponsor: Some("bob".to_owned()), days: Some(30) },
            })
        );
        assert_eq!(
            command("chancery user reset anna"),
            Command::User(UserCommand::Reset { username: anna() })
        );
        assert_eq!(
            command("chancery user suspend anna"),
            Command::User(UserCommand::Suspend { username: anna() })
        );
        assert_eq!(
            command("chancery user reinstate anna"),
            Command::User(UserCommand::Reinstate { username: anna() })
        );
        assert_eq!(
            command("chancery user remove-factors anna"),
            Command::User(UserCommand::RemoveFactors { username: anna() })
        );
        assert_eq!(
            command("chancery archive rebuild --check"),
            Command::Archive(ArchiveCommand::Rebuild { check: true })
        );
        assert_eq!(
            command("chancery mail test --to anna@example.com"),
            Command::Mail(MailCommand::Test { to: "anna@example.com".to_owned() })
        );
        assert_eq!(command("chancery search status"), Command::Search(SearchCommand::Status));
        assert_eq!(command("chancery demo seed"), Command::Demo(DemoCommand::Seed));
    }

    #[test]
    fn every_role_can_be_typed_as_written_on_the_wire() {
        for role in Role::ALL {
            let wire = serde_json::to_value(role).unwrap();
            assert_eq!(RoleName::from_str(wire.as_str().unwrap(), false).map(|name| name.0), Ok(role));
        }
    }
}
