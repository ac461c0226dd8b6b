//! The tokens of a provider that writes to us, and the way to one more.

use chancery_protocol::Micros;
use chancery_protocol::ids::TokenId;
use chancery_protocol::sources::SourceToken;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::Button;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::syncs::MAY_BE_OLD;
use chancery_ui_kit::text::tokens as words;
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::tokens::{Standing, StandingBadge};
use leptos::prelude::*;

use crate::logic::tokens::{order, standing};
use crate::state::tokens::Tokens;

/// Tokens that work no more, shown before one asks for all.
const SOME: usize = 3;

/// The card.
#[component]
pub fn TokensCard() -> impl IntoView {
    let tokens = Tokens::current();
    let state = memo(move || tokens.list.state());
    view! {
        <section class="card" aria-labelledby="card-tokens">
            <div class="card-title">
                <h2 class="card-words" id="card-tokens">{words::TITLE}</h2>
                <span class="card-note small-buttons">
                    <Button
                        label=words::ISSUE.to_owned()
                        icon=Icon::Plus
                        on_press=move |()| tokens.issuing.set(true)
                    />
                </span>
            </div>
            <LoadedView
                value=state.into()
                failed_title=words::LOAD_FAILED
                on_retry=move |()| tokens.retry()
                skeleton=|| view! { <div class="card-body"><SkeletonRows rows=3 /></div> }.into_any()
                empty=|_: &()| None
                ready=|()| view! { <Body /> }.into_any()
            />
        </section>
    }
}

#[component]
fn Body() -> impl IntoView {
    let tokens = Tokens::current();
    // A line is drawn once and only its words change, so that its button keeps the focus.
    let ids = memo(move || tokens.list.read(|all| order(all, time::now())).unwrap_or_default());
    let some = memo(move || ids.with(|(working, ended)| !working.is_empty() || !ended.is_empty()));
    let old = move || {
        tokens.list.failed.get().map(|error| {
            let words = format!("{MAY_BE_OLD} {}", text::problem::of(&error));
            view! { <div class="card-body"><Notice tone=Tone::Warn icon=Icon::Warning>{words}</Notice></div> }
        })
    };
    view! {
        <div role="status">{old}</div>
        {move || if some.get() {
            view! { <Table ids /> }.into_any()
        } else {
            view! { <EmptyState icon=Icon::Key title=words::NONE_TITLE body=words::NONE_BODY /> }.into_any()
        }}
    }
}

#[component]
fn Table(ids: Memo<(Vec<TokenId>, Vec<TokenId>)>) -> impl IntoView {
    let whole = RwSignal::new(false);
    let shown = move || {
        let most = if whole.get() { usize::MAX } else { SOME };
        ids.with(|(working, ended)| {
            working.iter().chain(ended.iter().take(most)).copied().collect::<Vec<_>>()
        })
    };
    let ended = memo(move || ids.with(|(_, ended)| ended.len()));
    view! {
        <table class="table tokens-table">
            <caption class="sr-only">{words::CAPTION}</caption>
            <thead>
                <tr>
                    <th scope="col">{words::TOKEN}</th>
                    <th scope="col">{words::ACCESS}</th>
                    <th scope="col">{words::ENDS}</th>
                    <th scope="col">{words::LAST_USED}</th>
                    <th scope="col">{words::STATE}</th>
                    <th scope="col"><span class="sr-only">{words::ACT}</span></th>
                </tr>
            </thead>
            <tbody><For each=shown key=|id| *id let:id><Row id /></For></tbody>
        </table>
        {move || (!whole.get() && ended.get() > SOME).then(|| view! {
            <p class="card-foot">
                <button type="button" class="link-button" on:click=on(move |_| whole.set(true))>
                    {words::show_ended(ended.get() as u64)}
                </button>
            </p>
        })}
    }
}

#[component]
fn Row(id: TokenId) -> impl IntoView {
    let tokens = Tokens::current();
    let Some(SourceToken { name, write, created_at, created_by, .. }) = untrack(|| tokens.find(id)) else {
        return ().into_any();
    };
    let stands = memo(move || tokens.find(id).map(|token| standing(&token, time::now())));
    let ends = memo(move || tokens.find(id).map(|token| token.revoked_at.unwrap_or(token.expires_at)));
    let used = memo(move || tokens.find(id).and_then(|token| token.last_used_at));
    let works = memo(move || stands.get().is_some_and(Standing::works));
    let issued = words::issued(&brief(created_at), created_by.as_ref().map(|person| person.name.as_str()));
    let about = name.clone();
    keep_focus(id, works);
    view! {
        <tr>
            <th scope="row" class="token-name" tabindex="-1" data-token=id.to_string()>
                <bdi class="token-title">{name}</bdi>
                <bdi class="token-issued" title=LocalTime::of(created_at).full()>{issued}</bdi>
            </th>
            <td class="token-access">{words::access(write)}</td>
            <td class="token-ends"><span class="token-label">{words::ENDS}" "</span>{move || ends.get().map(moment)}</td>
            <td class="token-used">
                <span class="token-label">{words::LAST_USED}" "</span>
                {move || match used.get() {
                    Some(at) => moment(at).into_any(),
                    None => view! { <span class="quiet">{words::NEVER}</span> }.into_any(),
                }}
            </td>
            <td class="token-state">{move || stands.get().map(|standing| view! { <StandingBadge standing /> })}</td>
            <td class="token-act">
                {move || works.get().then(|| view! {
                    <span class="small-buttons">
                        <Button label=words::REVOKE.to_owned() about=about.clone() on_press=move |()| tokens.ask(id) />
                    </span>
                })}
            </td>
        </tr>
    }
    .into_any()
}

/// A token that was revoked has nothing to press any more: then its name has the focus.
fn keep_focus(id: TokenId, works: Memo<bool>) {
    let worked = StoredValue::new(false);
    effect(move || {
        let works = works.get();
        if worked.get_value() && !works {
            let settle = move || {
                if dom::focused().is_none() {
                    dom::focus(&format!("[data-token=\"{id}\"]"));
                }
            };
            set_timeout(settle, std::time::Duration::ZERO);
        }
        worked.set_value(works);
    });
}

/// A day, or the time of today.
fn brief(at: Micros) -> String {
    LocalTime::of(at).brief(LocalTime::of(time::now()))
}

/// The same, with the exact time for machines and for whoever points at it.
pub fn moment(at: Micros) -> impl IntoView {
    view! { <time datetime=time::machine(at) title=LocalTime::of(at).full()>{brief(at)}</time> }
}
