//! A mail as plain text.

use super::markup;
use super::sheet::{Part, Sheet};

/// Renders it; lines end in LF.
pub(super) fn render(sheet: &Sheet<'_>) -> String {
    let mut blocks = vec![sheet.title.clone()];
    for part in &sheet.parts {
        blocks.push(match part {
            Part::Words(words) => words.clone(),
            Part::Heading(name) => format!("* {name} *"),
            Part::Fact { name, value } => format!("{name}: {value}"),
            Part::Message { author, when, edited, text } => {
                let edited = edited.map(|word| format!(" ({word})")).unwrap_or_default();
                format!("{author}, {when}{edited}\n{}", markup::text(text))
            }
            Part::Act { label, url, .. } => format!("{label}:\n{url}"),
        });
    }
    // The customary beginning of what is not the letter itself; programs fold it away.
    let mut foot = vec!["-- ".to_owned()];
    foot.extend(sheet.foot.iter().cloned());
    foot.extend(sheet.off.iter().map(|off| format!("{}:\n{}", off.words, off.url)));
    blocks.push(foot.join("\n"));
    blocks.join("\n\n") + "\n"
}
