//! The mail server: how it is reached, how we sign in there, who sends.

use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::choice::Radios;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::text::mail_settings as words;
use leptos::prelude::*;

use super::fields::{Setting, Sort};
use crate::logic::mail::Way;
use crate::state::mail::MailSheet;

/// The cards.
#[component]
pub fn ServerCards() -> impl IntoView {
    let sheet = MailSheet::current();
    let fixed = memo(move || sheet.fixed_server());
    let removes = memo(move || sheet.removes());
    let nobody = memo(move || {
        sheet.settings.with(|settings| settings.ready().is_some_and(|it| !it.sends && it.problem.is_none()))
    });
    let way = memo(move || sheet.way.with(|way| Way::named(way)));
    let in_clear = memo(move || sheet.text("mail.security").with(|text| text == "none"));
    view! {
        {move || match (fixed.get(), removes.get(), nobody.get()) {
            (true, ..) => view! { <Notice tone=Tone::Info icon=Icon::Lock>{words::FIXED_SERVER}</Notice> }.into_any(),
            (_, true, _) => view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words::FORGETS}</Notice> }.into_any(),
            (.., true) => view! { <Notice tone=Tone::Info icon=Icon::Info>{words::NO_SERVER}</Notice> }.into_any(),
            _ => ().into_any(),
        }}
        <section class="card" aria-labelledby="card-outgoing">
            <h2 class="card-title" id="card-outgoing">{words::OUTGOING}</h2>
            <div class="card-body settings">
                <Setting key="mail.host" />
                <Setting key="mail.port" />
                <Setting key="mail.security" sort=Sort::Pick />
                {move || in_clear.get().then(|| view! {
                    <div class="settings-wide"><Setting key="mail.plaintext_accepted" sort=Sort::Flag /></div>
                })}
                {move || (!in_clear.get()).then(|| view! {
                    <div class="settings-wide"><Setting key="mail.authorities" sort=Sort::Area /></div>
                })}
            </div>
        </section>
        <section class="card" aria-labelledby="card-sign-in">
            <h2 class="card-title" id="card-sign-in">{words::SIGN_IN}</h2>
            <div class="card-body settings">
                {move || (!fixed.get()).then(|| view! {
                    <div class="settings-wide">
                        <Radios id="way" label=words::WAY choices=words::choices("way") value=sheet.way />
                    </div>
                })}
                {move || if fixed.get() { view! { <All /> }.into_any() } else { of_way(way.get()) }}
            </div>
        </section>
        <section class="card" aria-labelledby="card-sender">
            <h2 class="card-title" id="card-sender">{words::ADDRESSES}</h2>
            <div class="card-body settings">
                <Setting key="mail.from" />
                <Setting key="mail.reply_to" />
                <Setting key="mail.bounce" />
                <Setting key="mail.connect_seconds" />
                <Setting key="mail.answer_seconds" />
                <Setting key="mail.lines" />
            </div>
        </section>
    }
}

/// What has a meaning with a way to sign in.
fn of_way(way: Way) -> AnyView {
    match way {
        Way::None => ().into_any(),
        Way::Password => view! {
            <Setting key="mail.user" />
            <Setting key="mail.password" sort=Sort::Secret />
        }
        .into_any(),
        Way::Tokens => view! {
            <Setting key="mail.user" />
            <div class="settings-wide"><Setting key="mail.oauth_endpoint" /></div>
            <Setting key="mail.oauth_client_id" />
            <Setting key="mail.oauth_client_secret" sort=Sort::Secret />
            <Setting key="mail.oauth_scope" />
            <Setting key="mail.oauth_refresh_token" sort=Sort::Secret />
        }
        .into_any(),
    }
}

/// As the configuration has it, only what it says.
#[component]
fn All() -> impl IntoView {
    const KEYS: [&str; 8] = [
        "mail.user",
        "mail.password",
        "mail.oauth_token_file",
        "mail.oauth_endpoint",
        "mail.oauth_client_id",
        "mail.oauth_client_secret",
        "mail.oauth_scope",
        "mail.oauth_refresh_token",
    ];
    let sheet = MailSheet::current();
    let set = |key: &&str| sheet.field(key).is_some_and(|field| crate::logic::mail::is_set(&field));
    let said = KEYS.into_iter().filter(|key| untrack(|| set(key)));
    let said: Vec<_> = said.map(|key| view! { <Setting key /> }).collect();
    if said.is_empty() {
        view! { <p class="card-lead settings-wide">{words::NO_ACCOUNT}</p> }.into_any()
    } else {
        said.into_any()
    }
}
