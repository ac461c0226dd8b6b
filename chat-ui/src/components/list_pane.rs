//! The list of conversations: filters, sections that can be closed, every state. Of thousands of lines only those in view have elements.

use chancery_protocol::ids::ConversationId;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::filter::SearchField;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::reactive::{effect, memo, on, show};
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::text::guests;
use chancery_ui_kit::text::people;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, KeyboardEvent, ResizeObserver};

use crate::components::conversation_row::{ConversationRow, PersonRow};
use crate::components::own_menu::OwnMenu;
use crate::logic::list::{
    Entry, Filter, HEAD, HEAD_TOUCH, Line, ROW, Section, Sort, Target, Wanted, entries, lines, sections,
    visible,
};
use crate::logic::seek::rank;
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;
use crate::state::desk::{Desk, Overlay};
use crate::state::session::Session;

/// Rows kept beyond those in view, on both sides.
const MORE: usize = 6;

/// Under this name the browser keeps which sections are closed.
const CLOSED: &str = "chancery.closed";

/// What the list shows; shared with the keys that walk it.
#[derive(Clone, Copy)]
pub struct ListState {
    /// All, or what is unread.
    pub filter: RwSignal<Filter>,
    /// Which sort.
    pub sort: RwSignal<Sort>,
    /// A part of the names shown.
    pub typed: RwSignal<String>,
    /// In the order shown.
    pub lines: Memo<Vec<Line>>,
    /// Whether the first hello has come.
    pub known: Memo<bool>,
    sections: Memo<Vec<Section>>,
    /// Keys of the sections that are closed.
    closed: RwSignal<Vec<String>>,
}

impl ListState {
    /// The list of the page.
    pub fn new(open: Memo<Option<ConversationId>>) -> Self {
        let chat = Chat::current();
        let filter = RwSignal::new(Filter::All);
        let sort = RwSignal::new(Sort::All);
        let typed = RwSignal::new(String::new());
        let lines = memo(move || {
            let query = dom::small(typed.get().trim());
            let has = |name: &str| query.is_empty() || rank(&query, name).is_some();
            chat.state.with(|state| {
                let named = |person| {
                    state.people.get(&person).is_some_and(|known| has(&known.name) || has(&known.username))
                };
                chat.arranged.with(|arranged| {
                    let wanted = Wanted {
                        arranged,
                        filter: filter.get(),
                        sort: sort.get(),
                        open: open.get(),
                        mentions: &|info| chat.mentions_in(info),
                        fits: &|info| info.name.as_deref().is_some_and(has) || info.with.is_some_and(named),
                        fits_person: &named,
                    };
                    lines(state.conversations.values().map(|known| &known.info), &wanted)
                })
            })
        });
        let known = memo(move || chat.state.with(|state| state.me.is_some()));
        let sections = memo(move || chat.arranged.with(sections));
        let closed = dom::stored(CLOSED).unwrap_or_default().lines().map(str::to_owned).collect();
        Self { filter, sort, typed, lines, known, sections, closed: RwSignal::new(closed) }
    }

    fn section(self, at: usize) -> Option<Section> {
        self.sections.with(|sections| sections.get(at).cloned())
    }

    fn is_closed(self, at: usize) -> bool {
        self.section(at).is_some_and(|section| self.closed.with(|closed| closed.contains(&section.key())))
    }

    fn toggle(self, at: usize) {
        let Some(section) = untrack(|| self.section(at)) else { return };
        self.closed.update(|closed| {
            let key = section.key();
            match closed.iter().position(|one| *one == key) {
                Some(at) => drop(closed.remove(at)),
                None => closed.push(key),
            }
            dom::store(CLOSED, &closed.join("\n"));
        });
    }
}

