//! The cards of a directory: how it is reached, what is read there, what is rarely changed.

use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::text::sources as words;
use leptos::prelude::*;

use super::admission::Switched;
use super::fields::{Area, Line, More, Pick};
use super::mapping::Mapping;
use super::schedule::Schedule;
use super::secret::SecretField;
use super::servers::Servers;
use crate::state::sheet::{Sheet, Test};

/// What everybody looks at.
const MAPPED: &[(&str, bool)] = &[
    ("settings.attributes.login", true),
    ("settings.attributes.display_name", true),
    ("settings.attributes.id", true),
    ("settings.attributes.email", false),
    ("settings.attributes.title", false),
    ("settings.attributes.department", false),
];

/// The others.
const RARELY: &[&str] = &[
    "settings.people.login_filter",
    "settings.attributes.manager",
    "settings.attributes.phone",
    "settings.attributes.photo",
    "settings.attributes.changed",
    "settings.attributes.more",
    "settings.attributes.member_of",
    "settings.attributes.group_name",
    "settings.attributes.group_description",
    "settings.attributes.member",
    "settings.page_size",
    "settings.connect_timeout_ms",
    "settings.operation_timeout_ms",
];

/// The cards.
#[component]
pub fn DirectoryCards() -> impl IntoView {
    let sheet = Sheet::current();
    let examples = memo(move || {
        sheet.test.with(|test| matches!(test, Test::Over(tested) if !tested.found.people.is_empty()))
    });
    view! {
        <section class="card" aria-labelledby="card-connection">
            <Switched id="card-connection" title=words::CONNECTION />
            <div class="card-body settings">
                <Line path="name" />
                <Pick path="settings.encryption" />
                <div class="settings-wide"><Servers /></div>
                <div class="settings-wide"><Line path="settings.bind_dn" mono=true /></div>
                <SecretField />
                <div class="settings-wide"><Area path="settings.authorities" /></div>
            </div>
        </section>
        <section class="card" aria-labelledby="card-read">
            <h2 class="card-title" id="card-read">{words::READ}</h2>
            <div class="card-body settings">
                <Line path="settings.people.base" mono=true />
                <Line path="settings.groups.base" mono=true />
                <div class="settings-wide"><Line path="settings.people.filter" mono=true /></div>
                <Line path="settings.groups.filter" mono=true />
                <Pick path="settings.groups.nested" />
            </div>
            <Mapping paths=MAPPED />
            {move || (!examples.get()).then(|| view! { <p class="card-foot field-note">{words::EXAMPLE_LATER}</p> })}
        </section>
        <Schedule />
        <More paths=RARELY>
            <div class="settings-wide"><Line path="settings.people.login_filter" mono=true /></div>
            {RARELY[1..].iter().map(|path| view! { <Line path=*path mono=true /> }).collect_view()}
        </More>
    }
}
