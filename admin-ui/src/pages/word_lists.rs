//! `/console/word-lists`: words and phrases that rules share, one a line.

use chancery_protocol::policy::{Content, ItemKind, ItemLine};
use chancery_screening::MAX_LIST;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::filter::SearchField;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, flag, memo, on, part, show};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::rule_editor;
use chancery_ui_kit::text::word_lists as words;
use leptos::prelude::*;

use super::rules::dialogs::{Dialogs, DiscardDialog};
use super::rules::{badges, versions};
use crate::components::banner::Banner;
use crate::components::differences::Differences;
use crate::components::request::RequestStrip;
use crate::logic::rules::{found, lines};
use crate::routes::Place;
use crate::state::known::Known;
use crate::state::policy::{Ask, PolicyItems};
use crate::state::writing::Writing;

/// The page.
#[component]
pub fn WordListsPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    PolicyItems::provide();
    Known::provide();
    let list = memo(move || match place.get() {
        Place::WordList(list) => Some(list),
        _ => None,
    });
    effect(move || {
        let page =
            list.get().map_or_else(|| words::LISTS.to_owned(), |list| format!("{list} · {}", words::LISTS));
        document().set_title(&text::page_title(&page, 0));
    });
    let open = move || {
        match list.get() {
        Some(name) => view! { <Editor name /> }.into_any(),
        None => view! {
            <div class="rules-nothing"><EmptyState icon=Icon::List title=words::CHOOSE_TITLE body=words::CHOOSE_BODY /></div>
        }
        .into_any(),
    }
    };
    view! {
        <div class="users rules" class:rules-open=move || list.with(Option::is_some)>
            <Banner loaded=Signal::derive(String::new) />
            <Head />
            <div class="rules-body">
                <div class="rules-list"><List list /></div>
                {open}
            </div>
        </div>
        <Dialogs />
    }
}

#[component]
fn Head() -> impl IntoView {
    let items = PolicyItems::current();
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title">{words::LISTS}</h1>
                <p class="console-lead">{words::LEAD}</p>
            </div>
            <div class="rules-ways">
                <a class="button button-secondary" href=Place::Rules.path()><Glyph icon=Icon::Shield />{rule_editor::RULES}</a>
                <Button label=words::NEW.to_owned() kind=Kind::Primary icon=Icon::Plus on_press=move |()| items.ask.set(Some(Ask::New(ItemKind::List))) />
            </div>
        </header>
    }
}

#[component]
fn List(list: Memo<Option<String>>) -> impl IntoView {
    let items = PolicyItems::current();
    let typed = RwSignal::new(String::new());
    let state = memo(move || match items.all.get() {
        Loaded::Loading => Loaded::Loading,
        Loaded::Failed(error) => Loaded::Failed(error),
        Loaded::Ready(_) => Loaded::Ready(()),
    });
    let fitting = memo(move || {
        items.all.with(|all| {
            let all = all.ready().map(Vec::as_slice).unwrap_or_default();
            typed.with(|typed| found(all, ItemKind::List, typed, dom::small))
        })
    });
    let row = move |line: ItemLine| {
        let name = line.name.clone();
        let here = move || list.with(|list| list.as_deref() == Some(&name)).then_some("page");
        view! {
            <li class="rule-item">
                <a class="rule-row" href=Place::WordList(line.name.clone()).path() aria-current=here>
                    <span class="rule-words">
                        <bdi class="rule-name mono">{line.name.clone()}</bdi>
                        <span class="rule-sub">{rule_editor::entries(line.entries.unwrap_or(0).into())}</span>
                    </span>
                    <span class="rule-side">{badges(&line)}</span>
                </a>
            </li>
        }
    };
    view! {
        <div class="rules-find">
            <SearchField id="find-rule" label=words::FIND hint=words::FIND value=typed on_change=move |text| typed.set(text) />
        </div>
        <div class="rules-scroll">
            <LoadedView
                value=state.into()
                failed_title=words::LOAD_FAILED
                on_retry=move |()| items.load()
                skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=6 /></div> }.into_any()
                empty=|()| None
                ready=move |()| view! {
                    <ul class="rule-rows" aria-label=words::LISTS>{move || fitting.get().into_iter().map(row).collect_view()}</ul>
                    {move || fitting.with(Vec::is_empty).then(|| if typed.with(String::is_empty) {
                        view! { <EmptyState icon=Icon::List title=words::NONE_TITLE body=words::NONE_BODY /> }.into_any()
                    } else {
                        view! { <EmptyState icon=Icon::Search title=words::NOT_FOUND body=words::NOT_FOUND_BODY /> }.into_any()
                    })}
                }.into_any()
            />
        </div>
    }
}

