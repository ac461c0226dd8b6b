//! A mail in words, before it is text or HTML. Made of nothing but what the gate let through, the reader's own name, and
//! what the house says of itself.

use chancery_protocol::Micros;

use super::gate::{Allowed, Heard, Link};
use super::{House, Language, Off, Reader, Sort, clean, dates};

/// Where tokens of [`Off`] are used; the token follows.
pub(super) const OFF_PATH: &str = "/mail/off/";

/// What a mail says. Renderers take every string for foreign text.
pub(super) struct Sheet<'a> {
    /// For the header.
    pub(super) subject: String,
    /// What a list of mails shows behind the subject.
    pub(super) preheader: String,
    /// Above everything else.
    pub(super) title: String,
    /// Top to bottom.
    pub(super) parts: Vec<Part<'a>>,
    /// Below everything else.
    pub(super) foot: Vec<String>,
    /// How these mails are turned off, where they can be.
    pub(super) off: Option<TurnOff>,
}

/// How mails are turned off.
pub(super) struct TurnOff {
    /// What they are called, for `List-Id`.
    pub(super) list: &'static str,
    /// What the link says.
    pub(super) words: &'static str,
    /// Where it leads.
    pub(super) url: String,
}

/// A part of a mail.
pub(super) enum Part<'a> {
    /// Our own words.
    Words(String),
    /// A name above what belongs to it.
    Heading(String),
    /// Something with a name.
    Fact { name: &'static str, value: String },
    /// What somebody wrote.
    Message { author: String, when: String, edited: Option<&'static str>, text: &'a str },
    /// Where to go on.
    Act { label: String, url: String, look: Look },
}

/// How HTML shows where to go on; text always shows the address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// A button.
    Button,
    /// A button with the address below, where it is what the mail is for.
    ButtonAndAddress,
    /// A link, where there are several.
    Link,
}

/// Puts into words what may be said, as it stands `at` this time.
pub(super) fn of<'a>(house: &House<'_>, reader: &Reader<'_>, at: Micros, allowed: &Allowed<'a>) -> Sheet<'a> {
    let writer = Writer { house, reader, at, language: reader.language };
    match allowed {
        Allowed::Missed(heard) => writer.missed(heard),
        Allowed::Digest { heard, more } => writer.digest(heard, *more),
        Allowed::Invitation(link) => writer.invitation(link),
        Allowed::Reset(link) => writer.reset(link),
        Allowed::FactorsRemoved { by } => writer.factors_removed(by.as_deref()),
        Allowed::Test => writer.test(),
    }
}

struct Writer<'x> {
    house: &'x House<'x>,
    reader: &'x Reader<'x>,
    at: Micros,
    language: Language,
}

