//! The frame (DESIGN.md section 3.2): the menu at the left, the bar above, the page.
//!
//! The menu shows what exists and is open to one, nothing else. It is a rail of icons where there is less room, and a
//! sheet behind a button on a phone.

use chancery_ui_kit::badge::{Badge, Count, Tone};
use chancery_ui_kit::brand::Mark;
use chancery_ui_kit::button::IconButton;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::session::Session;
use chancery_ui_kit::text;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::text::{
    access_tokens, approvals, audit, compliance, factors, health, mail_settings, overview, policy_console,
    review, rule_editor, sources, user_groups,
};
use leptos::ev;
use leptos::prelude::*;

use super::own_menu::OwnMenu;
use crate::logic::roles::{
    duties, edits_sources, keeps_own, reads_accounts, reads_audit, reads_health, reads_overview,
    reads_requests, reviews, searches, writes_rules,
};
use crate::routes::{HOME, MailTab, Place};
use crate::state::counts::Counts;

/// A place of the menu.
#[derive(Clone, PartialEq)]
struct Entry {
    /// Empty for what stands above all groups.
    group: &'static str,
    label: &'static str,
    icon: Icon,
    place: Place,
}

/// Every place there is, in the order of the menu, for those to whom it is open.
fn entries(roles: &[chancery_protocol::person::Role]) -> Vec<Entry> {
    let mut entries = Vec::new();
    if reads_overview(roles) {
        entries.push(Entry { group: "", label: overview::OVERVIEW, icon: Icon::Grid, place: Place::Home });
    }
    if searches(roles) {
        entries.push(Entry {
            group: compliance::GROUP,
            label: compliance::SEARCH,
            icon: Icon::Search,
            place: Place::Search,
        });
    }
    if reviews(roles) {
        entries.push(Entry {
            group: compliance::GROUP,
            label: review::REVIEW,
            icon: Icon::Hourglass,
            place: Place::Review,
        });
        entries.push(Entry { group: compliance::GROUP, ..APPROVALS });
    }
    if writes_rules(roles) {
        entries.push(Entry {
            group: rule_editor::GROUP,
            label: rule_editor::RULES,
            icon: Icon::Shield,
            place: Place::Rules,
        });
    }
    if reads_accounts(roles) {
        entries.push(Entry {
            group: policy_console::GROUP,
            label: policy_console::TITLE,
            icon: Icon::TickBox,
            place: Place::Aup,
        });
        entries.push(Entry {
            group: words::PEOPLE,
            label: words::USERS,
            icon: Icon::Person,
            place: Place::Users,
        });
        entries.push(Entry {
            group: words::PEOPLE,
            label: user_groups::GROUPS,
            icon: Icon::People,
            place: Place::Groups,
        });
    }
    if edits_sources(roles) {
        entries.push(Entry {
            group: words::PEOPLE,
            label: sources::MENU,
            icon: Icon::Building,
            place: Place::Sources,
        });
    }
    // Whoever only looks after accounts sees there what is about them.
    if reads_requests(roles) && !reviews(roles) {
        entries.push(APPROVALS);
    }
    if reads_audit(roles) {
        entries.push(Entry {
            group: words::SYSTEM,
            label: audit::AUDIT,
            icon: Icon::List,
            place: Place::Audit,
        });
    }
    if reads_health(roles) {
        entries.push(Entry {
            group: words::SYSTEM,
            label: health::HEALTH,
            icon: Icon::Pulse,
            place: Place::Health,
        });
    }
    if edits_sources(roles) {
        entries.push(Entry {
            group: words::SYSTEM,
            label: mail_settings::MENU,
            icon: Icon::Mail,
            place: Place::Mail(MailTab::Server),
        });
    }
    // Beside duties, what is one's own is behind the avatar alone.
    if duties(roles).next().is_none() && keeps_own(roles) {
        entries.extend(OWN);
    }
    entries
}

/// What waits for a second person.
const APPROVALS: Entry = Entry {
    group: words::PEOPLE,
    label: approvals::APPROVALS,
    icon: Icon::TickCircle,
    place: Place::Approvals,
};

/// What is one's own.
const OWN: [Entry; 2] = [
    Entry { group: words::OWN_MENU, label: factors::SECURITY, icon: Icon::Shield, place: Place::Security },
    Entry { group: words::OWN_MENU, label: access_tokens::TITLE, icon: Icon::Key, place: Place::Tokens },
];

fn is_here(entry: &Place, place: &Place) -> bool {
    match place {
        Place::User(_) => *entry == Place::Users,
        Place::Group(_) => *entry == Place::Groups,
        Place::Source(_) | Place::Sync(..) | Place::NewSource(_) => *entry == Place::Sources,
        Place::Mail(_) => *entry == Place::Mail(MailTab::Server),
        Place::AuditEntry(_) => *entry == Place::Audit,
        Place::Waiting(_) => *entry == Place::Review,
        Place::Approval(_) => *entry == Place::Approvals,
        Place::Rule(_) | Place::RuleHistory(_) | Place::WordLists | Place::WordList(_) => {
            *entry == Place::Rules
        }
        Place::AupVersion(_) => *entry == Place::Aup,
        _ => entry == place,
    }
}

