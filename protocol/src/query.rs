//! What people type to search, as a tree.
//!
//! ```text
//! or     = and { "OR" and }
//! and    = unary { [ "AND" ] unary }
//! unary  = ( "NOT" | "-" ) unary | "(" or ")" | "\"" phrase "\"" | word
//! ```
//! `AND`, `OR` and `NOT` count in capitals only; a hyphen says "not" only directly before something. Inside of a word
//! everything but blanks belongs to it: `main()`, `a-b`, `5"`. Typographic quotation marks are as good as straight ones.
//!
//! What must stay true: reading never panics; a tree that is printed and read again is the same tree.

use std::fmt;

/// Longest query, in characters.
pub const MAX_QUERY_CHARS: usize = 1_000;
/// Most words and phrases of one query.
pub const MAX_QUERY_LEAVES: usize = 50;
/// Deepest nesting of parentheses and negations.
const MAX_DEPTH: usize = 20;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// A word or a part of one.
    Word(String),
    /// Whole words, one after another.
    Phrase(String),
    /// Whatever does not match.
    Not(Box<Query>),
    /// All of these; at least two, none of them an `And`.
    And(Vec<Query>),
    /// Any of these; at least two, none of them an `Or`.
    Or(Vec<Query>),
}

/// What is wrong with a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// More than [`MAX_QUERY_CHARS`].
    TooLong,
    /// More than [`MAX_QUERY_LEAVES`] words, or too many parentheses in each other.
    TooComplex,
    /// A quotation mark is not closed.
    OpenQuote,
    /// A parenthesis is not closed.
    OpenParenthesis,
    /// A parenthesis is closed that was not opened.
    StrayParenthesis,
    /// Quotation marks or parentheses with nothing in them.
    Empty,
    /// `AND` or `OR` needs something on both sides, `NOT` something behind it.
    LonelyOperator,
}

impl Wrong {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Self::TooLong => "The query is longer than allowed.",
            Self::TooComplex => "The query has more parts than allowed.",
            Self::OpenQuote => "This quotation mark is not closed.",
            Self::OpenParenthesis => "This parenthesis is not closed.",
            Self::StrayParenthesis => "This parenthesis closes nothing.",
            Self::Empty => "There is nothing in here.",
            Self::LonelyOperator => "AND and OR need something on both sides, NOT something behind it.",
        }
    }
}

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryError {
    /// What.
    pub wrong: Wrong,
    /// At which byte of the text; the beginning of a character, or the end of the text.
    pub at: usize,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at {})", self.wrong.text(), self.at)
    }
}

impl std::error::Error for QueryError {}

/// Reads a query; nothing for blanks.
///
/// # Errors
/// What is wrong, and where.
pub fn parse(text: &str) -> Result<Option<Query>, QueryError> {
    if let Some((at, _)) = text.char_indices().nth(MAX_QUERY_CHARS) {
        return Err(QueryError { wrong: Wrong::TooLong, at });
    }
    let mut parser = Parser { pieces: pieces(text)?, next: 0, leaves: 0, end: text.len() };
    if parser.pieces.is_empty() {
        return Ok(None);
    }
    let query = parser.or(0)?;
    match parser.peek() {
        None => Ok(Some(query)),
        Some((_, at)) => Err(QueryError { wrong: Wrong::StrayParenthesis, at }),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Open,
    Close,
    Not,
    And,
    Or,
    Word(String),
    Phrase(String),
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}')
}

/// Cuts the text into pieces, each with the byte at which it begins.
fn pieces(text: &str) -> Result<Vec<(Piece, usize)>, QueryError> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at + c.len_utf8()..];
        let (piece, length) = match c {
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => {
                depth += 1;
                (Piece::Open, 1)
            }
            ')' => {
                depth = depth.checked_sub(1).ok_or(QueryError { wrong: Wrong::StrayParenthesis, at })?;
                (Piece::Close, 1)
            }
            '-' if rest
                .chars()
                .next()
                .is_some_and(|next| next != '-' && next != ')' && !next.is_whitespace()) =>
            {
                (Piece::Not, 1)
            }
            _ if is_quote(c) => {
                let end = rest.find(is_quote).ok_or(QueryError { wrong: Wrong::OpenQuote, at })?;
                let phrase = rest[..end].split_whitespace().collect::<Vec<_>>().join(" ");
                if phrase.is_empty() {
                    return Err(QueryError { wrong: Wrong::Empty, at });
                }
                let close = rest[end..].chars().next().map_or(0, char::len_utf8);
                (Piece::Phrase(phrase), c.len_utf8() + end + close)
            }
            _ => {
                let word = word(&text[at..], depth > 0);
                let piece = match word {
                    "AND" => Piece::And,
                    "OR" => Piece::Or,
                    "NOT" => Piece::Not,
                    _ => Piece::Word(word.to_owned()),
                };
                (piece, word.len())
            }
        };
        found.push((piece, at));
        at += length;
    }
    Ok(found)
}

