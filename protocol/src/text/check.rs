//! What may be written: lengths and characters of texts, names, topics and handles.
//!
//! Control characters other than newline and tab are refused, not removed: what is on the record is what was
//! typed. A client calls [`tidy`] on what was pasted before it sends.

use std::borrow::Cow;
use std::fmt;

use crate::{MAX_NAME_CHARS, MAX_TEXT_CHARS, MAX_TOPIC_CHARS};

/// Longest handle, in characters.
pub const MAX_USERNAME_CHARS: usize = 64;

/// Why something may not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextProblem {
    /// A text that shows nothing.
    TextEmpty,
    /// A text over [`MAX_TEXT_CHARS`].
    TextTooLong,
    /// A control character: in texts any but newline and tab, in names and topics any.
    ControlCharacter,
    /// A name that shows nothing.
    NameEmpty,
    /// A name over [`MAX_NAME_CHARS`].
    NameTooLong,
    /// A topic or status text over [`MAX_TOPIC_CHARS`].
    TopicTooLong,
    /// Not a handle.
    UsernameInvalid,
}

impl TextProblem {
    /// The code of the [`crate::problem::Problem`].
    pub fn code(self) -> &'static str {
        match self {
            Self::TextEmpty => "text_empty",
            Self::TextTooLong => "text_too_long",
            Self::ControlCharacter => "control_character",
            Self::NameEmpty => "name_empty",
            Self::NameTooLong => "name_too_long",
            Self::TopicTooLong => "topic_too_long",
            Self::UsernameInvalid => "username_invalid",
        }
    }
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TextEmpty => f.write_str("The text is empty."),
            Self::TextTooLong => write!(f, "The text is longer than {MAX_TEXT_CHARS} characters."),
            Self::ControlCharacter => f.write_str("The text contains a control character."),
            Self::NameEmpty => f.write_str("The name is empty."),
            Self::NameTooLong => write!(f, "The name is longer than {MAX_NAME_CHARS} characters."),
            Self::TopicTooLong => write!(f, "The text is longer than {MAX_TOPIC_CHARS} characters."),
            Self::UsernameInvalid => write!(
                f,
                "A user name has 1 to {MAX_USERNAME_CHARS} lower case letters (a to z), digits, dots, hyphens \
                 and underscores; it begins and ends with a letter or digit, and no two dots follow each other."
            ),
        }
    }
}

impl std::error::Error for TextProblem {}

/// Whether a message may have this text.
///
/// # Errors
/// Empty or only blanks, over [`MAX_TEXT_CHARS`], or with control characters other than newline and tab.
pub fn check_text(text: &str) -> Result<(), TextProblem> {
    if text.chars().all(is_blank) {
        return Err(TextProblem::TextEmpty);
    }
    check_draft(text)
}

/// Whether a draft may have this text: as [`check_text`], but it may be empty.
///
/// # Errors
/// Over [`MAX_TEXT_CHARS`], or with control characters other than newline and tab.
pub fn check_draft(text: &str) -> Result<(), TextProblem> {
    if over(text, MAX_TEXT_CHARS) {
        return Err(TextProblem::TextTooLong);
    }
    refuse_control(text, |c| c == '\n' || c == '\t')
}

/// Whether a conversation or a person may have this name.
///
/// # Errors
/// Empty or only blanks, over [`MAX_NAME_CHARS`], or with control characters.
pub fn check_name(name: &str) -> Result<(), TextProblem> {
    if name.chars().all(|c| is_blank(c) || c.is_control()) {
        return Err(TextProblem::NameEmpty);
    }
    if over(name, MAX_NAME_CHARS) {
        return Err(TextProblem::NameTooLong);
    }
    refuse_control(name, |_| false)
}

/// Whether a conversation may have this topic, or a person this status text; it may be empty.
///
/// # Errors
/// Over [`MAX_TOPIC_CHARS`], or with control characters.
pub fn check_topic(topic: &str) -> Result<(), TextProblem> {
    if over(topic, MAX_TOPIC_CHARS) {
        return Err(TextProblem::TopicTooLong);
    }
    refuse_control(topic, |_| false)
}

/// Whether this is a handle: 1 to [`MAX_USERNAME_CHARS`] of `a`–`z`, `0`–`9`, `.`, `_`, `-`, with a letter or digit
/// at both ends and no two dots in a row, so that `@handle` in a text can always be told from what follows it.
///
/// # Errors
/// Anything else.
pub fn check_username(username: &str) -> Result<(), TextProblem> {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = username.len() <= MAX_USERNAME_CHARS
        && username.starts_with(letter)
        && username.ends_with(letter)
        && username.chars().all(|c| letter(c) || matches!(c, '.' | '_' | '-'))
        && !username.contains("..");
    if fits { Ok(()) } else { Err(TextProblem::UsernameInvalid) }
}

/// What a client does to typed or pasted text before it sends: line ends become `\n`, other control characters
/// but tabs disappear, white space at the end is cut off.
pub fn tidy(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Cow::Borrowed(text.trim_end());
    }
    let text: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| !c.is_control() || *c == '\n' || *c == '\t')
        .collect();
    Cow::Owned(text.trim_end().to_owned())
}

fn over(text: &str, limit: usize) -> bool {
    text.chars().nth(limit).is_some()
}

fn refuse_control(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), TextProblem> {
    if text.chars().any(|c| c.is_control() && !allowed(c)) {
        return Err(TextProblem::ControlCharacter);
    }
    Ok(())
}

/// White space and characters that show nothing.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}
