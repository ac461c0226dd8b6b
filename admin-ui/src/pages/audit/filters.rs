//! The filter row: words, when, who, what; and how much has come since.

use chancery_ui_kit::filter::{FilterChip, SearchField};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::session::Session;
use chancery_ui_kit::text::audit as words;
use leptos::prelude::*;

use crate::logic::log::{GROUPS, LogView, SPANS, Who};
use crate::logic::roles::reads_whole_audit;
use crate::state::log::Log;

/// The words of [`SPANS`], in their order.
const WHEN: [&str; 3] = [words::TODAY, words::WEEK, words::MONTH];

/// The row.
#[component]
pub fn Filters() -> impl IntoView {
    let (log, session) = (Log::current(), Session::current());
    let view = log.view;
    let me = session.info_untracked().map(|info| info.me.id);
    let whole = session.info_untracked().is_some_and(|info| reads_whole_audit(&info.roles));
    let text = Signal::derive(move || view.with(|view| view.text.clone()));
    let when = Signal::derive(move || view.with(|view| view.when.clone()));
    let what = Signal::derive(move || view.with(|view| view.what.clone()));
    let who = Signal::derive(move || {
        view.with(|view| match view.who {
            Who::Anybody => String::new(),
            Who::System => "system".to_owned(),
            Who::Person(id) => id.to_string(),
        })
    });
    // Whoever is filtered by stands in the list of choices, whoever it is.
    let person = memo(move || match view.with(|view| view.who) {
        Who::Person(id) if Some(id) != me => Some(id),
        _ => None,
    });
    let look = move |change: &dyn Fn(&mut LogView), step: bool| {
        let mut next = LogView { before: None, ..view.get_untracked() };
        change(&mut next);
        log.look(&next, step);
    };
    view! {
        <div class="filters">
            <SearchField id="find" label=words::SEARCH hint=words::SEARCH_HINT value=text
                on_change=move |text: String| look(&|view| view.text.clone_from(&text), false) />
            <FilterChip
                label=words::WHEN
                choices=SPANS.iter().zip(WHEN).map(|((name, _), shown)| (*name, shown)).collect()
                value=when
                on_choose=move |when: String| look(&|view| view.when.clone_from(&when), true)
            />
            {whole.then(|| view! {
                {move || person.get().map(|id| {
                    let name = log.person(id).map_or_else(|| words::SOMEBODY.to_owned(), |person| person.name);
                    view! {
                        <span class="filter-chip filter-chosen">
                            <span class="filter-label"><span class="filter-name">{words::WHO}</span><bdi>{name}</bdi></span>
                            <button type="button" class="filter-clear" aria-label=chancery_ui_kit::text::console::clear_filter(words::WHO)
                                on:click=on(move |_| look(&|view| view.who = Who::Anybody, true))>
                                <Glyph icon=Icon::Close />
                            </button>
                        </span>
                    }
                })}
                {move || person.get().is_none().then(|| view! {
                    <FilterChip
                        label=words::WHO
                        choices=vec![("system", words::SYSTEM), ("me", words::ME)]
                        value=Signal::derive(move || if who.get() == "system" || who.get().is_empty() { who.get() } else { "me".to_owned() })
                        on_choose=move |name: String| {
                            let who = match (name.as_str(), me) {
                                ("system", _) => Who::System,
                                ("me", Some(me)) => Who::Person(me),
                                _ => Who::Anybody,
                            };
                            look(&|view| view.who = who, true);
                        }
                    />
                })}
            })}
            <FilterChip
                label=words::WHAT
                choices=GROUPS.iter().map(|(name, _)| (*name, words::group(name))).collect()
                value=what
                on_choose=move |what: String| look(&|view| view.what.clone_from(&what), true)
            />
            <div class="filter-count" role="status">
                {move || match log.news.get() {
                    0 => None,
                    count => Some(view! {
                        <button type="button" class="link-button" on:click=on(move |_| log.load())>{words::news(count)}</button>
                    }),
                }}
            </div>
        </div>
    }
}
