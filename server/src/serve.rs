//! `chancery serve`: the parts, delivery and the web server, and how all of it stops.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::rt::signal::unix::{SignalKind, signal};
use actix_web::{App, HttpServer, web};
use chancery_protocol::http::ServerInfo;
use chancery_protocol::sources::SignInWays;

use crate::acceptable_use::Policy;
use crate::acceptable_use::acceptance::Acceptance;
use crate::access::{Access, GUESTS_LOOKED_AT, Settings};
use crate::app::Parts;
use crate::approvals::Approvals;
use crate::cli::say;
use crate::console::{Audit, Desk};
use crate::conversations::Marks;
use crate::delivery::{self, Delivery, Hub};
use crate::ground::clock::Clock;
use crate::ground::config::{Config, PublicUrl};
use crate::ground::error::Error;
use crate::ground::http::{self, assets::Assets, headers, tls::Certificate};
use crate::ground::random::Random;
use crate::ground::telemetry::{self, RequestIds};
use crate::ground::traces::Traces;
use crate::journal::{Journal, Tail, listen};
use crate::notify::{MailDesk, Notifier, Signature};
use crate::operations::{self, Operations, Watched};
use crate::outbox::MailServer;
use crate::provisioning::Provisioning;
use crate::review::Review;
use crate::search::Search;

/// How often the files of the certificate are read.
const CERTIFICATE_READ: Duration = Duration::from_secs(30);

/// How long answers under way may take once the server stops.
const LAST_ANSWERS_SECONDS: u64 = 5;

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// What keeps the server from starting, and how to mend it.
pub fn serve(mut config: Config) -> Result<(), Error> {
    let traces = Traces::start(&config.traces)?;
    telemetry::init(&config.log, traces.as_ref()).map_err(Error::internal)?;
    let listener = TcpListener::bind(config.listen).map_err(|e| cannot_listen(&config, &e))?;
    let metrics_listener = config.metrics.listen.map(operations::bind).transpose()?;
    let bound = listener.local_addr().map_err(Error::internal)?;
    if !config.public_url_set
        && let Some(url) = PublicUrl::of_listener(bound, config.tls.is_some())
    {
        config.public_url = url;
    }
    let certificate = config
        .tls
        .as_ref()
        .map(Certificate::load)
        .transpose()
        .map_err(|fault| Error::setup(fault.to_string(), fault.mend))?;
    let _alone = (!config.database.url.is_postgres()).then(|| Alone::in_folder(&config.data)).transpose()?;
    let random = Random::System;
    let mut parts = Parts::open(&config, clock(), random.clone())?;
    let (tail, news) = Tail::open(parts.journal.clone(), Arc::clone(&parts.on_control))?;
    let writer = parts.start(Some(news.clone()), config.demo)?;
    let hub = Arc::new(Hub::default());
    let (search, searcher) = Search::start(&config.data, parts.archive(), parts.messaging())?;
    let told = search.clone();
    let deliverer =
        delivery::follow(tail, parts.messaging(), Arc::clone(&hub), parts.gate(), move || told.wake())?;
    let (review, backtests) = Review::start(parts.messaging())?;
    let settings = Settings { mail_server: parts.mail.mail_server(), ..settings(&config) };
    let access = Access::new(parts.journal.clone(), Arc::clone(&parts.directory), parts.gate(), settings)?;
    let marks = Arc::new(Marks::default());
    let signature = Signature::of(&config);
    let (gate, shared) = (parts.gate(), Arc::clone(&parts.mail));
    let notifier = Notifier::new(parts.messaging(), Arc::clone(&marks), shared, gate, signature)?;
    let watched = Watched {
        journal: parts.journal.clone(),
        directory: Arc::clone(&parts.directory),
        access: access.clone(),
        hub: Arc::clone(&hub),
        search: search.clone(),
        notifier: notifier.clone(),
        certificate: certificate.clone(),
    };
    let operations = Operations::start(&config, bound, watched)?;
    let outcome = actix_web::rt::System::new().block_on(async {
        let delivery = Delivery {
            messaging: parts.messaging(),
            access: access.clone(),
            hub: Arc::clone(&hub),
            marks,
            greetings: Arc::default(),
        };
        actix_web::rt::spawn(delivery::tick(delivery.clone()));
        let notifying = notifier.start()?;
        actix_web::rt::spawn(operations.clone().run());
        let approvals = Approvals::new(parts.journal.clone(), access.clone());
        actix_web::rt::spawn(sweep(access.clone(), parts.journal.clone(), approvals.clone()));
        actix_web::rt::spawn(end_guests(access.clone()));
        if config.database.url.is_postgres() {
            listen(&parts.journal, news)?;
        }
        let setup_link = access.setup_link_if_needed().await?;
        let (journal, directory) = (parts.journal.clone(), Arc::clone(&parts.directory));
        let provisioning = Provisioning::new(journal, directory, access.clone(), approvals.clone());
        actix_web::rt::spawn(provisioning.clone().keep_in_sync());
        let audit = Audit::new(parts.journal.clone(), Arc::clone(&parts.directory));
        let policy = Policy::new(parts.journal.clone(), Arc::clone(&parts.directory), approvals);
        let (journal, directory) = (parts.journal.clone(), Arc::clone(&parts.directory));
        let desk = Desk::new(journal, directory, policy.clone(), provisioning.clone());
        let mail = MailDesk::new(parts.journal.clone(), Arc::clone(&parts.mail), &config);
        let prefix = u32::from_be_bytes(random.bytes()?);
        let rooms = Rooms {
            access: web::Data::new(access),
            delivery: web::Data::new(delivery.clone()),
            provisioning: web::Data::new(provisioning),
            search: web::Data::new(search),
            review: web::Data::new(review),
            notifier: web::Data::new(notifier),
            audit: web::Data::new(audit),
            acceptance: web::Data::new(Arc::clone(&parts.acceptance)),
            policy: web::Data::new(policy),
            desk: web::Data::new(desk),
            mail: web::Data::new(mail),
            operations: web::Data::new(operations.clone()),
        };
        let tls =
            certificate.as_ref().map(Certificate::server_config).transpose().map_err(Error::internal)?;
        if let Some(certificate) = certificate {
            actix_web::rt::spawn(renew(certificate));
        }
        let web = start(&config, listener, tls, rooms, prefix)?;
        let handle = web.handle();
        let served = actix_web::rt::spawn(web);
        let metrics = metrics_listener.map(|listener| operations.serve_metrics(listener)).transpose()?;
        let metrics_handle = metrics.as_ref().map(|server| server.handle());
        let metrics = metrics.map(actix_web::rt::spawn);
        greet(&config, setup_link.and_then(|link| link.url).as_deref())?;
        wait_for_the_end().await?;
        tracing::info!(connections = hub.count(), "stopping");
        operations.stopping();
        hub.stop();
        handle.stop(true).await;
        let _ = served.await;
        notifying.stop().await;
        if let Err(error) = delivery.marks.flush(parts.journal.db()).await {
            tracing::warn!(%error, "the last marks could not be written");
        }
        parts.journal.stop().await;
        // Last, so that the monitoring sees the end.
        if let (Some(handle), Some(served)) = (metrics_handle, metrics) {
            handle.stop(true).await;
            let _ = served.await;
        }
        Ok(())
    });
    if outcome.is_err() {
        parts.journal.stop_blocking();
    }
    operations.end();
    let tried = backtests.stop();
    let drained = tried && writer.join().is_ok() && deliverer.join().is_ok() && searcher.stop();
    tracing::info!(drained, "stopped");
    if let Some(traces) = traces {
        traces.stop();
    }
    outcome
}

