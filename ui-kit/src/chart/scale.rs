//! Where things stand in a chart: round numbers at the axis, heights, and labels that do not cover each other.

/// The axis of values: from zero to a round number in at most four steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The number at the upper edge.
    pub top: u64,
    step: u64,
}

impl Scale {
    /// The smallest scale with steps of 1, 2 or 5 times a power of ten that holds `max`.
    pub fn of(max: u64) -> Self {
        let max = max.max(1);
        let mut power = 1_u64;
        loop {
            for step in [1, 2, 5].map(|factor| power.saturating_mul(factor)) {
                if max.div_ceil(step) <= 4 {
                    return Self { top: step.saturating_mul(max.div_ceil(step)), step };
                }
            }
            power = power.saturating_mul(10);
        }
    }

    /// The numbers at the axis, zero first.
    pub fn ticks(self) -> impl Iterator<Item = u64> {
        (0..=self.top / self.step).map(move |at| at * self.step)
    }
}

/// A part of the whole in hundredths, as a length of a style.
pub fn percent(part: u64, of: u64) -> String {
    let thousandths = thousandths(part, of);
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// A part of the whole in thousandths; the whole when there is none.
pub fn thousandths(part: u64, of: u64) -> u64 {
    let wide = u128::from(part.min(of)) * 1_000 / u128::from(of.max(1));
    u64::try_from(wide).unwrap_or(1_000)
}

/// Moves labels apart so that each keeps `gap` to its neighbours and all stay within `most`. The order stays.
pub fn apart(places: &[u64], gap: u64, most: u64) -> Vec<u64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|at| places[*at]);
    let mut moved = places.to_vec();
    let mut lowest = 0;
    for at in &order {
        moved[*at] = moved[*at].max(lowest);
        lowest = moved[*at] + gap;
    }
    let mut highest = most;
    for at in order.iter().rev() {
        moved[*at] = moved[*at].min(highest);
        highest = moved[*at].saturating_sub(gap);
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::{Scale, apart, percent};

    #[test]
    fn an_axis_ends_at_a_round_number_above_the_largest_value() {
        for (max, top, lines) in
            [(0, 1, 2), (1, 1, 2), (4, 4, 5), (5, 6, 4), (69, 80, 5), (182_440, 200_000, 5)]
        {
            let scale = Scale::of(max);
            assert_eq!((scale.top, scale.ticks().count()), (top, lines), "{max}");
        }
        assert!(Scale::of(u64::MAX).ticks().count() <= 5);
    }

    #[test]
    fn heights_are_parts_of_the_whole() {
        assert_eq!(percent(1, 3), "33.3%");
        assert_eq!(percent(80, 80), "100.0%");
        assert_eq!(percent(0, 0), "0.0%");
    }

    #[test]
    fn labels_move_apart_and_stay_inside() {
        assert_eq!(apart(&[500, 520, 100], 90, 1_000), [500, 590, 100]);
        assert_eq!(apart(&[990, 1_000], 90, 1_000), [910, 1_000]);
        assert_eq!(apart(&[0, 0], 90, 1_000), [0, 90]);
    }
}
