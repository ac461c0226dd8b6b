//! The list of conversations: filters, sections that can be closed, every state. Of thousands of lines only those in view have elements.

use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::ids::ConversationId;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text::chat as words;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, KeyboardEvent, ResizeObserver};

use crate::components::conversation_row::ConversationRow;
use crate::components::own_menu::OwnMenu;
use crate::logic::list::{Entry, Filter, HEAD, Line, ROW, entries, lines, visible};
use crate::logic::seek::rank;
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;

/// Rows kept beyond those in view, on both sides.
const MORE: usize = 6;

/// Under this name the browser keeps which sections are closed.
const CLOSED: &str = "chancery.closed";

/// What the list shows; shared with the keys that walk it.
#[derive(Clone, Copy)]
pub struct ListState {
    /// All, unread, or one kind.
    pub filter: RwSignal<Filter>,
    /// A part of the names shown.
    pub typed: RwSignal<String>,
    /// In the order shown.
    pub lines: Memo<Vec<Line>>,
    /// Whether the first hello has come.
    pub known: Memo<bool>,
    closed: RwSignal<[bool; 2]>,
}

impl ListState {
    /// The list of the page.
    pub fn new(open: Memo<Option<ConversationId>>) -> Self {
        let chat = Chat::current();
        let filter = RwSignal::new(Filter::All);
        let typed = RwSignal::new(String::new());
        let lines = memo(move || {
            let query = dom::small(typed.get().trim());
            chat.state.with(|state| {
                let all = state.conversations.values().map(|known| &known.info);
                lines(all, filter.get(), open.get(), |info| {
                    let with = info.with.and_then(|with| state.people.get(&with));
                    let names = [
                        info.name.as_deref(),
                        with.map(|with| &*with.name),
                        with.map(|with| &*with.username),
                    ];
                    query.is_empty() || names.into_iter().flatten().any(|name| rank(&query, name).is_some())
                })
            })
        });
        let known = memo(move || chat.state.with(|state| state.me.is_some()));
        let stored = dom::stored(CLOSED).unwrap_or_default();
        let closed = RwSignal::new([stored.contains('0'), stored.contains('1')]);
        Self { filter, typed, lines, known, closed }
    }

    fn toggle(self, section: usize) {
        self.closed.update(|closed| {
            if let Some(one) = closed.get_mut(section) {
                *one = !*one;
            }
            let kept = closed.iter().enumerate().filter(|(_, one)| **one).map(|(at, _)| at.to_string());
            dom::store(CLOSED, &kept.collect::<String>());
        });
    }
}

/// The pane.
#[component]
pub fn ListPane(list: ListState, open: Memo<Option<ConversationId>>) -> impl IntoView {
    let chat = Chat::current();
    let unread = Signal::derive(move || usize::try_from(chat.unread_total()).unwrap_or(usize::MAX));
    let choices = vec![
        Choice::new(Filter::All, words::FILTER_ALL),
        Choice::new(Filter::Unread, words::FILTER_UNREAD).counted(unread),
        Choice::new(Filter::Direct, words::FILTER_DIRECT),
        Choice::new(Filter::Groups, words::FILTER_GROUPS),
    ];
    view! {
        <section class="list-pane" aria-label=words::LIST tabindex="-1">
            <header class="list-head">
                <h2 class="list-title">{words::TITLE}</h2>
                <a class="icon-button" href=Place::NewConversation.path() aria-label=words::NEW title=words::NEW>
                    <Glyph icon=Icon::Pencil large=true />
                </a>
                <span class="list-own"><OwnMenu /></span>
            </header>
            <ListFilter list />
            <div class="list-filter">
                <Segmented
                    label=words::FILTER
                    choices
                    value=list.filter.into()
                    on_choose=move |filter| list.filter.set(filter)
                />
            </div>
            {move || {
                if !list.known.get() {
                    view! { <div class="list-scroll list-skeleton"><SkeletonRows rows=7 /></div> }.into_any()
                } else if list.lines.with(Vec::is_empty) {
                    view! { <div class="list-scroll"><NothingListed list /></div> }.into_any()
                } else {
                    view! { <Sections list open /> }.into_any()
                }
            }}
        </section>
    }
}

