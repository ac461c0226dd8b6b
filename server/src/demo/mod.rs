//! An invented company and ninety days of what it said, for looking around. Everything goes through the same pipeline as
//! real messages; only the clock is set by hand, so that there is a past. Never touches a folder in use.
//!
//! `company` says who works where, `phrases/` what people say, `exchanges` reads it, `plan` spreads it over ninety days
//! from a fixed seed, `script` is the last day, written by hand, `rules` has rules written and agreed to.

mod company;
mod exchanges;
mod plan;
mod rules;
mod script;

use std::collections::HashMap;
use std::sync::Arc;

use chancery_protocol::Micros;
use chancery_protocol::command::{Delete, Edit, React, Send, SetMemberRole};
use chancery_protocol::conversation::MemberRole;
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use futures_util::future::join_all;

use crate::access::Access;
use crate::access::commands::create_with_password;
use crate::app::Parts;
use crate::cli::say;
use crate::conversations::{self, Marks, NewGroup, Rooms, Seen};
use crate::directory::set_status;
use crate::ground::clock::Clock;
use crate::ground::config::Config;
use crate::ground::db::blocking;
use crate::ground::error::Error;
use crate::journal::{Beside, Unit};
use crate::messaging::Messaging;
use crate::run::{filling, role_names};
use company::{CIRCLES, DEPARTMENTS, NEWS, STATUSES, people, themes_of};
use exchanges::Theme;
use plan::{Act, DAYS, Place, plan};
use script::{CONVERSATIONS, Invented, Line, PASSWORD, SIGN_INS, Talk};

const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;
const DIRECT: &[Theme] =
    &[Theme::Direct, Theme::Direct, Theme::Direct, Theme::Direct, Theme::Office, Theme::Risky];

/// Fills an empty folder and prints three sign-ins, one line each: user name, password, roles.
///
/// # Errors
/// When the configuration is not a demo's, or the folder holds an archive already.
pub fn seed(config: &Config) -> Result<(), Error> {
    if !config.demo {
        return Err(Error::setup(
            "this is not configured as a demo",
            "set `demo = true` and `data` to a folder of its own",
        ));
    }
    let now = Clock::System.now();
    let midnight = now - now.rem_euclid(DAY);
    // The last two days are written by hand.
    let end = midnight - DAY;
    let clock = Clock::at(end - (DAYS + 1) * DAY);
    filling(config, clock.clone(), |parts| {
        if parts.directory.by_username(SIGN_INS[0]).is_some() {
            return Err(Error::setup(
                "the data folder holds an archive already",
                "set `data` to an empty folder; nothing was changed",
            ));
        }
        let settings = crate::serve::settings(config);
        let access =
            Access::new(parts.journal.clone(), Arc::clone(&parts.directory), parts.gate(), settings)?;
        let mut ids = HashMap::new();
        for Invented { username, name, roles } in people() {
            ids.insert(*username, create_with_password(&access, username, name, roles, PASSWORD)?);
        }
        let rules = rules::Rules::new(parts, access);
        let filling = Filling { parts, clock: &clock, people: ids, marks: Marks::default(), rules };
        actix_web::rt::System::new().block_on(filling.fill(end, midnight, now))
    })?;
    for username in SIGN_INS {
        let person = people().find(|person| person.username == *username);
        let roles = person.map(|person| role_names(person.roles)).unwrap_or_default();
        say(format!("{username} {PASSWORD} {roles}")).map_err(Error::internal)?;
    }
    Ok(())
}

struct Filling<'a> {
    parts: &'a Parts,
    clock: &'a Clock,
    people: HashMap<&'static str, PersonId>,
    marks: Marks,
    rules: rules::Rules,
}

/// A conversation that was made, and what is said in it.
struct Made {
    id: ConversationId,
    place: Place,
}

