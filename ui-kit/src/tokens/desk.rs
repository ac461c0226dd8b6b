//! The access tokens of one person or bot: which there are, and how one is issued and revoked.

use std::time::Duration;

use chancery_protocol::person::Role;
use chancery_protocol::tokens::{AccessToken, AccessTokens, IssueAccessToken};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::tokens::{self as api, Whose};
use crate::api::{ApiClient, ClientError};
use crate::dom;
use crate::loaded::Loaded;
use crate::text::access_tokens as words;
use crate::text::tokens as common;
use crate::toast::Toasts;

/// The state. It outlives what shows it: a token just issued must not vanish because something around it is drawn anew.
#[derive(Clone, Copy)]
pub struct Desk {
    /// They.
    pub list: RwSignal<Loaded<AccessTokens>>,
    /// Whether the dialog for a new one is open.
    pub issuing: RwSignal<bool>,
    /// What its person or bot may do.
    pub roles: StoredValue<Vec<Role>>,
    /// How the last request went: what kept it, if anything.
    pub heard: RwSignal<Option<ClientError>>,
    /// Whether it is asked if one is to be revoked, which, and under which title.
    pub(super) asking: RwSignal<bool>,
    pub(super) asked: StoredValue<Option<AccessToken>>,
    pub(super) title: RwSignal<String>,
    whose: Whose,
    api: ApiClient,
    toasts: Toasts,
}

impl Desk {
    /// Nothing is asked for yet.
    pub fn new(whose: Whose) -> Self {
        Self {
            list: RwSignal::new(Loaded::Loading),
            issuing: RwSignal::new(false),
            roles: StoredValue::new(Vec::new()),
            heard: RwSignal::new(None),
            asking: RwSignal::new(false),
            asked: StoredValue::new(None),
            title: RwSignal::new(String::new()),
            whose,
            api: ApiClient::current(),
            toasts: Toasts::current(),
        }
    }

    /// Asks for them. What was loaded stays readable while the server is not reached.
    pub fn load(self) {
        spawn_local(async move {
            let outcome = api::list(self.api, self.whose).await;
            self.hear(&outcome);
            let known = self.list.try_with_untracked(|list| list.ready().is_some());
            match outcome {
                Err(ClientError::Network) if known == Some(true) => {}
                outcome => {
                    let list = Loaded::from(outcome);
                    // Lines are drawn anew only for what is new.
                    let differs = self.list.try_with_untracked(|known| *known != list);
                    if differs == Some(true) {
                        self.list.set(list);
                        if known == Some(true) {
                            settle();
                        }
                    }
                }
            }
        });
    }

    /// The same, after they could not be had.
    pub fn retry(self) {
        self.list.set(Loaded::Loading);
        self.load();
    }

    /// Asks whether one is to be revoked.
    pub(super) fn ask(self, token: AccessToken) {
        self.title.set(common::revoke_title(&token.name));
        self.asked.set_value(Some(token));
        self.asking.set(true);
    }

    fn hear<T>(self, outcome: &Result<T, ClientError>) {
        let _ = self.heard.try_set(outcome.as_ref().err().cloned());
    }

    /// Issues one and hands it over, once and to nobody else.
    pub(super) fn issue(
        self,
        form: IssueAccessToken,
        working: RwSignal<bool>,
        failed: RwSignal<Option<ClientError>>,
        issued: RwSignal<Option<String>>,
    ) {
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = api::issue(self.api, self.whose, &form).await;
            self.hear(&outcome);
            let _ = working.try_set(false);
            match outcome {
                Ok(made) => {
                    // Whoever closed the dialog meanwhile is told: it works, and nobody has it.
                    if issued.try_set(Some(made.token)).is_some() {
                        self.toasts.failed(common::UNSEEN, common::UNSEEN_BODY);
                    }
                    self.load();
                }
                Err(error) => self.fail(failed, error, common::NOT_ISSUED),
            }
        });
    }

    /// Revokes the one that is asked about.
    pub(super) fn revoke(
        self,
        token: &AccessToken,
        working: RwSignal<bool>,
        failed: RwSignal<Option<ClientError>>,
    ) {
        let id = token.id;
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = api::revoke(self.api, self.whose, id).await;
            self.hear(&outcome);
            let open = working.try_set(false).is_none();
            match outcome {
                Err(error) if error.code() != Some("not_found") => {
                    self.fail(failed, error, common::NOT_REVOKED);
                }
                // It is over now, or was before.
                _ => {
                    self.toasts.done(common::REVOKED_DONE);
                    if open {
                        let _ = self.asking.try_set(false);
                    }
                    self.load();
                }
            }
        });
    }

    /// Says it in the dialog, or where everybody looks when the dialog is gone.
    fn fail(self, failed: RwSignal<Option<ClientError>>, error: ClientError, title: &'static str) {
        if let Some(Some(error)) = failed.try_set(Some(error)) {
            self.toasts.failed(title, words::refused(&error));
        }
    }
}

/// The button that had the focus may be gone with its line: then the title of the list has it.
fn settle() {
    set_timeout(
        || {
            if dom::focused().is_none() && dom::find("dialog[open]").is_none() {
                dom::focus("#access-title");
            }
        },
        Duration::ZERO,
    );
}
