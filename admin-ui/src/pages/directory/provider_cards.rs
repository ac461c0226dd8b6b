//! The cards of a provider: how it is reached, what is entered there, what it says about people, what is rarely changed.

use chancery_protocol::sources::Algorithm;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text;
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::admission::Switched;
use super::fields::{Area, Flag, Line, More, Note, Pick, TickLine};
use super::mapping::Mapping;
use super::secret::SecretField;
use crate::api::sources::logout_path;
use crate::logic::source::words as words_of;
use crate::state::sheet::Sheet;

const CLAIMS: &[(&str, bool)] = &[
    ("settings.claims.login", true),
    ("settings.claims.display_name", true),
    ("settings.claims.email", false),
    ("settings.claims.title", false),
    ("settings.claims.department", false),
    ("settings.claims.groups", false),
];

const RARELY: &[&str] = &[
    "settings.client_authentication",
    "settings.acr_values",
    "settings.max_age_seconds",
    "settings.trusted_audiences",
    "settings.clock_skew_seconds",
    "settings.timeout_seconds",
    "settings.algorithms",
    "settings.ca_pem",
    "settings.allow_http_on_loopback",
];

/// The cards.
#[component]
pub fn ProviderCards() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="card-connection">
            <Switched id="card-connection" title=words::CONNECTION />
            <div class="card-body settings">
                <Line path="name" />
                <Line path="settings.issuer" mono=true />
                <Line path="settings.client_id" mono=true />
                <SecretField />
                <div class="settings-wide"><Line path="settings.scopes" mono=true /></div>
                <div class="settings-wide"><Flag path="settings.logout_at_provider" /></div>
            </div>
        </section>
        <AtProvider />
        <section class="card" aria-labelledby="card-claims">
            <h2 class="card-title" id="card-claims">{words::CLAIMS}</h2>
            <div class="card-body settings">
                <Line path="settings.email_domains" mono=true />
                <Pick path="settings.email_trust" />
            </div>
            <Mapping paths=CLAIMS />
        </section>
        <More paths=RARELY>
            <Pick path="settings.client_authentication" />
            {RARELY[1..6].iter().map(|path| view! { <Line path=*path mono=true /> }).collect_view()}
            <div class="settings-wide"><Algorithms /></div>
            <div class="settings-wide"><Area path="settings.ca_pem" /></div>
            <div class="settings-wide"><Flag path="settings.allow_http_on_loopback" /></div>
        </More>
    }
}

/// The addresses of this server the provider has to know.
#[component]
fn AtProvider() -> impl IntoView {
    let sheet = Sheet::current();
    let origin = dom::origin();
    let (to, after) = (format!("{origin}/sign-in/return"), format!("{origin}/sign-in"));
    let told = move || sheet.id().map(|id| format!("{origin}{}", logout_path(id)));
    view! {
        <section class="card" aria-labelledby="card-provider">
            <h2 class="card-title" id="card-provider">{words::AT_PROVIDER}</h2>
            <dl class="card-body addresses">
                <Address label=words::REDIRECT address=to />
                {move || match told() {
                    Some(address) => view! { <Address label=words::BACK_CHANNEL address /> }.into_any(),
                    None => view! {
                        <div class="address">
                            <dt>{words::BACK_CHANNEL}</dt>
                            <dd class="quiet">{words::AFTER_SAVING}</dd>
                        </div>
                    }
                    .into_any(),
                }}
                <Address label=words::AFTER_LOGOUT address=after />
            </dl>
        </section>
    }
}

#[component]
fn Address(label: &'static str, address: String) -> impl IntoView {
    let toasts = Toasts::current();
    let copied = StoredValue::new(address.clone());
    let copy = move |_| {
        spawn_local(async move {
            if dom::copy(&copied.get_value()).await {
                toasts.done(words::COPIED);
            } else {
                toasts.failed(words::NOT_COPIED, words::NOT_COPIED_BODY);
            }
        });
    };
    view! {
        <div class="address">
            <dt>{label}</dt>
            <dd>
                <span class="mono">{address}</span>
                <button type="button" class="icon-button" aria-label=words::copy(label) title=text::act::COPY on:click=on(copy)>
                    <Glyph icon=Icon::Copy large=true />
                </button>
            </dd>
        </div>
    }
}

/// A box for each way of signing.
#[component]
fn Algorithms() -> impl IntoView {
    const PATH: &str = "settings.algorithms";
    let sheet = Sheet::current();
    let (value, error) = (sheet.field(PATH), sheet.error(PATH));
    let line = move |algorithm: Algorithm| {
        let name = algorithm.name();
        let ticked = Signal::derive(move || value.with(|text| words_of(text).any(|word| word == name)));
        let turn = move |on: bool| {
            let chosen = value.with_untracked(|text| {
                let stays = |known: &&str| {
                    if *known == name { on } else { words_of(text).any(|word| word == *known) }
                };
                Algorithm::ALL.map(Algorithm::name).into_iter().filter(stays).collect::<Vec<_>>().join(" ")
            });
            value.set(chosen);
        };
        view! { <TickLine id=format!("algorithm-{name}") label=name ticked on_turn=turn /> }
    };
    view! {
        <fieldset
            class="algorithms"
            aria-describedby="algorithms-note"
            data-wrong=move || error.get().is_some().then_some("true")
        >
            <legend>{words::ALGORITHMS}</legend>
            <div class="algorithm-boxes">{Algorithm::ALL.into_iter().map(line).collect_view()}</div>
            <Note id="algorithms-note".to_owned() error />
        </fieldset>
    }
}
