//! What a test read: real people as they would come in, groups, and what cannot be taken.

use chancery_protocol::sources::{Connection, SourcePerson, SourceTested};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::text::grouped;
use chancery_ui_kit::text::sources as words;
use leptos::prelude::*;

use crate::state::sheet::{Sheet, Test};

/// The cards; none before a test has read anything, and none for a provider, which says nothing about people nobody signs in as.
#[component]
pub fn Found() -> impl IntoView {
    let sheet = Sheet::current();
    let with_groups = move || sheet.field("settings.groups.base").with(|base| !base.trim().is_empty());
    move || {
        let Connection::Ldap(_) = sheet.connection() else { return ().into_any() };
        let Test::Over(tested) = sheet.test.get() else { return ().into_any() };
        if !tested.found.problems.is_empty() || !reads(&tested.found) {
            return ().into_any();
        }
        let SourceTested { people, groups, skipped, .. } = tested.found;
        view! {
            <People people />
            {untrack(with_groups).then(|| view! { <Groups groups /> })}
            {(!skipped.is_empty()).then(|| view! {
                <section class="card" aria-label=words::SKIPPED>
                    <h2 class="card-title">
                        {words::SKIPPED}<span class="card-note">{grouped(skipped.len() as u64)}</span>
                    </h2>
                    <ul class="card-body skipped">
                        {skipped.into_iter().map(|entry| view! {
                            <li><p class="mono"><bdi>{entry.dn}</bdi></p><p>{words::sentence(&entry.why)}</p></li>
                        }).collect_view()}
                    </ul>
                </section>
            })}
        }
        .into_any()
    }
}

/// Whether the test came as far as reading people.
fn reads(found: &SourceTested) -> bool {
    use chancery_protocol::sources::StepOutcome;
    let read = |outcome| matches!(outcome, StepOutcome::Ok | StepOutcome::Warning);
    found.steps.iter().any(|step| step.step == "people" && read(step.outcome))
}

#[component]
fn People(people: Vec<SourcePerson>) -> impl IntoView {
    let count = grouped(people.len() as u64);
    view! {
        <section class="card" aria-labelledby="card-people">
            <h2 class="card-title" id="card-people">{words::PEOPLE}<span class="card-note">{count}</span></h2>
            {if people.is_empty() {
                view! { <p class="card-body card-lead">{words::NO_PEOPLE}</p> }.into_any()
            } else {
                view! {
                    <table class="table found-table">
                        <caption class="sr-only">{words::PEOPLE}</caption>
                        <thead>
                            <tr><th scope="col">{words::NAME_LOGIN}</th><th scope="col">{words::EMAIL_PLACE}</th></tr>
                        </thead>
                        <tbody>{people.into_iter().map(|person| view! { <Row person /> }).collect_view()}</tbody>
                    </table>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Row(person: SourcePerson) -> impl IntoView {
    let nameless = person.name.is_empty();
    let name = if nameless { words::UNNAMED.to_owned() } else { person.name };
    let place = [person.department, person.title].into_iter().flatten().collect::<Vec<_>>().join(", ");
    view! {
        <tr>
            <th scope="row">
                <span class="found-name" class:quiet=nameless><bdi>{name}</bdi></span>
                <span class="found-login mono">{person.login}</span>
                {(!person.active).then(|| view! { <Badge label=words::REFUSES tone=Tone::Warn icon=Icon::Barred /> })}
            </th>
            <td>
                {match person.email {
                    Some(email) => view! { <span class="found-email">{email}</span> }.into_any(),
                    None => view! { <span class="quiet">{words::NO_EMAIL}</span> }.into_any(),
                }}
                <span class="found-place"><bdi>{place}</bdi></span>
            </td>
        </tr>
    }
}

#[component]
fn Groups(groups: Vec<String>) -> impl IntoView {
    let count = grouped(groups.len() as u64);
    view! {
        <section class="card" aria-labelledby="card-groups">
            <h2 class="card-title" id="card-groups">{words::GROUPS}<span class="card-note">{count}</span></h2>
            {if groups.is_empty() {
                view! { <p class="card-body card-lead">{words::NO_GROUPS}</p> }.into_any()
            } else {
                view! {
                    <ul class="card-body badges found-groups">
                        {groups.into_iter().map(|name| view! { <li><Badge label=name icon=Icon::People /></li> }).collect_view()}
                    </ul>
                }
                .into_any()
            }}
        </section>
    }
}
