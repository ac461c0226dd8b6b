//! The page of groups: which are looked at, which one is open, whose roles are being changed.

use chancery_protocol::Micros;
use chancery_protocol::groups::{Group, SetGroupRoles};
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

/// The state of the page; provided by it.
#[derive(Clone, Copy)]
pub struct Groups {
    /// All groups, by name.
    pub list: RwSignal<Loaded<Vec<Group>>>,
    /// When they were loaded.
    pub loaded_at: RwSignal<Micros>,
    /// Who is in the group of the side pane.
    pub members: RwSignal<Loaded<Vec<Person>>>,
    /// Whose roles a dialog asks about.
    pub ask: RwSignal<Option<Group>>,
    /// What is looked at.
    pub view: Memo<GroupView>,
    /// Which group is in the side pane.
    pub group: Memo<Option<GroupId>>,
    /// Whether roles may be set here.
    pub edits: Memo<bool>,
    /// Whether sources are open to the reader.
    pub provides: Memo<bool>,
    /// Which group the side pane showed last.
    pub last: StoredValue<Option<GroupId>>,
    /// Where toasts are put.
    pub toasts: Toasts,
    me: Memo<Option<PersonId>>,
    round: StoredValue<u32>,
    line: Line,
    api: ApiClient,
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
        spawn_local(async move {
            let outcome = groups::members(self.api, group).await;
            if self.group.try_get_untracked().flatten() != Some(group) {
                return;
            }
            self.line.heard(&outcome);
            self.members.set(outcome.map(|found| found.members).into());
        });
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

    /// Sets the roles of a group. `late` is called with the roles somebody else gave it in the meantime.
    pub fn set_roles(
        self,
        group: GroupId,
        form: SetGroupRoles,
        working: RwSignal<bool>,
        failed: RwSignal<Option<ClientError>>,
        late: Callback<Group>,
    ) {
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = groups::set_roles(self.api, group, &form).await;
            self.line.heard(&outcome);
            self.fetch().await;
            // The dialog may be closed by now; what was done is done, and what was not is told at the edge of the page.
            let closed = working.try_set(false).is_some();
            match outcome {
                Ok(()) => {
                    self.done(group, form);
                    if !closed {
                        self.ask.set(None);
                    }
                }
                Err(error) if closed => self.toasts.failed(console::FAILED, words::refused(&error)),
                Err(error) if error.code() == Some("outdated") => match untrack(|| self.find(group)) {
                    Some(now) => late.run(now),
                    None => failed.set(Some(error)),
                },
                Err(error) => failed.set(Some(error)),
            }
        });
    }

    /// Says that roles were changed, and offers to take it back.
    fn done(self, group: GroupId, form: SetGroupRoles) {
        let back = SetGroupRoles { roles: form.was.unwrap_or_default(), was: Some(form.roles) };
        let undo = move |()| {
            let back = back.clone();
            spawn_local(async move {
                let outcome = groups::set_roles(self.api, group, &back).await;
                self.line.heard(&outcome);
                match outcome {
                    Ok(()) => self.toasts.done(console::UNDONE),
                    Err(error) => {
                        self.toasts.failed(console::FAILED, words::refused(&error));
                    }
                }
                // The page may be gone; then nothing needs to be fetched.
                if self.list.try_get_untracked().is_some() {
                    self.load();
                }
            });
        };
        self.toasts.undoable(words::ROLES_SAVED, Callback::new(undo));
    }

    /// Takes back what was done last, while that is offered.
    pub fn undo(self) -> bool {
        self.toasts.undo()
    }
}
