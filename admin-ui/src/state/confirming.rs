//! Signing in again before messages are shown, where so set: what was asked for waits meanwhile, and is asked for again.

use std::time::Duration;

use chancery_protocol::http::{BeginSignIn, Confirm, ConfirmWays};
use chancery_protocol::ids::SourceId;
use chancery_ui_kit::api::{ApiClient, ClientError, sessions};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::second_step::SecondStep;
use chancery_ui_kit::session::CONFIRMED;
use chancery_ui_kit::text::confirm as words;
use chancery_ui_kit::{dom, text};
use futures_channel::oneshot;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::line::Line;

/// The name of the window that leads to a provider; a second press goes on in the same one.
const WINDOW: &str = "chancery-confirm";

/// How often it is looked whether that window was closed.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// Whether one is being asked; provided once, at the root.
#[derive(Clone, Copy)]
pub struct Confirming {
    /// Whether one is.
    pub open: RwSignal<bool>,
    /// How one can answer.
    pub ways: RwSignal<Loaded<ConfirmWays>>,
    /// What is typed.
    pub password: RwSignal<String>,
    /// What is wrong with it.
    pub wrong: RwSignal<Option<String>>,
    /// What else failed.
    pub failed: RwSignal<Option<String>>,
    /// Whether the password is on its way.
    pub working: RwSignal<bool>,
    /// The second factor that is asked for after the password.
    pub second: RwSignal<Option<SecondStep>>,
    /// The provider in whose window one is.
    pub begun: RwSignal<Option<SourceId>>,
    window: StoredValue<Option<web_sys::Window>, LocalStorage>,
    waiting: StoredValue<Vec<oneshot::Sender<bool>>, LocalStorage>,
    line: Line,
    api: ApiClient,
}

impl Confirming {
    /// Makes it known to everything below, and listens to the windows that lead to providers.
    pub fn provide() -> Self {
        let confirming = Self {
            open: RwSignal::new(false),
            ways: RwSignal::new(Loaded::Loading),
            password: RwSignal::new(String::new()),
            wrong: RwSignal::new(None),
            failed: RwSignal::new(None),
            working: RwSignal::new(false),
            second: RwSignal::new(None),
            begun: RwSignal::new(None),
            window: StoredValue::new_local(None),
            waiting: StoredValue::new_local(Vec::new()),
            line: Line::current(),
            api: ApiClient::current(),
        };
        provide_context(confirming);
        // Lives as long as the page.
        let _ = window_event_listener(ev::storage, move |_| confirming.look());
        // However the dialog closes, whoever waits is told.
        effect(move || {
            if !confirming.open.get() {
                confirming.answer(false);
            }
        });
        confirming
    }

    /// The one.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
        use_context().expect("confirming is provided at the root")
    }

    /// Makes a request; as often as the answer is that one must sign in again, one does, and it is made again.
    ///
    /// # Errors
    /// Those of the request; `not_fresh` when one would not.
    pub async fn through<T>(self, call: impl AsyncFn() -> Result<T, ClientError>) -> Result<T, ClientError> {
        loop {
            let outcome = call().await;
            let stale = outcome.as_ref().is_err_and(|error| error.code() == Some("not_fresh"));
            if !stale || !self.ask().await {
                return outcome;
            }
        }
    }

    async fn ask(self) -> bool {
        let (sender, answered) = oneshot::channel();
        self.waiting.update_value(|waiting| waiting.push(sender));
        if !self.open.get_untracked() {
            self.password.set(String::new());
            self.wrong.set(None);
            self.failed.set(None);
            self.second.set(None);
            dom::forget(CONFIRMED);
            self.open.set(true);
            self.load();
        }
        answered.await.unwrap_or(false)
    }

    /// Asks how one can answer.
    pub fn load(self) {
        self.ways.set(Loaded::Loading);
        spawn_local(async move {
            let outcome = sessions::confirm_ways(self.api).await;
            self.line.heard(&outcome);
            self.ways.set(outcome.into());
        });
    }

    /// With the password.
    pub fn send(self) {
        if self.working.get_untracked() {
            return;
        }
        self.failed.set(None);
        let missing = self.password.with_untracked(String::is_empty);
        self.wrong.set(missing.then(|| words::NEED_PASSWORD.to_owned()));
        if missing {
            dom::focus("#confirm-password");
            return;
        }
        self.working.set(true);
        let body = Confirm { password: self.password.get_untracked() };
        spawn_local(async move {
            let outcome = sessions::confirm(self.api, &body).await;
            self.working.set(false);
            self.line.heard(&outcome);
            match outcome {
                Ok(None) => self.answer(true),
                Ok(step) => {
                    self.password.set(String::new());
                    self.second.set(step);
                }
                Err(error) if error.code() == Some("sign_in_failed") => {
                    self.wrong.set(Some(words::WRONG_PASSWORD.to_owned()));
                    dom::focus("#confirm-password");
                }
                Err(error) => self.failed.set(Some(text::problem::of(&error))),
            }
        });
    }

    /// A second factor was shown, and the session goes on.
    pub fn shown(self) {
        self.answer(true);
    }

    /// The second step took too long: it begins with the password again.
    pub fn over(self) {
        self.failed.set(Some(text::factors::OVER.to_owned()));
        self.second.set(None);
    }

    /// At a provider, in a window of its own, so that everything here stays as it is.
    pub fn go(self, source: SourceId) {
        self.wrong.set(None);
        self.failed.set(None);
        dom::forget(CONFIRMED);
        let Some(window) = dom::open_window(WINDOW) else {
            return self.failed.set(Some(words::BLOCKED.to_owned()));
        };
        self.begun.set(Some(source));
        self.window.set_value(Some(window.clone()));
        self.watch();
        let body = BeginSignIn { source, to: String::new(), keep: false, confirm: true, login_hint: None };
        spawn_local(async move {
            let outcome = sessions::begin(self.api, &body).await;
            self.line.heard(&outcome);
            match outcome {
                // Fails only when the window was closed meanwhile.
                Ok(begun) => drop(window.location().replace(&begun.url)),
                Err(error) => {
                    let _ = window.close();
                    self.begun.set(None);
                    self.failed.set(Some(text::sign_in::failed(&error)));
                }
            }
        });
    }

    /// Looks at the window as long as there is one: no browser tells when another window closes.
    fn watch(self) {
        let again = move || {
            self.look();
            if self.begun.get_untracked().is_some() {
                self.watch();
            }
        };
        set_timeout(again, LOOK_EVERY);
    }

    /// Whether the window is done, or was closed.
    fn look(self) {
        if !self.open.get_untracked() {
            return;
        }
        // Also one that another page of this session opened.
        if dom::stored(CONFIRMED).is_some() {
            return self.answer(true);
        }
        if self.begun.get_untracked().is_none() {
            return;
        }
        let closed = self
            .window
            .with_value(|window| window.as_ref().is_none_or(|window| window.closed().unwrap_or(true)));
        if closed {
            self.begun.set(None);
            // A provider may cut the tie to its window, and a browser that keeps nothing cannot tell: the request finds out.
            if !dom::can_store() {
                self.answer(true);
            }
        }
    }

    /// Tells all who wait, and is over.
    fn answer(self, confirmed: bool) {
        self.begun.set(None);
        self.window.set_value(None);
        self.password.set(String::new());
        let waiting = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
        for sender in waiting {
            // Whoever asked may be gone.
            let _ = sender.send(confirmed);
        }
        if self.open.get_untracked() {
            self.open.set(false);
        }
    }
}
