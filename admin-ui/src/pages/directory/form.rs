//! The form of one source: its head with the acts, the cards at the left, effect and test at the right.

use chancery_protocol::sources::{Connection, Source};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::time::LocalTime;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::admission::{Admission, Removal};
use super::directory_cards::DirectoryCards;
use super::effects::Effects;
use super::found::Found;
use super::issue::IssueDialog;
use super::provider_cards::ProviderCards;
use super::scim_cards::ScimCards;
use super::sync::SyncCards;
use super::tabs::Tabs;
use super::test::TestCard;
use super::token_use::UseCard;
use crate::logic::source::LINKED_PROVIDER;
use crate::state::sheet::{Opened, Sheet};
use crate::state::sources::Sources;
use crate::state::tokens::Tokens;

/// The form; made anew for every source.
#[component]
pub fn Form(
    /// What it is about.
    opened: Opened,
) -> impl IntoView {
    let sheet = Sheet::provide(Sources::current(), opened);
    let cards = match sheet.connection() {
        Connection::Oidc(_) => view! { <ProviderCards /> }.into_any(),
        Connection::Ldap(_) => view! { <DirectoryCards /> }.into_any(),
        Connection::Scim(_) => {
            if let Some(source) = untrack(|| sheet.id()) {
                Tokens::provide(source);
            }
            view! { <ScimCards /> }.into_any()
        }
    };
    let writes = sheet.writes();
    let heard = writes && untrack(|| sheet.id()).is_some();
    let directory = matches!(sheet.connection(), Connection::Ldap(_));
    let synced = untrack(|| sheet.id()).filter(|_| directory);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        sheet.save();
    };
    view! {
        <Head />
        <Tabs />
        <div class="overview-body" tabindex="0" role="region" aria-label=words::TITLE>
            <Troubles />
            <div class="directory-body">
                <form id="source" class="directory-cards" novalidate on:submit=on(submit)>
                    {cards}
                    <Admission />
                    <Removal />
                </form>
                <div class="directory-proof">
                    {(!writes).then(|| view! { <TestCard /> })}
                    <Found />
                    {synced.map(|source| view! { <SyncCards source /> })}
                    {heard.then(|| view! { <UseCard /><IssueDialog /> })}
                    <Effects />
                </div>
            </div>
        </div>
    }
}

/// Title, how it stands with what is typed, and the acts.
#[component]
fn Head() -> impl IntoView {
    let sheet = Sheet::current();
    let new = move || sheet.source.with(Option::is_none);
    let wrong = move || sheet.errors.with(|errors| errors.len() as u64);
    let standing = move || {
        match (wrong(), sheet.dirty.get(), new()) {
        (0, false, true) => None,
        (0, true, _) => Some(view! { <span class="standing">{words::NOT_SAVED}</span> }.into_any()),
        (0, false, false) => Some(view! { <span class="standing">{words::ALL_SAVED}</span> }.into_any()),
        (count, _, _) => Some(
            view! {
                <span class="standing standing-wrong"><Glyph icon=Icon::Warning />{words::attention(count)}</span>
            }
            .into_any(),
        ),
    }
    };
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title">{words::TITLE}</h1>
                <p class="console-lead">{words::LEAD}</p>
            </div>
            <div class="form-acts">
                <div role="status">{standing}</div>
                {move || sheet.dirty.get().then(|| view! {
                    <Button label=words::DISCARD.to_owned() kind=Kind::Quiet on_press=move |()| sheet.discard() />
                })}
                <Button
                    label=Signal::derive(move || if new() { words::SAVE_NEW } else { words::SAVE }.to_owned())
                    kind=Kind::Primary
                    icon=Icon::Tick
                    working=sheet.working
                    disabled=Signal::derive(move || !sheet.dirty.get() && !new())
                    on_press=move |()| sheet.save()
                />
            </div>
        </header>
    }
}

/// What stands above the cards: why it was not saved, and what somebody else saved.
#[component]
fn Troubles() -> impl IntoView {
    let sheet = Sheet::current();
    view! {
        <div class="troubles">
            {move || sheet.failed.get().map(|error| view! {
                <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{words::refused(&error)}</Notice>
            })}
            {move || sheet.theirs.get().map(|theirs| view! { <Theirs theirs /> })}
            {move || sheet.rebased.get().then(|| view! {
                <Notice tone=Tone::Info icon=Icon::Info>{words::KEPT_MINE}</Notice>
            })}
        </div>
    }
}

/// Somebody else was faster: both are shown, nothing is overwritten unasked.
#[component]
fn Theirs(theirs: Source) -> impl IntoView {
    let (desk, sheet) = (Sources::current(), Sheet::current());
    let when = words::theirs_at(&LocalTime::of(theirs.changed_at).full());
    // A provider is known by its name, not by its id.
    let named = move |path: &str, text: String| {
        let id = text.parse().ok().filter(|_| path == LINKED_PROVIDER);
        id.and_then(|id| desk.find(id)).map_or(text, |source| source.form.name)
    };
    let shown = |text: String| if text.is_empty() { words::EMPTY.to_owned() } else { text };
    let lines = sheet.difference(&theirs).into_iter().map(|(path, text, mine)| {
        let (text, mine) = (named(path, text), mine.map(|mine| named(path, mine)));
        view! {
            <div class="fact">
                <dt>{sheet.label(path)}</dt>
                <dd>
                    <p><span class="quiet">{words::THEIRS}": "</span><bdi class="mono">{shown(text)}</bdi></p>
                    {mine.map(|mine| view! {
                        <p><span class="quiet">{words::MINE}": "</span><bdi class="mono">{shown(mine)}</bdi></p>
                    })}
                </dd>
            </div>
        }
    });
    let lines = lines.collect_view();
    let kept = StoredValue::new(theirs);
    view! {
        <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>
            <p><strong>{words::OUTDATED}</strong>" "{when}</p>
            <dl class="facts theirs">{lines}</dl>
            <div class="theirs-acts">
                <Button label=words::LOAD_THEIRS.to_owned() on_press=move |()| sheet.adopt(kept.get_value(), true) />
                <Button label=words::KEEP_MINE.to_owned() on_press=move |()| sheet.rebase() />
            </div>
        </Notice>
    }
}
