//! Filters (RFC 7644, section 3.4.2.2) as a tree, how they print, and which of them an index can answer.

use std::fmt::{self, Display, Formatter};

use serde_json::{Number, Value};

use super::coerce;
use super::error::Error;
use super::filter_parse;
use super::instant;
use super::path::Place;
use super::schema::{Kind, Type, fold};

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Op {
    pub(super) const ALL: [Self; 9] =
        [Self::Eq, Self::Ne, Self::Co, Self::Sw, Self::Ew, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

/// What is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Boolean(bool),
    Number(Number),
    Null,
}

/// The attribute a term is about. One the resource does not have is a term about nothing, not an error: the same
/// filter may be put to users and groups at once.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    pub text: String,
    pub place: Option<Place>,
}

/// A part of a filter. `And` and `Or` have two parts at least.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Present(Target),
    Compare(Target, Op, Literal),
    /// One and the same value of a multi-valued attribute fits all of it. Targets within are parts of that value.
    Within(Target, Box<Node>),
}

/// A filter that has been read and makes sense for a kind of resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    pub(super) kind: Kind,
    pub(super) node: Node,
}

/// Attributes that single resources are looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// `id`; case counts.
    Id,
    /// `externalId`; case counts.
    ExternalId,
    /// `userName`; folded.
    UserName,
    /// `displayName`; folded.
    DisplayName,
    /// `emails.value`; folded.
    Email,
    /// `members.value` of a group; case counts.
    Member,
    /// `groups.value` of a user; case counts.
    Group,
}

/// What every resource the filter fits has: a short list to begin with, if there is an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Where.
    pub field: Field,
    /// What; already through [`fold`] where the field is folded.
    pub value: String,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// `invalidFilter`: cannot be read, is too long, too deep or has too many terms, or compares what cannot be
    /// compared that way.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, Error> {
        Ok(Self { kind, node: filter_parse::parse(kind, text)? })
    }

    /// The look-up an index can answer, if the filter is one, or has one among terms that must all be true. What is
    /// found that way still has to be put to [`Self::matches`].
    pub fn lookup(&self) -> Option<Lookup> {
        lookup(&self.node, None)
    }
}

fn lookup(node: &Node, outer: Option<&Target>) -> Option<Lookup> {
    match node {
        Node::And(parts) => parts.iter().find_map(|part| lookup(part, outer)),
        Node::Within(target, inner) => lookup(inner, Some(target)),
        Node::Compare(target, Op::Eq, Literal::Text(value)) => {
            let place = target.place?;
            let name = match outer {
                Some(outer) => format!("{}.{}", outer.text, target.text),
                None => place.canonical(),
            };
            let field = match name.as_str() {
                "id" => Field::Id,
                "externalId" => Field::ExternalId,
                "userName" => Field::UserName,
                "displayName" => Field::DisplayName,
                "emails.value" => Field::Email,
                "members.value" => Field::Member,
                "groups.value" => Field::Group,
                _ => return None,
            };
            let value = if place.leaf().case_exact { value.clone() } else { fold(value) };
            Some(Lookup { field, value })
        }
        _ => None,
    }
}

/// Makes a term of its parts, if they go together.
pub(super) fn comparison(target: Target, op: Op, literal: Literal) -> Result<Node, Error> {
    let Some(place) = target.place else { return Ok(Node::Compare(target, op, literal)) };
    let wrong = |what: &str| Error::filter(format!("{} {}: {what}", target.text, op.as_str()));
    if literal == Literal::Null {
        if matches!(op, Op::Eq | Op::Ne) {
            return Ok(Node::Compare(target, op, literal));
        }
        return Err(wrong("null has no order and no parts"));
    }
    let place = place.comparable().ok_or_else(|| wrong("name a part of it to compare"))?;
    let ordered = matches!(op, Op::Gt | Op::Ge | Op::Lt | Op::Le);
    let equality = matches!(op, Op::Eq | Op::Ne);
    let literal = match (place.leaf().kind, literal) {
        (Type::Boolean, _) if !equality => return Err(wrong("true and false have no order and no parts")),
        (Type::Boolean, Literal::Boolean(value)) => Literal::Boolean(value),
        (Type::Boolean, Literal::Text(text)) => {
            Literal::Boolean(coerce::boolean(&text).ok_or_else(|| wrong("takes true or false"))?)
        }
        (Type::DateTime, Literal::Text(text)) if equality || ordered => {
            if instant::parse(&text).is_none() {
                return Err(wrong("takes a moment such as 2011-05-13T04:42:34Z"));
            }
            Literal::Text(text)
        }
        (Type::DateTime, _) => return Err(wrong("moments are compared with moments")),
        (Type::String | Type::Reference, Literal::Text(text)) => Literal::Text(text),
        _ => return Err(wrong("takes text in double quotes")),
    };
    let whole = target.place.is_some_and(|given| given.sub.is_none()) && place.sub.is_some();
    let text = if whole { format!("{}.value", target.text) } else { target.text };
    Ok(Node::Compare(Target { text, place: Some(place) }, op, literal))
}

/// The terms `x eq y`, if the filter is nothing but those, all of them true at once: what a value that fits would be.
pub(super) fn equalities(node: &Node) -> Option<Vec<(&Place, Value)>> {
    match node {
        Node::Compare(target, Op::Eq, literal) => {
            let value = match literal {
                Literal::Text(text) => Value::String(text.clone()),
                Literal::Boolean(flag) => Value::Bool(*flag),
                Literal::Number(_) | Literal::Null => return None,
            };
            Some(vec![(target.place.as_ref()?, value)])
        }
        Node::And(parts) => {
            let found = parts.iter().map(equalities).collect::<Option<Vec<_>>>()?;
            Some(found.into_iter().flatten().collect())
        }
        _ => None,
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => joined(f, parts, " and ", |part| matches!(part, Self::And(_) | Self::Or(_))),
            Self::Or(parts) => joined(f, parts, " or ", |part| matches!(part, Self::Or(_))),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Present(target) => write!(f, "{} pr", target.text),
            Self::Compare(target, op, literal) => write!(f, "{} {} {literal}", target.text, op.as_str()),
            Self::Within(target, inner) => write!(f, "{}[{inner}]", target.text),
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Node], word: &str, grouped: impl Fn(&Node) -> bool) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(word)?;
        }
        if grouped(part) {
            write!(f, "({part})")?;
        } else {
            write!(f, "{part}")?;
        }
    }
    Ok(())
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", Value::String(text.clone())),
            Self::Boolean(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Null => f.write_str("null"),
        }
    }
}
