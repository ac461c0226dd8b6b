//! Texts that wait for an officer, and runs of a rule over the archive. What shows messages is a record before it is answered.

use chancery_protocol::ids::{BacktestId, RecordId};
use chancery_protocol::review::{
    Backtest, BacktestSamples, Backtests, Refuse, Release, StartBacktest, WaitingContext, WaitingCount,
    WaitingPage,
};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::dom;

const WAITING: &str = "/api/v1/review/waiting";
const RUNS: &str = "/api/v1/review/backtests";

/// A page of texts that wait, oldest first; recorded.
pub async fn waiting(api: ApiClient, after: Option<RecordId>) -> Result<WaitingPage, ClientError> {
    let after = after.map(|id| format!("?after={id}")).unwrap_or_default();
    api.get(&format!("{WAITING}{after}")).await
}

/// How many wait.
pub async fn count(api: ApiClient) -> Result<WaitingCount, ClientError> {
    api.get(&format!("{WAITING}/count")).await
}

/// What was said before; recorded.
pub async fn context(api: ApiClient, attempt: RecordId) -> Result<WaitingContext, ClientError> {
    api.get(&format!("{WAITING}/{attempt}/context")).await
}

/// Delivers it.
pub async fn release(api: ApiClient, attempt: RecordId, note: String) -> Result<(), ClientError> {
    api.tell(&format!("{WAITING}/{attempt}/release"), &Release { note }).await
}

/// Does not deliver it, and says why.
pub async fn refuse(api: ApiClient, attempt: RecordId, words: String) -> Result<(), ClientError> {
    api.tell(&format!("{WAITING}/{attempt}/refuse"), &Refuse { words }).await
}

/// The newest run of a rule.
pub async fn newest(api: ApiClient, rule: &str) -> Result<Backtests, ClientError> {
    api.get(&format!("{RUNS}?rule={}", dom::encode(rule))).await
}

/// Runs a rule.
pub async fn begin(api: ApiClient, asked: &StartBacktest) -> Result<Backtest, ClientError> {
    api.post(RUNS, asked).await
}

/// Ends a run.
pub async fn cancel(api: ApiClient, run: BacktestId) -> Result<(), ClientError> {
    api.delete(&format!("{RUNS}/{run}")).await
}

/// Some of the messages it found; recorded.
pub async fn samples(api: ApiClient, run: BacktestId) -> Result<BacktestSamples, ClientError> {
    api.get(&format!("{RUNS}/{run}/samples")).await
}
