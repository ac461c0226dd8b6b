//! The inside of a paragraph.
//!
//! Two passes: `tokens` cuts the text into plain parts, code, addresses, mentions and runs of delimiters;
//! `pair` finds which delimiters belong together. Of each sort at most one is open at a time, so nesting is
//! bounded by the number of sorts and pairing is linear.

use std::collections::BTreeMap;

use super::{Inline, removed};
use crate::acceptable_use::{REMOVED_BEGIN, REMOVED_END};

/// Reads running text; newlines become breaks.
pub(super) fn inlines(text: &str) -> Vec<Inline> {
    let tokens = tokens(text);
    let partner = pair(&tokens);
    build(&tokens, &partner, 0, tokens.len())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Strong,
    Emphasis,
    Strike,
}

impl Sort {
    fn mark(self) -> &'static str {
        match self {
            Self::Strong => "**",
            Self::Emphasis => "*",
            Self::Strike => "~~",
        }
    }
}

enum Token {
    Done(Inline),
    Text(String),
    Mark { sort: Sort, opens: bool, closes: bool },
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    plain_from: usize,
    /// Starts of runs of backticks, by length.
    ticks: BTreeMap<usize, Vec<usize>>,
    out: Vec<Token>,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut scanner = Scanner { text, at: 0, plain_from: 0, ticks: tick_runs(text), out: Vec::new() };
    while let Some(c) = scanner.text[scanner.at..].chars().next() {
        let found = match c {
            '\n' => scanner.emit(1, [Token::Done(Inline::Break)]),
            '`' => scanner.code(),
            '*' | '~' => scanner.mark(c),
            '@' => scanner.mention(),
            'h' | 'H' | 'm' | 'M' => scanner.link(),
            REMOVED_BEGIN => scanner.removed(),
            _ => false,
        };
        if !found {
            scanner.at += c.len_utf8();
        }
    }
    scanner.flush();
    scanner.out
}

fn tick_runs(text: &str) -> BTreeMap<usize, Vec<usize>> {
    let mut runs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(['`', REMOVED_BEGIN]) {
        let start = at + start;
        // Words that stand for something else are no markup.
        if let Some(words) = text[start..].strip_prefix(REMOVED_BEGIN) {
            at = text.len() - words.find(REMOVED_END).map_or(0, |end| words.len() - end);
            continue;
        }
        let length = run(&text[start..], '`');
        runs.entry(length).or_default().push(start);
        at = start + length;
    }
    runs
}

/// How many of `c` the text begins with; `c` is ASCII.
fn run(text: &str, c: char) -> usize {
    text.len() - text.trim_start_matches(c).len()
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    fn flush(&mut self) {
        if self.plain_from < self.at {
            self.out.push(Token::Text(self.text[self.plain_from..self.at].to_owned()));
        }
        self.plain_from = self.at;
    }

    /// Ends the plain text before this place and puts tokens in place of the next `length` bytes.
    fn emit(&mut self, length: usize, tokens: impl IntoIterator<Item = Token>) -> bool {
        self.flush();
        self.out.extend(tokens);
        self.at += length;
        self.plain_from = self.at;
        true
    }

    /// Goes on behind `length` bytes of plain text.
    fn skip(&mut self, length: usize) -> bool {
        self.at += length;
        true
    }

    fn code(&mut self) -> bool {
        let length = run(self.rest(), '`');
        let from = self.at + length;
        let starts = self.ticks.get(&length).map(Vec::as_slice).unwrap_or_default();
        let Some(&end) = starts.get(starts.partition_point(|&start| start < from)) else {
            return self.skip(length);
        };
        let code = self.text[from..end].replace('\n', " ");
        // One blank on either side lets code begin or end with a backtick.
        let inner = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
        let code = match inner {
            Some(inner) if !inner.trim().is_empty() => inner.to_owned(),
            _ => code,
        };
        self.emit(end + length - self.at, removed::inlines(&code, Inline::Code).into_iter().map(Token::Done))
    }

    /// Words that stand for something else; the text was [`removed::paired`].
    fn removed(&mut self) -> bool {
        let words = &self.rest()[REMOVED_BEGIN.len_utf8()..];
        let Some(end) = words.find(REMOVED_END) else { return false };
        let (token, length) = (Token::Done(Inline::Removed(words[..end].to_owned())), end);
        self.emit(REMOVED_BEGIN.len_utf8() + length + REMOVED_END.len_utf8(), [token])
    }

    fn mark(&mut self, c: char) -> bool {
        let length = run(self.rest(), c);
        let before = self.before();
        let after = self.rest()[length..].chars().next();
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        // `2*3*4` and `a**b` are no markup; scripts without blanks between words may have it anywhere.
        let opens = !blank(after) && !word(before);
        let closes = !blank(before) && !word(after);
        let token = |sort| Token::Mark { sort, opens, closes };
        match (c, length) {
            ('*', 1) => self.emit(length, [token(Sort::Emphasis)]),
            ('*', 2) => self.emit(length, [token(Sort::Strong)]),
            ('*', 3) if closes => self.emit(length, [token(Sort::Emphasis), token(Sort::Strong)]),
            ('*', 3) => self.emit(length, [token(Sort::Strong), token(Sort::Emphasis)]),
            ('~', 2) => self.emit(length, [token(Sort::Strike)]),
            _ => self.skip(length),
        }
    }

    fn mention(&mut self) -> bool {
        if self.before().is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '_' | '.' | '-')) {
            return false;
        }
        let body = &self.rest()[1..];
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let end = body.find(|c| !allowed(c)).unwrap_or(body.len());
        let next = body[end..].chars().next();
        // `@anna@example.org` and `@annä` are no handles.
        let whole =
            body[..end].find("..").is_some() || !next.is_some_and(|c| c.is_alphanumeric() || c == '@');
        let typed = body[..end].split("..").next().unwrap_or_default().trim_end_matches(['.', '-', '_']);
        if !whole || !typed.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return self.skip(1 + end);
        }
        let (length, text) = (1 + typed.len(), format!("@{typed}"));
        let handle = typed.to_ascii_lowercase();
        self.emit(length, [Token::Done(Inline::Mention { handle, text })])
    }

    fn link(&mut self) -> bool {
        if self.before().is_some_and(char::is_alphanumeric) {
            return false;
        }
        let rest = self.rest();
        let scheme = ["https://", "http://", "mailto:"]
            .into_iter()
            .find(|scheme| rest.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
        let Some(scheme) = scheme else { return false };
        let body = &rest[scheme.len()..];
        let end = body.char_indices().take(MAX_ADDRESS + 1).find(|(_, c)| ends_address(*c));
        let end = end.map_or(body.len(), |(end, _)| end);
        if body[..end].chars().nth(MAX_ADDRESS).is_some() {
            return self.skip(scheme.len());
        }
        let body = trim_address(&body[..end]);
        if !(if scheme == "mailto:" { is_mail(body) } else { has_host(body) }) {
            return self.skip(scheme.len());
        }
        let length = scheme.len() + body.len();
        let (url, text) = (format!("{scheme}{body}"), rest[..length].to_owned());
        self.emit(length, [Token::Done(Inline::Link { url, text })])
    }
}

