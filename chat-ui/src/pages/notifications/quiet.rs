//! When no mails go: the hours of the house or one's own, and by which clock.

use chancery_protocol::mail::{QuietHours, Weekday};
use chancery_ui_kit::choice::{SwitchLine, TickLine};
use chancery_ui_kit::reactive::{memo, show};
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::text::mailing as words;
use chancery_ui_kit::text::time::of_day;
use chancery_ui_kit::time;
use leptos::prelude::*;

use super::fields::{Choices, Pick, TimeField};
use super::mails::Mails;
use crate::logic::arrange::MailChange;
use crate::logic::mailing::{quiet, with_day, zones};

/// The hours that hold.
fn hours(mails: Mails) -> QuietHours {
    let (house, chosen) = mails.now();
    quiet(&house, &chosen)
}

/// The same, to change them.
fn hours_now(mails: Mails) -> QuietHours {
    untrack(|| hours(mails))
}

fn choose(mails: Mails, hours: QuietHours) {
    mails.choose(MailChange::Quiet(Some(hours)));
}

/// The card.
#[component]
pub fn Quiet(mails: Mails) -> impl IntoView {
    let is_own = memo(move || mails.now().1.quiet.is_some());
    let choices = vec![Choice::new(false, words::QUIET_HOUSE), Choice::new(true, words::QUIET_OWN)];
    // One's own begin as those of the house are.
    let switch = move |own: bool| {
        if own != is_own.get_untracked() {
            mails.choose(MailChange::Quiet(own.then(|| hours_now(mails))));
        }
    };
    let comes_through = memo(move || !mails.now().1.urgent_waits);
    let flip = move |()| mails.choose(MailChange::UrgentWaits(comes_through.get_untracked()));
    let sentence = memo(move || words::quiet(&hours(mails)));
    view! {
        <section class="card" aria-labelledby="quiet-title">
            <h2 class="card-title" id="quiet-title">{words::QUIET}</h2>
            <p class="card-lead">{words::QUIET_LEAD}</p>
            <Segmented label=words::QUIET choices value=is_own.into() on_choose=switch />
            <p class="mail-line" role="status">{move || sentence.get()}</p>
            {show(move || is_own.get(), move || view! { <Own mails /> }.into_any())}
            <Zone mails />
            <SwitchLine id="mail-urgent" label=words::URGENT body=words::URGENT_BODY checked=comes_through on_press=Callback::new(flip) />
        </section>
    }
}

#[component]
fn Own(mails: Mails) -> impl IntoView {
    let day = move |day: Weekday| {
        let ticked = memo(move || hours(mails).days.contains(&day));
        let turn = move |on: bool| choose(mails, with_day(hours_now(mails), day, on));
        let label = words::weekday(day);
        view! { <TickLine id=format!("quiet-{label}") label ticked=ticked.into() on_turn=turn /> }.into_any()
    };
    let days: Vec<AnyView> = words::DAYS.into_iter().map(day).collect();
    let all = move || hours(mails).days.len() == words::DAYS.len();
    let (from, until) = (memo(move || of_day(hours(mails).from)), memo(move || of_day(hours(mails).until)));
    let set_from = move |from| choose(mails, QuietHours { from, ..hours_now(mails) });
    let set_until = move |until| choose(mails, QuietHours { until, ..hours_now(mails) });
    view! {
        <div class="mail-times">
            <TimeField id="quiet-from" label=words::QUIET_FROM value=from on_set=set_from />
            <TimeField id="quiet-until" label=words::QUIET_UNTIL value=until on_set=set_until />
        </div>
        <fieldset class="boxes">
            <legend>{words::QUIET_DAYS}</legend>
            <div class="mail-days">{days}</div>
            {show(all, || view! { <p class="field-note" role="status">{words::ALL_DAYS}</p> }.into_any())}
        </fieldset>
    }
}

#[component]
fn Zone(mails: Mails) -> impl IntoView {
    let device = time::zone();
    let choices = move || {
        let (house, chosen) = mails.now();
        let mut choices = vec![(String::new(), words::of_house(&house.zone))];
        for (zone, of_device) in zones(&house, &chosen, &device) {
            let shown = if of_device { words::of_device(&zone) } else { zone.clone() };
            choices.push((zone, shown));
        }
        let value = chosen.zone.filter(|zone| *zone != house.zone).unwrap_or_default();
        Choices { choices, value }
    };
    let choose = move |zone: String| mails.choose(MailChange::Zone((!zone.is_empty()).then_some(zone)));
    view! { <Pick id="mail-zone" label=words::ZONE choices=Box::new(choices) on_choose=choose /> }
}
