//! Who accepted which version: for officers, leads and administrators, page by page or as a file.

use std::collections::HashMap;
use std::sync::Arc;

use chancery_protocol::Micros;
use chancery_protocol::acceptance::{
    Acceptance as Line, AcceptanceQuery, AcceptanceState, Acceptances, MAX_ACCEPTANCES, PolicyTextVersion,
    PolicyTexts,
};
use chancery_protocol::ids::PersonId;
use chancery_protocol::policy::{ItemKind, TEXT_NAME};

use super::super::items::Content;
use super::super::store as items;
use super::{Acceptance, fingerprint, lapsed, store};
use crate::access::{Act, decide};
use crate::directory::Entry;
use crate::ground::clock::iso;
use crate::ground::csv;
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};

impl Acceptance {
    /// Every version of the text, newest first.
    ///
    /// # Errors
    /// When database or key store cannot be read, or something is damaged.
    pub(super) fn texts(&self, conn: &mut Conn) -> Result<PolicyTexts, Error> {
        let known = |person: Option<PersonId>| Some(self.directory.get(person?)?.person.clone());
        let mut versions = Vec::new();
        for version in items::versions(conn, self.journal.vault(), ItemKind::Text, TEXT_NAME)? {
            let Content::Text(text) = version.content else { continue };
            versions.push(PolicyTextVersion {
                version: version.version,
                in_force: version.in_force,
                at: version.at,
                fingerprint: fingerprint(&text)?,
                text,
                asked_by: known(version.asked_by),
                agreed_by: known(version.agreed_by),
            });
        }
        Ok(PolicyTexts { versions })
    }

    /// A page of those who accepted a version, or of those who did not.
    ///
    /// # Errors
    /// `not_found` when there is no such version; when the database cannot be read.
    pub(super) fn page(&self, conn: &mut Conn, query: &AcceptanceQuery) -> Result<Acceptances, Error> {
        let (version, lines) = self.lines(conn, query.version)?;
        let (accepted, missing): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|(state, _)| *state == AcceptanceState::Accepted);
        let count = |some: &[_]| u32::try_from(some.len()).unwrap_or(u32::MAX);
        let (accepted_count, missing_count) = (count(&accepted), count(&missing));
        let wanted = match query.state {
            AcceptanceState::Accepted => accepted,
            AcceptanceState::Missing => missing,
        };
        let mut people = wanted.into_iter().map(|(_, line)| line);
        if let Some(after) = query.after {
            // Who is no longer among them begins anew: better twice than left out.
            let rest: Vec<Line> = people.by_ref().collect();
            let next = rest.iter().position(|line| line.person.id == after).map_or(0, |at| at + 1);
            return Ok(Self::cut(version, accepted_count, missing_count, rest.into_iter().skip(next)));
        }
        Ok(Self::cut(version, accepted_count, missing_count, people))
    }

    fn cut(version: u32, accepted: u32, missing: u32, people: impl Iterator<Item = Line>) -> Acceptances {
        let mut people: Vec<Line> = people.take(MAX_ACCEPTANCES + 1).collect();
        let more = people.len() > MAX_ACCEPTANCES;
        people.truncate(MAX_ACCEPTANCES);
        Acceptances { version, accepted, missing, people, more }
    }

    /// All of them as a file for a spreadsheet.
    ///
    /// # Errors
    /// As [`Acceptance::page`].
    pub(super) fn file(&self, conn: &mut Conn, version: Option<u32>) -> Result<Vec<u8>, Error> {
        let (version, lines) = self.lines(conn, version)?;
        let head = ["version", "username", "name", "suspended", "state", "accepted_at"].map(str::to_owned);
        let rows = lines.into_iter().map(|(state, line)| {
            let state = match state {
                AcceptanceState::Accepted => "accepted",
                AcceptanceState::Missing => "missing",
            };
            [
                version.to_string(),
                line.person.username,
                line.person.name,
                line.person.suspended.to_string(),
                state.to_owned(),
                line.at.map(iso).unwrap_or_default(),
            ]
            .map(csv::harmless)
        });
        csv::lines(std::iter::once(head).chain(rows))
    }

    /// Everybody who accepted a version, or the newest that came into force, in order of their names; and everybody who chats and has
    /// not, as long as it is in force. Who is suspended need not accept.
    fn lines(
        &self,
        conn: &mut Conn,
        wanted: Option<u32>,
    ) -> Result<(u32, Vec<(AcceptanceState, Line)>), Error> {
        let versions = items::versions(conn, self.journal.vault(), ItemKind::Text, TEXT_NAME)?;
        let found = match wanted {
            Some(wanted) => Some(versions.iter().find(|v| v.version == wanted).ok_or(Code::NotFound)?),
            None => versions.iter().find(|version| version.in_force),
        };
        let Some(found) = found else { return Ok((0, Vec::new())) };
        let counts = found.in_force && versions.first().is_some_and(|newest| newest.version == found.version);
        let accepted: HashMap<PersonId, Micros> =
            store::of_version(conn, found.version)?.into_iter().collect();
        let now = self.journal.clock().now();
        let lapsed = |at: Micros| match &found.content {
            Content::Text(text) => lapsed(text, at, now),
            _ => false,
        };
        let line = |entry: Arc<Entry>| {
            let at = accepted.get(&entry.person.id).copied();
            // What is not in force is nothing anybody could accept, or accept again.
            let wanted = counts
                && !entry.person.bot
                && !entry.person.suspended
                && decide(entry.roles, Act::OpenSocket);
            let state = match at {
                Some(at) if !(wanted && lapsed(at)) => AcceptanceState::Accepted,
                _ if wanted => AcceptanceState::Missing,
                _ => return None,
            };
            Some((state, Line { person: entry.person.clone(), at }))
        };
        Ok((found.version, self.directory.all().into_iter().filter_map(line).collect()))
    }
}
