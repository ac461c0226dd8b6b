//! The form of one source: what is typed, what of it is saved, what is wrong with it, and what a test of it found.

use std::collections::BTreeMap;

use chancery_protocol::Micros;
use chancery_protocol::ids::SourceId;
use chancery_protocol::problem::Problem;
use chancery_protocol::sources::{
    Connection, SetSource, SettingProblem, Source, SourceForm, SourceTested, SyncSettings, TestSource,
};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::Address;
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::text::tokens;
use chancery_ui_kit::{dom, time};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::sources;
use crate::logic::source::{self, Errors, Texts, YES};
pub use crate::logic::source::{Opened, Secret};
use crate::routes::Place;
use crate::state::sources::{Ask, Sources};

/// A test that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// What it found.
    pub found: SourceTested,
    /// When it was over.
    pub at: Micros,
    /// Whether it was run with values that were not saved.
    pub unsaved: bool,
    /// With which values.
    with: (Texts, Option<String>),
}

/// How the last test went.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// There was none.
    None,
    /// It is under way.
    Running,
    /// It could not be run.
    Failed(ClientError),
    /// It is over.
    Over(Box<Tested>),
}

/// The form; provided by it.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// The source as it was loaded; none for one to be added.
    pub source: RwSignal<Option<Source>>,
    /// What becomes of the secret.
    pub secret: RwSignal<Secret>,
    /// The secret that is typed.
    pub typed: RwSignal<String>,
    /// What is wrong, by setting.
    pub errors: RwSignal<Errors>,
    /// Whether it is being saved or switched.
    pub working: RwSignal<bool>,
    /// Why it was not saved, when no setting is to blame.
    pub failed: RwSignal<Option<ClientError>>,
    /// What somebody else saved in the meantime.
    pub theirs: RwSignal<Option<Source>>,
    /// Whether what is typed stands on top of what somebody else saved.
    pub rebased: RwSignal<bool>,
    /// The test.
    pub test: RwSignal<Test>,
    /// Whether anything is typed that is not saved.
    pub dirty: Memo<bool>,
    /// Whether anything was changed since the test.
    pub stale: Memo<bool>,
    base: RwSignal<Texts>,
    first: StoredValue<SourceForm>,
    fields: StoredValue<BTreeMap<&'static str, RwSignal<String>>>,
    desk: Sources,
}

impl Sheet {
    /// Opens a source, or begins a new one, and makes the form known to everything below.
    pub fn provide(desk: Sources, opened: Opened) -> Self {
        let (form, source) = match opened {
            Opened::New(kind) => (kind.fresh(), None),
            Opened::Kept(source) => (source.form.clone(), Some(*source)),
        };
        let base = source::texts(&form);
        let fields: BTreeMap<_, _> =
            base.iter().map(|(path, text)| (*path, RwSignal::new(text.clone()))).collect();
        let secret = RwSignal::new(match &source {
            Some(source) if source.has_secret => Secret::Keep,
            _ => Secret::Replace,
        });
        let (typed, base) = (RwSignal::new(String::new()), RwSignal::new(base));
        let test = RwSignal::new(Test::None);
        let signals = StoredValue::new(fields.clone());
        let dirty = memo(move || {
            send_of(secret, typed).is_some()
                || signals.with_value(|fields| {
                    base.with(|base| {
                        fields.iter().any(|(path, text)| text.with(|text| base.get(path) != Some(text)))
                    })
                })
        });
        let stale = memo(move || match test.get() {
            Test::Over(tested) => tested.with != (texts_of(signals), send_of(secret, typed)),
            _ => false,
        });
        let sheet = Self {
            source: RwSignal::new(source),
            secret,
            typed,
            errors: RwSignal::new(Errors::new()),
            working: RwSignal::new(false),
            failed: RwSignal::new(None),
            theirs: RwSignal::new(None),
            rebased: RwSignal::new(false),
            test,
            dirty,
            stale,
            base,
            first: StoredValue::new(form),
            fields: signals,
            desk,
        };
        provide_context(sheet);
        // What was changed is complained about no longer.
        for (path, text) in fields {
            effect(move || {
                text.track();
                sheet.forgive(path);
            });
        }
        sheet.follow();
        sheet
    }

