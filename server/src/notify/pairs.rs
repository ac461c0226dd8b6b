//! Queries over `followers`, `mail_pairs` and `mail_decisions`.

use std::collections::HashMap;

use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, MailId, PersonId};
use chancery_protocol::mail::{KEPT_DAYS, Wait};
use diesel::prelude::*;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error::DatabaseError;

use crate::conversations::Seen;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::{followers, mail_decisions, mail_pairs, preferences};
use crate::ground::error::{Code, Error};
use crate::outbox::{OF_USE, first_id};

/// The name of the cursor.
const CURSOR: &str = "mail";
/// Rows of one statement: SQLite takes 32,766 values.
const CHUNK: usize = 500;
/// How long decisions are kept.
const KEPT: Micros = KEPT_DAYS as Micros * 86_400_000_000;

/// A person and a conversation in which they had something unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub person: PersonId,
    pub conversation: ConversationId,
    /// When to look; nothing is to be looked at when absent.
    pub due_at: Option<Micros>,
    /// What it waits for until then.
    pub wait: Wait,
    /// The newest message that mentions the person; 0 when there is none.
    pub mentioned: u64,
    /// The newest urgent one.
    pub urgent: u64,
    /// No sooner than this for what is neither.
    pub next_at: Micros,
    /// When there was a mail about it last.
    pub mailed_at: Option<Micros>,
    /// How it was decided last, when no mail came of it.
    pub why: Option<Reason>,
    /// The newest message of which a mail spoke: none goes for it and those before it again. Kept by [`tell`].
    pub told: u64,
}

impl Pair {
    /// One of whom nothing is known yet, to be looked at now.
    pub fn new(person: PersonId, conversation: ConversationId, now: Micros) -> Self {
        Self {
            person,
            conversation,
            due_at: Some(now),
            wait: Wait::Unread,
            mentioned: 0,
            urgent: 0,
            next_at: now,
            mailed_at: None,
            why: None,
            told: 0,
        }
    }
}

/// How it was decided. The numbers are in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reason {
    Read = 1,
    Muted = 2,
    NotMentioned = 3,
    Off = 4,
    Left = 5,
    Deleted = 6,
    Suspended = 7,
    NoAddress = 8,
    Mail = 9,
}

const REASONS: [Reason; 9] = [
    Reason::Read,
    Reason::Muted,
    Reason::NotMentioned,
    Reason::Off,
    Reason::Left,
    Reason::Deleted,
    Reason::Suspended,
    Reason::NoAddress,
    Reason::Mail,
];

impl Reason {
    fn of(number: i32) -> Option<Self> {
        REASONS.into_iter().find(|reason| *reason as i32 == number)
    }
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decided {
    pub id: MailId,
    pub person: PersonId,
    /// None for a daily mail.
    pub conversation: Option<ConversationId>,
    pub at: Micros,
    pub reason: Reason,
    /// When and where it was read, for [`Reason::Read`].
    pub seen: Option<Seen>,
    /// The mail, for [`Reason::Mail`].
    pub mail: Option<MailId>,
}

const fn number_of(wait: Wait) -> i32 {
    match wait {
        Wait::Unread => 1,
        Wait::Window => 2,
        Wait::Quiet => 3,
        Wait::Daily => 4,
    }
}

const fn wait_of(number: i32) -> Wait {
    match number {
        2 => Wait::Window,
        3 => Wait::Quiet,
        4 => Wait::Daily,
        _ => Wait::Unread,
    }
}

type PairCols = (Raw, Raw, Option<i64>, i32, i64, i64, i64, Option<i64>, i32, i64);

fn pair(cols: PairCols) -> Pair {
    Pair {
        person: cols.0.id(),
        conversation: cols.1.id(),
        due_at: cols.2,
        wait: wait_of(cols.3),
        mentioned: count(cols.4),
        urgent: count(cols.5),
        next_at: cols.6,
        mailed_at: cols.7,
        why: Reason::of(cols.8),
        told: count(cols.9),
    }
}

/// Up to where the journal was looked at.
pub(super) fn cursor(conn: &mut Conn) -> Result<u64, Error> {
    let position: i64 =
        followers::table.filter(followers::name.eq(CURSOR)).select(followers::position).first(conn)?;
    Ok(count(position))
}

/// Moves the cursor on; false when another node did.
pub(super) fn move_cursor(conn: &mut Conn, old: u64, new: u64) -> Result<bool, Error> {
    let here = followers::table.filter(followers::name.eq(CURSOR)).filter(followers::position.eq(big(old)));
    Ok(diesel::update(here).set(followers::position.eq(big(new))).execute(conn)? == 1)
}

/// What is known of the members of these conversations.
pub(super) fn pairs_in(
    conn: &mut Conn,
    conversations: &[ConversationId],
) -> Result<HashMap<(ConversationId, PersonId), Pair>, Error> {
    let mut found = HashMap::new();
    for chunk in conversations.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<PairCols> = mail_pairs::table
            .filter(mail_pairs::conversation.eq_any(ids))
            .select(mail_pairs::all_columns)
            .load(conn)?;
        found.extend(rows.into_iter().map(pair).map(|pair| ((pair.conversation, pair.person), pair)));
    }
    Ok(found)
}

