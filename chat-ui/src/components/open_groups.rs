//! Open groups and announcements that one is not in: found by name, joined by a press.

use std::time::Duration;

use chancery_protocol::command::FindOpen;
use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::frame::{Answer, OpenGroup};
use chancery_protocol::ids::ConversationId;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Badge;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::groups as words;
use chancery_ui_kit::toast::Toasts;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::components::conversation_row::icon_of;
use crate::components::group_fields::refusal;
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;

const WAIT: Duration = Duration::from_millis(200);

/// Most groups that are shown.
const MOST: u16 = 50;

/// Asks for open groups whose name contains a text.
pub fn find_open(
    chat: Chat,
    text: String,
    limit: u16,
    then: impl FnOnce(Result<Vec<OpenGroup>, ClientError>) + 'static,
) {
    chat.ask_then(FindOpen { text, limit }, move |answer| {
        then(answer.and_then(|answer| match answer {
            Answer::OpenGroups { groups } => Ok(groups),
            _ => Err(ClientError::Decode),
        }));
    });
}

/// The sentence for a group that could not be joined.
pub fn not_joined(error: &ClientError) -> String {
    match error.code() {
        Some("conversation_not_found" | "not_found") => words::NOT_OPEN.to_owned(),
        _ => refusal(error),
    }
}

/// The search and what it finds.
#[component]
pub fn OpenGroups() -> impl IntoView {
    let chat = Chat::current();
    let toasts = Toasts::current();
    let go = use_go();
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(Loaded::<Vec<OpenGroup>>::Loading);
    let joining = RwSignal::new(None::<ConversationId>);
    let asked = StoredValue::new(0_u32);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let ask = move || {
        // The page may have been left while the timer ran.
        let Some(text) = typed.try_with_untracked(|typed| typed.trim().to_owned()) else { return };
        let number = asked.get_value().wrapping_add(1);
        asked.set_value(number);
        find_open(chat, text, MOST, move |groups| {
            if asked.try_get_value() == Some(number) {
                let _ = found.try_set(groups.into());
            }
        });
    };
    let live = memo(move || chat.is_live());
    effect(move || {
        if live.get() {
            ask();
        }
    });
    let join = move |group: OpenGroup| {
        if joining.get_untracked().is_some() {
            return;
        }
        joining.set(Some(group.id));
        chat.join(group.id, move |result| {
            let _ = joining.try_set(None);
            match result {
                Ok(()) => {
                    toasts.done(words::joined(&group.name));
                    go.to(Place::Conversation(group.id));
                }
                Err(error) => {
                    toasts.failed(words::NOT_JOINED, not_joined(&error));
                    ask();
                }
            }
        });
    };
    let none = move |groups: &Vec<OpenGroup>| {
        groups.is_empty().then(|| {
            let body = typed.with_untracked(|typed| match typed.trim() {
                "" => words::JOIN_NONE_BODY.to_owned(),
                typed => words::no_open(typed),
            });
            view! { <EmptyState icon=Icon::Hash title=words::JOIN_NONE_TITLE body /> }.into_any()
        })
    };
    let lines = move |groups: Vec<OpenGroup>| {
        let line = move |group: OpenGroup| {
            let working = Signal::derive(move || joining.get() == Some(group.id));
            view! { <GroupLine group=group.clone() working on_join=Callback::new(move |()| join(group.clone())) /> }
        };
        view! { <ul class="members" aria-label=words::JOIN_FOUND>{groups.into_iter().map(line).collect_view()}</ul> }
            .into_any()
    };
    let node = NodeRef::<leptos::html::Input>::new();
    effect(move || {
        if let Some(node) = node.get() {
            let _ = node.focus();
        }
    });
    view! {
        <div class="field">
            <div class="field-head"><label for="open-search">{words::JOIN_SEARCH}</label></div>
            <div class="field-box">
                <Glyph icon=Icon::Search />
                <input
                    id="open-search"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    node_ref=node
                    aria-describedby="open-search-note"
                    prop:value=move || typed.get()
                    on:input=on(move |event| {
                        typed.set(event_target_value(&event));
                        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
                            timer.clear();
                        }
                        timer.set_value(set_timeout_with_handle(ask, WAIT).ok());
                    })
                />
            </div>
            <p class="field-note" id="open-search-note">{words::JOIN_SEARCH_HELP}</p>
            <div class="picker-found open-found">
                <LoadedView
                    value=found.into()
                    failed_title=words::JOIN_FAILED_TITLE
                    on_retry=move |()| {
                        found.set(Loaded::Loading);
                        ask();
                    }
                    skeleton=|| view! { <SkeletonRows rows=4 /> }.into_any()
                    empty=none
                    ready=lines
                />
            </div>
        </div>
    }
}

#[component]
fn GroupLine(group: OpenGroup, working: Signal<bool>, on_join: Callback<()>) -> impl IntoView {
    let announcement = group.kind == ConversationKind::Announcement;
    let about = group.topic.clone().unwrap_or_default();
    let count = text::people::members(group.member_count.into());
    view! {
        <li class="open-group">
            <span class="avatar avatar-36 avatar-group" aria-hidden="true"><Glyph icon=icon_of(group.kind, true) large=true /></span>
            <span class="open-words">
                <span class="open-name">
                    <bdi>{group.name.clone()}</bdi>
                    {announcement.then(|| view! { <Badge label=words::ANNOUNCEMENT icon=Icon::Bell /> })}
                </span>
                <span class="state-hint"><bdi>{about}</bdi></span>
                <span class="state-hint">{count}</span>
            </span>
            <Button label=words::JOIN.to_owned() about=group.name kind=Kind::Secondary icon=Icon::Plus working on_press=on_join />
        </li>
    }
}
