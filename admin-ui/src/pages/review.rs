//! `/console/review`: texts that wait until an officer delivers or refuses them. Nobody decides about their own.

use chancery_protocol::ids::RecordId;
use chancery_protocol::review::WaitingText;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::marked::excerpt;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{memo, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::review as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::components::hits::hits;
use crate::logic::review::{leading, spans};
use crate::routes::Place;
use crate::state::reviewing::Reviewing;

mod keys;
mod work;

/// The page.
#[component]
pub fn ReviewPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let page = Reviewing::provide(place);
    keys::listen(page);
    document().set_title(&text::page_title(words::REVIEW, 0));
    let count = memo(move || page.texts.with(|texts| texts.ready().map(Vec::len)));
    let empty = |all: &Vec<WaitingText>| {
        all.is_empty().then(|| {
            view! {
                <EmptyState icon=Icon::TickCircle title=words::DONE_TITLE body=words::DONE_BODY>
                    <a class="button button-secondary" href=format!("{}?kind=attempt.released", Place::Audit.path())>{words::TO_HISTORY}</a>
                </EmptyState>
            }
            .into_any()
        })
    };
    let ready = move |all: Vec<WaitingText>| {
        view! {
            <ul class="waiting" aria-label=words::REVIEW>{all.into_iter().map(|text| view! { <Line text /> }).collect_view()}</ul>
            {show(move || page.after.get().is_some(), move || view! {
                <div class="results-more"><Button label=words::MORE.to_owned() kind=Kind::Secondary working=page.more on_press=move |()| page.show_more() /></div>
            }.into_any())}
        }
        .into_any()
    };
    let open = move || match page.open.get() {
        Some(attempt) => view! { <work::Work attempt /> }.into_any(),
        None => show(
            move || count.get().is_some_and(|count| count > 0),
            || {
                view! {
                    <div class="rules-nothing"><EmptyState icon=Icon::Hourglass title=words::CHOOSE_TITLE body=words::CHOOSE_BODY /></div>
                }
                .into_any()
            },
        ),
    };
    view! {
        <div class="users rules review" class:rules-open=move || page.open.get().is_some() class:review-done=move || count.get() == Some(0)>
            <Banner loaded=Signal::derive(String::new) />
            <header class="console-head">
                <div class="console-titles">
                    <h1 class="console-title">{words::REVIEW}</h1>
                    <p class="console-lead">{move || count.get().map(|count| words::lead(count as u64, page.after.get().is_some())).unwrap_or_default()}</p>
                </div>
                <Button label=words::RELOAD.to_owned() icon=Icon::Refresh on_press=move |()| page.load() />
            </header>
            <div class="rules-body">
                <div class="rules-list">
                    <div class="rules-scroll">
                        {show(move || page.unverified.with(|all| !all.is_empty()), move || view! {
                            <Notice tone=Tone::Bad icon=Icon::CrossCircle>{move || page.unverified.with(|all| words::unverified(all))}</Notice>
                        }.into_any())}
                        <LoadedView
                            value=page.texts.into()
                            failed_title=words::LOAD_FAILED
                            on_retry=move |()| page.load()
                            skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=6 /></div> }.into_any()
                            empty
                            ready
                        />
                    </div>
                    <p class="rules-foot"><span></span><span class="paging-keys"><kbd>"J"</kbd>" "{words::NEXT}" "<kbd>"K"</kbd>" "{words::PREVIOUS}</span></p>
                </div>
                {open}
            </div>
        </div>
    }
}

#[component]
fn Line(text: WaitingText) -> impl IntoView {
    let page = Reviewing::current();
    let id = text.attempt;
    let here = move || (page.open.get() == Some(id)).then_some("page");
    let lead = leading(&text).cloned();
    let name = {
        let lead = lead.clone();
        memo(move || {
            lead.as_ref().map(|one| {
                page.rule(&one.rule, one.version).map_or_else(|| one.rule.clone(), |(name, _)| name)
            })
        })
    };
    let author = text.author;
    view! {
        <li class="waiting-item">
            <a class="waiting-row" href=Place::Waiting(id).path() aria-current=here data-attempt=id.to_string()>
                <span class="waiting-head">
                    {lead.map(|one| severity_badge(&one.severity))}
                    <bdi class="rule-name">{move || name.get()}</bdi>
                    <time datetime=time::machine(text.at) title=LocalTime::of(text.at).full()>{words::since(time::now() - text.at)}</time>
                </span>
                <span class="waiting-text" dir="auto">{short(&text)}</span>
                <span class="rule-sub"><bdi>{move || page.name(author)}</bdi></span>
            </a>
        </li>
    }
}

/// Two lines of it around the first match.
fn short(text: &WaitingText) -> AnyView {
    let found = spans(text);
    let first: Vec<_> = found
        .iter()
        .min()
        .map(|(start, end)| chancery_protocol::search::Span { start: *start, end: *end })
        .into_iter()
        .collect();
    let pieces = excerpt(&text.text, &first);
    // The pieces are put together again, so that all matches in them are drawn the same.
    let mut shown = String::new();
    let mut marks = Vec::new();
    for piece in pieces {
        let start = shown.len();
        shown.push_str(&piece.text);
        if piece.marked {
            let at = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
            marks.push((at(start), at(shown.len())));
        }
    }
    hits(&shown, &marks)
}

/// How grave a match is.
pub fn severity_badge(severity: &str) -> AnyView {
    let (tone, icon) = match severity {
        "critical" | "high" => (Tone::Bad, Icon::Warning),
        "medium" => (Tone::Warn, Icon::Flag),
        _ => (Tone::Info, Icon::Info),
    };
    view! { <Badge label=text::rule_editor::severity(severity) tone icon /> }.into_any()
}

/// The text that is open, or nothing there any more.
fn find(page: Reviewing, attempt: RecordId) -> Option<WaitingText> {
    page.find(attempt)
}
