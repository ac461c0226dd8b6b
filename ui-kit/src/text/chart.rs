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
pub fn reading<'a>(label: &str, values: impl Iterator<Item = (&'a str, Option<u64>)>) -> String {
    let value = |(name, value): (&str, Option<u64>)| {
        format!("{name} {}", value.map_or_else(|| NO_DATA.to_owned(), grouped))
    };
    format!("{label}: {}", values.map(value).collect::<Vec<_>>().join(", "))
}

/// Title and sum of every bar.
pub fn bars<'a>(title: &str, sums: impl Iterator<Item = (&'a str, u64)>) -> String {
    let sum = |(label, sum): (&str, u64)| format!("{label} {}", grouped(sum));
    format!("{title}. {}.", sums.map(sum).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::{bars, reading};

    #[test]
    fn a_gap_is_said() {
        let values = [("Direct", Some(1_068)), ("Groups", None)];
        assert_eq!(reading("Mon", values.into_iter()), "Mon: Direct 1,068, Groups no data");
        assert_eq!(bars("Flags", [("Mon", 42), ("Tue", 47)].into_iter()), "Flags. Mon 42, Tue 47.");
    }
}