/// What is known of a person's conversations.
pub(super) fn pairs_of(conn: &mut Conn, person: PersonId) -> Result<HashMap<ConversationId, Pair>, Error> {
    let rows: Vec<PairCols> = mail_pairs::table
        .filter(mail_pairs::person.eq(raw(person)))
        .select(mail_pairs::all_columns)
        .load(conn)?;
    Ok(rows.into_iter().map(pair).map(|pair| (pair.conversation, pair)).collect())
}

/// Everything there is to look at now of at most so many people, in the order of people.
pub(super) fn due(conn: &mut Conn, now: Micros, people: i64) -> Result<Vec<Pair>, Error> {
    let who: Vec<Raw> = mail_pairs::table
        .filter(mail_pairs::due_at.le(now))
        .select(mail_pairs::person)
        .distinct()
        .order(mail_pairs::person)
        .limit(people)
        .load(conn)?;
    let rows: Vec<PairCols> = mail_pairs::table
        .filter(mail_pairs::person.eq_any(who))
        .filter(mail_pairs::due_at.le(now))
        .order((mail_pairs::person, mail_pairs::conversation))
        .select(mail_pairs::all_columns)
        .load(conn)?;
    Ok(rows.into_iter().map(pair).collect())
}

/// New pairs; `outdated` when another node was quicker.
pub(super) fn insert(conn: &mut Conn, new: &[Pair]) -> Result<(), Error> {
    for chunk in new.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|pair| {
                (
                    mail_pairs::person.eq(raw(pair.person)),
                    mail_pairs::conversation.eq(raw(pair.conversation)),
                    mail_pairs::due_at.eq(pair.due_at),
                    mail_pairs::wait.eq(number_of(pair.wait)),
                    mail_pairs::mentioned.eq(big(pair.mentioned)),
                    mail_pairs::urgent.eq(big(pair.urgent)),
                    mail_pairs::next_at.eq(pair.next_at),
                    mail_pairs::mailed_at.eq(pair.mailed_at),
                    mail_pairs::why.eq(pair.why.map_or(0, |why| why as i32)),
                    mail_pairs::told.eq(big(pair.told)),
                )
            })
            .collect();
        let inserted = match conn {
            Conn::Sqlite(conn) => diesel::insert_into(mail_pairs::table).values(&rows).execute(conn),
            Conn::Postgres(conn) => diesel::insert_into(mail_pairs::table).values(&rows).execute(conn),
        };
        match inserted {
            Err(DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => return Err(Code::Outdated.into()),
            other => other?,
        };
    }
    Ok(())
}

