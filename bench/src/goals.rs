//! What the figures are held against, and whether they meet it.

use crate::figures::{Outcome, number, spread};
use crate::scenario::Scenario;
use crate::system::Kind;

/// One goal.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    scenario: Scenario,
    figure: &'static str,
    of: Kind,
    /// Against what; by itself when absent.
    against: Option<Kind>,
    bound: Bound,
}

#[derive(Debug, Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

const fn goal(
    scenario: Scenario,
    figure: &'static str,
    of: Kind,
    against: Option<Kind>,
    bound: Bound,
) -> Goal {
    Goal { scenario, figure, of, against, bound }
}

use Bound::{AtLeast, AtMost};
use Kind::{
    Bare, BarePostgres, BareSqlite, ChanceryPostgres, ChancerySqlite, IndexPlain, IndexSealed, IndexTantivy,
    PostgresText,
};

/// All of them.
pub const GOALS: &[Goal] = &[
    goal(Scenario::Dm, "messages/s", ChancerySqlite, Some(BareSqlite), AtLeast(0.5)),
    goal(Scenario::Dm, "messages/s", ChanceryPostgres, Some(BarePostgres), AtLeast(0.5)),
    goal(Scenario::Dm, "CPU s per 1,000", ChancerySqlite, Some(BareSqlite), AtMost(3.0)),
    goal(Scenario::Dm, "CPU s per 1,000", ChanceryPostgres, Some(BarePostgres), AtMost(3.0)),
    goal(Scenario::Room, "deliveries/s", ChancerySqlite, Some(Bare), AtLeast(0.6)),
    goal(Scenario::Room, "deliveries/s", ChanceryPostgres, Some(Bare), AtLeast(0.6)),
    goal(Scenario::Rooms, "deliveries/s", ChancerySqlite, Some(Bare), AtLeast(0.6)),
    goal(Scenario::Rooms, "deliveries/s", ChanceryPostgres, Some(Bare), AtLeast(0.6)),
    goal(Scenario::Paced, "p99 ms", ChancerySqlite, Some(BareSqlite), AtMost(2.0)),
    goal(Scenario::Paced, "p99 ms", ChanceryPostgres, Some(BarePostgres), AtMost(2.0)),
    goal(Scenario::Idle, "KiB per socket, all", ChancerySqlite, None, AtMost(24.0)),
    goal(Scenario::Idle, "KiB per socket, all", ChanceryPostgres, None, AtMost(24.0)),
    goal(Scenario::Restart, "all back, s", ChancerySqlite, None, AtMost(30.0)),
    goal(Scenario::Restart, "all back, s", ChanceryPostgres, None, AtMost(30.0)),
    goal(Scenario::Restart, "frames missing", ChancerySqlite, None, AtMost(0.0)),
    goal(Scenario::Restart, "frames missing", ChanceryPostgres, None, AtMost(0.0)),
    goal(Scenario::History, "p99 ms", ChancerySqlite, None, AtMost(10.0)),
    goal(Scenario::History, "p99 ms", ChanceryPostgres, None, AtMost(10.0)),
    goal(Scenario::Search, "p99 ms, 1 at once", ChancerySqlite, None, AtMost(50.0)),
    goal(Scenario::Search, "p99 ms, 1 at once", ChanceryPostgres, None, AtMost(50.0)),
    goal(Scenario::Search, "p99 ms, 10 at once", ChancerySqlite, None, AtMost(50.0)),
    goal(Scenario::Search, "p99 ms, 10 at once", ChanceryPostgres, None, AtMost(50.0)),
    goal(Scenario::Search, "found after s, most", ChancerySqlite, None, AtMost(2.0)),
    goal(Scenario::Search, "found after s, most", ChanceryPostgres, None, AtMost(2.0)),
    goal(Scenario::Search, "p50 ms, 1 at once", ChancerySqlite, Some(PostgresText), AtMost(1.0)),
    goal(Scenario::Search, "p99 ms, 1 at once", ChancerySqlite, Some(PostgresText), AtMost(1.0)),
    goal(Scenario::Search, "searches/s, 10 at once", ChancerySqlite, Some(PostgresText), AtLeast(1.0)),
    goal(Scenario::Search, "searches/s, 100 at once", ChancerySqlite, Some(PostgresText), AtLeast(1.0)),
    goal(Scenario::Search, "searches/s, 10 at once", ChanceryPostgres, Some(PostgresText), AtLeast(1.0)),
    goal(Scenario::Search, "searches/s, 100 at once", ChanceryPostgres, Some(PostgresText), AtLeast(1.0)),
    goal(Scenario::Index, "all, warm ms", IndexSealed, Some(IndexPlain), AtMost(1.3)),
    goal(Scenario::Index, "all, cold ms", IndexSealed, Some(IndexPlain), AtMost(2.0)),
    goal(Scenario::Index, "whole words, warm ms", IndexSealed, Some(IndexTantivy), AtMost(1.3)),
    goal(Scenario::Index, "whole words, cold ms", IndexSealed, Some(IndexTantivy), AtMost(2.0)),
];

