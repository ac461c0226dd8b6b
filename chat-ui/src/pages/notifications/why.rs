//! Why a mail went or did not: how each conversation stands, and what was decided.

use chancery_protocol::Micros;
use chancery_protocol::ids::ConversationId;
use chancery_protocol::mail::{Decisions, KEPT_DAYS, Why};
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::show;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::{mail_why, mailing as words};
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::state::chat::Chat;

/// The card.
#[component]
pub fn WhyCard() -> impl IntoView {
    let (api, toasts) = (ApiClient::current(), Toasts::current());
    let told = RwSignal::new(Loaded::<Decisions>::Loading);
    let working = RwSignal::new(false);
    let load = move || {
        spawn_local(async move {
            let result = api::mail::decisions(api, None).await;
            let _ = told.try_set(result.into());
        });
    };
    load();
    let reload = move |()| {
        told.set(Loaded::Loading);
        load();
    };
    let older = move |()| {
        let last =
            told.with_untracked(|told| told.ready().and_then(|told| told.decided.last().map(|one| one.id)));
        working.set(true);
        spawn_local(async move {
            let result = api::mail::decisions(api, last).await;
            let _ = working.try_set(false);
            match result {
                Ok(page) => {
                    let _ = told.try_update(|told| {
                        if let Loaded::Ready(told) = told {
                            told.decided.extend(page.decided);
                            told.more = page.more;
                        }
                    });
                }
                Err(error) => toasts.failed(words::OLDER_FAILED, text::problem::of(&error)),
            }
        });
    };
    let empty = |told: &Decisions| {
        (told.now.is_empty() && told.decided.is_empty()).then(|| {
            view! { <EmptyState icon=Icon::Bell title=words::WHY_NONE_TITLE body=words::WHY_NONE_BODY /> }
                .into_any()
        })
    };
    let ready = move |told: Decisions| {
        let Decisions { now, decided, .. } = told;
        let now: Vec<AnyView> =
            now.into_iter().map(|one| line(Some(one.conversation), one.newest_at, &one.why)).collect();
        let decided: Vec<AnyView> =
            decided.into_iter().map(|one| line(one.conversation, one.at, &one.why)).collect();
        let none = decided.is_empty().then(|| view! { <p class="field-note">{words::DECIDED_NONE}</p> });
        view! {
            {(!now.is_empty()).then(|| view! { <h3 class="mail-head">{words::NOW}</h3><ul class="devices">{now}</ul> })}
            <h3 class="mail-head">{words::DECIDED}</h3>
            {none}
            <ul class="devices">{decided}</ul>
        }
        .into_any()
    };
    // Outside of what is made anew with every page, so that it keeps the focus.
    let button = move || {
        view! {
            <div class="switch-more">
                <Button label=words::OLDER.to_owned() kind=Kind::Secondary working on_press=older />
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="why-title">
            <h2 class="card-title" id="why-title">{words::WHY}</h2>
            <p class="card-lead">{words::why_lead(KEPT_DAYS)}</p>
            <LoadedView
                value=told.into()
                failed_title=words::WHY_FAILED
                on_retry=reload
                skeleton=|| view! { <SkeletonRows rows=2 /> }.into_any()
                empty
                ready
            />
            {show(move || told.with(|told| told.ready().is_some_and(|told| told.more)), button)}
        </section>
    }
}

/// A conversation, or the daily mail, and what became of it.
fn line(conversation: Option<ConversationId>, at: Micros, why: &Why) -> AnyView {
    let chat = Chat::current();
    let today = LocalTime::of(time::now());
    let local = LocalTime::of(at);
    let name = move || {
        let Some(id) = conversation else { return words::DAILY_MAIL.to_owned() };
        let info = chat.state.with(|state| state.conversations.get(&id).map(|known| known.info.clone()));
        info.map_or_else(|| words::LEFT.to_owned(), |info| chat.title_of(&info))
    };
    view! {
        <li class="device">
            <div class="device-text">
                <p class="device-name"><bdi>{name}</bdi></p>
                <p class="device-line">{mail_why::sentence(why, today, LocalTime::of)}</p>
            </div>
            <time class="device-line" datetime=time::machine(at) title=local.full()>{local.brief(today)}</time>
        </li>
    }
    .into_any()
}
