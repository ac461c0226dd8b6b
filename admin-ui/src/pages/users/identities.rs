//! Who somebody is elsewhere: the sources that vouch for them. Administrators link them by hand and take them off.

use chancery_protocol::http::Account;
use chancery_protocol::sources::{Identities as Found, LinkedIdentity, WaitingIdentity};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::pane::Fact;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::sources as copied;
use chancery_ui_kit::text::user_groups as words;
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::sources;
use crate::routes::Place;
use crate::state::line::Line;
use crate::state::users::{Ask, Users};

/// The part of the pane.
#[component]
pub fn Identities(account: Account) -> impl IntoView {
    let (users, line) = (Users::current(), Line::current());
    let person = account.person.id;
    let edits = users.edits.get_untracked() && !users.is_own(person);
    let found = RwSignal::new(Loaded::Loading);
    let load = move || {
        spawn_local(async move {
            let outcome = sources::identities(users.api(), person).await;
            line.heard(&outcome);
            let _ = found.try_set(outcome.into());
        });
    };
    effect(move || {
        users.identities_changed.track();
        load();
    });
    let none = if account.has_password { words::NO_IDENTITIES } else { words::NO_WAY };
    let nothing = move |found: &Found| {
        let empty = found.identities.is_empty() && found.waiting.is_empty();
        empty.then(|| view! { <p class="pane-note">{none}</p> }.into_any())
    };
    let asked = StoredValue::new(account);
    let lines = move |Found { identities, waiting }: Found| {
        let other_way = identities.len() > 1 || asked.with_value(|account| account.has_password);
        let line = |identity| view! { <Identity identity asked other_way edits /> };
        view! {
            <ul class="identities">
                {identities.into_iter().map(line).collect_view()}
                {waiting.into_iter().map(|one| view! { <Waiting one /> }).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="pane-part" aria-labelledby="account-sources">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="account-sources">{words::IDENTITIES}</h3>
                {edits.then(|| {
                    let ask = move |_| users.ask(Ask::Link(asked.get_value()));
                    view! { <button type="button" class="link-button" on:click=on(ask)>{words::LINK}</button> }
                })}
            </div>
            <LoadedView
                value=found.into()
                failed_title=words::IDENTITIES_FAILED
                on_retry=move |()| {
                    found.set(Loaded::Loading);
                    load();
                }
                skeleton=|| view! { <SkeletonRows rows=1 /> }.into_any()
                empty=nothing
                ready=lines
            />
        </section>
    }
}

/// What a second person has to agree to; until then it opens nothing.
#[component]
fn Waiting(one: WaitingIdentity) -> impl IntoView {
    let WaitingIdentity { request, name, subject } = one;
    view! {
        <li class="identity" data-request=request.to_string()>
            <div class="identity-head">
                <Glyph icon=Icon::Hourglass />
                <bdi class="identity-name">{name}</bdi>
                <a class="link-button" href=Place::Approval(request).path()>{words::WAITS}</a>
            </div>
            <p class="pane-note mono link-subject"><bdi>{subject}</bdi></p>
        </li>
    }
}

#[component]
fn Identity(
    identity: LinkedIdentity,
    asked: StoredValue<Account>,
    other_way: bool,
    edits: bool,
) -> impl IntoView {
    let (users, toasts) = (Users::current(), Toasts::current());
    let today = LocalTime::of(time::now());
    let seen =
        identity.seen_at.map_or_else(|| words::NEVER_SEEN.to_owned(), |at| LocalTime::of(at).brief(today));
    let login = if identity.login.is_empty() { words::NO_LOGIN.to_owned() } else { identity.login.clone() };
    let subject = StoredValue::new(identity.subject.clone());
    let copy = move |_| {
        spawn_local(async move {
            if dom::copy(&subject.get_value()).await {
                toasts.done(copied::COPIED);
            } else {
                toasts.failed(copied::NOT_COPIED, copied::NOT_COPIED_BODY);
            }
        });
    };
    let whole = StoredValue::new(identity.clone());
    view! {
        <li class="identity">
            <div class="identity-head">
                <Glyph icon=Icon::Building />
                <bdi class="identity-name">{identity.name.clone()}</bdi>
                {edits.then(|| {
                    let ask = move |_| users.ask(Ask::Unlink(asked.get_value(), whole.get_value(), other_way));
                    let label = words::unlink_of(&identity.name);
                    view! {
                        <button type="button" class="link-button" aria-label=label on:click=on(ask)>{words::UNLINK}</button>
                    }
                })}
            </div>
            <dl class="facts">
                <Fact label=words::LOGIN><bdi>{login}</bdi></Fact>
                <Fact label=words::SUBJECT>
                    <span class="subject">
                        <span class="mono subject-text" title=identity.subject.clone()>{identity.subject.clone()}</span>
                        <button type="button" class="icon-button" aria-label=words::COPY_SUBJECT title=words::COPY_SUBJECT on:click=on(copy)>
                            <Glyph icon=Icon::Copy />
                        </button>
                    </span>
                </Fact>
                <Fact label=words::SINCE>{LocalTime::of(identity.linked_at).full()}</Fact>
                <Fact label=words::SEEN>{seen}</Fact>
            </dl>
        </li>
    }
}
