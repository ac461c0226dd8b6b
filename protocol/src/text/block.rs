//! Lines to blocks.

use super::inline::inlines;
use super::removed::{bare, inlines as pieces};
use super::{Block, Inline, Item, List, MAX_QUOTES};

const FENCE: &str = "```";

/// Reads lines from top to bottom; `quotes` is how many quotes are around them.
pub(super) fn blocks(lines: &[&str], quotes: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rest = lines;
    while let Some(first) = rest.first() {
        if first.trim().is_empty() {
            rest = &rest[1..];
            continue;
        }
        let (block, used) = if let Some(language) = fence(first) {
            code(rest, language)
        } else if quotes < MAX_QUOTES && unquote(first).is_some() {
            quote(rest, quotes)
        } else if let Some(marker) = marker(first) {
            list(rest, marker)
        } else {
            paragraph(rest, quotes)
        };
        blocks.push(block);
        rest = &rest[used..];
    }
    blocks
}

/// What stands behind an opening fence.
fn fence(line: &str) -> Option<&str> {
    let language = line.trim().strip_prefix(FENCE)?;
    (!language.contains('`')).then(|| language.trim())
}

fn code(lines: &[&str], language: &str) -> (Block, usize) {
    let body = &lines[1..];
    let end = body.iter().position(|line| line.trim() == FENCE);
    let text = body[..end.unwrap_or(body.len())].join("\n");
    let used = end.map_or(lines.len(), |end| end + 2);
    (Block::Code { language: bare(language.to_owned()), content: pieces(&text, Inline::Text) }, used)
}

/// The line without its quote mark.
fn unquote(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('>')?;
    Some(inner.strip_prefix(' ').unwrap_or(inner))
}

fn quote(lines: &[&str], quotes: usize) -> (Block, usize) {
    let inner: Vec<&str> = lines.iter().map_while(|line| unquote(line)).collect();
    (Block::Quote(blocks(&inner, quotes + 1)), inner.len())
}

fn paragraph(lines: &[&str], quotes: usize) -> (Block, usize) {
    let ends = |line: &&str| {
        line.trim().is_empty()
            || fence(line).is_some()
            || (quotes < MAX_QUOTES && unquote(line).is_some())
            || marker(line).is_some()
    };
    // The first line is text whatever it looks like: that is why we are here.
    let used = 1 + lines[1..].iter().take_while(|line| !ends(line)).count();
    (Block::Paragraph(inlines(&lines[..used].join("\n"))), used)
}

/// The mark at the beginning of an item.
#[derive(Clone, Copy)]
struct Marker<'a> {
    /// Columns of white space before it.
    indent: usize,
    /// Absent for a bullet.
    number: Option<u32>,
    /// What stands behind it.
    text: &'a str,
}

fn marker(line: &str) -> Option<Marker<'_>> {
    let body = line.trim_start_matches([' ', '\t']);
    let indent = columns(&line[..line.len() - body.len()]);
    let (number, text) = match body.strip_prefix(['-', '*', '+']) {
        Some(text) => (None, text),
        None => {
            let (digits, text) = body.split_once('.')?;
            (Some(item_number(digits)?), text)
        }
    };
    let item = text.strip_prefix([' ', '\t'])?.trim();
    (!item.is_empty()).then_some(Marker { indent, number, text: item })
}

/// Only a number that is shown as it was typed: no sign, no leading zero, no overflow.
fn item_number(digits: &str) -> Option<u32> {
    let plain = (1..=9).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    if plain { digits.parse().ok() } else { None }
}

fn columns(white: &str) -> usize {
    white.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// An item while its lines are gathered.
struct Open {
    number: Option<u32>,
    lines: Vec<String>,
    children: Vec<OpenList>,
}

struct OpenList {
    items: Vec<Open>,
}

impl OpenList {
    /// Whether an item with this mark goes on with the list: same sort, next number.
    fn takes(&self, number: Option<u32>) -> bool {
        match (self.items.last().and_then(|item| item.number), number) {
            (None, None) => true,
            (Some(last), Some(next)) => last.checked_add(1) == Some(next),
            _ => false,
        }
    }

    fn close(self) -> List {
        let start = self.items.first().and_then(|item| item.number);
        List { start, items: self.items.into_iter().map(Open::close).collect() }
    }
}

impl Open {
    fn new(marker: &Marker<'_>) -> Self {
        Self { number: marker.number, lines: vec![marker.text.to_owned()], children: Vec::new() }
    }

    /// The item its next line belongs to: itself, or the last one below it.
    fn innermost(&mut self) -> &mut Open {
        if self.children.is_empty() {
            return self;
        }
        let Self { children, .. } = self;
        // Lists have at least one item.
        let last = children.len() - 1;
        let items = &mut children[last].items;
        let last = items.len() - 1;
        &mut items[last]
    }

    fn close(self) -> Item {
        Item {
            content: inlines(&self.lines.join("\n")),
            children: self.children.into_iter().map(OpenList::close).collect(),
        }
    }
}

/// Items that stand at least two columns deeper than the first go one level down; deeper ones too. An
/// indented line without a mark goes on with the item above it.
fn list(lines: &[&str], first: Marker<'_>) -> (Block, usize) {
    let mut list = OpenList { items: vec![Open::new(&first)] };
    let mut used = 1;
    for line in &lines[1..] {
        let marker = marker(line);
        let takes = marker.is_some_and(|marker| list.takes(marker.number));
        let last = list.items.len() - 1;
        let item = &mut list.items[last];
        match marker {
            Some(marker) if marker.indent >= first.indent + 2 => match item.children.last_mut() {
                Some(list) if list.takes(marker.number) => list.items.push(Open::new(&marker)),
                _ => item.children.push(OpenList { items: vec![Open::new(&marker)] }),
            },
            Some(marker) if takes => list.items.push(Open::new(&marker)),
            None if line.starts_with("  ") && !line.trim().is_empty() && fence(line).is_none() => {
                item.innermost().lines.push(line.trim().to_owned());
            }
            _ => break,
        }
        used += 1;
    }
    (Block::List(list.close()), used)
}
