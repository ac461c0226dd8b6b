//! Rules about how the server is set up: transport, keys, rights, people, settings.

use std::path::Path;

use chancery_protocol::Micros;
use chancery_protocol::operations::Fact;
use chancery_protocol::person::Role;
use chancery_protocol::sources::SyncState;
use tracing::Level;

use super::found::Found;
use super::health::{Verdict, number};
use super::store::Durability;
use crate::directory::store::{Guests, Standing};
use crate::ground::config::one_line;
use crate::ground::db::Rights;
use crate::notify::Passage;

const DAY: Micros = 86_400_000_000;
/// Days before its end at which a certificate is spoken of.
const CERTIFICATE_SOON: i64 = 30;
const CERTIFICATE_NOW: i64 = 7;
/// Days for which the use of an account for emergencies is shown.
const EMERGENCY_SHOWN: Micros = 7;
/// Days after which an account nobody ever used is spoken of. Invitations end after seven.
const INVITED_LONG_AGO: i64 = 14;
/// For so long a mail may wait without a word, when the mail server takes none at all.
const MAIL_LATE: Micros = 3_600_000_000;

pub(super) fn transport(found: &Found) -> Option<Verdict> {
    Some(if found.fixed.https {
        Verdict::ok("People reach the server through TLS.")
    } else {
        Verdict::warn(
            "People reach the server through plain HTTP, which is for trying it out on one machine.",
            "Set tls.certificate and tls.key, or put a proxy that speaks TLS in front and set public_url to https.",
        )
        .setting("public_url")
    })
}

pub(super) fn certificate(found: &Found) -> Option<Verdict> {
    let ends = found.certificate_ends?;
    let days = (ends - found.now).div_euclid(DAY);
    let mend = "Put the new certificate and its key in place: the server takes them up within a minute.";
    let verdict = if days < 0 {
        Verdict::bad("The certificate in use has ended: browsers refuse it.", mend)
    } else if days < CERTIFICATE_NOW {
        Verdict::bad("The certificate in use ends within a week.", mend)
    } else if days < CERTIFICATE_SOON {
        Verdict::warn("The certificate in use ends within a month.", mend)
    } else if found.certificate_fault.is_some() {
        Verdict::warn(
            "Certificate and key were changed and cannot be used as they lie there; those before stay in use.",
            mend,
        )
    } else {
        Verdict::ok("The certificate in use holds for a month and more.")
    };
    let verdict = match &found.certificate_fault {
        Some(fault) => verdict.fact("fault", Fact::Text(fault.to_string())),
        None => verdict,
    };
    Some(verdict.setting("tls.certificate").fact("ends", Fact::Number(ends)).fact("days", Fact::Number(days)))
}

fn rights(found: &Found) -> Option<&Rights> {
    match &found.said.as_ref()?.durability {
        Durability::Postgres(rights) => Some(rights),
        Durability::Sqlite(_) => None,
    }
}

pub(super) fn database_role(found: &Found) -> Option<Verdict> {
    let rights = rights(found)?;
    Some(if rights.superuser || rights.may_change {
        Verdict::bad(
            "The server's database role could change or delete records.",
            "Take the rights away from it again: `chancery migrate` gives the role exactly what it needs.",
        )
        .setting("database.url")
    } else {
        Verdict::ok("The server's database role cannot change or delete records.")
    })
}

pub(super) fn database_line(found: &Found) -> Option<Verdict> {
    let rights = rights(found)?;
    Some(if rights.local {
        Verdict::ok("The database is on this machine.")
    } else if rights.encrypted {
        Verdict::ok("The connection to the database is encrypted.")
    } else {
        Verdict::bad(
            "The connection to the database crosses the network in clear: names, addresses and times can be read.",
            "Let PostgreSQL speak TLS, and add sslmode=verify-full to the address.",
        )
        .setting("database.url")
    })
}

/// Whether a file lies in a folder or below it.
fn lies_in(file: &Path, folder: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real(file).starts_with(real(folder))
}

pub(super) fn master_key_place(found: &Found) -> Option<Verdict> {
    let fixed = &found.fixed;
    let verdict = if lies_in(&fixed.master_key, &fixed.data) {
        Verdict::warn(
            "The master key lies in the data folder: whoever copies the folder can read everything.",
            "Move the file elsewhere, name it as keys.master_key_file, and keep it out of backups of the data.",
        )
        .setting("keys.master_key_file")
    } else {
        Verdict::ok("The master key lies apart from the data.")
    };
    Some(verdict.fact("file", Fact::Text(one_line(&fixed.master_key))))
}

