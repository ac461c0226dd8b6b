//! Builds every part once, in order: folder, databases, keys, archive, journal, snapshots. `serve` adds delivery and
//! the web server; the command line does without them.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;

use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::ids::{ConversationId, Id, RecordId};
use diesel::prelude::*;
use serde::Serialize;

use crate::acceptable_use::Rules;
use crate::acceptable_use::acceptance::Acceptance;
use crate::access::Gate;
use crate::conversations::Roster;
use crate::directory::{self, Directory};
use crate::ground::clock::Clock;
use crate::ground::config::{Config, DatabaseUrl};
use crate::ground::db::dialect::Raw;
use crate::ground::db::schema::{archive, journal_head, keys::key_store};
use crate::ground::db::{Conn, Db, Opener, Schema, Target, rights};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::journal::{Batch, Journal, OnControl, Unit, Writer, head};
use crate::messaging::Messaging;
use crate::notify::settings as mail;
use crate::vault::{self, Vault};

/// Connections for reading; reads are short, and the two cores of a small machine are busy with fewer.
const READERS: u32 = 8;

/// Everything below the web server.
pub struct Parts {
    /// The record.
    pub journal: Journal,
    /// Who there is.
    pub directory: Arc<Directory>,
    /// Who is where.
    pub roster: Arc<Roster>,
    /// Rules of acceptable use.
    pub rules: Arc<Rules>,
    /// Who accepted the policy text.
    pub acceptance: Arc<Acceptance>,
    /// How mail is set up.
    pub mail: Arc<mail::Shared>,
    /// Keeps these up to date.
    pub on_control: OnControl,
    writer: Option<Writer>,
    archive: Identity,
}

/// Which archive this is, and whether it has begun.
#[derive(Clone, Copy)]
struct Identity {
    uid: [u8; 16],
    begun: bool,
}

#[derive(Serialize)]
struct ArchiveCreated {
    archive: String,
    demo: bool,
    version: &'static str,
}

impl Parts {
    /// Opens what the configuration names. Nothing is written but migrations of embedded databases, a new master
    /// key and the key store's mark.
    ///
    /// # Errors
    /// What is wrong with folder, database, key store or master key, and how to mend it.
    pub fn open(config: &Config, clock: Clock, random: Random) -> Result<Self, Error> {
        Self::open_through(config, clock, random, opener)
    }

    /// As [`Parts::open`], for filling an embedded archive that is worth nothing until it is whole: no commit waits
    /// for the disk until [`Parts::settle`].
    ///
    /// # Errors
    /// As [`Parts::open`].
    pub fn open_for_filling(config: &Config, clock: Clock, random: Random) -> Result<Self, Error> {
        Self::open_through(config, clock, random, |url| match url {
            DatabaseUrl::Sqlite(_) => opener(url).without_sync(),
            DatabaseUrl::Postgres(_) => opener(url),
        })
    }

