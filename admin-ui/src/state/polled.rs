//! Something that is asked for again and again while somebody looks at it.

use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::{effect, memo};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::line::Line;

/// A question under way.
pub type Asked<T> = Pin<Box<dyn Future<Output = Result<T, ClientError>>>>;

/// What was last heard. What is there stays when the next answer is a refusal or none.
pub struct Polled<T: Send + Sync + 'static> {
    /// The newest answer.
    pub value: RwSignal<Loaded<T>>,
    /// Why what is there could not be renewed, although the server was reached.
    pub failed: RwSignal<Option<ClientError>>,
    line: Line,
    round: StoredValue<u32>,
    busy: StoredValue<bool>,
}

// Derived, they would ask the same of what is heard.
impl<T: Send + Sync + 'static> Clone for Polled<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Polled<T> {}

impl<T: Send + Sync + 'static> Polled<T> {
    /// Asks now, whenever something the question reads changes, and every so often as long as the page is visible. Ends
    /// with its owner.
    pub fn begin(every: Duration, ask: impl Fn() -> Asked<T> + 'static) -> Self {
        Self::paced(move |_| Some(every), ask)
    }

    /// The same, as often as what was heard last asks for; with no pace, only when something the question reads changes.
    pub fn paced(
        pace: impl Fn(Option<&T>) -> Option<Duration> + Send + Sync + 'static,
        ask: impl Fn() -> Asked<T> + 'static,
    ) -> Self {
        let polled = Self {
            value: RwSignal::new(Loaded::Loading),
            failed: RwSignal::new(None),
            line: Line::current(),
            round: StoredValue::new(0),
            busy: StoredValue::new(false),
        };
        let ask = Rc::new(ask);
        let (at_times, when_seen) = (Rc::clone(&ask), Rc::clone(&ask));
        effect(move || {
            polled.line.again.track();
            polled.wait_for(ask());
        });
        let every = memo(move || polled.value.with(|value| pace(value.ready())));
        effect(move || {
            let Some(every) = every.get() else { return };
            let ask = Rc::clone(&at_times);
            let tick = move || {
                if !document().hidden() && !polled.busy.get_value() {
                    polled.wait_for(untrack(|| ask()));
                }
            };
            // Runs again when the pace changes; the old timer ends before.
            if let Ok(timer) = set_interval_with_handle(tick, every) {
                on_cleanup(move || timer.clear());
            }
        });
        let seen = window_event_listener_untyped("visibilitychange", move |_| {
            if !document().hidden() {
                polled.wait_for(untrack(|| when_seen()));
            }
        });
        on_cleanup(move || seen.remove());
        polled
    }

    fn wait_for(self, asked: Asked<T>) {
        let round = self.round.get_value().wrapping_add(1);
        self.round.set_value(round);
        self.busy.set_value(true);
        spawn_local(async move {
            let outcome = asked.await;
            // Another question was asked in the meantime, or the page is gone.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.busy.set_value(false);
            self.line.heard(&outcome);
            self.hear(outcome);
        });
    }

    fn hear(self, outcome: Result<T, ClientError>) {
        let there = self.value.with_untracked(|value| value.ready().is_some());
        let failed = match outcome {
            Ok(value) => {
                self.value.set(Loaded::Ready(value));
                None
            }
            // The banner says it.
            Err(ClientError::Network) if there => None,
            Err(ClientError::Aborted) => return,
            Err(error) if there => Some(error),
            Err(error) => {
                let known = self
                    .value
                    .with_untracked(|value| matches!(value, Loaded::Failed(known) if *known == error));
                if !known {
                    self.value.set(Loaded::Failed(error));
                }
                None
            }
        };
        if self.failed.with_untracked(|known| *known != failed) {
            self.failed.set(failed);
        }
    }

    /// Whether what is there may be old.
    pub fn is_old(self) -> bool {
        self.line.offline.get() || self.failed.with(Option::is_some)
    }

    /// How it is loaded, without the thing itself: what is drawn for it is drawn once.
    pub fn state(self) -> Loaded<()> {
        self.value.with(|value| match value {
            Loaded::Loading => Loaded::Loading,
            Loaded::Ready(_) => Loaded::Ready(()),
            Loaded::Failed(error) => Loaded::Failed(error.clone()),
        })
    }

    /// Something of what is there.
    pub fn read<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.value.with(|value| value.ready().map(read))
    }
}
