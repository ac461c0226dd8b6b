//! What the form does, in plain sentences: as it stands, also while it is not saved.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::text::tokens;
use leptos::prelude::*;

use crate::logic::source::LINKED_PROVIDER;
use crate::state::sheet::Sheet;
use crate::state::sources::Sources;

/// What a kind of source does, said in four ways: when it is on, when it is off, with new accounts and without.
struct Said {
    on: (Icon, &'static str),
    off: &'static str,
    create: &'static str,
    known: &'static str,
}

const PEOPLE_COME: Said = Said {
    on: (Icon::Key, words::EFFECT_ON),
    off: words::EFFECT_OFF,
    create: words::EFFECT_CREATE,
    known: words::EFFECT_KNOWN,
};

const PROVIDER_WRITES: Said = Said {
    on: (Icon::Pencil, tokens::EFFECT_ON),
    off: tokens::EFFECT_OFF,
    create: tokens::EFFECT_CREATE,
    known: tokens::EFFECT_KNOWN,
};

/// The card.
#[component]
pub fn Effects() -> impl IntoView {
    let sheet = Sheet::current();
    let writes = sheet.writes();
    let said = if writes { PROVIDER_WRITES } else { PEOPLE_COME };
    let line = |icon: Icon, words: &'static str| view! { <li><Glyph icon /><span>{words}</span></li> };
    let linked = sheet.field("admission.link");
    view! {
        <section class="card" aria-labelledby="card-effect">
            <h2 class="card-title" id="card-effect">{words::EFFECT}</h2>
            <ul class="card-body effects">
                {move || {
                    if sheet.ticked("enabled") {
                        line(said.on.0, said.on.1)
                    } else {
                        line(Icon::Minus, said.off)
                    }
                }}
                {move || {
                    if sheet.ticked("admission.create") {
                        line(Icon::Plus, said.create)
                    } else {
                        line(Icon::Person, said.known)
                    }
                }}
                {move || {
                    let by_rule = linked.with(|rule| rule != "never");
                    by_rule.then(|| line(Icon::Shield, words::EFFECT_DUTIES))
                }}
                {writes.then(|| line(Icon::Barred, tokens::EFFECT_LEAVES))}
                {writes.then(|| view! { <SignIn /> })}
                {line(Icon::Clock, words::EFFECT_SESSIONS)}
            </ul>
        </section>
    }
}

/// Where people of a provider that writes to us sign in.
#[component]
fn SignIn() -> impl IntoView {
    let linked = Sheet::current().field(LINKED_PROVIDER);
    let desk = Sources::current();
    let said = move || {
        let id = linked.with(|linked| linked.parse().ok());
        let name = desk.read(|all| {
            all.iter().find(|source| Some(source.id) == id).map(|source| source.form.name.clone())
        });
        name.flatten().map_or_else(|| tokens::EFFECT_SIGN_IN.to_owned(), |name| tokens::effect_linked(&name))
    };
    view! { <li><Glyph icon=Icon::Key /><span>{said}</span></li> }
}
