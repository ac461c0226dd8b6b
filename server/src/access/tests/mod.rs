//! Tests of this room, on both databases.

mod accounts;
mod admission;
mod factors;
mod links;
mod matrix;
mod signing_in;
mod socket;

use std::sync::Arc;
use std::thread::JoinHandle;

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::header::{ContentType, ORIGIN};
use actix_web::test::{TestRequest, call_service, read_body, read_body_json};
use chancery_ledger::{Kind, Stream};
use chancery_protocol::http::{Invite, SignIn};
use chancery_protocol::ids::{Id, PersonId, SessionId};
use chancery_protocol::person::{GuestTerms, Role};
use chancery_protocol::problem::Problem;
use chancery_protocol::{CSRF_HEADER, Micros};

use super::accounts::By;
use super::form::Tried;
use super::origin::Origin;
use super::sessions::Started;
use super::{Access, COOKIE, Caller, Settings, store};
use crate::directory::{Directory, person_of};
use crate::ground::clock::Clock;
use crate::ground::config::{Proxies, PublicUrl};
use crate::ground::db::testing::{Database, Fresh, Storage, on_both_databases};
use crate::ground::db::{Db, blocking};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::journal::{Journal, OnControl, Opened, Unit, decode_body};
use crate::outbox::MailServer;
use crate::vault::{Vault, load_or_create};

/// 2026-01-01, in microseconds.
const NEW_YEAR: Micros = 1_767_225_600_000_000;
const SECOND: Micros = 1_000_000;
const MINUTE: Micros = 60 * SECOND;
const HOUR: Micros = 60 * MINUTE;
const OWN: &str = "https://chat.example.com";
const PASSWORD: &str = "correct horse battery";

/// A house on a fresh database.
struct House {
    access: Access,
    journal: Journal,
    directory: Arc<Directory>,
    clock: Clock,
    storage: Arc<Storage>,
    writer: Option<JoinHandle<()>>,
}

impl House {
    fn new(kind: Database) -> Self {
        let fresh = Fresh::new(kind);
        let clock = Clock::at(NEW_YEAR);
        let random = Random::System;
        let (data, keys) = (Db::new(fresh.main, 4).unwrap(), Db::new(fresh.keys, 4).unwrap());
        let master = load_or_create(&fresh.storage.data.join("master.key"), true, &random).unwrap();
        let vault = Arc::new(Vault::open(keys, master, clock.clone(), random.clone()).unwrap());
        let directory = Arc::new(Directory::new(Arc::clone(&vault)));
        let (journal, writer) = Journal::new(data, vault, clock.clone(), random);
        let refreshed = Arc::clone(&directory);
        let on_control: OnControl = Arc::new(move |conn, headers| {
            let people: Vec<PersonId> = headers.iter().filter_map(person_of).collect();
            refreshed.refresh(conn, &people)
        });
        let writer = writer.start(on_control, 0, None).unwrap();
        let settings = Settings {
            public_url: PublicUrl::parse(OWN).unwrap(),
            session_hours: 12,
            confirm_minutes: 0,
            token_days: 365,
            proxies: Proxies::default(),
            mail_server: MailServer::default(),
        };
        let access =
            Access::new(journal.clone(), Arc::clone(&directory), Arc::new(crate::access::Open), settings)
                .unwrap();
        Self { access, journal, directory, clock, storage: fresh.storage, writer: Some(writer) }
    }

    /// Invites somebody; a guest for a day, for whom an employee made for it answers.
    fn invite(&self, username: &str, roles: &[Role]) -> PersonId {
        let guest = roles.contains(&Role::Guest).then(|| GuestTerms {
            sponsor: self.account(&format!("sponsor-of-{username}"), &[Role::Employee]),
            ends_at: self.clock.now() + DAY,
        });
        let form = Invite {
            username: username.into(),
            name: username.to_uppercase(),
            roles: roles.into(),
            guest,
            email: None,
            mail: false,
        };
        self.access.invite(&form, By::COMMAND_LINE).unwrap().id
    }

    fn account(&self, username: &str, roles: &[Role]) -> PersonId {
        let form = Invite {
            username: username.into(),
            name: username.to_uppercase(),
            roles: roles.into(),
            guest: None,
            email: None,
            mail: false,
        };
        self.access.create(&form, PASSWORD, By::COMMAND_LINE).unwrap()
    }