/// What the routes of the rooms work with.
struct Rooms {
    access: web::Data<Access>,
    delivery: web::Data<Delivery>,
    provisioning: web::Data<Provisioning>,
    search: web::Data<Search>,
    review: web::Data<Review>,
    notifier: web::Data<Notifier>,
    audit: web::Data<Audit>,
    acceptance: web::Data<Arc<Acceptance>>,
    policy: web::Data<Policy>,
    desk: web::Data<Desk>,
    mail: web::Data<MailDesk>,
    operations: web::Data<Operations>,
}

fn start(
    config: &Config,
    listener: TcpListener,
    tls: Option<rustls::ServerConfig>,
    rooms: Rooms,
    prefix: u32,
) -> Result<actix_web::dev::Server, Error> {
    let info = web::Data::new(server_info(config));
    let assets = web::Data::new(Assets::embedded());
    let ids = web::Data::new(RequestIds::new(prefix));
    let traffic = web::Data::new(rooms.operations.traffic());
    let https = config.public_url.is_https();
    let server = HttpServer::new(move || {
        App::new()
            .configure(http::extractors)
            .app_data(info.clone())
            .app_data(assets.clone())
            .app_data(ids.clone())
            .app_data(rooms.access.clone())
            .app_data(rooms.delivery.clone())
            .app_data(rooms.provisioning.clone())
            .app_data(rooms.search.clone())
            .app_data(rooms.review.clone())
            .app_data(rooms.notifier.clone())
            .app_data(rooms.audit.clone())
            .app_data(rooms.acceptance.clone())
            .app_data(rooms.policy.clone())
            .app_data(rooms.desk.clone())
            .app_data(rooms.mail.clone())
            .app_data(rooms.operations.clone())
            .app_data(traffic.clone())
            .configure(operations::probes)
            .service(web::scope("/api/v1").configure(crate::routes::configure))
            .configure(crate::provisioning::configure_scim)
            .configure(crate::notify::off::configure)
            .default_service(web::to(http::assets::serve))
            .wrap(from_fn(headers::api))
            .wrap(headers::security(https))
            .wrap(from_fn(telemetry::requests))
    })
    .on_connect(delivery::bound_line)
    .tcp_nodelay(true)
    .disable_signals()
    .shutdown_timeout(LAST_ANSWERS_SECONDS);
    let bound = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls),
        None => server.listen(listener),
    };
    Ok(bound.map_err(Error::internal)?.run())
}

