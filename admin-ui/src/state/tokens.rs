//! The tokens of one source that writes to us: which there are, and how one is issued and revoked.

use chancery_protocol::ids::{SourceId, TokenId};
use chancery_protocol::sources::{IssueToken, SourceToken, SourceTokens, TokenIssued};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::text::tokens as words;
use chancery_ui_kit::time;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::sources;
use crate::logic::tokens::{is_last, pace};
use crate::state::polled::Polled;
use crate::state::sources::{Ask, Sources};

/// The state; provided by the form of the source.
#[derive(Clone, Copy)]
pub struct Tokens {
    /// They.
    pub list: Polled<SourceTokens>,
    /// Whether the dialog for a new one is open.
    pub issuing: RwSignal<bool>,
    /// Its title.
    pub title: RwSignal<&'static str>,
    source: SourceId,
    desk: Sources,
}

impl Tokens {
    /// Follows the tokens of a source, and makes them known to everything below.
    pub fn provide(source: SourceId) -> Self {
        let desk = Sources::current();
        let list = Polled::paced(
            |all: Option<&SourceTokens>| Some(pace(all, time::now())),
            move || {
                desk.tokens_changed.track();
                Box::pin(sources::tokens(desk.api(), source))
            },
        );
        let tokens =
            Self { list, issuing: RwSignal::new(false), title: RwSignal::new(words::ISSUE), source, desk };
        provide_context(tokens);
        tokens
    }

    /// The state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "it is provided before anything that shows it is drawn")]
        use_context().expect("the tokens of a source are provided above what shows them")
    }

    /// One of them; tracked.
    pub fn find(self, id: TokenId) -> Option<SourceToken> {
        self.list.read(|all| all.tokens.iter().find(|token| token.id == id).cloned()).flatten()
    }

    /// Fetches them again, after they could not be had.
    pub fn retry(self) {
        self.list.value.set(Loaded::Loading);
        self.desk.tokens_changed.update(|count| *count = count.wrapping_add(1));
    }

    /// Issues one and hands it over, once and to nobody else.
    pub fn issue(
        self,
        form: IssueToken,
        working: RwSignal<bool>,
        failed: RwSignal<Option<ClientError>>,
        issued: RwSignal<Option<TokenIssued>>,
    ) {
        if working.get_untracked() {
            return;
        }
        working.set(true);
        failed.set(None);
        let desk = self.desk;
        spawn_local(async move {
            let outcome = sources::issue_token(desk.api(), self.source, &form).await;
            desk.line().heard(&outcome);
            let closed = working.try_set(false).is_some();
            match outcome {
                Ok(token) => {
                    // Whoever closed the dialog meanwhile is told: it works, and nobody has it.
                    if issued.try_set(Some(token)).is_some() {
                        desk.toasts.failed(words::UNSEEN, words::UNSEEN_BODY);
                    }
                    desk.renew_tokens();
                }
                Err(error) if closed => desk.toasts.failed(words::NOT_ISSUED, words::refused(&error)),
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    }

    /// Asks before one is revoked.
    pub fn ask(self, id: TokenId) {
        let found = untrack(|| {
            let last = self.list.read(|all| is_last(all, id, time::now()));
            self.find(id).zip(last)
        });
        if let Some((token, last)) = found {
            self.desk.ask.set(Some(Ask::Revoke(self.source, Box::new(token), last)));
        }
    }
}

impl Sources {
    /// Whoever shows tokens asks for them anew, if anybody still does.
    fn renew_tokens(self) {
        let _ = self.tokens_changed.try_update(|count| *count = count.wrapping_add(1));
    }

    /// Revokes a token.
    pub fn revoke_token(
        self,
        source: SourceId,
        token: TokenId,
        working: RwSignal<bool>,
        failed: RwSignal<Option<ClientError>>,
    ) {
        if working.get_untracked() {
            return;
        }
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = sources::revoke_token(self.api(), source, token).await;
            self.line().heard(&outcome);
            let closed = working.try_set(false).is_some();
            match outcome {
                Ok(()) => {
                    self.toasts.done(words::REVOKED_DONE);
                    if !closed {
                        let _ = self.ask.try_set(None);
                    }
                    self.renew_tokens();
                }
                Err(error) if closed => self.toasts.failed(words::NOT_REVOKED, words::refused(&error)),
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    }
}
