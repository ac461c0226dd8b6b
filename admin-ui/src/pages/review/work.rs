//! A text that waits: what it says, for whom, what matched, what was said before, and the two decisions.

use chancery_protocol::ids::RecordId;
use chancery_protocol::review::{MAX_WORDS, MIN_WORDS, Matched, WaitingContext, WaitingText};
use chancery_protocol::search::WholeMessage;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::pane::Fact;
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::{effect, memo, on, part, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::review as words;
use chancery_ui_kit::text::{approvals, compliance, rule_editor};
use chancery_ui_kit::time::{self, LocalTime};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{find, severity_badge};
use crate::components::hits::hits;
use crate::components::words_field::WordsField;
use crate::logic::review::{leading, spans};
use crate::pages::rules::outcome_badge;
use crate::routes::Place;
use crate::state::reviewing::{Decision, Reviewing};

/// The work area and the facts.
#[component]
pub fn Work(
    /// Which text.
    attempt: RecordId,
) -> impl IntoView {
    let page = Reviewing::current();
    let found = memo(move || match page.texts.with(|texts| texts.ready().is_some()) {
        true => Some(find(page, attempt)),
        false => None,
    });
    move || {
        match found.get() {
        None => view! { <div class="rule-work"></div> }.into_any(),
        Some(None) => view! {
            <div class="rules-nothing"><EmptyState icon=Icon::Lock title=words::GONE_TITLE body=words::GONE_BODY /></div>
        }
        .into_any(),
        Some(Some(text)) => view! { <Text text /> }.into_any(),
    }
    }
}

#[component]
fn Text(text: WaitingText) -> impl IntoView {
    let page = Reviewing::current();
    let (author, place, attempt) = (text.author, text.conversation, text.attempt);
    let lead = leading(&text).cloned();
    let badge = lead.as_ref().map(|one| severity_badge(&one.severity));
    let name = memo(move || {
        lead.as_ref()
            .map(|one| page.rule(&one.rule, one.version).map_or_else(|| one.rule.clone(), |(name, _)| name))
    });
    let all = spans(&text);
    let (at, reason, is_edit, matched) =
        (text.at, text.reason.clone(), text.message.is_some(), text.matched.clone());
    view! {
        <div class="rule-work">
            <header class="rule-head">
                <a class="icon-button rule-back" href=Place::Review.path() aria-label=words::ALL title=words::ALL><Glyph icon=Icon::Back large=true /></a>
                <div class="rule-titles">
                    <h2 class="rule-title">
                        <bdi>{move || name.get()}</bdi>
                        {badge}
                        <Badge label=words::NOT_DELIVERED tone=Tone::Info icon=Icon::Hourglass />
                    </h2>
                    <p class="rule-about"><bdi>{move || page.name(author)}</bdi>" "<bdi>{move || compliance::in_conversation(&page.place(place))}</bdi>", "<time datetime=time::machine(at)>{LocalTime::of(at).full()}</time></p>
                </div>
            </header>
            <div class="rule-scroll rule-columns">
                <div class="rule-form">
                    <Before attempt />
                    <article class="waiting-card" aria-label=words::TEXT>
                        <p class="waiting-who"><bdi class="hit-name">{move || page.name(author)}</bdi><span class="hit-number mono">{compliance::number(text.position)}</span>{text.urgent.then(|| view! { <Badge label=text::chat::URGENT tone=Tone::Warn icon=Icon::Urgent /> })}</p>
                        <p class="waiting-whole" dir="auto">{hits(&text.text, &all)}</p>
                        {is_edit.then(|| view! { <p class="field-note">{words::IS_EDIT}</p> })}
                        {reason.map(|reason| view! { <p class="waiting-reason"><strong>{words::REASON_GIVEN}</strong>" "<bdi>{reason}</bdi></p> })}
                    </article>
                    <Deciding attempt />
                </div>
                <aside class="rule-facts" aria-label=words::FACTS>
                    <section class="card" aria-labelledby="matched">
                        <h3 class="card-title" id="matched">{words::MATCHED}</h3>
                        <ul class="card-body rule-fields">{matched.into_iter().map(|one| view! { <Rule one /> }).collect_view()}</ul>
                    </section>
                    <section class="card" aria-labelledby="where">
                        <h3 class="card-title" id="where">{words::WHERE}</h3>
                        <div class="card-body">
                            <dl class="facts">
                                <Fact label=words::AUTHOR><bdi>{move || page.name(author)}</bdi></Fact>
                                <Fact label=words::CONVERSATION><bdi>{move || page.place(place)}</bdi></Fact>
                                <Fact label=words::SINCE>{words::since(time::now() - at)}</Fact>
                                <Fact label=words::RECORD><span class="mono">{compliance::number(text.position)}</span></Fact>
                            </dl>
                        </div>
                    </section>
                </aside>
            </div>
        </div>
    }
}

/// A rule that matched: its name in this version, and why it is there.
#[component]
fn Rule(one: Matched) -> impl IntoView {
    let page = Reviewing::current();
    let Matched { rule, version, outcome, disguise, .. } = one;
    let asked = rule.clone();
    let known = memo(move || page.rule(&asked, version));
    let short = rule.clone();
    let name = move || known.get().map_or_else(|| short.clone(), |(name, _)| name);
    view! {
        <li class="matched">
            <p class="matched-head">
                <a href=Place::Rule(rule.clone()).path()>{name}</a>
                <Badge label=rule_editor::version(version) />
                {outcome_badge(outcome)}
            </p>
            <p class="field-note mono">{rule}</p>
            {move || known.get().map(|(_, why)| view! { <p class="matched-why">{why}</p> })}
            {disguise.map(|_| view! { <p class="field-note">{rule_editor::DISGUISED}</p> })}
        </li>
    }
}

/// What was said before, when one asks for it.
#[component]
fn Before(attempt: RecordId) -> impl IntoView {
    let page = Reviewing::current();
    let asked = memo(move || page.context.with(Option::is_some));
    let value = Signal::derive(move || page.context.get().unwrap_or(Loaded::Loading));
    let line = move |message: WholeMessage| {
        let author = message.author;
        let last = message.versions.last().and_then(|version| version.text.clone());
        view! {
            <li class="before-line">
                <p class="before-head"><bdi class="hit-name">{move || page.name(author)}</bdi><time datetime=time::machine(message.at)>{LocalTime::of(message.at).full()}</time></p>
                <p class="waiting-whole" dir="auto"><bdi>{last.unwrap_or_else(|| compliance::DAMAGED.to_owned())}</bdi></p>
            </li>
        }
    };
    part(move || {
        if !asked.get() {
            return view! {
                <p class="before-ask">
                    <button type="button" id="show-context" class="link-button" aria-keyshortcuts="c" on:click=on(move |_| page.show_context(attempt))>{words::CONTEXT}</button>
                    <span class="field-note">{words::CONTEXT_ON_RECORD}</span>
                </p>
            }
            .into_any();
        }
        view! {
            <LoadedView
                value
                failed_title=compliance::CONTEXT_FAILED
                on_retry=move |()| page.show_context(attempt)
                skeleton=|| view! { <SkeletonRows rows=3 /> }.into_any()
                empty=|found: &WaitingContext| found.messages.is_empty().then(|| view! { <p class="field-note">{words::NOTHING_BEFORE}</p> }.into_any())
                ready=move |found: WaitingContext| view! { <ol class="before" aria-label=words::CONTEXT>{found.messages.into_iter().map(line).collect_view()}</ol> }.into_any()
            />
        }
        .into_any()
    })
}

/// Deliver, or refuse with words to the author.
#[component]
fn Deciding(attempt: RecordId) -> impl IntoView {
    let page = Reviewing::current();
    let (note, said) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (wrong_note, wrong) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let refusing = RwSignal::new(false);
    let delivers =
        Signal::derive(move || page.deciding.with(|one| matches!(one, Some(Decision::Deliver(_)))));
    let refuses = Signal::derive(move || page.deciding.with(|one| matches!(one, Some(Decision::Refuse(_)))));
    let deliver = move || {
        let text = note.with_untracked(|text| text.trim().to_owned());
        if text.chars().count() > MAX_WORDS {
            wrong_note.set(Some(words::NOTE_LONG.to_owned()));
            dom::focus("#review-note");
            return;
        }
        page.decide(attempt, Decision::Deliver(text));
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = said.with_untracked(|text| text.trim().to_owned());
        if !(MIN_WORDS..=MAX_WORDS).contains(&text.chars().count()) {
            wrong.set(Some(approvals::words_needed()));
            dom::focus("#review-words");
            return;
        }
        page.decide(attempt, Decision::Refuse(text));
    };
    effect(move || {
        if refusing.get() {
            dom::focus("#review-words");
        }
    });
    view! {
        <div class="deciding">
            <Refusal words=page.refused />
            {show(move || !refusing.get(), move || view! {
                <WordsField id="review-note" label=words::NOTE value=note error=wrong_note most=MAX_WORDS help=words::NOTE_HELP />
                <div class="deciding-acts">
                    <button type="button" id="deliver" class="button button-primary" aria-keyshortcuts="y" aria-busy=move || delivers.get().then_some("true") on:click=on(move |_| deliver())>
                        <Glyph icon=Icon::Tick /><span>{words::DELIVER}</span><kbd aria-hidden="true">"Y"</kbd>
                    </button>
                    <button type="button" id="refuse" class="button button-danger-outlined" aria-keyshortcuts="r" on:click=on(move |_| refusing.set(true))>
                        <Glyph icon=Icon::Close /><span>{words::REFUSE}</span><kbd aria-hidden="true">"R"</kbd>
                    </button>
                </div>
            }.into_any())}
            {show(move || refusing.get(), move || view! {
                <form class="rule-fields" novalidate on:submit=on(submit)>
                    <WordsField id="review-words" label=words::WORDS value=said error=wrong most=MAX_WORDS help=words::WORDS_HELP />
                    <div class="deciding-acts">
                        <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| refusing.set(false) />
                        <Button label=words::REFUSE_WITH.to_owned() kind=Kind::DangerOutlined submit=true working=refuses />
                    </div>
                </form>
            }.into_any())}
        </div>
    }
}
