//! Foreign text made harmless for where it shall stand.

use chancery_protocol::acceptable_use::{REMOVED_BEGIN, REMOVED_END};

/// Longest name in a subject or a heading, in characters.
const LONGEST_NAME: usize = 80;
/// Longest text of one message, in characters.
const LONGEST_TEXT: usize = 1_200;

/// A name on one line: no control characters, none that turn the direction of text or cannot be seen, nothing a program
/// would decode again in a header, and not endless.
pub(super) fn name(name: &str) -> String {
    let visible: String =
        name.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !hidden(*c)).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&line.replace("=?", "= ?"), LONGEST_NAME)
}

/// A text of several lines: letters that join (emoji, Arabic), single marks of direction and the marks around what a rule
/// took out stay; what turns whole lines goes.
pub(super) fn text(text: &str) -> String {
    let stays = |c: char| !c.is_control() || matches!(c, '\n' | '\t' | REMOVED_BEGIN | REMOVED_END);
    let kept: String = text.replace("\r\n", "\n").chars().filter(|c| !turns(*c) && stays(*c)).collect();
    cut(&kept, LONGEST_TEXT)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
    }
}

/// Overrides, embeddings and isolates; line and paragraph separators, which some programs take for a new line.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// As [`turns`], and whatever shows nothing, but for the joiner of emoji.
fn hidden(c: char) -> bool {
    turns(c)
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_short_line() {
        assert_eq!(name(" Ann\r\nBcc: eve@example.com\0 "), "Ann Bcc: eve@example.com");
        assert_eq!(name("gpj.\u{202e}exe\u{2066}\u{200b}"), "gpj.exe");
        assert_eq!(name("👩\u{200d}💻 Ada"), "👩\u{200d}💻 Ada");
        assert_eq!(name(&"x".repeat(500)).chars().count(), LONGEST_NAME + 1);
        assert_eq!(name("\u{7}\u{2067}"), "");
        assert_eq!(name("=?utf-8?q?=0d=0aBcc:_x?="), "= ?utf-8?q?=0d=0aBcc:_x?=");
    }

    #[test]
    fn texts_keep_their_lines_and_joiners() {
        assert_eq!(text("a\r\nb\tc\u{0}\u{202e}d\u{200f}"), "a\nb\tcd\u{200f}");
        assert_eq!(text(&"ä".repeat(2_000)).chars().count(), LONGEST_TEXT + 1);
    }
}
