//! Which attribute or claim fills which field. Beside it, once a test has read people, what that makes of one of them.

use chancery_protocol::sources::{Connection, SourcePerson};
use chancery_ui_kit::badge::Badge;
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::sources as words;
use leptos::prelude::*;

use super::fields::Note;
use crate::state::sheet::{Sheet, Test};

/// The table.
#[component]
pub fn Mapping(
    /// The settings, and whether nobody can be taken without.
    paths: &'static [(&'static str, bool)],
) -> impl IntoView {
    let oidc = matches!(Sheet::current().connection(), Connection::Oidc(_));
    let (head, caption) = if oidc { (words::CLAIM, words::CLAIMS) } else { (words::ATTRIBUTE, words::READ) };
    let row = move |(path, needed): &(&'static str, bool)| view! { <Row path=*path needed=*needed examples=!oidc /> };
    view! {
        <table class="table mapping">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{words::FIELD}</th>
                    <th scope="col">{head}</th>
                    {(!oidc).then(|| view! { <th scope="col" class="cell-example">{words::EXAMPLE}</th> })}
                    <th scope="col" class="cell-needed"><span class="sr-only">{words::NEEDED}</span></th>
                </tr>
            </thead>
            <tbody>{paths.iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Row(path: &'static str, needed: bool, examples: bool) -> impl IntoView {
    let sheet = Sheet::current();
    let (value, error) = (sheet.field(path), sheet.error(path));
    let note = format!("{path}-note");
    let described_by = note.clone();
    let example = move || {
        sheet.test.with(|test| match test {
            Test::Over(tested) => tested.found.people.first().and_then(|person| example(path, person)),
            _ => None,
        })
    };
    view! {
        <tr>
            <th scope="row"><label for=path>{words::label(path)}</label></th>
            <td class="cell-attribute setting-mono">
                <div class="field-box" class:field-wrong=move || error.get().is_some()>
                    <input
                        id=path
                        type="text"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        prop:value=move || value.get()
                        aria-invalid=move || error.get().is_some().then_some("true")
                        aria-describedby=described_by
                        on:input=on(move |event| value.set(event_target_value(&event)))
                    />
                </div>
                <Note id=note error />
            </td>
            {examples.then(|| view! { <td class="cell-example"><bdi>{example}</bdi></td> })}
            <td class="cell-needed">{needed.then(|| view! { <Badge label=words::NEEDED /> })}</td>
        </tr>
    }
}

/// What a field is for a person the test read.
fn example(path: &str, person: &SourcePerson) -> Option<String> {
    match path {
        "settings.attributes.id" => Some(person.subject.clone()),
        "settings.attributes.login" => Some(person.login.clone()),
        "settings.attributes.display_name" => Some(person.name.clone()),
        "settings.attributes.email" => person.email.clone(),
        "settings.attributes.title" => person.title.clone(),
        "settings.attributes.department" => person.department.clone(),
        _ => None,
    }
}
