//! Some of the messages a run found, with what was matched.

use chancery_protocol::review::{BacktestSample, BacktestSamples};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::backtest as words;
use chancery_ui_kit::text::compliance;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use crate::components::asking::asking;
use crate::components::hits::hits;
use crate::logic::review::called;
use crate::state::running::Running;

/// The dialog.
#[component]
pub fn Sample(running: Running) -> impl IntoView {
    let asked = Signal::derive(move || running.sample.with(Option::is_some));
    let open = asking(asked, Callback::new(move |()| running.sample.set(None)));
    let value = Signal::derive(move || running.sample.get().unwrap_or_default());
    view! {
        <Dialog open id="sample" title=words::SAMPLE.to_owned()>
            <p class="dialog-body">{words::SAMPLE_ON_RECORD}</p>
            <LoadedView
                value
                failed_title=words::SAMPLE_FAILED
                on_retry=move |()| if let Some(run) = running.last() { running.read(run.id) }
                skeleton=|| view! { <SkeletonRows rows=5 /> }.into_any()
                empty=|found: &BacktestSamples| found.samples.is_empty().then(|| view! { <p>{words::SAMPLE_NONE}</p> }.into_any())
                ready=|found| view! { <Lines found /> }.into_any()
            />
        </Dialog>
    }
}

#[component]
fn Lines(found: BacktestSamples) -> impl IntoView {
    let BacktestSamples { samples, conversations, names } = found;
    let one = |sample: BacktestSample| {
        let name = names.get(&sample.author).cloned().unwrap_or_else(|| compliance::SOMEBODY.to_owned());
        let place = conversations.iter().find(|place| place.id == sample.conversation);
        let place = place.map(|place| called(place, &names)).unwrap_or_default();
        view! {
            <li class="sample-line">
                <p class="sample-head">
                    <bdi class="hit-name">{name}</bdi>
                    <bdi>{compliance::in_conversation(&place)}</bdi>
                    <time datetime=time::machine(sample.at)>{LocalTime::of(sample.at).full()}</time>
                    <span class="hit-number mono">{compliance::number(sample.position)}</span>
                </p>
                <p class="sample-text" dir="auto">{hits(&sample.text, &sample.spans)}</p>
            </li>
        }
    };
    view! { <ul class="sample" tabindex="0" aria-label=words::SAMPLE>{samples.into_iter().map(one).collect_view()}</ul> }
}
