//! The filter row: words, role, state, and how many fit.

use chancery_ui_kit::button::IconButton;
use chancery_ui_kit::filter::{FilterChip, SearchField};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::text::console as words;
use leptos::prelude::*;

use crate::logic::view::{ROLES, STATES, View, name_of, value_of};
use crate::state::users::Users;

/// The row.
#[component]
pub fn Filters() -> impl IntoView {
    let users = Users::current();
    let view = users.view;
    let text = Signal::derive(move || view.with(|view| view.text.clone()));
    let role = Signal::derive(move || {
        view.with(|view| view.role.map_or("", |role| name_of(&ROLES, &role)).to_owned())
    });
    let state = Signal::derive(move || {
        view.with(|view| view.state.map_or("", |state| name_of(&STATES, &state)).to_owned())
    });
    let typed = move |text: String| users.look(&View { text, page: 0, ..view.get_untracked() }, false);
    let role_chosen = move |name: String| {
        users.look(&View { role: value_of(&ROLES, &name), page: 0, ..view.get_untracked() }, true);
    };
    let state_chosen = move |name: String| {
        users.look(&View { state: value_of(&STATES, &name), page: 0, ..view.get_untracked() }, true);
    };
    let matching = move || users.list.with(|list| list.ready().map(|page| words::people(page.matching)));
    view! {
        <div class="filters">
            <SearchField id="find" label=words::SEARCH hint=words::SEARCH_HINT value=text on_change=typed />
            <FilterChip
                label=words::ROLE
                choices=ROLES.iter().map(|(role, name)| (*name, words::role(*role))).collect()
                value=role
                on_choose=role_chosen
            />
            <FilterChip
                label=words::STATE
                choices=STATES.iter().map(|(state, name)| (*name, words::state(*state))).collect()
                value=state
                on_choose=state_chosen
            />
            <p class="filter-count" role="status">{matching}</p>
            <IconButton
                icon=Icon::Rows
                label=Signal::derive(move || {
                    if users.dense.get() { words::ROOMY } else { words::DENSE }.to_owned()
                })
                on_press=move |_| users.turn_dense()
            />
        </div>
    }
}
