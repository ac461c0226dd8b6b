//! The test of a connection: every step of what the settings come to, with every server of the list, and what to do
//! about the steps that fail.
//!
//! People and groups are read with the first server that lets the client in; the others are only tried.

use ldap3::Scope;
use tokio::time::Instant;

use super::check::Server;
use super::connection::{Connection, Search, Size};
use super::error::Fault;
use super::groups::{self, Group};
use super::person::{self, Person, Skipped};
use super::reader::next_page;
use super::wire::{self, Wire};
use chancery_protocol::Micros;

use super::Client;

/// People and groups shown.
const SHOWN: usize = 5;

/// What a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// In the order in which they were taken.
    pub steps: Vec<Step>,
    /// The server people and groups were read from; none when nobody let the client in.
    pub server: Option<String>,
    /// Some of the people of the first page.
    pub people: Vec<Person>,
    /// Some of the groups of the first page.
    pub groups: Vec<Group>,
    /// Some of the entries of the first pages that cannot be taken.
    pub skipped: Vec<Skipped>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// As it stands in the settings.
    pub server: String,
    /// What was done.
    pub task: Task,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took.
    pub milliseconds: u64,
}

/// What is done in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Looking the name up.
    Resolve,
    /// Reaching the port.
    Connect,
    /// Agreeing on TLS. Not run without encryption.
    Tls,
    /// Signing in as the account that reads.
    Bind,
    /// Looking at the base for people.
    PeopleBase,
    /// Reading the first page of people.
    People,
    /// Looking at the base for groups. Not run without one.
    GroupsBase,
    /// Reading the first page of groups.
    Groups,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It went well.
    Done(Finding),
    /// It went wrong; the fault says how to mend it.
    Failed(Fault),
    /// An earlier step failed, or there is nothing to do.
    NotRun,
}

/// What a step that went well has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Nothing more.
    Nothing,
    /// The addresses of the name, or the one that answered, with its port.
    Addresses(Vec<String>),
    /// What was agreed on, and the server's certificate.
    Tls {
        /// `TLS 1.3`.
        version: &'static str,
        /// Whose certificate it is.
        subject: String,
        /// Who issued it.
        issuer: String,
        /// When it ends.
        ends: Option<Micros>,
    },
    /// Entries of the first page.
    Page {
        /// Those that can be taken.
        taken: usize,
        /// Those that cannot.
        skipped: usize,
        /// Whether there are more pages.
        more: bool,
    },
}

const WITH_SERVER: [Task; 4] = [Task::Resolve, Task::Connect, Task::Tls, Task::Bind];
const READING: [Task; 4] = [Task::PeopleBase, Task::People, Task::GroupsBase, Task::Groups];

impl Client {
    /// Takes every step and says what came of it. Takes at most the times of the settings, step by step. `now` decides
    /// who has expired.
    pub async fn test(&self, now: Micros) -> Report {
        let mut report = Report {
            steps: Vec::new(),
            server: None,
            people: Vec::new(),
            groups: Vec::new(),
            skipped: Vec::new(),
        };
        let mut refused = false;
        for server in self.servers.iter() {
            let Some(mut connection) = self.try_server(server, &mut report, &mut refused).await else {
                continue;
            };
            if report.server.is_none() {
                report.server = Some(server.url.clone());
                read(&mut connection, &mut report, now).await;
            }
            connection.close().await;
        }
        report
    }

    /// `refused`: a server refused name or password; the others are not asked, for that would lock the account.
    async fn try_server(
        &self,
        server: &Server,
        report: &mut Report,
        refused: &mut bool,
    ) -> Option<Connection> {
        let mut steps = Steps { server: &server.url, report, tasks: &WITH_SERVER };
        let encryption = self.settings.encryption;
        let end = Instant::now() + self.settings.connect_timeout();

        let start = Instant::now();
        let found = wire::resolve(server, end).await;
        let addresses = steps.take(start, found, |addresses| {
            Finding::Addresses(addresses.iter().map(ToString::to_string).collect())
        })?;
        let start = Instant::now();
        let reached = wire::reach(&addresses, encryption, end).await;
        let (stream, _) =
            steps.take(start, reached, |(_, address)| Finding::Addresses(vec![address.to_string()]))?;
        let start = Instant::now();
        let line = wire::protect(stream, server, encryption, &self.tls, end).await;
        if matches!(&line, Ok(line) if line.peer.is_none()) {
            steps.not_run();
        }
        let line = match line {
            Ok(line) if line.peer.is_none() => line,
            line => steps.take(start, line, |line| {
                line.peer.as_ref().map_or(Finding::Nothing, |peer| Finding::Tls {
                    version: peer.version,
                    subject: peer.subject.clone(),
                    issuer: peer.issuer.clone(),
                    ends: peer.ends,
                })
            })?,
        };
        if *refused {
            steps.not_run();
            return None;
        }
        let start = Instant::now();
        let bound = self.bound(line, server).await;
        *refused = matches!(bound, Err(Fault::BindRefused { .. }));
        steps.take(start, bound, |_| Finding::Nothing)
    }

