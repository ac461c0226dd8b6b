//! The users page: which accounts are looked at, which one is open, which are ticked, what is being asked.

use std::collections::BTreeMap;

use chancery_protocol::Micros;
use chancery_protocol::accounts::{BulkAct, MAX_ACCOUNTS};
use chancery_protocol::http::{Account, Accounts, Session as Device};
use chancery_protocol::ids::{PersonId, SessionId};
use chancery_protocol::sources::LinkedIdentity;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::session::Session;
use chancery_ui_kit::toast::Toasts;
use chancery_ui_kit::{dom, text, time};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::people;
use crate::logic::roles::edits_accounts;
use crate::logic::view::View;
use crate::routes::Place;
use crate::state::line::Line;

/// Under this name the browser remembers that rows are low.
const DENSE: &str = "chancery.users.dense";

/// What a dialog asks about.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A new account.
    Invite,
    /// A new bot.
    Bot,
    /// Somebody else to answer for a bot.
    Owner(Account),
    /// Somebody else to answer for a guest, or another end.
    Terms(Account),
    /// Another name.
    Rename(Account),
    /// Another e-mail address.
    Address(Account),
    /// Why did they get a mail, or none?
    Mails(Account),
    /// Other roles.
    Roles(Account),
    /// Another way of signing in.
    Link(Account),
    /// Take a way of signing in off? And whether there is another.
    Unlink(Account, LinkedIdentity, bool),
    /// Suspend?
    Suspend(Account),
    /// Lift the suspension?
    Lift(Account),
    /// A new link?
    Reset(Account),
    /// A new link to hand over, after one that went by mail?
    ByHand(Account),
    /// Remove all second factors? And how many there are.
    RemoveFactors(Account, usize),
    /// Whether it is an account for emergencies.
    Emergency(Account),
    /// End all sessions?
    EndAll(Account),
    /// Something with all that are ticked?
    Bulk(BulkAct),
}

/// The state of the page; provided by it.
#[derive(Clone, Copy)]
pub struct Users {
    /// The page of accounts; the old one stays while another is on its way.
    pub list: RwSignal<Loaded<Accounts>>,
    /// When it was loaded.
    pub loaded_at: RwSignal<Micros>,
    /// The account in the side pane.
    pub open: RwSignal<Loaded<Account>>,
    /// The sessions that were looked at, and whose.
    pub looked: RwSignal<Option<(PersonId, Loaded<Vec<Device>>)>>,
    /// Counts up when somebody was linked to a source or taken off.
    pub identities_changed: RwSignal<u32>,
    /// Counts up when somebody's second factors were removed.
    pub factors_changed: RwSignal<u32>,
    /// Those that are ticked, on whatever page they stand.
    pub ticked: RwSignal<BTreeMap<PersonId, Account>>,
    /// What a dialog asks about.
    pub ask: RwSignal<Option<Ask>>,
    /// What is looked at.
    pub view: Memo<View>,
    /// Who is in the side pane.
    pub person: Memo<Option<PersonId>>,
    /// Whether accounts may be changed here.
    pub edits: Memo<bool>,
    /// Whom the side pane showed last, to give the focus back.
    pub last: StoredValue<Option<PersonId>>,
    /// The row that was ticked last: where a range begins.
    pub anchor: StoredValue<Option<PersonId>>,
    /// Whether rows are low.
    pub dense: RwSignal<bool>,
    me: Memo<Option<PersonId>>,
    line: Line,
    round: StoredValue<u32>,
    api: ApiClient,
    router: Router,
    toasts: Toasts,
}

impl Users {
    /// Follows the address, and makes the state known to everything below.
    pub fn provide(place: Memo<Place>) -> Self {
        let (router, session, line) = (Router::current(), Session::current(), Line::current());
        let view = memo(move || {
            let address = router.address();
            View::of(|name| dom::query_of(&address.query, name))
        });
        let person = memo(move || match place.get() {
            Place::User(person) => Some(person),
            _ => None,
        });
        let users = Self {
            list: RwSignal::new(Loaded::Loading),
            loaded_at: RwSignal::new(0),
            open: RwSignal::new(Loaded::Loading),
            looked: RwSignal::new(None),
            identities_changed: RwSignal::new(0),
            factors_changed: RwSignal::new(0),
            ticked: RwSignal::new(BTreeMap::new()),
            ask: RwSignal::new(None),
            view,
            person,
            edits: memo(move || session.info().is_some_and(|info| edits_accounts(&info.roles))),
            last: StoredValue::new(None),
            anchor: StoredValue::new(None),
            dense: RwSignal::new(dom::stored(DENSE).is_some()),
            me: memo(move || session.info().map(|info| info.me.id)),
            line,
            round: StoredValue::new(0),
            api: ApiClient::current(),
            router,
            toasts: Toasts::current(),
        };
        provide_context(users);
        effect(move || {
            view.track();
            line.again.track();
            users.load();
        });
        effect(move || {
            line.again.track();
            if let Some(person) = person.get() {
                users.open_one(person);
            }
        });
        users
    }

