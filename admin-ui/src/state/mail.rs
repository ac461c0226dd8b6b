//! The page of mail: how it is set up, what of it is typed, what is wrong with it, and what a test found.

use std::collections::BTreeMap;

use chancery_protocol::Micros;
use chancery_protocol::mail_settings::{MailField, MailSettings, MailTested, SetMail, TestMail};
use chancery_protocol::problem::Problem;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::{Address, Router};
use chancery_ui_kit::text::mail_settings as words;
use chancery_ui_kit::toast::Toasts;
use chancery_ui_kit::{dom, time};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::mail;
use crate::logic::mail::{HOST, SECRETS, TEXTS, Texts, Typed, Way, changes, is_set, of_server};
use crate::logic::source::Secret;
use crate::routes::Place;
use crate::state::line::Line;

/// A secret in the form.
#[derive(Clone, Copy)]
pub struct SecretBox {
    /// What becomes of it.
    pub turn: RwSignal<Secret>,
    /// What is typed.
    pub typed: RwSignal<String>,
}

type Fields = BTreeMap<&'static str, RwSignal<String>>;
type Secrets = BTreeMap<&'static str, SecretBox>;

/// How the last test went.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// There was none.
    None,
    /// It is under way.
    Running,
    /// It could not be run.
    Failed(ClientError),
    /// It is over: what it found, when, where the mail went, and with what.
    Over(Box<(MailTested, Micros, String, Texts)>),
}

/// The state of the page; provided by it.
#[derive(Clone, Copy)]
pub struct MailSheet {
    /// How mail is set up, as it was loaded last.
    pub settings: RwSignal<Loaded<MailSettings>>,
    /// When that was.
    pub loaded_at: RwSignal<Micros>,
    /// How we sign in, as it is chosen.
    pub way: RwSignal<String>,
    /// What is wrong, by key.
    pub errors: RwSignal<Texts>,
    /// Whether it is being saved.
    pub working: RwSignal<bool>,
    /// Why it was not saved, when no setting is to blame.
    pub failed: RwSignal<Option<ClientError>>,
    /// What somebody else saved in the meantime.
    pub theirs: RwSignal<Option<MailSettings>>,
    /// Whether what is typed stands on top of what somebody else saved.
    pub rebased: RwSignal<bool>,
    /// Where the test mail goes.
    pub to: RwSignal<String>,
    /// The test.
    pub test: RwSignal<Test>,
    /// What is asked before the page is left for this address.
    pub leaving: RwSignal<Option<String>>,
    /// What would be sent; empty when nothing is typed that is not saved.
    pub changed: Memo<Texts>,
    texts: StoredValue<Fields>,
    secrets: StoredValue<Secrets>,
    line: Line,
    api: ApiClient,
    router: Router,
    toasts: Toasts,
}

impl MailSheet {
    /// Begins to load, and makes the state known to everything below.
    pub fn provide() -> Self {
        let settings = RwSignal::new(Loaded::<MailSettings>::Loading);
        let (way, line) = (RwSignal::new(String::new()), Line::current());
        let texts = TEXTS.map(|key| (key, RwSignal::new(String::new()))).into_iter().collect();
        let fresh = |key| {
            (key, SecretBox { turn: RwSignal::new(Secret::Replace), typed: RwSignal::new(String::new()) })
        };
        let secrets = SECRETS.map(fresh).into_iter().collect();
        let (texts, secrets) = (StoredValue::new(texts), StoredValue::new(secrets));
        let changed = memo(move || {
            settings.with(|settings| {
                let Some(settings) = settings.ready() else { return Texts::new() };
                changes(&settings.fields, &typed(texts, secrets, way))
            })
        });
        let sheet = Self {
            settings,
            loaded_at: RwSignal::new(0),
            way,
            errors: RwSignal::new(Texts::new()),
            working: RwSignal::new(false),
            failed: RwSignal::new(None),
            theirs: RwSignal::new(None),
            rebased: RwSignal::new(false),
            to: RwSignal::new(String::new()),
            test: RwSignal::new(Test::None),
            leaving: RwSignal::new(None),
            changed,
            texts,
            secrets,
            line,
            api: ApiClient::current(),
            router: Router::current(),
            toasts: Toasts::current(),
        };
        provide_context(sheet);
        effect(move || {
            line.again.track();
            sheet.load();
        });
        sheet.ask_before_leaving();
        sheet
    }

