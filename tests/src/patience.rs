//! Waiting for something to become true: bounded, and never by sleeping a guessed time.

use std::time::{Duration, Instant};

/// How long anything may take before the test gives up. Generous, because it only matters on failure.
pub fn patience() -> Duration {
    let seconds = std::env::var("CHANCERY_TEST_PATIENCE").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(60))
}

/// Looks again and again until `look` finds something.
///
/// # Panics
/// When patience ends; `what` says what was waited for.
pub async fn until_some<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + patience();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "gave up waiting until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Looks again and again until `look` says yes.
pub async fn until(what: &str, mut look: impl AsyncFnMut() -> bool) {
    until_some(what, async || look().await.then_some(())).await;
}

/// Gives a future as long as patience lasts.
pub async fn in_time<F: Future>(what: &str, future: F) -> F::Output {
    match tokio::time::timeout(patience(), future).await {
        Ok(output) => output,
        Err(_) => panic!("gave up waiting for {what}"),
    }
}
