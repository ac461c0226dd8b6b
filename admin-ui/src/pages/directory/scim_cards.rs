//! The cards of a provider that writes to us: what is entered there, where its people sign in, and the tokens it comes with.

use chancery_protocol::sources::Connection;
use chancery_ui_kit::copy_field::CopyField;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::text::sources as source_words;
use chancery_ui_kit::text::tokens as words;
use leptos::prelude::*;

use super::admission::Switched;
use super::fields::{Line, Note};
use super::tokens::TokensCard;
use crate::api::sources::SCIM_PATH;
use crate::logic::source::LINKED_PROVIDER;
use crate::state::sheet::Sheet;
use crate::state::sources::Sources;

/// The cards.
#[component]
pub fn ScimCards() -> impl IntoView {
    let kept = untrack(|| Sheet::current().id());
    view! {
        <section class="card" aria-labelledby="card-connection">
            <Switched id="card-connection" title=source_words::CONNECTION />
            <div class="card-body settings">
                <Line path="name" />
                <LinkedProvider />
            </div>
        </section>
        <section class="card" aria-labelledby="card-provider">
            <h2 class="card-title" id="card-provider">{source_words::AT_PROVIDER}</h2>
            <div class="card-body">
                <CopyField
                    id="scim-address"
                    label=words::ADDRESS
                    value=format!("{}{SCIM_PATH}", dom::origin())
                    yes=words::ADDRESS_COPIED
                    no=words::NOT_COPIED
                    help=words::ADDRESS_NOTE
                    waits=true
                />
            </div>
        </section>
        {match kept {
            Some(_) => view! { <TokensCard /> }.into_any(),
            None => view! {
                <section class="card" aria-labelledby="card-tokens">
                    <h2 class="card-title" id="card-tokens">{words::TITLE}</h2>
                    <p class="card-body card-lead">{words::AFTER_SAVING}</p>
                </section>
            }
            .into_any(),
        }}
    }
}

/// The OpenID Connect provider at which these people sign in: one that is set up here, or none.
#[component]
fn LinkedProvider() -> impl IntoView {
    let (desk, sheet) = (Sources::current(), Sheet::current());
    let (value, error) = (sheet.field(LINKED_PROVIDER), sheet.error(LINKED_PROVIDER));
    let note = format!("{LINKED_PROVIDER}-note");
    let choices = memo(move || {
        let mut choices = vec![(String::new(), words::NO_PROVIDER.to_owned())];
        let known = desk.read(|all| {
            let providers = all.iter().filter(|source| matches!(source.form.connection, Connection::Oidc(_)));
            providers.map(|source| (source.id.to_string(), source.form.name.clone())).collect::<Vec<_>>()
        });
        choices.extend(known.unwrap_or_default());
        // One that was removed meanwhile is shown to be, until another is chosen.
        let chosen = value.get();
        if choices.iter().all(|(id, _)| *id != chosen) {
            choices.push((chosen, words::LINKED_GONE.to_owned()));
        }
        choices
    });
    let option = move |(id, name): (String, String)| {
        let chosen = id.clone();
        view! { <option value=id selected=move || value.with(|value| *value == chosen)>{name}</option> }
    };
    view! {
        <div class="field">
            <div class="field-head"><label for=LINKED_PROVIDER>{sheet.label(LINKED_PROVIDER)}</label></div>
            <div class="field-box select-box" class:field-wrong=move || error.get().is_some()>
                <select
                    id=LINKED_PROVIDER
                    prop:value=move || value.get()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=note.clone()
                    on:change=on(move |event| value.set(event_target_value(&event)))
                >
                    <For each=move || choices.get() key=|choice| choice.clone() let:choice>{option(choice)}</For>
                </select>
                <Glyph icon=Icon::ChevronDown />
            </div>
            <Note id=note error help=sheet.help(LINKED_PROVIDER) />
        </div>
    }
}