#[component]
fn Editor(name: String) -> impl IntoView {
    let router = Router::current();
    let fresh =
        dom::query_of(&untrack(|| router.address_untracked().query), "new").filter(|name| !name.is_empty());
    let writing = Writing::provide(ItemKind::List, &name, fresh);
    let value = memo(move || match writing.item.get() {
        Loaded::Loading => Loaded::Loading,
        Loaded::Failed(error) => Loaded::Failed(error),
        Loaded::Ready(_) => Loaded::Ready(()),
    });
    view! {
        <div class="rule-work">
            <LoadedView
                value=value.into()
                failed_title=words::ONE_FAILED
                on_retry=move |()| writing.load(true)
                skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=8 /></div> }.into_any()
                empty=|()| None
                ready=|()| view! { <Parts /> }.into_any()
            />
        </div>
        <DiscardDialog on_gone=move |()| router.to(&Place::WordLists.path()) />
    }
}

#[component]
fn Parts() -> impl IntoView {
    let (items, writing) = (PolicyItems::current(), Writing::current());
    let line = memo(move || writing.read(|item| item.line.clone()));
    let with = move |read: fn(&ItemLine) -> bool| line.with(|line| line.as_ref().is_some_and(read));
    let waits = memo(move || with(|line| line.request.is_some()));
    let drafted = memo(move || with(|line| line.draft.is_some()));
    let on_now = memo(move || with(|line| line.in_force));
    let settled = memo(move || with(|line| line.version > 0 && line.request.is_none()));
    let request = memo(move || writing.read(|item| item.line.request).flatten());
    let wrong = memo(move || {
        writing.wrong.with(|wrong| wrong.iter().map(|one| one.reason.clone()).collect::<Vec<_>>())
    });
    let name = writing.name.get_value();
    let differs = memo(move || {
        let now = writing.read(|item| item.content.clone()).flatten();
        now.filter(|now| *now != writing.content())
    });
    view! {
        <header class="rule-head">
            <a class="icon-button rule-back" href=Place::WordLists.path() aria-label=words::ALL title=words::ALL><Glyph icon=Icon::Back large=true /></a>
            <div class="rule-titles">
                <h2 class="rule-title">
                    <bdi class="mono">{name}</bdi>
                    {part(move || line.with(|line| line.as_ref().map_or_else(|| ().into_any(), badges)))}
                    {show(move || writing.dirty.get(), || view! { <Badge label=rule_editor::UNSAVED tone=Tone::Warn icon=Icon::Pencil /> }.into_any())}
                </h2>
            </div>
            <div class="rule-acts">
                {show(move || writing.dirty.get() || drafted.get(), move || view! {
                    <Button label=rule_editor::DISCARD.to_owned() kind=Kind::Quiet on_press=move |()| items.ask.set(Some(Ask::Discard)) />
                }.into_any())}
                {show(move || settled.get(), move || view! {
                    <Button
                        label=Signal::derive(move || if on_now.get() { rule_editor::SWITCH_OFF } else { rule_editor::SWITCH_ON }.to_owned())
                        kind=Kind::Quiet
                        on_press=move |()| writing.switch(!on_now.get_untracked())
                    />
                }.into_any())}
                {show(move || writing.dirty.get(), move || view! {
                    <Button label=rule_editor::SAVE.to_owned() working=writing.working on_press=move |()| writing.save(|| ()) />
                }.into_any())}
                {show(move || (writing.dirty.get() || drafted.get()) && !waits.get(), move || view! {
                    <Button label=rule_editor::SEND.to_owned() kind=Kind::Primary icon=Icon::Send working=writing.working on_press=move |()| writing.send() />
                }.into_any())}
            </div>
        </header>
        <div class="rule-scroll list-parts">
            {part(move || request.get().map_or_else(|| ().into_any(), |id| view! {
                <section class="card card-waits" aria-labelledby="list-request">
                    <h3 class="card-title" id="list-request">{rule_editor::APPROVAL}</h3>
                    <RequestStrip id whole=false on_decided=move |()| items.changed() />
                </section>
            }.into_any()))}
            {part(move || Some(wrong.get()).filter(|wrong| !wrong.is_empty()).map(|wrong| view! {
                <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>
                    <ul>{wrong.into_iter().map(|said| view! { <li>{said}</li> }).collect_view()}</ul>
                </Notice>
            }).into_any())}
            {part(move || writing.theirs.get().map(|theirs| {
                let by = theirs.item.line.draft.and_then(|draft| draft.by).map(|person| person.name);
                view! {
                    <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>
                        <p><strong>{rule_editor::theirs(&by.unwrap_or_default(), "")}</strong></p>
                        <div class="theirs-acts">
                            <Button label=rule_editor::TAKE_THEIRS.to_owned() on_press=move |()| writing.settle(true) />
                            <Button label=rule_editor::KEEP_MINE.to_owned() on_press=move |()| writing.settle(false) />
                        </div>
                    </Notice>
                }
            }).into_any())}
            <section class="card" aria-labelledby="list-entries-title">
                <h3 class="card-title" id="list-entries-title">{words::ENTRIES}</h3>
                <div class="card-body rule-fields"><Entries /></div>
            </section>
            {part(move || differs.get().map(|now: Content| view! {
                <section class="card" aria-labelledby="list-compared">
                    <h3 class="card-title" id="list-compared">{words::COMPARED}</h3>
                    <div class="card-body"><Differences before=Some(now) after=writing.content() /></div>
                </section>
            }).into_any())}
            {show(move || settled.get(), || view! {
                <h3 class="field-label">{rule_editor::VERSIONS}</h3>
                {versions()}
            }.into_any())}
        </div>
    }
}