/// Puts `new` in the place of `old`; false when that is not how it stands any more.
pub(super) fn change(conn: &mut Conn, old: &Pair, new: &Pair) -> Result<bool, Error> {
    let here = mail_pairs::table
        .filter(mail_pairs::person.eq(raw(old.person)))
        .filter(mail_pairs::conversation.eq(raw(old.conversation)))
        .filter(mail_pairs::mentioned.eq(big(old.mentioned)))
        .filter(mail_pairs::urgent.eq(big(old.urgent)));
    let values = (
        mail_pairs::due_at.eq(new.due_at),
        mail_pairs::wait.eq(number_of(new.wait)),
        mail_pairs::mentioned.eq(big(new.mentioned)),
        mail_pairs::urgent.eq(big(new.urgent)),
        mail_pairs::next_at.eq(new.next_at),
        mail_pairs::mailed_at.eq(new.mailed_at),
        mail_pairs::why.eq(new.why.map_or(0, |why| why as i32)),
    );
    let changed = match old.due_at {
        Some(due) => diesel::update(here.filter(mail_pairs::due_at.eq(due))).set(values).execute(conn)?,
        None => diesel::update(here.filter(mail_pairs::due_at.is_null())).set(values).execute(conn)?,
    };
    Ok(changed == 1)
}

