//! On which terms a guest is here: the two fields, for every dialog that makes a guest, and the dialog that changes them.

use chancery_protocol::Micros;
use chancery_protocol::http::Account;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::{GuestTerms, Person};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::day_field::DayField;
use chancery_ui_kit::dom;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::guests as words;
use chancery_ui_kit::time::{LocalTime, day_ends, now};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::confirm::Refused;
use super::person_field::{PersonField, at_the_person};
use crate::api::people;
use crate::logic::guests::{LONGEST_DAYS, USUAL_DAYS, end};
use crate::state::line::Line;
use crate::state::users::Users;

const DAY: Micros = 86_400_000_000;

/// What the fields hold.
#[derive(Clone, Copy)]
pub struct Terms {
    sponsor: RwSignal<Option<Person>>,
    day: RwSignal<String>,
    /// The end that is set now: it stays to the second while its day does.
    kept: Option<Micros>,
    sponsor_error: RwSignal<Option<String>>,
    day_error: RwSignal<Option<String>>,
}

impl Terms {
    /// Nobody yet, for a month.
    pub fn new() -> Self {
        Self::of(None, None)
    }

    /// Somebody who answers now, and the end that is set; one that has come makes room for a month.
    fn of(sponsor: Option<Person>, ends_at: Option<Micros>) -> Self {
        let kept = ends_at.filter(|end| *end > now());
        let day = kept.map_or_else(|| day_in(USUAL_DAYS), day_of);
        Self {
            // Whoever cannot answer any more is not offered again.
            sponsor: RwSignal::new(sponsor.filter(|person| !person.suspended && !person.guest)),
            day: RwSignal::new(day),
            kept,
            sponsor_error: RwSignal::new(None),
            day_error: RwSignal::new(None),
        }
    }

    /// What is sent; none when something is wrong, which is said at its field then.
    pub fn checked(self) -> Option<GuestTerms> {
        let sponsor = self.sponsor.with_untracked(|sponsor| sponsor.as_ref().map(|person| person.id));
        let ends_at = self.day.with_untracked(|day| match self.kept {
            Some(kept) if day_of(kept) == *day => Some(kept),
            _ => end(day_ends(day), day_ends(&day_in(0))?),
        });
        self.sponsor_error.set(sponsor.is_none().then(|| words::NEED_SPONSOR.to_owned()));
        self.day_error.set(ends_at.is_none().then(|| words::WRONG_DAY.to_owned()));
        sponsor.zip(ends_at).map(|(sponsor, ends_at)| GuestTerms { sponsor, ends_at })
    }

    /// Gives the focus to the first field that is wrong.
    pub fn focus(self) {
        let nobody = self.sponsor_error.with_untracked(Option::is_some);
        dom::focus(if nobody { "#sponsor" } else { "#guest-until" });
    }

    /// What the server says about a field stands at it.
    pub fn hear(self, failed: RwSignal<Option<ClientError>>) {
        at_the_person(failed, self.sponsor_error, "sponsor", "sponsor");
        effect(move || {
            let late = failed.with(|failed| match failed {
                Some(ClientError::Problem(problem)) => problem.field.as_deref() == Some("ends_at"),
                _ => false,
            });
            if late {
                self.day_error.set(Some(words::WRONG_DAY.to_owned()));
                failed.set(None);
                dom::focus("#guest-until");
            }
        });
    }
}

/// The day of a moment, as the field has it.
fn day_of(at: Micros) -> String {
    LocalTime::of(at).machine_day()
}

/// The day so many days from today.
fn day_in(days: i64) -> String {
    // From noon, which is a day away from noon whatever happens to clocks.
    let noon = day_ends(&day_of(now())).map_or_else(now, |end| end - DAY / 2);
    day_of(noon + days * DAY)
}

/// The fields.
#[component]
pub fn TermsFields(
    /// What they hold.
    terms: Terms,
    /// The guest, who cannot answer for themselves.
    #[prop(optional_no_strip)]
    without: Option<PersonId>,
) -> impl IntoView {
    let Terms { sponsor, day, sponsor_error, day_error, .. } = terms;
    view! {
        <p class="dialog-body">{words::TERMS_LEAD}</p>
        <PersonField
            id="sponsor"
            label=words::SPONSOR
            nobody=words::SPONSOR_NOBODY
            chosen=sponsor
            error=sponsor_error
            without
        />
        <DayField
            id="guest-until"
            label=words::UNTIL
            help=words::UNTIL_HELP
            value=day
            error=day_error
            min=day_in(1)
            max=day_in(LONGEST_DAYS)
        />
    }
}

/// The dialog. It waits for whoever answers now.
#[component]
pub fn TermsDialog(account: Account) -> impl IntoView {
    let (users, line) = (Users::current(), Line::current());
    let terms = account.person.terms;
    let sponsor = RwSignal::new(Loaded::<Option<Person>>::Loading);
    let load = move |()| {
        let Some(terms) = terms else { return sponsor.set(Loaded::Ready(None)) };
        sponsor.set(Loaded::Loading);
        spawn_local(async move {
            let outcome = people::get(users.api(), terms.sponsor).await;
            line.heard(&outcome);
            let _ = sponsor.try_set(outcome.map(|sponsor| Some(sponsor.person)).into());
        });
    };
    load(());
    let guest = account.person.id;
    let always = |_: &Option<Person>| None;
    view! {
        <LoadedView
            value=sponsor.into()
            failed_title=words::SPONSOR_FAILED
            on_retry=load
            skeleton=|| view! { <SkeletonRows rows=2 /> }.into_any()
            empty=always
            ready=move |sponsor| {
                view! { <Form guest terms=Terms::of(sponsor, terms.map(|terms| terms.ends_at)) /> }.into_any()
            }
        />
    }
}

#[component]
fn Form(guest: PersonId, terms: Terms) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    terms.hear(failed);
    let chosen = terms.sponsor.with_untracked(Option::is_some);
    effect(move || {
        dom::focus(if chosen { "#guest-until" } else { "#sponsor" });
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let Some(form) = terms.checked() else { return terms.focus() };
        let act = async move { people::set_guest(users.api(), guest, &form).await };
        users.run(working, failed, act, move |()| {
            users.done(words::TERMS_SAVED);
            users.answered();
        });
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <Refused failed />
            <TermsFields terms without=Some(guest) />
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                <Button label=text::act::SAVE.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}
