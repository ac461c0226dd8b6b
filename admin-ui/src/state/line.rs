//! Whether the server is reached: told by the browser, and by requests that did not arrive.

use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::dom;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::session::{Farewell, Session};
use leptos::ev;
use leptos::prelude::*;

/// The line to the server; provided once, at the root.
#[derive(Clone, Copy)]
pub struct Line {
    /// Whether there is none.
    pub offline: RwSignal<bool>,
    /// Counts up when it is worth asking again.
    pub again: RwSignal<u32>,
    session: Session,
}

impl Line {
    /// Listens to the browser.
    pub fn provide(session: Session) -> Self {
        let up = dom::window().is_none_or(|window| window.navigator().on_line());
        let line = Self { offline: RwSignal::new(!up), again: RwSignal::new(0), session };
        provide_context(line);
        // Both live as long as the page.
        let _ = window_event_listener(ev::offline, move |_| line.offline.set(true));
        let _ = window_event_listener(ev::online, move |_| line.try_again());
        line
    }

    /// The page's line.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
        use_context().expect("the line is provided at the root")
    }

    /// Asks again for what is shown.
    pub fn try_again(self) {
        self.again.update(|again| *again = again.wrapping_add(1));
    }

    /// Learns from the outcome of a request. A session that has ended leads to sign-in.
    pub fn heard<T>(self, outcome: &Result<T, ClientError>) {
        match outcome {
            Ok(_) => self.set(false),
            Err(ClientError::Network) => self.set(true),
            Err(error) => match error.code() {
                Some("signed_out") => self.session.end(Farewell::Ended),
                Some(_) => self.set(false),
                None => {}
            },
        }
    }

    /// Learns from requests that are made elsewhere: what kept the last one, if anything.
    pub fn follow(self, kept: RwSignal<Option<ClientError>>) {
        // Before the first of them nothing is known.
        let mut first = true;
        effect(move || {
            let outcome = kept.get().map_or(Ok(()), Err);
            if !std::mem::take(&mut first) {
                self.heard(&outcome);
            }
        });
    }

    fn set(self, offline: bool) {
        if self.offline.get_untracked() != offline {
            self.offline.set(offline);
        }
    }
}
