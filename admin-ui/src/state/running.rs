//! The newest run of a rule over the archive. It goes on while nobody looks, and is there after a reload.

use std::time::Duration;

use chancery_protocol::ids::BacktestId;
use chancery_protocol::review::{Backtest, BacktestSamples, BacktestState, Backtests, StartBacktest};
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::text::backtest as words;
use chancery_ui_kit::text::rule_editor::refused;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::review;
use crate::state::confirming::Confirming;
use crate::state::line::Line;
use crate::state::polled::Polled;
use crate::state::writing::Writing;

/// So often is asked how far a run is.
const EVERY: Duration = Duration::from_secs(1);

/// The run of the rule that is open.
#[derive(Clone, Copy)]
pub struct Running {
    /// What is known of it.
    pub newest: Polled<Backtests>,
    /// Whether one is being begun or ended.
    pub working: RwSignal<bool>,
    /// Why it was refused.
    pub refused: RwSignal<Option<String>>,
    /// The sample that is read, if one is.
    pub sample: RwSignal<Option<Loaded<BacktestSamples>>>,
    writing: Writing,
    confirming: Confirming,
    line: Line,
    toasts: Toasts,
    api: ApiClient,
}

impl Running {
    /// Follows the newest run of the rule.
    pub fn begin() -> Self {
        let (api, writing) = (ApiClient::current(), Writing::current());
        let pace = |found: Option<&Backtests>| {
            let runs = found?.newest.as_ref()?.state == BacktestState::Running;
            runs.then_some(EVERY)
        };
        let newest = Polled::paced(pace, move || {
            let name = writing.name.get_value();
            Box::pin(async move { review::newest(api, &name).await })
        });
        Self {
            newest,
            working: RwSignal::new(false),
            refused: RwSignal::new(None),
            sample: RwSignal::new(None),
            writing,
            confirming: Confirming::current(),
            line: Line::current(),
            toasts: Toasts::current(),
            api,
        }
    }

    /// Runs the rule as it is typed.
    pub fn run(self, days: u16, reason: String, then: impl FnOnce() + 'static) {
        if self.working.get_untracked() {
            return;
        }
        let rule = self.writing.rule.with_untracked(|rule| serde_json::to_value(rule).unwrap_or_default());
        let asked = StartBacktest { rule, lists: self.writing.draft_lists(), days, reason };
        self.working.set(true);
        self.refused.set(None);
        spawn_local(async move {
            let outcome = self.confirming.through(async || review::begin(self.api, &asked).await).await;
            self.line.heard(&outcome);
            if self.working.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(run) => {
                    self.newest.value.set(Loaded::Ready(Backtests { newest: Some(run) }));
                    then();
                }
                Err(error) => self.refused.set(Some(refused(&error))),
            }
        });
    }

    /// Ends the run.
    pub fn cancel(self, run: BacktestId) {
        self.working.set(true);
        spawn_local(async move {
            let outcome = review::cancel(self.api, run).await;
            self.line.heard(&outcome);
            if self.working.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(()) => self.newest.value.update(|value| {
                    if let Loaded::Ready(Backtests { newest: Some(run) }) = value {
                        run.state = BacktestState::Cancelled;
                    }
                }),
                Err(error) => self.toasts.failed(words::RUN_NOT_ENDED, refused(&error)),
            }
        });
    }

    /// Opens the sample; that is on record.
    pub fn read(self, run: BacktestId) {
        self.sample.set(Some(Loaded::Loading));
        spawn_local(async move {
            let outcome = self.confirming.through(async || review::samples(self.api, run).await).await;
            self.line.heard(&outcome);
            if let Some(Some(_)) = self.sample.try_get_untracked() {
                self.sample.set(Some(outcome.into()));
            }
        });
    }

    /// The run. Tracked.
    pub fn last(self) -> Option<Backtest> {
        self.newest.read(|found| found.newest.clone()).flatten()
    }
}
