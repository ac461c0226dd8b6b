//! Counting what ran: cargo's `test result:` lines, added up.

use std::io::BufRead;

use anyhow::{Result, bail};

/// How many tests ended how.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Ran and passed.
    pub passed: usize,
    /// Ran and failed.
    pub failed: usize,
    /// Were not run although they matched.
    pub ignored: usize,
}

impl Counts {
    /// Adds the counts of another run.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// # Errors
    /// When a test failed or was ignored, whatever cargo's exit status said.
    pub fn verdict(&self) -> Result<()> {
        if self.failed > 0 || self.ignored > 0 {
            bail!("{} tests failed and {} were ignored; none may be", self.failed, self.ignored);
        }
        Ok(())
    }
}

/// Reads cargo's output to its end, hands every line on, and counts.
///
/// # Errors
/// When the output cannot be read.
pub fn read(output: impl BufRead, mut show: impl FnMut(&str)) -> Result<Counts> {
    let mut counts = Counts::default();
    for line in output.split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        show(&line);
        if let Some(found) = of_line(&line) {
            counts.add(found);
        }
    }
    Ok(counts)
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; finished in 0.01s`.
fn of_line(line: &str) -> Option<Counts> {
    let (_, list) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let of = |word: &str| {
        list.split(';').find_map(|part| part.trim().strip_suffix(word)?.trim().parse::<usize>().ok())
    };
    Some(Counts { passed: of("passed")?, failed: of("failed")?, ignored: of("ignored")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "running 3 tests\ntest a ... ok\n\
        test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; finished in 0.01s\n\
        test result: FAILED. 1 passed; 2 failed; 4 ignored; 0 measured; 0 filtered out; finished in 1.00s\n";

    #[test]
    fn results_are_added_up_and_every_line_is_shown() {
        let mut shown = 0;
        let counts = read(OUTPUT.as_bytes(), |_| shown += 1).unwrap();
        assert_eq!(counts, Counts { passed: 4, failed: 2, ignored: 4 });
        assert_eq!(shown, 4);
    }

    #[test]
    fn a_failed_or_ignored_test_is_never_fine() {
        assert!(Counts { passed: 1, failed: 0, ignored: 0 }.verdict().is_ok());
        assert!(Counts { passed: 1, failed: 1, ignored: 0 }.verdict().is_err());
        assert!(Counts { passed: 1, failed: 0, ignored: 1 }.verdict().is_err());
    }
}
