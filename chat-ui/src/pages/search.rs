//! `/search?q=&in=`: what was said in one's own conversations.
//!
//! The address follows what is typed without steps of its own, so that Back from a message leads to the same results.

use std::time::Duration;

use chancery_protocol::conversation::Content;
use chancery_protocol::ids::ConversationId;
use chancery_protocol::search::{OwnFound, OwnHit, OwnSearch};
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::filter::SearchField;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::marked::{Marked, excerpt};
use chancery_ui_kit::reactive::{effect, memo, on, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text::search as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::api::search;
use crate::components::page_head::PageHead;
use crate::navigate::{message_path, use_go};
use crate::state::chat::Chat;

/// The server is asked when typing stops for so long.
const WAIT: Duration = Duration::from_millis(250);

/// What is looked for, and what was found.
#[derive(Clone, Copy)]
struct Finding {
    query: RwSignal<String>,
    only: RwSignal<Option<ConversationId>>,
    /// Nothing was asked yet when this is empty.
    asked: RwSignal<String>,
    found: RwSignal<Loaded<OwnFound>>,
    more: RwSignal<bool>,
    round: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
    api: ApiClient,
    chat: Chat,
}

impl Finding {
    fn request(self) -> OwnSearch {
        OwnSearch {
            query: self.query.with_untracked(|query| query.trim().to_owned()),
            conversations: self.only.get_untracked().into_iter().collect(),
            ..OwnSearch::default()
        }
    }

    /// Asks for the first page, or for the one behind what is shown.
    fn ask(self, behind: bool) {
        let mut asked = self.request();
        let round = self.round.get_value().wrapping_add(1);
        self.round.set_value(round);
        self.asked.set(asked.query.clone());
        if asked.query.is_empty() {
            return;
        }
        if behind {
            asked.after = self.found.with_untracked(|found| found.ready().and_then(|found| found.after));
            self.more.set(true);
        } else if self.found.with_untracked(|found| found.ready().is_none()) {
            self.found.set(Loaded::Loading);
        }
        spawn_local(async move {
            let outcome = search::own(self.api, &asked).await;
            // Something else was asked in the meantime, or the page is gone.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.more.set(false);
            if let Ok(found) = &outcome {
                self.chat.meet(&found.people);
            }
            match outcome {
                Ok(next) if behind => self.found.update(|found| {
                    if let Loaded::Ready(found) = found {
                        found.hits.extend(next.hits);
                        found.after = next.after;
                    }
                }),
                outcome => self.found.set(outcome.into()),
            }
        });
    }

    fn typed(self, text: String) {
        self.query.set(text);
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
        self.timer.set_value(set_timeout_with_handle(move || self.ask(false), WAIT).ok());
    }
}

/// The page.
#[component]
pub fn SearchPage() -> impl IntoView {
    let (chat, go) = (Chat::current(), use_go());
    let finding = Finding {
        query: RwSignal::new(dom::query_value("q").unwrap_or_default()),
        only: RwSignal::new(dom::query_value("in").and_then(|id| id.parse().ok())),
        asked: RwSignal::new(String::new()),
        found: RwSignal::new(Loaded::Loading),
        more: RwSignal::new(false),
        round: StoredValue::new(0),
        timer: StoredValue::new(None),
        api: ApiClient::current(),
        chat,
    };
    // Again when the line is back.
    let live = memo(move || chat.is_live());
    effect(move || {
        if live.get() {
            finding.ask(false);
        }
    });
    effect(move || go.look_for(&finding.asked.get(), finding.only.get()));
    effect(|| {
        dom::focus("#search");
    });
    view! {
        <div class="settings search-page">
            <PageHead title=words::TITLE />
            <div class="search-bar">
                <SearchField
                    id="search"
                    label=words::FIELD
                    hint=words::HINT
                    value=finding.query
                    on_change=move |text| finding.typed(text)
                    on_key=move |event: KeyboardEvent| {
                        if event.key() == "ArrowDown" && walk(true) {
                            event.prevent_default();
                        }
                    }
                />
                {move || finding.only.get().map(|id| view! { <Only id finding /> })}
            </div>
            <div class="search-body">
                {move || if finding.asked.with(String::is_empty) {
                    view! { <EmptyState icon=Icon::Search title=words::HELP_TITLE body=words::HELP_BODY /> }.into_any()
                } else {
                    view! { <Results finding /> }.into_any()
                }}
            </div>
        </div>
    }
}

/// Only one conversation is searched; the way to all of them.
#[component]
fn Only(id: ConversationId, finding: Finding) -> impl IntoView {
    let chat = finding.chat;
    let name = move || chat.conversation_name(id).unwrap_or_default();
    view! {
        <span class="chip">
            <bdi>{move || words::only_in(&name())}</bdi>
            <button type="button" class="chip-clear" aria-label=words::EVERYWHERE title=words::EVERYWHERE
                on:click=on(move |_| {
                    finding.only.set(None);
                    finding.ask(false);
                })>
                <Glyph icon=Icon::Close />
            </button>
        </span>
    }
}

#[component]
fn Results(finding: Finding) -> impl IntoView {
    let nothing = move |found: &OwnFound| {
        found.hits.is_empty().then(|| {
            let body = words::none_body(&finding.asked.get_untracked());
            view! { <EmptyState icon=Icon::Search title=words::NONE_TITLE body /> }.into_any()
        })
    };
    let ready = move |found: OwnFound| {
        let count = words::shown(found.hits.len() as u64, found.total);
        let more = found.after.is_some();
        let line = move |hit| view! { <Hit hit chat=finding.chat /> };
        view! {
            <p class="search-count" role="status">{count}</p>
            <ul class="search-hits" aria-label=words::RESULTS on:keydown=on(steps)>
                {found.hits.into_iter().map(line).collect_view()}
            </ul>
            {show(move || more, move || view! {
                <div class="search-more">
                    <Button label=words::MORE.to_owned() kind=Kind::Secondary working=finding.more on_press=move |()| finding.ask(true) />
                </div>
            }.into_any())}
        }
        .into_any()
    };
    view! {
        <LoadedView
            value=finding.found.into()
            failed_title=words::FAILED
            on_retry=move |()| {
                finding.found.set(Loaded::Loading);
                finding.ask(false);
            }
            skeleton=|| view! { <SkeletonRows rows=8 /> }.into_any()
            empty=nothing
            ready=ready
        />
    }
}

#[component]
fn Hit(hit: OwnHit, chat: Chat) -> impl IntoView {
    let OwnHit { conversation, message, spans } = hit;
    let pieces = match &message.content {
        Content::Text { text, .. } => excerpt(text, &spans),
        _ => Vec::new(),
    };
    let author = message.author;
    let name = Signal::derive(move || chat.person(author).map(|person| person.name).unwrap_or_default());
    let place = move || chat.conversation_name(conversation).map(|name| words::in_conversation(&name));
    let (at, today) = (LocalTime::of(message.at), LocalTime::of(time::now()));
    view! {
        <li>
            <a class="search-hit" href=message_path(conversation, message.id)>
                <Avatar person=author name photo=chat.photo(author) size=Size::Medium />
                <span class="search-hit-text">
                    <span class="search-hit-head">
                        <bdi class="search-hit-name">{move || name.get()}</bdi>
                        <bdi class="search-hit-place">{place}</bdi>
                        <time datetime=time::machine(message.at) title=at.full()>{at.brief(today)}</time>
                    </span>
                    <span class="search-hit-words"><Marked pieces /></span>
                </span>
            </a>
        </li>
    }
}

/// Arrow keys go from one result to the next, and back to the field.
fn steps(event: KeyboardEvent) {
    let moved = match event.key().as_str() {
        "ArrowDown" => walk(true),
        "ArrowUp" => walk(false) || dom::focus("#search"),
        _ => return,
    };
    if moved {
        event.prevent_default();
    }
}

fn walk(down: bool) -> bool {
    let hits: Vec<HtmlElement> = dom::all(".search-hit");
    let here = dom::focused().and_then(|focused| hits.iter().position(|hit| *hit == focused));
    (down || here.is_some()) && dom::walk(&hits, here, down)
}
