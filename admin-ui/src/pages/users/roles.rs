//! Other roles for one account.

use chancery_protocol::http::{Account, SetRoles};
use chancery_protocol::person::Role;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, on, show};
use chancery_ui_kit::text;
use chancery_ui_kit::text::console as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::confirm::Refused;
use super::role_boxes::RoleBoxes;
use super::terms::{Terms, TermsFields};
use crate::api::people;
use crate::state::users::Users;

/// The form.
#[component]
pub fn RolesDialog(account: Account) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let id = account.person.id;
    let roles = RwSignal::new(account.own_roles.clone());
    let was = RwSignal::new(account.own_roles.clone());
    let outdated = RwSignal::new(false);
    // A guest who is taken back becomes one on the terms there were.
    let had = StoredValue::new(account.person.terms);
    let terms = Terms::new();
    terms.hear(failed);
    let is_guest = |roles: &Vec<Role>| roles.contains(&Role::Guest);
    let becomes_guest = memo(move || roles.with(is_guest) && !was.with(is_guest));
    let locked = RwSignal::new(from_groups(&account.roles, &account.own_roles));
    let error = Signal::derive(move || {
        let none = roles.with(Vec::is_empty) && locked.with(Vec::is_empty);
        none.then(|| words::NEED_ROLE.to_owned())
    });
    let unchanged = Signal::derive(move || roles.get() == was.get());
    effect(move || {
        dom::focus("#ask .boxes input:not(:disabled)");
    });
    // What somebody else made of them is shown instead of overwritten.
    effect(move || {
        let late =
            failed.with(|failed| failed.as_ref().is_some_and(|error| error.code() == Some("outdated")));
        if late {
            spawn_local(async move {
                if let Ok(now) = people::get(users.api(), id).await {
                    let _ = locked.try_set(from_groups(&now.roles, &now.own_roles));
                    had.set_value(now.person.terms);
                    let _ = was.try_set(now.own_roles.clone());
                    let _ = roles.try_set(now.own_roles);
                    let _ = failed.try_set(None);
                    let _ = outdated.try_set(true);
                    users.refresh();
                }
            });
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() || error.get_untracked().is_some() || unchanged.get_untracked() {
            return;
        }
        outdated.set(false);
        let (wanted, before) = (roles.get_untracked(), was.get_untracked());
        let guest = becomes_guest.get_untracked().then(|| terms.checked());
        if guest == Some(None) {
            return terms.focus();
        }
        let had = had.get_value().filter(|_| is_guest(&before));
        let back = SetRoles { roles: before.clone(), was: Some(wanted.clone()), guest: had };
        let form = SetRoles { roles: wanted, was: Some(before), guest: guest.flatten() };
        let act = async move { people::set_roles(users.api(), id, &form).await };
        users.run(working, failed, act, move |()| {
            users.done_but(words::ROLES_SAVED, move || {
                let back = back.clone();
                async move { people::set_roles(users.api(), id, &back).await }
            });
            users.answered();
        });
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            {move || {
                outdated.get().then(|| {
                    view! { <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>{words::ROLES_OUTDATED}</Notice> }
                })
            }}
            <Refused failed />
            <RoleBoxes roles error locked guest_alone=true />
            {show(move || becomes_guest.get(), move || view! { <TermsFields terms without=Some(id) /> }.into_any())}
            <p class="dialog-body" role="status">
                {move || if unchanged.get() { words::NOTHING_CHANGED } else { words::ROLES_COUNT_AT_ONCE }}
            </p>
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                <Button
                    label=text::act::SAVE.to_owned()
                    kind=Kind::Primary
                    submit=true
                    working
                    disabled=Signal::derive(move || unchanged.get() || error.get().is_some())
                />
            </div>
        </form>
    }
}

/// The roles that only groups give.
pub fn from_groups(all: &[Role], own: &[Role]) -> Vec<Role> {
    all.iter().copied().filter(|role| !own.contains(role)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_by_hand_is_not_locked() {
        let all = [Role::Employee, Role::ItAdmin, Role::Auditor];
        assert_eq!(from_groups(&all, &[Role::Employee, Role::Auditor]), [Role::ItAdmin]);
        assert_eq!(from_groups(&all, &all), []);
    }
}