    /// Brings to disk what was written without waiting for it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn settle(config: &Config) -> Result<(), Error> {
        for url in [&config.database.url, &config.keys.url] {
            opener(url).settle()?;
        }
        Ok(())
    }

    fn open_through(
        config: &Config,
        clock: Clock,
        random: Random,
        opener: fn(&DatabaseUrl) -> Opener,
    ) -> Result<Self, Error> {
        prepare_folder(&config.data)?;
        let db = open_main(config, opener(&config.database.url))?;
        let store = open_keys(opener(&config.keys.url))?;
        let identity = identify(&db, &store, &random)?;
        let master = vault::load_or_create(&config.keys.master_key_file, !has_keys(&store)?, &random)?;
        let vault = Arc::new(Vault::open(store.clone(), master, clock.clone(), random.clone())?);
        store.write_here(|conn| vault::claim(conn, identity.uid))?;
        let (journal, writer) = Journal::new(db, Arc::clone(&vault), clock, random);
        let rules = Arc::new(Rules::new(Arc::clone(&vault))?);
        let directory = Arc::new(Directory::new(vault));
        let roster = Arc::new(Roster::default());
        let acceptance = Arc::new(Acceptance::new(journal.clone(), Arc::clone(&directory)));
        let mail = Arc::new(mail::Shared::new(config, Arc::clone(journal.vault()))?);
        let on_control = on_control(&directory, &roster, &rules, &acceptance, &mail);
        let (writer, archive) = (Some(writer), identity);
        Ok(Self { journal, directory, roster, rules, acceptance, mail, on_control, writer, archive })
    }

    /// Starts the writer, begins the archive if it is new, and loads the snapshots.
    ///
    /// # Errors
    /// Storage errors.
    pub fn start(&mut self, tail: Option<Sender<Batch>>, demo: bool) -> Result<JoinHandle<()>, Error> {
        let writer = self.writer.take().ok_or_else(|| Error::internal("the writer runs already"))?;
        let mut conn = self.journal.db().reader()?;
        // Read before the rows: what comes after it is caught up with by the writer.
        let control = head(&mut conn)?.control_position;
        self.directory.load_all(&mut conn)?;
        self.roster.load_all(&mut conn)?;
        self.rules.load(&mut conn)?;
        self.acceptance.load_all(&mut conn)?;
        self.mail.load(&mut conn)?;
        drop(conn);
        let thread = writer.start(Arc::clone(&self.on_control), control, tail)?;
        if !self.archive.begun {
            self.begin(demo)?;
        }
        Ok(thread)
    }

    /// Which archive this is.
    pub fn archive(&self) -> [u8; 16] {
        self.archive.uid
    }

    /// What messages need.
    pub fn messaging(&self) -> Messaging {
        Messaging {
            journal: self.journal.clone(),
            directory: Arc::clone(&self.directory),
            roster: Arc::clone(&self.roster),
            rules: Arc::clone(&self.rules),
        }
    }

    /// What has to be accepted before somebody chats.
    pub fn gate(&self) -> Arc<dyn Gate> {
        Arc::<Acceptance>::clone(&self.acceptance)
    }

    /// The first record. Another node may have been quicker.
    fn begin(&self, demo: bool) -> Result<(), Error> {
        let uid = self.archive.uid;
        let body = ArchiveCreated {
            archive: RecordId::from_bytes(uid).to_string(),
            demo,
            version: env!("CARGO_PKG_VERSION"),
        };
        let draft = self.journal.draft(Stream::System, Kind::ArchiveCreated, None, &body)?;
        let committed = self.journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| {
                if archive::table.select(archive::uid).first::<Raw>(conn).optional()?.is_some() {
                    return Err(Code::Unchanged.into());
                }
                let at = placed.first().map(|place| place.at).unwrap_or_default();
                diesel::insert_into(archive::table)
                    .values((archive::id.eq(1), archive::uid.eq(Raw(uid)), archive::created_at.eq(at)))
                    .execute(conn)?;
                Ok(())
            })),
            ..Unit::default()
        });
        match committed {
            Err(error) if error.code != Code::Unchanged => Err(error),
            _ => Ok(()),
        }
    }
}

/// Brings the snapshots up to date with the records that were committed.
fn on_control(
    directory: &Arc<Directory>,
    roster: &Arc<Roster>,
    rules: &Arc<Rules>,
    acceptance: &Arc<Acceptance>,
    mail: &Arc<mail::Shared>,
) -> OnControl {
    let (directory, roster) = (Arc::clone(directory), Arc::clone(roster));
    let (rules, acceptance, mail) = (Arc::clone(rules), Arc::clone(acceptance), Arc::clone(mail));
    Arc::new(move |conn: &mut Conn, headers: &[Header]| {
        let people: Vec<_> = headers.iter().filter_map(directory::person_of).collect();
        let conversations: Vec<ConversationId> = headers
            .iter()
            .filter_map(|header| match header.stream {
                Stream::Conversation(id) => Some(ConversationId::from_bytes(id)),
                Stream::Person(_) | Stream::System => None,
            })
            .collect();
        directory.refresh(conn, &people)?;
        roster.refresh(conn, &conversations)?;
        rules.renew(conn, headers)?;
        acceptance.refresh(conn, headers)?;
        mail.renew(conn, headers)
    })
}

/// The data folder, for the server's account alone.
pub(crate) fn prepare_folder(folder: &Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt;
    let refused = |e: std::io::Error| {
        Error::setup(
            format!("the data folder {} cannot be written: {e}", folder.display()),
            "give the server's account the right to write there, or set `data` to another folder",
        )
    };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(refused)?;
    let probe = folder.join(".write-test");
    std::fs::write(&probe, []).map_err(refused)?;
    std::fs::remove_file(&probe).map_err(refused)
}

