//! One rule: how it stands, its form, and at the right what it would do.

use chancery_protocol::policy::ItemKind;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::menu::{Item as MenuItem, MenuButton};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{memo, on, part, show};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::rule_editor as words;
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;

use super::{backtest, dialogs, history, list, looked_for, pick, proof, scope, told, try_it};
use crate::components::differences::Differences;
use crate::components::request::RequestStrip;
use crate::logic::rules::{Standing, standing};
use crate::routes::Place;
use crate::state::policy::{Ask, PolicyItems};
use crate::state::writing::Writing;

/// The work area and the facts.
#[component]
pub fn Editor(
    /// The rule's short name.
    name: String,
    /// What it is called, when it need not be there yet.
    fresh: Option<String>,
    /// Whether its versions are looked at.
    history: Memo<bool>,
) -> impl IntoView {
    let router = Router::current();
    let writing = Writing::provide(ItemKind::Rule, &name, fresh);
    pick::Picking::provide();
    let value = memo(move || match writing.item.get() {
        Loaded::Loading => Loaded::Loading,
        Loaded::Failed(error) => Loaded::Failed(error),
        Loaded::Ready(_) => Loaded::Ready(()),
    });
    let gone = memo(move || {
        writing.item.with(|item| matches!(item, Loaded::Failed(error) if error.code() == Some("not_found")))
    });
    view! {
        {move || if gone.get() {
            view! {
                <div class="rules-nothing">
                    <EmptyState icon=Icon::Lock title=text::state::NOTHING_TITLE body=text::state::NOTHING_BODY>
                        <a class="button button-secondary" href=Place::Rules.path()>{words::ALL_RULES}</a>
                    </EmptyState>
                </div>
            }.into_any()
        } else {
            view! {
                <div class="rule-work">
                    <LoadedView
                        value=value.into()
                        failed_title=words::ONE_FAILED
                        on_retry=move |()| writing.load(true)
                        skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=8 /></div> }.into_any()
                        empty=|()| None
                        ready=move |()| view! { <Rule history /> }.into_any()
                    />
                </div>
            }.into_any()
        }}
        <pick::PickDialog />
        <dialogs::DiscardDialog on_gone=move |()| router.to(&Place::Rules.path()) />
    }
}

#[component]
fn Rule(history: Memo<bool>) -> impl IntoView {
    let writing = Writing::current();
    // Fields are made anew when what is typed is replaced as a whole.
    view! {
        <Head history />
        {move || {
            writing.round.track();
            if history.get() {
                view! { <div class="rule-scroll"><history::History /></div> }.into_any()
            } else {
                view! { <Form /> }.into_any()
            }
        }}
    }
}

/// Its name, how it stands, and the acts.
#[component]
fn Head(history: Memo<bool>) -> impl IntoView {
    let (items, writing, router) = (PolicyItems::current(), Writing::current(), Router::current());
    let line = memo(move || writing.read(|item| item.line.clone()));
    let name = StoredValue::new(writing.name.get_value());
    let waits = memo(move || line.with(|line| line.as_ref().is_some_and(|line| line.request.is_some())));
    let has_draft = memo(move || line.with(|line| line.as_ref().is_some_and(|line| line.draft.is_some())));
    let may_send = memo(move || (has_draft.get() || writing.dirty.get()) && !waits.get());
    let wrong = memo(move || writing.wrong.with(Vec::len));
    let menu = move || {
        let mut all = Vec::new();
        if let Some(line) = line.get_untracked().filter(|line| line.request.is_none()) {
            match standing(&line) {
                Standing::On(_) => all.push(
                    MenuItem::new(Icon::Minus, words::SWITCH_OFF, move || writing.switch(false)).danger(),
                ),
                Standing::Off => {
                    all.push(MenuItem::new(Icon::Tick, words::SWITCH_ON, move || writing.switch(true)))
                }
                Standing::Draft => {}
            }
        }
        let to = Place::RuleHistory(name.get_value()).path();
        all.push(MenuItem::new(Icon::History, words::VERSIONS, move || router.to(&to)));
        all
    };
    let drafted = move || {
        line.with(|line| {
            let draft = line.as_ref()?.draft.as_ref()?;
            let by = draft.by.as_ref().map(|person| person.name.clone()).unwrap_or_default();
            Some(words::drafted(&by, &LocalTime::of(draft.at).full()))
        })
    };
    view! {
        <header class="rule-head">
            <a class="icon-button rule-back" href=Place::Rules.path() aria-label=words::ALL_RULES title=words::ALL_RULES><Glyph icon=Icon::Back large=true /></a>
            <div class="rule-titles">
                <h2 class="rule-title">
                    <bdi>{move || writing.rule.with(|rule| rule.name.clone())}</bdi>
                    {part(move || line.with(|line| line.as_ref().map_or_else(|| ().into_any(), list::badges)))}
                    {show(move || writing.dirty.get(), || view! { <Badge label=words::UNSAVED tone=Tone::Warn icon=Icon::Pencil /> }.into_any())}
                </h2>
                <p class="rule-about"><span class="mono">{name.get_value()}</span>" "{drafted}</p>
            </div>
            {show(move || !history.get(), move || view! {
                <div class="rule-acts">
                    {show(move || wrong.get() > 0, move || view! {
                        <span class="standing standing-wrong" role="status">{words::attention(wrong.get() as u64)}</span>
                    }.into_any())}
                    {show(move || writing.dirty.get() || has_draft.get(), move || view! {
                        <Button label=words::DISCARD.to_owned() kind=Kind::Quiet on_press=move |()| items.ask.set(Some(Ask::Discard)) />
                    }.into_any())}
                    {show(move || writing.dirty.get(), move || view! {
                        <Button label=words::SAVE.to_owned() working=writing.working on_press=move |()| writing.save(|| ()) />
                    }.into_any())}
                    {show(move || may_send.get(), move || view! {
                        <Button label=words::SEND.to_owned() kind=Kind::Primary icon=Icon::Send working=writing.working on_press=move |()| writing.send() />
                    }.into_any())}
                    {show(move || !writing.is_new(), move || view! {
                        <MenuButton label=words::MORE icon=Icon::More items=menu />
                    }.into_any())}
                </div>
            }.into_any())}
            {show(move || history.get(), move || view! {
                <a class="button button-secondary" href=Place::Rule(name.get_value()).path()><Glyph icon=Icon::Pencil />{words::BACK_TO_RULE}</a>
            }.into_any())}
        </header>
    }
}

