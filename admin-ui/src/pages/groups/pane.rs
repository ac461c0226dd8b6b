//! `/console/groups/:group`: one group in the side pane, with its roles and who is in it.

use chancery_protocol::groups::Group;
use chancery_protocol::ids::GroupId;
use chancery_protocol::person::Person;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::{Badge, Tone};
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
use crate::routes::Place;
use crate::state::groups::Groups;

/// Members shown before one asks for all.
const SOME: usize = 50;

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
                    {move || shown.get().map(|group| view! { <Parts group /> })}
                    <Members group />
                }
                .into_any()
            />
        </SidePane>
    }
}

#[component]
fn Parts(group: Group) -> impl IntoView {
    let page = Groups::current();
    let asked = StoredValue::new(group.clone());
    let own = memo(move || page.is_in());
    view! {
        <section class="pane-part" aria-label=words::GROUP>
            <dl class="facts">
                <Fact label=words::SOURCE><SourceName name=group.source_name.clone() /></Fact>
                <Fact label=words::MEMBERS>{text::grouped(group.members)}</Fact>
            </dl>
        </section>
        <section class="pane-part" aria-labelledby="group-roles">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="group-roles">{words::ROLES}</h3>
                {move || (page.edits.get() && !own.get()).then(|| {
                    let ask = move |_| page.ask.set(Some(asked.get_value()));
                    view! {
                        <button type="button" class="link-button" aria-label=words::CHANGE_ROLES on:click=on(ask)>
                            {console::CHANGE}
                        </button>
                    }
                })}
            </div>
            {if group.roles.is_empty() {
                view! { <p class="pane-note">{words::NO_ROLES_BODY}</p> }.into_any()
            } else {
                view! { <RoleBadges roles=group.roles.clone() /><p class="pane-note">{words::ROLES_BODY}</p> }.into_any()
            }}
            {move || (page.edits.get() && own.get()).then(|| view! { <p class="pane-note">{words::OWN_GROUP}</p> })}
        </section>
    }
}

/// Who is in it.
#[component]
fn Members(group: GroupId) -> impl IntoView {
    let page = Groups::current();
    let nobody = |members: &Vec<Person>| {
        let note = || view! { <p class="pane-note" role="status">{words::NO_MEMBERS}</p> }.into_any();
        members.is_empty().then(note)
    };
    view! {
        <section class="pane-part" aria-labelledby="group-members">
            <h3 class="pane-part-title" id="group-members">{words::MEMBERS}</h3>
            <LoadedView
                value=page.members.into()
                failed_title=words::MEMBERS_FAILED
                on_retry=move |()| {
                    page.members.set(Loaded::Loading);
                    page.load_members(group);
                }
                skeleton=|| view! { <SkeletonRows rows=4 /> }.into_any()
                empty=nobody
                ready=|members| view! { <Lines members /> }.into_any()
            />
        </section>
    }
}

#[component]
fn Lines(members: Vec<Person>) -> impl IntoView {
    let all = RwSignal::new(members.len() <= SOME);
    let count = members.len() as u64;
    let members = StoredValue::new(members);
    let lines = move || {
        let shown = if all.get() { usize::MAX } else { SOME };
        members.with_value(|members| {
            members.iter().take(shown).cloned().map(|person| view! { <Line person /> }).collect_view()
        })
    };
    view! {
        <ul class="group-members">{lines}</ul>
        {move || (!all.get()).then(|| view! {
            <button type="button" class="link-button" on:click=on(move |_| all.set(true))>{words::show_all(count)}</button>
        })}
    }
}

#[component]
fn Line(person: Person) -> impl IntoView {
    let name = person.name.clone();
    view! {
        <li class="who group-member">
            <Avatar person=person.id name=name.clone() photo=person.photo size=Size::Small />
            <span class="who-text">
                <a class="who-name" href=Place::User(person.id).path() title=name.clone()><bdi>{name.clone()}</bdi></a>
                <span class="who-sub">{person.username}</span>
            </span>
            {person.suspended.then(|| view! { <Badge label=words::SUSPENDED tone=Tone::Bad icon=Icon::Barred /> })}
        </li>
    }
}
