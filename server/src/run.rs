//! What each command does. Arguments and output are `cli`'s; here the parts are put to work.

use std::sync::Arc;

use chancery_protocol::accounts::AccountState;
use chancery_protocol::http::Account;
use chancery_protocol::person::Role;

use crate::access::{Access, Settings, commands};
use crate::app::Parts;
use crate::cli::{
    ArchiveCommand, Command, DemoCommand, Failure, MailCommand, RoleName, SearchCommand, UserCommand, say,
};
use crate::ground::clock::Clock;
use crate::ground::config::{Config, DatabaseUrl};
use crate::ground::db::{Opener, Schema, Target, grant_server_role};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::messaging::rebuild::rebuild;
use crate::notify::mail::Outcome;
use crate::notify::{Signature, trial};
use crate::search::{State, command_line as search};

/// Runs a command.
///
/// # Errors
/// What went wrong, and how to mend it.
pub fn run(command: Command, config: Config) -> Result<(), Failure> {
    match command {
        Command::Serve => crate::serve::serve(config),
        Command::Setup => setup(&config),
        Command::User(command) => user(&config, command),
        Command::Migrate => migrate(&config),
        Command::Archive(ArchiveCommand::Rebuild { check }) => return archive_rebuild(&config, check),
        Command::Search(SearchCommand::Status) => search_status(&config),
        Command::Search(SearchCommand::Rebuild) => search_rebuild(&config),
        Command::Search(SearchCommand::Check) => return search_check(&config),
        Command::Mail(MailCommand::Test { to }) => return mail_test(&config, &to),
        Command::Demo(DemoCommand::Seed) => crate::demo::seed(&config),
        Command::Routes { json: _ } => routes(),
    }
    .map_err(failure)
}

fn failure(error: Error) -> Failure {
    let mut text = error.detail.as_deref().unwrap_or_else(|| error.code.title()).to_owned();
    if let (Some(internal), true) = (&error.internal, error.code != Code::Setup) {
        text = format!("{text} ({internal})");
    }
    match &error.help {
        Some(help) => Failure::new(text).help(help.clone()),
        None => Failure::new(text),
    }
}

fn print(line: impl AsRef<str>) -> Result<(), Error> {
    say(line.as_ref()).map_err(Error::internal)
}

/// Opens the parts for one command, lets it work, and drains the journal. Works beside a running server: both take
/// the head lock, and the server hears of what was written within a second.
pub(crate) fn with_parts<T>(
    config: &Config,
    clock: Clock,
    work: impl FnOnce(&Parts) -> Result<T, Error>,
) -> Result<T, Error> {
    drain(Parts::open(config, clock, Random::System)?, config.demo, work)
}

/// As [`with_parts`], for an archive that is filled before anybody uses it.
pub(crate) fn filling<T>(
    config: &Config,
    clock: Clock,
    work: impl FnOnce(&Parts) -> Result<T, Error>,
) -> Result<T, Error> {
    let filled = drain(Parts::open_for_filling(config, clock, Random::System)?, config.demo, work);
    Parts::settle(config)?;
    filled
}

fn drain<T>(mut parts: Parts, demo: bool, work: impl FnOnce(&Parts) -> Result<T, Error>) -> Result<T, Error> {
    let writer = parts.start(None, demo)?;
    let result = work(&parts);
    parts.journal.stop_blocking();
    writer.join().map_err(|_| Error::internal("the journal's thread ended early"))?;
    result
}

fn with_access<T>(config: &Config, work: impl FnOnce(&Access) -> Result<T, Error>) -> Result<T, Error> {
    with_parts(config, Clock::System, |parts| {
        let settings = Settings { mail_server: parts.mail.mail_server(), ..crate::serve::settings(config) };
        work(&Access::new(parts.journal.clone(), Arc::clone(&parts.directory), parts.gate(), settings)?)
    })
}

fn setup(config: &Config) -> Result<(), Error> {
    match with_access(config, commands::setup)? {
        Some(link) => print(format!("Set-up link: {}", link.url.unwrap_or_default())),
        None => {
            print("There is an administrator already; `chancery user reset` prints a link for an account.")
        }
    }
}

