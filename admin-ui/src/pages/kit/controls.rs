//! Buttons; badges, counts, chips, presence, avatars, marks in text.

use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::person::Presence;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::{Badge, Count, Tone, Weight};
use chancery_ui_kit::button::{Button, IconButton, Kind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::presence::PresenceShape;
use chancery_ui_kit::text;
use chancery_ui_kit::text::kit as words;
use leptos::prelude::*;

use super::Part;

const KINDS: [(Kind, &str); 6] = [
    (Kind::Primary, words::PRIMARY),
    (Kind::Secondary, words::SECONDARY),
    (Kind::Quiet, words::QUIET),
    (Kind::Danger, words::DANGER),
    (Kind::DangerOutlined, words::DANGER_OUTLINED),
    (Kind::Hold, words::HOLD),
];

const TONES: [(Tone, Icon, &str); 7] = [
    (Tone::Ok, Icon::Tick, words::HEALTHY),
    (Tone::Warn, Icon::Clock, words::NEEDS_APPROVAL),
    (Tone::Bad, Icon::Barred, words::BLOCKED),
    (Tone::Info, Icon::Info, words::NOTICE),
    (Tone::Hold, Icon::Scales, words::ON_HOLD),
    (Tone::Mute, Icon::Lock, words::RETIRED),
    (Tone::Accent, Icon::Shield, words::DUTY),
];

const PRESENCES: [Presence; 6] = [
    Presence::Available,
    Presence::Away,
    Presence::Busy,
    Presence::DoNotDisturb,
    Presence::InMeeting,
    Presence::Offline,
];

#[component]
pub fn Buttons() -> impl IntoView {
    let line = |(kind, name): (Kind, &'static str)| {
        view! {
            <div class="kit-row">
                <span class="kit-name">{name}</span>
                <Button label=words::SAVE.to_owned() kind />
                <Button label=words::WITH_ICON.to_owned() kind icon=Icon::Plus />
                <Button label=words::WORKING.to_owned() kind working=true />
                <Button label=words::DISABLED.to_owned() kind disabled=true />
            </div>
        }
    };
    view! {
        <Part title=words::BUTTONS lead=words::BUTTONS_LEAD>
            {KINDS.into_iter().map(line).collect_view()}
            <div class="kit-row">
                <span class="kit-name">{words::HEIGHTS}</span>
                <span class="small-buttons"><Button label=words::SMALL.to_owned() /></span>
                <Button label=words::MEDIUM.to_owned() />
                <span class="large-buttons"><Button label=words::LARGE.to_owned() /></span>
                <IconButton icon=Icon::Pencil label=words::ICON_ONLY.to_owned() on_press=|_| () />
                <IconButton icon=Icon::Info label=words::ICON_OPEN.to_owned() expanded=true on_press=|_| () />
            </div>
        </Part>
    }
}

#[component]
pub fn Badges() -> impl IntoView {
    let person = PersonId::from_bytes([3; 16]);
    let sizes = [Size::Tiny, Size::Small, Size::Medium, Size::Large];
    let presence = |presence: Presence| {
        view! { <span class="kit-pair"><PresenceShape presence />{text::presence::of(presence)}</span> }
    };
    view! {
        <Part title=words::BADGES lead=words::BADGES_LEAD>
            <div class="kit-row">
                {TONES.into_iter().map(|(tone, icon, label)| view! { <Badge label tone icon /> }).collect_view()}
            </div>
            <div class="kit-row">
                <Count count=3 spoken=words::THREE_UNREAD />
                <Count count=23 spoken=words::SOME_WAITING weight=Weight::Plain />
                <Count count=240 spoken=words::MANY_OVERDUE weight=Weight::Overdue />
                <kbd>"Ctrl K"</kbd>
                <kbd>"J"</kbd>
                <kbd>"Enter"</kbd>
            </div>
            <div class="kit-row">{PRESENCES.into_iter().map(presence).collect_view()}</div>
            <div class="kit-row">
                {sizes
                    .into_iter()
                    .map(|size| view! { <Avatar person name=words::SOMEBODY.to_owned() size /> })
                    .collect_view()}
                <Avatar person name=words::SOMEBODY.to_owned() size=Size::Large presence=Signal::stored(Some(Presence::Busy)) />
            </div>
            <p class="kit-row">
                {words::IN_TEXT}
                <mark class="text-mark">{words::SEARCH_MATCH}</mark>
                <mark class="text-mark text-mark-hit">{words::RULE_MATCH}</mark>
                <span class="text-mark-redacted"><Glyph icon=Icon::Lock />{words::REMOVED}</span>
                <span class="text-mark text-mark-mention">{words::MENTION}</span>
                <span class="proof"><Glyph icon=Icon::Seal />{words::PROVEN}</span>
            </p>
        </Part>
    }
}
