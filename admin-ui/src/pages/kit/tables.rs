//! A table with its filters, states of rows and foot.

use chancery_protocol::ids::{Id, PersonId};
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::filter::{FilterChip, SearchField};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::paging::Paging;
use chancery_ui_kit::table::{SortHead, Sorted, Tick};
use chancery_ui_kit::text;
use chancery_ui_kit::text::kit as words;
use leptos::prelude::*;

use super::Part;

/// Name, sessions, whether suspended. Invented.
const PEOPLE: [(&str, u64, bool); 4] = [
    ("Amara Osei", 2, false),
    ("Noor Haddad", 1, false),
    ("Ingrid Solheim", 1, false),
    ("Claire Dubois", 0, true),
];

#[component]
pub fn Tables() -> impl IntoView {
    let find = RwSignal::new(String::new());
    let (any, chosen) = (RwSignal::new(String::new()), RwSignal::new("b".to_owned()));
    let page = RwSignal::new(0_u32);
    let down = RwSignal::new(false);
    let ticked = RwSignal::new([false, false, true, false]);
    let sorted = Signal::derive(move || if down.get() { Sorted::Down } else { Sorted::Up });
    let all = Signal::derive(move || ticked.get().iter().all(|on| *on));
    let some = Signal::derive(move || ticked.get().contains(&true) && !all.get());
    let choices = || vec![("a", words::FIRST), ("b", words::SECOND)];
    let row = move |at: usize| {
        let (name, sessions, suspended) = PEOPLE[at];
        let person = PersonId::from_bytes([u8::try_from(at).unwrap_or_default() * 5 + 1; 16]);
        let on = Signal::derive(move || ticked.get()[at]);
        let (tone, icon, state) = if suspended {
            (Tone::Bad, Icon::Barred, words::SUSPENDED)
        } else {
            (Tone::Ok, Icon::Tick, words::ACTIVE)
        };
        let items = || vec![Item::new(Icon::Pencil, words::FIRST, || ())];
        view! {
            <tr class:row-open=at == 2>
                <td class="cell-tick">
                    <Tick label=text::console::tick(name) ticked=on on_tick=move |(on, _)| ticked.update(|ticked| ticked[at] = on) />
                </td>
                <th scope="row"><span class="kit-pair"><Avatar person name=name.to_owned() size=Size::Small />{name}</span></th>
                <td><Badge label=state tone icon /></td>
                <td class="table-number">{sessions}</td>
                <td class="cell-acts"><MenuButton label=text::console::acts_of(name) icon=Icon::More items /></td>
            </tr>
        }
    };
    let rows = move || {
        let mut order: Vec<usize> = (0..PEOPLE.len()).collect();
        order.sort_by_key(|at| PEOPLE[*at].0);
        if down.get() {
            order.reverse();
        }
        order.into_iter().map(row).collect_view()
    };
    view! {
        <Part title=words::TABLE lead=words::TABLE_LEAD>
            <div class="filters">
                <SearchField id="find" label=words::FIND hint=words::FIND value=find on_change=move |text| find.set(text) />
                <FilterChip label=words::CHIP choices=choices() value=any on_choose=move |name| any.set(name) />
                <FilterChip label=words::CHOSEN choices=choices() value=chosen on_choose=move |name| chosen.set(name) />
            </div>
            <div class="kit-table" tabindex="0" role="region" aria-label=words::TABLE_EXAMPLE>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col" class="cell-tick">
                                <Tick label=text::console::TICK_PAGE ticked=all some on_tick=move |(on, _)| ticked.set([on; 4]) />
                            </th>
                            <SortHead label=text::console::NAME sorted on_sort=move |()| down.update(|down| *down = !*down) />
                            <th scope="col">{text::console::STATE}</th>
                            <th scope="col" class="table-number">{text::console::SESSIONS}</th>
                            <th scope="col" class="cell-acts"><span class="sr-only">{text::console::ACTS}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <Paging page size=50 total=Signal::derive(|| 412) on_page=move |to| page.set(to) />
        </Part>
    }
}
