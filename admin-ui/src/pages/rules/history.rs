//! The versions of a rule: who asked, who agreed, what changed; any of them can be opened as a draft again.

use chancery_protocol::policy::{Content, ItemKind, Version, Versions};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::Button;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text::rule_editor as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::policy_items;
use crate::components::differences::Differences;
use crate::routes::Place;
use crate::state::policy::PolicyItems;
use crate::state::writing::Writing;

/// The versions of what is written.
#[component]
pub fn History() -> impl IntoView {
    let (items, writing) = (PolicyItems::current(), Writing::current());
    let versions = RwSignal::new(Loaded::<Versions>::Loading);
    let load = move || {
        let name = writing.name.get_value();
        spawn_local(async move {
            let found = policy_items::versions(items.api, writing.kind, &name).await;
            items.line.heard(&found);
            let _ = versions.try_set(found.into());
        });
    };
    load();
    let empty = |found: &Versions| {
        found.versions.is_empty().then(|| {
            view! { <EmptyState icon=Icon::History title=words::NO_VERSIONS body=words::NO_VERSIONS_BODY /> }.into_any()
        })
    };
    view! {
        <LoadedView
            value=versions.into()
            failed_title=words::VERSIONS_FAILED
            on_retry=move |()| load()
            skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=5 /></div> }.into_any()
            empty
            ready=|found| view! { <Lines found /> }.into_any()
        />
    }
}

#[component]
fn Lines(found: Versions) -> impl IntoView {
    let versions = found.versions;
    let before = |at: usize| versions.get(at + 1).map(|older| older.content.clone());
    let lines: Vec<_> =
        versions.iter().enumerate().map(|(at, version)| (version.clone(), before(at), at == 0)).collect();
    view! {
        <ol class="versions" aria-label=words::VERSIONS>
            {lines.into_iter().map(|(version, before, newest)| view! { <Line version before newest /> }).collect_view()}
        </ol>
    }
}

#[component]
fn Line(version: Version, before: Option<Content>, newest: bool) -> impl IntoView {
    let (writing, router) = (Writing::current(), Router::current());
    let number = version.version;
    let content = version.content.clone();
    let open = move |()| {
        writing.write(&content);
        let name = writing.name.get_value();
        router.to(&match writing.kind {
            ItemKind::List => Place::WordList(name),
            _ => Place::Rule(name),
        }
        .path());
    };
    let name = |person: Option<chancery_protocol::audit::AuditPerson>| {
        person.map(|person| person.name).unwrap_or_default()
    };
    view! {
        <li class="version card">
            <h3 class="card-title">
                {words::version(number)}
                {(newest && version.in_force).then(|| view! { <Badge label=words::RUNS tone=Tone::Ok icon=Icon::Tick /> })}
                {(!version.in_force).then(|| view! { <Badge label=words::OFF tone=Tone::Mute icon=Icon::Minus /> })}
                <span class="card-note"><time datetime=time::machine(version.at)>{LocalTime::of(version.at).full()}</time></span>
            </h3>
            <div class="card-body rule-fields">
                <p class="version-who">
                    {words::made_by(&name(version.asked_by), &name(version.agreed_by))}
                    {version.position.map(|position| view! { " "<span class="mono quiet">{chancery_ui_kit::text::compliance::number(position)}</span> })}
                </p>
                <Differences before after=version.content />
                <div><Button label=words::open_as_draft(number) icon=Icon::Undo on_press=open /></div>
            </div>
        </li>
    }
}