    async fn bound(&self, line: wire::Line, server: &Server) -> Result<Connection, Fault> {
        let mut connection = self.connection(Wire::new(line).await?, server);
        connection.bind_reader(self.password.as_ref(), false).await?;
        Ok(connection)
    }
}

async fn read(connection: &mut Connection, report: &mut Report, now: Micros) {
    let settings = connection.settings.clone();
    let server = connection.server.clone();
    let names = &settings.attributes;
    let size = settings.page_size;
    let (mut people, mut all_groups, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    let mut steps = Steps { server: &server, report, tasks: &READING };

    let start = Instant::now();
    let base = look_at(connection, &settings.people.base).await;
    if steps.take(start, base, |()| Finding::Nothing).is_some() {
        let asked = person::attributes(names, false);
        let mut counted = Counted::default();
        let take = &mut |entry| match Person::read(&entry, names, false, now) {
            Ok(person) => counted.keep(&mut people, person),
            Err(why) => counted.skip(&mut skipped, why),
        };
        let (start, place) = (Instant::now(), (&settings.people.base, &settings.people.filter));
        let page = next_page(connection, place.0, place.1, &asked, (size, Vec::new()), take).await;
        steps.take(start, page, |cookie| counted.finding(!cookie.is_empty()));
    }
    while steps.tasks.first().is_some_and(|task| matches!(task, Task::PeopleBase | Task::People)) {
        steps.not_run();
    }
    if !settings.groups.base.is_empty() {
        let start = Instant::now();
        let base = look_at(connection, &settings.groups.base).await;
        if steps.take(start, base, |()| Finding::Nothing).is_some() {
            let asked = groups::attributes(names, false);
            let mut counted = Counted::default();
            let take = &mut |entry| match groups::read(&entry, names, false) {
                Ok((group, _)) => counted.keep(&mut all_groups, group),
                Err(why) => counted.skip(&mut skipped, why),
            };
            let (start, place) = (Instant::now(), (&settings.groups.base, &settings.groups.filter));
            let page = next_page(connection, place.0, place.1, &asked, (size, Vec::new()), take).await;
            steps.take(start, page, |cookie| counted.finding(!cookie.is_empty()));
        }
    }
    drop(steps);
    (report.people, report.groups, report.skipped) = (people, all_groups, skipped);
}

async fn look_at(connection: &mut Connection, base: &str) -> Result<(), Fault> {
    let search = Search {
        base,
        scope: Scope::Base,
        filter: "(objectClass=*)",
        attributes: &["objectClass"],
        size: Size::AtMost(1),
    };
    let mut seen = false;
    connection.search(&search, &mut |_| seen = true).await?;
    // Some servers say nothing at all of what may not be seen.
    if seen { Ok(()) } else { Err(Fault::BaseNotFound { base: base.to_owned() }) }
}

#[derive(Default)]
struct Counted {
    taken: usize,
    skipped: usize,
}

impl Counted {
    fn keep<T>(&mut self, shown: &mut Vec<T>, item: T) {
        self.taken += 1;
        if shown.len() < SHOWN {
            shown.push(item);
        }
    }

    fn skip(&mut self, shown: &mut Vec<Skipped>, why: Skipped) {
        self.skipped += 1;
        if shown.len() < SHOWN {
            shown.push(why);
        }
    }

    fn finding(&self, more: bool) -> Finding {
        Finding::Page { taken: self.taken, skipped: self.skipped, more }
    }
}

/// Steps still to be taken with a server; what is left when it is dropped was not run.
struct Steps<'a> {
    server: &'a str,
    report: &'a mut Report,
    tasks: &'static [Task],
}

impl Steps<'_> {
    fn take<T>(
        &mut self,
        start: Instant,
        came: Result<T, Fault>,
        tell: impl FnOnce(&T) -> Finding,
    ) -> Option<T> {
        let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (outcome, value) = match came {
            Ok(value) => (Outcome::Done(tell(&value)), Some(value)),
            Err(fault) => (Outcome::Failed(fault), None),
        };
        self.push(outcome, milliseconds);
        value
    }

    fn not_run(&mut self) {
        self.push(Outcome::NotRun, 0);
    }

    fn push(&mut self, outcome: Outcome, milliseconds: u64) {
        if let Some((task, rest)) = self.tasks.split_first() {
            self.tasks = rest;
            self.report.steps.push(Step {
                server: self.server.to_owned(),
                task: *task,
                outcome,
                milliseconds,
            });
        }
    }
}

impl Drop for Steps<'_> {
    fn drop(&mut self) {
        while !self.tasks.is_empty() {
            self.not_run();
        }
    }
}
