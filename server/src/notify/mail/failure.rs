//! Why a mail was not taken, told apart by what is to be done about it.

use std::fmt;

use lettre::transport::smtp::Error;

/// Most characters kept of what a server says.
const LONGEST: usize = 300;

/// Why a mail was not taken. The words are for administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Not now: the server said so, or the line broke before the mail's last byte. It has not arrived; try again later.
    Temporary(Moment, Said),
    /// Never: the server refuses this recipient or this mail. Trying again changes nothing.
    Permanent(Moment, Said),
    /// The server said nothing after the mail's last byte. It may have arrived; sent again it may arrive twice.
    Silent,
    /// The server was not reached, or not safely. It has not arrived; try again later.
    Unreachable(Reach),
    /// The server, or the issuer of tokens, does not accept our account. No mail will be taken until that is mended.
    Credentials(Said),
    /// The settings do not fit the server. No mail will be taken until that is mended.
    Settings(String),
}

impl Failure {
    /// It took too long in all, before anything of the mail was said.
    pub fn too_slow() -> Self {
        Self::Temporary(Moment::Content, Said::new(0, "the server took too long"))
    }

    /// Whether nothing will ever come of this mail. Everything else is to be tried again.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Permanent(..))
    }

    /// Whether somebody must mend something before any mail is taken.
    pub fn needs_mending(&self) -> bool {
        match self {
            Self::Credentials(_) | Self::Settings(_) => true,
            Self::Unreachable(reach) => reach.needs_mending(),
            Self::Temporary(..) | Self::Permanent(..) | Self::Silent => false,
        }
    }
}

/// What a server said, on one line, cut and without control characters and those that turn the direction of text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// The three digits; 0 when the line broke and nothing was said.
    pub code: u16,
    /// The rest.
    pub words: String,
}

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The server's greeting and ours.
    Greeting,
    /// Signing in.
    SigningIn,
    /// Naming the envelope's sender.
    Sender,
    /// Naming a recipient.
    Recipient,
    /// The mail itself.
    Content,
}

/// Why the server was not reached, or not safely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Its name is not known.
    Name,
    /// Nobody answers at the port.
    Port(String),
    /// It took too long.
    TimedOut(&'static str),
    /// The name is that of another machine, and a line in clear is not accepted.
    Clear(String),
    /// It does not offer STARTTLS.
    NoStartTls,
    /// It said more in clear after agreeing to TLS: somebody on the way meddles.
    Meddling,
    /// Its certificate was issued by nobody we trust.
    Issuer,
    /// Its certificate is for other names.
    OtherName(Vec<String>),
    /// Its certificate has ended, or has not begun.
    NotValidNow,
    /// TLS failed in another way.
    Tls(String),
    /// The issuer of tokens gave none.
    Tokens(String),
}

impl Reach {
    /// Whether waiting will not help.
    fn needs_mending(&self) -> bool {
        !matches!(self, Self::Name | Self::Port(_) | Self::TimedOut(_) | Self::Tls(_) | Self::Tokens(_))
    }
}

/// A foreign text on one line of bounded length.
pub(super) fn clean(text: &str) -> String {
    let visible = |c: char| !c.is_control() && !turns(c);
    let mut out = String::new();
    for (at, word) in
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).enumerate()
    {
        if at > 0 {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| visible(*c)));
        if out.chars().nth(LONGEST).is_some() {
            let cut: String = out.chars().take(LONGEST).collect();
            return format!("{}…", cut.trim_end());
        }
    }
    out
}

/// Characters that turn the direction of what follows, and those that cannot be seen.
fn turns(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
}

impl Said {
    pub(super) fn new(code: u16, words: &str) -> Self {
        Self { code, words: clean(words) }
    }

    /// What a library's error says of the server's answer; code 0 when there was none.
    pub(super) fn of(error: &Error) -> Self {
        let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        Self::new(error.status().map_or(0, u16::from), &words)
    }
}

/// What an answer other than yes comes to. Refusals of the greeting and of the sender are not this mail's fault, and no
/// reason to give it up.
pub(super) fn refused(moment: Moment, error: &Error) -> Failure {
    let said = Said::of(error);
    match (moment, said.code) {
        (_, 530 | 534 | 535 | 538) => Failure::Credentials(said),
        (Moment::SigningIn, 500..) => Failure::Credentials(said),
        (Moment::Greeting, 500..) => Failure::Settings(format!("The server does not talk to us: {said}")),
        (Moment::Sender, 500..) => Failure::Settings(format!("The server refuses the sender: {said}")),
        (Moment::Recipient | Moment::Content, 500..) => Failure::Permanent(moment, said),
        // Whatever is no answer of SMTP broke the line.
        (_, _) => Failure::Temporary(moment, said),
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.words.as_str()) {
            (0, "") => f.write_str("the line broke"),
            (0, words) => write!(f, "the line broke ({words})"),
            (code, words) => write!(f, "{code} {words}"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Temporary(moment, said) => write!(f, "Not now, {moment}: {said}"),
            Self::Permanent(moment, said) => write!(f, "Refused for good, {moment}: {said}"),
            Self::Silent => {
                f.write_str("The server said nothing after the last byte of the mail; it may have arrived.")
            }
            Self::Unreachable(reach) => reach.fmt(f),
            Self::Credentials(said) => write!(f, "The account is not accepted: {said}"),
            Self::Settings(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "at the greeting",
            Self::SigningIn => "while signing in",
            Self::Sender => "at the sender",
            Self::Recipient => "at the recipient",
            Self::Content => "at the mail itself",
        })
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("The server's name is not known. Check mail.host and this machine's name service."),
            Self::Port(what) => write!(f, "Nobody answers there: {what}. Check mail.port and the firewall."),
            Self::TimedOut(doing) => write!(f, "The server took too long while {doing}."),
            Self::Clear(address) => {
                write!(f, "{address} is another machine, and mail.plaintext_accepted does not allow a line in clear.")
            }
            Self::NoStartTls => {
                f.write_str("The server does not offer STARTTLS on this port. Check mail.port, or choose mail.security = \"tls\".")
            }
            Self::Meddling => f.write_str("The server went on in clear after agreeing to TLS: somebody on the way meddles."),
            Self::Issuer => {
                f.write_str("The certificate was issued by nobody we trust. Name its authority as mail.authorities.")
            }
            Self::OtherName(names) if names.is_empty() => {
                f.write_str("The certificate is for another name than mail.host.")
            }
            Self::OtherName(names) => {
                write!(f, "The certificate is for other names than mail.host: {}.", names.join(", "))
            }
            Self::NotValidNow => f.write_str("The certificate has ended or has not begun."),
            Self::Tokens(what) => write!(f, "The issuer of tokens gave none: {what}. Check mail.oauth_endpoint."),
            Self::Tls(what) => write!(f, "TLS failed: {what}. Check mail.port and mail.security."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_one_short_line_without_tricks() {
        assert_eq!(clean("  5.1.1\r\n no\tsuch\u{0} user\u{1b}[31m "), "5.1.1 no such user [31m");
        assert_eq!(clean("a\u{202e}b\u{2066}c\u{200b}d"), "abcd");
        assert_eq!(clean(&"x".repeat(1_000)).chars().count(), LONGEST + 1);
        assert_eq!(clean(""), "");
    }
}
