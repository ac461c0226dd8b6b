//! What can be done with all that are ticked.

use chancery_protocol::accounts::BulkAct;
use chancery_protocol::person::Role;
use chancery_ui_kit::bulk_bar::BulkBar;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::console as words;
use leptos::prelude::*;

use crate::state::users::{Ask, Users};

/// The bar.
#[component]
pub fn Bar() -> impl IntoView {
    let users = Users::current();
    let count = Signal::derive(move || users.ticked.with(|ticked| ticked.len() as u64));
    let matching = move || users.list.with(|list| list.ready().map_or(0, |page| page.matching));
    view! {
        <BulkBar count on_clear=move |()| users.ticked.update(std::collections::BTreeMap::clear)>
            {move || {
                (matching() > count.get()).then(|| {
                    let label = words::tick_all(matching());
                    view! { <button type="button" class="bulk-act" on:click=on(move |_| users.tick_matching())>{label}</button> }
                })
            }}
            <Act icon=Icon::Barred label=words::SUSPEND act=BulkAct::Suspend />
            <Act icon=Icon::Play label=words::LIFT act=BulkAct::Reinstate />
            // A guest needs a sponsor and an end, which nobody has in common.
            <RoleMenu label=words::ADD_ROLE but=Some(Role::Guest) make=|role| BulkAct::AddRole { role } />
            <RoleMenu label=words::REMOVE_ROLE make=|role| BulkAct::RemoveRole { role } />
            <Act icon=Icon::Key label=words::RESET act=BulkAct::Reset { mail: false } />
        </BulkBar>
    }
}

#[component]
fn Act(icon: Icon, label: &'static str, act: BulkAct) -> impl IntoView {
    let users = Users::current();
    view! {
        <button type="button" class="bulk-act" on:click=on(move |_| users.ask(Ask::Bulk(act)))>
            <Glyph icon />
            {label}
        </button>
    }
}

#[component]
fn RoleMenu(
    label: &'static str,
    #[prop(optional_no_strip)] but: Option<Role>,
    make: fn(Role) -> BulkAct,
) -> impl IntoView {
    let users = Users::current();
    let face = ViewFn::from(move || {
        view! { <span class="bulk-act">{label}<Glyph icon=Icon::ChevronUp /></span> }
    });
    let items = move || {
        Role::ALL
            .into_iter()
            .filter(|role| Some(*role) != but)
            .map(|role| Item::new(Icon::Shield, words::role(role), move || users.ask(Ask::Bulk(make(role)))))
            .collect()
    };
    view! { <MenuButton label face items /> }
}