pub(super) fn master_key_rights(found: &Found) -> Option<Verdict> {
    Some(if found.master_key_open? {
        Verdict::bad(
            "Other accounts of this machine may open the master key.",
            "Take the rights of group and others away from the file: chmod 600.",
        )
    } else {
        Verdict::ok("Only the server's account may open the master key.")
    })
}

pub(super) fn key_store_place(found: &Found) -> Option<Verdict> {
    let apart = "Give the key store a database server of its own, or back it up apart from the data.";
    let (fixed, said) = (&found.fixed, found.said.as_ref());
    let verdict = match (&fixed.keys_file, &fixed.database_file) {
        (Some(keys), Some(_)) if lies_in(keys, &fixed.data) => Verdict::warn(
            "Key store and data lie in one folder: a copy of the folder holds both.",
            "Set keys.url, or back up keys.db apart from the data and for a shorter time.",
        ),
        (Some(_), None) => {
            Verdict::ok("The key store lies apart from the data. With a file there can be one node.")
        }
        (Some(_), Some(_)) => Verdict::ok("The key store lies apart from the data."),
        (None, _) => {
            let keys = found.keys_place.as_ref()?;
            match said?.place.as_ref() {
                Some(data) if data == keys => Verdict::bad(
                    "Keys and data are in the same database: every backup holds both.",
                    "Move the key store into a database of its own.",
                ),
                Some(data) if data.server == keys.server => Verdict::warn(
                    "Keys and data are on the same database server: a backup of the server holds both.",
                    apart,
                ),
                _ => Verdict::ok("The key store lies apart from the data."),
            }
        }
    };
    Some(verdict.setting("keys.url"))
}

/// Accounts that can be used and have this role.
fn active<'a>(found: &'a Found, roles: &'a [Role]) -> Option<impl Iterator<Item = &'a Standing>> {
    let standings = &found.said.as_ref()?.standings;
    Some(standings.iter().filter(move |standing| {
        standing.can_sign_in && !standing.suspended && roles.iter().any(|role| standing.roles.has(*role))
    }))
}

pub(super) fn administrators(found: &Found) -> Option<Verdict> {
    let count = active(found, &[Role::ItAdmin])?.count();
    let mend = "Give a second person the role of IT administrator.";
    let verdict = match count {
        0 => Verdict::bad(
            "Nobody can administer the server.",
            "Make an administrator at the command line: `chancery user invite`, or `chancery setup`.",
        ),
        1 => Verdict::warn("There is one administrator: when that person is away, nobody can act.", mend),
        _ => Verdict::ok("There are several administrators."),
    };
    Some(verdict.fact("count", number(count)))
}

pub(super) fn officers(found: &Found) -> Option<Verdict> {
    let count = active(found, &[Role::ComplianceOfficer, Role::ComplianceLead])?.count();
    let verdict = match count {
        0 => Verdict::warn(
            "There is no compliance officer: nobody can search the record.",
            "Give somebody the role of compliance officer or lead.",
        ),
        _ => Verdict::ok("There is a compliance officer."),
    };
    Some(verdict.fact("count", number(count)))
}

pub(super) fn invitations(found: &Found) -> Option<Verdict> {
    let old = found.now - INVITED_LONG_AGO * DAY;
    let standings = &found.said.as_ref()?.standings;
    let waiting: Vec<Micros> = standings
        .iter()
        .filter(|standing| !standing.can_sign_in && !standing.suspended && standing.created_at < old)
        .map(|standing| standing.created_at)
        .collect();
    let Some(oldest) = waiting.iter().min() else {
        return Some(Verdict::ok("No invitation has waited for long."));
    };
    let verdict = Verdict::warn(
        "Accounts were made more than two weeks ago and never used.",
        "Invite these people again, or suspend their accounts: Users, state Invited.",
    );
    Some(verdict.fact("count", number(waiting.len())).fact("oldest", Fact::Number(*oldest)))
}

