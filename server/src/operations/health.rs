//! What is not protected, late or off. Every rule looks at what was [`Found`] and at nothing else; one that does not
//! apply to this server says nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chancery_protocol::Micros;
use chancery_protocol::operations::{Check, CheckCode, Fact, Facts, State};

use super::found::Found;
use super::{machine_rules, setup_rules};

/// What a rule comes to.
pub(super) struct Verdict {
    pub state: State,
    pub says: String,
    pub mend: Option<&'static str>,
    pub setting: Option<&'static str>,
    pub facts: Facts,
}

impl Verdict {
    /// In order.
    pub fn ok(says: impl Into<String>) -> Self {
        Self { state: State::Ok, says: says.into(), mend: None, setting: None, facts: Facts::new() }
    }

    /// Something should be done: what.
    pub fn warn(says: impl Into<String>, mend: &'static str) -> Self {
        Self { state: State::Warn, mend: Some(mend), ..Self::ok(says) }
    }

    /// Something must be done now: what.
    pub fn bad(says: impl Into<String>, mend: &'static str) -> Self {
        Self { state: State::Bad, mend: Some(mend), ..Self::ok(says) }
    }

    /// The setting that mends it.
    pub fn setting(mut self, setting: &'static str) -> Self {
        if self.state != State::Ok {
            self.setting = Some(setting);
        }
        self
    }

    /// What was found.
    pub fn fact(mut self, name: &str, fact: Fact) -> Self {
        self.facts.insert(name.to_owned(), fact);
        self
    }
}

/// A fact that is a count.
pub(super) fn number(value: impl TryInto<i64>) -> Fact {
    Fact::Number(value.try_into().unwrap_or(i64::MAX))
}

fn rule(code: CheckCode) -> fn(&Found) -> Option<Verdict> {
    match code {
        CheckCode::Database => machine_rules::database,
        CheckCode::Keys => machine_rules::keys,
        CheckCode::Writer => machine_rules::writer,
        CheckCode::Delivery => machine_rules::delivery,
        CheckCode::Search => machine_rules::search,
        CheckCode::Disk => machine_rules::disk,
        CheckCode::OpenFiles => machine_rules::open_files,
        CheckCode::Clock => machine_rules::clock,
        CheckCode::Durability => machine_rules::durability,
        CheckCode::Transport => setup_rules::transport,
        CheckCode::Certificate => setup_rules::certificate,
        CheckCode::DatabaseRole => setup_rules::database_role,
        CheckCode::DatabaseLine => setup_rules::database_line,
        CheckCode::MasterKeyPlace => setup_rules::master_key_place,
        CheckCode::MasterKeyRights => setup_rules::master_key_rights,
        CheckCode::KeyStorePlace => setup_rules::key_store_place,
        CheckCode::Administrators => setup_rules::administrators,
        CheckCode::Officers => setup_rules::officers,
        CheckCode::Invitations => setup_rules::invitations,
        CheckCode::Directories => setup_rules::directories,
        CheckCode::Emergency => setup_rules::emergency,
        CheckCode::Guests => setup_rules::guests,
        CheckCode::Mail => setup_rules::mail,
        CheckCode::Demo => setup_rules::demo,
        CheckCode::LogLevel => setup_rules::log_level,
        CheckCode::Metrics => setup_rules::metrics,
    }
}

/// Remembers since when each check has been as it is.
#[derive(Default)]
pub(super) struct Since(Mutex<BTreeMap<CheckCode, (State, Micros)>>);

impl Since {
    /// Asks every rule; worst first. A check that changed is a line of the log.
    pub fn check(&self, found: &Found) -> Vec<Check> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut checks: Vec<Check> = CheckCode::ALL
            .into_iter()
            .filter_map(|code| {
                let verdict = rule(code)(found)?;
                let before = known.get(&code).copied();
                let since = match before {
                    Some((state, since)) if state == verdict.state => since,
                    _ => found.now,
                };
                match before {
                    Some((state, _)) if state == verdict.state => {}
                    Some(_) if verdict.state == State::Ok => {
                        tracing::info!(check = ?code, "{}", verdict.says)
                    }
                    Some(_) => tracing::warn!(check = ?code, state = ?verdict.state, "{}", verdict.says),
                    // How it was at the start is shown to whoever asks.
                    None => {}
                }
                known.insert(code, (verdict.state, since));
                Some(Check {
                    code,
                    state: verdict.state,
                    since,
                    facts: verdict.facts,
                    says: verdict.says,
                    mend: verdict.mend.map(str::to_owned),
                    setting: verdict.setting.map(str::to_owned),
                })
            })
            .collect();
        checks.sort_by_key(|check| (check.state, check.code));
        checks
    }
}
