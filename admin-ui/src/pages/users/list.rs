//! The table with its states and its foot.

use chancery_protocol::accounts::AccountSort;
use chancery_protocol::http::Accounts;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::paging::Paging;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::table::{SkeletonTable, SortHead, Sorted, Tick};
use chancery_ui_kit::text::console as words;
use leptos::prelude::*;

use super::row::Row;
use crate::logic::view::{PAGE, View};
use crate::state::users::{Ask, Users};

/// What is shown of the list, so that the table is drawn once and only its rows change.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Rows.
    Rows,
    /// Nobody but oneself, and nothing filtered.
    Alone,
    /// Nobody fits.
    Nobody,
}

fn shape(page: &Accounts) -> Shape {
    if page.accounts.is_empty() {
        Shape::Nobody
    } else if page.totals.all <= 1 {
        Shape::Alone
    } else {
        Shape::Rows
    }
}

/// The list.
#[component]
pub fn List() -> impl IntoView {
    let users = Users::current();
    let state = memo(move || {
        users.list.with(|list| match list {
            Loaded::Loading => Loaded::Loading,
            Loaded::Failed(error) => Loaded::Failed(error.clone()),
            Loaded::Ready(page) => Loaded::Ready(shape(page)),
        })
    });
    let empty = move |shape: &Shape| (*shape == Shape::Nobody).then(|| view! { <Nobody /> }.into_any());
    let ready = move |shape: Shape| {
        view! {
            <Table />
            {(shape == Shape::Alone).then(|| view! { <Alone /> })}
            <Foot />
        }
        .into_any()
    };
    let retry = move |()| {
        users.list.set(Loaded::Loading);
        users.load();
    };
    view! {
        <LoadedView
            value=state.into()
            failed_title=words::LOAD_FAILED
            on_retry=retry
            skeleton=|| view! { <SkeletonTable rows=10 /> }.into_any()
            empty=empty
            ready=ready
        />
    }
}

#[component]
fn Table() -> impl IntoView {
    let users = Users::current();
    let sorted = move |column: AccountSort| {
        Signal::derive(move || {
            users.view.with(|view| match (view.sort == column, view.descending) {
                (false, _) => Sorted::No,
                (true, false) => Sorted::Up,
                (true, true) => Sorted::Down,
            })
        })
    };
    let sort =
        move |column: AccountSort| move |()| users.look(&users.view.get_untracked().sorted(column), true);
    let rows =
        move || users.list.with(|list| list.ready().map(|page| page.accounts.clone())).unwrap_or_default();
    // A row is drawn again when anything in it changed, and only then.
    let key = |account: &chancery_protocol::http::Account| format!("{account:?}");
    view! {
        <div class="table-frame">
            <table class="table users-table">
                <caption class="sr-only">{words::TABLE}</caption>
                <thead>
                    <tr>
                        {move || users.edits.get().then(|| view! { <th scope="col" class="cell-tick"><TickPage /></th> })}
                        <SortHead
                            label=words::NAME
                            sorted=sorted(AccountSort::Name)
                            on_sort=sort(AccountSort::Name)
                        />
                        <th scope="col" class="cell-role">{words::ROLE}</th>
                        <SortHead
                            label=words::STATE
                            sorted=sorted(AccountSort::State)
                            on_sort=sort(AccountSort::State)
                        />
                        <SortHead
                            label=words::SESSIONS
                            sorted=sorted(AccountSort::Sessions)
                            on_sort=sort(AccountSort::Sessions)
                            number=true
                            class="cell-sessions"
                        />
                        <SortHead
                            label=words::SEEN
                            sorted=sorted(AccountSort::Seen)
                            on_sort=sort(AccountSort::Seen)
                            number=true
                            class="cell-seen"
                        />
                        {move || users.edits.get().then(|| view! {
                            <th scope="col" class="cell-acts"><span class="sr-only">{words::ACTS}</span></th>
                        })}
                    </tr>
                </thead>
                <tbody>
                    <For each=rows key=key let:account>
                        <Row account />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// The box over all rows of the page.
#[component]
fn TickPage() -> impl IntoView {
    let users = Users::current();
    let on_page = memo(move || {
        users.list.with(|list| {
            let page = list.ready().map(|page| page.accounts.as_slice()).unwrap_or_default();
            users.ticked.with(|ticked| {
                (page.iter().filter(|account| ticked.contains_key(&account.person.id)).count(), page.len())
            })
        })
    });
    let all = Signal::derive(move || on_page.get().0 > 0 && on_page.get().0 == on_page.get().1);
    let some = Signal::derive(move || on_page.get().0 > 0 && on_page.get().0 < on_page.get().1);
    view! {
        <Tick
            label=words::TICK_PAGE
            ticked=all
            some
            on_tick=move |(on, _): (bool, bool)| users.tick_page(on)
        />
    }
}

#[component]
fn Foot() -> impl IntoView {
    let users = Users::current();
    let total = Signal::derive(move || users.list.with(|list| list.ready().map_or(0, |page| page.matching)));
    let page = Signal::derive(move || users.view.with(|view| view.page));
    let turn = move |page| users.look(&View { page, ..users.view.get_untracked() }, true);
    view! {
        <Paging page size=PAGE total on_page=turn>
            <p class="paging-keys" aria-hidden="true">
                <kbd>"J"</kbd><kbd>"K"</kbd>{words::KEY_MOVE}
                {move || users.edits.get().then(|| view! { <kbd>"X"</kbd>{words::KEY_SELECT} })}
                <kbd>"Enter"</kbd>{words::KEY_OPEN}
            </p>
        </Paging>
    }
}

/// Nobody fits the filters: they are repeated, and the way back to all is offered.
#[component]
fn Nobody() -> impl IntoView {
    let users = Users::current();
    let view = users.view.get_untracked();
    let body = words::nobody_body(view.text.trim(), view.role.map(words::role), view.state.map(words::state));
    let clear = move |()| {
        let View { sort, descending, .. } = users.view.get_untracked();
        users.look(&View { sort, descending, ..View::default() }, true);
    };
    // A page behind the last one is empty as well, without any filter.
    let clear_label = if view.is_filtered() { words::CLEAR_FILTERS } else { words::FIRST_PAGE };
    view! {
        <EmptyState icon=Icon::Search title=words::NOBODY_TITLE body=if view.is_filtered() { body } else { words::BEHIND_LAST.to_owned() }>
            <Button label=clear_label.to_owned() kind=Kind::Secondary on_press=clear />
        </EmptyState>
    }
}

/// The first day: only the administrator is there.
#[component]
fn Alone() -> impl IntoView {
    let users = Users::current();
    view! {
        <EmptyState icon=Icon::People title=words::ONLY_YOU_TITLE body=words::ONLY_YOU_BODY>
            {users.edits.get_untracked().then(|| {
                view! {
                    <Button
                        label=words::ADD.to_owned()
                        kind=Kind::Secondary
                        icon=Icon::Plus
                        on_press=move |()| users.ask(Ask::Invite)
                    />
                }
            })}
        </EmptyState>
    }
}
