//! `/policy`: what one accepted, to read it again.

use chancery_protocol::acceptance::PolicyStanding;
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::policy_text::{essence, sections};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text::policy as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::components::page_head::PageHead;
use crate::components::policy_text::{loaded, print};

/// The page.
#[component]
pub fn PolicyPage() -> impl IntoView {
    let api = ApiClient::current();
    let standing = RwSignal::new(Loaded::<PolicyStanding>::Loading);
    let load = move || {
        spawn_local(async move {
            let _ = standing.try_set(api::policy::text(api).await.into());
        });
    };
    load();
    let ready = |standing: PolicyStanding| {
        let Some(current) = standing.current else {
            return view! { <EmptyState icon=Icon::File title=words::NONE_TITLE body=words::NONE_BODY /> }
                .into_any();
        };
        let line = match standing.accepted_at {
            Some(at) => {
                let (now, then) = (LocalTime::of(time::now()), LocalTime::of(at));
                words::accepted(current.version, &format!("{}, {}", then.date_near(now), then.clock()))
            }
            None => words::version(current.version),
        };
        view! {
            <h2 class="policy-name" dir="auto">{current.text.title.clone()}</h2>
            <p class="policy-accepted">
                {line}" "<code>{words::short(&current.fingerprint)}</code>" "
                <button type="button" class="link-button" on:click=on(|_| print())>{words::PRINT}</button>
            </p>
            {essence(&current.text)}
            <div class="policy-words">{sections(&current.text)}</div>
        }
        .into_any()
    };
    view! {
        <div class="settings policy-page">
            <PageHead title=words::TITLE />
            <div class="settings-body">
                {loaded(standing, Callback::new(move |()| load()), Box::new(ready))}
            </div>
        </div>
    }
}