/// The clock: the machine's, or in a build for tests one that is moved ahead.
fn clock() -> Clock {
    match std::env::var_os("UNSAFE_CLOCK_AHEAD").filter(|_| cfg!(debug_assertions)) {
        Some(file) => {
            tracing::warn!("the clock is that of a test");
            Clock::Ahead(Path::new(&file).into())
        }
        None => Clock::System,
    }
}

/// What `access` must know of the configuration.
pub(crate) fn settings(config: &Config) -> Settings {
    Settings {
        public_url: config.public_url.clone(),
        session_hours: config.session.hours,
        confirm_minutes: config.session.confirm_minutes,
        token_days: config.session.token_days,
        proxies: config.proxies.clone(),
        mail_server: MailServer::default(),
    }
}

/// Every hour: expired sessions, old counts of failed sign-ins and old answers to duplicates are forgotten, and requests nobody
/// decided lapse.
async fn sweep(access: Access, journal: Journal, approvals: Approvals) {
    let mut every_hour = tokio::time::interval(Duration::from_secs(3_600));
    loop {
        every_hour.tick().await;
        if let Err(error) = access.sweep().await {
            tracing::warn!(%error, "expired sessions wait for the database");
        }
        if let Err(error) = journal.sweep().await {
            tracing::warn!(%error, "old answers to duplicates wait for the database");
        }
        if let Err(error) = approvals.sweep().await {
            tracing::warn!(%error, "requests nobody decided wait for the database");
        }
    }
}

/// Ends the time of guests.
async fn end_guests(access: Access) {
    let mut sometimes = tokio::time::interval(GUESTS_LOOKED_AT);
    loop {
        sometimes.tick().await;
        if let Err(error) = access.end_guests().await {
            tracing::warn!(%error, "guests whose time has come wait for the database");
        }
    }
}

/// Looks for a renewed certificate twice a minute, and at once when asked by SIGHUP.
async fn renew(certificate: Arc<Certificate>) {
    let mut asked = match signal(SignalKind::hangup()) {
        Ok(asked) => asked,
        Err(error) => return tracing::error!(%error, "renewed certificates will not be noticed"),
    };
    let mut sometimes = tokio::time::interval(CERTIFICATE_READ);
    let mut reported = None;
    loop {
        tokio::select! {
            _ = sometimes.tick() => {}
            _ = asked.recv() => reported = None,
        }
        let read = Arc::clone(&certificate);
        let Ok(renewed) = actix_web::web::block(move || read.renew()).await else { return };
        match renewed {
            Ok(true) => tracing::info!("a renewed certificate is in use"),
            Ok(false) => {}
            // Once for each fault, not twice a minute.
            Err(ref fault) if reported.as_ref() != Some(fault) => {
                tracing::warn!(%fault, mend = fault.mend, "the renewed certificate cannot be used; the old one stays in use");
            }
            Err(_) => {}
        }
        reported = renewed.err();
    }
}

/// What anyone may know before signing in.
fn server_info(config: &Config) -> ServerInfo {
    ServerInfo {
        organisation: config.organisation.clone(),
        host: config.public_url.authority().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo: config.demo,
        service_desk: config.service_desk.clone(),
        session_hours: config.session.hours,
        sign_in: SignInWays::default(),
    }
}

fn greet(config: &Config, setup_link: Option<&str>) -> Result<(), Error> {
    if let Some(link) = setup_link {
        say(format!("Set-up link: {link}")).map_err(Error::internal)?;
    }
    say(format!("Chancery is listening on {}", config.public_url)).map_err(Error::internal)
}

async fn wait_for_the_end() -> Result<(), Error> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn cannot_listen(config: &Config, error: &std::io::Error) -> Error {
    let help = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            "another program uses this port; stop it, or set `listen` to another port"
        }
        std::io::ErrorKind::PermissionDenied => {
            "ports below 1024 need a right of their own; set `listen` to another port"
        }
        _ => "set `listen` to an address of this machine",
    };
    Error::setup(format!("cannot listen on {}: {error}", config.listen), help)
}

/// An embedded database has one server: holds the folder's lock as long as it lives.
struct Alone {
    _guard: fd_lock::RwLockWriteGuard<'static, std::fs::File>,
}

impl Alone {
    fn in_folder(folder: &Path) -> Result<Self, Error> {
        crate::app::prepare_folder(folder)?;
        let path = folder.join("server.lock");
        let file =
            std::fs::File::options().create(true).truncate(false).write(true).open(&path).map_err(|e| {
                Error::setup(format!("{} cannot be opened: {e}", path.display()), "check the folder's rights")
            })?;
        // Lives as long as the process; the system lets go of it however the process ends.
        let lock = Box::leak(Box::new(fd_lock::RwLock::new(file)));
        match lock.try_write() {
            Ok(guard) => Ok(Self { _guard: guard }),
            Err(_) => Err(Error::setup(
                format!("another server uses the data folder {}", folder.display()),
                "stop it first, or set `data` to another folder; several nodes need PostgreSQL",
            )),
        }
    }
}
