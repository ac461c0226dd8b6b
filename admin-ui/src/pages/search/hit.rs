//! One message that was found: the newest version that matches, and what became of it.

use chancery_protocol::search::{MessageVersion, WholeMessage};
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::marked::{Marked, excerpt};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text;
use chancery_ui_kit::text::compliance as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use super::results::brief;
use crate::state::finding::Finding;

/// The line.
#[component]
pub fn Hit(
    /// Which.
    hit: WholeMessage,
) -> impl IntoView {
    let finding = Finding::current();
    let (id, author, place) = (hit.id, hit.author, hit.conversation);
    // Without words to look for nothing is marked, and the last version is shown.
    let version = hit.versions.iter().rev().find(|version| !version.spans.is_empty()).or(hit.versions.last());
    let pieces = version.map(short).unwrap_or_default();
    let redacted = version.is_some_and(|version| !version.removed.is_empty());
    let name = finding.name(author);
    view! {
        <li class="hit-item" class:hit-open=move || finding.open.get() == Some(id)>
            <button type="button" class="hit" data-record=id.to_string() on:click=on(move |_| finding.show(id))>
                <Avatar person=author name=name.clone() photo=finding.photo(author) size=Size::Small />
                <span class="hit-text">
                    <span class="hit-head">
                        <bdi class="hit-name">{name}</bdi>
                        <bdi class="hit-place">{words::in_conversation(&finding.place(place))}</bdi>
                    </span>
                    <time datetime=time::machine(hit.at) title=LocalTime::of(hit.at).full()>{brief(hit.at)}</time>
                    <span class="hit-words"><Marked pieces /></span>
                    <span class="hit-number mono">{words::number(hit.position)}</span>
                    <span class="hit-foot"><Badges urgent=hit.urgent redacted edited=hit.edited_at.is_some() deleted=hit.deleted_at.is_some() /></span>
                </span>
            </button>
        </li>
    }
}

fn short(version: &MessageVersion) -> Vec<chancery_ui_kit::marked::Piece> {
    match &version.text {
        Some(text) => excerpt(text, &version.spans),
        None => excerpt(words::DAMAGED, &[]),
    }
}

/// What a message is, and what became of it.
#[component]
pub fn Badges(urgent: bool, redacted: bool, edited: bool, deleted: bool) -> impl IntoView {
    view! {
        {urgent.then(|| view! { <Badge label=text::chat::URGENT tone=Tone::Warn icon=Icon::Urgent /> })}
        {redacted.then(|| view! { <Badge label=words::BADGE_REDACTED tone=Tone::Mute icon=Icon::Lock /> })}
        {edited.then(|| view! { <Badge label=words::BADGE_EDITED tone=Tone::Mute icon=Icon::Pencil /> })}
        {deleted.then(|| view! { <Badge label=words::BADGE_DELETED tone=Tone::Warn icon=Icon::Trash /> })}
    }
}