fn user(config: &Config, command: UserCommand) -> Result<(), Error> {
    with_access(config, |access| match command {
        UserCommand::List => {
            commands::list(access)?.iter().try_for_each(|account| print(account_line(account)))
        }
        UserCommand::Invite { username, name, roles, terms } => {
            let invited = commands::invite(access, &username, &name, &plain(&roles), terms.given())?;
            print(format!("Invitation: {}", invited.link.url.unwrap_or_default()))
        }
        UserCommand::Reset { username } => {
            print(format!("Link: {}", commands::reset(access, &username)?.url.unwrap_or_default()))
        }
        UserCommand::Suspend { username } => {
            commands::suspend(access, &username)?;
            print(format!("{username} is suspended; all sessions ended."))
        }
        UserCommand::Reinstate { username } => {
            commands::reinstate(access, &username)?;
            print(format!("{username} may sign in again."))
        }
        UserCommand::RemoveFactors { username } => {
            commands::remove_factors(access, &username)?;
            print(format!("{username} has no second factor any more; all sessions ended."))
        }
        UserCommand::Roles { username, roles, terms } => {
            commands::roles(access, &username, &plain(&roles), terms.given())?;
            print(format!("{username} is now: {}.", role_names(&plain(&roles))))
        }
    })
}

fn plain(roles: &[RoleName]) -> Vec<Role> {
    roles.iter().map(|role| role.0).collect()
}

/// Roles as they are typed on the command line.
pub(crate) fn role_names(roles: &[Role]) -> String {
    let names: Vec<String> = roles
        .iter()
        .filter_map(|role| serde_json::to_value(role).ok()?.as_str().map(str::to_owned))
        .collect();
    names.join(",")
}

/// User name, roles, state, name; separated by tabs.
fn account_line(account: &Account) -> String {
    let state = match account.state {
        AccountState::Suspended => "suspended",
        AccountState::Invited => "invited",
        AccountState::Active => "active",
    };
    let Account { person, roles, .. } = account;
    format!("{}\t{}\t{state}\t{}", person.username, role_names(roles), person.name)
}

/// Every route and socket command with its act and who may, one JSON object a line.
fn routes() -> Result<(), Error> {
    crate::routes::table().iter().try_for_each(|line| print(line.to_string()))
}

fn migrate(config: &Config) -> Result<(), Error> {
    let open = |setting: &str, url: &DatabaseUrl| {
        Opener::new(match url {
            DatabaseUrl::Sqlite(path) => Target::Sqlite(path.clone()),
            DatabaseUrl::Postgres(url) => Target::Postgres(url.reveal().to_owned()),
        })
        .open_writer()
        .map_err(|error| crate::app::cannot_open(setting, &error))
    };
    if !config.database.url.is_postgres() || !config.keys.url.is_postgres() {
        crate::app::prepare_folder(&config.data)?;
    }
    let ran = match (&config.database.url, &config.database.migration_url) {
        (DatabaseUrl::Postgres(server), Some(owner)) => {
            let mut conn = open("database.migration_url", &DatabaseUrl::Postgres(owner.clone()))?;
            let ran = Schema::Main.migrate(&mut conn)?;
            grant_server_role(&mut conn, &role_of(server.reveal())?)?;
            ran
        }
        (DatabaseUrl::Postgres(_), None) => {
            return Err(Error::setup(
                "database.migration_url is not set",
                "name the role that owns the tables; the server's own role must not own them",
            ));
        }
        (url, _) => Schema::Main.migrate(&mut open("database.url", url)?)?,
    };
    let keys = Schema::Keys.migrate(&mut open("keys.url", &config.keys.url)?)?;
    print(format!(
        "The database is up to date ({} migration(s) ran), the key store too ({}).",
        ran.len(),
        keys.len()
    ))
}

/// The role in a PostgreSQL address.
fn role_of(url: &str) -> Result<String, Error> {
    let role = url::Url::parse(url).ok().map(|url| url.username().to_owned()).filter(|role| !role.is_empty());
    role.ok_or_else(|| {
        Error::setup("database.url names no role", "write it as postgres://role:password@host/database")
    })
}

