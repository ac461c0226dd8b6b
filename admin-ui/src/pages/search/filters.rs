//! The filters: people, conversations, dates, kind, edited, deleted. They count with the next search.

use chancery_protocol::Micros;
use chancery_protocol::conversation::ConversationKind;
use chancery_ui_kit::filter::FilterChip;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::compliance as words;
use chancery_ui_kit::text::console;
use chancery_ui_kit::time::{LocalTime, day_begins};
use leptos::prelude::*;

use super::picker::{AddConversation, AddPerson};
use crate::state::finding::Finding;

const DAY: Micros = 86_400_000_000;
const KINDS: [(ConversationKind, &str); 3] = [
    (ConversationKind::Direct, "direct"),
    (ConversationKind::Group, "group"),
    (ConversationKind::Announcement, "announcement"),
];

/// The row.
#[component]
pub fn Filters() -> impl IntoView {
    let finding = Finding::current();
    let yes_or_no = |value: RwSignal<Option<bool>>| {
        let shown = Signal::derive(move || match value.get() {
            None => String::new(),
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
        });
        let choose = move |name: String| {
            value.set(match name.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            });
        };
        (shown, choose)
    };
    let (edited, choose_edited) = yes_or_no(finding.edited);
    let (deleted, choose_deleted) = yes_or_no(finding.deleted);
    let kind = Signal::derive(move || {
        let kind = finding.kind.get();
        KINDS
            .iter()
            .find(|(known, _)| Some(*known) == kind)
            .map(|(_, name)| (*name).to_owned())
            .unwrap_or_default()
    });
    view! {
        <div class="filters compliance-filters">
            {move || finding.people.get().into_iter().map(|person| {
                let id = person.id;
                view! {
                    <Chosen label=words::PEOPLE name=person.name on_clear=move |()| finding.people.update(|people| people.retain(|one| one.id != id)) />
                }
            }).collect_view()}
            <AddPerson />
            {move || finding.conversations.get().into_iter().map(|place| {
                let id = place.id;
                view! {
                    <Chosen label=words::CONVERSATION name=finding.called(&place)
                        on_clear=move |()| finding.conversations.update(|places| places.retain(|one| one.id != id)) />
                }
            }).collect_view()}
            <AddConversation />
            <Dates />
            <FilterChip
                label=words::KIND
                choices=KINDS.iter().map(|(kind, name)| (*name, words::kind(*kind))).collect()
                value=kind
                on_choose=move |name: String| finding.kind.set(KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind))
            />
            <FilterChip label=words::EDITED choices=vec![("yes", words::YES), ("no", words::NO)] value=edited on_choose=choose_edited />
            <FilterChip label=words::DELETED choices=vec![("yes", words::YES), ("no", words::NO)] value=deleted on_choose=choose_deleted />
        </div>
    }
}

/// Something that is filtered by, with the way to take it away.
#[component]
fn Chosen(label: &'static str, name: String, #[prop(into)] on_clear: Callback<()>) -> impl IntoView {
    let clear = format!("{} {name}", console::clear_filter(label));
    view! {
        <span class="filter-chip filter-chosen">
            <span class="filter-label"><span class="filter-name">{label}</span><bdi>{name}</bdi></span>
            <button type="button" class="filter-clear" aria-label=clear.clone() title=clear on:click=on(move |_| on_clear.run(()))>
                <Glyph icon=Icon::Close />
            </button>
        </span>
    }
}

/// The first and the last day.
#[component]
fn Dates() -> impl IntoView {
    let finding = Finding::current();
    // The last day belongs to it.
    let day = |at: Option<Micros>, before: Micros| {
        at.map(|at| LocalTime::of(at - before).machine_day()).unwrap_or_default()
    };
    view! {
        <span class="filter-chip filter-dates" class:filter-chosen=move || finding.from.get().is_some() || finding.until.get().is_some()>
            <label class="filter-label">
                <span class="filter-name">{words::FROM}</span>
                <input type="date" prop:value=move || day(finding.from.get(), 0)
                    on:change=on(move |event| finding.from.set(day_begins(&event_target_value(&event)))) />
            </label>
            <label class="filter-label">
                <span class="filter-name">{words::UNTIL}</span>
                <input type="date" prop:value=move || day(finding.until.get(), 1)
                    on:change=on(move |event| finding.until.set(day_begins(&event_target_value(&event)).map(|at| at + DAY))) />
            </label>
        </span>
    }
}
