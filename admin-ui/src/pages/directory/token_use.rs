//! Whether the provider that writes to us is heard, and what keeps it from it. There is nobody to ask, so there is no test.

use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::pane::Fact;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::grouped;
use chancery_ui_kit::text::tokens as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use super::tokens::moment;
use crate::logic::tokens::{Use, last_used, order, using};
use crate::state::sheet::Sheet;
use crate::state::sources::Sources;
use crate::state::tokens::Tokens;

/// The card; why tokens could not be loaded is said by the card of the tokens.
#[component]
pub fn UseCard() -> impl IntoView {
    let (tokens, sheet) = (Tokens::current(), Sheet::current());
    let state = memo(move || tokens.list.state());
    let using = memo(move || tokens.list.read(|all| using(sheet.enabled(), all, time::now())));
    view! {
        <section class="card" aria-labelledby="card-use">
            <div class="card-title">
                <h2 class="card-words" id="card-use">{words::USE}</h2>
                <span class="card-note" role="status">{move || using.get().map(badge)}</span>
            </div>
            {move || match state.get() {
                Loaded::Loading => view! { <div class="card-body"><SkeletonRows rows=2 /></div> }.into_any(),
                Loaded::Failed(_) => view! { <p class="card-body card-lead">{words::USE_UNKNOWN}</p> }.into_any(),
                Loaded::Ready(()) => view! { <Body using /> }.into_any(),
            }}
        </section>
    }
}

fn badge(using: Use) -> impl IntoView {
    let (label, tone, icon) = match using {
        Use::Off => (words::USE_OFF, Tone::Mute, Icon::Minus),
        Use::NoToken => (words::USE_NO_TOKEN, Tone::Warn, Icon::Key),
        Use::Ends(_) => (words::USE_ENDS, Tone::Warn, Icon::Clock),
        Use::Nothing => (words::USE_NOTHING, Tone::Mute, Icon::Minus),
        Use::Heard => (words::IN_USE, Tone::Ok, Icon::Tick),
    };
    view! { <Badge label tone icon /> }
}

#[component]
fn Body(using: Memo<Option<Use>>) -> impl IntoView {
    let (desk, tokens) = (Sources::current(), Tokens::current());
    let last = memo(move || {
        let last = tokens.list.read(|all| last_used(all).cloned()).flatten();
        last.and_then(|token| Some((token.last_used_at?, token.name)))
    });
    let working =
        memo(move || tokens.list.read(|all| order(all, time::now()).0.len() as u64).unwrap_or_default());
    // Whoever was written is counted beside the name of the source.
    effect(move || {
        if last.get().is_some() {
            desk.load();
        }
    });
    let plain = |words: &'static str| view! { <p class="card-lead">{words}</p> }.into_any();
    let warning =
        |words: String| view! { <Notice tone=Tone::Warn icon=Icon::Warning>{words}</Notice> }.into_any();
    view! {
        <div class="card-body sync-body">
            <dl class="facts">
                <Fact label=words::LAST_USED>
                    {move || match last.get() {
                        Some((at, _)) => moment(at).into_any(),
                        None => words::NOT_YET.into_any(),
                    }}
                </Fact>
                {move || last.get().map(|(_, name)| view! { <Fact label=words::WITH><bdi>{name}</bdi></Fact> })}
                <Fact label=words::WORKING>{move || grouped(working.get())}</Fact>
            </dl>
            {move || match using.get() {
                Some(Use::Off) => plain(words::OFF_BODY),
                Some(Use::NoToken) => warning(words::NO_TOKEN_BODY.to_owned()),
                Some(Use::Ends(token)) => {
                    warning(words::ends_soon(&token.name, &LocalTime::of(token.expires_at).full()))
                }
                Some(Use::Nothing) => plain(words::NOTHING_BODY),
                Some(Use::Heard) | None => ().into_any(),
            }}
        </div>
    }
}
