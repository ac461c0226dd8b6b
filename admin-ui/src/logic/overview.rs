//! Series of the server as data of charts.

use chancery_protocol::Micros;
use chancery_protocol::operations::{Series, Span};
use chancery_ui_kit::chart::{Data, Series as Line};
use chancery_ui_kit::text::overview as words;

const SECOND: Micros = 1_000_000;

/// The name of a span in addresses and queries.
pub fn name_of(span: Span) -> &'static str {
    match span {
        Span::Hour => "hour",
        Span::Day => "day",
    }
}

/// The span of a name; the hour for one that is not known.
pub fn span_of(name: &str) -> Span {
    if name == "day" { Span::Day } else { Span::Hour }
}

/// How the moments of an axis are written.
pub struct Clock {
    /// A moment as a label.
    pub label: fn(Micros) -> String,
    /// Hour and minute where the reader is.
    pub local: fn(Micros) -> (u8, u8),
}

/// Which of the charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chart {
    /// Messages per second, in thousandths.
    Messages,
    /// Most connections.
    Connections,
    /// Delivery in microseconds.
    Delivery,
    /// Commits in microseconds.
    Commit,
}

/// A chart of the series. Where there were no connections counted, the server did not run.
pub fn chart(series: &Series, which: Chart, clock: &Clock) -> Data {
    let begin = |step: usize| {
        let seconds = i64::try_from(step).unwrap_or(0) * i64::from(series.step_seconds);
        series.from + seconds * SECOND
    };
    let steps = 0..series.connections.len();
    Data {
        labels: steps.clone().map(|step| (clock.label)(begin(step))).collect(),
        series: lines(series, which),
        marks: steps.filter_map(|step| Some((step, mark(series.span, begin(step), clock)?))).collect(),
        off: series.connections.iter().map(Option::is_none).collect(),
    }
}

/// What stands at the axis: every ten minutes, or every four hours.
fn mark(span: Span, at: Micros, clock: &Clock) -> Option<String> {
    let (hour, minute) = (clock.local)(at);
    let round = match span {
        Span::Hour => minute % 10 == 0 && at.rem_euclid(60 * SECOND) == 0,
        Span::Day => hour % 4 == 0 && minute == 0,
    };
    round.then(|| format!("{hour:02}:{minute:02}"))
}

fn lines(series: &Series, which: Chart) -> Vec<Line> {
    let whole = |values: &[Option<u32>]| values.iter().map(|value| value.map(u64::from)).collect::<Vec<_>>();
    let line = |name, values| Line { name, values };
    match which {
        Chart::Messages => vec![line(words::SERIES_MESSAGES, rates(series))],
        Chart::Connections => vec![line(words::SERIES_CONNECTIONS, whole(&series.connections))],
        Chart::Commit => vec![line(words::P95, whole(&series.commit_p95))],
        Chart::Delivery => vec![
            line(words::P50, whole(&series.delivery_p50)),
            line(words::P95, whole(&series.delivery_p95)),
            line(words::P99, whole(&series.delivery_p99)),
        ],
    }
}

/// Messages per second in thousandths.
pub fn rates(series: &Series) -> Vec<Option<u64>> {
    series.messages_per_second.iter().map(|rate| rate.map(thousandths)).collect()
}

/// A rate in thousandths.
pub fn thousandths(rate: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates are small and not negative"
    )]
    let whole = (rate * 1_000.0).round() as u64;
    whole
}

/// The last tenth of an hour or a day, for the small lines beside figures.
pub fn recent(values: &[Option<u64>]) -> Vec<Option<u64>> {
    values.get(values.len() - values.len() / 6..).unwrap_or(values).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Micros = 43_200 * SECOND;

    fn series(span: Span, step_seconds: u32, count: usize) -> Series {
        Series {
            span,
            from: NOON,
            step_seconds,
            connections: (0..count).map(|at| (at > 2).then_some(4)).collect(),
            messages_per_second: vec![Some(0.25); count],
            delivery_p50: vec![None; count],
            delivery_p95: vec![Some(2_000); count],
            delivery_p99: vec![Some(3_000); count],
            commit_p95: vec![None; count],
        }
    }

    fn local(at: Micros) -> (u8, u8) {
        let minutes = at / (60 * SECOND);
        (u8::try_from(minutes / 60 % 24).unwrap(), u8::try_from(minutes % 60).unwrap())
    }

    const CLOCK: Clock = Clock { label: |at| (at / SECOND - 43_200).to_string(), local };

    #[test]
    fn an_hour_has_a_mark_every_ten_minutes_and_a_day_every_four_hours() {
        let marks = |series: &Series| -> Vec<String> {
            chart(series, Chart::Messages, &CLOCK).marks.into_iter().map(|(_, words)| words).collect()
        };
        assert_eq!(
            marks(&series(Span::Hour, 10, 360)),
            ["12:00", "12:10", "12:20", "12:30", "12:40", "12:50"]
        );
        assert_eq!(
            marks(&series(Span::Day, 300, 288)),
            ["12:00", "16:00", "20:00", "00:00", "04:00", "08:00"]
        );
    }

    #[test]
    fn what_was_not_measured_is_told_from_what_was_not_there_to_measure() {
        let data = chart(&series(Span::Hour, 10, 5), Chart::Delivery, &CLOCK);
        assert_eq!(data.off, [true, true, true, false, false]);
        assert_eq!(data.labels, ["0", "10", "20", "30", "40"]);
        let lines: Vec<_> = data.series.iter().map(|line| (line.name, line.values[4])).collect();
        assert_eq!(lines, [("p50", None), ("p95", Some(2_000)), ("p99", Some(3_000))]);
        let rate = chart(&series(Span::Hour, 10, 5), Chart::Messages, &CLOCK).series[0].values[0];
        assert_eq!(rate, Some(250));
    }

    #[test]
    fn spans_come_back() {
        for span in [Span::Hour, Span::Day] {
            assert_eq!(span_of(name_of(span)), span);
        }
        assert_eq!(recent(&vec![Some(1); 360]).len(), 60);
        assert_eq!(recent(&[Some(1)]).len(), 0);
    }
}
