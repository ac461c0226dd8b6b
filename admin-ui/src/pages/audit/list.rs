//! The table with its states and its foot.

use chancery_protocol::audit::AuditPage;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::table::SkeletonTable;
use chancery_ui_kit::text::audit as words;
use chancery_ui_kit::text::console;
use leptos::prelude::*;

use super::row::Row;
use crate::logic::log::LogView;
use crate::state::log::Log;

/// The list.
#[component]
pub fn List() -> impl IntoView {
    let log = Log::current();
    // The table is drawn once, and then only its rows change.
    let state = memo(move || {
        log.page.with(|page| match page {
            Loaded::Loading => Loaded::Loading,
            Loaded::Failed(error) => Loaded::Failed(error.clone()),
            Loaded::Ready(page) => Loaded::Ready(page.entries.is_empty()),
        })
    });
    let retry = move |()| {
        log.page.set(Loaded::Loading);
        log.load();
    };
    view! {
        <LoadedView
            value=state.into()
            failed_title=words::LOAD_FAILED
            on_retry=retry
            skeleton=|| view! { <SkeletonTable rows=12 /> }.into_any()
            empty=|empty: &bool| empty.then(|| view! { <Nothing /> }.into_any())
            ready=|_| view! { <Table /> <Foot /> }.into_any()
        />
    }
}

#[component]
fn Table() -> impl IntoView {
    let log = Log::current();
    let rows =
        move || log.page.with(|page| page.ready().map(|page| page.entries.clone())).unwrap_or_default();
    view! {
        <div class="table-frame">
            <table class="table audit-table">
                <caption class="sr-only">{words::TABLE}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="cell-time">{words::TIME}</th>
                        <th scope="col" class="cell-who">{words::WHO}</th>
                        <th scope="col">{words::WHAT}</th>
                        <th scope="col" class="cell-on">{words::ON}</th>
                        <th scope="col" class="table-number cell-record">{words::RECORD}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=rows key=|entry| entry.position let:entry>
                        <Row entry />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Foot() -> impl IntoView {
    let log = Log::current();
    let of = move |ask: fn(&AuditPage) -> Option<u64>| log.page.with(|page| page.ready().and_then(ask));
    let count = move || of(|page| Some(page.entries.len() as u64)).unwrap_or_default();
    let older = memo(move || of(|page| page.older));
    let later = memo(move || log.view.with(|view| view.before.is_some()));
    let shown = move || words::shown(count(), log.matching.get().filter(|_| !later.get()));
    let look = move |before: Option<u64>| {
        log.look(&LogView { before, ..log.view.get_untracked() }, true);
    };
    view! {
        <div class="paging">
            <p class="paging-range" role="status">{shown}</p>
            <p class="paging-keys" aria-hidden="true">
                <kbd>"J"</kbd><kbd>"K"</kbd>{console::KEY_MOVE}<kbd>"Enter"</kbd>{console::KEY_OPEN}
            </p>
            <div class="paging-acts">
                {move || later.get().then(|| view! {
                    <Button label=words::NEWEST.to_owned() kind=Kind::Secondary on_press=move |()| look(None) />
                })}
                <Button
                    label=words::OLDER.to_owned()
                    kind=Kind::Secondary
                    disabled=Signal::derive(move || older.get().is_none())
                    on_press=move |()| look(older.get_untracked())
                />
            </div>
        </div>
    }
}

/// Nothing fits the filters: the way back to all is offered.
#[component]
fn Nothing() -> impl IntoView {
    let log = Log::current();
    view! {
        <EmptyState icon=Icon::Search title=words::NONE_TITLE body=words::NONE_BODY>
            <Button
                label=console::CLEAR_FILTERS.to_owned()
                kind=Kind::Secondary
                on_press=move |()| log.look(&LogView::default(), true)
            />
        </EmptyState>
    }
}