fn archive_rebuild(config: &Config, check: bool) -> Result<(), Failure> {
    let report =
        with_parts(config, Clock::System, |parts| rebuild(&parts.journal, check)).map_err(failure)?;
    let mut lines: Vec<String> =
        report.damaged.iter().map(|position| format!("record {position}: damaged")).collect();
    lines.extend(report.drift.iter().cloned());
    lines.push(format!("{} messages in {} conversations", report.messages, report.conversations));
    lines.iter().try_for_each(print).map_err(failure)?;
    if !report.damaged.is_empty() {
        return Err(Failure::new(format!("{} record(s) do not verify", report.damaged.len()))
            .help("restore them from a backup; nothing else on record is concerned"));
    }
    if check && !report.drift.is_empty() {
        return Err(Failure::new("the current state differs from the journal")
            .help("`chancery archive rebuild` makes it again from the journal"));
    }
    Ok(())
}

fn mail_test(config: &Config, to: &str) -> Result<(), Failure> {
    let to = trial::recipient(to).map_err(failure)?;
    let random = Random::System;
    let now = with_parts(config, Clock::System, |parts| Ok(parts.mail.now())).map_err(failure)?;
    if let Some(problem) = &now.problem {
        return Err(Failure::new(problem.clone()).help("mend the settings of mail, then try again"));
    }
    let Some(office) = &now.office else {
        return Err(Failure::new("no mail server is set up")
            .help("name one as mail.host, or set it up in the console under Settings, Mail"));
    };
    let (id, at) = (random.bytes().map_err(failure)?, Clock::System.now());
    let signature = Signature::of(config);
    let steps = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failure(Error::internal(error)))?
        .block_on(trial::run(office, &now.settings, &signature, &to, id, at))
        .map_err(failure)?;
    steps.iter().try_for_each(|step| print(trial::line(step))).map_err(failure)?;
    if steps.iter().any(|step| matches!(step.outcome, Outcome::Failed(_))) {
        return Err(Failure::new("no mail could be sent").help("the line that failed says what to do"));
    }
    print(format!("A mail is on its way to {to}.")).map_err(failure)
}

fn search_status(config: &Config) -> Result<(), Error> {
    let newest = with_parts(config, Clock::System, |parts| {
        Ok(crate::journal::head(&mut *parts.journal.db().reader()?)?.position)
    })?;
    let Some(said) = search::status(&config.data)? else {
        return print("There is no search index in this data folder yet; the server makes it when it runs.");
    };
    print(format!("{} messages, {} of {newest} records", said.messages, said.cursor))?;
    print(state_line(&said.state))
}

fn state_line(state: &State) -> String {
    match state {
        State::Opening => "It is being opened.".to_owned(),
        State::Ready => "It follows the journal.".to_owned(),
        State::Rebuilding { done, total } => format!("It is being made anew: {done} of {total} records."),
        State::Damaged => "It cannot be written; the server's log says why.".to_owned(),
    }
}

fn search_rebuild(config: &Config) -> Result<(), Error> {
    let mut said = String::new();
    with_parts(config, Clock::System, |parts| {
        search::rebuild(&config.data, parts.archive(), &parts.messaging(), |state| {
            let line = state_line(state);
            if matches!(state, State::Rebuilding { .. }) && line != said {
                // Whoever does not listen any more still gets the index.
                let _ = print(&line);
                said = line;
            }
        })
    })?;
    print("The search index was made anew.")
}

fn search_check(config: &Config) -> Result<(), Failure> {
    let checked = with_parts(config, Clock::System, |parts| {
        search::check(&config.data, parts.archive(), &parts.messaging())
    })
    .map_err(failure)?;
    for position in &checked.differing {
        print(format!("message at {position}: differs")).map_err(failure)?;
    }
    print(format!("{} messages compared, up to record {}", checked.messages, checked.position))
        .map_err(failure)?;
    if checked.differing.is_empty() {
        return Ok(());
    }
    Err(Failure::new("the search index differs from the journal")
        .help("`chancery search rebuild` makes it anew from the journal"))
}
