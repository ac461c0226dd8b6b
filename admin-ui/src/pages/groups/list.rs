//! The table with its filter, its states and its foot.

use chancery_protocol::groups::Group;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::filter::SearchField;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::paging::Paging;
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::table::SkeletonTable;
use chancery_ui_kit::text;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::user_groups as words;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use crate::logic::groups::{GroupView, PAGE};
use crate::routes::Place;
use crate::state::groups::{Ask, Groups};

/// What is shown of the list, so that the table is drawn once and only its rows change.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Rows,
    /// There is no group at all.
    None,
    /// None fits.
    NoMatch,
}

/// The list.
#[component]
pub fn List() -> impl IntoView {
    let page = Groups::current();
    let fitting = memo(move || {
        page.list.with(|list| list.ready().map(|all| page.view.with(|view| view.fitting(all).len() as u64)))
    });
    let state = memo(move || {
        page.list.with(|list| match list {
            Loaded::Loading => Loaded::Loading,
            Loaded::Failed(error) => Loaded::Failed(error.clone()),
            Loaded::Ready(all) if all.is_empty() => Loaded::Ready(Shape::None),
            Loaded::Ready(all) => {
                let some = page.view.with(|view| !view.shown(all).is_empty());
                Loaded::Ready(if some { Shape::Rows } else { Shape::NoMatch })
            }
        })
    });
    let empty = move |shape: &Shape| match shape {
        Shape::Rows => None,
        Shape::None => Some(view! { <NoneYet /> }.into_any()),
        Shape::NoMatch => Some(view! { <NoMatch /> }.into_any()),
    };
    let retry = move |()| {
        page.list.set(Loaded::Loading);
        page.load();
    };
    let typed = move |text: String| page.look(&GroupView { text, page: 0 }, false);
    view! {
        <div class="filters">
            <SearchField
                id="find"
                label=words::SEARCH
                hint=words::SEARCH_HINT
                value=Signal::derive(move || page.view.with(|view| view.text.clone()))
                on_change=typed
            />
            <p class="filter-count" role="status">{move || fitting.get().map(words::groups)}</p>
        </div>
        <LoadedView
            value=state.into()
            failed_title=words::LOAD_FAILED
            on_retry=retry
            skeleton=|| view! { <SkeletonTable rows=8 /> }.into_any()
            empty
            ready=move |_| view! { <Table /><Foot fitting /> }.into_any()
        />
    }
}

#[component]
fn Table() -> impl IntoView {
    let page = Groups::current();
    let rows = move || {
        page.list
            .with(|list| list.ready().map(|all| page.view.with(|view| view.shown(all))))
            .unwrap_or_default()
    };
    // A row is drawn again when anything in it changed, and only then.
    let key = |group: &Group| format!("{group:?}");
    view! {
        <div class="table-frame">
            <table class="table users-table groups-table">
                <caption class="sr-only">{words::TABLE}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="cell-name">{words::NAME}</th>
                        <th scope="col" class="cell-source">{words::SOURCE}</th>
                        <th scope="col" class="cell-role">{words::ROLES}</th>
                        <th scope="col" class="cell-members table-number">{words::MEMBERS}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=rows key let:group><Row group /></For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(group: Group) -> impl IntoView {
    let page = Groups::current();
    let id = group.id;
    let open = move || page.group.get() == Some(id);
    // The address follows the filter.
    let address = move || {
        page.view.track();
        page.address_of(id)
    };
    let name = group.name.clone();
    view! {
        <tr data-group=id.to_string() class:row-open=open on:click=on(move |event| press(&event, page, group.id))>
            <th scope="row" class="cell-name">
                <span class="who">
                    <span class="group-face" aria-hidden="true"><Glyph icon=Icon::People /></span>
                    <a class="who-name" href=address title=name.clone()><bdi>{name.clone()}</bdi></a>
                </span>
            </th>
            <td class="cell-source"><SourceName name=group.source_name.clone() /></td>
            <td class="cell-role">
                {if group.roles.is_empty() {
                    view! { <span class="quiet">{words::NO_ROLES}</span> }.into_any()
                } else {
                    view! { <RoleBadges roles=group.roles.clone() /> }.into_any()
                }}
            </td>
            <td class="cell-members table-number" aria-label=words::members(group.members)>{text::grouped(group.members)}</td>
        </tr>
    }
}

/// Where a group comes from.
#[component]
pub fn SourceName(
    /// What its source is called; none for a group made here.
    name: Option<String>,
) -> impl IntoView {
    match name {
        Some(name) => view! {
            <span class="role-plain"><Glyph icon=Icon::Building /><bdi>{name}</bdi></span>
        }
        .into_any(),
        None => view! { <span class="role-plain"><Glyph icon=Icon::Key />{words::HERE}</span> }.into_any(),
    }
}

/// Roles as badges.
#[component]
pub fn RoleBadges(
    /// Which.
    roles: Vec<chancery_protocol::person::Role>,
) -> impl IntoView {
    let badge = |role| view! { <Badge label=console::role(role) tone=Tone::Accent icon=Icon::Shield /> };
    view! { <span class="badges">{roles.into_iter().map(badge).collect_view()}</span> }
}

/// A press beside the link of a row opens it.
fn press(event: &MouseEvent, page: Groups, group: chancery_protocol::ids::GroupId) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let on_control = target.is_some_and(|target| target.closest("a, button").ok().flatten().is_some());
    if !on_control {
        page.show(group);
    }
}

#[component]
fn Foot(fitting: Memo<Option<u64>>) -> impl IntoView {
    let page = Groups::current();
    let shown = Signal::derive(move || page.view.with(|view| view.page));
    let turn = move |number| page.look(&GroupView { page: number, ..page.view.get_untracked() }, true);
    view! {
        <Paging page=shown size=PAGE total=Signal::derive(move || fitting.get().unwrap_or_default()) on_page=turn>
            <p class="paging-keys" aria-hidden="true">
                <kbd>"J"</kbd><kbd>"K"</kbd>{console::KEY_MOVE}<kbd>"Enter"</kbd>{console::KEY_OPEN}
            </p>
        </Paging>
    }
}

/// The first day: what a group is, and where groups come from.
#[component]
fn NoneYet() -> impl IntoView {
    let page = Groups::current();
    view! {
        <EmptyState icon=Icon::People title=words::NONE_TITLE body=words::NONE_BODY>
            {move || page.edits.get().then(|| view! {
                <Button label=words::NEW.to_owned() kind=Kind::Secondary icon=Icon::Plus on_press=move |()| page.ask.set(Some(Ask::New)) />
            })}
            {move || page.provides.get().then(|| view! {
                <a class="button button-secondary" href=Place::Sources.path()>{words::TO_SOURCES}</a>
            })}
        </EmptyState>
    }
}

/// None fits the filter: it is repeated, and the way back to all is offered.
#[component]
fn NoMatch() -> impl IntoView {
    let page = Groups::current();
    move || {
        let text = page.view.with(|view| view.text.trim().to_owned());
        let (body, clear) = if text.is_empty() {
            (console::BEHIND_LAST.to_owned(), console::FIRST_PAGE)
        } else {
            (words::no_match(&text), console::CLEAR_FILTERS)
        };
        view! {
            <EmptyState icon=Icon::Search title=words::NO_MATCH_TITLE body>
                <Button label=clear.to_owned() kind=Kind::Secondary on_press=move |()| page.look(&GroupView::default(), true) />
            </EmptyState>
        }
    }
}