impl Filling<'_> {
    async fn fill(&self, end: Micros, midnight: Micros, now: Micros) -> Result<(), Error> {
        let usernames: Vec<&str> = people().map(|person| person.username).collect();
        let names: Vec<&str> = people().map(|person| person.name).collect();
        let number = |username: &str| usernames.iter().position(|known| *known == username).unwrap_or(0);
        let mut made = Vec::new();
        for talk in CONVERSATIONS {
            let members = talk.members.iter().map(|name| number(name)).collect();
            let weight = if talk.name.is_some() { 6 } else { 2 };
            let place = Place { themes: themes_of(talk.name), members, weight };
            made.push(Made { id: self.begin(talk).await?, place });
        }
        self.begin_company(&usernames, &mut made).await?;
        let (ids, places): (Vec<_>, Vec<_>) = made.into_iter().map(|made| (made.id, made.place)).unzip();
        let mut newest = self.play(plan(&places, &names, end), &ids, &usernames).await?;
        for (username, text) in STATUSES {
            let person = self.person(username)?;
            set_status(&self.parts.journal, person, self.client_id()?, text, Beside::default()).await?;
        }
        let (officer, lead) = (self.person(rules::OFFICER)?, self.person(rules::LEAD)?);
        let (rules, clock) = (self.rules.clone(), self.clock.clone());
        blocking(move || rules.bring_in(officer, lead, &clock)).await?;
        self.last_day(&ids, midnight, now, &mut newest).await?;
        self.read(&ids, &places, &usernames, &newest)?;
        self.marks.flush(self.parts.journal.db()).await
    }

    /// Departments, circles, the announcement, and talks of two.
    async fn begin_company(&self, usernames: &[&'static str], made: &mut Vec<Made>) -> Result<(), Error> {
        let mut number = 0;
        let mut pairs = Vec::new();
        for department in DEPARTMENTS {
            let members: Vec<usize> = (number..number + department.people.len()).collect();
            number += members.len();
            // Everybody talks to the next colleague, some to one a few desks on.
            pairs.extend(members.windows(2).map(|pair| (pair[0], pair[1])));
            pairs.extend(members.iter().map(|who| (*who, (who * 7 + 11) % usernames.len())));
            let id =
                self.group(department.name, department.topic, (false, false), &members, usernames).await?;
            let weight = 4 + department.people.len() as u32;
            made.push(Made { id, place: Place { themes: department.themes, members, weight } });
        }
        for (at, circle) in CIRCLES.iter().enumerate() {
            let members: Vec<usize> = (at..usernames.len()).step_by(circle.every).collect();
            let id = self.group(circle.name, circle.topic, (false, circle.open), &members, usernames).await?;
            made.push(Made { id, place: Place { themes: circle.themes, members, weight: 8 } });
        }
        let (name, posters) = NEWS;
        let mut everybody: Vec<usize> = (0..usernames.len()).collect();
        let maker = usernames.iter().position(|username| *username == posters[0]).unwrap_or(0);
        everybody.retain(|who| *who != maker);
        everybody.insert(0, maker);
        let id = self.group(name, None, (true, true), &everybody, usernames).await?;
        let owner = self.person(posters[0])?;
        for poster in &posters[1..] {
            let (client_id, person) = (self.client_id()?, self.person(poster)?);
            let role = MemberRole::Poster;
            let set = SetMemberRole { client_id, conversation: id, person, role };
            self.rooms().set_role(owner, set).await?;
        }
        let members =
            posters.iter().filter_map(|name| usernames.iter().position(|known| known == name)).collect();
        made.push(Made { id, place: Place { themes: &[Theme::News], members, weight: 1 } });
        for (one, other) in pairs {
            let (journal, directory) = (&self.parts.journal, &self.parts.directory);
            let (maker, with) = (self.person(usernames[one])?, self.person(usernames[other])?);
            let id = conversations::open_direct(journal, directory, self.client_id()?, maker, with).await?;
            if made.iter().all(|known| known.id != id) {
                let members = if one == other { vec![one] } else { vec![one, other] };
                made.push(Made { id, place: Place { themes: DIRECT, members, weight: 1 } });
            }
        }
        Ok(())
    }

    async fn group(
        &self,
        name: &str,
        topic: Option<&str>,
        (announcement, open): (bool, bool),
        members: &[usize],
        usernames: &[&'static str],
    ) -> Result<ConversationId, Error> {
        let members =
            members.iter().map(|who| self.person(usernames[*who])).collect::<Result<Vec<_>, _>>()?;
        let (maker, others) =
            members.split_first().ok_or_else(|| Error::internal("a group without members"))?;
        let group = NewGroup {
            name: name.to_owned(),
            announcement,
            open,
            topic: topic.map(str::to_owned),
            members: others.to_vec(),
        };
        let Parts { journal, directory, .. } = self.parts;
        conversations::create_group(journal, directory, self.client_id()?, *maker, group, Beside::default())
            .await
    }

    /// Ninety days; answers with the newest ordinal of each conversation.
    async fn play(
        &self,
        acts: Vec<(Micros, Act)>,
        ids: &[ConversationId],
        usernames: &[&'static str],
    ) -> Result<HashMap<ConversationId, u64>, Error> {
        let messaging = self.parts.messaging();
        let mut said: Vec<(ConversationId, PersonId, RecordId)> = Vec::new();
        let mut newest = HashMap::new();
        for together in acts.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((at, _)) = together.first() else { continue };
            self.until(*at);
            let mut commits = Vec::with_capacity(together.len());
            for (_, act) in together {
                let unit = self.unit(&messaging, act, &said, ids, usernames)?;
                commits.push(self.parts.journal.commit(unit));
            }
            // What is answered, edited or reacted to was said at an earlier time.
            for ((_, act), committed) in together.iter().zip(join_all(commits).await) {
                let placed = committed?.first()?;
                if let Act::Say { place, who, .. } = act {
                    let (conversation, author) = (ids[*place], self.person(usernames[*who])?);
                    let ordinal = placed.ordinal.unwrap_or(0);
                    newest.insert(conversation, ordinal);
                    // Whoever writes has read what stands above.
                    self.marks.read(conversation, author, ordinal, Seen { at: self.clock.now(), by: None });
                    said.push((conversation, author, placed.record));
                }
            }
        }
        Ok(newest)
    }

    fn unit(
        &self,
        messaging: &Messaging,
        act: &Act,
        said: &[(ConversationId, PersonId, RecordId)],
        ids: &[ConversationId],
        usernames: &[&'static str],
    ) -> Result<Unit, Error> {
        let client_id = self.client_id()?;
        match act {
            Act::Say { place, who, text, answers } => {
                let reply_to = answers.map(|message| said[message].2);
                let (conversation, text) = (ids[*place], text.clone());
                let send = Send { client_id, conversation, text, reply_to, thread_root: None, urgent: false };
                messaging.send_unit(self.person(usernames[*who])?, send, None)
            }
            Act::Edit { message, text } => {
                let (conversation, author, message) = said[*message];
                messaging.edit_unit(
                    author,
                    Edit { client_id, conversation, message, text: text.clone() },
                    None,
                )
            }
            Act::Delete { message } => {
                let (conversation, author, message) = said[*message];
                messaging.delete_unit(author, Delete { client_id, conversation, message })
            }
            Act::React { message, who, reaction } => {
                let (conversation, _, message) = said[*message];
                let reaction = (*reaction).to_owned();
                let react = React { client_id, conversation, message, reaction, on: true };
                messaging.react_unit(self.person(usernames[*who])?, react)
            }
        }
    }

    async fn last_day(
        &self,
        ids: &[ConversationId],
        midnight: Micros,
        now: Micros,
        newest: &mut HashMap<ConversationId, u64>,
    ) -> Result<(), Error> {
        // One timeline over all conversations, so that time never runs back.
        let mut lines: Vec<(Micros, ConversationId, &Line)> = Vec::new();
        for (talk, id) in CONVERSATIONS.iter().zip(ids) {
            for line in talk.lines {
                let at = midnight + line.day * DAY + line.minute * MINUTE;
                // What would lie in the future happens a little before now instead, in the same order.
                let at = if at < now { at } else { now - 2 * DAY / 24 + line.minute * MINUTE / 16 };
                lines.push((at, *id, line));
            }
        }
        lines.sort_by_key(|(at, ..)| *at);
        for (at, conversation, line) in lines {
            self.until(at);
            let ordinal = self.say(conversation, line).await?;
            if line.day < 0 {
                newest.insert(conversation, ordinal);
            }
        }
        Ok(())
    }

    /// Everybody has read what was said up to yesterday; some people, the last of it not yet.
    fn read(
        &self,
        ids: &[ConversationId],
        places: &[Place],
        usernames: &[&'static str],
        newest: &HashMap<ConversationId, u64>,
    ) -> Result<(), Error> {
        for (number, (id, place)) in ids.iter().zip(places).enumerate() {
            let Some(newest) = newest.get(id) else { continue };
            for who in &place.members {
                let unread = if (who + number) % 9 == 0 { 3 } else { 0 };
                let seen = Seen { at: self.clock.now(), by: None };
                self.marks.read(*id, self.person(usernames[*who])?, newest.saturating_sub(unread), seen);
            }
        }
        Ok(())
    }

    fn rooms(&self) -> Rooms {
        let Parts { journal, directory, roster, .. } = self.parts;
        Rooms { journal: journal.clone(), directory: Arc::clone(directory), roster: Arc::clone(roster) }
    }

    fn until(&self, at: Micros) {
        self.clock.advance((at - self.clock.now()).max(0));
    }

    fn person(&self, username: &str) -> Result<PersonId, Error> {
        self.people
            .get(username)
            .copied()
            .ok_or_else(|| Error::internal(format!("no {username} in the demo")))
    }

    fn client_id(&self) -> Result<ClientId, Error> {
        self.parts.journal.id()
    }

    async fn begin(&self, talk: &Talk) -> Result<ConversationId, Error> {
        let Parts { journal, directory, .. } = self.parts;
        let members = talk.members.iter().map(|name| self.person(name)).collect::<Result<Vec<_>, _>>()?;
        let (maker, others) =
            members.split_first().ok_or_else(|| Error::internal("a talk without members"))?;
        let client_id = self.client_id()?;
        let Some(name) = talk.name else {
            let other = others.first().copied().unwrap_or(*maker);
            return conversations::open_direct(journal, directory, client_id, *maker, other).await;
        };
        let group = NewGroup {
            name: name.to_owned(),
            announcement: false,
            open: false,
            topic: talk.topic.map(str::to_owned),
            members: others.to_vec(),
        };
        conversations::create_group(journal, directory, client_id, *maker, group, Beside::default()).await
    }

    /// Says a line of the last day; answers with its ordinal.
    async fn say(&self, conversation: ConversationId, line: &Line) -> Result<u64, Error> {
        let messaging = self.parts.messaging();
        let author = self.person(line.who)?;
        let send = Send {
            client_id: self.client_id()?,
            conversation,
            text: line.text.to_owned(),
            reply_to: None,
            thread_root: None,
            urgent: false,
        };
        let message = messaging.journal.commit(messaging.send_unit(author, send, None)?).await?.first()?;
        // Whoever writes has read what stands above.
        let ordinal = message.ordinal.unwrap_or(0);
        self.marks.read(conversation, author, ordinal, Seen { at: self.clock.now(), by: None });
        let message = message.record;
        if let Some(text) = line.edited {
            self.clock.advance(2 * MINUTE);
            let edit = Edit { client_id: self.client_id()?, conversation, message, text: text.to_owned() };
            messaging.journal.commit(messaging.edit_unit(author, edit, None)?).await?;
        }
        if line.deleted {
            self.clock.advance(MINUTE);
            let delete = Delete { client_id: self.client_id()?, conversation, message };
            messaging.journal.commit(messaging.delete_unit(author, delete)?).await?;
        }
        for (who, reaction) in line.reactions {
            let person = self.person(who)?;
            let (client_id, reaction) = (self.client_id()?, (*reaction).to_owned());
            let react = React { client_id, conversation, message, reaction, on: true };
            messaging.journal.commit(messaging.react_unit(person, react)?).await?;
        }
        Ok(ordinal)
    }
}
