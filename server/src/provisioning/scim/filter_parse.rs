//! Reads filters: a descent over the text with a bound on length, depth and terms.

use serde_json::Value;

use super::error::Error;
use super::filter::{Literal, Node, Op, Target, comparison};
use super::path::{self, Found, Place};
use super::schema::{Attribute, Kind};

/// Longest filter, in bytes.
pub(super) const MAX_LENGTH: usize = 8_192;
/// Deepest nesting of parentheses, brackets and `not`.
pub(super) const MAX_DEPTH: usize = 16;
/// Most comparisons.
pub(super) const MAX_TERMS: usize = 100;

/// Reads a whole filter.
pub(super) fn parse(kind: Kind, text: &str) -> Result<Node, Error> {
    let mut parser = Parser::new(Scope::Resource(kind), text)?;
    let node = parser.any_of(0)?;
    parser.end()?;
    Ok(node)
}

/// Reads what stands in the brackets of `emails[…].value`, from behind the opening one, and gives what follows the
/// closing one.
pub(super) fn parse_within<'a>(
    attribute: &'static Attribute,
    text: &'a str,
) -> Result<(Node, &'a str), Error> {
    let mut parser = Parser::new(Scope::Value(attribute), text)?;
    let node = parser.any_of(0)?;
    parser.expect(']')?;
    Ok((node, parser.rest))
}

/// What names are looked up in.
#[derive(Clone, Copy)]
enum Scope {
    Resource(Kind),
    Value(&'static Attribute),
}

struct Parser<'a> {
    scope: Scope,
    rest: &'a str,
    length: usize,
    terms: usize,
}

impl<'a> Parser<'a> {
    fn new(scope: Scope, text: &'a str) -> Result<Self, Error> {
        if text.len() > MAX_LENGTH {
            return Err(Error::filter(format!("longer than {MAX_LENGTH} bytes")));
        }
        Ok(Self { scope, rest: text, length: text.len(), terms: 0 })
    }

    fn wrong(&self, what: &str) -> Error {
        Error::filter(format!("{what} at byte {}", self.length - self.rest.len()))
    }

    fn any_of(&mut self, depth: usize) -> Result<Node, Error> {
        let first = self.all_of(depth)?;
        let mut parts = vec![first];
        while self.keyword("or") {
            parts.push(self.all_of(depth)?);
        }
        Ok(one_or(parts, Node::Or))
    }

    fn all_of(&mut self, depth: usize) -> Result<Node, Error> {
        let first = self.term(depth)?;
        let mut parts = vec![first];
        while self.keyword("and") {
            parts.push(self.term(depth)?);
        }
        Ok(one_or(parts, Node::And))
    }

    fn term(&mut self, depth: usize) -> Result<Node, Error> {
        if depth >= MAX_DEPTH {
            return Err(self.wrong("nested too deep"));
        }
        if self.take('(') {
            let inner = self.any_of(depth + 1)?;
            self.expect(')')?;
            return Ok(inner);
        }
        if self.negation() {
            self.expect('(')?;
            let inner = self.any_of(depth + 1)?;
            self.expect(')')?;
            return Ok(Node::Not(Box::new(inner)));
        }
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(self.wrong("too many comparisons"));
        }
        let name = self.name()?;
        let target = self.target(name);
        if self.rest.starts_with('[') { self.within(target, depth) } else { self.compare(target) }
    }

    /// `emails[…]`; also `emails[…].value eq "…"`, which one identity provider sends to look people up.
    fn within(&mut self, target: Target, depth: usize) -> Result<Node, Error> {
        let (Scope::Resource(_), Some(place)) = (self.scope, target.place) else {
            return Err(self.wrong("brackets belong behind an attribute with several values"));
        };
        if !place.attribute.multi_valued || place.sub.is_some() || place.attribute.subs.is_empty() {
            return Err(self.wrong("brackets belong behind an attribute with several values"));
        }
        self.expect('[')?;
        let outer = std::mem::replace(&mut self.scope, Scope::Value(place.attribute));
        let mut inner = self.any_of(depth + 1)?;
        self.expect(']')?;
        if let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest;
            self.terms += 1;
            let name = self.name()?;
            let part = self.target(name);
            inner = Node::And(vec![inner, self.compare(part)?]);
        }
        self.scope = outer;
        Ok(Node::Within(target, Box::new(inner)))
    }

    fn compare(&mut self, target: Target) -> Result<Node, Error> {
        if self.keyword("pr") {
            return Ok(Node::Present(target));
        }
        let Some(op) = Op::ALL.into_iter().find(|op| self.keyword(op.as_str())) else {
            return Err(self.wrong("no operator"));
        };
        let literal = self.literal()?;
        comparison(target, op, literal)
    }

    fn target(&self, name: &str) -> Target {
        let place = match self.scope {
            Scope::Resource(kind) => match path::find(kind, name) {
                Found::Attribute(place) => Some(place),
                _ => None,
            },
            Scope::Value(attribute) => {
                attribute.sub(name).map(|sub| Place { extension: None, attribute: sub, sub: None })
            }
        };
        Target { text: place.map_or_else(|| name.to_owned(), |place| place.canonical()), place }
    }

    fn name(&mut self) -> Result<&'a str, Error> {
        self.space();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '_' | '$');
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$') {
            return Err(self.wrong("no attribute"));
        }
        self.rest = rest;
        Ok(name)
    }

    fn literal(&mut self) -> Result<Literal, Error> {
        self.space();
        let end = if self.rest.starts_with('"') {
            text_end(self.rest).ok_or_else(|| self.wrong("text without an end"))?
        } else {
            self.rest
                .find(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '(' | '['))
                .unwrap_or(self.rest.len())
        };
        let (token, rest) = self.rest.split_at(end);
        let literal = match serde_json::from_str(token) {
            Ok(Value::String(text)) => Literal::Text(text),
            Ok(Value::Bool(flag)) => Literal::Boolean(flag),
            Ok(Value::Number(number)) => Literal::Number(number),
            Ok(Value::Null) => Literal::Null,
            _ => match super::coerce::boolean(token) {
                Some(flag) => Literal::Boolean(flag),
                None => return Err(self.wrong("no value")),
            },
        };
        self.rest = rest;
        Ok(literal)
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes a word, if it stands here by itself.
    fn keyword(&mut self, word: &str) -> bool {
        self.space();
        let Some((front, rest)) = self.rest.split_at_checked(word.len()) else { return false };
        let ends =
            rest.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')' | ']' | '"'));
        if ends && front.eq_ignore_ascii_case(word) {
            self.rest = rest;
            return true;
        }
        false
    }

    /// Takes `not` before a parenthesis; elsewhere it might be an attribute.
    fn negation(&mut self) -> bool {
        let before = self.rest;
        if self.keyword("not") && self.rest.trim_start().starts_with('(') {
            return true;
        }
        self.rest = before;
        false
    }

    fn take(&mut self, sign: char) -> bool {
        self.space();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, sign: char) -> Result<(), Error> {
        if self.take(sign) { Ok(()) } else { Err(self.wrong(&format!("no {sign}"))) }
    }

    fn end(&mut self) -> Result<(), Error> {
        self.space();
        if self.rest.is_empty() { Ok(()) } else { Err(self.wrong("something more")) }
    }
}

fn one_or(mut parts: Vec<Node>, several: impl FnOnce(Vec<Node>) -> Node) -> Node {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            several(parts)
        }
    }
}

/// Where the quoted text at the beginning ends, its closing quote included.
fn text_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
