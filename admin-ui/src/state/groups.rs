//! The page of groups: which are looked at, which one is open, what is being changed.

use std::time::Duration;

use chancery_protocol::Micros;
use chancery_protocol::groups::{ChangeGroupMembers, Group, SetGroupRoles};
use chancery_protocol::ids::{GroupId, PersonId};
use chancery_protocol::person::Person;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::session::Session;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::user_groups as words;
use chancery_ui_kit::toast::Toasts;
use chancery_ui_kit::{dom, time};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::groups;
use crate::logic::groups::GroupView;
use crate::logic::roles::{edits_accounts, edits_sources};
use crate::routes::Place;
use crate::state::line::Line;

/// What a dialog asks.
#[derive(Clone, PartialEq)]
pub enum Ask {
    /// A new group.
    New,
    /// Another name.
    Rename(Group),
    /// Other roles.
    Roles(Group),
    /// More people in it.
    Add(Group),
    /// Whether it goes.
    Delete(Group),
}

/// The state of the page; provided by it.
#[derive(Clone, Copy)]
pub struct Groups {
    /// All groups, by name.
    pub list: RwSignal<Loaded<Vec<Group>>>,
    /// When they were loaded.
    pub loaded_at: RwSignal<Micros>,
    /// Who is in the group of the side pane.
    pub members: RwSignal<Loaded<Vec<Person>>>,
    /// What the dialog asks.
    pub ask: RwSignal<Option<Ask>>,
    /// What is looked at.
    pub view: Memo<GroupView>,
    /// Which group is in the side pane.
    pub group: Memo<Option<GroupId>>,
    /// Whether groups may be changed here.
    pub edits: Memo<bool>,
    /// Whether sources are open to the reader.
    pub provides: Memo<bool>,
    /// Which group the side pane showed last.
    pub last: StoredValue<Option<GroupId>>,
    /// Where toasts are put.
    pub toasts: Toasts,
    /// Who reads.
    pub me: Memo<Option<PersonId>>,
    /// The client, for dialogs.
    pub api: ApiClient,
    round: StoredValue<u32>,
    line: Line,
    router: Router,
}

impl Groups {
    /// Follows the address, and makes the state known to everything below.
    pub fn provide(place: Memo<Place>) -> Self {
        let (router, session, line) = (Router::current(), Session::current(), Line::current());
        let view = memo(move || {
            let address = router.address();
            GroupView::of(|name| dom::query_of(&address.query, name))
        });
        let group = memo(move || match place.get() {
            Place::Group(group) => Some(group),
            _ => None,
        });
        let page = Self {
            list: RwSignal::new(Loaded::Loading),
            loaded_at: RwSignal::new(0),
            members: RwSignal::new(Loaded::Loading),
            ask: RwSignal::new(None),
            view,
            group,
            edits: memo(move || session.info().is_some_and(|info| edits_accounts(&info.roles))),
            provides: memo(move || session.info().is_some_and(|info| edits_sources(&info.roles))),
            last: StoredValue::new(None),
            toasts: Toasts::current(),
            me: memo(move || session.info().map(|info| info.me.id)),
            round: StoredValue::new(0),
            line,
            api: ApiClient::current(),
            router,
        };
        provide_context(page);
        effect(move || {
            line.again.track();
            page.load();
        });
        effect(move || {
            line.again.track();
            if let Some(group) = group.get() {
                page.members.set(Loaded::Loading);
                page.load_members(group);
            }
        });
        page
    }

