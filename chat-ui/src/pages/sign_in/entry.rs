//! What is typed and chosen on the sign-in page, and the two ways from there.

use chancery_protocol::http::{BeginSignIn, SignIn};
use chancery_protocol::ids::SourceId;
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::api::sessions::Entered;
use chancery_ui_kit::dom;
use chancery_ui_kit::second_step::SecondStep;
use chancery_ui_kit::session::way_back;
use chancery_ui_kit::text;
use chancery_ui_kit::text::factors;
use chancery_ui_kit::text::sign_in as words;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::state::session::Session;

/// The provider this device was last sent to.
pub const LAST: &str = "chancery.provider";
/// The page this tab wanted when it was sent to a provider.
pub const WANTED: &str = "chancery.wanted";

/// What the page holds.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What is typed as the name.
    pub username: RwSignal<String>,
    /// What is typed as the password.
    pub password: RwSignal<String>,
    /// Whether one stays signed in, in whatever way one comes in.
    pub keep: RwSignal<bool>,
    /// What is wrong with the name.
    pub username_error: RwSignal<Option<String>>,
    /// What is wrong with the password.
    pub password_error: RwSignal<Option<String>>,
    /// Why the form let nobody in.
    pub refused: RwSignal<Option<String>>,
    /// Whether the form is on its way.
    pub working: RwSignal<bool>,
    /// The second factor that is asked for after the password.
    pub second: RwSignal<Option<SecondStep>>,
    /// Why one was not sent to a provider.
    pub not_begun: RwSignal<Option<String>>,
    /// The provider one is being sent to.
    pub begun: RwSignal<Option<SourceId>>,
}

impl Entry {
    /// Nothing typed, nothing under way.
    pub fn new() -> Self {
        Self {
            username: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            keep: RwSignal::new(true),
            username_error: RwSignal::new(None),
            password_error: RwSignal::new(None),
            refused: RwSignal::new(None),
            working: RwSignal::new(false),
            second: RwSignal::new(None),
            not_begun: RwSignal::new(None),
            begun: RwSignal::new(None),
        }
    }

    /// Whether a sign-in is under way, so that no second one begins.
    pub fn at_work(self) -> bool {
        self.working.get_untracked() || self.begun.get_untracked().is_some()
    }

    /// Says what is missing and puts the focus there.
    pub fn complete(self) -> bool {
        let username = self.username.with_untracked(|name| name.trim().is_empty());
        let password = self.password.with_untracked(String::is_empty);
        self.username_error.set(username.then(|| words::NEED_USERNAME.to_owned()));
        self.password_error.set(password.then(|| words::NEED_PASSWORD.to_owned()));
        if username {
            dom::focus("#username");
        } else if password {
            dom::focus("#password");
        }
        !username && !password
    }

    /// Signs in with what is typed.
    pub fn send(self, session: Session, api: ApiClient) {
        self.working.set(true);
        self.settle(session);
        let body = SignIn {
            username: self.username.with_untracked(|name| dom::small(name.trim())),
            password: self.password.get_untracked(),
            keep: self.keep.get_untracked(),
        };
        spawn_local(async move {
            let result = api::sessions::create(api, &body).await;
            // The page may be gone by now; then nobody waits for the answer.
            let _ = self.working.try_set(false);
            match result {
                Ok(Entered::In(info)) => session.begin(*info),
                Ok(Entered::Second(step)) => {
                    // It is proven, and not needed any more.
                    let _ = self.password.try_set(String::new());
                    let _ = self.second.try_set(Some(step));
                }
                Err(error) => {
                    let _ = self.refused.try_set(Some(text::problem::of(&error)));
                    dom::focus("#password");
                }
            }
        });
    }

    /// Back to name and password, with the name as it was: because the second step took too long, or was not wanted.
    pub fn again(self, over: bool) {
        self.refused.set(over.then(|| factors::OVER.to_owned()));
        self.second.set(None);
    }

    /// Goes to a provider, to come back to the page one wanted. The button stays at work until the provider's page is there.
    pub fn begin(self, session: Session, api: ApiClient, source: SourceId) {
        if self.at_work() {
            return;
        }
        self.begun.set(Some(source));
        self.settle(session);
        dom::store(LAST, &source.to_string());
        let body = BeginSignIn {
            source,
            to: way_back().or_else(|| session.wanted.get_value()).unwrap_or_default(),
            keep: self.keep.get_untracked(),
            confirm: false,
            login_hint: None,
        };
        // Should the way back fail, the next try leads there all the same.
        dom::keep_for_tab(WANTED, Some(body.to.as_str()).filter(|to| !to.is_empty()));
        spawn_local(async move {
            let stay = move || {
                let _ = self.begun.try_set(None);
            };
            match api::sessions::begin(api, &body).await {
                Ok(begun) => dom::go_out(&begun.url, stay),
                Err(error) => {
                    stay();
                    let _ = self.not_begun.try_set(Some(words::failed(&error)));
                    if error.code() == Some("not_found") {
                        // What is offered has changed since the page was opened.
                        session.load_server();
                    }
                }
            }
        });
    }

    /// What was said before is no longer the case.
    fn settle(self, session: Session) {
        session.farewell.set(None);
        self.refused.set(None);
        self.not_begun.set(None);
    }
}