/// The word at the beginning of `text`: up to a blank, or to a parenthesis that closes what stands around it.
fn word(text: &str, inside: bool) -> &str {
    let mut open = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            _ if c.is_whitespace() => return &text[..at],
            '(' => open += 1,
            ')' if open > 0 => open -= 1,
            ')' if inside => return &text[..at],
            _ => {}
        }
    }
    text
}

struct Parser {
    pieces: Vec<(Piece, usize)>,
    next: usize,
    leaves: usize,
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<(&Piece, usize)> {
        self.pieces.get(self.next).map(|(piece, at)| (piece, *at))
    }

    fn take(&mut self, wanted: &Piece) -> bool {
        let found = self.peek().is_some_and(|(piece, _)| piece == wanted);
        self.next += usize::from(found);
        found
    }

    fn or(&mut self, depth: usize) -> Result<Query, QueryError> {
        let mut any = Vec::new();
        push(&mut any, self.and(depth)?, |query| match query {
            Query::Or(inner) => Ok(inner),
            other => Err(other),
        });
        while self.take(&Piece::Or) {
            push(&mut any, self.and(depth)?, |query| match query {
                Query::Or(inner) => Ok(inner),
                other => Err(other),
            });
        }
        Ok(if any.len() > 1 { Query::Or(any) } else { any.swap_remove(0) })
    }

    fn and(&mut self, depth: usize) -> Result<Query, QueryError> {
        let mut all = Vec::new();
        loop {
            push(&mut all, self.unary(depth)?, |query| match query {
                Query::And(inner) => Ok(inner),
                other => Err(other),
            });
            let explicit = self.take(&Piece::And);
            match self.peek() {
                None | Some((Piece::Or | Piece::Close, _)) if !explicit => break,
                _ => {}
            }
        }
        Ok(if all.len() > 1 { Query::And(all) } else { all.swap_remove(0) })
    }

    fn unary(&mut self, depth: usize) -> Result<Query, QueryError> {
        let Some((piece, at)) = self.pieces.get(self.next).cloned() else {
            let at = self.pieces.last().map_or(self.end, |(_, at)| *at);
            return Err(QueryError { wrong: Wrong::LonelyOperator, at });
        };
        let wrong = |wrong| Err(QueryError { wrong, at });
        if depth >= MAX_DEPTH {
            return wrong(Wrong::TooComplex);
        }
        self.next += 1;
        match piece {
            Piece::Not => Ok(Query::Not(Box::new(self.unary(depth + 1)?))),
            Piece::Open => {
                if self.peek().is_none() {
                    return wrong(Wrong::OpenParenthesis);
                }
                if self.take(&Piece::Close) {
                    return wrong(Wrong::Empty);
                }
                let inner = self.or(depth + 1)?;
                if self.take(&Piece::Close) { Ok(inner) } else { wrong(Wrong::OpenParenthesis) }
            }
            Piece::Word(word) => self.leaf(Query::Word(word), at),
            Piece::Phrase(phrase) => self.leaf(Query::Phrase(phrase), at),
            Piece::And | Piece::Or | Piece::Close => wrong(Wrong::LonelyOperator),
        }
    }

    fn leaf(&mut self, leaf: Query, at: usize) -> Result<Query, QueryError> {
        self.leaves += 1;
        if self.leaves > MAX_QUERY_LEAVES {
            return Err(QueryError { wrong: Wrong::TooComplex, at });
        }
        Ok(leaf)
    }
}

/// Adds a query, or what is in it when it is of the same sort.
fn push(to: &mut Vec<Query>, query: Query, inner: fn(Query) -> Result<Vec<Query>, Query>) {
    match inner(query) {
        Ok(inner) => to.extend(inner),
        Err(query) => to.push(query),
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self, Around::Nothing))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    Or,
    And,
    Not,
}

fn print(query: &Query, around: Around) -> String {
    match query {
        Query::Word(word) => word.clone(),
        Query::Phrase(phrase) => format!("\"{phrase}\""),
        Query::Not(inner) => format!("NOT {}", print(inner, Around::Not)),
        Query::And(all) => {
            let inner: Vec<String> = all.iter().map(|query| print(query, Around::And)).collect();
            enclosed(inner.join(" "), matches!(around, Around::And | Around::Not))
        }
        Query::Or(any) => {
            let inner: Vec<String> = any.iter().map(|query| print(query, Around::Or)).collect();
            enclosed(inner.join(" OR "), around != Around::Nothing)
        }
    }
}

fn enclosed(inner: String, enclose: bool) -> String {
    if !enclose {
        return inner;
    }
    // A parenthesis directly behind a word with an open one would be taken for the word's.
    let last = inner.rsplit(char::is_whitespace).next().unwrap_or_default();
    let gap = if last.contains('(') { " " } else { "" };
    format!("({inner}{gap})")
}

#[cfg(test)]
mod tests;