    /// The page's state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the page of mail provides its state")
    }

    /// Fetches how mail is set up; what is typed stays.
    pub fn load(self) {
        spawn_local(async move {
            let outcome = mail::settings(self.api).await;
            self.line.heard(&outcome);
            let Some(there) = self.settings.try_with_untracked(|now| now.ready().is_some()) else { return };
            match outcome {
                Ok(settings) => self.adopt(settings, false),
                // What was loaded stays readable; the banner says that it may be old.
                Err(ClientError::Network) if there => {}
                Err(ClientError::Aborted) => {}
                Err(error) => self.settings.set(Loaded::Failed(error)),
            }
        });
    }

    /// Takes the settings as they are saved now. What was typed stays, unless `all` of it is dropped.
    pub fn adopt(self, new: MailSettings, all: bool) {
        let old = self.settings.with_untracked(|old| old.ready().cloned());
        let all = all || old.is_none();
        let was = |key: &str| {
            let fields = old.iter().flat_map(|old| &old.fields);
            fields.clone().find(|field| field.key == key).map(|field| field.text.clone())
        };
        for field in &new.fields {
            if field.secret {
                self.take_secret(field, all);
                continue;
            }
            let text = self.text(&field.key);
            let typed = text.with_untracked(|text| was(&field.key).as_ref() != Some(text));
            if (all || !typed) && text.with_untracked(|text| *text != field.text) {
                text.set(field.text.clone());
            }
        }
        let way = Way::of(&new.fields).name();
        let before = old.as_ref().map(|old| Way::of(&old.fields).name());
        if all || before.is_some_and(|before| self.way.with_untracked(|way| way == before)) {
            self.way.set(way.to_owned());
        }
        if all {
            self.errors.set(Texts::new());
            self.failed.set(None);
            self.rebased.set(false);
        }
        self.theirs.set(None);
        self.loaded_at.set(time::now());
        self.settings.set(Loaded::Ready(new));
    }

    fn take_secret(self, field: &MailField, all: bool) {
        let fresh = if is_set(field) { Secret::Keep } else { Secret::Replace };
        let known = self.secret(&field.key);
        if all || known.turn.get_untracked() == Secret::Keep {
            known.typed.set(String::new());
            known.turn.set(fresh);
        }
    }

    /// Drops what was typed.
    pub fn discard(self) {
        if let Some(settings) = self.settings.with_untracked(|settings| settings.ready().cloned()) {
            self.adopt(settings, true);
        }
    }

    /// Keeps what was typed on top of what somebody else saved.
    pub fn rebase(self) {
        if let Some(theirs) = self.theirs.get_untracked() {
            self.adopt(theirs, false);
            self.rebased.set(true);
        }
    }

    /// One setting as it is loaded; tracked.
    pub fn field(self, key: &str) -> Option<MailField> {
        self.settings.with(|settings| {
            let fields = &settings.ready()?.fields;
            fields.iter().find(|field| field.key == key).cloned()
        })
    }

    /// What is typed for a setting.
    pub fn text(self, key: &str) -> RwSignal<String> {
        let known = self.texts.with_value(|texts| texts.get(key).copied());
        known.unwrap_or_else(|| RwSignal::new(String::new()))
    }

    /// What becomes of a secret.
    pub fn secret(self, key: &str) -> SecretBox {
        let known = self.secrets.with_value(|secrets| secrets.get(key).copied());
        known.unwrap_or_else(|| SecretBox {
            turn: RwSignal::new(Secret::Replace),
            typed: RwSignal::new(String::new()),
        })
    }

    /// What is wrong with a setting; what is changed is complained about no longer.
    pub fn error(self, key: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.errors.with(|errors| errors.get(key).cloned()))
    }

    /// Forgets what was wrong with a setting.
    pub fn forgive(self, key: &str) {
        if self.errors.with_untracked(|errors| errors.contains_key(key)) {
            self.errors.update(|errors| drop(errors.remove(key)));
        }
    }

    /// Whether the server was taken out of the form.
    pub fn removes(self) -> bool {
        let had = self.field(HOST).is_some_and(|field| !field.fixed && !field.text.is_empty());
        had && self.text(HOST).with(|host| host.trim().is_empty())
    }

    /// Whether everything about the server is set in the configuration.
    pub fn fixed_server(self) -> bool {
        self.field(HOST).is_some_and(|field| field.fixed)
    }

    /// Saves what is typed.
    pub fn save(self) {
        let Some(was) = self.settings.with_untracked(|now| now.ready().map(|now| now.revision)) else {
            return;
        };
        let texts = self.changed.get_untracked();
        if self.working.get_untracked() || texts.is_empty() {
            return;
        }
        self.failed.set(None);
        self.errors.set(Texts::new());
        self.rebased.set(false);
        self.working.set(true);
        spawn_local(async move {
            let outcome = mail::set(self.api, &SetMail { was, texts }).await;
            self.line.heard(&outcome);
            let left = self.working.try_set(false).is_some();
            match outcome {
                Ok(settings) => {
                    self.toasts.done(words::SAVED);
                    if !left {
                        self.adopt(settings, true);
                    }
                }
                // Who has left hears of it all the same.
                Err(error) if left => self.toasts.failed(words::NOT_DONE, words::refused(&error)),
                Err(error) if error.code() == Some("outdated") => {
                    if let Ok(theirs) = mail::settings(self.api).await {
                        drop(self.theirs.try_set(Some(theirs)));
                    }
                }
                Err(error) => drop(self.failed.try_set(self.complain(error))),
            }
        });
    }

    /// Tries what is typed.
    pub fn run(self) {
        if self.test.with_untracked(|test| *test == Test::Running) {
            return;
        }
        self.errors.set(Texts::new());
        let (texts, to) = (self.changed.get_untracked(), self.to.get_untracked());
        let asked = TestMail { texts: texts.clone(), to: to.clone() };
        self.test.set(Test::Running);
        spawn_local(async move {
            let outcome = mail::test(self.api, &asked).await;
            self.line.heard(&outcome);
            if self.test.try_get_untracked().is_none() {
                return;
            }
            self.test.set(match outcome {
                Ok(tested) => Test::Over(Box::new((tested, time::now(), to, texts))),
                Err(error) => self.complain(error).map_or(Test::None, Test::Failed),
            });
        });
    }

    /// Shows what is wrong at its fields, and puts the focus on the first; what has no field comes back.
    fn complain(self, error: ClientError) -> Option<ClientError> {
        let ClientError::Problem(problem) = &error else { return Some(error) };
        let mut wrong: Vec<Problem> = problem.errors.iter().map(|one| problem.alone(one)).collect();
        if wrong.is_empty() {
            wrong.push((**problem).clone());
        }
        let mut told = Texts::new();
        let mut elsewhere = None;
        for one in wrong {
            match one.field.clone() {
                Some(key) => drop(told.entry(key).or_insert_with(|| words::refused(&one.into()))),
                None => elsewhere = elsewhere.or(Some(one)),
            }
        }
        self.show(&told);
        self.errors.set(told);
        // The fields are marked first; only then can the first of them be found.
        let first = || _ = dom::focus("#mail :is([aria-invalid=true], [data-wrong] button)");
        set_timeout(first, std::time::Duration::ZERO);
        elsewhere.map(Into::into)
    }

    /// What is wrong may stand on another page of the form, or belong to a way to sign in that is not shown.
    fn show(self, told: &Texts) {
        let place = Place::of(&self.router.address_untracked().path);
        let here =
            |key: &&String| key.as_str() == "to" || of_server(key) == (place == Place::Mail(Tab::Server));
        if !told.is_empty() && !told.keys().any(|key| here(&key)) {
            let other = if place == Place::Mail(Tab::Server) { Tab::Rules } else { Tab::Server };
            self.router.to(&Place::Mail(other).path());
        }
    }

    /// A form in which something is typed asks before it is left.
    fn ask_before_leaving(self) {
        let router = self.router;
        router.guard(Callback::new(move |address: String| {
            let stays = matches!(Place::of(&Address::of(&address).path), Place::Mail(_));
            let asks = !stays && !self.changed.with_untracked(Texts::is_empty);
            if asks {
                self.leaving.set(Some(address));
            }
            !asks
        }));
        let closing = window_event_listener(leptos::ev::beforeunload, move |event| {
            if !self.changed.with_untracked(Texts::is_empty) {
                event.prevent_default();
                event.set_return_value("unsaved");
            }
        });
        on_cleanup(move || {
            router.unguard();
            closing.remove();
        });
    }

    /// Goes to another address without asking about what was changed.
    pub fn leave(self, address: &str) {
        self.leaving.set(None);
        self.router.unguard();
        self.router.to(address);
    }

    /// The client, for what stands on the page.
    pub fn api(self) -> ApiClient {
        self.api
    }

    /// The line to the server.
    pub fn line(self) -> Line {
        self.line
    }

    /// Where one is, and how to go elsewhere.
    pub fn router(self) -> Router {
        self.router
    }
}

/// A part of the page.
pub use crate::routes::MailTab as Tab;

/// What is typed now; tracked.
fn typed(texts: StoredValue<Fields>, secrets: StoredValue<Secrets>, way: RwSignal<String>) -> Typed {
    let texts =
        texts.with_value(|texts| texts.iter().map(|(key, text)| ((*key).to_owned(), text.get())).collect());
    let of = |secret: &SecretBox| match secret.turn.get() {
        Secret::Keep => None,
        Secret::Replace => Some(secret.typed.get()).filter(|typed| !typed.is_empty()),
        Secret::TakeAway => Some(String::new()),
    };
    let secrets = secrets.with_value(|secrets| {
        secrets.iter().filter_map(|(key, secret)| Some(((*key).to_owned(), of(secret)?))).collect()
    });
    Typed { texts, secrets, way: way.with(|way| Way::named(way)) }
}