impl Writer<'_> {
    fn missed<'a>(&self, heard: &Heard<'a>) -> Sheet<'a> {
        let words = self.language;
        let people = words.people(&heard.who);
        let name = heard.what.as_ref().and_then(|what| what.name.as_deref());
        let subject = match (name, people.as_str()) {
            (Some(name), _) => words.new_in(name),
            (None, "") => words.new_messages().to_owned(),
            (None, people) => words.new_from(people),
        };
        let wrote = (!people.is_empty()).then(|| words.wrote(&people, heard.who.len() > 1));
        let mut parts = self.messages(heard);
        if heard.who.is_empty() {
            parts.push(Part::Words(words.waiting().to_owned()));
        }
        if heard.what.is_none() {
            parts.push(Part::Words(words.not_here().to_owned()));
        }
        parts.push(self.open(heard, Look::Button));
        let preheader = wrote.unwrap_or_else(|| words.waiting().to_owned());
        let title = name.map_or_else(|| subject.clone(), str::to_owned);
        self.notice(
            Sheet { subject, preheader, title, parts, foot: Vec::new(), off: None },
            Sort::Missed,
            heard.what.is_some(),
        )
    }

    fn digest<'a>(&self, heard: &[Heard<'a>], more: usize) -> Sheet<'a> {
        let words = self.language;
        let subject = words.digest().to_owned();
        let full = heard.iter().any(|one| one.what.is_some());
        let mut everybody: Vec<String> = Vec::new();
        for name in heard.iter().flat_map(|one| &one.who) {
            if !everybody.contains(name) {
                everybody.push(name.clone());
            }
        }
        let mut parts = Vec::new();
        for one in heard {
            let people = words.people(&one.who);
            let name = one.what.as_ref().and_then(|what| what.name.clone());
            match (name, people.is_empty()) {
                (Some(name), _) => parts.push(Part::Heading(name)),
                (None, false) => parts.push(Part::Heading(people)),
                (None, true) => {}
            }
            parts.extend(self.messages(one));
            parts.push(self.open(one, Look::Link));
        }
        if more > 0 {
            parts.push(Part::Words(words.more(more)));
        }
        if heard.is_empty() {
            parts.push(Part::Words(words.waiting().to_owned()));
        }
        if !full {
            parts.push(Part::Words(words.not_here().to_owned()));
        }
        if heard.is_empty() {
            parts.push(self.open(&Heard::default(), Look::Button));
        }
        let preheader = match words.people(&everybody) {
            people if people.is_empty() => words.waiting().to_owned(),
            people => words.wrote(&people, everybody.len() > 1),
        };
        let sheet = Sheet { title: subject.clone(), subject, preheader, parts, foot: Vec::new(), off: None };
        self.notice(sheet, Sort::Digest, full)
    }

    fn invitation<'a>(&self, link: &Link<'_>) -> Sheet<'a> {
        let words = self.language;
        let subject = words.account(&self.organisation());
        let made = words.made_account(link.by.as_deref());
        self.account(subject, made, self.one_time(link, words.choose_password()))
    }

    fn reset<'a>(&self, link: &Link<'_>) -> Sheet<'a> {
        let words = self.language;
        let made = words.made_reset(link.by.as_deref());
        let mut parts = vec![Part::Words(words.until_then().to_owned())];
        parts.extend(self.one_time(link, words.choose_new()));
        self.account(words.choose_new().to_owned(), made, parts)
    }

    fn factors_removed<'a>(&self, by: Option<&str>) -> Sheet<'a> {
        let words = self.language;
        let label = words.open_front(&self.organisation());
        let url = self.house.public_url.page("/");
        let parts =
            vec![Part::Words(words.add_another().to_owned()), Part::Act { label, url, look: Look::Button }];
        self.account(words.factors_removed().to_owned(), words.who_removed(by), parts)
    }

    fn test<'a>(&self) -> Sheet<'a> {
        let arrives = self.language.arrives(&self.organisation());
        let subject = self.language.test().to_owned();
        let parts = vec![Part::Words(arrives.clone())];
        Sheet {
            title: subject.clone(),
            subject,
            preheader: arrives,
            parts,
            foot: vec![self.sent_by()],
            off: None,
        }
    }

    /// A mail about the reader's own account.
    fn account<'a>(&self, subject: String, first: String, rest: Vec<Part<'a>>) -> Sheet<'a> {
        let mut parts = Vec::new();
        let name = clean::name(self.reader.name);
        if !name.is_empty() {
            parts.push(Part::Words(self.language.greeting(&name)));
        }
        parts.push(Part::Words(first.clone()));
        parts.extend(rest);
        let desk = self.house.service_desk.map(clean::name);
        parts.push(Part::Words(self.language.unexpected(desk.as_deref())));
        Sheet {
            title: subject.clone(),
            subject,
            preheader: first,
            parts,
            foot: vec![self.sent_by()],
            off: None,
        }
    }

    fn one_time<'a>(&self, link: &Link<'_>, label: &str) -> Vec<Part<'a>> {
        let (words, one_time) = (self.language, link.one_time);
        let east = self.reader.minutes_east;
        let when = dates::moment(one_time.expires_at, east, words);
        vec![
            Part::Fact { name: words.user_name(), value: clean::name(one_time.username) },
            Part::Act { label: label.to_owned(), url: one_time.url.to_owned(), look: Look::ButtonAndAddress },
            Part::Words(words.works_until(&when, &dates::zone(east))),
        ]
    }

    fn messages<'a>(&self, heard: &Heard<'a>) -> Vec<Part<'a>> {
        let Some(what) = &heard.what else { return Vec::new() };
        let words = self.language;
        let mut parts = Vec::new();
        if what.older > 0 {
            parts.push(Part::Words(words.older(what.older)));
        }
        parts.extend(what.messages.iter().map(|message| Part::Message {
            author: clean::name(message.author),
            when: dates::moment(message.at, self.reader.minutes_east, words),
            edited: message.edited.then(|| words.edited()),
            text: message.text,
        }));
        parts
    }

    fn open<'a>(&self, heard: &Heard<'_>, look: Look) -> Part<'a> {
        let (path, label) = match heard.path {
            Some(path) => (path, self.language.open_conversation()),
            None => ("/", self.language.open_messages()),
        };
        Part::Act { label: label.to_owned(), url: self.house.public_url.page(path), look }
    }

    /// Adds to a mail about messages why it came and how to be rid of such mails.
    fn notice<'a>(&self, mut sheet: Sheet<'a>, sort: Sort, shows_messages: bool) -> Sheet<'a> {
        let (words, reader) = (self.language, self.reader);
        if shows_messages {
            let when = dates::moment(self.at, reader.minutes_east, words);
            sheet.foot.push(words.as_of(&when, &dates::zone(reader.minutes_east)));
        }
        sheet.foot.push(words.because_unread().to_owned());
        sheet.foot.push(self.sent_by());
        let token = Off { person: reader.id, sort }.token(self.house.off);
        sheet.off = Some(TurnOff {
            list: match sort {
                Sort::Missed => "missed",
                Sort::Digest => "digest",
            },
            words: words.turn_off(),
            url: self.house.public_url.page(&format!("{OFF_PATH}{token}")),
        });
        sheet
    }

    fn sent_by(&self) -> String {
        self.language.sent_by(&self.organisation(), self.house.public_url.origin())
    }

    fn organisation(&self) -> String {
        clean::name(self.house.organisation)
    }
}
