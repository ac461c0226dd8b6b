//! Why mails to somebody went or did not, as administrators see it: without names of conversations, and on record.

use chancery_protocol::ids::{MailId, PersonId};
use chancery_protocol::mail::{Decided, DecisionQuery, Decisions, Standing};
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::mail_why;
use chancery_ui_kit::text::outbox as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::mail;
use crate::state::line::Line;

/// What is told about one person.
#[component]
pub fn DecisionsOf(person: PersonId) -> impl IntoView {
    let (api, line) = (ApiClient::current(), Line::current());
    let told = RwSignal::new(Loaded::<Decisions>::Loading);
    let working = RwSignal::new(false);
    let load = move |before: Option<MailId>| {
        working.set(true);
        spawn_local(async move {
            let query = DecisionQuery { conversation: None, before };
            let outcome = mail::decisions(api, person, &query).await;
            line.heard(&outcome);
            // The dialog may be gone.
            let _ = working.try_set(false);
            let _ = told.try_update(|told| match (outcome, &mut *told) {
                (Ok(more), Loaded::Ready(told)) if before.is_some() => {
                    told.decided.extend(more.decided);
                    told.more = more.more;
                }
                (Ok(first), _) => *told = Loaded::Ready(first),
                (Err(error), _) => *told = Loaded::Failed(error),
            });
        });
    };
    load(None);
    let retry = move |()| {
        told.set(Loaded::Loading);
        load(None);
    };
    view! {
        <p class="card-lead">{words::RECORDED}</p>
        <LoadedView
            value=told.into()
            failed_title=words::DECISIONS_FAILED
            on_retry=retry
            skeleton=|| view! { <SkeletonRows rows=6 /> }.into_any()
            empty=|_: &Decisions| None
            ready=move |told| {
                let (more, last) = (told.more, told.decided.last().map(|one| one.id));
                view! {
                    <Stands standings=told.now />
                    <Were decided=told.decided />
                    {more.then(|| view! {
                        <Button label=words::OLDER.to_owned() kind=Kind::Secondary working on_press=move |()| load(last) />
                    })}
                }
                .into_any()
            }
        />
    }
}

#[component]
fn Stands(standings: Vec<Standing>) -> impl IntoView {
    let today = LocalTime::of(time::now());
    let lines = standings.into_iter().map(|one| {
        let at = words::newest(LocalTime::of(one.newest_at), today);
        let why = mail_why::sentence(&one.why, today, LocalTime::of);
        (words::conversation(Some(one.kind)), at, why)
    });
    lines_of("why-now", words::NOW, words::NOTHING_NOW, lines.collect())
}

#[component]
fn Were(decided: Vec<Decided>) -> impl IntoView {
    let today = LocalTime::of(time::now());
    let lines = decided.into_iter().map(|one| {
        let what = match one.conversation {
            Some(_) => words::conversation(one.kind),
            None => words::DAILY,
        };
        (
            what,
            words::decided(LocalTime::of(one.at), today),
            mail_why::sentence(&one.why, today, LocalTime::of),
        )
    });
    lines_of("why-decided", words::DECIDED, words::NOTHING_DECIDED, lines.collect())
}

fn lines_of(
    id: &'static str,
    title: &'static str,
    nothing: &'static str,
    lines: Vec<(&'static str, String, String)>,
) -> impl IntoView {
    let none = lines.is_empty();
    view! {
        <section class="why-part" aria-labelledby=id>
            <h3 class="why-title" id=id>{title}</h3>
            {none.then(|| view! { <p class="quiet">{nothing}</p> })}
            <ul class="why-lines">
                {lines.into_iter().map(|(what, at, why)| view! {
                    <li class="why-line">
                        <span class="why-what">{what}<span class="quiet">{at}</span></span>
                        <span>{why}</span>
                    </li>
                }).collect_view()}
            </ul>
        </section>
    }
}
