//! Which sections of the policy were opened.

/// How far somebody has got.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    opened: Vec<bool>,
    /// The section one is at.
    pub at: usize,
}

/// Where a heading stands on the screen, and where the text is seen, in pixels from the top.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Upper edge of what is seen.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Where the text ends.
    pub end: f64,
}

impl Reading {
    /// Nothing opened of so many sections.
    pub fn of(sections: usize) -> Self {
        Self { opened: vec![false; sections], at: 0 }
    }

    /// Goes to a section.
    pub fn open(&mut self, section: usize) {
        if let Some(opened) = self.opened.get_mut(section) {
            *opened = true;
            self.at = section;
        }
    }

    /// The text was moved: headings in the upper half of what is seen are opened, at the end of the text all that are seen. One stays
    /// at a section one went to as long as it is seen.
    pub fn moved(&mut self, headings: &[f64], seen: Seen) {
        let at_end = seen.end <= seen.bottom + 2.0;
        let half = if at_end { seen.bottom } else { (seen.top + seen.bottom) / 2.0 };
        let is_seen = |top: f64, limit: f64| top >= seen.top - 2.0 && top < limit;
        let stays = headings.get(self.at).is_some_and(|top| is_seen(*top, seen.bottom));
        for (section, top) in headings.iter().enumerate() {
            if is_seen(*top, half)
                && let Some(opened) = self.opened.get_mut(section)
            {
                *opened = true;
            }
        }
        if !stays {
            // Within a long section no heading is seen at all.
            let above = headings.iter().rposition(|top| *top < half);
            self.at = above.unwrap_or(0);
        }
    }

    /// Whether a section was opened.
    pub fn is_open(&self, section: usize) -> bool {
        self.opened.get(section).copied().unwrap_or(false)
    }

    /// How many were.
    pub fn count(&self) -> usize {
        self.opened.iter().filter(|opened| **opened).count()
    }

    /// Of how many.
    pub fn of_all(&self) -> usize {
        self.opened.len()
    }

    /// Whether all were.
    pub fn is_whole(&self) -> bool {
        self.count() == self.opened.len()
    }

    /// The next one that was not opened: behind where one is, else from the beginning.
    pub fn next(&self) -> Option<usize> {
        let closed = |section: &usize| !self.is_open(*section);
        let count = self.opened.len();
        (self.at + 1..count).find(closed).or_else(|| (0..count).find(closed))
    }
}

#[cfg(test)]
mod tests {
    use super::{Reading, Seen};

    const SEEN: Seen = Seen { top: 100.0, bottom: 300.0, end: 1_000.0 };

    #[test]
    fn each_section_has_to_be_opened() {
        let mut reading = Reading::of(3);
        assert!(!reading.is_whole());
        for expected in [1, 2, 0] {
            let next = reading.next();
            assert_eq!(next, Some(expected), "first the ones behind");
            reading.open(expected);
        }
        assert!(reading.is_whole() && reading.next().is_none());
        reading.open(7);
        assert_eq!((reading.count(), reading.at), (3, 0), "there is no such section");
    }

    #[test]
    fn reading_on_opens_what_comes_into_the_upper_half() {
        let mut reading = Reading::of(4);
        reading.moved(&[100.0, 190.0, 220.0, 900.0], SEEN);
        assert_eq!((reading.count(), reading.at), (2, 0), "the third is seen, but below the middle");
        reading.moved(&[-200.0, -110.0, -80.0, 600.0], SEEN);
        assert_eq!((reading.count(), reading.at), (2, 2), "in the middle of a section that was jumped into");
        reading.moved(&[-700.0, -500.0, -400.0, 280.0], Seen { end: 301.0, ..SEEN });
        assert_eq!((reading.count(), reading.at), (3, 3), "the end of the text");
        assert!(!reading.is_open(2) && !reading.is_whole(), "nobody saw the third heading");
    }

    #[test]
    fn who_went_to_a_section_stays_there_while_it_is_seen() {
        let mut reading = Reading::of(3);
        reading.open(2);
        reading.moved(&[-50.0, 110.0, 280.0], Seen { end: 300.0, ..SEEN });
        assert_eq!(reading.at, 2);
        reading.moved(&[100.0, 210.0, 380.0], SEEN);
        assert_eq!(reading.at, 0, "scrolled away from it");
    }

    #[test]
    fn a_text_that_is_seen_whole_is_opened_whole() {
        let mut reading = Reading::of(2);
        reading.moved(&[110.0, 250.0], Seen { end: 290.0, ..SEEN });
        assert!(reading.is_whole());
    }
}
