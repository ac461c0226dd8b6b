//! What there was before: the list of versions, and one of them with what it changed.

use chancery_protocol::acceptance::PolicyTextVersion;
use chancery_protocol::policy::{PolicyText, Section};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::policy_text::{essence, sections};
use chancery_ui_kit::text::policy as text_words;
use chancery_ui_kit::text::policy_console as words;
use leptos::prelude::*;

use super::{Page, day, loaded};
use crate::components::nowhere::Nowhere;
use crate::logic::policy::{Became, changes};
use crate::routes::Place;

/// The card with all of them.
pub fn list(versions: &[PolicyTextVersion]) -> AnyView {
    let row = |version: &PolicyTextVersion| {
        view! {
            <tr>
                <th scope="row"><a href=Place::AupVersion(version.version).path()>{words::version(version.version)}</a></th>
                <td dir="auto">{version.text.title.clone()}</td>
                <td>{day(version.at)}</td>
                <td>{(!version.in_force).then(|| view! { <Badge label=words::OFF tone=Tone::Mute /> })}</td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-labelledby="aup-versions">
            <h2 class="card-title" id="aup-versions">{words::VERSIONS}</h2>
            {if versions.is_empty() {
                view! { <div class="card-body"><p class="quiet">{words::NO_VERSIONS}</p></div> }.into_any()
            } else {
                view! {
                    <div class="table-frame">
                        <table class="table" aria-labelledby="aup-versions">
                            <tbody>{versions.iter().map(row).collect_view()}</tbody>
                        </table>
                    </div>
                }
                .into_any()
            }}
        </section>
    }
    .into_any()
}

/// The page of one of them.
pub fn page(page: Page, number: u32) -> AnyView {
    loaded(page, move |versions| {
        let Some(at) = versions.iter().position(|version| version.version == number) else {
            return view! { <Nowhere /> }.into_any();
        };
        let mut from = versions.into_iter().skip(at);
        let Some(version) = from.next() else { return ().into_any() };
        one(&version, from.next().as_ref())
    })
}

fn one(version: &PolicyTextVersion, before: Option<&PolicyTextVersion>) -> AnyView {
    let name = |person: &Option<chancery_protocol::person::Person>| {
        person.as_ref().map(|person| person.name.clone()).unwrap_or_default()
    };
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title" dir="auto">{words::version_title(version.version, &version.text.title)}</h1>
                <p class="console-lead">
                    {day(version.at)}". "{words::made_by(&name(&version.asked_by), &name(&version.agreed_by))}". "
                    <code>{text_words::short(&version.fingerprint)}</code>" "
                    {(!version.in_force).then(|| view! { <Badge label=words::OFF tone=Tone::Mute /> })}
                </p>
            </div>
            <a class="link-button" href=Place::Aup.path()>{words::TO_ALL}</a>
        </header>
        <div class="overview-body" tabindex="0" role="region" aria-label=words::version(version.version)>
            <section class="card"><h2 class="sr-only">{words::FULL_TEXT}</h2><div class="card-body aup-text">{compared(before.map(|before| &before.text), &version.text, true)}</div></section>
        </div>
    }
    .into_any()
}

/// A text as people read it; when there was another one, with what it changes of that, as it is typed: a mark of formatting that
/// comes or goes is a change too. What stayed as it was is open at once when the text is read as a `whole`.
pub fn compared(before: Option<&PolicyText>, now: &PolicyText, whole: bool) -> AnyView {
    let words_of =
        |section: &Section| view! { <p class="aup-words" dir="auto">{section.text.clone()}</p> }.into_any();
    let Some(before) = before else {
        return view! {
            <p class="quiet">{words::FIRST}" "{words::every(now.every_days)}"."</p>
            {essence(now)}
            <div class="policy-words">{sections(now)}</div>
        }
        .into_any();
    };
    let all = changes(before, now);
    let same = all.iter().all(|became| matches!(became, Became::Same(_)));
    let part = |became: &Became| {
        let (section, tone, badge, was) = match became {
            Became::Same(section) => {
                let heading = section.heading.clone();
                return view! {
                    <details class="aup-same" open=whole>
                        <summary><h3 dir="auto">{heading}" "<Badge label=words::UNCHANGED tone=Tone::Mute /></h3></summary>
                        {words_of(section)}
                    </details>
                }
                .into_any();
            }
            Became::Added(section) => (section, Tone::Ok, words::ADDED, None),
            Became::Changed(was, section) => (section, Tone::Warn, words::CHANGED, Some(was)),
            Became::Removed(section) => (section, Tone::Bad, words::REMOVED, None),
        };
        let now = match was {
            None => words_of(section),
            Some(was) => view! {
                <div class="aup-both">
                    <div><h4>{words::BEFORE}</h4><del>{words_of(was)}</del></div>
                    <div><h4>{words::NOW}</h4><ins>{words_of(section)}</ins></div>
                </div>
            }
            .into_any(),
        };
        view! { <h3 dir="auto">{section.heading.clone()}" "<Badge label=badge tone /></h3>{now} }.into_any()
    };
    view! {
        {same.then(|| view! { <p class="quiet">{words::SAME}</p> })}
        {all.iter().map(part).collect_view()}
    }
    .into_any()
}
