//! `/console/groups/:group`: one group in the side pane, with its roles and who is in it.

use chancery_protocol::groups::Group;
use chancery_protocol::ids::GroupId;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::pane::{Fact, SidePane};
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::user_groups as words;
use leptos::prelude::*;

use super::list::{RoleBadges, SourceName};
use super::members::Members;
use crate::state::groups::{Ask, Groups};

/// The pane.
#[component]
pub fn Pane(
    /// Which.
    group: GroupId,
) -> impl IntoView {
    let page = Groups::current();
    let shown = memo(move || page.find(group));
    let title =
        Signal::derive(move || shown.get().map_or_else(|| words::GROUP.to_owned(), |group| group.name));
    let subtitle =
        Signal::derive(move || shown.get().map(|group| words::members(group.members)).unwrap_or_default());
    let face = ViewFn::from(|| {
        view! { <span class="group-face group-face-large" aria-hidden="true"><Glyph icon=Icon::People large=true /></span> }
    });
    // Whether it is known that there is no such group.
    let state = memo(move || {
        page.list.with(|list| match list {
            Loaded::Loading => Loaded::Loading,
            Loaded::Failed(error) => Loaded::Failed(error.clone()),
            Loaded::Ready(_) => Loaded::Ready(shown.with(Option::is_some)),
        })
    });
    let gone = |there: &bool| {
        let nothing = || {
            view! { <EmptyState icon=Icon::Lock title=text::state::NOTHING_TITLE body=words::GONE /> }
                .into_any()
        };
        (!there).then(nothing)
    };
    view! {
        <SidePane id="group" title subtitle face on_close=move |()| page.close()>
            <LoadedView
                value=state.into()
                failed_title=words::LOAD_FAILED
                on_retry=move |()| page.load()
                skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=3 /></div> }.into_any()
                empty=gone
                ready=move |_| view! {
                    {move || shown.get().map(|group| view! { <Parts group shown /> })}
                    <Members group shown changes=changes_all(shown) />
                    <End shown />
                }
                .into_any()
            />
        </SidePane>
    }
}

#[component]
fn Parts(group: Group, shown: Memo<Option<Group>>) -> impl IntoView {
    let page = Groups::current();
    let asked = StoredValue::new(group.clone());
    let own = memo(move || page.is_in());
    let changes = memo(move || page.edits.get() && !own.get());
    let local = group.source.is_none();
    let changes_all = changes_all(shown);
    let ask = move |make: fn(Group) -> Ask| page.ask.set(Some(make(asked.get_value())));
    view! {
        <section class="pane-part" aria-labelledby="group-facts">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="group-facts">{words::GROUP}</h3>
                {move || changes_all.get().then(|| view! {
                    <button type="button" class="link-button" on:click=on(move |_| ask(Ask::Rename))>{words::RENAME}</button>
                })}
            </div>
            <dl class="facts">
                <Fact label=words::SOURCE><SourceName name=group.source_name.clone() /></Fact>
                <Fact label=words::MEMBERS>{text::grouped(group.members)}</Fact>
            </dl>
            {move || (page.edits.get() && own.get()).then(|| view! { <p class="pane-note">{words::OWN_GROUP}</p> })}
            {(!local).then(|| view! { <p class="pane-note">{words::EDITED_ELSEWHERE}</p> })}
        </section>
        <section class="pane-part" aria-labelledby="group-roles">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="group-roles">{words::ROLES}</h3>
                {move || changes.get().then(|| view! {
                    <button
                        type="button"
                        class="link-button"
                        aria-label=words::CHANGE_ROLES
                        on:click=on(move |_| ask(Ask::Roles))
                    >
                        {console::CHANGE}
                    </button>
                })}
            </div>
            {if group.roles.is_empty() {
                view! { <p class="pane-note">{words::NO_ROLES_BODY}</p> }.into_any()
            } else {
                view! { <RoleBadges roles=group.roles.clone() /><p class="pane-note">{words::ROLES_BODY}</p> }.into_any()
            }}
        </section>
    }
}

/// Whether the reader changes what this group is called and who is in it: one made here they are not in.
fn changes_all(shown: Memo<Option<Group>>) -> Memo<bool> {
    let page = Groups::current();
    memo(move || {
        let local = shown.with(|group| group.as_ref().is_some_and(|group| group.source.is_none()));
        local && page.edits.get() && !page.is_in()
    })
}

/// Where the group is deleted.
#[component]
fn End(shown: Memo<Option<Group>>) -> impl IntoView {
    let page = Groups::current();
    let changes = changes_all(shown);
    let ask = move |()| page.ask.set(shown.get_untracked().map(Ask::Delete));
    move || {
        changes.get().then(|| {
            view! {
                <div class="pane-part">
                    <div class="pane-acts">
                        <Button
                            label=words::DELETE.to_owned()
                            kind=Kind::DangerOutlined
                            icon=Icon::Trash
                            on_press=ask
                        />
                    </div>
                </div>
            }
        })
    }
}
