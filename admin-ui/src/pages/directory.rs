//! `/console/directory` (picture 14): where people come from besides accounts made here. The form of one source at the left, what
//! it does and whether it works at the right.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::logic::source::SourceKind;
use crate::routes::Place;
use crate::state::sheet::Opened;
use crate::state::sources::{Shown, Sources};

mod admission;
mod dialogs;
mod directory_cards;
mod effects;
mod fields;
mod form;
mod found;
mod history;
mod issue;
mod mapping;
mod provider_cards;
mod report;
mod schedule;
mod scim_cards;
mod secret;
mod servers;
mod sync;
mod tabs;
mod test;
mod token_use;
pub mod tokens;

/// The page.
#[component]
pub fn DirectoryPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let desk = Sources::provide(place);
    effect(move || {
        let name = match desk.shown.get() {
            Shown::Kept(id) => desk.find(id).map(|source| source.form.name),
            Shown::New(kind) => Some(format!("{}: {}", words::NEW, kind_name(kind))),
            _ => None,
        };
        let page = name.map_or_else(|| words::MENU.to_owned(), |name| format!("{name} · {}", words::MENU));
        document().set_title(&text::page_title(&page, 0));
    });
    let loaded = Signal::derive(move || match desk.loaded_at.get() {
        0 => String::new(),
        at => console::shown_since(&LocalTime::of(at).clock()),
    });
    let state = memo(move || {
        desk.list.with(|list| match list {
            Loaded::Loading => Loaded::Loading,
            Loaded::Failed(error) => Loaded::Failed(error.clone()),
            Loaded::Ready(_) => Loaded::Ready(()),
        })
    });
    let retry = move |()| {
        desk.list.set(Loaded::Loading);
        desk.load();
    };
    view! {
        <div class="overview directory">
            <Banner loaded />
            // The form has a head of its own, with its acts.
            {move || (!matches!(state.get(), Loaded::Ready(()))).then(|| view! { <Head /> })}
            <LoadedView
                value=state.into()
                failed_title=words::LOAD_FAILED
                on_retry=retry
                skeleton=|| view! { <div class="overview-body"><Waiting /></div> }.into_any()
                empty=|_: &()| None
                ready=|()| view! { <Body /> }.into_any()
            />
        </div>
        <dialogs::Dialogs />
    }
}

/// What the address names.
#[component]
fn Body() -> impl IntoView {
    let desk = Sources::current();
    move || {
        match desk.shown.get() {
        Shown::Moving | Shown::Left => ().into_any(),
        Shown::Nothing => view! {
            <Head />
            <div class="overview-body">
                <div class="card">
                    <EmptyState icon=Icon::Building title=words::NONE_TITLE body=words::NONE_BODY><Add /></EmptyState>
                </div>
            </div>
        }
        .into_any(),
        Shown::Gone => view! {
            <Head />
            <div class="overview-body">
                <div class="card">
                    <EmptyState icon=Icon::Lock title=text::state::NOTHING_TITLE body=words::GONE_BODY>
                        <a class="button button-secondary" href=Place::Sources.path()>{words::TO_ALL}</a>
                    </EmptyState>
                </div>
            </div>
        }
        .into_any(),
        Shown::New(kind) => view! { <form::Form opened=Opened::New(kind) /> }.into_any(),
        Shown::Kept(id) => {
            let opened = desk.find(id).map(|source| Opened::Kept(Box::new(source)));
            opened.map(|opened| view! { <form::Form opened /> }).into_any()
        }
    }
    }
}

/// The title, when no form stands below it.
#[component]
fn Head() -> impl IntoView {
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title">{words::TITLE}</h1>
                <p class="console-lead">{words::LEAD}</p>
            </div>
        </header>
    }
}

/// Grey shapes in the form of the cards.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="directory-body">
            <div class="card">
                <div class="card-body skeleton settings" role="status" aria-label=text::state::LOADING>
                    {(0..8).map(|_| view! {
                        <div class="skeleton-field"><span class="skeleton-bar"></span><span class="skeleton-box"></span></div>
                    }).collect_view()}
                </div>
            </div>
            <div class="card"><div class="card-body"><SkeletonRows rows=3 /></div></div>
        </div>
    }
}

/// What a kind of source is called.
fn kind_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Oidc => words::ADD_OIDC,
        SourceKind::OpenLdap => words::ADD_OPEN_LDAP,
        SourceKind::ActiveDirectory => words::ADD_ACTIVE_DIRECTORY,
        SourceKind::Scim => words::ADD_SCIM,
    }
}

/// Adds a source, of a kind that is chosen from a menu.
#[component]
fn Add() -> impl IntoView {
    let desk = Sources::current();
    let face = ViewFn::from(|| {
        view! {
            <span class="add-face"><Glyph icon=Icon::Plus /><span class="add-word">{words::ADD}</span><Glyph icon=Icon::ChevronDown /></span>
        }
    });
    let items = move || {
        let item = |kind: SourceKind| {
            let icon = match kind {
                SourceKind::Oidc => Icon::Key,
                SourceKind::OpenLdap | SourceKind::ActiveDirectory => Icon::Building,
                SourceKind::Scim => Icon::Pencil,
            };
            Item::new(icon, kind_name(kind), move || desk.router().to(&Place::NewSource(kind).path()))
        };
        SourceKind::ALL.map(item).to_vec()
    };
    view! { <MenuButton label=words::ADD worded=true face items /> }
}