    /// The page's state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the users page provides its state")
    }

    /// Whether links can go by mail.
    pub fn mails(self) -> bool {
        self.list.with_untracked(|list| list.ready().is_some_and(|page| page.mails))
    }

    /// Whether an account is one's own; it stays so as long as the page is there.
    pub fn is_own(self, person: PersonId) -> bool {
        self.me.get_untracked() == Some(person)
    }

    /// Fetches the page that is looked at.
    pub fn load(self) {
        let round = self.round.get_value().wrapping_add(1);
        self.round.set_value(round);
        let query = self.view.get_untracked().asked();
        spawn_local(async move {
            let outcome = people::list(self.api, &query).await;
            // Another page was asked for in the meantime, or the page is gone.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.line.heard(&outcome);
            match outcome {
                Ok(page) => {
                    self.keep_ticked_fresh(&page);
                    self.loaded_at.set(time::now());
                    self.list.set(Loaded::Ready(page));
                }
                // What was loaded stays readable; the banner says that it may be old.
                Err(ClientError::Network) if self.list.with_untracked(|list| list.ready().is_some()) => {}
                Err(ClientError::Aborted) => {}
                Err(error) => self.list.set(Loaded::Failed(error)),
            }
        });
    }

    fn keep_ticked_fresh(self, page: &Accounts) {
        self.ticked.update(|ticked| {
            for account in &page.accounts {
                if let Some(kept) = ticked.get_mut(&account.person.id) {
                    kept.clone_from(account);
                }
            }
        });
    }

    /// Shows an account in the side pane: what is known at once, then what is so now.
    fn open_one(self, person: PersonId) {
        let shown =
            self.open.with_untracked(|open| open.ready().is_some_and(|open| open.person.id == person));
        if !shown {
            let known = self.list.with_untracked(|list| {
                list.ready()?.accounts.iter().find(|account| account.person.id == person).cloned()
            });
            self.open.set(known.map_or(Loaded::Loading, Loaded::Ready));
        }
        spawn_local(async move {
            let outcome = people::get(self.api, person).await;
            if self.person.try_get_untracked().flatten() != Some(person) {
                return;
            }
            self.line.heard(&outcome);
            match outcome {
                Err(ClientError::Network) if self.open.with_untracked(|open| open.ready().is_some()) => {}
                outcome => self.open.set(outcome.into()),
            }
        });
    }

    /// Fetches again what is shown, after a change.
    pub fn refresh(self) {
        self.load();
        if let Some(person) = self.person.get_untracked() {
            self.open_one(person);
        }
    }

    /// The address of an account, with the filters as they are.
    pub fn address_of(self, person: PersonId) -> String {
        self.address(Place::User(person), &self.view.get_untracked())
    }

    fn address(self, place: Place, view: &View) -> String {
        let query = view.query(dom::encode);
        let path = place.path();
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    fn place(self) -> Place {
        self.person.get_untracked().map_or(Place::Users, Place::User)
    }

    /// Looks at something else. `step`: whether Back leads to what was looked at before.
    pub fn look(self, view: &View, step: bool) {
        let address = self.address(self.place(), view);
        if step { self.router.to(&address) } else { self.router.replace(&address) }
    }

    /// Opens the side pane.
    pub fn show(self, person: PersonId) {
        self.router.to(&self.address_of(person));
    }

    /// Closes the side pane and gives the focus back to its row.
    pub fn close(self) {
        let Some(person) = self.person.get_untracked() else { return };
        self.last.set_value(Some(person));
        self.router.to(&self.address(Place::Users, &self.view.get_untracked()));
        dom::focus(&format!("[data-person=\"{person}\"] .who-name"));
    }

    /// Ticks or unticks an account; with `range`, all between it and the one before.
    pub fn tick(self, person: PersonId, on: bool, range: bool) {
        let page = self.list.with_untracked(|list| list.ready().map(|page| page.accounts.clone()));
        let Some(page) = page else { return };
        let at = |id: PersonId| page.iter().position(|account| account.person.id == id);
        let Some(here) = at(person) else { return };
        let from = self.anchor.get_value().filter(|_| range).and_then(at).unwrap_or(here);
        self.ticked.update(|ticked| {
            for account in &page[from.min(here)..=from.max(here)] {
                if on {
                    ticked.insert(account.person.id, account.clone());
                } else {
                    ticked.remove(&account.person.id);
                }
            }
        });
        self.anchor.set_value(Some(person));
    }

    /// Ticks or unticks the whole page.
    pub fn tick_page(self, on: bool) {
        let page = self.list.with_untracked(|list| list.ready().map(|page| page.accounts.clone()));
        self.ticked.update(|ticked| {
            for account in page.unwrap_or_default() {
                if on {
                    ticked.insert(account.person.id, account);
                } else {
                    ticked.remove(&account.person.id);
                }
            }
        });
    }

    /// Ticks everybody who fits the filters, on all pages.
    pub fn tick_matching(self) {
        let mut query = self.view.get_untracked().asked();
        (query.offset, query.limit) = (0, MAX_ACCOUNTS);
        spawn_local(async move {
            loop {
                let outcome = people::list(self.api, &query).await;
                self.line.heard(&outcome);
                match outcome {
                    Ok(page) => {
                        let more = page.accounts.len() == MAX_ACCOUNTS as usize;
                        let new = page.accounts.into_iter().map(|account| (account.person.id, account));
                        if self.ticked.try_update(|ticked| ticked.extend(new)).is_none() || !more {
                            return;
                        }
                        query.offset += MAX_ACCOUNTS;
                    }
                    Err(error) => {
                        return self
                            .toasts
                            .failed(text::console::LOAD_FAILED, text::console::refused(&error));
                    }
                }
            }
        });
    }

    /// Low rows instead of high ones, or the other way round; kept on this device.
    pub fn turn_dense(self) {
        self.dense.update(|dense| *dense = !*dense);
        if self.dense.get_untracked() { dom::store(DENSE, "1") } else { dom::forget(DENSE) }
    }

    /// Asks something, in a dialog.
    pub fn ask(self, ask: Ask) {
        self.ask.set(Some(ask));
    }

    /// Closes the dialog.
    pub fn answered(self) {
        self.ask.set(None);
    }

    /// Does something on the server: `working` while it lasts, `failed` when it was refused, `then` when it is done.
    pub fn run<T: 'static>(
        self,
        working: RwSignal<bool>,
        failed: RwSignal<Option<ClientError>>,
        act: impl Future<Output = Result<T, ClientError>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = act.await;
            // The dialog may be closed by now; what was done is done.
            let _ = working.try_set(false);
            self.line.heard(&outcome);
            match outcome {
                Ok(done) => {
                    self.refresh();
                    then(done);
                }
                Err(error) => {
                    let missed = failed.try_set(Some(error));
                    if let Some(Some(error)) = missed {
                        self.toasts.failed(text::console::FAILED, text::console::refused(&error));
                    }
                }
            }
        });
    }

    /// Takes a session that has ended from those that were looked at.
    pub fn forget_session(self, person: PersonId, session: SessionId) {
        self.looked.update(|looked| {
            if let Some((of, Loaded::Ready(devices))) = looked
                && *of == person
            {
                devices.retain(|device| device.id != session);
            }
        });
    }

    /// The same for all of them.
    pub fn forget_sessions(self, person: PersonId) {
        self.looked.update(|looked| {
            if let Some((of, devices)) = looked
                && *of == person
            {
                *devices = Loaded::Ready(Vec::new());
            }
        });
    }

    /// How many sessions were seen when one looked.
    pub fn sessions_seen(self, person: PersonId) -> Option<u64> {
        self.looked.with_untracked(|looked| match looked {
            Some((of, Loaded::Ready(devices))) if *of == person => Some(devices.len() as u64),
            _ => None,
        })
    }

    /// Says that something is done.
    pub fn done(self, title: &'static str) {
        self.toasts.done(title);
    }

    /// Says that something is done that can be taken back, and how.
    pub fn done_but<F>(self, title: &'static str, back: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<(), ClientError>> + 'static,
    {
        let undo = move |()| {
            let act = back();
            spawn_local(async move {
                let outcome = act.await;
                self.line.heard(&outcome);
                match outcome {
                    Ok(()) => self.toasts.done(text::console::UNDONE),
                    Err(error) => self.toasts.failed(text::console::FAILED, text::console::refused(&error)),
                }
                // The page may be gone; then nothing needs to be fetched.
                if self.list.try_get_untracked().is_some() {
                    self.refresh();
                }
            });
        };
        self.toasts.undoable(title, Callback::new(undo));
    }

    /// Takes back what was done last, while that is offered.
    pub fn undo(self) -> bool {
        self.toasts.undo()
    }

    /// The client, for dialogs.
    pub fn api(self) -> ApiClient {
        self.api
    }
}
