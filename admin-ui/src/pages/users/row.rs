//! One account of the list.

use chancery_protocol::Micros;
use chancery_protocol::accounts::AccountState;
use chancery_protocol::http::Account;
use chancery_protocol::person::Role;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::table::Tick;
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::text::guests;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::emergency::EmergencyBadge;
use super::guest::ExternalBadge;
use crate::logic::roles::duties;
use crate::state::users::{Ask, Users};

/// The row.
#[component]
pub fn Row(
    /// Whose.
    account: Account,
) -> impl IntoView {
    let users = Users::current();
    let (id, bot, guest) = (account.person.id, account.person.bot, account.person.guest);
    let ends_at = account.person.terms.map(|terms| terms.ends_at);
    let name = account.person.name.clone();
    let emergency = account.emergency.is_some();
    let ticked = Signal::derive(move || users.ticked.with(|ticked| ticked.contains_key(&id)));
    let open = move || users.person.get() == Some(id);
    // The address follows the filters.
    let address = move || {
        users.view.track();
        users.address_of(id)
    };
    let seen = account.seen_at.map(|at| (LocalTime::of(at), time::machine(at)));
    let today = LocalTime::of(time::now());
    let stored = StoredValue::new(account.clone());
    let tick_name = name.clone();
    view! {
        <tr data-person=id.to_string() class:row-open=open class:row-ticked=move || ticked.get() on:click=on(move |event| press(&event, users, id))>
            {move || {
                let label = words::tick(&tick_name);
                users.edits.get().then(|| {
                    view! {
                        <td class="cell-tick">
                            <Tick label ticked on_tick=move |(on, shift): (bool, bool)| users.tick(id, on, shift) />
                        </td>
                    }
                })
            }}
            <th scope="row" class="cell-name">
                <span class="who">
                    <Avatar person=id name=name.clone() photo=account.person.photo.clone() size=Size::Small />
                    <span class="who-text">
                        <span class="who-line">
                            <a class="who-name" href=address title=name.clone()><bdi>{name.clone()}</bdi></a>
                            {bot.then(|| view! { <Badge label=access_tokens::BOT /> })}
                            {guest.then(|| view! { <ExternalBadge /> })}
                        </span>
                        <span class="who-sub">{account.person.username.clone()}</span>
                    </span>
                </span>
            </th>
            <td class="cell-role"><RoleCell roles=account.roles.clone() ends_at /></td>
            <td class="cell-state">
                <span class="badges">
                    <StateBadge state=account.state />
                    {emergency.then(|| view! { <EmergencyBadge /> })}
                </span>
            </td>
            <td class="cell-sessions table-number">{(!bot).then(|| text::grouped(account.sessions.into()))}</td>
            <td class="cell-seen table-number">
                {match seen {
                    Some((at, machine)) => {
                        view! { <time datetime=machine title=at.full()>{at.brief(today)}</time> }.into_any()
                    }
                    None if bot => ().into_any(),
                    None => view! { <span class="quiet">{words::NOT_SIGNED_IN}</span> }.into_any(),
                }}
            </td>
            {move || {
                users.edits.get().then(|| view! { <td class="cell-acts"><Acts account=stored.get_value() /></td> })
            }}
        </tr>
    }
}

/// A press beside the controls of a row opens it.
fn press(event: &MouseEvent, users: Users, person: chancery_protocol::ids::PersonId) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let on_control = target.is_some_and(|target| {
        target.closest("a, button, label, input, .menu, .cell-acts, .cell-tick").ok().flatten().is_some()
    });
    if !on_control {
        users.show(person);
    }
}

/// What may be done with the account, under "…".
#[component]
fn Acts(account: Account) -> impl IntoView {
    let users = Users::current();
    let label = words::acts_of(&account.person.name);
    let items = move || {
        let (account, id) = (account.clone(), account.person.id);
        let ask = |make: fn(Account) -> Ask| {
            let account = account.clone();
            move || users.ask(make(account.clone()))
        };
        let own = users.is_own(id);
        let mut items = vec![Item::new(Icon::Pencil, words::RENAME, ask(Ask::Rename))];
        if account.person.bot {
            items.push(Item::new(Icon::Person, access_tokens::OWNER_CHANGE, ask(Ask::Owner)));
        }
        if account.person.guest {
            items.push(Item::new(Icon::Calendar, guests::TERMS_CHANGE, ask(Ask::Terms)));
        }
        if !own {
            items.push(Item::new(Icon::Shield, words::ROLES_TITLE, ask(Ask::Roles)));
        }
        match account.state {
            AccountState::Suspended => items.push(Item::new(Icon::Play, words::LIFT, ask(Ask::Lift))),
            AccountState::Active | AccountState::Invited => {
                let reset =
                    if account.state == AccountState::Invited { words::NEW_INVITATION } else { words::RESET };
                if !account.person.bot {
                    items.push(Item::new(Icon::Key, reset, ask(Ask::Reset)));
                }
                if !own {
                    items.push(Item::new(Icon::Barred, words::SUSPEND, ask(Ask::Suspend)).danger());
                }
            }
        }
        items
    };
    view! { <MenuButton label icon=Icon::More items /> }
}

/// Duties as badges; without one, whether somebody is from here.
#[component]
pub fn RoleCell(
    /// All roles.
    roles: Vec<Role>,
    /// Until when a guest is here.
    #[prop(optional_no_strip)]
    ends_at: Option<Micros>,
) -> impl IntoView {
    let badges: Vec<Role> = duties(&roles).collect();
    if badges.is_empty() {
        let guest = roles.contains(&Role::Guest);
        let role = roles.first().copied().unwrap_or(Role::Employee);
        let until = ends_at.filter(|_| guest).map(|end| {
            let (end, today) = (LocalTime::of(end), LocalTime::of(time::now()));
            view! { <span class="who-sub" title=end.full()>{guests::until(&end.date_near(today))}</span> }
        });
        return view! {
            <span class="role-plain">
                {guest.then(|| view! { <Glyph icon=Icon::Globe /> })}
                <span class="who-text">{words::role(role)}{until}</span>
            </span>
        }
        .into_any();
    }
    view! {
        <span class="badges">
            {badges
                .into_iter()
                .map(|role| view! { <Badge label=words::role(role) tone=Tone::Accent icon=Icon::Shield /> })
                .collect_view()}
        </span>
    }
    .into_any()
}

/// Whether somebody can sign in.
#[component]
pub fn StateBadge(
    /// Which.
    state: AccountState,
) -> impl IntoView {
    let (tone, icon) = match state {
        AccountState::Active => (Tone::Ok, Icon::Tick),
        AccountState::Invited => (Tone::Warn, Icon::Clock),
        AccountState::Suspended => (Tone::Bad, Icon::Barred),
    };
    view! { <Badge label=words::state(state) tone icon /> }
}
