//! Who is in a group: shown, taken out, and more of them added.

use chancery_protocol::groups::{ChangeGroupMembers, Group};
use chancery_protocol::ids::GroupId;
use chancery_protocol::person::Person;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, IconButton, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::user_groups as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialogs::when_outdated;
use crate::api::groups;
use crate::components::person_finder::PersonFinder;
use crate::components::question::Refusal;
use crate::routes::Place;
use crate::state::groups::{Ask, Groups};

/// Members shown before one asks for all.
const SOME: usize = 50;

/// The part of the pane.
#[component]
pub fn Members(
    /// Of which group.
    group: GroupId,
    /// As it is, once it is there.
    shown: Memo<Option<Group>>,
    /// Whether people are added and taken out here by the reader.
    changes: Memo<bool>,
) -> impl IntoView {
    let page = Groups::current();
    let nobody = |members: &Vec<Person>| {
        let note = || view! { <p class="pane-note" role="status">{words::NO_MEMBERS}</p> }.into_any();
        members.is_empty().then(note)
    };
    // Whoever looks at all of them goes on to do so when one is taken out.
    let all = RwSignal::new(false);
    let lines = move |members| view! { <Lines group members changes all /> }.into_any();
    view! {
        <section class="pane-part" aria-labelledby="group-members">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="group-members">{words::MEMBERS}</h3>
                {move || changes.get().then(|| {
                    let ask = move |_| page.ask.set(shown.get_untracked().map(Ask::Add));
                    view! {
                        <button type="button" id="group-add" class="link-button" on:click=on(ask)>{words::ADD}</button>
                    }
                })}
            </div>
            <LoadedView
                value=page.members.into()
                failed_title=words::MEMBERS_FAILED
                on_retry=move |()| {
                    page.members.set(Loaded::Loading);
                    page.load_members(group);
                }
                skeleton=|| view! { <SkeletonRows rows=4 /> }.into_any()
                empty=nobody
                ready=lines
            />
        </section>
    }
}

#[component]
fn Lines(group: GroupId, members: Vec<Person>, changes: Memo<bool>, all: RwSignal<bool>) -> impl IntoView {
    let count = members.len();
    let members = StoredValue::new(members);
    let lines = move || {
        let shown = if all.get() { usize::MAX } else { SOME };
        members.with_value(|members| {
            let shown = members.iter().take(shown).cloned().enumerate();
            shown.map(|(row, person)| view! { <Line group person row changes /> }).collect_view()
        })
    };
    view! {
        <ul class="group-members">{lines}</ul>
        {move || (count > SOME && !all.get()).then(|| view! {
            <button type="button" class="link-button" on:click=on(move |_| all.set(true))>
                {words::show_all(count as u64)}
            </button>
        })}
    }
}

#[component]
fn Line(group: GroupId, person: Person, row: usize, changes: Memo<bool>) -> impl IntoView {
    let page = Groups::current();
    let (id, name) = (person.id, person.name.clone());
    view! {
        <li class="who group-member">
            <Avatar person=id name=name.clone() photo=person.photo size=Size::Small />
            <span class="who-text">
                <a class="who-name" href=Place::User(id).path() title=name.clone()><bdi>{name.clone()}</bdi></a>
                <span class="who-sub">{person.username}</span>
            </span>
            {person.suspended.then(|| view! { <Badge label=words::SUSPENDED tone=Tone::Bad icon=Icon::Barred /> })}
            {move || changes.get().then(|| view! {
                <IconButton icon=Icon::Close label=words::take_out(&name) on_press=move |_| page.take_out(group, id, row) />
            })}
        </li>
    }
}

/// Choosing whom to add.
#[component]
pub fn AddForm(
    /// To which group.
    group: Group,
) -> impl IntoView {
    let page = Groups::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let (chosen, error) = (RwSignal::new(Vec::<Person>::new()), RwSignal::new(None::<String>));
    let id = group.id;
    let roles = RwSignal::new(group.roles);
    let outdated = RwSignal::new(false);
    effect(move || {
        dom::focus("#new-member");
    });
    when_outdated(id, failed, move |now| {
        roles.set(now.roles);
        outdated.set(true);
    });
    // Whoever is in it or chosen already is not offered, and nobody gives themselves roles.
    let fits = move |person: Person| {
        let there = |people: &[Person]| people.iter().any(|one| one.id == person.id);
        let own = page.me.get_untracked() == Some(person.id) && !roles.with_untracked(Vec::is_empty);
        let inside = page.members.with_untracked(|members| members.ready().is_some_and(|all| there(all)));
        !own && !inside && !chosen.with_untracked(|chosen| there(chosen))
    };
    let drop_one = move |id| {
        chosen.update(|chosen| chosen.retain(|one| one.id != id));
        dom::focus("#new-member");
    };
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)));
    let count = memo(move || chosen.with(Vec::len) as u64);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let add: Vec<_> = chosen.with_untracked(|chosen| chosen.iter().map(|person| person.id).collect());
        if add.is_empty() {
            error.set(Some(words::NEED_SOMEBODY.to_owned()));
            dom::focus("#new-member");
            return;
        }
        outdated.set(false);
        let back = ChangeGroupMembers { add: Vec::new(), remove: add.clone(), roles: None };
        let form = ChangeGroupMembers { add, remove: Vec::new(), roles: Some(roles.get_untracked()) };
        let act = async move { groups::change_members(page.api, id, &form).await };
        page.run(working, failed, act, move |()| {
            page.done_but(words::ADDED, move || {
                let back = back.clone();
                async move { groups::change_members(page.api, id, &back).await }
            });
        });
    };
    let line = move |Person { id, name, username, photo, .. }: Person| {
        view! {
            <li class="who group-member">
                <Avatar person=id name=name.clone() photo size=Size::Small />
                <span class="who-text"><bdi class="who-name">{name.clone()}</bdi><span class="who-sub">{username}</span></span>
                <IconButton icon=Icon::Close label=words::do_not_add(&name) on_press=move |_| drop_one(id) />
            </li>
        }
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            {move || outdated.get().then(|| view! {
                <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>
                    {move || roles.with(|roles| words::add_outdated(roles))}
                </Notice>
            })}
            <Refusal words=refused />
            {move || (count.get() > 0).then(|| view! {
                <ul class="group-members group-chosen" aria-label=words::ADD_CHOSEN>
                    <For each=move || chosen.get() key=|person| person.id let:person>{line(person)}</For>
                </ul>
            })}
            <PersonFinder
                id="new-member"
                label=words::ADD_WHO
                nobody=words::ADD_NOBODY
                fits
                error
                on_choose=move |person| {
                    chosen.update(|chosen| chosen.push(person));
                    dom::focus("#new-member");
                }
            />
            <p class="dialog-body">{move || roles.with(|roles| words::add_effect(roles))}</p>
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| page.ask.set(None) />
                <Button
                    label=Signal::derive(move || match count.get() {
                        0 => words::ADD.to_owned(),
                        count => words::add_act(count),
                    })
                    kind=Kind::Primary
                    submit=true
                    working
                />
            </div>
        </form>
    }
}