/// Typing leaves the conversations that fit. Enter opens the first, ↓ goes to the list, Esc empties.
#[component]
fn ListFilter(list: ListState) -> impl IntoView {
    let go = use_go();
    let keys = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "Enter" => {
                if let Some(first) = list.lines.with_untracked(|lines| lines.first().copied()) {
                    list.typed.set(String::new());
                    go.to(Place::Conversation(first.id));
                }
            }
            "ArrowDown" => {
                dom::focus(".list-scroll .row");
            }
            "Escape" if list.typed.with_untracked(|typed| !typed.is_empty()) => list.typed.set(String::new()),
            "Escape" => {
                dom::focus("#composer");
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div class="list-search field-box" role="search">
            <Glyph icon=Icon::Search />
            <input
                id="list-filter"
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-label=words::FILTER_NAMES
                placeholder=words::FILTER_NAMES
                prop:value=move || list.typed.get()
                on:input=on(move |event| list.typed.set(event_target_value(&event)))
                on:keydown=on(keys)
            />
            <kbd aria-hidden="true">"/"</kbd>
        </div>
    }
}

/// Where the pane is scrolled to.
#[derive(Clone, Copy, PartialEq)]
struct View {
    top: usize,
    height: usize,
}

#[component]
fn Sections(list: ListState, open: Memo<Option<ConversationId>>) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let view = RwSignal::new(View { top: 0, height: 1_000 });
    let rows = memo(move || {
        list.lines.with(|lines| {
            let (direct, groups): (Vec<_>, Vec<_>) =
                lines.iter().partition(|line| line.kind == ConversationKind::Direct);
            let ids = |lines: Vec<Line>| lines.into_iter().map(|line| line.id).collect::<Vec<_>>();
            entries(&[ids(direct), ids(groups)], &list.closed.get())
        })
    });
    // Sizes follow the size of text.
    let scale = dom::rem() / 16.0;
    let heights = memo(move || {
        let scaled = |height: usize| scaled(height, scale);
        rows.with(|rows| {
            let height = |row: &Entry<_>| match row {
                Entry::Head(_) => scaled(HEAD),
                Entry::Line(_) => scaled(ROW),
            };
            rows.iter().map(height).collect::<Vec<_>>()
        })
    });
    let span = memo(move || {
        let View { top, height } = view.get();
        heights.with(|heights| visible(heights, top, height, MORE))
    });
    let above = move || heights.with(|heights| heights.iter().take(span.get().0).sum::<usize>());
    let total = move || heights.with(|heights| heights.iter().sum::<usize>());
    let shown = memo(move || {
        let (first, last) = span.get();
        rows.with(|rows| rows.get(first..last).unwrap_or_default().to_vec())
    });
    let look = move || {
        if let Some(Some(pane)) = node.try_get_untracked() {
            let pane: HtmlElement = pane.into();
            let size = |pixels: i32| usize::try_from(pixels).unwrap_or_default();
            let now = View { top: size(pane.scroll_top()), height: size(pane.client_height()) };
            if view.get_untracked() != now {
                view.set(now);
            }
        }
    };
    watch_size(node, look);
    keep_open_in_view(node, rows, heights, open);
    view! {
        <div class="list-scroll" node_ref=node on:scroll=on(move |_| look()) on:keydown=on(walk)>
            <div class="list-all" style:height=move || format!("{}px", total())>
                <div class="list-shown" role="list" style:transform=move || format!("translateY({}px)", above())>
                    <For each=move || shown.get() key=key_of let:entry>
                        {match entry {
                            Entry::Head(section) => view! { <Head list section /> }.into_any(),
                            Entry::Line(id) => view! { <ConversationRow id open /> }.into_any(),
                        }}
                    </For>
                </div>
            </div>
        </div>
    }
}

fn scaled(height: usize, scale: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "pixels on a screen"
    )]
    let scaled = (height as f64 * scale).round() as usize;
    scaled
}

fn key_of(entry: &Entry<ConversationId>) -> (usize, Option<ConversationId>) {
    match entry {
        Entry::Head(section) => (*section, None),
        Entry::Line(id) => (0, Some(*id)),
    }
}