impl Goal {
    /// A line of the table: what, how much, the bound, and the verdict. Nothing when it was not measured.
    fn line(&self, outcomes: &[Outcome]) -> Option<String> {
        let median = |kind| Some(spread(outcomes, self.scenario, kind, self.figure)?.median);
        let own = median(self.of)?;
        let (value, what) = match self.against {
            Some(other) => {
                let other_value = median(other)?;
                let what = format!(
                    "{}: {}, {} to {}",
                    self.scenario.name(),
                    self.figure,
                    self.of.label(),
                    other.label()
                );
                (own / other_value, what)
            }
            None => (own, format!("{}: {}, {}", self.scenario.name(), self.figure, self.of.label())),
        };
        let (bound, met) = match self.bound {
            AtLeast(bound) => (format!("at least {}", plain(bound)), value >= bound),
            AtMost(bound) => (format!("at most {}", plain(bound)), value <= bound),
        };
        let verdict = if met { "meets" } else { "**falls short**" };
        Some(format!("| {what} | {} | {bound} | {verdict} |", number(value)))
    }
}

fn plain(bound: f64) -> String {
    format!("{bound}")
}

/// The goals of a scenario as a table; empty when none was measured.
pub fn table(outcomes: &[Outcome], scenario: Scenario) -> String {
    let lines: Vec<String> = GOALS
        .iter()
        .filter(|goal| goal.scenario == scenario)
        .filter_map(|goal| goal.line(outcomes))
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("| Goal | Measured | Bound | |\n| --- | ---: | --- | --- |\n{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::figure;

    fn outcome(kind: Kind, value: f64) -> Outcome {
        Outcome { scenario: Scenario::Dm, kind, figures: vec![figure("messages/s", value)] }
    }

    #[test]
    fn a_ratio_is_of_medians_and_says_whether_it_meets() {
        let runs = |own: [f64; 3]| {
            let mut outcomes: Vec<_> = own.map(|value| outcome(Kind::ChancerySqlite, value)).into();
            outcomes.extend([90.0, 100.0, 300.0].map(|value| outcome(Kind::BareSqlite, value)));
            table(&outcomes, Scenario::Dm)
        };
        let met = runs([10.0, 50.0, 60.0]);
        assert!(met.contains("| 0.5000 | at least 0.5 | meets |"), "{met}");
        let short = runs([10.0, 49.0, 60.0]);
        assert!(short.contains("| 0.4900 | at least 0.5 | **falls short** |"), "{short}");
    }

    #[test]
    fn what_was_not_measured_is_left_out() {
        assert_eq!(table(&[outcome(Kind::ChancerySqlite, 1.0)], Scenario::Dm), "");
    }

    #[test]
    fn nothing_missing_meets_a_bound_of_nothing() {
        let outcomes = [Outcome {
            scenario: Scenario::Restart,
            kind: Kind::ChancerySqlite,
            figures: vec![figure("frames missing", 0.0)],
        }];
        assert!(table(&outcomes, Scenario::Restart).contains("| 0 | at most 0 | meets |"));
    }
}