/// The frame around a page.
#[component]
pub fn Shell(
    /// Where one is.
    place: Memo<Place>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let session = Session::current();
    let entries = memo(move || session.info().map(|info| entries(&info.roles)).unwrap_or_default());
    let demo = memo(move || session.server.get().is_some_and(|server| server.demo));
    let sheet = RwSignal::new(false);
    effect(move || {
        place.track();
        sheet.set(false);
    });
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && sheet.get_untracked() && dom::find(".menu").is_none() {
            event.prevent_default();
            sheet.set(false);
            dom::focus(".topbar .icon-button");
        }
    });
    on_cleanup(move || escape.remove());
    let open_sheet = move |_| {
        sheet.set(true);
        // The sheet is drawn first; only then can something in it have the focus.
        set_timeout(
            || {
                dom::focus(".console-menu a");
            },
            std::time::Duration::ZERO,
        );
    };
    let here = memo(move || {
        let place = place.get();
        entries.get().into_iter().chain(OWN).find(|entry| is_here(&entry.place, &place))
    });
    view! {
        <a class="skip-link" href="#content">{words::CONTENT}</a>
        <div class="console" class:console-sheet=move || sheet.get()>
            <div class="console-scrim" aria-hidden="true" on:click=on(move |_| sheet.set(false))></div>
            <nav class="console-menu" aria-label=words::MENU>
                <a class="console-brand" href=HOME aria-label=text::PRODUCT title=text::PRODUCT>
                    <Mark />
                    <span class="console-word">{text::PRODUCT}</span>
                </a>
                <Groups entries place sheet />
                <span class="console-rest"></span>
                <div class="console-own"><OwnMenu /></div>
            </nav>
            <div class="console-stage">
                <header class="topbar">
                    <span class="topbar-menu">
                        <IconButton
                            icon=Icon::Menu
                            label=words::OPEN_MENU
                            expanded=Signal::derive(move || Some(sheet.get()))
                            on_press=open_sheet
                        />
                    </span>
                    <nav aria-label=words::BREADCRUMB>
                        <ol class="breadcrumb">
                            {move || here.get().map(|entry| {
                                view! {
                                    <li class="breadcrumb-group">{if entry.group.is_empty() { words::MENU } else { entry.group }}<Glyph icon=Icon::ChevronRight /></li>
                                    <li><a href=entry.place.path() aria-current="page">{entry.label}</a></li>
                                }
                            })}
                        </ol>
                    </nav>
                    {move || demo.get().then(|| view! { <DemoNote /> })}
                </header>
                <main class="console-main" id="content" tabindex="-1">{children()}</main>
            </div>
        </div>
    }
}

/// Says on every page that nothing here is real.
#[component]
fn DemoNote() -> impl IntoView {
    view! {
        <p class="demo-note">
            <Badge label=text::demo::NAME tone=Tone::Info icon=Icon::Info />
            <span class="demo-text">{text::demo::NOTE}</span>
        </p>
    }
}

/// The places, under the names of their groups.
#[component]
fn Groups(entries: Memo<Vec<Entry>>, place: Memo<Place>, sheet: RwSignal<bool>) -> impl IntoView {
    move || {
        let entries = entries.get();
        let mut groups: Vec<&'static str> = entries.iter().map(|entry| entry.group).collect();
        groups.dedup();
        let lines = |group: &'static str| {
            let lines = entries.iter().filter(move |entry| entry.group == group).cloned();
            lines.map(|entry| view! { <MenuLine entry place /> }).collect_view()
        };
        groups
            .into_iter()
            .map(|group| {
                let named = (!group.is_empty()).then_some(group);
                view! {
                    {named.map(|group| view! { <p class="console-group" aria-hidden="true">{group}</p> })}
                    // Also a press on the place where one is already closes the sheet.
                    <ul aria-label=named on:click=on(move |_| sheet.set(false))>{lines(group)}</ul>
                }
            })
            .collect_view()
    }
}

#[component]
fn MenuLine(entry: Entry, place: Memo<Place>) -> impl IntoView {
    let counts = Counts::current();
    let waiting = match entry.place {
        Place::Review => Some((counts.review, review::waiting as fn(u64) -> String)),
        Place::Approvals => Some((counts.approvals, approvals::waiting as fn(u64) -> String)),
        _ => None,
    };
    let href = entry.place.path();
    let current = move || place.with(|place| is_here(&entry.place, place)).then_some("page");
    view! {
        <li>
            <a class="console-place" href=href title=entry.label aria-current=current>
                <Glyph icon=entry.icon large=true />
                <span class="console-word">{entry.label}</span>
                {waiting.map(|(count, spoken)| move || {
                    let count = count.get();
                    (count > 0).then(|| view! { <span class="console-count"><Count count spoken=spoken(count) /></span> })
                })}
            </a>
        </li>
    }
}
