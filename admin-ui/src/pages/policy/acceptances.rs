//! Who accepted the newest version that came into force, and who has yet to.

use chancery_protocol::acceptance::{Acceptance, AcceptanceState};
use chancery_protocol::ids::PersonId;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::Button;
use chancery_ui_kit::reactive::{effect, part, show};
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::FailedState;
use chancery_ui_kit::text::policy_console as words;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::day;
use crate::api::policy;
use crate::routes::Place;
use crate::state::line::Line;

/// The pages that were loaded.
#[derive(Clone, Copy)]
struct Pages {
    state: RwSignal<AcceptanceState>,
    people: RwSignal<Option<Vec<Acceptance>>>,
    more: RwSignal<bool>,
    counts: RwSignal<Option<(u32, u32)>>,
    failed: RwSignal<Option<ClientError>>,
    round: StoredValue<u32>,
    api: ApiClient,
    line: Line,
}

impl Pages {
    /// Loads the page after somebody, or the first one.
    fn load(self, after: Option<PersonId>) {
        let state = self.state.get_untracked();
        self.round.update_value(|round| *round = round.wrapping_add(1));
        let round = self.round.get_value();
        spawn_local(async move {
            let page = policy::acceptances(self.api, state, after).await;
            // Something else is looked at by now.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.line.heard(&page);
            match page {
                Ok(page) => {
                    self.failed.set(None);
                    self.counts.set(Some((page.accepted, page.missing)));
                    self.more.set(page.more);
                    let before = if after.is_some() { self.people.get_untracked() } else { None };
                    self.people.set(Some(before.into_iter().flatten().chain(page.people).collect()));
                }
                Err(error) => self.failed.set(Some(error)),
            }
        });
    }

    fn more(self) {
        let last = self.people.with_untracked(|people| people.as_ref()?.last().map(|line| line.person.id));
        self.load(last);
    }
}

/// The card.
#[component]
pub fn List(version: u32) -> impl IntoView {
    let line = Line::current();
    let pages = Pages {
        state: RwSignal::new(AcceptanceState::Missing),
        people: RwSignal::new(None),
        more: RwSignal::new(false),
        counts: RwSignal::new(None),
        failed: RwSignal::new(None),
        round: StoredValue::new(0),
        api: ApiClient::current(),
        line,
    };
    effect(move || {
        line.again.track();
        pages.state.track();
        pages.people.set(None);
        pages.load(None);
    });
    let choices = vec![
        Choice::new(AcceptanceState::Missing, words::MISSING),
        Choice::new(AcceptanceState::Accepted, words::ACCEPTED),
    ];
    let share = move || {
        let (accepted, missing) = pages.counts.get().unwrap_or_default();
        let all = u64::from(accepted) + u64::from(missing);
        format!("{}%", (u64::from(accepted) * 100).checked_div(all).unwrap_or(0))
    };
    view! {
        <section class="card" aria-labelledby="aup-accepted">
            <h2 class="card-title">
                <span id="aup-accepted">{words::ACCEPTANCES}</span>
                <span class="card-note">{move || pages.counts.get().map(|(accepted, missing)| words::counts(accepted, missing))}</span>
            </h2>
            <div class="card-body aup-people">
                <div class="meter" aria-hidden="true"><span style:width=share></span></div>
                <div class="aup-filter">
                    <Segmented
                        label=words::WHICH
                        choices
                        value=pages.state.into()
                        on_choose=move |state| pages.state.set(state)
                    />
                    <a class="link-button" href=format!("{}?version={version}", policy::file()) download>{words::FILE}</a>
                </div>
                {part(move || lines(pages))}
                {show(move || pages.more.get(), move || view! {
                    <div><Button label=words::MORE.to_owned() on_press=move |()| pages.more() /></div>
                }.into_any())}
            </div>
        </section>
    }
}

fn lines(pages: Pages) -> AnyView {
    if let Some(error) = pages.failed.get() {
        return view! {
            <FailedState title=words::ACCEPTANCES_FAILED error on_retry=move |()| pages.line.try_again() />
        }
        .into_any();
    }
    let Some(people) = pages.people.get() else { return view! { <SkeletonRows rows=3 /> }.into_any() };
    if people.is_empty() {
        let nobody = match pages.state.get_untracked() {
            AcceptanceState::Accepted => words::NOBODY_ACCEPTED,
            AcceptanceState::Missing => words::NOBODY_MISSING,
        };
        return view! { <p class="quiet">{nobody}</p> }.into_any();
    }
    let row = |line: Acceptance| {
        let Acceptance { person, at } = line;
        view! {
            <tr>
                <th scope="row">
                    <a class="who-name" href=Place::User(person.id).path()><bdi>{person.name}</bdi></a>
                    " "<span class="who-sub">{person.username}</span>
                    {person.suspended.then(|| view! { " "<Badge label=words::SUSPENDED tone=Tone::Mute /> })}
                </th>
                <td>{at.map_or_else(|| words::NEVER.to_owned(), day)}</td>
            </tr>
        }
    };
    view! {
        <div class="table-frame">
            <table class="table" aria-label=words::ACCEPTANCES>
                <thead><tr><th scope="col">{words::NAME}</th><th scope="col">{words::WHEN}</th></tr></thead>
                <tbody>{people.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