    /// The page's state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the page of groups provides its state")
    }

    /// Fetches all groups.
    pub fn load(self) {
        spawn_local(self.fetch());
    }

    async fn fetch(self) {
        let Some(round) = self.round.try_get_value().map(|round| round.wrapping_add(1)) else { return };
        self.round.set_value(round);
        let outcome = groups::list(self.api).await;
        // Asked again in the meantime, or the page is gone.
        if self.round.try_get_value() != Some(round) {
            return;
        }
        self.line.heard(&outcome);
        let there = self.list.with_untracked(|list| list.ready().is_some());
        match outcome {
            Ok(all) => {
                self.loaded_at.set(time::now());
                self.list.set(Loaded::Ready(all.groups));
            }
            // What was loaded stays readable; the banner says that it may be old.
            Err(ClientError::Network) if there => {}
            Err(ClientError::Aborted) => {}
            Err(error) => self.list.set(Loaded::Failed(error)),
        }
    }

    /// Fetches who is in a group.
    pub fn load_members(self, group: GroupId) {
        spawn_local(self.fetch_members(group));
    }

    async fn fetch_members(self, group: GroupId) {
        let outcome = groups::members(self.api, group).await;
        if self.group.try_get_untracked().flatten() != Some(group) {
            return;
        }
        self.line.heard(&outcome);
        self.members.set(outcome.map(|found| found.members).into());
    }

    /// Fetches what may have changed: all groups, and who is in the one of the side pane.
    async fn refresh(self) {
        self.fetch().await;
        let open = self.group.try_get_untracked().flatten();
        if let Some(group) = open.filter(|group| untrack(|| self.find(*group)).is_some()) {
            self.fetch_members(group).await;
        }
    }

    /// One of the groups; tracked.
    pub fn find(self, id: GroupId) -> Option<Group> {
        self.list.with(|list| list.ready()?.iter().find(|group| group.id == id).cloned())
    }

    /// Whether the reader is in the group of the side pane, as far as it is known; tracked.
    pub fn is_in(self) -> bool {
        let me = self.me.get();
        self.members.with(|members| {
            members.ready().is_some_and(|members| members.iter().any(|member| Some(member.id) == me))
        })
    }

    /// The address of a group, with the filter as it is.
    pub fn address_of(self, group: GroupId) -> String {
        self.address(Place::Group(group), &self.view.get_untracked())
    }

    fn address(self, place: Place, view: &GroupView) -> String {
        let query = view.query(dom::encode);
        let path = place.path();
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// Looks at something else. `step`: whether Back leads to what was looked at before.
    pub fn look(self, view: &GroupView, step: bool) {
        let address = self.address(self.group.get_untracked().map_or(Place::Groups, Place::Group), view);
        if step { self.router.to(&address) } else { self.router.replace(&address) }
    }

    /// Opens the side pane.
    pub fn show(self, group: GroupId) {
        self.router.to(&self.address_of(group));
    }

    /// Closes the side pane and gives the focus back to its row.
    pub fn close(self) {
        let Some(group) = self.group.get_untracked() else { return };
        self.last.set_value(Some(group));
        self.router.to(&self.address(Place::Groups, &self.view.get_untracked()));
        dom::focus(&format!("[data-group=\"{group}\"] .who-name"));
    }

    /// Does something on the server, from the dialog: `working` while it lasts, `failed` when it was refused; when it is done, the
    /// dialog closes and `then` says so. The page shows how things are now, either way.
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
            self.line.heard(&outcome);
            self.refresh().await;
            // The dialog may be closed by now; what was done is done, and what was not is told at the edge of the page.
            let closed = working.try_set(false).is_some();
            match outcome {
                Ok(done) => {
                    if !closed {
                        self.ask.set(None);
                    }
                    then(done);
                }
                Err(error) if closed => self.toasts.failed(console::FAILED, words::refused(&error)),
                Err(error) => failed.set(Some(error)),
            }
        });
    }

    /// Sets the roles of a group.
    pub fn set_roles(
        self,
        group: GroupId,
        form: SetGroupRoles,
        working: RwSignal<bool>,
        failed: RwSignal<Option<ClientError>>,
    ) {
        let back =
            SetGroupRoles { roles: form.was.clone().unwrap_or_default(), was: Some(form.roles.clone()) };
        let act = async move { groups::set_roles(self.api, group, &form).await };
        self.run(working, failed, act, move |()| {
            self.done_but(words::ROLES_SAVED, move || {
                let back = back.clone();
                async move { groups::set_roles(self.api, group, &back).await }
            });
        });
    }

    /// Takes somebody out of a group at once; that is offered to be taken back. `row` is where they stand in the list.
    pub fn take_out(self, group: GroupId, person: PersonId, row: usize) {
        let form = ChangeGroupMembers { add: Vec::new(), remove: vec![person], roles: None };
        let back = ChangeGroupMembers { add: form.remove.clone(), remove: Vec::new(), roles: None };
        spawn_local(async move {
            let outcome = groups::change_members(self.api, group, &form).await;
            self.line.heard(&outcome);
            self.refresh().await;
            match outcome {
                Ok(()) => self.done_but(words::TAKEN_OUT, move || {
                    let back = back.clone();
                    async move { groups::change_members(self.api, group, &back).await }
                }),
                Err(error) => self.toasts.failed(console::FAILED, words::refused(&error)),
            }
            // The button that was pressed is gone: the focus goes on to the next, once it is drawn.
            let settle = move || {
                if dom::focused().is_none_or(|one| one.tag_name() == "BODY") {
                    let next = dom::all(".group-member .icon-button");
                    match next.get(row).or(next.last()) {
                        Some(next) => drop(next.focus()),
                        None => drop(dom::focus("#group-add")),
                    }
                }
            };
            set_timeout(settle, Duration::ZERO);
        });
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
                    Ok(()) => self.toasts.done(console::UNDONE),
                    Err(error) => self.toasts.failed(console::FAILED, words::refused(&error)),
                }
                // The page may be gone; then nothing needs to be fetched.
                if self.list.try_get_untracked().is_some() {
                    self.refresh().await;
                }
            });
        };
        self.toasts.undoable(title, Callback::new(undo));
    }

    /// Takes back what was done last, while that is offered.
    pub fn undo(self) -> bool {
        self.toasts.undo()
    }
}
