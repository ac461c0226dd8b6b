//! A message in its conversation: its neighbours, every version of each, and who was a member then.

use chancery_protocol::conversation::Acknowledgement;
use chancery_protocol::ids::RecordId;
use chancery_protocol::search::{Context, MessageVersion, WholeMessage};
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::marked::{Marked, pieces};
use chancery_ui_kit::pane::SidePane;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::compliance as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use super::hit::Badges;
use super::results::brief;
use crate::state::finding::Finding;

/// The pane.
#[component]
pub fn Pane(
    /// The message that was asked for.
    message: RecordId,
) -> impl IntoView {
    let finding = Finding::current();
    let title = Signal::derive(move || {
        let title = finding
            .context
            .with(|context| context.ready().map(|context| finding.called(&context.conversation)));
        title.unwrap_or_else(|| words::CONTEXT.to_owned())
    });
    let subtitle = Signal::derive(move || {
        finding
            .context
            .with(|context| context.ready().map(|context| words::members(context.members.len() as u64)))
            .unwrap_or_default()
    });
    view! {
        <SidePane id="context" title subtitle on_close=move |()| finding.close()>
            <LoadedView
                value=finding.context.into()
                failed_title=words::CONTEXT_FAILED
                on_retry=move |()| finding.show(message)
                skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=6 /></div> }.into_any()
                empty=|_: &Context| None
                ready=move |context| view! { <Parts context message /> }.into_any()
            />
        </SidePane>
    }
}

#[component]
fn Parts(context: Context, message: RecordId) -> impl IntoView {
    let finding = Finding::current();
    let members: Vec<String> = context.members.iter().map(|member| finding.name(member.person)).collect();
    view! {
        <ol class="context" aria-label=words::CONTEXT>
            {context.messages.into_iter().map(|one| {
                let asked = one.id == message;
                view! { <Line message=one asked /> }
            }).collect_view()}
        </ol>
        <section class="pane-part" aria-labelledby="members-then">
            <h3 class="pane-part-title" id="members-then">{words::MEMBERS_THEN}</h3>
            <p class="context-members">{members.join(", ")}</p>
        </section>
    }
}

#[component]
fn Line(message: WholeMessage, asked: bool) -> impl IntoView {
    let finding = Finding::current();
    let name = finding.name(message.author);
    let last = message.versions.len();
    let redacted = message.versions.iter().any(|version| !version.removed.is_empty());
    let versions = message.versions.into_iter().enumerate().map(|(at, version)| {
        let earlier = (at + 1 < last).then(|| words::version(at + 1, &LocalTime::of(version.at).full()));
        view! { <Version version earlier /> }
    });
    view! {
        <li class="context-line" class:context-asked=asked aria-current=asked.then_some("true")>
            <p class="context-head">
                <Avatar person=message.author name=name.clone() photo=finding.photo(message.author) size=Size::Tiny />
                <bdi class="hit-name">{name}</bdi>
                <time datetime=time::machine(message.at) title=LocalTime::of(message.at).full()>{brief(message.at)}</time>
                <span class="hit-number mono">{words::number(message.position)}</span>
            </p>
            {versions.collect_view()}
            {message.removals.into_iter().map(|removal| {
                let who = removal.by.map_or_else(|| words::SOMEBODY.to_owned(), |by| finding.name(by));
                let said = words::removed(removal.restored, &who, &LocalTime::of(removal.at).full());
                view! { <p class="context-note">{said}</p> }
            }).collect_view()}
            {acknowledged(finding, message.acknowledged, asked)}
            <Badges urgent=message.urgent redacted edited=message.edited_at.is_some() deleted=message.deleted_at.is_some() />
        </li>
    }
}

/// Who acknowledged an urgent message; the names stand open under the message that was asked for.
fn acknowledged(finding: Finding, by: Vec<Acknowledgement>, open: bool) -> Option<AnyView> {
    let count = by.len() as u64;
    let one = move |one: Acknowledgement| {
        let said = words::acknowledged(&finding.name(one.person), &LocalTime::of(one.at).full());
        view! { <li><bdi>{said}</bdi></li> }
    };
    (count > 0).then(|| {
        view! {
            <details class="context-note context-acknowledged" open=open>
                <summary>{words::acknowledged_by(count)}</summary>
                <ul>{by.into_iter().map(one).collect_view()}</ul>
            </details>
        }
        .into_any()
    })
}

/// What it said; an earlier version says which and when.
#[component]
fn Version(version: MessageVersion, earlier: Option<String>) -> impl IntoView {
    let pieces = match &version.text {
        Some(text) => pieces(text, &version.spans),
        None => pieces(words::DAMAGED, &[]),
    };
    let parts = version.removed.iter().filter_map(|part| {
        let text = version.text.as_ref()?.get(part.span.start as usize..part.span.end as usize)?;
        Some(words::kept_from_members(text, &part.instead))
    });
    let kept: Vec<String> = parts.collect();
    let old = earlier.is_some();
    view! {
        <div class="context-version" class:context-old=old>
            {earlier.map(|said| view! { <p class="context-note">{said}</p> })}
            <p class="context-words"><Marked pieces /></p>
            {kept.into_iter().map(|said| view! { <p class="context-note"><bdi>{said}</bdi></p> }).collect_view()}
        </div>
    }
}
