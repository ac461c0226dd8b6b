//! The four figures at the top: connections, messages, delivery, what is behind the archive.

use chancery_protocol::operations::{Component, ComponentName, Overview};
use chancery_ui_kit::chart::Sparkline;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::text::overview as words;
use chancery_ui_kit::text::{duration, grouped, thousandths};
use leptos::prelude::*;

use crate::logic::overview::{rates, recent, thousandths as in_thousandths};
use crate::state::watch::Watch;

/// With fewer values a small line says nothing.
const FEWEST: usize = 6;

/// What a tile says.
struct Told {
    figure: String,
    unit: String,
    note: String,
    values: Vec<Option<u64>>,
}

/// The row.
#[component]
pub fn Tiles() -> impl IntoView {
    view! {
        <div class="tiles" role="group" aria-label=words::FIGURES>
            <Tile title=words::CONNECTIONS icon=Icon::Link tell=connections />
            <Tile title=words::MESSAGES icon=Icon::Chat tell=messages />
            <Tile title=words::DELIVERY icon=Icon::Clock tell=delivery />
            <Tile title=words::BEHIND icon=Icon::Layers tell=behind />
        </div>
    }
}

#[component]
fn Tile(title: &'static str, icon: Icon, tell: fn(&Overview) -> Told) -> impl IntoView {
    let watch = Watch::current();
    let told = move || {
        let Told { figure, unit, note, values } = watch.overview.read(tell)?;
        let line = values.iter().flatten().count() >= FEWEST;
        Some(view! {
            <div class="tile-line">
                <p class="tile-figure"><strong>{figure}</strong>" "{unit}</p>
                {line.then(|| view! { <Sparkline values /> })}
            </div>
            <p class="tile-note">{note}</p>
        })
    };
    view! {
        <section class="card tile" aria-label=title>
            <h2 class="tile-title"><Glyph icon />{title}</h2>
            {told}
        </section>
    }
}

fn whole(values: &[Option<u32>]) -> Vec<Option<u64>> {
    values.iter().map(|value| value.map(u64::from)).collect()
}

fn connections(all: &Overview) -> Told {
    Told {
        figure: grouped(all.now.connections),
        unit: words::of_people(all.now.people_connected),
        note: words::signed_in(all.now.people_signed_in, all.now.people),
        values: recent(&whole(&all.series.connections)),
    }
}

fn messages(all: &Overview) -> Told {
    Told {
        figure: thousandths(in_thousandths(all.now.messages_per_second)),
        unit: words::PER_SECOND.to_owned(),
        note: words::since_midnight(all.now.messages.count),
        values: recent(&rates(&all.series)),
    }
}

fn delivery(all: &Overview) -> Told {
    let values = recent(&whole(&all.series.delivery_p95));
    match all.now.delivery {
        Some(shares) => Told {
            figure: duration(shares.p95.into()),
            unit: String::new(),
            note: words::shares(shares.p50, shares.p99),
            values,
        },
        None => Told {
            figure: words::IDLE.to_owned(),
            unit: String::new(),
            note: words::NOTHING_DELIVERED.to_owned(),
            values,
        },
    }
}

fn behind(all: &Overview) -> Told {
    let lag = |name| part(all, name).and_then(|part| words::number(&part.facts, "lag"));
    let (delivery, search) = (lag(ComponentName::Delivery).unwrap_or(0), lag(ComponentName::Search));
    // Whoever is furthest behind counts.
    let most = delivery.max(search.unwrap_or(0));
    Told {
        figure: grouped(most),
        unit: words::records(most).to_owned(),
        note: words::followers(delivery, search),
        values: Vec::new(),
    }
}

/// One of the components.
pub fn part(all: &Overview, name: ComponentName) -> Option<&Component> {
    all.components.iter().find(|part| part.name == name)
}
