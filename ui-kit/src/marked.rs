//! A piece of a text around what was found in it, with the places marked; and labels in place of what rules took out.

use chancery_protocol::search::Span;
use chancery_protocol::text::{Stretch, stretches};
use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// Characters before the first place, and behind it.
const BEFORE: usize = 80;
const BEHIND: usize = 240;

/// A stretch of text, and whether it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// As typed.
    pub text: String,
    /// Whether it is marked.
    pub marked: bool,
}

/// The whole text with its places marked. Spans that fit no text are left out.
pub fn pieces(text: &str, spans: &[Span]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for span in spans {
        let (start, end) = (span.start as usize, span.end as usize);
        let (Some(plain), Some(found)) = (text.get(done..start), text.get(start..end)) else { continue };
        push(&mut pieces, plain, false);
        push(&mut pieces, found, true);
        done = end;
    }
    push(&mut pieces, text.get(done..).unwrap_or_default(), false);
    pieces
}

/// As much of it as a line or two hold, around the first place. What was left out is three dots.
pub fn excerpt(text: &str, spans: &[Span]) -> Vec<Piece> {
    let first = spans.first().map_or(0, |span| span.start as usize);
    let (Some(before), Some(behind)) = (text.get(..first), text.get(first..)) else {
        return pieces(text, &[]);
    };
    let start = before.char_indices().rev().nth(BEFORE).map_or(0, |(at, _)| word_after(text, at, first));
    let end = behind.char_indices().nth(BEHIND).map_or(text.len(), |(at, _)| first + at);
    let moved: Vec<Span> = spans
        .iter()
        .filter(|span| span.end as usize <= end)
        .map(|span| Span { start: span.start - start as u32, end: span.end - start as u32 })
        .collect();
    let mut pieces = pieces(text.get(start..end).unwrap_or_default(), &moved);
    if start > 0 {
        pieces.insert(0, Piece { text: "… ".to_owned(), marked: false });
    }
    if end < text.len() {
        pieces.push(Piece { text: " …".to_owned(), marked: false });
    }
    pieces
}

/// Where the next word begins, not behind `limit`.
fn word_after(text: &str, at: usize, limit: usize) -> usize {
    let rest = text.get(at..limit).unwrap_or_default();
    let space = rest.char_indices().find(|(_, c)| c.is_whitespace());
    space.map_or(at, |(found, c)| at + found + c.len_utf8())
}

fn push(pieces: &mut Vec<Piece>, text: &str, marked: bool) {
    if !text.is_empty() {
        pieces.push(Piece { text: text.to_owned(), marked });
    }
}

/// The pieces.
#[component]
pub fn Marked(
    /// What is shown.
    pieces: Vec<Piece>,
    /// Whether a rule found them, and not a search.
    #[prop(optional)]
    hit: bool,
) -> impl IntoView {
    let class = if hit { "text-mark text-mark-hit" } else { "text-mark" };
    let piece = |piece: Piece| {
        if piece.marked {
            view! { <mark class=class>{labels(&piece.text)}</mark> }.into_any()
        } else {
            labels(&piece.text)
        }
    };
    view! { <bdi class="marked">{pieces.into_iter().map(piece).collect_view()}</bdi> }
}

/// A line of text, with labels in place of what rules took out.
pub fn labels(text: &str) -> AnyView {
    let one = |stretch: Stretch<'_>| match stretch {
        Stretch::Typed(text) => text.to_owned().into_any(),
        Stretch::Removed(words) => label(words),
    };
    stretches(text).into_iter().map(one).collect_view().into_any()
}

/// What stands in place of something that a rule took out.
pub fn label(words: &str) -> AnyView {
    view! { <span class="text-mark-redacted"><Glyph icon=Icon::Lock />{words.to_owned()}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[Piece]) -> String {
        let one = |piece: &Piece| {
            if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }
        };
        pieces.iter().map(one).collect()
    }

    fn span(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    #[test]
    fn places_are_marked_where_they_stand() {
        assert_eq!(shown(&pieces("the fee, the fee", &[span(4, 7), span(13, 16)])), "the [fee], the [fee]");
        assert_eq!(shown(&pieces("日本語の契約", &[span(12, 18)])), "日本語の[契約]");
        assert_eq!(shown(&pieces("plain", &[])), "plain");
    }

    #[test]
    fn spans_that_do_not_fit_are_left_out() {
        assert_eq!(shown(&pieces("é", &[span(1, 2)])), "é");
        assert_eq!(shown(&pieces("abc", &[span(2, 9)])), "abc");
        assert_eq!(shown(&excerpt("abc", &[span(7, 9)])), "abc");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_place() {
        let text = format!("{} fee {}", "word ".repeat(100).trim_end(), "more ".repeat(100));
        let at = u32::try_from(text.find("fee").unwrap()).unwrap();
        let shown = shown(&excerpt(&text, &[span(at, at + 3)]));
        assert!(shown.starts_with("… word word"), "{shown}");
        assert!(shown.contains("word [fee] more"), "{shown}");
        assert!(shown.ends_with(" …") && shown.chars().count() < 340, "{shown}");
    }
}
