//! A text with what rules matched in it.

use chancery_protocol::search::Span;
use chancery_ui_kit::marked::pieces;
use leptos::prelude::*;

/// The text; `spans` are pairs of byte offsets. Places that touch or overlap are one.
pub fn hits(text: &str, spans: &[(u32, u32)]) -> AnyView {
    let mut spans: Vec<(u32, u32)> = spans.to_vec();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for (start, end) in spans {
        match joined.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => joined.push(Span { start, end }),
        }
    }
    let piece = |piece: chancery_ui_kit::marked::Piece| {
        if piece.marked {
            view! { <mark class="text-mark text-mark-hit">{piece.text}</mark> }.into_any()
        } else {
            piece.text.into_any()
        }
    };
    let all = pieces(text, &joined).into_iter().map(piece).collect_view();
    view! { <bdi class="marked hits-text">{all}</bdi> }.into_any()
}
