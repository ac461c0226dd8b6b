//! Room for the data, and what takes it.

use chancery_protocol::operations::{ComponentName, Overview};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::text::bytes;
use chancery_ui_kit::text::overview as words;
use leptos::prelude::*;

use super::Card;
use super::tiles::part;
use crate::state::watch::Watch;

/// The card.
#[component]
pub fn Storage() -> impl IntoView {
    let watch = Watch::current();
    let lines = move || {
        watch.overview.read(|all| {
            let line = |(name, value): (&'static str, Option<String>)| {
                let value = value.unwrap_or_else(|| words::NOT_KNOWN.to_owned());
                view! { <div class="card-fact"><dt>{name}</dt><dd>{value}</dd></div> }
            };
            lines(all).into_iter().map(line).collect_view()
        })
    };
    // The numbers above say the same.
    let room = move || {
        let (free, total) = watch.overview.read(room).flatten()?;
        let taken = total.saturating_sub(free) * 100 / total.max(1);
        Some(
            view! { <div class="meter" aria-hidden="true"><span style:width=format!("{taken}%")></span></div> },
        )
    };
    view! {
        <Card title=words::STORAGE icon=Icon::Disk>
            <div class="card-body">
                <dl class="card-facts">{lines}</dl>
                {room}
            </div>
        </Card>
    }
}

/// Free and all bytes of the volume of the data.
fn room(all: &Overview) -> Option<(u64, u64)> {
    let facts = &part(all, ComponentName::Disk)?.facts;
    Some((words::number(facts, "free_bytes")?, words::number(facts, "total_bytes")?))
}

fn lines(all: &Overview) -> Vec<(&'static str, Option<String>)> {
    let fact = |name, fact: &str| part(all, name).and_then(|part| words::number(&part.facts, fact));
    let index = |name: &str| fact(ComponentName::Search, name);
    let memory = || {
        let parts = ["cache_bytes", "vocabulary_bytes", "dictionary_bytes", "column_bytes"];
        parts.into_iter().map(index).sum::<Option<u64>>()
    };
    vec![
        (words::DATABASE_SIZE, fact(ComponentName::Database, "bytes").map(bytes)),
        (words::INDEX_SIZE, index("disk_bytes").map(bytes)),
        (words::INDEX_MEMORY, memory().map(bytes)),
        (words::FREE, room(all).map(|(free, total)| words::part(free, total))),
    ]
}
