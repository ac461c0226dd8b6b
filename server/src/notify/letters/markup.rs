//! What somebody wrote, as plain text and as HTML, from the tree of `protocol`.

use chancery_protocol::text::{Block, Inline, List, parse};

use super::clean;
use super::html::{escape, style};

/// Plain text; every line begins with `> `, so that nothing in it can be taken for our own words.
pub(super) fn text(source: &str) -> String {
    let mut lines = String::new();
    text_blocks(&parse(&clean::text(source)).blocks, "", &mut lines);
    let lines = lines.trim_end().lines();
    lines.map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

fn text_blocks(blocks: &[Block], before: &str, out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(inner) => text_lines(&text_inline(inner), before, out),
            Block::Quote(inner) => text_blocks(inner, &format!("{before}> "), out),
            Block::List(list) => text_list(list, before, out),
            Block::Code { content, .. } => text_lines(&text_inline(content), &format!("{before}    "), out),
        }
    }
}

fn text_lines(text: &str, before: &str, out: &mut String) {
    for line in text.split('\n') {
        out.push_str(before);
        out.push_str(line);
        out.push('\n');
    }
}

fn text_list(list: &List, before: &str, out: &mut String) {
    for (at, item) in list.items.iter().enumerate() {
        let mark =
            list.start.map_or_else(|| "-".to_owned(), |start| format!("{}.", u64::from(start) + at as u64));
        text_lines(&format!("{mark} {}", text_inline(&item.content)), before, out);
        item.children.iter().for_each(|child| text_list(child, &format!("{before}  "), out));
    }
}

fn text_inline(inner: &[Inline]) -> String {
    inner
        .iter()
        .map(|inline| match inline {
            Inline::Text(text)
            | Inline::Code(text)
            | Inline::Link { text, .. }
            | Inline::Mention { text, .. } => text.clone(),
            Inline::Removed(words) => format!("[{words}]"),
            Inline::Break => "\n".to_owned(),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => text_inline(inner),
        })
        .collect()
}

/// HTML, every element with its own style.
pub(super) fn html(source: &str) -> String {
    let mut out = String::new();
    html_blocks(&parse(&clean::text(source)).blocks, &mut out);
    out
}

fn html_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(inner) => {
                out.push_str(&format!(
                    "<div dir=\"auto\" style=\"{}\">{}</div>",
                    style::PARAGRAPH,
                    html_inline(inner)
                ));
            }
            Block::Quote(inner) => {
                out.push_str(&format!("<blockquote style=\"{}\">", style::QUOTE));
                html_blocks(inner, out);
                out.push_str("</blockquote>");
            }
            Block::List(list) => html_list(list, out),
            Block::Code { content, .. } => {
                out.push_str(&format!(
                    "<pre dir=\"ltr\" style=\"{}\">{}</pre>",
                    style::BLOCK,
                    html_inline(content)
                ));
            }
        }
    }
}

fn html_list(list: &List, out: &mut String) {
    let (open, close) = match list.start {
        Some(start) => (format!("<ol start=\"{start}\" style=\"{}\">", style::LIST), "</ol>"),
        None => (format!("<ul style=\"{}\">", style::LIST), "</ul>"),
    };
    out.push_str(&open);
    for item in &list.items {
        out.push_str(&format!("<li dir=\"auto\">{}", html_inline(&item.content)));
        item.children.iter().for_each(|child| html_list(child, out));
        out.push_str("</li>");
    }
    out.push_str(close);
}

fn html_inline(inner: &[Inline]) -> String {
    inner
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) => escape(text),
            Inline::Code(text) => format!("<code style=\"{}\">{}</code>", style::CODE, escape(text)),
            Inline::Link { url, text } => {
                format!("<a href=\"{}\" style=\"{}\">{}</a>", escape(url), style::LINK, escape(text))
            }
            Inline::Mention { text, .. } => {
                format!("<span style=\"{}\">{}</span>", style::MENTION, escape(text))
            }
            Inline::Removed(words) => format!("<span style=\"{}\">{}</span>", style::REMOVED, escape(words)),
            Inline::Break => "<br>".to_owned(),
            Inline::Strong(inner) => format!("<strong>{}</strong>", html_inline(inner)),
            Inline::Emphasis(inner) => format!("<em>{}</em>", html_inline(inner)),
            Inline::Strike(inner) => format!("<s>{}</s>", html_inline(inner)),
        })
        .collect()
}
