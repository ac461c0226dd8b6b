//! What charts say to whoever does not see them.

use super::grouped;

pub const AS_TABLE: &str = "Show as table";
pub const AS_CHART: &str = "Show as chart";
pub const NO_DATA: &str = "no data";

/// The name of the line that reads out values.
pub fn read_out(title: &str) -> String {
    format!("{title}: values")
}

/// All values at one time.
pub fn reading<'a>(
    label: &str,
    values: impl Iterator<Item = (&'a str, Option<u64>)>,
    write: fn(u64) -> String,
) -> String {
    let value = |(name, value): (&str, Option<u64>)| {
        format!("{name} {}", value.map_or_else(|| NO_DATA.to_owned(), write))
    };
    format!("{label}: {}", values.map(value).collect::<Vec<_>>().join(", "))
}

/// Title and sum of every bar.
pub fn bars<'a>(title: &str, sums: impl Iterator<Item = (&'a str, u64)>) -> String {
    let sum = |(label, sum): (&str, u64)| format!("{label} {}", grouped(sum));
    format!("{title}. {}.", sums.map(sum).collect::<Vec<_>>().join(", "))
}

/// "Peak 93 at 09:40".
pub fn peak(value: &str, label: &str) -> String {
    format!("Peak {value} at {label}")
}

/// One line of a chart: its newest value, and its highest with its label.
pub fn line(name: &str, newest: Option<&str>, highest: Option<(&str, &str)>) -> String {
    match (newest, highest) {
        (Some(newest), Some((value, at))) => format!("{name}: newest {newest}, highest {value} at {at}."),
        (None, Some((value, at))) => format!("{name}: no data at the end, highest {value} at {at}."),
        (_, None) => format!("{name}: {NO_DATA}."),
    }
}

/// What a chart of lines shows.
pub fn summary(first: &str, last: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.collect();
    format!("From {first} to {last}. {}", lines.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{bars, grouped, reading};

    #[test]
    fn a_gap_is_said() {
        let values = [("Direct", Some(1_068)), ("Groups", None)];
        assert_eq!(reading("Mon", values.into_iter(), grouped), "Mon: Direct 1,068, Groups no data");
        assert_eq!(bars("Flags", [("Mon", 42), ("Tue", 47)].into_iter()), "Flags. Mon 42, Tue 47.");
    }
}
