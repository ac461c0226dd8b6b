//! Choosing a colleague who answers for a bot or a guest, by a part of the name.

use std::time::Duration;

use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Person;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text::access_tokens as words;
use leptos::prelude::*;

use crate::components::person_finder::PersonFinder;

/// A search among the colleagues who can answer for somebody else; once one is chosen, that one.
#[component]
pub fn PersonField(
    /// Unique on the page; what chooses somebody else is `<id>-other`.
    id: &'static str,
    /// Who is asked for.
    label: &'static str,
    /// Said when nobody fits.
    nobody: &'static str,
    /// Who is chosen.
    chosen: RwSignal<Option<Person>>,
    /// What is wrong.
    error: RwSignal<Option<String>>,
    /// Somebody who is not offered, for example who answers now.
    #[prop(optional_no_strip)]
    without: Option<PersonId>,
) -> impl IntoView {
    let choose = move |person: Option<Person>| {
        let field = if person.is_some() { other_of(id) } else { format!("#{id}") };
        error.set(None);
        chosen.set(person);
        // What has the focus then is drawn first.
        let settle = move || {
            dom::focus(&field);
        };
        set_timeout(settle, Duration::ZERO);
    };
    let fits =
        move |person: Person| !person.bot && !person.guest && !person.suspended && Some(person.id) != without;
    let there = move || chosen.with(Option::is_some);
    view! {
        {move || chosen.get().map(|Person { id: person, name, username, photo, .. }| view! {
            <div class="field" role="group" aria-label=label>
                <div class="field-head"><span class="owner-label">{label}</span></div>
                <div class="owner-chosen">
                    <span class="who">
                        <Avatar person name=name.clone() photo size=Size::Small />
                        <span class="who-text"><bdi class="who-name">{name}</bdi><span class="who-sub">{username}</span></span>
                    </span>
                    <button type="button" id=format!("{id}-other") class="link-button" on:click=on(move |_| choose(None))>
                        {words::OWNER_OTHER}
                    </button>
                </div>
                {move || error.get().map(wrong)}
            </div>
        })}
        <Show when=move || !there()>
            <PersonFinder id label nobody fits error on_choose=move |person| choose(Some(person)) />
        </Show>
    }
}

fn wrong(error: String) -> impl IntoView {
    view! { <p class="field-note field-error"><Glyph icon=Icon::Warning />{error}</p> }
}

/// Where somebody else is chosen.
fn other_of(id: &str) -> String {
    format!("#{id}-other")
}

/// What the server says about whoever was chosen stands there. `field`: its name for the field of this id.
pub fn at_the_person(
    failed: RwSignal<Option<ClientError>>,
    error: RwSignal<Option<String>>,
    field: &'static str,
    id: &'static str,
) {
    effect(move || {
        let said = failed.with(|failed| match failed {
            Some(problem @ ClientError::Problem(at)) if at.field.as_deref() == Some(field) => {
                Some(words::owner_refused(problem))
            }
            _ => None,
        });
        if said.is_some() {
            error.set(said);
            failed.set(None);
            dom::focus(&other_of(id));
        }
    });
}