#[component]
fn Form() -> impl IntoView {
    let (items, writing) = (PolicyItems::current(), Writing::current());
    let request = memo(move || writing.read(|item| item.line.request).flatten());
    view! {
        <div class="rule-scroll rule-columns">
            <div class="rule-form">
                {part(move || request.get().map_or_else(|| ().into_any(), |id| view! {
                    <section class="card card-waits" aria-labelledby="rule-request">
                        <h3 class="card-title" id="rule-request">{words::APPROVAL}</h3>
                        <RequestStrip id whole=false on_decided=move |()| items.changed() />
                    </section>
                }.into_any()))}
                <Theirs />
                <Others />
                <looked_for::LookedFor />
                <scope::Who />
                <told::Then />
                <proof::Proof />
                <Compared />
            </div>
            <aside class="rule-facts" aria-label=words::FACTS>
                <try_it::TryIt />
                <backtest::BacktestCard />
            </aside>
        </div>
    }
}

/// Somebody else saved a draft meanwhile: both are kept until one says which stays.
#[component]
fn Theirs() -> impl IntoView {
    let writing = Writing::current();
    move || {
        let Some(theirs) = writing.theirs.get() else { return ().into_any() };
        let draft = theirs.item.line.draft.clone();
        let by = draft.as_ref().and_then(|draft| draft.by.as_ref()).map(|person| person.name.clone());
        let at = draft.map(|draft| LocalTime::of(draft.at).full()).unwrap_or_default();
        let said = theirs.item.draft_content.clone().or(theirs.item.content.clone());
        let mine = untrack(|| writing.content());
        view! {
            <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>
                <p><strong>{words::theirs(&by.unwrap_or_default(), &at)}</strong></p>
                {said.map(|said| view! { <Differences before=Some(said) after=mine /> })}
                <div class="theirs-acts">
                    <Button label=words::TAKE_THEIRS.to_owned() on_press=move |()| writing.settle(true) />
                    <Button label=words::KEEP_MINE.to_owned() on_press=move |()| writing.settle(false) />
                </div>
            </Notice>
        }
        .into_any()
    }
}

/// What is wrong and belongs to no field in sight.
#[component]
fn Others() -> impl IntoView {
    let writing = Writing::current();
    const SHOWN: [&str; 6] = ["match", "why", "ask", "instead", "name", "queue"];
    move || {
        let others: Vec<String> = writing.wrong.with(|wrong| {
            let hidden = |field: &str| !SHOWN.contains(&field) && !field.starts_with("unless");
            let said = |field: &str, reason: &str| {
                if field.is_empty() { reason.to_owned() } else { format!("{field}: {reason}") }
            };
            wrong.iter().filter(|one| hidden(&one.field)).map(|one| said(&one.field, &one.reason)).collect()
        });
        if others.is_empty() {
            return ().into_any();
        }
        view! {
            <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>
                <ul>{others.into_iter().map(|said| view! { <li>{said}</li> }).collect_view()}</ul>
            </Notice>
        }
        .into_any()
    }
}

/// What the draft changes of what is in force.
#[component]
fn Compared() -> impl IntoView {
    let writing = Writing::current();
    let open = RwSignal::new(false);
    let version = memo(move || writing.read(|item| item.line.version).unwrap_or(0));
    let differs = memo(move || {
        let now = writing.read(|item| item.content.clone()).flatten();
        now.filter(|_| version.get() > 0).is_some_and(|now| now != writing.content())
    });
    let body = move || {
        let now = writing.read(|item| item.content.clone()).flatten();
        view! { <Differences before=now after=writing.content() /> }
    };
    show(
        move || differs.get(),
        move || {
            view! {
                <section class="card" aria-labelledby="rule-compared">
                    <h3 class="card-title" id="rule-compared">
                        {move || words::compared(version.get())}
                        <button type="button" class="link-button card-note" aria-expanded=move || open.get().to_string() on:click=on(move |_| open.update(|open| *open = !*open))>
                            {move || if open.get() { words::HIDE } else { words::SHOW }}
                        </button>
                    </h3>
                    {show(move || open.get(), move || view! { <div class="card-body">{body}</div> }.into_any())}
                </section>
            }
            .into_any()
        },
    )
}
