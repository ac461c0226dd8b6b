//! Figures of several runs: their median and spread, and how they are written.

use crate::scenario::Scenario;
use crate::system::Kind;

/// One measured figure of one run.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What was measured, as the table's column says it.
    pub name: &'static str,
    /// How much.
    pub value: f64,
}

/// A figure.
pub fn figure(name: &'static str, value: f64) -> Figure {
    Figure { name, value }
}

/// What one run brought.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Which scenario.
    pub scenario: Scenario,
    /// Of what.
    pub kind: Kind,
    /// Its figures.
    pub figures: Vec<Figure>,
}

/// What several runs brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The middle one (of an even number, the mean of the two in the middle).
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

impl Spread {
    /// Of some values; nothing of none.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 {
            values[middle]
        } else {
            f64::midpoint(values[middle - 1], values[middle])
        };
        Some(Self { median, least, most })
    }

    /// `12,300 (11,900–12,800)`; without the spread where there is none.
    pub fn written(&self) -> String {
        let (median, least, most) = (number(self.median), number(self.least), number(self.most));
        if least == most { median } else { format!("{median} ({least}–{most})") }
    }
}

/// The spread of a figure over all runs.
pub fn spread(outcomes: &[Outcome], scenario: Scenario, kind: Kind, name: &str) -> Option<Spread> {
    let of_these = outcomes.iter().filter(|outcome| outcome.scenario == scenario && outcome.kind == kind);
    let values = of_these
        .flat_map(|outcome| &outcome.figures)
        .filter(|figure| figure.name == name)
        .map(|figure| figure.value)
        .collect();
    Spread::of(values)
}

/// A number with three digits that mean something, thousands set apart.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if size < 100.0 {
        let decimals = if size >= 10.0 {
            1
        } else if size >= 1.0 {
            2
        } else {
            4
        };
        return format!("{value:.decimals$}");
    }
    let whole = format!("{:.0}", if size < 1_000.0 { value } else { (value / 10.0).round() * 10.0 });
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_whatever_the_order() {
        assert_eq!(Spread::of(vec![3.0, 1.0, 2.0]), Some(Spread { median: 2.0, least: 1.0, most: 3.0 }));
        assert_eq!(Spread::of(vec![4.0, 1.0]).unwrap().median, 2.5);
        assert_eq!(Spread::of(vec![]), None);
    }

    #[test]
    fn numbers_are_written_to_be_read() {
        for (value, text) in [
            (0.0, "0"),
            (0.01234, "0.0123"),
            (1.234, "1.23"),
            (23.45, "23.4"),
            (999.4, "999"),
            (12_345.6, "12,350"),
            (1_234_567.0, "1,234,570"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_spread_is_shown_where_there_is_one() {
        assert_eq!(Spread::of(vec![2.0, 1.0, 4.0]).unwrap().written(), "2.00 (1.00–4.00)");
        assert_eq!(Spread::of(vec![2.0]).unwrap().written(), "2.00");
    }
}