/// The pane.
#[component]
pub fn ListPane(list: ListState, open: Memo<Option<ConversationId>>) -> impl IntoView {
    let chat = Chat::current();
    let unread = Signal::derive(move || usize::try_from(chat.unread_total()).unwrap_or(usize::MAX));
    let mentions = Signal::derive(move || usize::try_from(chat.mentions_total()).unwrap_or(usize::MAX));
    let choices = vec![
        Choice::new(Filter::All, words::FILTER_ALL),
        Choice::new(Filter::Unread, words::FILTER_UNREAD).counted(unread),
        Choice::new(Filter::Mentions, words::FILTER_MENTIONS).counted(mentions),
    ];
    let session = Session::current();
    let demo = move || session.server.get().is_some_and(|server| server.demo);
    let sort = move || {
        let one = move |icon, label, sort| Item::new(icon, label, move || list.sort.set(sort));
        vec![
            one(Icon::Chat, words::SORT_ALL, Sort::All),
            one(Icon::Person, words::DIRECT, Sort::Direct),
            one(Icon::People, words::GROUPS, Sort::Groups),
        ]
    };
    view! {
        <section class="list-pane" aria-label=words::LIST tabindex="-1">
            <header class="list-head">
                <h2 class="list-title">{words::TITLE}</h2>
                {show(demo, || view! {
                    <span class="list-demo" title=text::demo::NOTE>
                        <Badge label=text::demo::NAME tone=Tone::Info icon=Icon::Info />
                        <span class="sr-only">{text::demo::NOTE}</span>
                    </span>
                }.into_any())}
                <MenuButton label=words::SORT icon=Icon::Filter items=sort />
                {show(move || !chat.is_guest(), || view! {
                    <a class="icon-button" href=Place::NewConversation.path() aria-label=words::NEW title=words::NEW>
                        <Glyph icon=Icon::Pencil large=true />
                    </a>
                }.into_any())}
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
                let only = match list.sort.get() {
                    Sort::All => return None,
                    Sort::Direct => words::DIRECT,
                    Sort::Groups => words::GROUPS,
                };
                Some(view! {
                    <p class="list-only">
                        <span class="chip chip-chosen">
                            {only}
                            <button
                                type="button"
                                class="chip-clear"
                                aria-label=words::SHOW_ALL
                                title=words::SHOW_ALL
                                on:click=on(move |_| list.sort.set(Sort::All))
                            >
                                <Glyph icon=Icon::Close />
                            </button>
                        </span>
                    </p>
                })
            }}
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
                    go.to(match first.target {
                        Target::Conversation(id) => Place::Conversation(id),
                        Target::Person(id) => Place::Person(id),
                    });
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
        <SearchField
            id="list-filter"
            label=words::FILTER_NAMES
            hint=words::FILTER_NAMES
            value=list.typed
            on_change=move |text| list.typed.set(text)
            on_key=keys
        />
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
            let count = list.sections.with(Vec::len);
            let of = |at| lines.iter().filter(move |line| line.section == at);
            let parts: Vec<Vec<Row>> =
                (0..count).map(|at| of(at).map(|line| (at, line.target)).collect()).collect();
            let closed: Vec<bool> = (0..count).map(|at| list.is_closed(at)).collect();
            entries(&parts, &closed)
        })
    });
    // Sizes follow the size of text.
    let scale = dom::rem() / 16.0;
    let head = if dom::is_touch() { HEAD_TOUCH } else { HEAD };
    let heights = memo(move || {
        let scaled = |height: usize| scaled(height, scale);
        rows.with(|rows| {
            let height = |row: &Entry<_>| match row {
                Entry::Head(_) => scaled(head),
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
                            Entry::Line((_, Target::Conversation(id))) => view! { <ConversationRow id open /> }.into_any(),
                            Entry::Line((_, Target::Person(id))) => view! { <PersonRow id /> }.into_any(),
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

/// A line with the place of its section: somebody may be in several own lists.
type Row = (usize, Target);

fn key_of(entry: &Entry<Row>) -> (usize, Option<Target>) {
    match entry {
        Entry::Head(section) => (*section, None),
        Entry::Line((section, target)) => (*section, Some(*target)),
    }
}

#[component]
fn Head(list: ListState, section: usize) -> impl IntoView {
    let desk = Desk::current();
    let what = memo(move || list.section(section));
    let own = move || match what.get() {
        Some(Section::Own(name)) => Some(name),
        _ => None,
    };
    let title = move || match what.get() {
        Some(Section::Own(name)) => name,
        Some(Section::Pinned) => words::PINNED.to_owned(),
        Some(Section::Direct) => words::DIRECT.to_owned(),
        Some(Section::Groups) | None => words::GROUPS.to_owned(),
    };
    let closed = memo(move || list.is_closed(section));
    view! {
        <div class="list-section" role="listitem">
            <h3>
                <button
                    type="button"
                    class="section-toggle"
                    aria-expanded=move || (!closed.get()).to_string()
                    on:click=on(move |_| list.toggle(section))
                >
                    {move || view! { <Glyph icon=if closed.get() { Icon::ChevronRight } else { Icon::ChevronDown } /> }}
                    <bdi>{title}</bdi>
                </button>
            </h3>
            {move || own().map(|name| {
                let label = people::edit_list(&name);
                view! {
                    <button
                        type="button"
                        class="icon-button section-edit"
                        aria-label=label.clone()
                        title=label
                        on:click=on(move |_| desk.overlay.set(Overlay::List(Some(name.clone()))))
                    >
                        <Glyph icon=Icon::Pencil />
                    </button>
                }
            })}
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

fn leads_to(row: &Entry<Row>, open: ConversationId) -> bool {
    matches!(row, Entry::Line((_, Target::Conversation(id))) if *id == open)
}

/// A conversation that is opened by a key is scrolled to.
fn keep_open_in_view(
    node: NodeRef<Div>,
    rows: Memo<Vec<Entry<Row>>>,
    heights: Memo<Vec<usize>>,
    open: Memo<Option<ConversationId>>,
) {
    effect(move || {
        let (Some(open), Some(pane)) = (open.get(), node.get()) else { return };
        request_animation_frame(move || {
            let Some(Some(at)) =
                rows.try_with_untracked(|rows| rows.iter().position(|row| leads_to(row, open)))
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
    let (go, chat) = (use_go(), Chat::current());
    let all = move |()| {
        list.typed.set(String::new());
        list.filter.set(Filter::All);
        list.sort.set(Sort::All);
    };
    move || {
        let typed = list.typed.with(|typed| !typed.trim().is_empty());
        let (icon, title, body) = match (typed, list.filter.get(), list.sort.get()) {
            (true, ..) => (Icon::Search, words::NONE_FITS_TITLE, words::NONE_FITS_BODY),
            (false, Filter::Unread, _) => (Icon::TickCircle, words::ALL_READ_TITLE, words::ALL_READ_BODY),
            (false, Filter::Mentions, _) => (Icon::At, words::NO_MENTIONS_TITLE, words::NO_MENTIONS_BODY),
            (false, Filter::All, Sort::Direct | Sort::Groups) => {
                (Icon::Chat, words::NONE_OF_KIND_TITLE, words::NONE_OF_KIND_BODY)
            }
            (false, Filter::All, Sort::All) if chat.is_guest() => {
                return view! { <EmptyState icon=Icon::Chat title=words::EMPTY_TITLE body=guests::NO_TALKS /> }
                    .into_any();
            }
            (false, Filter::All, Sort::All) => {
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
