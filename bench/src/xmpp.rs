//! A client of XMPP over web-socket (RFC 7395), as much of it as the scenarios need.
//!
//! Servers write attributes in their own order and with either quotes, and one frame is one stanza; so a
//! frame is told by its first tag, and what is asked for is found by its marks in the text.

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use memchr::memmem;

use crate::mark;
use crate::seat::{Page, Socket, connect_plain, next_text, send_text};

/// The domain both servers serve. It must not hold the word of the mark.
pub const DOMAIN: &str = "chat.invalid";
/// Where its rooms are.
pub const ROOMS: &str = "conference.chat.invalid";
/// Everybody's password.
pub const PASSWORD: &str = "a long enough password";
const FRAMING: &str = "urn:ietf:params:xml:ns:xmpp-framing";

/// Whose place, and where.
#[derive(Debug, Clone)]
pub struct Seat {
    /// Host and port.
    pub address: String,
    /// Path of the web-socket.
    pub path: String,
    /// The server's domain.
    pub domain: String,
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
    /// With whom.
    pub talk: Talk,
}

/// With whom a person talks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Talk {
    /// With one other: the address.
    Pair(String),
    /// In a room: its address.
    Room(String),
    /// With nobody.
    Nobody,
}

/// What a frame is.
#[derive(Debug, PartialEq, Eq)]
pub enum Stanza {
    /// A message.
    Message,
    /// A refusal.
    Error,
    /// Presence, answers.
    Other,
}

/// User name of a person.
pub fn user(person: usize) -> String {
    format!("p{person}")
}

/// People in groups who talk to each other: in twos directly, else in a room. For *idle*, with nobody.
pub fn seats(
    address: &str,
    path: &str,
    purpose: &str,
    people: usize,
    group: usize,
) -> Vec<crate::seat::Seat> {
    let seat = |person: usize| {
        let talk = match (purpose, group) {
            ("idle", _) => Talk::Nobody,
            (_, 2) => Talk::Pair(format!("{}@{DOMAIN}", user(person ^ 1))),
            _ => Talk::Room(format!("{purpose}-{}@{ROOMS}", person / group)),
        };
        crate::seat::Seat::Xmpp(Seat {
            address: address.to_owned(),
            path: path.to_owned(),
            domain: DOMAIN.to_owned(),
            user: user(person),
            password: PASSWORD.to_owned(),
            talk,
        })
    };
    (0..people).map(seat).collect()
}

