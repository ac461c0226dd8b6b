//! `/console/aup`: the text in force, who accepted it, the draft of the next one, and what there was before.

use chancery_protocol::acceptance::PolicyTextVersion;
use chancery_protocol::policy::Item;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, memo, part};
use chancery_ui_kit::session::Session;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::policy as text_words;
use chancery_ui_kit::text::policy_console as words;
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::policy;
use crate::components::banner::Banner;
use crate::logic::roles::writes_policy;
use crate::routes::Place;
use crate::state::line::Line;

mod acceptances;
mod asking;
mod draft;
mod request;
mod version;

/// What the page knows.
#[derive(Clone, Copy)]
struct Page {
    versions: RwSignal<Loaded<Vec<PolicyTextVersion>>>,
    /// The text with its draft, for those who write it; nothing before anybody has written one.
    item: RwSignal<Loaded<Option<Item>>>,
    writes: Memo<bool>,
    api: ApiClient,
    line: Line,
}

impl Page {
    fn load(self) {
        spawn_local(async move {
            let versions = policy::versions(self.api).await.map(|texts| texts.versions);
            self.line.heard(&versions);
            let _ = self.versions.try_set(versions.into());
        });
        if self.writes.get_untracked() {
            spawn_local(async move {
                let item = match policy::item(self.api).await {
                    Err(error) if error.code() == Some("not_found") => Ok(None),
                    item => item.map(Some),
                };
                self.line.heard(&item);
                let _ = self.item.try_set(item.into());
            });
        }
    }

    /// Whether a text is in force.
    fn in_force(self) -> bool {
        self.versions.with(|versions| {
            versions.ready().and_then(|all| all.first()).is_some_and(|newest| newest.in_force)
        })
    }
}

/// The page.
#[component]
pub fn PolicyPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let (session, line) = (Session::current(), Line::current());
    let page = Page {
        versions: RwSignal::new(Loaded::Loading),
        item: RwSignal::new(Loaded::Loading),
        writes: memo(move || session.info().is_some_and(|info| writes_policy(&info.roles))),
        api: ApiClient::current(),
        line,
    };
    effect(move || {
        line.again.track();
        page.load();
    });
    effect(move || {
        let title = match place.get() {
            Place::AupVersion(version) => format!("{} · {}", words::version(version), words::TITLE),
            _ => words::TITLE.to_owned(),
        };
        document().set_title(&text::page_title(&title, 0));
    });
    view! {
        <div class="overview aup">
            <Banner loaded=Signal::derive(String::new) />
            {part(move || match place.get() {
                Place::AupVersion(version) => version::page(page, version),
                _ => front(page),
            })}
        </div>
    }
}

fn front(page: Page) -> AnyView {
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title">{words::TITLE}</h1>
                <p class="console-lead">
                    {words::LEAD}
                    {part(move || (!page.writes.get()).then(|| format!(" {}", words::READ_ONLY)).into_any())}
                </p>
            </div>
        </header>
        <div class="overview-body" tabindex="0" role="region" aria-label=words::TITLE>
            {loaded(page, move |versions| {
                let newest = versions.first().cloned();
                let accepted = versions.iter().find(|version| version.in_force).map(|version| version.version);
                view! {
                    {part(move || if page.writes.get() { request::strip(page) } else { ().into_any() })}
                    {in_force(page, newest)}
                    {accepted.map(|version| view! { <acceptances::List version /> })}
                    {part(move || if page.writes.get() { draft::card(page) } else { ().into_any() })}
                    {version::list(&versions)}
                }
                .into_any()
            })}
        </div>
    }
    .into_any()
}

/// Shows what follows from the versions, once they are there.
fn loaded(page: Page, ready: impl Fn(Vec<PolicyTextVersion>) -> AnyView + Send + 'static) -> AnyView {
    view! {
        <LoadedView
            value=page.versions.into()
            failed_title=words::LOAD_FAILED
            on_retry=move |()| page.line.try_again()
            skeleton=|| view! { <div class="card"><SkeletonRows rows=6 /></div> }.into_any()
            empty=|_| None
            ready
        />
    }
    .into_any()
}

fn in_force(page: Page, newest: Option<PolicyTextVersion>) -> AnyView {
    let fact = |name: &'static str, value: String| view! { <div class="card-fact"><dt>{name}</dt><dd dir="auto">{value}</dd></div> };
    let facts = match newest.filter(|newest| newest.in_force) {
        None => view! { <p class="quiet">{words::NOTHING}</p> }.into_any(),
        Some(newest) => view! {
            <dl class="card-facts">
                {fact(words::VERSION, newest.version.to_string())}
                {fact(words::TEXT_TITLE, newest.text.title.clone())}
                {fact(words::SINCE, day(newest.at))}
                {fact(words::AGAIN, words::every(newest.text.every_days))}
                {fact(words::FINGERPRINT, text_words::short(&newest.fingerprint))}
            </dl>
        }
        .into_any(),
    };
    view! {
        <section class="card" aria-labelledby="aup-in-force">
            <h2 class="card-title" id="aup-in-force">{words::IN_FORCE}</h2>
            <div class="card-body aup-facts">
                {facts}
                {part(move || match page.writes.get() && page.in_force() {
                    true => asking::switch_off(page),
                    false => ().into_any(),
                })}
            </div>
        </section>
    }
    .into_any()
}

/// A moment with its day.
fn day(at: chancery_protocol::Micros) -> String {
    let at = LocalTime::of(at);
    format!("{}, {}", at.date(), at.clock())
}

/// Why something was not done, in words; a draft of somebody else's is told of in its own.
fn refusal(error: &ClientError) -> String {
    match error.code() {
        Some("outdated") => words::OUTDATED.to_owned(),
        _ => match error {
            ClientError::Problem(problem) => {
                let first = problem.errors.iter().find_map(|wrong| wrong.detail.clone());
                let detail = first.or_else(|| problem.detail.clone());
                detail
                    .map_or_else(|| text::problem::of(error), |detail| format!("{} {detail}", problem.title))
            }
            _ => text::problem::of(error),
        },
    }
}
