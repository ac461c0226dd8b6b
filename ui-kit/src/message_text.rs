//! Message text: the tree of `protocol` as elements. Never HTML from a string; every message is its own bidi world.

use chancery_protocol::person::Person;
use chancery_protocol::text::{Block, Inline, Item, List, parse};
use leptos::prelude::*;

use crate::dom;
use crate::marked::label;

/// A text; `people` are those it mentions.
pub fn message_text(text: &str, people: &[Person]) -> AnyView {
    blocks(&parse(text).blocks, people)
}

fn blocks(all: &[Block], people: &[Person]) -> AnyView {
    all.iter()
        .map(|block| match block {
            Block::Paragraph(inner) => view! { <p dir="auto">{inlines(inner, people)}</p> }.into_any(),
            Block::Quote(inner) => view! { <blockquote>{blocks(inner, people)}</blockquote> }.into_any(),
            Block::List(inner) => list(inner, people),
            Block::Code { content, .. } => {
                view! { <pre dir="ltr" tabindex="0"><code>{inlines(content, people)}</code></pre> }.into_any()
            }
        })
        .collect_view()
        .into_any()
}

fn list(list: &List, people: &[Person]) -> AnyView {
    let items = list.items.iter().map(|one| item(one, people)).collect_view();
    match list.start {
        Some(start) => view! { <ol start=start.to_string()>{items}</ol> }.into_any(),
        None => view! { <ul>{items}</ul> }.into_any(),
    }
}

fn item(item: &Item, people: &[Person]) -> AnyView {
    let children = item.children.iter().map(|child| list(child, people)).collect_view();
    view! { <li dir="auto">{inlines(&item.content, people)}{children}</li> }.into_any()
}

fn inlines(all: &[Inline], people: &[Person]) -> AnyView {
    all.iter().map(|one| inline(one, people)).collect_view().into_any()
}

fn is_own(url: &str) -> bool {
    url.strip_prefix(&dom::origin()).is_some_and(|path| path.starts_with("/chats/"))
}

fn inline(one: &Inline, people: &[Person]) -> AnyView {
    match one {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Removed(words) => label(words),
        Inline::Break => view! { <br /> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{inlines(inner, people)}</strong> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{inlines(inner, people)}</em> }.into_any(),
        Inline::Strike(inner) => view! { <s>{inlines(inner, people)}</s> }.into_any(),
        Inline::Code(text) => view! { <code>{text.clone()}</code> }.into_any(),
        // A link to a message of ours stays in this window.
        Inline::Link { url, text } if is_own(url) => view! {
            <a href=url.clone()><bdi>{text.clone()}</bdi></a>
        }
        .into_any(),
        Inline::Link { url, text } => view! {
            <a href=url.clone() target="_blank" rel="noopener noreferrer"><bdi>{text.clone()}</bdi></a>
        }
        .into_any(),
        Inline::Mention { handle, text } => match people.iter().find(|person| person.username == *handle) {
            Some(person) => view! {
                <span class="mention" title=format!("@{}", person.username)><bdi>{format!("@{}", person.name)}</bdi></span>
            }
            .into_any(),
            None => text.clone().into_any(),
        },
    }
}