pub(super) fn directories(found: &Found) -> Option<Verdict> {
    let runs = &found.said.as_ref()?.directories;
    let named = |states: &[SyncState]| {
        let names = runs.iter().filter(|(_, state)| states.contains(state)).map(|(name, _)| name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    let (waiting, failed) =
        (named(&[SyncState::Waiting]), named(&[SyncState::Failed, SyncState::Interrupted]));
    if runs.is_empty() {
        return None;
    }
    Some(if !waiting.is_empty() {
        Verdict::warn(
            "A directory waits: more people would be suspended, or taken out of groups, than may be without asking.",
            "Look at the last run under Directory and SSO, and let it go on or mend the directory.",
        )
        .fact("names", Fact::Text(waiting))
    } else if !failed.is_empty() {
        Verdict::warn(
            "A directory could not be read to its end: nobody who left is suspended meanwhile.",
            "The last run under Directory and SSO says why.",
        )
        .fact("names", Fact::Text(failed))
    } else {
        Verdict::ok("Directories that are read in the background could be read.")
    })
}

pub(super) fn emergency(found: &Found) -> Option<Verdict> {
    let used = found.said.as_ref()?.emergency_used;
    Some(match used.filter(|used| found.now - used < EMERGENCY_SHOWN * DAY) {
        Some(at) => Verdict::warn(
            "An account for emergencies was used in the last seven days.",
            "Find out who it was and why: the audit log says from where. Then change its password.",
        )
        .fact("used_at", Fact::Number(at)),
        None => Verdict::ok("No account for emergencies was used in the last seven days."),
    })
}

pub(super) fn guests(found: &Found) -> Option<Verdict> {
    let Guests { alone, ending } = found.said.as_ref()?.guests;
    Some(if alone > 0 {
        Verdict::warn(
            "There are guests nobody answers for, or without an end.",
            "Name a colleague and an end for each, or suspend them: Users, role Guest.",
        )
        .fact("count", number(alone))
    } else if ending > 0 {
        Verdict::warn(
            "The time of guests is over within a week.",
            "Ask those who answer for them whether they are needed for longer: Users, role Guest.",
        )
        .fact("count", number(ending))
    } else {
        Verdict::ok("Somebody answers for every guest, and each has an end.")
    })
}

pub(super) fn mail(found: &Found) -> Option<Verdict> {
    let passage = found.mail?;
    let late = found.said.as_ref()?.mails;
    let long = late.oldest.is_some_and(|oldest| found.now - oldest > MAIL_LATE);
    let verdict = match passage {
        Passage::Account => Verdict::bad(
            "No mail leaves: the mail server does not accept our account.",
            "Mend the account under Mail, Server; the test there says what is wrong. Mails that wait leave then.",
        ),
        Passage::Settings => Verdict::bad(
            "No mail leaves: mail server and settings do not fit each other.",
            "Mend them under Mail, Server; the test there says what is wrong. Mails that wait leave then.",
        ),
        Passage::Away if late.waiting > 0 => Verdict::warn(
            "Mails wait: the mail server is not reached.",
            "See whether it runs and can be reached from here: Mail, Server has a test. Mails that wait leave then.",
        ),
        _ if long && !late.taken_since => Verdict::warn(
            "Mails wait: the mail server has taken none for an hour.",
            "See in the outbox what it says: Mail, Outbox.",
        ),
        Passage::Away | Passage::Free => Verdict::ok("No mail waits that should have left."),
    };
    let verdict = verdict.fact("waiting", number(late.waiting));
    Some(match late.oldest {
        Some(oldest) => verdict.fact("oldest", Fact::Number(oldest)),
        None => verdict,
    })
}

pub(super) fn demo(found: &Found) -> Option<Verdict> {
    found.fixed.demo.then(|| {
        Verdict::warn(
            "The server is marked as a demo with invented people.",
            "Do not keep real messages in it.",
        )
        .setting("demo")
    })
}

pub(super) fn log_level(found: &Found) -> Option<Verdict> {
    let level = found.fixed.log_level;
    let verdict = if level > Level::INFO {
        Verdict::warn(
            "The log says more than daily work needs: it grows fast and shows who did what.",
            "Set log.level to info.",
        )
        .setting("log.level")
    } else {
        Verdict::ok("The log says what daily work needs.")
    };
    Some(verdict.fact("level", Fact::Text(level.as_str().to_lowercase())))
}

pub(super) fn metrics(found: &Found) -> Option<Verdict> {
    let listen = found.fixed.metrics?;
    let verdict = if listen.ip().is_loopback() {
        Verdict::ok("Figures can be read on this machine only.")
    } else {
        Verdict::warn(
            "Figures can be read by every machine that reaches this address, without TLS and without signing in.",
            "Listen on 127.0.0.1, or make sure that only the monitoring reaches the address.",
        )
        .setting("metrics.listen")
    };
    Some(verdict.fact("listen", Fact::Text(listen.to_string())))
}
