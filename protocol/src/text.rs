//! Message text: plain Unicode with a small subset of CommonMark, stored as typed.
//!
//! [`parse`] makes a tree that chat, console and exports render; there is no HTML anywhere. What must stay
//! true: it never fails, takes about linear time, nests a bounded number of levels, and loses no visible
//! character (what disappears is markup: `*`, `~`, `` ` ``, `>`, bullets, and white space around them).
//!
//! The subset: paragraphs in which a newline is a line break, `**bold**`, `*italic*`, `~~strike~~`,
//! `` `code` ``, fenced code blocks, `> quotes`, lists (`-`, `*`, `+` or `1.`, one level of nesting),
//! addresses beginning with `http://`, `https://` or `mailto:`, and `@mentions`. There are no backslash
//! escapes (they would eat `\\server\share`) and no `[text](address)`: an address is always shown as it is.
//!
//! Words between [`REMOVED_BEGIN`] and [`REMOVED_END`] stand for what a rule took out ([`Inline::Removed`]). Neither of the
//! two characters is left anywhere in the tree; one without the other disappears. `removed` has what is done with them.
//!
//! [`check_text`] and its sisters say what the server accepts. Blocks are read in `block`, the inside of a
//! paragraph in `inline`.

mod block;
mod check;
mod inline;
mod removed;
#[cfg(test)]
mod tests;

pub use check::{
    MAX_USERNAME_CHARS, TextProblem, check_draft, check_name, check_text, check_topic, check_username, tidy,
};
pub use removed::{Stretch, stretches, typeable};

use crate::acceptable_use::{REMOVED_BEGIN, REMOVED_END};

/// A parsed text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a text that stands on lines of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// Quoted blocks; quotes nest at most [`MAX_QUOTES`] deep.
    Quote(Vec<Block>),
    /// A list.
    List(List),
    /// A fenced code block: shown in a fixed pitch, nothing in it is markup.
    Code {
        /// What was typed behind the opening fence, often a language; may be empty.
        language: String,
        /// The lines, joined with `\n`, without a last newline. Nothing but [`Inline::Text`] and [`Inline::Removed`].
        content: Vec<Inline>,
    },
}

/// How deep quotes nest; a `>` beyond is shown as typed.
pub const MAX_QUOTES: usize = 4;

/// A list, whose items may hold one more list each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Number of the first item; absent for bullets. Numbers go up by one, as they were typed.
    pub start: Option<u32>,
    /// At least one.
    pub items: Vec<Item>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its text.
    pub content: Vec<Inline>,
    /// Lists below it; theirs have none.
    pub children: Vec<List>,
}

/// A part of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// As typed, without newlines.
    Text(String),
    /// A line break.
    Break,
    /// Bold.
    Strong(Vec<Inline>),
    /// Italic.
    Emphasis(Vec<Inline>),
    /// Struck through.
    Strike(Vec<Inline>),
    /// Fixed pitch; nothing in it is markup.
    Code(String),
    /// An address. What is shown is the address itself, as typed.
    Link {
        /// Begins with `http://`, `https://` or `mailto:` in lower case.
        url: String,
        /// As typed.
        text: String,
    },
    /// A person by handle; whether there is such a person is not known here.
    Mention {
        /// In lower case, without `@`.
        handle: String,
        /// As typed, with `@`.
        text: String,
    },
    /// These words stand for what a rule took out.
    Removed(String),
}

/// Reads a text. Never fails: what is no markup is text.
pub fn parse(text: &str) -> Document {
    let text = removed::paired(&text.replace("\r\n", "\n").replace('\r', "\n"));
    let lines: Vec<&str> = text.split('\n').collect();
    Document { blocks: block::blocks(&lines, 0) }
}

/// The handles mentioned: lower case, each once, in order of first appearance.
pub fn mentions(text: &str) -> Vec<String> {
    let mut handles: Vec<String> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    parse(text).each_inline(&mut |inline| {
        if let Inline::Mention { handle, .. } = inline
            && seen.insert(handle.clone())
        {
            handles.push(handle.clone());
        }
    });
    handles
}

/// The text on one line, without markup: for previews and notifications. Never empty for a text that
/// [`check_text`] accepts.
pub fn plain(text: &str) -> String {
    removed::bare(preview(text))
}

/// As [`plain`], for views that show what was taken out as such: [`stretches`] finds it.
pub fn preview(text: &str) -> String {
    let line = one_line(&parse(text).lines());
    if line.is_empty() { one_line(text) } else { line }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Document {
    /// Everything a reader sees, with a newline between lines; numbers of lists and languages of code included.
    pub fn visible(&self) -> String {
        removed::bare(self.lines())
    }

    /// The same, with the characters around what was taken out.
    fn lines(&self) -> String {
        let mut out = String::new();
        visible_blocks(&self.blocks, &mut out);
        out
    }

    /// Visits every inline part, outer ones before inner ones, in reading order.
    pub fn each_inline(&self, visit: &mut dyn FnMut(&Inline)) {
        each_in_blocks(&self.blocks, visit);
    }
}

impl Inline {
    /// Visits this part and what is in it.
    fn each(&self, visit: &mut dyn FnMut(&Inline)) {
        visit(self);
        if let Self::Strong(inner) | Self::Emphasis(inner) | Self::Strike(inner) = self {
            inner.iter().for_each(|inline| inline.each(visit));
        }
    }
}

fn each_in_blocks(blocks: &[Block], visit: &mut dyn FnMut(&Inline)) {
    for block in blocks {
        match block {
            Block::Paragraph(inner) => inner.iter().for_each(|inline| inline.each(visit)),
            Block::Quote(inner) => each_in_blocks(inner, visit),
            Block::List(list) => each_in_list(list, visit),
            Block::Code { .. } => {}
        }
    }
}

fn each_in_list(list: &List, visit: &mut dyn FnMut(&Inline)) {
    for item in &list.items {
        item.content.iter().for_each(|inline| inline.each(visit));
        item.children.iter().for_each(|child| each_in_list(child, visit));
    }
}

fn visible_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(inner) => visible_inline(inner, out),
            Block::Quote(inner) => visible_blocks(inner, out),
            Block::List(list) => visible_list(list, out),
            Block::Code { language, content } => {
                out.push_str(language);
                out.push('\n');
                visible_inline(content, out);
            }
        }
        out.push('\n');
    }
}

fn visible_list(list: &List, out: &mut String) {
    for (index, item) in list.items.iter().enumerate() {
        if let Some(start) = list.start {
            out.push_str(&format!("{}. ", u64::from(start) + index as u64));
        }
        visible_inline(&item.content, out);
        out.push('\n');
        item.children.iter().for_each(|child| visible_list(child, out));
    }
}

fn visible_inline(inner: &[Inline], out: &mut String) {
    for inline in inner {
        match inline {
            Inline::Text(text)
            | Inline::Code(text)
            | Inline::Link { text, .. }
            | Inline::Mention { text, .. } => {
                out.push_str(text);
            }
            Inline::Removed(words) => {
                out.push(REMOVED_BEGIN);
                out.push_str(words);
                out.push(REMOVED_END);
            }
            Inline::Break => out.push('\n'),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => {
                visible_inline(inner, out);
            }
        }
    }
}
