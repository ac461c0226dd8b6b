//! `/console/search` (picture 08): whatever was ever said, for a reason that is put on record.

use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::compliance as words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::state::finding::Finding;

mod context;
mod filters;
mod hit;
mod keys;
mod picker;
mod results;

/// Longest reason, in characters; the server's own limit.
const LONGEST: usize = chancery_protocol::search::MAX_REASON_CHARS;

/// The page.
#[component]
pub fn SearchPage() -> impl IntoView {
    let finding = Finding::current();
    keys::listen(finding);
    document().set_title(&text::page_title(words::SEARCH, 0));
    // Nothing can be looked for without a reason, so it comes first.
    if finding.reason.with_untracked(String::is_empty) {
        finding.asking.set(true);
    }
    view! {
        <div class="users compliance" class:users-open=move || finding.open.get().is_some()>
            <Banner loaded=Signal::derive(String::new) />
            <Head />
            <div class="users-body">
                <div class="users-list">
                    <results::Results />
                </div>
                {move || finding.open.get().map(|message| view! { <context::Pane message /> })}
            </div>
        </div>
        <Dialog open=finding.asking id="reason" title=words::REASON_TITLE.to_owned()>
            <Reason />
        </Dialog>
    }
}

/// The reason, the query line and the filters: one thing.
#[component]
fn Head() -> impl IntoView {
    let finding = Finding::current();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        finding.run();
    };
    let said = move || {
        let text = finding.query.get();
        match finding.wrong.get() {
            Some(error) => view! { <span class="query-wrong">{error.wrong.text()}</span> }.into_any(),
            None if text.trim().is_empty() => ().into_any(),
            None => {
                view! { <span class="query-valid"><Glyph icon=Icon::Tick />{words::VALID}</span> }.into_any()
            }
        }
    };
    view! {
        <header class="console-head compliance-head">
            <div class="compliance-title">
                <h1 class="console-title">{words::SEARCH}</h1>
                {move || {
                    let reason = finding.reason.get();
                    (!reason.is_empty()).then(|| view! {
                        <button type="button" class="reason-chip" title=words::CHANGE_REASON on:click=on(move |_| finding.asking.set(true))>
                            <Glyph icon=Icon::Shield />
                            <bdi>{reason}</bdi>
                            <span class="sr-only">{words::CHANGE_REASON}</span>
                            <Glyph icon=Icon::Pencil />
                        </button>
                        <span class="reason-note">{words::ON_RECORD}</span>
                    })
                }}
            </div>
            <form class="query-line" role="search" on:submit=on(submit)>
                <div class="field-box query-box">
                    <Glyph icon=Icon::Search />
                    <input
                        id="query"
                        type="text"
                        autocomplete="off"
                        spellcheck="false"
                        aria-label=words::QUERY
                        aria-describedby="query-said"
                        aria-invalid=move || finding.wrong.get().is_some().to_string()
                        placeholder=words::QUERY_HINT
                        prop:value=move || finding.query.get()
                        on:input=on(move |event| finding.query.set(event_target_value(&event)))
                    />
                    <span class="query-said" id="query-said" role="status">{said}</span>
                </div>
                <Button label=words::RUN.to_owned() kind=Kind::Primary submit=true />
            </form>
            <filters::Filters />
        </header>
    }
}

/// Why one searches.
#[component]
fn Reason() -> impl IntoView {
    let finding = Finding::current();
    let typed = RwSignal::new(finding.reason.get_untracked());
    let error = RwSignal::new(None::<String>);
    effect(|| {
        chancery_ui_kit::dom::focus("#reason-text");
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let reason = typed.with_untracked(|text| text.trim().to_owned());
        let wrong = match reason.chars().count() {
            0 => Some(words::REASON_MISSING),
            count if count > LONGEST => Some(words::REASON_LONG),
            _ => None,
        };
        error.set(wrong.map(str::to_owned));
        if wrong.is_some() {
            chancery_ui_kit::dom::focus("#reason-text");
            return;
        }
        finding.reason.set(reason);
        finding.asking.set(false);
        chancery_ui_kit::dom::focus("#query");
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::REASON_BODY}</p>
            <Field id="reason-text" label=words::REASON value=typed help=words::REASON_HELP.to_owned() error=error />
            <div class="dialog-acts">
                <Button label=words::GO_ON.to_owned() kind=Kind::Primary submit=true />
            </div>
        </form>
    }
}
