//! When no mails go: the hours of the house or one's own, and by which clock.

use chancery_protocol::mail::{QuietHours, Weekday};
use chancery_ui_kit::choice::{SwitchLine, TickLine};
use chancery_ui_kit::reactive::show;
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::text::mailing as words;
use chancery_ui_kit::time;
use leptos::prelude::*;

use super::fields::{Pick, TimeField};
use super::mails::Mails;
use crate::logic::arrange::MailChange;
use crate::logic::mailing::{DAYS, quiet, zones};

/// The card.
#[component]
pub fn Quiet(mails: Mails) -> impl IntoView {
    let hours = mails.read(|own, chosen| quiet(&own.house, chosen));
    let is_own = mails.read(|_, chosen| chosen.quiet.is_some());
    let choices = vec![Choice::new(false, words::QUIET_HOUSE), Choice::new(true, words::QUIET_OWN)];
    // One's own begin as those of the house are.
    let choose = move |own: bool| {
        if own != is_own.get_untracked() {
            mails.choose(MailChange::Quiet(own.then(|| hours.get_untracked())));
        }
    };
    let comes_through = mails.read(|_, chosen| !chosen.urgent_waits);
    let flip = move |()| mails.choose(MailChange::UrgentWaits(comes_through.get_untracked()));
    view! {
        <section class="card" aria-labelledby="quiet-title">
            <h2 class="card-title" id="quiet-title">{words::QUIET}</h2>
            <p class="card-lead">{words::QUIET_LEAD}</p>
            <Segmented label=words::QUIET choices value=is_own.into() on_choose=choose />
            <p class="mail-line" role="status">{move || hours.with(words::quiet)}</p>
            {show(move || is_own.get(), move || view! { <Own mails hours /> }.into_any())}
            <Zone mails />
            <SwitchLine id="mail-urgent" label=words::URGENT body=words::URGENT_BODY checked=comes_through on_press=Callback::new(flip) />
        </section>
    }
}

#[component]
fn Own(mails: Mails, hours: Memo<QuietHours>) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut QuietHours)| {
        let mut hours = hours.get_untracked();
        change(&mut hours);
        mails.choose(MailChange::Quiet(Some(hours)));
    };
    let day = move |day: Weekday| {
        let ticked = Signal::derive(move || hours.with(|hours| hours.days.contains(&day)));
        let turn = move |on: bool| {
            change(&|hours: &mut QuietHours| {
                hours.days.retain(|one| *one != day);
                if on {
                    hours.days.push(day);
                }
                hours.days.sort_unstable();
            });
        };
        let label = words::weekday(day);
        view! { <TickLine id=format!("quiet-{label}") label ticked on_turn=turn /> }
    };
    let all = move || hours.with(|hours| hours.days.len() == DAYS.len());
    let from = move |minute| change(&|hours: &mut QuietHours| hours.from = minute);
    let until = move |minute| change(&|hours: &mut QuietHours| hours.until = minute);
    view! {
        <div class="mail-times">
            <TimeField id="quiet-from" label=words::QUIET_FROM value=Signal::derive(move || hours.with(|hours| hours.from)) on_set=from />
            <TimeField id="quiet-until" label=words::QUIET_UNTIL value=Signal::derive(move || hours.with(|hours| hours.until)) on_set=until />
        </div>
        <fieldset class="boxes">
            <legend>{words::QUIET_DAYS}</legend>
            <div class="mail-days">{DAYS.map(day).collect_view()}</div>
            {show(all, || view! { <p class="field-note" role="status">{words::ALL_DAYS}</p> }.into_any())}
        </fieldset>
    }
}

#[component]
fn Zone(mails: Mails) -> impl IntoView {
    let device = time::zone();
    let choices = mails.read(move |own, chosen| {
        let house = (String::new(), words::of_house(&own.house.zone));
        let others = zones(&own.house, chosen, &device).into_iter().map(|(zone, of_device)| {
            let shown = if of_device { words::of_device(&zone) } else { zone.clone() };
            (zone, shown)
        });
        let held = chosen.zone.clone().filter(|zone| *zone != own.house.zone).unwrap_or_default();
        (std::iter::once(house).chain(others).collect::<Vec<_>>(), held)
    });
    let choose = move |zone: String| mails.choose(MailChange::Zone((!zone.is_empty()).then_some(zone)));
    view! { <Pick id="mail-zone" label=words::ZONE choices on_choose=choose /> }
}
