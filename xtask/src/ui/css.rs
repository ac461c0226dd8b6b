//! The style sheet of an interface: the files named in its `css/order.txt`, joined in that order without comments and
//! idle blank space. Nothing cleverer, so that what the browser shows is what somebody wrote.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Joins the style sheets; one path per line, relative to the repository's root.
pub fn collect(root: &Path, folder: &str) -> Result<String> {
    let order = root.join(folder).join("css/order.txt");
    let list = fs::read_to_string(&order).with_context(|| format!("reading {}", order.display()))?;
    let mut joined = String::new();
    for path in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let sheet = fs::read_to_string(root.join(path))
            .with_context(|| format!("reading {path}, which {folder}/css/order.txt names"))?;
        joined.push_str(&minify(&sheet).with_context(|| path.to_owned())?);
        joined.push('\n');
    }
    if joined.is_empty() {
        bail!("{folder}/css/order.txt names no style sheet");
    }
    Ok(joined)
}

/// Drops comments, and blank space where it cannot mean anything. Strings are left alone.
fn minify(sheet: &str) -> Result<String> {
    let mut out = String::with_capacity(sheet.len());
    let mut pending_space = false;
    let mut rest = sheet.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '/' && rest.peek() == Some(&'*') {
            skip_comment(&mut rest)?;
            pending_space = true;
        } else if c.is_whitespace() {
            pending_space = true;
        } else {
            let after_punctuation = out.chars().last().is_none_or(|last| "{};,".contains(last));
            if pending_space && !after_punctuation && !"{};,".contains(c) {
                out.push(' ');
            }
            pending_space = false;
            out.push(c);
            if c == '"' || c == '\'' {
                copy_string(c, &mut rest, &mut out)?;
            }
        }
    }
    Ok(out)
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn skip_comment(rest: &mut Rest<'_>) -> Result<()> {
    rest.next();
    let mut last = ' ';
    for c in rest.by_ref() {
        if last == '*' && c == '/' {
            return Ok(());
        }
        last = c;
    }
    bail!("a comment has no end")
}

fn copy_string(quote: char, rest: &mut Rest<'_>, out: &mut String) -> Result<()> {
    while let Some(c) = rest.next() {
        out.push(c);
        match c {
            '\\' => out.extend(rest.next()),
            '\n' => break,
            c if c == quote => return Ok(()),
            _ => {}
        }
    }
    bail!("a string has no end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_idle_space_go_and_meaning_stays() {
        let sheet = "/* a\n * b */\n.a > .b :hover,\n.c {\n  width: calc(1px + 2px);\n  margin: 0 auto;\n}\n@media (x) and (y) { a { b: c } }";
        assert_eq!(
            minify(sheet).unwrap(),
            ".a > .b :hover,.c{width: calc(1px + 2px);margin: 0 auto;}@media (x) and (y){a{b: c}}"
        );
    }

    #[test]
    fn strings_are_left_alone() {
        let sheet = r#"a::before { content: "/*  ,  { \" */"; }  b::after{content:'  '}"#;
        assert_eq!(minify(sheet).unwrap(), r#"a::before{content: "/*  ,  { \" */";}b::after{content:'  '}"#);
    }

    #[test]
    fn unfinished_comments_and_strings_are_errors() {
        assert!(minify("a{} /* b").is_err());
        assert!(minify("a{content:\"b}").is_err());
    }

    #[test]
    fn sheets_are_joined_in_the_named_order_and_a_missing_one_is_named() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("chat-ui/css")).unwrap();
        fs::write(root.path().join("b.css"), "b { x: y }").unwrap();
        fs::write(root.path().join("a.css"), "a { x: y }").unwrap();
        fs::write(root.path().join("chat-ui/css/order.txt"), "# first b\nb.css\n\na.css\n").unwrap();
        assert_eq!(collect(root.path(), "chat-ui").unwrap(), "b{x: y}\na{x: y}\n");
        fs::write(root.path().join("chat-ui/css/order.txt"), "c.css\n").unwrap();
        assert!(format!("{:#}", collect(root.path(), "chat-ui").unwrap_err()).contains("c.css"));
    }
}
