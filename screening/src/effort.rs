//! How much work texts make, in steps that are counted and not timed: for the tests that hold it to be linear.
//!
//! Counted where one character could cost more than another: folding, looking for disguises, every match of an
//! automaton, every letter compared, every number tried, every hit weighed. Without the feature `fuzz` nothing is.

#[cfg(feature = "fuzz")]
thread_local! {
    static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Adds steps.
#[inline]
pub(crate) fn add(steps: usize) {
    #[cfg(feature = "fuzz")]
    STEPS.set(STEPS.get() + steps as u64);
    #[cfg(not(feature = "fuzz"))]
    let _ = steps;
}

/// The steps of this thread since it last asked.
#[cfg(feature = "fuzz")]
pub(crate) fn taken() -> u64 {
    STEPS.take()
}
