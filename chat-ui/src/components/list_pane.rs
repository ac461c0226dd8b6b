//! The list of conversations: filter, sections, every state.

use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::ids::ConversationId;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text::chat as words;
use leptos::prelude::*;

use crate::components::conversation_row::ConversationRow;
use crate::components::own_menu::OwnMenu;
use crate::logic::list::{Filter, Line, lines};
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;

/// What the list shows; shared with the keys that walk it.
#[derive(Clone, Copy)]
pub struct ListState {
    /// All or unread.
    pub filter: RwSignal<Filter>,
    /// In the order shown.
    pub lines: Memo<Vec<Line>>,
    /// Whether the first hello has come.
    pub known: Memo<bool>,
}

impl ListState {
    /// The list of the page.
    pub fn new(open: Memo<Option<ConversationId>>) -> Self {
        let chat = Chat::current();
        let filter = RwSignal::new(Filter::All);
        let lines = Memo::new(move |_| {
            chat.state.with(|state| {
                lines(state.conversations.values().map(|known| &known.info), filter.get(), open.get())
            })
        });
        let known = Memo::new(move |_| chat.state.with(|state| state.me.is_some()));
        Self { filter, lines, known }
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
            <div class="list-filter">
                <Segmented
                    label=words::FILTER
                    choices
                    value=list.filter.into()
                    on_choose=move |filter| list.filter.set(filter)
                />
            </div>
            <div class="list-scroll">
                {move || {
                    if !list.known.get() {
                        view! { <div class="list-skeleton"><SkeletonRows rows=7 /></div> }.into_any()
                    } else if list.lines.with(Vec::is_empty) {
                        view! { <NothingListed list /> }.into_any()
                    } else {
                        view! { <Sections list open /> }.into_any()
                    }
                }}
            </div>
        </section>
    }
}

#[component]
fn Sections(list: ListState, open: Memo<Option<ConversationId>>) -> impl IntoView {
    let section = move |kind: ConversationKind, title: &'static str, id: &'static str| {
        let ids = Memo::new(move |_| {
            list.lines.with(|lines| {
                lines.iter().filter(|line| line.kind == kind).map(|line| line.id).collect::<Vec<_>>()
            })
        });
        view! {
            <Show when=move || !ids.with(Vec::is_empty)>
                <h3 class="list-section" id=id>{title}</h3>
                <ul class="list-rows" aria-labelledby=id>
                    <For each=move || ids.get() key=|id| *id let:id>
                        <ConversationRow id open />
                    </For>
                </ul>
            </Show>
        }
    };
    view! {
        {section(ConversationKind::Direct, words::DIRECT, "list-direct")}
        {section(ConversationKind::Group, words::GROUPS, "list-groups")}
    }
}

#[component]
fn NothingListed(list: ListState) -> impl IntoView {
    let go = use_go();
    if list.filter.get_untracked() == Filter::Unread {
        return view! {
            <EmptyState icon=Icon::TickCircle title=words::ALL_READ_TITLE body=words::ALL_READ_BODY>
                <Button
                    label=words::SHOW_ALL.to_owned()
                    kind=Kind::Secondary
                    on_press=move |()| list.filter.set(Filter::All)
                />
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState icon=Icon::Chat title=words::EMPTY_TITLE body=words::EMPTY_BODY>
            <Button
                label=words::NEW.to_owned()
                kind=Kind::Primary
                icon=Icon::Plus
                on_press=move |()| go.to(Place::NewConversation)
            />
        </EmptyState>
    }
    .into_any()
}
