//! A handful of invented people and their conversations, for looking around. Everything goes through the same pipeline
//! as real messages; only the clock is set by hand, so that there is a past. Never touches a folder in use.

mod script;

use chancery_protocol::Micros;
use chancery_protocol::command::{Delete, Edit, React, Send};
use chancery_protocol::ids::{ClientId, ConversationId, PersonId};
use std::collections::HashMap;
use std::sync::Arc;

use crate::access::Access;
use crate::access::commands::create_with_password;
use crate::app::Parts;
use crate::cli::say;
use crate::conversations::{self, Marks, NewGroup};
use crate::ground::clock::Clock;
use crate::ground::config::Config;
use crate::ground::error::Error;
use crate::run::{role_names, with_parts};
use script::{CONVERSATIONS, Invented, Line, PASSWORD, PEOPLE, Talk};

const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;

/// Fills an empty folder and prints the sign-ins, one line each: user name, password, roles.
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
    let today = Clock::System.now();
    let midnight = today - today.rem_euclid(DAY);
    let clock = Clock::at(midnight - DAY);
    with_parts(config, clock.clone(), |parts| {
        if parts.directory.by_username(PEOPLE[0].username).is_some() {
            return Err(Error::setup(
                "the data folder holds an archive already",
                "set `data` to an empty folder; nothing was changed",
            ));
        }
        let settings = crate::serve::settings(config);
        let access = Access::new(parts.journal.clone(), Arc::clone(&parts.directory), settings)?;
        let mut people = HashMap::new();
        for Invented { username, name, roles } in PEOPLE {
            people.insert(*username, create_with_password(&access, username, name, roles, PASSWORD)?);
        }
        actix_web::rt::System::new().block_on(fill(parts, people, &clock, midnight, today))
    })?;
    for person in PEOPLE {
        say(format!("{} {PASSWORD} {}", person.username, role_names(person.roles)))
            .map_err(Error::internal)?;
    }
    Ok(())
}

async fn fill(
    parts: &Parts,
    people: HashMap<&'static str, PersonId>,
    clock: &Clock,
    midnight: Micros,
    now: Micros,
) -> Result<(), Error> {
    let filling = Filling { parts, clock, people, marks: Marks::default() };
    let mut talks = Vec::new();
    for talk in CONVERSATIONS {
        talks.push(filling.begin(talk).await?);
    }
    // One timeline over all conversations, so that time never runs back.
    let mut lines: Vec<(Micros, ConversationId, &Line)> = Vec::new();
    for (talk, id) in CONVERSATIONS.iter().zip(talks) {
        for line in talk.lines {
            let at = midnight + line.day * DAY + line.minute * MINUTE;
            // What would lie in the future happens a little before now instead, in the same order.
            let at = if at < now { at } else { now - 2 * DAY / 24 + line.minute * MINUTE / 16 };
            lines.push((at, id, line));
        }
    }
    lines.sort_by_key(|(at, ..)| *at);
    for (at, conversation, line) in lines {
        filling.until(at);
        filling.say(conversation, line).await?;
    }
    filling.marks.flush(parts.journal.db()).await
}

struct Filling<'a> {
    parts: &'a Parts,
    clock: &'a Clock,
    people: HashMap<&'static str, PersonId>,
    marks: Marks,
}

impl Filling<'_> {
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
        match talk.name {
            None => {
                let other = others.first().copied().unwrap_or(*maker);
                conversations::open_direct(journal, directory, self.client_id()?, *maker, other).await
            }
            Some(name) => {
                let group = NewGroup {
                    name: name.to_owned(),
                    announcement: false,
                    open: false,
                    topic: talk.topic.map(str::to_owned),
                    members: others.to_vec(),
                };
                conversations::create_group(journal, directory, self.client_id()?, *maker, group).await
            }
        }
    }

    async fn say(&self, conversation: ConversationId, line: &Line) -> Result<(), Error> {
        let messaging = self.parts.messaging();
        let author = self.person(line.who)?;
        let send = Send {
            client_id: self.client_id()?,
            conversation,
            text: line.text.to_owned(),
            reply_to: None,
            thread_root: None,
        };
        let message = messaging.journal.commit(messaging.send_unit(author, send)?).await?.first()?;
        // Whoever writes has read what stands above.
        self.marks.raise(conversation, author, message.ordinal.unwrap_or(0));
        let message = message.record;
        if let Some(text) = line.edited {
            self.clock.advance(2 * MINUTE);
            let edit = Edit { client_id: self.client_id()?, conversation, message, text: text.to_owned() };
            messaging.journal.commit(messaging.edit_unit(author, edit)?).await?;
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
        Ok(())
    }
}