/// A longer address is shown, not linked; so looking for the end of many addresses stays cheap.
const MAX_ADDRESS: usize = 2_000;

/// Characters no address contains as typed. A backslash would be read as `/` by a browser; invisible
/// direction marks would make an address look like another.
fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '`' | '\\' | '\u{61c}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Leaves out the punctuation behind an address, and closing brackets that were not opened in it.
fn trim_address(body: &str) -> &str {
    let mut body = body;
    let count = |body: &str, c: char| body.matches(c).count();
    let mut open = [('(', ')'), ('[', ']'), ('{', '}')].map(|(a, z)| (z, count(body, a), count(body, z)));
    while let Some(last) = body.chars().next_back() {
        if let Some((_, opened, closed)) = open.iter_mut().find(|(z, ..)| *z == last) {
            if *opened >= *closed {
                break;
            }
            *closed -= 1;
        } else if let Some((_, opened, _)) = open.iter_mut().find(|(z, ..)| opening(*z) == last) {
            *opened -= 1;
        } else if !is_trailing(last) {
            break;
        }
        body = &body[..body.len() - last.len_utf8()];
    }
    body
}

fn opening(closing: char) -> char {
    match closing {
        ')' => '(',
        ']' => '[',
        _ => '{',
    }
}

fn is_trailing(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '\''
            | '*'
            | '_'
            | '~'
            | '|'
            | '…'
            | '。'
            | '，'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '）'
            | '」'
            | '』'
            | '’'
            | '”'
            | '»'
            | '›'
    )
}

/// A host, and no `user@` before it: `https://bank.example@evil.example` is not what it looks like.
fn has_host(body: &str) -> bool {
    let authority = body.split(['/', '?', '#']).next().unwrap_or_default();
    authority.starts_with(|c: char| c.is_alphanumeric() || c == '[') && !authority.contains('@')
}

fn is_mail(body: &str) -> bool {
    let address = body.split('?').next().unwrap_or_default();
    address.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.starts_with(char::is_alphanumeric) && !host.contains('@')
    })
}

/// For each token the index of the one it is paired with, if any.
fn pair(tokens: &[Token]) -> Vec<Option<usize>> {
    let mut partner = vec![None; tokens.len()];
    let mut open: Vec<(Sort, usize)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let Token::Mark { sort, opens, closes } = token else { continue };
        let begun = open.iter().position(|(other, _)| other == sort);
        match begun {
            Some(place) if *closes => {
                let start = open[place].1;
                partner[start] = Some(index);
                partner[index] = Some(start);
                open.truncate(place);
            }
            Some(place) if *opens => {
                // The nearer of two beginnings counts.
                open.remove(place);
                open.push((*sort, index));
            }
            None if *opens => open.push((*sort, index)),
            _ => {}
        }
    }
    partner
}

fn build(tokens: &[Token], partner: &[Option<usize>], from: usize, to: usize) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut at = from;
    while at < to {
        match &tokens[at] {
            Token::Done(inline) => out.push(inline.clone()),
            Token::Text(text) => push_text(&mut out, text),
            Token::Mark { sort, .. } => match partner[at] {
                Some(end) if end > at => {
                    let inner = build(tokens, partner, at + 1, end);
                    out.push(match sort {
                        Sort::Strong => Inline::Strong(inner),
                        Sort::Emphasis => Inline::Emphasis(inner),
                        Sort::Strike => Inline::Strike(inner),
                    });
                    at = end;
                }
                _ => push_text(&mut out, sort.mark()),
            },
        }
        at += 1;
    }
    out
}

fn push_text(out: &mut Vec<Inline>, text: &str) {
    if let Some(Inline::Text(last)) = out.last_mut() {
        last.push_str(text);
    } else {
        out.push(Inline::Text(text.to_owned()));
    }
}
