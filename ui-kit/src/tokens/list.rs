//! Somebody's access tokens, one line each.

use chancery_protocol::tokens::{AccessToken, AccessTokens};
use leptos::prelude::*;

use super::desk::Desk;
use super::standing::{Standing, StandingBadge, standing};
use crate::button::{Button, Kind};
use crate::icon::{Glyph, Icon};
use crate::loaded::LoadedView;
use crate::reactive::{memo, show};
use crate::skeleton::SkeletonRows;
use crate::state_view::EmptyState;
use crate::text::access_tokens as words;
use crate::text::tokens as common;
use crate::time::{self, LocalTime};

/// The button that opens the dialog for a new one; there where any are issued.
#[component]
pub fn IssueButton(
    /// Whose.
    desk: Desk,
    /// Whether it stands beside the title of a narrow part.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let may = memo(move || desk.list.with(|list| list.ready().is_some_and(|all| all.longest_days > 0)));
    let (label, about) = if short { (words::ISSUE_SHORT, words::ISSUE_ABOUT) } else { (words::ISSUE, "") };
    let press = move |()| desk.issuing.set(true);
    show(
        move || may.get(),
        move || {
            view! {
                <span class="small-buttons">
                    <Button label=label.to_owned() about=about.to_owned() icon=Icon::Plus on_press=press />
                </span>
            }
            .into_any()
        },
    )
}

/// The list with its states.
#[component]
pub fn TokenList(
    /// Whose.
    desk: Desk,
    /// Said when there are none, in a line; without it, at large.
    #[prop(optional)]
    none: &'static str,
) -> impl IntoView {
    let nothing = move |all: &AccessTokens| {
        let body = match (all.tokens.is_empty(), all.longest_days) {
            (false, _) => return None,
            (true, 0) => words::OFF,
            (true, _) if none.is_empty() => {
                let title = words::NONE_TITLE;
                return Some(view! { <EmptyState icon=Icon::Key title body=words::NONE_BODY /> }.into_any());
            }
            (true, _) => none,
        };
        Some(view! { <p class="access-note" role="status">{body}</p> }.into_any())
    };
    let lines = move |all: AccessTokens| {
        let off =
            (all.longest_days == 0).then(|| view! { <p class="access-note">{words::OFF}</p> }.into_any());
        let line = |token| view! { <Line desk token /> }.into_any();
        let lines = all.tokens.into_iter().map(line).collect::<Vec<_>>();
        view! { <ul class="access-tokens">{lines}</ul>{off} }.into_any()
    };
    view! {
        <LoadedView
            value=desk.list.into()
            failed_title=words::LOAD_FAILED
            on_retry=move |()| desk.retry()
            skeleton=|| view! { <SkeletonRows rows=2 /> }.into_any()
            empty=nothing
            ready=lines
        />
    }
}

#[component]
fn Line(desk: Desk, token: AccessToken) -> impl IntoView {
    let today = LocalTime::of(time::now());
    let brief = |at| LocalTime::of(at).brief(today);
    let stands = standing(token.expires_at, None, time::now());
    let life = words::life(&brief(token.expires_at), token.last_used_at.map(brief).as_deref());
    let since = common::issued(&LocalTime::of(token.created_at).full(), None);
    let (name, about, scopes) = (token.name.clone(), token.name.clone(), words::scopes(&token.scopes));
    let ask = move |()| desk.ask(token.clone());
    view! {
        <li class="access-token">
            <Glyph icon=Icon::Key large=true />
            <div class="access-text">
                <p class="access-name">
                    <bdi title=since>{name}</bdi>
                    {(stands != Standing::Valid).then(|| view! { <StandingBadge standing=stands /> }.into_any())}
                </p>
                <p class="access-line">{scopes}</p>
                <p class="access-line">{life}</p>
            </div>
            <span class="small-buttons">
                <Button label=common::REVOKE.to_owned() about kind=Kind::Secondary on_press=ask />
            </span>
        </li>
    }
}