    /// The form's state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the form provides it before anything in it is drawn")]
        use_context().expect("a form of a source provides its state")
    }

    /// A form in which nothing is typed shows what others save; one in which something is asks before it is left.
    fn follow(self) {
        let (desk, router) = (self.desk, self.desk.router());
        effect(move || {
            desk.list.track();
            let Some(known) = self.source.get_untracked() else { return };
            let newer = desk.find(known.id).filter(|found| *found != known);
            if let Some(found) = newer
                && (!self.dirty.get_untracked()
                    || found.revision == known.revision
                    || desk.is_own(&known, &found))
            {
                self.adopt(found, false);
            }
        });
        router.guard(Callback::new(move |address: String| {
            // What is shown over the form does not leave it.
            let stays = Place::of(&Address::of(&address).path).source();
            let stays = stays.is_some() && stays == self.id_untracked();
            let dirty = self.dirty.get_untracked() && !stays;
            if dirty {
                let name =
                    self.source.with_untracked(|source| source.as_ref().map(|it| it.form.name.clone()));
                desk.ask.set(Some(Ask::Leave(address, name.unwrap_or_default())));
            }
            !dirty
        }));
        let closing = window_event_listener(leptos::ev::beforeunload, move |event| {
            if self.dirty.get_untracked() {
                event.prevent_default();
                event.set_return_value("unsaved");
            }
        });
        on_cleanup(move || {
            router.unguard();
            closing.remove();
        });
    }

    /// What is typed for a setting.
    pub fn field(self, path: &'static str) -> RwSignal<String> {
        // Every path of a page stands in the tables; another would be typed and never sent.
        let known = self.fields.with_value(|fields| fields.get(path).copied());
        known.unwrap_or_else(|| RwSignal::new(String::new()))
    }

    /// Whether a box is ticked.
    pub fn ticked(self, path: &'static str) -> bool {
        self.field(path).with(|text| text == YES)
    }

    /// What is wrong with a setting.
    pub fn error(self, path: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.errors.with(|errors| errors.get(path).cloned()))
    }

    fn forgive(self, path: &str) {
        let below =
            |key: &str| key.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if self.errors.with_untracked(|errors| errors.keys().any(|key| below(key))) {
            self.errors.update(|errors| errors.retain(|key, _| !below(key)));
        }
    }

    /// Which source it is, when it is kept.
    pub fn id(self) -> Option<SourceId> {
        self.source.with(|source| source.as_ref().map(|source| source.id))
    }

    fn id_untracked(self) -> Option<SourceId> {
        self.source.with_untracked(|source| source.as_ref().map(|source| source.id))
    }

    /// How it is synced, as it is saved; none for a provider, and for what is not saved.
    pub fn sync(self) -> Option<SyncSettings> {
        self.source.with(|source| match &source.as_ref()?.form.connection {
            Connection::Ldap(settings) => Some(settings.sync),
            Connection::Oidc(_) | Connection::Scim(_) => None,
        })
    }

    /// Whether it is switched on, as it is saved.
    pub fn enabled(self) -> bool {
        self.source.with(|source| source.as_ref().is_some_and(|source| source.form.enabled))
    }

    /// What kind of connection it is; it never changes.
    pub fn connection(self) -> Connection {
        self.first.with_value(|form| form.connection.clone())
    }

    /// Whether it is one that writes to us.
    pub fn writes(self) -> bool {
        self.first.with_value(source::writes)
    }

    /// What a setting is called in a source of this kind.
    pub fn label(self, path: &str) -> &'static str {
        let own = if self.writes() { tokens::label(path) } else { None };
        own.unwrap_or_else(|| words::label(path))
    }

    /// What to know about it.
    pub fn help(self, path: &str) -> Option<&'static str> {
        let own = if self.writes() { tokens::help(path) } else { None };
        own.or_else(|| words::help(path))
    }

    /// What somebody else changed, in order: the setting, what it is with them, and here when it was changed here too.
    pub fn difference(self, theirs: &Source) -> Vec<(&'static str, String, Option<String>)> {
        let theirs_typed = source::texts(&theirs.form);
        let base = self.base.get_untracked();
        let text = |path: &'static str| theirs_typed.get(path).cloned().unwrap_or_default();
        let paths = source::differing(&theirs.form, &base, &theirs_typed);
        let mine = |path: &'static str| {
            Some(self.field(path).get_untracked()).filter(|mine| base.get(path) != Some(mine))
        };
        paths.into_iter().map(|path| (path, text(path), mine(path))).collect()
    }

    /// Takes a source as it is saved now. What was typed stays, unless `all` of it is dropped.
    pub fn adopt(self, source: Source, all: bool) {
        let (old, new) = (self.base.get_untracked(), source::texts(&source.form));
        self.base.set(new.clone());
        for (path, text) in &new {
            let field = self.field(path);
            let typed = field.with_untracked(|typed| old.get(path) != Some(typed));
            if (all || !typed) && field.with_untracked(|typed| typed != text) {
                field.set(text.clone());
            }
        }
        if all || self.secret.get_untracked() == Secret::Keep {
            self.secret.set(if source.has_secret { Secret::Keep } else { Secret::Replace });
        }
        if all {
            self.typed.set(String::new());
            self.errors.set(Errors::new());
            self.failed.set(None);
            self.rebased.set(false);
        }
        self.theirs.set(None);
        self.source.set(Some(source));
    }

    /// Drops what was typed.
    pub fn discard(self) {
        match self.source.get_untracked() {
            Some(source) => self.adopt(self.desk.find(source.id).unwrap_or(source), true),
            None => {
                for (path, text) in self.base.get_untracked() {
                    self.field(path).set(text);
                }
                self.typed.set(String::new());
                self.errors.set(Errors::new());
                self.failed.set(None);
            }
        }
    }

    /// Keeps what was typed on top of what somebody else saved.
    pub fn rebase(self) {
        if let Some(theirs) = self.theirs.get_untracked() {
            self.adopt(theirs, false);
            self.rebased.set(true);
        }
    }

    fn checked(self) -> Option<SourceForm> {
        self.failed.set(None);
        self.errors.set(Errors::new());
        let texts = untrack(|| texts_of(self.fields));
        let base = self.source.with_untracked(|source| source.as_ref().map(|source| source.form.clone()));
        let base = base.unwrap_or_else(|| self.first.get_value());
        match source::form(&base, &texts) {
            Ok(form) => Some(form),
            Err(wrong) => {
                let said =
                    |path: &'static str| (path.to_owned(), words::not_a_number(source::range(&base, path)));
                self.complain(wrong.into_iter().map(said).collect());
                None
            }
        }
    }

    /// Shows what is wrong at its fields, and puts the focus on the first.
    fn complain(self, errors: Errors) {
        self.errors.set(errors);
        // The fields are marked first; only then can the first of them be found.
        set_timeout(
            || {
                dom::focus("#source :is([aria-invalid=true], [data-wrong] input)");
            },
            std::time::Duration::ZERO,
        );
    }

    /// Saves what is typed.
    pub fn save(self) {
        if self.working.get_untracked() {
            return;
        }
        let Some(form) = self.checked() else { return };
        if form.name.trim().is_empty() {
            return self.complain([("name".to_owned(), words::NEED_NAME.to_owned())].into());
        }
        self.rebased.set(false);
        let sent = untrack(|| (texts_of(self.fields), send_of(self.secret, self.typed)));
        let known = self.source.get_untracked();
        let asked =
            SetSource { form, secret: sent.1.clone(), was: known.as_ref().map(|known| known.revision) };
        self.working.set(true);
        let desk = self.desk;
        spawn_local(async move {
            let outcome = match &known {
                Some(known) => sources::change(desk.api(), known.id, &asked).await.map(|()| known.id),
                None => sources::make(desk.api(), &asked).await.map(|made| made.id),
            };
            desk.line().heard(&outcome);
            match outcome {
                Ok(id) => self.saved(id, known.is_none(), sent.0).await,
                Err(error) => self.refused(error, known.map(|known| known.id)).await,
            }
            let _ = self.working.try_set(false);
        });
    }

    async fn saved(self, id: SourceId, new: bool, sent: Texts) {
        let desk = self.desk;
        desk.toasts.done(if new { words::ADDED } else { words::SAVED });
        if self.base.try_set(sent).is_some() {
            return;
        }
        self.typed.set(String::new());
        self.secret.set(Secret::Keep);
        desk.fetch().await;
        // One may have gone elsewhere by now.
        if self.base.try_get_untracked().is_none() {
            return;
        }
        if new {
            desk.router().replace(&Place::Source(id).path());
        } else if let Some(found) = desk.find(id) {
            self.adopt(found, false);
        }
    }

    async fn refused(self, error: ClientError, known: Option<SourceId>) {
        // Who has left hears of it all the same.
        if self.base.try_get_untracked().is_none() {
            return self.desk.toasts.failed(words::NOT_DONE, words::refused(&error));
        }
        if error.code() == Some("outdated")
            && let Some(id) = known
        {
            self.desk.fetch().await;
            let found = self.desk.find(id);
            if found.is_none() {
                drop(self.failed.try_set(Some(error)));
            } else {
                drop(self.theirs.try_set(found));
            }
            return;
        }
        let ClientError::Problem(problem) = &error else {
            return drop(self.failed.try_set(Some(error)));
        };
        let mut wrong: Vec<Problem> = problem.errors.iter().map(|one| problem.alone(one)).collect();
        if wrong.is_empty() {
            wrong.push((**problem).clone());
        }
        // The first word about each setting; what has no field here is told above the form.
        let mut told = Errors::new();
        let mut elsewhere = None;
        for one in wrong {
            match one.field.as_deref().and_then(|field| self.place(field)) {
                Some(place) => drop(told.entry(place).or_insert_with(|| words::refused(&one.into()))),
                None => elsewhere = elsewhere.or(Some(one)),
            }
        }
        if let Some(one) = elsewhere {
            drop(self.failed.try_set(Some(one.into())));
        }
        if !told.is_empty() {
            self.complain(told);
        }
    }

    /// Where a word of the server is shown: at its field, or at the line of the list of servers.
    fn place(self, field: &str) -> Option<String> {
        let setting = self.first.try_with_value(|form| source::setting_of(form, field))??;
        let of_line = setting == "settings.servers";
        Some(if of_line { field.to_owned() } else { setting.to_owned() })
    }

    /// Tries what is typed.
    pub fn run(self) {
        if self.test.with_untracked(|test| *test == Test::Running) {
            return;
        }
        let Some(form) = self.checked() else { return };
        let with = untrack(|| (texts_of(self.fields), send_of(self.secret, self.typed)));
        let source = untrack(|| self.id());
        let unsaved = source.is_none() || self.dirty.get_untracked();
        let asked = TestSource { form, secret: with.1.clone(), source };
        self.test.set(Test::Running);
        let desk = self.desk;
        spawn_local(async move {
            let outcome = sources::test(desk.api(), &asked).await;
            desk.line().heard(&outcome);
            let test = match outcome {
                Ok(found) => {
                    let problems = found.problems.clone();
                    let over = Test::Over(Box::new(Tested { found, at: time::now(), unsaved, with }));
                    if self.test.try_set(over).is_none() && !problems.is_empty() {
                        self.complain(self.told(problems));
                    }
                    return;
                }
                Err(error) => Test::Failed(error),
            };
            let _ = self.test.try_set(test);
        });
    }

    /// The first word about each setting.
    fn told(self, problems: Vec<SettingProblem>) -> Errors {
        let mut errors = Errors::new();
        for problem in problems {
            let field = format!("settings.{}", problem.setting);
            let place = self.place(&field).unwrap_or(field);
            errors.entry(place).or_insert_with(|| words::sentence(&problem.text));
        }
        errors
    }
}

/// What is typed now; tracked.
fn texts_of(fields: StoredValue<BTreeMap<&'static str, RwSignal<String>>>) -> Texts {
    fields.with_value(|fields| fields.iter().map(|(path, text)| (*path, text.get())).collect())
}

/// What is sent as the secret; nothing leaves the one that is kept. Tracked.
fn send_of(secret: RwSignal<Secret>, typed: RwSignal<String>) -> Option<String> {
    match secret.get() {
        Secret::Keep => None,
        Secret::Replace => Some(typed.get()).filter(|typed| !typed.is_empty()),
        Secret::TakeAway => Some(String::new()),
    }
}
