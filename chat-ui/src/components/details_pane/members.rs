//! Who is in the conversation, and for owners what can be done with each.

use chancery_protocol::command::{Members, SetMemberRole};
use chancery_protocol::conversation::{ConversationKind, Member, MemberRole};
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Presence;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::reactive::{effect, memo, on, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::FailedState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::groups as words;
use chancery_ui_kit::text::people;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;

use super::{Asked, Pane};
use crate::components::group_fields::refusal;
use crate::components::name_badge::{guest_line, name_badge};
use crate::routes::Place;
use crate::state::chat::client_id;

/// So many are shown before all are asked for.
const FIRST: usize = 8;

/// The head with its number, and the list.
#[component]
pub fn MemberPart(pane: Pane) -> impl IntoView {
    let Pane { chat, id, .. } = pane;
    let failed = RwSignal::new(None::<ClientError>);
    let ask = move || {
        failed.set(None);
        chat.ask_then(Members { conversation: id }, move |answer| {
            let _ = failed.try_set(answer.err());
        });
    };
    // The list may have grown since it was last asked for.
    let live = memo(move || chat.is_live());
    effect(move || {
        if live.get() {
            ask();
        }
    });
    let members = memo(move || {
        chat.state.with(|state| state.conversations.get(&id).and_then(|known| known.members.clone()))
    });
    let all = RwSignal::new(false);
    let owner = memo(move || pane.is_owner());
    let shown = memo(move || {
        let most = if all.get() { usize::MAX } else { FIRST };
        members
            .with(|members| members.as_ref().map(|list| list.iter().take(most).cloned().collect::<Vec<_>>()))
    });
    let count = memo(move || members.with(|members| members.as_ref().map(Vec::len)));
    let more = memo(move || !all.get() && count.get().is_some_and(|count| count > FIRST));
    view! {
        <div class="details-part">
            <h3>
                {people::MEMBERS}
                " "
                <span class="details-count">{move || count.get()}</span>
            </h3>
            {show(move || owner.get(), move || view! { <button type="button" class="details-act" on:click=on(move |_| pane.asked.set(Some(Asked::Add)))>
                    <Glyph icon=Icon::Plus />
                    {words::ADD}
                    <span class="sr-only">" "{people::SEARCH.to_ascii_lowercase()}</span>
                </button> }.into_any())}
        </div>
        {move || match (shown.get(), failed.get()) {
            (Some(members), _) => view! {
                <ul class="members">
                    {members.into_iter().map(|member| view! { <MemberLine pane member /> }).collect_view()}
                </ul>
            }
            .into_any(),
            (None, Some(error)) => {
                view! { <FailedState title=people::MEMBERS_FAILED error on_retry=move |()| ask() /> }.into_any()
            }
            (None, None) => view! { <SkeletonRows rows=4 /> }.into_any(),
        }}
        {show(move || more.get(), move || view! { <button type="button" class="details-act" on:click=on(move |_| all.set(true))>
                {move || words::show_all(count.get().unwrap_or_default() as u64)}
            </button> }.into_any())}
    }
}

#[component]
fn MemberLine(pane: Pane, member: Member) -> impl IntoView {
    let chat = pane.chat;
    let id = member.person;
    let name = memo(move || chat.person(id).map(|person| person.name).unwrap_or_default());
    let presence = memo(move || chat.presence_of(id));
    let tag = move || {
        let role = words::role(member.role, pane.kind());
        if chat.me() == Some(id) {
            return Some(words::you_and(role));
        }
        let busy =
            presence.get().filter(|presence| !matches!(presence, Presence::Available | Presence::Offline));
        role.or(busy.map(text::presence::of)).map(str::to_owned)
    };
    let owner = memo(move || pane.is_owner());
    view! {
        <li class="member-line">
            <a class="member" href=Place::Person(id).path()>
                <Avatar person=id name=Signal::derive(move || name.get()) photo=chat.photo(id) size=Size::Small
                    presence=Signal::derive(move || presence.get()) />
                <span class="member-text">
                    <span class="member-first">
                        <span class="member-name">
                            <bdi>{move || name.get()}</bdi>
                            {move || presence.get().map(|presence| view! {
                                <span class="sr-only">", "{text::presence::of(presence).to_ascii_lowercase()}</span>
                            })}
                        </span>
                        {name_badge(move || Some(id))}
                        <span class="member-tag">{tag}</span>
                    </span>
                    <span class="member-guest"><bdi>{move || guest_line(chat, id)}</bdi></span>
                </span>
            </a>
            {move || owner.get().then(|| {
                let toasts = Toasts::current();
                let role = member.role;
                view! { <MenuButton label=words::actions(&name.get()) icon=Icon::More items=move || acts(pane, toasts, id, role) /> }
            })}
        </li>
    }
}

/// What an owner can do with a member, or with themselves.
fn acts(pane: Pane, toasts: Toasts, person: PersonId, role: MemberRole) -> Vec<Item> {
    let announcement = pane
        .info
        .with_untracked(|info| info.as_ref().is_some_and(|info| info.kind == ConversationKind::Announcement));
    let me = pane.chat.state.with_untracked(|state| state.me.as_ref().is_some_and(|me| me.id == person));
    if me {
        let step_down = move || pane.asked.set(Some(Asked::StepDown));
        let leave = move || pane.asked.set(Some(Asked::Leave));
        return vec![
            Item::new(Icon::Person, words::STEP_DOWN, step_down),
            Item::new(Icon::SignOut, words::LEAVE, leave).danger(),
        ];
    }
    let set = move |role: MemberRole| move || set_role(pane, toasts, person, role);
    let mut items = Vec::new();
    // Nobody from outside manages a group.
    let guest = pane.chat.person(person).is_some_and(|person| person.guest);
    match role {
        MemberRole::Owner => items.push(Item::new(Icon::Person, words::MAKE_MEMBER, set(MemberRole::Member))),
        MemberRole::Poster | MemberRole::Member if !guest => {
            items.push(Item::new(Icon::Settings, words::MAKE_OWNER, set(MemberRole::Owner)));
        }
        MemberRole::Poster | MemberRole::Member => {}
    }
    match role {
        MemberRole::Member if announcement => {
            items.push(Item::new(Icon::Pencil, words::LET_WRITE, set(MemberRole::Poster)));
        }
        MemberRole::Poster if announcement => {
            items.push(Item::new(Icon::Eye, words::STOP_WRITING, set(MemberRole::Member)));
        }
        _ => {}
    }
    let take_out = move || pane.asked.set(Some(Asked::TakeOut(person)));
    items.push(Item::new(Icon::SignOut, words::TAKE_OUT, take_out).danger());
    items
}

fn set_role(pane: Pane, toasts: Toasts, person: PersonId, role: MemberRole) {
    let command = SetMemberRole { client_id: client_id(), conversation: pane.id, person, role };
    pane.chat.manage(pane.id, command, move |result| {
        if let Err(error) = result {
            toasts.failed(words::NOT_CHANGED, refusal(&error));
        }
    });
}
