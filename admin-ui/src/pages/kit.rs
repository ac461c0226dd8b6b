//! `/console/kit`: every component in one place with its states, for whoever builds with them; the theme is switched at
//! the top. Only in demos, so that no house sees it.

use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::person::Presence;
use chancery_protocol::problem::Problem;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::{Badge, Count, Tone};
use chancery_ui_kit::button::{Button, IconButton, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::field::{Checkbox, Field, FieldKind};
use chancery_ui_kit::filter::{FilterChip, SearchField};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::paging::Paging;
use chancery_ui_kit::presence::PresenceShape;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::{EmptyState, FailedState};
use chancery_ui_kit::table::{SkeletonTable, SortHead, Sorted, Tick};
use chancery_ui_kit::text;
use chancery_ui_kit::text::kit as words;
use chancery_ui_kit::theme_switch::ThemePicker;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;

const KINDS: [(Kind, &str); 5] = [
    (Kind::Primary, words::PRIMARY),
    (Kind::Secondary, words::SECONDARY),
    (Kind::Quiet, words::QUIET),
    (Kind::Danger, words::DANGER),
    (Kind::DangerOutlined, words::DANGER_OUTLINED),
];

const TONES: [(Tone, Icon, &str); 6] = [
    (Tone::Ok, Icon::Tick, "Healthy"),
    (Tone::Warn, Icon::Clock, "Needs approval"),
    (Tone::Bad, Icon::Barred, "Blocked"),
    (Tone::Info, Icon::Info, "Notice"),
    (Tone::Mute, Icon::Lock, "Retired"),
    (Tone::Accent, Icon::Shield, "Administrator"),
];

const PRESENCES: [Presence; 6] = [
    Presence::Available,
    Presence::Away,
    Presence::Busy,
    Presence::DoNotDisturb,
    Presence::InMeeting,
    Presence::Offline,
];

/// The page.
#[component]
pub fn KitPage() -> impl IntoView {
    document().set_title(&text::page_title(words::TITLE, 0));
    view! {
        <div class="kit">
            <header class="kit-head">
                <h1 class="console-title">{words::TITLE}</h1>
                <ThemePicker />
            </header>
            <Buttons />
            <Badges />
            <Fields />
            <Tables />
            <Overlays />
            <States />
        </div>
    }
}

/// A card with one kind of things.
#[component]
fn Part(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="kit-part" aria-label=title>
            <h2 class="kit-title">{title}</h2>
            {children()}
        </section>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let line = |(kind, name): (Kind, &'static str)| {
        view! {
            <div class="kit-row">
                <Button label=name.to_owned() kind />
                <Button label=words::WITH_ICON.to_owned() kind icon=Icon::Plus />
                <Button label=words::WORKING.to_owned() kind working=true />
                <Button label=words::DISABLED.to_owned() kind disabled=true />
            </div>
        }
    };
    view! {
        <Part title=words::BUTTONS>
            {KINDS.into_iter().map(line).collect_view()}
            <div class="kit-row"><IconButton icon=Icon::Pencil label=words::ICON_ONLY on_press=|_| () /></div>
        </Part>
    }
}

#[component]
fn Badges() -> impl IntoView {
    let person = PersonId::from_bytes([3; 16]);
    let sizes = [Size::Tiny, Size::Small, Size::Medium, Size::Large];
    view! {
        <Part title=words::BADGES>
            <div class="kit-row">
                {TONES.into_iter().map(|(tone, icon, label)| view! { <Badge label tone icon /> }).collect_view()}
            </div>
            <div class="kit-row">
                <Count count=3 spoken="3 unread" />
                <Count count=240 spoken="240 unread" />
                <kbd>"Ctrl K"</kbd>
            </div>
            <div class="kit-row">
                {PRESENCES
                    .into_iter()
                    .map(|presence| view! { <span class="kit-presence"><PresenceShape presence />{text::presence::of(presence)}</span> })
                    .collect_view()}
            </div>
            <div class="kit-row">
                {sizes.into_iter().map(|size| view! { <Avatar person name="Priya Raman".to_owned() size /> }).collect_view()}
            </div>
        </Part>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let (plain, wrong) = (
        RwSignal::new("Settlement exceptions".to_owned()),
        RwSignal::new("Settlement/exceptions".to_owned()),
    );
    let (secret, optional) =
        (RwSignal::new("correct horse battery".to_owned()), RwSignal::new(String::new()));
    let (ticked, unticked) = (RwSignal::new(true), RwSignal::new(false));
    view! {
        <Part title=words::FIELDS>
            <div class="kit-grid">
                <Field id="kit-plain" label=words::LABEL value=plain help=words::HELP.to_owned() />
                <Field id="kit-wrong" label=words::LABEL value=wrong error=words::ERROR.to_owned() />
                <Field id="kit-secret" label=text::sign_in::PASSWORD value=secret kind=FieldKind::Password icon=Icon::Lock />
                <Field id="kit-optional" label=words::LABEL value=optional optional=true />
                <Checkbox id="kit-ticked" label=words::TICKED.to_owned() checked=ticked />
                <Checkbox id="kit-unticked" label=words::UNTICKED.to_owned() checked=unticked />
            </div>
        </Part>
    }
}

#[component]
fn Tables() -> impl IntoView {
    let (find, chosen, page) =
        (RwSignal::new(String::new()), RwSignal::new("b".to_owned()), RwSignal::new(0_u32));
    let down = RwSignal::new(false);
    let ticked = RwSignal::new(true);
    let sorted = Signal::derive(move || if down.get() { Sorted::Down } else { Sorted::Up });
    view! {
        <Part title=words::TABLE>
            <div class="filters">
                <SearchField id="find" label=words::FIND hint=words::FIND value=find on_change=move |text| find.set(text) />
                <FilterChip
                    label=words::LABEL
                    choices=vec![("a", words::FIRST), ("b", words::SECOND)]
                    value=chosen
                    on_choose=move |name| chosen.set(name)
                />
            </div>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col" class="cell-tick">
                            <Tick label=words::TICKED ticked=false some=ticked on_tick=move |(on, _)| ticked.set(on) />
                        </th>
                        <SortHead label=words::LABEL sorted on_sort=move |()| down.update(|down| *down = !*down) />
                        <th scope="col" class="table-number">{words::NUMBER}</th>
                    </tr>
                </thead>
                <tbody>
                    <tr class="row-open">
                        <td class="cell-tick"><Tick label=words::FIRST ticked=ticked on_tick=move |(on, _)| ticked.set(on) /></td>
                        <th scope="row">{words::FIRST}</th>
                        <td class="table-number">"12,040"</td>
                    </tr>
                    <tr>
                        <td class="cell-tick"><Tick label=words::SECOND ticked=false on_tick=|_| () /></td>
                        <th scope="row">{words::SECOND}</th>
                        <td class="table-number">"391"</td>
                    </tr>
                </tbody>
            </table>
            <Paging page size=50 total=Signal::derive(|| 412) on_page=move |to| page.set(to) />
        </Part>
    }
}

#[component]
fn Overlays() -> impl IntoView {
    let toasts = Toasts::current();
    let open = RwSignal::new(false);
    let items = || {
        vec![
            Item::new(Icon::Pencil, words::FIRST, || ()).key("E"),
            Item::new(Icon::Trash, words::DANGER, || ()).danger(),
        ]
    };
    view! {
        <Part title=words::OVERLAYS>
            <div class="kit-row">
                <MenuButton label=words::MENU icon=Icon::More items />
                <Button label=words::DIALOG.to_owned() on_press=move |()| open.set(true) />
                <Button label=words::TOAST.to_owned() on_press=move |()| toasts.done(words::DONE) />
                <Button label=words::FAILED.to_owned() on_press=move |()| toasts.failed(words::FAILED, words::ERROR) />
            </div>
            <Dialog open id="kit-dialog" title=words::DIALOG.to_owned()><p class="dialog-body">{words::HELP}</p></Dialog>
            {TONES
                .into_iter()
                .map(|(tone, icon, label)| view! { <Notice tone icon><strong>{label}</strong>" "{words::HELP}</Notice> })
                .collect_view()}
        </Part>
    }
}

#[component]
fn States() -> impl IntoView {
    let error = ClientError::from(Problem {
        kind: String::new(),
        code: "storage_unavailable".to_owned(),
        status: 503,
        title: String::new(),
        detail: None,
        field: None,
        retry_after: None,
        position: None,
    });
    view! {
        <Part title=words::STATES>
            <div class="kit-grid">
                <div class="kit-card"><SkeletonRows rows=3 /></div>
                <div class="kit-card"><SkeletonTable rows=3 /></div>
                <div class="kit-card">
                    <EmptyState icon=Icon::Search title=words::EMPTY body=words::HELP>
                        <Button label=words::FIRST.to_owned() />
                    </EmptyState>
                </div>
                <div class="kit-card"><FailedState title=words::FAILED error on_retry=|()| () /></div>
            </div>
        </Part>
    }
}
