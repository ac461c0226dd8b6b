//! All rules in their order.

use chancery_protocol::policy::{ItemKind, ItemLine};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::filter::SearchField;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use super::cards::outcome_badge;
use super::keys::refocus;
use super::order::OrderBar;
use crate::logic::rules::{Standing, found, standing, title};
use crate::routes::Place;
use crate::state::order::Order;
use crate::state::policy::{Ask, PolicyItems};

/// The list.
#[component]
pub fn List(
    /// The rule that is open.
    rule: Memo<Option<String>>,
) -> impl IntoView {
    let (items, order) = (PolicyItems::current(), Order::current());
    let typed = RwSignal::new(String::new());
    let value = Signal::derive(move || match items.all.get() {
        Loaded::Loading => Loaded::Loading,
        Loaded::Failed(error) => Loaded::Failed(error),
        Loaded::Ready(_) => Loaded::Ready(()),
    });
    // The lines stay while all is fetched anew.
    let state = memo(move || value.get());
    view! {
        <div class="rules-find">
            <SearchField id="find-rule" label=words::FIND hint=words::FIND value=typed on_change=move |text| typed.set(text) />
        </div>
        <div class="rules-scroll">
            <LoadedView
                value=state.into()
                failed_title=words::LOAD_FAILED
                on_retry=move |()| items.load()
                skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=8 /></div> }.into_any()
                empty=|()| None
                ready=move |()| view! { <Lines rule typed /> }.into_any()
            />
        </div>
        <OrderBar />
        <p class="rules-foot">
            <span>{move || words::shown(order.rules().len() as u64)}</span>
            <span class="paging-keys"><kbd>"Alt ↑"</kbd><kbd>"Alt ↓"</kbd>" "{words::REORDER}</span>
        </p>
    }
}

#[component]
fn Lines(rule: Memo<Option<String>>, typed: RwSignal<String>) -> impl IntoView {
    let (items, order) = (PolicyItems::current(), Order::current());
    let lines = memo(move || typed.with(|typed| found(&order.rules(), ItemKind::Rule, typed, dom::small)));
    let none = memo(move || lines.with(Vec::is_empty));
    let drafts = memo(move || {
        items.all.with(|all| {
            let lines = all.ready().into_iter().flatten();
            lines.filter(|line| line.version == 0 && line.draft.is_some() && line.request.is_none()).count()
        })
    });
    let key = |line: &ItemLine| format!("{line:?}");
    view! {
        <ul class="rule-rows" aria-label=words::RULES>
            <For each=move || lines.get() key let:line><Row line rule /></For>
        </ul>
        {move || none.get().then(|| {
            if typed.with(|typed| typed.trim().is_empty()) {
                view! {
                    <EmptyState icon=Icon::Shield title=words::NONE_TITLE body=words::NONE_BODY>
                        <Button label=words::PACKS.to_owned() kind=Kind::Secondary icon=Icon::Layers on_press=move |()| items.ask.set(Some(Ask::Packs)) />
                    </EmptyState>
                }.into_any()
            } else {
                view! { <EmptyState icon=Icon::Search title=words::NOT_FOUND body=words::NOT_FOUND_BODY /> }.into_any()
            }
        })}
        {move || (drafts.get() > 1).then(|| view! {
            <p class="rules-drafts">
                <Button label=words::send_drafts(drafts.get() as u64) icon=Icon::Send on_press=move |()| super::dialogs::ask_for_drafts(items) />
            </p>
        })}
    }
}

#[component]
fn Row(line: ItemLine, rule: Memo<Option<String>>) -> impl IntoView {
    let order = Order::current();
    let name = StoredValue::new(line.name.clone());
    let here = move || rule.with(|rule| rule.as_deref() == Some(&name.get_value())).then_some("page");
    let href = Place::Rule(line.name.clone()).path();
    let step = move |down: bool| {
        let name = name.get_value();
        if order.step(&name, down) {
            refocus(&name);
        }
    };
    let items = move || {
        vec![
            Item::new(Icon::Up, words::MOVE_UP, move || step(false)).key("Alt ↑"),
            Item::new(Icon::Down, words::MOVE_DOWN, move || step(true)).key("Alt ↓"),
        ]
    };
    view! {
        <li class="rule-item">
            <a class="rule-row" href=href data-rule=line.name.clone() aria-current=here>
                <span class="rule-words">
                    <bdi class="rule-name">{title(&line).to_owned()}</bdi>
                    <span class="rule-sub"><span class="mono">{line.name.clone()}</span></span>
                </span>
                <span class="rule-side">
                    {line.outcome.map(outcome_badge)}
                    {state(&line)}
                </span>
            </a>
            <MenuButton label=words::acts(title(&line)) icon=Icon::More items />
        </li>
    }
}

/// How a rule stands, in a word, for lists.
fn state(line: &ItemLine) -> AnyView {
    let said = match standing(line) {
        Standing::On(version) => words::on(version),
        Standing::Off => words::OFF.to_owned(),
        Standing::Draft => words::DRAFT.to_owned(),
    };
    let more = match (&line.request, &line.draft) {
        (Some(_), _) => Some(words::WAITS),
        (None, Some(_)) if line.version > 0 => Some(words::HAS_DRAFT),
        _ => None,
    };
    view! { <span class="rule-state" class:rule-waits=line.request.is_some()>{said}{more.map(|more| format!(" · {more}"))}</span> }
        .into_any()
}

/// How a rule or list stands, as badges.
pub fn badges(line: &ItemLine) -> AnyView {
    let standing = match standing(line) {
        Standing::On(version) => {
            view! { <Badge label=words::on(version) tone=Tone::Ok icon=Icon::Tick /> }.into_any()
        }
        Standing::Off => view! { <Badge label=words::OFF tone=Tone::Mute icon=Icon::Minus /> }.into_any(),
        Standing::Draft => ().into_any(),
    };
    let draft =
        line.draft.as_ref().map(|_| view! { <Badge label=words::DRAFT tone=Tone::Warn icon=Icon::Pencil /> });
    let waits =
        line.request.map(|_| view! { <Badge label=words::WAITS tone=Tone::Warn icon=Icon::Hourglass /> });
    view! { {standing}{draft}{waits} }.into_any()
}
