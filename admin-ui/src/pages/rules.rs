//! `/console/rules` (picture 11): rules of acceptable use, one of them as a sentence, and what it would do.

use chancery_protocol::policy::ItemKind;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::logic::rules::{counts as numbers, title};
use crate::routes::Place;
use crate::state::known::Known;
use crate::state::order::Order;
use crate::state::policy::{Ask, PolicyItems};

mod backtest;
mod cards;
pub mod dialogs;
mod editor;
mod fields;
mod history;
mod keys;
mod list;
mod looked_for;
mod order;
mod pick;
mod proof;
mod sample;
mod scope;
mod told;
mod try_it;

/// The page.
#[component]
pub fn RulesPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let items = PolicyItems::provide();
    Known::provide();
    Order::provide();
    keys::listen();
    let rule = memo(move || place.with(|place| place.rule().map(str::to_owned)));
    let history = memo(move || place.with(|place| matches!(place, Place::RuleHistory(_))));
    effect(move || {
        let name = rule.get().and_then(|name| items.find(ItemKind::Rule, &name));
        let page = name
            .map_or_else(|| words::RULES.to_owned(), |line| format!("{} · {}", title(&line), words::RULES));
        document().set_title(&text::page_title(&page, 0));
    });
    let open = move || match rule.get() {
        Some(name) => {
            let router = Router::current();
            let query = untrack(|| router.address_untracked().query);
            let fresh = dom::query_of(&query, "new").filter(|name| !name.is_empty());
            view! { <editor::Editor name fresh history /> }.into_any()
        }
        None => view! { <Nothing /> }.into_any(),
    };
    view! {
        <div class="users rules" class:rules-open=move || rule.with(Option::is_some)>
            <Banner loaded=Signal::derive(String::new) />
            <Head />
            <div class="rules-body">
                <div class="rules-list"><list::List rule /></div>
                {open}
            </div>
        </div>
        <dialogs::Dialogs />
    }
}

/// Title, how many rules there are, and the ways on.
#[component]
fn Head() -> impl IntoView {
    let items = PolicyItems::current();
    let said = move || {
        items.all.with(|all| {
            let rules = all.ready()?.iter().filter(|line| line.kind == ItemKind::Rule);
            let counts = numbers(&rules.cloned().collect::<Vec<_>>());
            Some(words::lead(counts.on, counts.drafts, counts.off))
        })
    };
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title">{words::RULES}</h1>
                <p class="console-lead">{move || said().unwrap_or_default()}</p>
            </div>
            <div class="rules-ways">
                <a class="button button-secondary" href=Place::WordLists.path()><Glyph icon=Icon::List />{words::LISTS}</a>
                <a class="button button-secondary" href=format!("{}?show=all", Place::Approvals.path())><Glyph icon=Icon::History />{words::HISTORY}</a>
                <Button label=words::PACKS.to_owned() icon=Icon::Layers on_press=move |()| items.ask.set(Some(Ask::Packs)) />
                <Button label=words::NEW.to_owned() kind=Kind::Primary icon=Icon::Plus on_press=move |()| items.ask.set(Some(Ask::New(ItemKind::Rule))) />
            </div>
        </header>
    }
}

/// No rule is open.
#[component]
fn Nothing() -> impl IntoView {
    let items = PolicyItems::current();
    let some =
        memo(move || items.all.with(|all| Some(all.ready()?.iter().any(|line| line.kind == ItemKind::Rule))));
    move || {
        match some.get() {
        Some(true) => view! {
            <div class="rules-nothing"><EmptyState icon=Icon::Shield title=words::CHOOSE_TITLE body=words::CHOOSE_BODY /></div>
        }
        .into_any(),
        _ => ().into_any(),
    }
    }
}

/// How a rule or list stands, as badges.
pub fn badges(line: &chancery_protocol::policy::ItemLine) -> AnyView {
    list::badges(line)
}

/// The versions of what is written.
pub fn versions() -> AnyView {
    view! { <history::History /> }.into_any()
}

/// What a rule does, as a badge.
pub fn outcome_badge(outcome: chancery_protocol::acceptable_use::RuleOutcome) -> AnyView {
    cards::outcome_badge(outcome)
}
