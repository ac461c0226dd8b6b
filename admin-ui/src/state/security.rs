//! One's own second factors: which there are, and what is being asked about them.

use std::pin::Pin;

use chancery_protocol::factors::{Factor, Factors};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::text::{console, factors as words};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::factors;
use crate::state::line::Line;

/// What a dialog asks about.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Codes of another app.
    Codes,
    /// Another passkey.
    Passkey,
    /// Remove this one? And how many others stay.
    Remove(Factor, usize),
}

type Acting<T> = Pin<Box<dyn Future<Output = Result<T, ClientError>>>>;
type Then<T> = Box<dyn FnOnce(Result<T, ClientError>)>;

/// The state; provided by the page.
#[derive(Clone, Copy)]
pub struct Security {
    /// They; the old ones stay while they are asked for anew.
    pub list: RwSignal<Loaded<Factors>>,
    /// What a dialog asks about.
    pub ask: RwSignal<Option<Ask>>,
    /// For requests.
    pub api: ApiClient,
    line: Line,
    toasts: Toasts,
}

impl Security {
    /// Asks for them, and makes the state known to everything below.
    pub fn provide() -> Self {
        let security = Self {
            list: RwSignal::new(Loaded::Loading),
            ask: RwSignal::new(None),
            api: ApiClient::current(),
            line: Line::current(),
            toasts: Toasts::current(),
        };
        provide_context(security);
        effect(move || {
            security.line.again.track();
            security.load();
        });
        security
    }

    /// The page's state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the page provides its state")
    }

    /// Asks for them.
    pub fn load(self) {
        spawn_local(async move {
            let outcome = factors::list(self.api).await;
            self.line.heard(&outcome);
            let old = self.list.try_with_untracked(|list| list.ready().is_some());
            // What was loaded stays readable; the banner says that it may be old.
            if !(old == Some(true) && outcome == Err(ClientError::Network)) {
                let _ = self.list.try_set(outcome.into());
            }
        });
    }

    /// Closes the dialog.
    pub fn answered(self) {
        self.ask.set(None);
    }

    /// It is done: says so, and shows what there is now.
    pub fn done(self, words: &'static str) {
        self.toasts.done(words);
        self.answered();
        self.load();
    }

    /// Does something on the server for an open dialog. Whoever closes it meanwhile sees in the list what was done.
    pub fn run<T: 'static>(
        self,
        working: RwSignal<bool>,
        act: impl Future<Output = Result<T, ClientError>> + 'static,
        then: impl FnOnce(Result<T, ClientError>) + 'static,
    ) {
        self.run_boxed(working, Box::pin(act), Box::new(then));
    }

    // Behind pointers: inside `run` it would be compiled anew for every act.
    fn run_boxed<T: 'static>(self, working: RwSignal<bool>, act: Acting<T>, then: Then<T>) {
        working.set(true);
        spawn_local(async move {
            let outcome = act.await;
            let closed = working.try_set(false).is_some();
            self.line.heard(&outcome);
            match outcome {
                outcome if !closed => then(outcome),
                Ok(_) => self.load(),
                Err(ClientError::Aborted) => {}
                Err(error) => self.toasts.failed(console::FAILED, words::refused(&error)),
            }
        });
    }
}