    /// Signs in with a password of an account made here.
    fn sign_in(&self, form: &SignIn, origin: &Origin, caller: Option<&Caller>) -> Result<Started, Error> {
        match self.access.try_password(form, origin, caller, None)? {
            Tried::In(started) => Ok(*started),
            Tried::Second(_) => Err(Code::FactorNeeded.into()),
            Tried::Not(_) => Err(Code::SignInFailed.into()),
        }
    }

    /// A session without the work of a password.
    fn session(&self, person: PersonId) -> Started {
        let beginning = self.access.beginning(person, &origin(), None).unwrap();
        let row = beginning.row.clone();
        self.journal
            .commit_blocking(Unit {
                records: vec![beginning.draft],
                work: Some(Box::new(move |conn, _| store::insert_session(conn, &row))),
                ..Unit::default()
            })
            .unwrap();
        self.access.started(beginning.token, &beginning.row).unwrap()
    }

    fn running(&self, person: PersonId) -> Vec<SessionId> {
        let rows = store::of_person(&mut self.journal.db().reader().unwrap(), person, self.clock.now());
        rows.unwrap().iter().map(|row| row.id.id()).collect()
    }

    /// All records, in order.
    fn records(&self) -> Vec<Opened> {
        let mut conn = self.journal.db().reader().unwrap();
        let rows = self.journal.records().by_position(&mut conn, 0, 10_000).unwrap();
        rows.into_iter().map(|(_, opened)| opened.unwrap()).collect()
    }

    /// The bodies of a person's records of one kind.
    fn bodies<T: serde::de::DeserializeOwned>(&self, person: PersonId, kind: Kind) -> Vec<T> {
        self.records()
            .iter()
            .filter(|r| r.header.kind == kind && r.header.stream == Stream::Person(person.bytes()))
            .map(|r| decode_body(&r.body).unwrap())
            .collect()
    }

    fn kinds(&self) -> Vec<Kind> {
        self.records().iter().map(|record| record.header.kind).collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let journal = self.journal.clone();
        // The test may be an async one, where nothing may block.
        std::thread::spawn(move || journal.stop_blocking()).join().unwrap();
        if let Some(writer) = self.writer.take() {
            writer.join().unwrap();
        }
    }
}

/// A day.
const DAY: Micros = 86_400_000_000;

fn origin() -> Origin {
    Origin { address: Some("192.0.2.7".parse().unwrap()), device: "Firefox on Linux".into() }
}

/// Does blocking work inside an async test.
async fn off<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    blocking(move || Ok::<T, Error>(work())).await.unwrap()
}

/// The routes of a house, as the application has them.
macro_rules! app {
    ($house:expr) => {
        actix_web::test::init_service(
            actix_web::App::new()
                .configure(crate::ground::http::extractors)
                .app_data(actix_web::web::Data::new($house.access.clone()))
                .service(
                    actix_web::web::scope("/api/v1")
                        .configure(|config| crate::access::configure(config, crate::access::routes())),
                ),
        )
        .await
    };
}
use app;

/// A request as our own page would send it.
fn request(method: &Method, path: &str, session: Option<&Started>) -> TestRequest {
    let mut request = TestRequest::with_uri(&format!("/api/v1{path}"))
        .method(method.clone())
        .peer_addr("192.0.2.7:4000".parse().unwrap())
        .insert_header((ORIGIN, OWN));
    if let Some(session) = session {
        request = request
            .insert_header(("cookie", format!("{COOKIE}={}", session.token.text())))
            .insert_header((CSRF_HEADER, session.info.csrf.clone()));
    }
    request
}

fn json(request: TestRequest, body: &impl serde::Serialize) -> TestRequest {
    request.insert_header(ContentType::json()).set_payload(serde_json::to_vec(body).unwrap())
}

/// The code of a problem; "" for an answer that is none.
async fn code_of(answer: ServiceResponse<BoxBody>) -> String {
    let body = read_body(answer).await;
    serde_json::from_slice::<Problem>(&body).map(|problem| problem.code).unwrap_or_default()
}
