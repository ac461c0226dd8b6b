//! A box for each role, with what it is for.

use chancery_protocol::person::Role;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::text::user_groups;
use leptos::prelude::*;

use crate::logic::view::{ROLES, name_of};

/// The boxes.
#[component]
pub fn RoleBoxes(
    /// The roles ticked, in the order of the documents.
    roles: RwSignal<Vec<Role>>,
    /// What is wrong with them.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// Roles that come from elsewhere: they are shown, and cannot be taken here.
    #[prop(optional, into)]
    locked: Signal<Vec<Role>>,
    /// A role that is not offered.
    #[prop(optional_no_strip)]
    without: Option<Role>,
    /// Whether a guest is a guest and nothing else.
    #[prop(optional)]
    guest_alone: bool,
) -> impl IntoView {
    let guest = move || guest_alone && roles.with(|roles| roles.contains(&Role::Guest));
    // What was ticked before comes back when the guest is taken back.
    let before = StoredValue::new(Vec::new());
    let turn = move |role: Role, on: bool| {
        if guest_alone && role == Role::Guest {
            let others = if on { vec![role] } else { before.get_value() };
            before.set_value(roles.get_untracked());
            return roles.set(others);
        }
        roles.update(|roles| {
            let wanted = |known: &Role| if *known == role { on } else { roles.contains(known) };
            *roles = Role::ALL.into_iter().filter(wanted).collect();
        });
    };
    let line = move |role: Role| {
        let id = format!("role-{}", name_of(&ROLES, &role));
        let note = format!("{id}-note");
        let (of_label, described_by) = (id.clone(), note.clone());
        let fixed = move || locked.with(|locked| locked.contains(&role));
        view! {
            <div class="box-line">
                <label class="checkbox" for=of_label>
                    <input
                        type="checkbox"
                        id=id
                        aria-describedby=described_by
                        prop:checked=move || fixed() || roles.with(|roles| roles.contains(&role))
                        disabled=move || fixed() || (role != Role::Guest && guest())
                        on:change=on(move |event| turn(role, event_target_checked(&event)))
                    />
                    <span class="checkbox-box" aria-hidden="true"><Glyph icon=Icon::Tick /></span>
                    <span>{words::role(role)}</span>
                    {move || fixed().then(|| view! {
                        <span class="role-locked"><Glyph icon=Icon::Lock />{user_groups::FROM_GROUP}</span>
                    })}
                </label>
                <p class="field-note" id=note>
                    {move || if fixed() { user_groups::FROM_GROUP_HELP } else { words::role_help(role) }}
                </p>
            </div>
        }
    };
    view! {
        <fieldset class="boxes">
            <legend>{words::ROLES}</legend>
            {Role::ALL.into_iter().filter(|role| Some(*role) != without).map(line).collect_view()}
            {move || {
                error.get().map(|error| {
                    view! { <p class="field-note field-error" role="alert"><Glyph icon=Icon::Warning />{error}</p> }
                })
            }}
        </fieldset>
    }
}
