//! `/console/audit` (picture 16): what people and the system did, one entry in the side pane.

use chancery_protocol::audit::ExportForm;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::session::Session;
use chancery_ui_kit::text;
use chancery_ui_kit::text::audit as words;
use chancery_ui_kit::text::console;
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::logic::roles::reads_whole_audit;
use crate::routes::Place;
use crate::state::log::Log;

mod entry;
mod filters;
mod keys;
mod list;
mod row;

/// The page.
#[component]
pub fn AuditPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let log = Log::provide(place);
    keys::listen(log);
    effect(move || {
        let page = match log.entry.get() {
            Some(position) => format!("{} · {}", words::record(position), words::AUDIT),
            None => words::AUDIT.to_owned(),
        };
        document().set_title(&text::page_title(&page, 0));
    });
    let loaded = Signal::derive(move || match log.loaded_at.get() {
        0 => String::new(),
        at => console::shown_since(&LocalTime::of(at).clock()),
    });
    view! {
        <div class="users audit" class:users-open=move || log.entry.get().is_some()>
            <Banner loaded />
            <Head />
            <div class="users-body">
                <div class="users-list">
                    <filters::Filters />
                    <list::List />
                </div>
                {move || log.entry.get().map(|position| view! { <entry::Pane position /> })}
            </div>
        </div>
    }
}

/// Title, what it is, and the way to take it along.
#[component]
fn Head() -> impl IntoView {
    let (log, session) = (Log::current(), Session::current());
    let whole = memo(move || session.info().is_some_and(|info| reads_whole_audit(&info.roles)));
    let forms = move || {
        let one = |icon, label, form| Item::new(icon, label, move || log.export(form));
        vec![
            one(Icon::Rows, words::EXPORT_CSV, ExportForm::Csv),
            one(Icon::File, words::EXPORT_JSONL, ExportForm::Jsonl),
        ]
    };
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title">{words::AUDIT}</h1>
                <p class="console-lead">{move || if whole.get() { words::LEAD } else { words::LEAD_OWN }}</p>
            </div>
            <p class="sr-only" role="status">{move || log.exporting.get().then_some(words::EXPORTING)}</p>
            <MenuButton label=words::EXPORT icon=Icon::Download items=forms />
        </header>
    }
}
