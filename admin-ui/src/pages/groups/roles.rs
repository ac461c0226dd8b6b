//! What the members of a group may do: a box for each role.

use chancery_protocol::groups::{Group, SetGroupRoles};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::user_groups as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialogs::{not_given, when_outdated};
use crate::components::question::Refusal;
use crate::pages::users::role_boxes::RoleBoxes;
use crate::state::groups::Groups;

/// The form.
#[component]
pub fn RolesForm(
    /// Whose.
    group: Group,
) -> impl IntoView {
    let page = Groups::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let (id, members, without) = (group.id, group.members, not_given(&group));
    let roles = RwSignal::new(group.roles.clone());
    let was = RwSignal::new(group.roles);
    let outdated = RwSignal::new(false);
    let unchanged = Signal::derive(move || roles.get() == was.get());
    effect(move || {
        dom::focus("#ask .boxes input");
    });
    // What somebody else made of them is shown instead of overwritten.
    let late = move |now: Group| {
        was.set(now.roles.clone());
        roles.set(now.roles);
        outdated.set(true);
    };
    when_outdated(id, failed, late);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() || unchanged.get_untracked() {
            return;
        }
        outdated.set(false);
        let form = SetGroupRoles { roles: roles.get_untracked(), was: Some(was.get_untracked()) };
        page.set_roles(id, form, working, failed);
    };
    let right = Signal::stored(None::<String>);
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)));
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            {move || outdated.get().then(|| view! {
                <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>{words::ROLES_OUTDATED}</Notice>
            })}
            <Refusal words=refused />
            <RoleBoxes roles error=right without />
            <p class="dialog-body" role="status">
                {move || if unchanged.get() { console::NOTHING_CHANGED.to_owned() } else { words::roles_effect(members) }}
            </p>
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| page.ask.set(None) />
                <Button label=text::act::SAVE.to_owned() kind=Kind::Primary submit=true working disabled=unchanged />
            </div>
        </form>
    }
}
