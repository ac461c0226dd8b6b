//! The one dialog of the page: a new group, another name, other roles, more people, and whether a group goes.

use std::time::Duration;

use chancery_protocol::groups::{Group, MAX_GROUP_NAME, MakeGroup, RenameGroup};
use chancery_protocol::ids::GroupId;
use chancery_protocol::person::Role;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::user_groups as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::members::AddForm;
use super::roles::RolesForm;
use crate::api::groups;
use crate::components::asking::asking;
use crate::components::question::{Question, Refusal};
use crate::pages::users::role_boxes::RoleBoxes;
use crate::state::groups::{Ask, Groups};

fn title(ask: &Ask) -> String {
    match ask {
        Ask::New => words::NEW.to_owned(),
        Ask::Rename(group) => words::rename_title(&group.name),
        Ask::Roles(group) => words::roles_title(&group.name),
        Ask::Add(group) => words::add_title(&group.name),
        Ask::Delete(group) => words::delete_title(&group.name),
    }
}

/// The dialog; there while something is asked.
#[component]
pub fn Dialogs() -> impl IntoView {
    let page = Groups::current();
    let asked = Signal::derive(move || page.ask.with(Option::is_some));
    let open = asking(asked, Callback::new(move |()| page.ask.set(None)));
    // While it closes, the title stays what it was.
    let title = Memo::new(move |before: Option<&String>| {
        page.ask.with(|ask| ask.as_ref().map(title)).or(before.cloned()).unwrap_or_default()
    });
    view! {
        <Dialog open id="ask" title>
            {move || match page.ask.get() {
                None => ().into_any(),
                Some(Ask::New) => view! { <NewForm /> }.into_any(),
                Some(Ask::Rename(group)) => view! { <RenameForm group /> }.into_any(),
                Some(Ask::Roles(group)) => view! { <RolesForm group /> }.into_any(),
                Some(Ask::Add(group)) => view! { <AddForm group /> }.into_any(),
                Some(Ask::Delete(group)) => view! { <Delete group /> }.into_any(),
            }}
        </Dialog>
    }
}

/// The role that groups made here do not give: a guest is nothing else.
pub(super) fn not_given(group: &Group) -> Option<Role> {
    group.source.is_none().then_some(Role::Guest)
}

/// When something was refused because a group was changed in the meantime, `late` is told how it is now.
pub(super) fn when_outdated(
    group: GroupId,
    failed: RwSignal<Option<ClientError>>,
    late: impl Fn(Group) + 'static,
) {
    let page = Groups::current();
    effect(move || {
        if failed.with(|failed| failed.as_ref().is_some_and(|error| error.code() == Some("outdated")))
            && let Some(now) = untrack(|| page.find(group))
        {
            failed.set(None);
            late(now);
        }
    });
}

/// What is wrong with a name, found out here.
fn wrong_name(name: &str) -> Option<String> {
    match name.chars().count() {
        0 => Some(console::NEED_NAME.to_owned()),
        length if length > MAX_GROUP_NAME => Some(text::people::too_long(MAX_GROUP_NAME)),
        _ => None,
    }
}

/// What the server says about the name stands at its field.
fn at_the_name(
    name: RwSignal<String>,
    error: RwSignal<Option<String>>,
    failed: RwSignal<Option<ClientError>>,
) {
    effect(move || {
        name.track();
        error.set(None);
    });
    effect(move || {
        let said = failed.with(|failed| match failed {
            Some(refused @ ClientError::Problem(problem)) if problem.field.as_deref() == Some("name") => {
                (problem.code != "outdated").then(|| words::refused(refused))
            }
            _ => None,
        });
        if said.is_some() {
            error.set(said);
            failed.set(None);
            dom::focus("#group-name");
        }
    });
}

fn refused(failed: RwSignal<Option<ClientError>>) -> Signal<Option<String>> {
    Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)))
}

#[component]
fn NewForm() -> impl IntoView {
    let page = Groups::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let (name, error) = (RwSignal::new(String::new()), RwSignal::new(None));
    let roles = RwSignal::new(Vec::new());
    let right = Signal::stored(None::<String>);
    effect(move || {
        dom::focus("#group-name");
    });
    at_the_name(name, error, failed);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let form = MakeGroup { name: name.get_untracked().trim().to_owned(), roles: roles.get_untracked() };
        if let Some(wrong) = wrong_name(&form.name) {
            error.set(Some(wrong));
            dom::focus("#group-name");
            return;
        }
        let act = async move { groups::make(page.api, &form).await };
        page.run(working, failed, act, move |made| {
            page.toasts.done(words::MADE);
            page.show(made.id);
        });
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::NEW_LEAD}</p>
            <Refusal words=refused(failed) />
            <Field id="group-name" label=words::NAME value=name help=words::NAME_HELP error autocomplete="off" />
            <RoleBoxes roles error=right without=Some(Role::Guest) />
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| page.ask.set(None) />
                <Button label=words::MAKE.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}

#[component]
fn RenameForm(group: Group) -> impl IntoView {
    let page = Groups::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let (id, error) = (group.id, RwSignal::new(None));
    let name = RwSignal::new(group.name.clone());
    let was = RwSignal::new(group.name);
    let theirs = RwSignal::new(None::<String>);
    effect(move || {
        dom::focus("#group-name");
    });
    at_the_name(name, error, failed);
    // What somebody else called it is shown, and overwritten only when it is saved again.
    when_outdated(id, failed, move |now| {
        was.set(now.name.clone());
        theirs.set(Some(now.name));
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let form = RenameGroup { name: name.get_untracked().trim().to_owned(), was: was.get_untracked() };
        if let Some(wrong) = wrong_name(&form.name) {
            error.set(Some(wrong));
            dom::focus("#group-name");
            return;
        }
        theirs.set(None);
        let back = RenameGroup { name: form.was.clone(), was: form.name.clone() };
        let act = async move { groups::rename(page.api, id, &form).await };
        page.run(working, failed, act, move |()| {
            page.done_but(words::RENAMED, move || {
                let back = back.clone();
                async move { groups::rename(page.api, id, &back).await }
            });
        });
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            {move || theirs.get().map(|theirs| view! {
                <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>{words::name_outdated(&theirs)}</Notice>
            })}
            <Refusal words=refused(failed) />
            <Field id="group-name" label=words::NAME value=name error autocomplete="off" />
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| page.ask.set(None) />
                <Button label=text::act::SAVE.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}

#[component]
fn Delete(group: Group) -> impl IntoView {
    let page = Groups::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let id = group.id;
    let act = move |()| {
        let act = async move { groups::remove(page.api, id).await };
        page.run(working, failed, act, move |()| {
            page.toasts.done(words::DELETED);
            page.close();
            // Its row is gone, and so is what opened the dialog, which closes first.
            let settle = || {
                dom::focus(".console-head .button");
            };
            set_timeout(settle, Duration::ZERO);
        });
    };
    view! {
        <Question
            body=words::delete_body(group.members, &group.roles)
            keep=console::KEEP
            act=words::DELETE
            kind=Kind::Danger
            working
            refused=refused(failed)
            on_keep=move |()| page.ask.set(None)
            on_act=act
        />
    }
}
