//! What mails look like: a kind, a language, a policy, as the address says; written by the server, shown in a frame in which nothing
//! can run.

use chancery_protocol::mail::{MailContent, MailLanguage};
use chancery_protocol::mail_settings::{MailPreview, MailPreviewQuery, MailTemplate};
use chancery_ui_kit::choice::SelectField;
use chancery_ui_kit::dom;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::mail_settings as words;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::mail;
use crate::logic::mail::{CONTENT, address_text, content_named, language_named, looked_at, template_name};
use crate::routes::{MailTab, Place};
use crate::state::mail::MailSheet;

/// The cards.
#[component]
pub fn Templates() -> impl IntoView {
    let sheet = MailSheet::current();
    let router = sheet.router();
    let kept = move |key: &str| sheet.field(key).map(|field| field.text).unwrap_or_default();
    let policy = memo(move || content_named(&kept(CONTENT)).unwrap_or(MailContent::Nothing));
    let language = memo(move || language_named(&kept("notify.language")));
    let query = memo(move || {
        let address = router.address();
        looked_at(|name| dom::query_of(&address.query, name), language.get(), policy.get())
    });
    let loaded = RwSignal::new(Loaded::<MailPreview>::Loading);
    let round = StoredValue::new(0_u32);
    let load = move || {
        let asked = query.get_untracked();
        let mine = round.get_value().wrapping_add(1);
        round.set_value(mine);
        spawn_local(async move {
            let outcome = mail::preview(sheet.api(), asked).await;
            sheet.line().heard(&outcome);
            // Another one was asked for in the meantime, or the page is gone.
            if round.try_get_value() == Some(mine) {
                let _ = loaded.try_set(match outcome {
                    Ok(preview) => Loaded::Ready(preview),
                    Err(error) => Loaded::Failed(error),
                });
            }
        });
    };
    effect(move || {
        query.track();
        load();
    });
    let retry = move |()| {
        loaded.set(Loaded::Loading);
        load();
    };
    view! {
        <section class="card" aria-labelledby="card-templates">
            <h2 class="card-title" id="card-templates">{words::TEMPLATES}</h2>
            <div class="card-body mail-picks">
                <Picks query />
                <p class="card-lead mail-lead">
                    {words::PREVIEW_LEAD}" "
                    {move || if query.get().content == policy.get() { words::IN_FORCE } else { words::NOT_IN_FORCE }}
                </p>
            </div>
        </section>
        <LoadedView
            value=loaded.into()
            failed_title=words::PREVIEW_FAILED
            on_retry=retry
            skeleton=|| view! { <div class="card"><div class="card-body"><SkeletonRows rows=6 /></div></div> }.into_any()
            empty=|_: &MailPreview| None
            ready=move |preview| view! { <Mail preview query=query.get_untracked() /> }.into_any()
        />
    }
}

/// What is looked at; every choice is an address.
#[component]
fn Picks(query: Memo<MailPreviewQuery>) -> impl IntoView {
    let router = MailSheet::current().router();
    let go = move |query: MailPreviewQuery| {
        let path = Place::Mail(MailTab::Templates).path();
        router.replace(&format!("{path}?{}", address_text(query)));
    };
    let pick = move |read: fn(MailPreviewQuery) -> &'static str, write: fn(&mut MailPreviewQuery, &str)| {
        let value = RwSignal::new(read(query.get_untracked()).to_owned());
        effect(move || {
            let named = read(query.get());
            if value.with_untracked(|value| value != named) {
                value.set(named.to_owned());
            }
        });
        effect(move || {
            let named = value.get();
            let mut next = query.get_untracked();
            write(&mut next, &named);
            if next != query.get_untracked() {
                go(next);
            }
        });
        value
    };
    let kind = pick(
        |query| template_name(query.template),
        |query, name| {
            let named = MailTemplate::ALL.into_iter().find(|one| template_name(*one) == name);
            query.template = named.unwrap_or_default();
        },
    );
    let language = pick(
        |query| if query.language == MailLanguage::German { "de" } else { "en" },
        |query, name| query.language = language_named(name),
    );
    let content = pick(
        |query| match query.content {
            MailContent::Nothing => "nothing",
            MailContent::Sender => "sender",
            MailContent::Full => "full",
        },
        |query, name| query.content = content_named(name).unwrap_or(query.content),
    );
    let kinds = MailTemplate::ALL.map(|template| (template_name(template), words::template(template)));
    view! {
        <SelectField id="mail-kind" label=words::KIND choices=kinds.to_vec() value=kind />
        <SelectField id="mail-language" label=words::LANGUAGE choices=words::choices("notify.language") value=language />
        <SelectField id="mail-content" label=words::CONTENT choices=words::choices(CONTENT) value=content />
    }
}

/// The mail, both ways.
#[component]
fn Mail(preview: MailPreview, query: MailPreviewQuery) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="card-html">
            <h2 class="card-title" id="card-html">{words::AS_HTML}</h2>
            <p class="card-body mail-subject"><span class="quiet">{words::SUBJECT}": "</span><bdi>{preview.subject}</bdi></p>
            // Nothing in it can run, open a window or reach us: the attribute is empty on purpose.
            <iframe class="mail-frame" title=words::AS_HTML sandbox="" src=mail::preview_page(query)></iframe>
        </section>
        <section class="card" aria-labelledby="card-text">
            <h2 class="card-title" id="card-text">{words::AS_TEXT}</h2>
            <pre class="card-body mail-text" tabindex="0" aria-label=words::AS_TEXT><bdi>{preview.text}</bdi></pre>
        </section>
    }
}