/// The entries as text, how many there are, and which of them fit what one looks for.
#[component]
fn Entries() -> impl IntoView {
    let writing = Writing::current();
    let find = RwSignal::new(String::new());
    let count = memo(move || writing.entries.with(|typed| lines(typed).len()));
    let fitting = memo(move || {
        let wanted = dom::small(find.get().trim());
        (!wanted.is_empty()).then(|| {
            writing.entries.with(|typed| {
                lines(typed)
                    .into_iter()
                    .filter(|line| dom::small(line).contains(&wanted))
                    .take(50)
                    .collect::<Vec<_>>()
            })
        })
    });
    view! {
        <SearchField id="find-entry" label=words::FIND_ENTRY hint=words::FIND_ENTRY value=find on_change=move |text| find.set(text) />
        <div class="entries-status" role="status">
            {part(move || fitting.get().map(|all| if all.is_empty() {
                view! { <p class="field-note">{words::NO_ENTRY}</p> }.into_any()
            } else {
                view! { <ul class="entries-found">{all.into_iter().map(|one| view! { <li><bdi>{one}</bdi></li> }).collect_view()}</ul> }.into_any()
            }).into_any())}
        </div>
        <div class="field">
            <div class="field-box area-box" class:field-wrong=flag(move || count.get() > MAX_LIST)>
                <textarea
                    id="list-entries"
                    class="list-entries"
                    rows="12"
                    spellcheck="false"
                    aria-labelledby="list-entries-title"
                    aria-describedby="list-entries-note"
                    prop:value=move || writing.entries.get()
                    on:input=on(move |event| {
                        writing.wrong.set(Vec::new());
                        writing.entries.set(event_target_value(&event));
                    })
                ></textarea>
            </div>
            <div class="field-foot">
                <p class="field-note" id="list-entries-note">{words::ENTRIES_HELP}</p>
                <span class="field-note field-count" class:field-over=flag(move || count.get() > MAX_LIST)>
                    {move || text::approvals::count(count.get() as u64, MAX_LIST as u64)}
                </span>
            </div>
        </div>
    }
}
