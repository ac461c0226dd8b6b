//! A mail as HTML for programs of every age: tables for the frame, every style on its element, nothing fetched.
//!
//! Every text has its own colour and stands on a ground of its own, so that it can be read in whatever surroundings a
//! program puts it. The colours are the design's light ones, measured there against each other; the page claims no dark
//! look of its own, so that programs that turn light pages dark do so.

use super::Language;
use super::markup;
use super::sheet::{Look, Part, Sheet, TurnOff};

/// Styles of elements.
pub(super) mod style {
    macro_rules! sans {
        () => {
            "font-family:Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif;"
        };
    }
    macro_rules! mono {
        () => {
            "font-family:ui-monospace,'Cascadia Mono',Menlo,Consolas,'Liberation Mono',monospace;"
        };
    }

    pub(in super::super) const PAGE: &str =
        "margin:0;padding:0;background-color:#f3f5f5;color:#14242a;-webkit-text-size-adjust:100%;";
    pub(in super::super) const OUTER: &str = "width:100%;background-color:#f3f5f5;border-collapse:collapse;";
    pub(in super::super) const MARGIN: &str = "padding:20px 12px;";
    pub(in super::super) const CARD: &str =
        "width:100%;max-width:576px;margin:0 auto;border-collapse:separate;border-spacing:0;text-align:left;";
    pub(in super::super) const HEAD: &str = concat!(
        sans!(),
        "background-color:#0f2429;color:#ffffff;font-size:14px;line-height:20px;font-weight:600;padding:12px 20px;border-radius:10px 10px 0 0;"
    );
    pub(in super::super) const BODY: &str = concat!(
        sans!(),
        "background-color:#ffffff;color:#14242a;font-size:14px;line-height:20px;padding:20px 19px;border:1px solid #d6dede;border-top:0;border-radius:0 0 10px 10px;overflow-wrap:anywhere;word-break:break-word;"
    );
    pub(in super::super) const TITLE: &str =
        "margin:0 0 12px;font-size:20px;line-height:28px;font-weight:600;color:#14242a;";
    pub(in super::super) const HEADING: &str = "margin:20px 0 8px;padding:12px 0 0;border-top:1px solid #e6ebeb;font-size:16px;line-height:24px;font-weight:600;color:#14242a;";
    pub(in super::super) const WORDS: &str = "margin:0 0 12px;color:#14242a;";
    pub(in super::super) const FACT: &str = "margin:0 0 12px;color:#465960;";
    pub(in super::super) const VALUE: &str = "font-weight:600;color:#14242a;";
    pub(in super::super) const MESSAGE: &str =
        "margin:0 0 12px;padding:2px 0 2px 12px;border-left:3px solid #9bcdd4;";
    pub(in super::super) const AUTHOR: &str = "font-weight:600;color:#14242a;";
    pub(in super::super) const WHEN: &str = "font-size:12px;line-height:16px;color:#5a6b71;";
    pub(in super::super) const PARAGRAPH: &str =
        "margin:2px 0 0;text-align:start;font-size:15px;line-height:23px;color:#14242a;";
    pub(in super::super) const QUOTE: &str =
        "margin:6px 0;padding:0 0 0 10px;border-left:2px solid #d6dede;color:#465960;";
    pub(in super::super) const LIST: &str =
        "margin:4px 0;padding:0 0 0 24px;text-align:start;font-size:15px;line-height:23px;color:#14242a;";
    pub(in super::super) const BLOCK: &str = concat!(
        mono!(),
        "margin:6px 0;padding:8px 10px;background-color:#eef1f1;color:#14242a;border-radius:5px;font-size:14px;line-height:20px;white-space:pre-wrap;overflow-wrap:anywhere;"
    );
    pub(in super::super) const CODE: &str = concat!(
        mono!(),
        "padding:1px 4px;background-color:#eef1f1;color:#14242a;border-radius:3px;font-size:14px;"
    );
    pub(in super::super) const LINK: &str = "color:#0a5c69;text-decoration:underline;";
    pub(in super::super) const MENTION: &str =
        "padding:0 3px;background-color:#dceff1;color:#084f5a;border-radius:3px;";
    pub(in super::super) const REMOVED: &str =
        "padding:1px 6px;background-color:#26393f;color:#e3ebec;border-radius:3px;font-size:13px;";
    pub(in super::super) const ACT: &str = "margin:16px 0;";
    pub(in super::super) const BUTTON: &str = "display:inline-block;padding:10px 16px;background-color:#0b6673;color:#ffffff;border-radius:7px;font-weight:600;text-decoration:none;";
    pub(in super::super) const ADDRESS: &str =
        "margin:0 0 12px;font-size:13px;line-height:20px;color:#465960;";
    pub(in super::super) const FOOT: &str = concat!(
        sans!(),
        "padding:12px 20px 0;font-size:12px;line-height:16px;color:#465960;overflow-wrap:anywhere;word-break:break-word;"
    );
    pub(in super::super) const HIDDEN: &str =
        "display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;color:#f3f5f5;opacity:0;";
}

