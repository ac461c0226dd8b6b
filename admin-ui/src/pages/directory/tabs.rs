//! The sources side by side, in the order in which they are tried; each has an address.

use chancery_protocol::sources::Source;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::text::sources as words;
use leptos::prelude::*;

use super::{Add, kind_name};
use crate::routes::Place;
use crate::state::sources::{Shown, Sources};

/// The row, and the way to one more.
#[component]
pub fn Tabs() -> impl IntoView {
    let desk = Sources::current();
    let all = move || desk.read(<[Source]>::to_vec).unwrap_or_default();
    let new = memo(move || match desk.shown.get() {
        Shown::New(kind) => Some(kind),
        _ => None,
    });
    // Where there are more than fit, the one that is shown is in sight.
    effect(move || {
        desk.shown.track();
        let reveal = || {
            if let Some(tab) = dom::find(".source-tab[aria-current]") {
                tab.scroll_into_view_with_bool(false);
            }
        };
        set_timeout(reveal, std::time::Duration::ZERO);
    });
    view! {
        <div class="source-row">
            <nav class="source-tabs" aria-label=words::TABS>
                <ul>
                    <For each=all key=seen let:source><Tab source /></For>
                    {move || new.get().map(|kind| view! {
                        <li>
                            <a class="source-tab" href=Place::NewSource(kind).path() aria-current="page">
                                <span class="source-name">{words::NEW}</span>
                                <span class="source-about">{kind_name(kind)}</span>
                            </a>
                        </li>
                    })}
                </ul>
            </nav>
            <Add />
        </div>
    }
}

/// What of a source is seen here: a tab is drawn anew only when this changes.
fn seen(source: &Source) -> (chancery_protocol::ids::SourceId, String, bool, u64) {
    (source.id, source.form.name.clone(), source.form.enabled, source.people)
}

#[component]
fn Tab(source: Source) -> impl IntoView {
    let desk = Sources::current();
    let id = source.id;
    let here = move || (desk.shown.get() == Shown::Kept(id)).then_some("page");
    let name = source.form.name.clone();
    view! {
        <li>
            <a class="source-tab" href=Place::Source(id).path() aria-current=here title=name.clone()>
                <span class="source-name">
                    <bdi>{name.clone()}</bdi>
                    {if source.form.enabled {
                        view! { <Badge label=words::ON tone=Tone::Ok icon=Icon::Tick /> }
                    } else {
                        view! { <Badge label=words::OFF icon=Icon::Minus /> }
                    }}
                </span>
                <span class="source-about">{words::about(&source.form, source.people)}</span>
            </a>
        </li>
    }
}
