//! The tables, printed or put between their marks in a document.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::figures::{Outcome, Spread, spread};
use crate::goals;
use crate::scenario::{Scenario, Sizes};
use crate::system::Kind;

/// A scenario's section: what was done, how often, the table, the goals, the conditions.
pub fn section(scenario: Scenario, sizes: &Sizes, outcomes: &[Outcome], conditions: &str) -> String {
    let of = |kind: Kind| outcomes.iter().filter(move |o| o.scenario == scenario && o.kind == kind);
    let runs = Kind::ALL.iter().map(|kind| of(*kind).count()).max().unwrap_or(0);
    let mut text = format!("{}\n", scenario.sentence(sizes));
    let times = if runs == 1 {
        "One run".to_owned()
    } else {
        format!("Medians of {runs} interleaved runs (least–most)")
    };
    text.push_str(&format!("{times}, {:.0} s each; {conditions}.\n\n", sizes.measured.as_secs_f64()));
    text.push_str(&table(scenario, outcomes));
    let goals = goals::table(outcomes, scenario);
    if !goals.is_empty() {
        text.push_str(&format!("\n{goals}"));
    }
    if sizes.divide > 1 {
        let divide = sizes.divide;
        text.push_str(&format!(
            "\nAll counts are divided by {divide}: this proves that it runs, and measures nothing.\n"
        ));
    }
    text
}

fn table(scenario: Scenario, outcomes: &[Outcome]) -> String {
    let Some(first) = outcomes.iter().find(|outcome| outcome.scenario == scenario) else {
        return String::new();
    };
    let names: Vec<&str> = first.figures.iter().map(|figure| figure.name).collect();
    let mut text = format!("| | {} |\n| --- |{}\n", names.join(" | "), " ---: |".repeat(names.len()));
    for kind in Kind::ALL {
        let found: Vec<_> = names.iter().map(|name| spread(outcomes, scenario, kind, name)).collect();
        if found.iter().any(Option::is_some) {
            let written = |spread: &Option<Spread>| spread.map_or_else(|| "–".to_owned(), |it| it.written());
            let cells: Vec<String> = found.iter().map(written).collect();
            text.push_str(&format!("| {} | {} |\n", kind.label(), cells.join(" | ")));
        }
    }
    text
}

/// Puts a section into a document, between `<!-- bench dm: begin -->` and `<!-- bench dm: end -->`.
///
/// # Errors
/// When the document cannot be read or written, or has no such place.
pub fn write(document: &Path, name: &str, section: &str) -> Result<()> {
    let text =
        std::fs::read_to_string(document).with_context(|| format!("reading {}", document.display()))?;
    let text = put(&text, name, section).with_context(|| format!("writing into {}", document.display()))?;
    std::fs::write(document, text).with_context(|| format!("writing {}", document.display()))
}

fn put(text: &str, name: &str, section: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- bench {name}: begin -->\n"), format!("<!-- bench {name}: end -->"));
    let Some((before, rest)) = text.split_once(&begin) else { bail!("it has no line {begin}") };
    let Some((_, after)) = rest.split_once(&end) else { bail!("it has no line {end}") };
    Ok(format!("{before}{begin}{section}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::figures::figure;

    #[test]
    fn a_section_replaces_what_stood_between_its_marks_only() {
        let text = "a\n<!-- bench dm: begin -->\nold\n<!-- bench dm: end -->\nb\n";
        let new = put(text, "dm", "new\n").unwrap();
        assert_eq!(new, "a\n<!-- bench dm: begin -->\nnew\n<!-- bench dm: end -->\nb\n");
        assert_eq!(put(&new, "dm", "new\n").unwrap(), new);
        assert!(put(text, "room", "new\n").is_err());
    }

    #[test]
    fn the_table_has_a_line_for_what_was_measured() {
        let outcomes = [1.0, 3.0, 2.0].map(|value| Outcome {
            scenario: Scenario::Dm,
            kind: Kind::Bare,
            figures: vec![figure("messages/s", value), figure("p50 ms", 5.0)],
        });
        let mut outcomes = outcomes.to_vec();
        let figures = vec![figure("messages/s", 7.0)];
        outcomes.push(Outcome { scenario: Scenario::Dm, kind: Kind::BareSqlite, figures });
        let sizes = Sizes {
            divide: 1,
            most_sockets: 20_000,
            measured: Duration::from_secs(10),
            warm_up: Duration::ZERO,
        };
        let text = section(Scenario::Dm, &sizes, &outcomes, "here");
        assert!(text.contains("| | messages/s | p50 ms |\n| --- | ---: | ---: |\n"), "{text}");
        assert!(text.contains("| bare | 2.00 (1.00–3.00) | 5.00 |\n"), "{text}");
        assert!(text.contains("| bare-durable, SQLite | 7.00 | – |\n"), "what it does not have: {text}");
        assert!(text.contains("Medians of 3") && text.contains("10 s each; here.\n"), "{text}");
    }
}