/// Foreign text as HTML, inside elements and between the quotes of attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Renders it; lines end in LF.
pub(super) fn render(sheet: &Sheet<'_>, organisation: &str, language: Language) -> String {
    let parts: String = sheet.parts.iter().map(part).collect();
    let foot: Vec<String> =
        sheet.foot.iter().map(|line| escape(line)).chain(sheet.off.iter().map(off)).collect();
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{subject}</title>\n</head>\n<body style=\"{page}\">\n<div style=\"{hidden}\">{preheader}</div>\n\
         <table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"{outer}\"><tr><td align=\"center\" style=\"{margin}\">\n\
         <table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"{card}\">\n\
         <tr><td style=\"{head}\">{organisation}</td></tr>\n\
         <tr><td style=\"{body}\">\n<h1 dir=\"auto\" style=\"{title_style}\">{title}</h1>\n{parts}</td></tr>\n\
         <tr><td style=\"{foot_style}\">{foot}</td></tr>\n</table>\n</td></tr></table>\n</body>\n</html>\n",
        lang = language.tag(),
        subject = escape(&sheet.subject),
        page = style::PAGE,
        hidden = style::HIDDEN,
        preheader = escape(&sheet.preheader),
        outer = style::OUTER,
        margin = style::MARGIN,
        card = style::CARD,
        head = style::HEAD,
        organisation = escape(organisation),
        body = style::BODY,
        title_style = style::TITLE,
        title = escape(&sheet.title),
        foot_style = style::FOOT,
        foot = foot.join("<br>\n"),
    )
}

fn off(off: &TurnOff) -> String {
    format!("<a href=\"{}\" style=\"{}\">{}</a>", escape(&off.url), style::LINK, escape(off.words))
}

fn part(part: &Part<'_>) -> String {
    match part {
        Part::Words(words) => format!("<p style=\"{}\">{}</p>\n", style::WORDS, escape(words)),
        Part::Heading(name) => {
            format!("<h2 dir=\"auto\" style=\"{}\">{}</h2>\n", style::HEADING, escape(name))
        }
        Part::Fact { name, value } => format!(
            "<p style=\"{}\">{}: <span style=\"{}\">{}</span></p>\n",
            style::FACT,
            escape(name),
            style::VALUE,
            escape(value)
        ),
        Part::Message { author, when, edited, text } => {
            let edited = edited.map(|word| format!(" · {}", escape(word))).unwrap_or_default();
            format!(
                "<div style=\"{}\"><bdi style=\"{}\">{}</bdi> <span style=\"{}\">{}{edited}</span>\n{}</div>\n",
                style::MESSAGE,
                style::AUTHOR,
                escape(author),
                style::WHEN,
                escape(when),
                markup::html(text)
            )
        }
        Part::Act { label, url, look } => act(&escape(label), &escape(url), *look),
    }
}

fn act(label: &str, url: &str, look: Look) -> String {
    let link = |style: &str| format!("<a href=\"{url}\" style=\"{style}\">{label}</a>");
    let (space, link) = match look {
        Look::Link => (style::WORDS, link(style::LINK)),
        Look::Button | Look::ButtonAndAddress => (style::ACT, link(style::BUTTON)),
    };
    let act = format!("<p style=\"{space}\">{link}</p>\n");
    match look {
        Look::ButtonAndAddress => format!("{act}<p style=\"{}\">{url}</p>\n", style::ADDRESS),
        Look::Button | Look::Link => act,
    }
}