/// A pair about which no mail left after all is looked at again then.
pub(super) fn look_again(
    conn: &mut Conn,
    person: PersonId,
    conversation: ConversationId,
    at: Micros,
    wait: Wait,
) -> Result<(), Error> {
    let here = mail_pairs::table
        .filter(mail_pairs::person.eq(raw(person)))
        .filter(mail_pairs::conversation.eq(raw(conversation)));
    diesel::update(here)
        .set((
            mail_pairs::due_at.eq(at),
            mail_pairs::wait.eq(number_of(wait)),
            mail_pairs::mailed_at.eq(None::<i64>),
            mail_pairs::told.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// A mail to somebody speaks of these conversations up to these messages.
pub(super) fn tell(conn: &mut Conn, person: PersonId, newest: &[(ConversationId, u64)]) -> Result<(), Error> {
    for (conversation, ordinal) in newest {
        let here = mail_pairs::table
            .filter(mail_pairs::person.eq(raw(person)))
            .filter(mail_pairs::conversation.eq(raw(*conversation)))
            .filter(mail_pairs::told.lt(big(*ordinal)));
        diesel::update(here).set(mail_pairs::told.eq(big(*ordinal))).execute(conn)?;
    }
    Ok(())
}

/// No mail came of what was decided: the next one does not wait because of it.
pub(super) fn no_mail_came(
    conn: &mut Conn,
    person: PersonId,
    conversation: ConversationId,
) -> Result<(), Error> {
    let here = mail_pairs::table
        .filter(mail_pairs::person.eq(raw(person)))
        .filter(mail_pairs::conversation.eq(raw(conversation)));
    diesel::update(here)
        .set((mail_pairs::mailed_at.eq(None::<i64>), mail_pairs::next_at.eq(0)))
        .execute(conn)?;
    Ok(())
}

/// Whether anybody changed what they want since then.
pub(super) fn anybody_changed(conn: &mut Conn, since: Micros) -> Result<bool, Error> {
    let changed = preferences::table.filter(preferences::changed_at.ge(since));
    Ok(diesel::select(diesel::dsl::exists(changed)).get_result(conn)?)
}

/// Whoever changed what they want since then is looked at again at once. How many pairs that are.
pub(super) fn look_again_at_changed(conn: &mut Conn, since: Micros, now: Micros) -> Result<usize, Error> {
    let who: Vec<Raw> = preferences::table
        .filter(preferences::changed_at.ge(since))
        .select(preferences::person)
        .load(conn)?;
    let mut changed = 0;
    for chunk in who.chunks(CHUNK) {
        let waiting = mail_pairs::table
            .filter(mail_pairs::person.eq_any(chunk.to_vec()))
            .filter(mail_pairs::due_at.gt(now));
        changed += diesel::update(waiting)
            .set((mail_pairs::due_at.eq(now), mail_pairs::wait.eq(number_of(Wait::Unread))))
            .execute(conn)?;
    }
    Ok(changed)
}

/// Everything that waits is looked at again at once: what the house wants is another.
pub(super) fn look_again_at_all(conn: &mut Conn, now: Micros) -> Result<usize, Error> {
    let waiting = mail_pairs::table.filter(mail_pairs::due_at.gt(now));
    Ok(diesel::update(waiting)
        .set((mail_pairs::due_at.eq(now), mail_pairs::wait.eq(number_of(Wait::Unread))))
        .execute(conn)?)
}

/// Keeps decisions.
pub(super) fn keep(conn: &mut Conn, decided: &[Decided]) -> Result<(), Error> {
    for chunk in decided.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|one| {
                (
                    mail_decisions::id.eq(raw(one.id)),
                    mail_decisions::person.eq(raw(one.person)),
                    mail_decisions::conversation.eq(one.conversation.map(raw)),
                    mail_decisions::at.eq(one.at),
                    mail_decisions::why.eq(one.reason as i32),
                    mail_decisions::read_at.eq(one.seen.map(|seen| seen.at)),
                    mail_decisions::read_by.eq(one.seen.and_then(|seen| seen.by).map(raw)),
                    mail_decisions::mail.eq(one.mail.map(raw)),
                )
            })
            .collect();
        match conn {
            Conn::Sqlite(conn) => diesel::insert_into(mail_decisions::table).values(&rows).execute(conn)?,
            Conn::Postgres(conn) => diesel::insert_into(mail_decisions::table).values(&rows).execute(conn)?,
        };
    }
    Ok(())
}

type DecidedCols = (Raw, Raw, Option<Raw>, i64, i32, Option<i64>, Option<Raw>, Option<Raw>);

fn decided(cols: DecidedCols) -> Option<Decided> {
    Some(Decided {
        id: cols.0.id(),
        person: cols.1.id(),
        conversation: cols.2.map(Raw::id),
        at: cols.3,
        reason: Reason::of(cols.4)?,
        seen: cols.5.map(|at| Seen { at, by: cols.6.map(Raw::id) }),
        mail: cols.7.map(Raw::id),
    })
}

/// What was decided about a person before `before`, newest first.
pub(super) fn decisions(
    conn: &mut Conn,
    person: PersonId,
    conversation: Option<ConversationId>,
    before: Option<MailId>,
    limit: i64,
) -> Result<Vec<Decided>, Error> {
    let mut query = mail_decisions::table
        .filter(mail_decisions::person.eq(raw(person)))
        .select(mail_decisions::all_columns)
        .order(mail_decisions::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(conversation) = conversation {
        query = query.filter(mail_decisions::conversation.eq(raw(conversation)));
    }
    if let Some(before) = before {
        query = query.filter(mail_decisions::id.lt(raw(before)));
    }
    Ok(query.load::<DecidedCols>(conn)?.into_iter().filter_map(decided).collect())
}

/// The newest decision about a conversation, or about a daily mail, since then.
pub(super) fn last_since(
    conn: &mut Conn,
    person: PersonId,
    conversation: ConversationId,
    since: Micros,
) -> Result<Option<Decided>, Error> {
    let found: Option<DecidedCols> = mail_decisions::table
        .filter(mail_decisions::person.eq(raw(person)))
        .filter(mail_decisions::conversation.eq(raw(conversation)).or(mail_decisions::conversation.is_null()))
        .filter(mail_decisions::at.ge(since))
        .order(mail_decisions::id.desc())
        .select(mail_decisions::all_columns)
        .first(conn)
        .optional()?;
    Ok(found.and_then(decided))
}

/// Forgets old decisions, and pairs of which nothing need be known any more: a mail that still waits asks why it was to go.
pub(super) fn sweep(conn: &mut Conn, now: Micros) -> Result<(), Error> {
    // By their ids, which are ordered by time and have an index.
    let old = mail_decisions::id.lt(raw(first_id(now - KEPT)));
    diesel::delete(mail_decisions::table.filter(old)).execute(conn)?;
    let idle =
        mail_pairs::table.filter(mail_pairs::due_at.is_null()).filter(mail_pairs::next_at.lt(now - OF_USE));
    diesel::delete(idle).execute(conn)?;
    Ok(())
}