#[component]
fn Head(list: ListState, section: usize) -> impl IntoView {
    let title = if section == 0 { words::DIRECT } else { words::GROUPS };
    let closed = move || list.closed.with(|closed| closed.get(section).copied().unwrap_or_default());
    view! {
        <div class="list-section" role="listitem">
            <h3>
                <button
                    type="button"
                    class="section-toggle"
                    aria-expanded=move || (!closed()).to_string()
                    on:click=on(move |_| list.toggle(section))
                >
                    {move || view! { <Glyph icon=if closed() { Icon::ChevronRight } else { Icon::ChevronDown } /> }}
                    {title}
                </button>
            </h3>
        </div>
    }
}

/// Arrow keys go from line to line.
fn walk(event: KeyboardEvent) {
    let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key());
    let down = match event.key().as_str() {
        "ArrowDown" if plain => true,
        "ArrowUp" if plain => false,
        _ => return,
    };
    let Some(row) = dom::focused().and_then(|focused| focused.closest("[role=listitem]").ok().flatten())
    else {
        return;
    };
    let next = if down { row.next_element_sibling() } else { row.previous_element_sibling() };
    let target = next.and_then(|next| next.query_selector("a, button").ok().flatten());
    if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        let _ = target.focus();
    } else if !down {
        dom::focus("#list-filter");
    }
    event.prevent_default();
}

fn watch_size(node: NodeRef<Div>, look: impl Fn() + Copy + 'static) {
    effect(move || {
        let Some(pane) = node.get() else { return };
        let resized = Closure::<dyn Fn()>::new(look);
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&pane);
            let kept = StoredValue::new_local((observer, resized));
            on_cleanup(move || {
                kept.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
    });
}

/// A conversation that is opened by a key is scrolled to.
fn keep_open_in_view(
    node: NodeRef<Div>,
    rows: Memo<Vec<Entry<ConversationId>>>,
    heights: Memo<Vec<usize>>,
    open: Memo<Option<ConversationId>>,
) {
    effect(move || {
        let (Some(open), Some(pane)) = (open.get(), node.get()) else { return };
        request_animation_frame(move || {
            let Some(Some(at)) =
                rows.try_with_untracked(|rows| rows.iter().position(|row| *row == Entry::Line(open)))
            else {
                return;
            };
            let edge = |count: usize| {
                let sum = heights.with_untracked(|heights| heights.iter().take(count).sum::<usize>());
                i32::try_from(sum).unwrap_or(i32::MAX)
            };
            let (top, bottom) = (edge(at), edge(at + 1));
            if top < pane.scroll_top() {
                pane.set_scroll_top(top);
            } else if bottom > pane.scroll_top() + pane.client_height() {
                pane.set_scroll_top(bottom - pane.client_height());
            }
        });
    });
}

#[component]
fn NothingListed(list: ListState) -> impl IntoView {
    let go = use_go();
    let all = move |()| {
        list.typed.set(String::new());
        list.filter.set(Filter::All);
    };
    move || {
        let typed = list.typed.with(|typed| !typed.trim().is_empty());
        let (icon, title, body) = match (typed, list.filter.get()) {
            (true, _) => (Icon::Search, words::NONE_FITS_TITLE, words::NONE_FITS_BODY),
            (false, Filter::Unread) => (Icon::TickCircle, words::ALL_READ_TITLE, words::ALL_READ_BODY),
            (false, Filter::Direct | Filter::Groups) => {
                (Icon::Chat, words::NONE_OF_KIND_TITLE, words::NONE_OF_KIND_BODY)
            }
            (false, Filter::All) => {
                return view! {
                    <EmptyState icon=Icon::Chat title=words::EMPTY_TITLE body=words::EMPTY_BODY>
                        <Button
                            label=words::NEW.to_owned()
                            kind=Kind::Primary
                            icon=Icon::Plus
                            on_press=move |()| go.to(Place::NewConversation)
                        />
                    </EmptyState>
                }
                .into_any();
            }
        };
        view! {
            <EmptyState icon title body>
                <Button label=words::SHOW_ALL.to_owned() kind=Kind::Secondary on_press=all />
            </EmptyState>
        }
        .into_any()
    }
}