fn opener(url: &DatabaseUrl) -> Opener {
    let opener = Opener::new(match url {
        DatabaseUrl::Sqlite(path) => Target::Sqlite(path.clone()),
        DatabaseUrl::Postgres(url) => Target::Postgres(url.reveal().to_owned()),
    });
    // For the test which shows that it would notice.
    if cfg!(debug_assertions) && std::env::var_os("UNSAFE_SYNCHRONOUS_OFF").is_some() {
        tracing::warn!("synchronous commits are off: acknowledged messages can be lost");
        return opener.without_sync();
    }
    opener
}

/// Names the setting: a server has two databases, and they fail alike.
pub(crate) fn cannot_open(setting: &str, error: &Error) -> Error {
    let why = error.internal.as_deref().or(error.detail.as_deref()).unwrap_or_else(|| error.code.title());
    let help = "check the address, and that the database runs and lets this account in";
    Error::setup(format!("the database of `{setting}` cannot be opened: {}", why.trim_end()), help)
}

fn open_main(config: &Config, opener: Opener) -> Result<Db, Error> {
    let mut conn = opener.open_writer().map_err(|error| cannot_open("database.url", &error))?;
    if config.database.url.is_postgres() {
        let pending = Schema::Main.pending(&mut conn)?;
        if !pending.is_empty() {
            return Err(Error::setup(
                format!("the database lacks {} migration(s) of this version", pending.len()),
                "run `chancery migrate`",
            ));
        }
        check_role(&mut conn)?;
    } else {
        Schema::Main.migrate(&mut conn)?;
    }
    drop(conn);
    Db::new(opener, READERS)
}

fn open_keys(opener: Opener) -> Result<Db, Error> {
    let mut conn = opener.open_writer().map_err(|error| cannot_open("keys.url", &error))?;
    Schema::Keys.migrate(&mut conn)?;
    drop(conn);
    Db::new(opener, READERS)
}

/// The journal must be append-only for the server itself.
fn check_role(conn: &mut Conn) -> Result<(), Error> {
    let rights = rights(conn)?;
    if rights.superuser || rights.may_change {
        return Err(Error::setup(
            "the role of database.url could change or delete records",
            "use a role that is no superuser and owns no table, and name the owner in database.migration_url: \
             `chancery migrate` then gives the role exactly what it needs",
        ));
    }
    if rights.fsync != "on" {
        tracing::warn!(
            "PostgreSQL runs with fsync = {}: a power cut can lose acknowledged messages",
            rights.fsync
        );
    }
    Ok(())
}

fn has_keys(store: &Db) -> Result<bool, Error> {
    use crate::ground::db::schema::keys::wrapping_keys;
    let mut conn = store.reader()?;
    let any: Option<Raw> = wrapping_keys::table.select(wrapping_keys::id).first(&mut *conn).optional()?;
    Ok(any.is_some())
}

/// Which archive database and key store belong to. They must be the same one.
fn identify(db: &Db, store: &Db, random: &Random) -> Result<Identity, Error> {
    let of_data: Option<Raw> = archive::table.select(archive::uid).first(&mut *db.reader()?).optional()?;
    let of_keys: Option<Raw> =
        key_store::table.select(key_store::archive_uid).first(&mut *store.reader()?).optional()?;
    match (of_data, of_keys) {
        (Some(data), Some(keys)) if data == keys => Ok(Identity { uid: data.0, begun: true }),
        (Some(_), Some(_)) => Err(Error::setup(
            "the key store belongs to another archive than the database",
            "point keys.url at the key store that was in use with this database",
        )),
        (Some(_), None) => Err(Error::setup(
            "the key store is empty, but the database holds records sealed with its keys",
            "put the key store back from its backup, or point keys.url at it",
        )),
        // The server stopped between marking the key store and its first record.
        (None, Some(keys)) => {
            let position: i64 =
                journal_head::table.select(journal_head::position).first(&mut *db.reader()?)?;
            if position != 0 {
                return Err(Error::setup(
                    "the database holds records but does not say which archive it is",
                    "restore the database from its backup",
                ));
            }
            Ok(Identity { uid: keys.0, begun: false })
        }
        (None, None) => Ok(Identity { uid: random.bytes()?, begun: false }),
    }
}