/// Waits until a server takes web-sockets.
///
/// # Errors
/// When it does not within a minute, or `ended` says why it never will.
pub async fn wait_until_ready(
    address: &str,
    path: &str,
    mut ended: impl FnMut() -> Option<String>,
) -> Result<()> {
    let end = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        match connect_plain(address, path, Some("xmpp")).await {
            Ok(_) => return Ok(()),
            Err(problem) if tokio::time::Instant::now() > end => {
                return Err(problem.context("the XMPP server"));
            }
            Err(_) => {}
        }
        if let Some(why) = ended() {
            bail!("the XMPP server ended: {why}");
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

impl Seat {
    /// Connects, signs in, says that one is there and enters the room.
    ///
    /// # Errors
    /// How it was refused.
    pub async fn connect(&self) -> Result<Socket> {
        let mut socket = connect_plain(&self.address, &self.path, Some("xmpp")).await?;
        self.open(&mut socket).await?;
        let secret = BASE64.encode(format!("\0{}\0{}", self.user, self.password).as_bytes());
        let auth =
            format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>");
        send_text(&mut socket, auth).await?;
        wait_for(&mut socket, |frame| frame.starts_with("<success")).await?;
        self.open(&mut socket).await?;
        let bind = "<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
        send_text(&mut socket, bind.to_owned()).await?;
        let bound = wait_for(&mut socket, |frame| frame.starts_with("<iq") && has(frame, "<jid>")).await?;
        let jid = between(&bound, "<jid>", "</jid>").context("no address was bound")?;
        send_text(&mut socket, "<presence xmlns='jabber:client'/>".to_owned()).await?;
        // It comes back once it counts; until then messages would go to the archive only.
        wait_for(&mut socket, |frame| frame.starts_with("<presence") && tag(frame).contains(jid)).await?;
        if let Talk::Room(room) = &self.talk {
            let enter = format!(
                "<presence xmlns='jabber:client' to='{room}/{}'><x xmlns='http://jabber.org/protocol/muc'>\
                 <history maxstanzas='0'/></x></presence>",
                self.user
            );
            send_text(&mut socket, enter).await?;
            // Status 110: this presence is one's own, and the last of those that come on entering.
            wait_for(&mut socket, |frame| frame.starts_with("<presence") && is_own_presence(frame)).await?;
        }
        Ok(socket)
    }

    async fn open(&self, socket: &mut Socket) -> Result<()> {
        send_text(socket, format!("<open xmlns='{FRAMING}' to='{}' version='1.0'/>", self.domain)).await?;
        wait_for(socket, |frame| frame.starts_with("<stream:features") || frame.starts_with("<features"))
            .await?;
        Ok(())
    }

    /// The stanza that sends a text.
    pub fn say(&self, number: u32, text: &str) -> String {
        let (to, kind) = match &self.talk {
            Talk::Pair(other) => (other.as_str(), "chat"),
            Talk::Room(room) => (room.as_str(), "groupchat"),
            Talk::Nobody => ("", "chat"),
        };
        format!(
            "<message xmlns='jabber:client' to='{to}' type='{kind}' id='m{number}'><body>{text}</body></message>"
        )
    }

    /// The stanza that asks for the newest messages (XEP-0313).
    pub fn ask_history(&self, number: u32, limit: u16) -> String {
        let (to, with) = match &self.talk {
            Talk::Room(room) => (format!(" to='{room}'"), String::new()),
            Talk::Pair(other) => (
                String::new(),
                format!(
                    "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>\
                     <value>urn:xmpp:mam:2</value></field><field var='with'><value>{other}</value></field></x>"
                ),
            ),
            Talk::Nobody => (String::new(), String::new()),
        };
        format!(
            "<iq xmlns='jabber:client' type='set' id='h{number}'{to}><query xmlns='urn:xmpp:mam:2' queryid='h{number}'>\
             {with}<set xmlns='http://jabber.org/protocol/rsm'><max>{limit}</max><before/></set></query></iq>"
        )
    }
}

/// The first frame that is wanted.
async fn wait_for(socket: &mut Socket, wanted: impl Fn(&str) -> bool) -> Result<String> {
    loop {
        let frame = next_text(socket).await?;
        if wanted(&frame) {
            return Ok(frame);
        }
        if frame.starts_with("<failure") || frame.starts_with("<close") || hear(&frame) == Stanza::Error {
            bail!("refused: {frame}");
        }
    }
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(begin)?.1.split_once(end)?.0)
}

fn has(frame: &str, part: &str) -> bool {
    memmem::find(frame.as_bytes(), part.as_bytes()).is_some()
}

fn is_own_presence(frame: &str) -> bool {
    has(frame, "code='110'") || has(frame, "code=\"110\"")
}

/// The opening tag of a frame.
fn tag(frame: &str) -> &str {
    frame.split_once('>').map_or(frame, |(tag, _)| tag)
}

/// Reads a stanza.
pub fn hear(frame: &str) -> Stanza {
    let tag = tag(frame);
    if tag.contains("type='error'") || tag.contains("type=\"error\"") || tag.starts_with("<stream:error") {
        Stanza::Error
    } else if tag.starts_with("<message") && !has(frame, "urn:xmpp:mam:2") {
        Stanza::Message
    } else {
        Stanza::Other
    }
}

/// Reads a stanza of an answer from the archive.
pub fn hear_history(frame: &str) -> Page {
    if !has(frame, "urn:xmpp:mam:2") {
        return Page::Not;
    }
    if frame.starts_with("<iq") && has(frame, "<fin") {
        return Page::End(0);
    }
    if frame.starts_with("<message") && has(frame, "<result") {
        return Page::Part(mark::count(frame));
    }
    Page::Not
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stanzas_are_told_by_their_first_tag_whatever_the_quotes() {
        for (frame, is) in [
            ("<message from='a' type='chat'><body>type='error'</body></message>", Stanza::Message),
            ("<message type=\"error\" from='a'><body/></message>", Stanza::Error),
            ("<iq type='error' id='bind'><error/></iq>", Stanza::Error),
            ("<presence from='a'/>", Stanza::Other),
            ("<message from='a'><result xmlns='urn:xmpp:mam:2'/></message>", Stanza::Other),
        ] {
            assert_eq!(hear(frame), is, "{frame}");
        }
    }

    #[test]
    fn a_page_of_the_archive_comes_in_parts() {
        let part = "<message to='a'><result queryid='h1' xmlns='urn:xmpp:mam:2'><forwarded><message><body>bench 1 2 3 4 x</body></message></forwarded></result></message>";
        assert_eq!(hear_history(part), Page::Part(1));
        let end = "<iq type='result'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>";
        assert_eq!(hear_history(end), Page::End(0));
        assert_eq!(hear_history("<iq type='result'/>"), Page::Not);
    }
}
