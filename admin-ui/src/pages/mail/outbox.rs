//! The outbox: which mails are to leave or left, how each fares and why. What is looked at is in the address.

use std::time::Duration;

use chancery_protocol::ids::MailId;
use chancery_protocol::mail::{MailCount, MailState, Outbox, OutboxMail, OutboxQuery};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::choice::SelectField;
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::table::SkeletonTable;
use chancery_ui_kit::text::handover;
use chancery_ui_kit::text::outbox as words;
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::decisions::DecisionsOf;
use crate::api::mail;
use crate::logic::outbox::{looked_at, outbox_text, state_name};
use crate::pages::users::handover::look;
use crate::routes::{MailTab, Place};
use crate::state::mail::MailSheet;
use crate::state::polled::Polled;

/// So often the outbox is looked at while somebody sees it.
const EVERY: Duration = Duration::from_secs(5);

/// What every part works with.
#[derive(Clone, Copy)]
struct Desk {
    query: Memo<OutboxQuery>,
    page: Polled<Outbox>,
    /// Counts what was done that the list should show at once.
    round: RwSignal<u32>,
    /// Whose decisions are shown.
    asked: RwSignal<Option<OutboxMail>>,
    sheet: MailSheet,
    router: Router,
    toasts: Toasts,
}

impl Desk {
    fn look(self, query: OutboxQuery) {
        let path = Place::Mail(MailTab::Outbox).path();
        self.router.replace(&match outbox_text(&query) {
            text if text.is_empty() => path,
            text => format!("{path}?{text}"),
        });
    }

    fn try_now(self, id: MailId) {
        spawn_local(async move {
            let outcome = mail::try_now(self.sheet.api(), id).await;
            self.sheet.line().heard(&outcome);
            match outcome {
                Ok(()) => self.toasts.done(words::TRYING),
                Err(error) => self.toasts.failed(words::NOT_TRIED, words::refused(&error)),
            }
            let _ = self.round.try_update(|round| *round += 1);
        });
    }
}

/// The part of the page.
#[component]
pub fn OutboxTab() -> impl IntoView {
    let sheet = MailSheet::current();
    let router = sheet.router();
    let query = memo(move || {
        let address = router.address();
        looked_at(|name| dom::query_of(&address.query, name))
    });
    let round = RwSignal::new(0);
    let page = Polled::begin(EVERY, move || {
        round.track();
        let asked = query.get();
        Box::pin(async move { mail::outbox(sheet.api(), &asked).await })
    });
    let desk =
        Desk { query, page, round, asked: RwSignal::new(None), sheet, router, toasts: Toasts::current() };
    let state = memo(move || match page.state() {
        Loaded::Loading => Loaded::Loading,
        Loaded::Failed(error) => Loaded::Failed(error),
        Loaded::Ready(()) => {
            Loaded::Ready(page.value.with(|page| page.ready().is_none_or(|page| page.mails.is_empty())))
        }
    });
    view! {
        <section class="card" aria-labelledby="card-outbox">
            <h2 class="card-title" id="card-outbox">{words::OUTBOX}</h2>
            <div class="card-body outbox">
                <Standing desk />
                <Filter desk />
                <LoadedView
                    value=state.into()
                    failed_title=words::LOAD_FAILED
                    on_retry=move |()| round.update(|round| *round += 1)
                    skeleton=|| view! { <SkeletonTable rows=8 /> }.into_any()
                    empty=move |empty: &bool| empty.then(|| view! { <Nothing desk /> }.into_any())
                    ready=move |_| view! { <Table desk /> <Foot desk /> }.into_any()
                />
            </div>
        </section>
        <Asked desk />
    }
}

/// What keeps every mail from leaving.
#[component]
fn Standing(desk: Desk) -> impl IntoView {
    let stuck = memo(move || desk.page.value.with(|page| page.ready()?.stuck.clone()));
    let would = memo(move || {
        desk.page.value.with(|page| {
            let counts = page.ready().map(|page| page.counts.clone()).unwrap_or_default();
            counts.iter().any(|one| one.state == MailState::NoServer)
        })
    });
    let sends = memo(move || desk.sheet.field("mail.host").is_some_and(|field| !field.text.is_empty()));
    view! {
        {move || stuck.get().map(|stuck| view! {
            <Notice tone=Tone::Bad icon=Icon::Warning>
                <p><strong>{words::STUCK}</strong>" "{words::since(&LocalTime::of(stuck.since).full())}</p>
                <p><bdi>{words::said(stuck.fault, &stuck.words)}</bdi></p>
            </Notice>
        })}
        {move || (would.get() && !sends.get()).then(|| view! {
            <Notice tone=Tone::Info icon=Icon::Info>{words::WOULD}</Notice>
        })}
    }
}

/// Which mails are shown.
#[component]
fn Filter(desk: Desk) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    effect(move || {
        let named = desk.query.get().state.map_or("", state_name);
        if chosen.with_untracked(|chosen| chosen != named) {
            chosen.set(named.to_owned());
        }
    });
    effect(move || {
        let named = chosen.get();
        let now = desk.query.get_untracked();
        let state = MailState::ALL.into_iter().find(|state| state_name(*state) == named);
        if state != now.state {
            desk.look(OutboxQuery { state, before: None, ..now });
        }
    });
    let mut choices = vec![("", words::EVERY)];
    choices.extend(MailState::ALL.into_iter().map(|state| (state_name(state), handover::state(state))));
    let counts = move || {
        let counts = desk.page.read(|page| page.counts.clone()).unwrap_or_default();
        let counted = |one: &MailCount| words::counted(handover::state(one.state), one.count);
        words::in_all(&counts.iter().map(counted).collect::<Vec<_>>())
    };
    let one = memo(move || desk.query.get().person.is_some());
    let everybody =
        move |()| desk.look(OutboxQuery { person: None, before: None, ..desk.query.get_untracked() });
    view! {
        <div class="outbox-filter">
            <SelectField id="outbox-state" label=words::FILTER choices value=chosen />
            <p class="outbox-counts">{counts}</p>
            {move || one.get().then(|| view! {
                <Button label=words::EVERYBODY.to_owned() kind=Kind::Secondary icon=Icon::Close on_press=everybody />
            })}
        </div>
    }
}

#[component]
fn Table(desk: Desk) -> impl IntoView {
    let rows =
        move || desk.page.value.with(|page| page.ready().map(|page| page.mails.clone())).unwrap_or_default();
    view! {
        <div class="table-frame">
            <table class="table outbox-table">
                <caption class="sr-only">{words::TABLE}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="cell-time">{words::WHEN}</th>
                        <th scope="col">{words::TO}</th>
                        <th scope="col">{words::WHAT}</th>
                        <th scope="col">{words::STATE}</th>
                        <th scope="col">{words::REASON}</th>
                        <th scope="col"><span class="sr-only">{words::ACTS}</span></th>
                    </tr>
                </thead>
                <tbody>
                    // A row stays when its mail fares otherwise, and with it the keyboard's place.
                    <For each=rows key=|mail| mail.id let:mail>
                        <Row desk mail />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(desk: Desk, mail: OutboxMail) -> impl IntoView {
    let (id, person, at) = (mail.id, mail.person, LocalTime::of(mail.at));
    let (label, kind, name, sent_at) = (words::acts_of(&mail.name), mail.kind, mail.name.clone(), mail.at);
    let now = memo(move || {
        let found = |page: &Outbox| page.mails.iter().find(|one| one.id == id).cloned();
        desk.page.value.with(|page| page.ready().and_then(found)).unwrap_or_else(|| mail.clone())
    });
    let waits = memo(move || now.with(|mail| mail.state == MailState::Waiting));
    let items = move || {
        let only = OutboxQuery { person: Some(person), before: None, ..desk.query.get_untracked() };
        vec![
            Item::new(Icon::Info, words::ASK, move || desk.asked.set(Some(now.get_untracked()))),
            Item::new(Icon::Filter, words::ONLY, move || desk.look(only.clone())),
        ]
    };
    let state = move || {
        let state = now.with(|mail| mail.state);
        let (tone, icon) = look(state);
        view! { <Badge label=handover::state(state) tone icon /> }
    };
    let brief = move || at.brief(LocalTime::of(time::now()));
    let address =
        move || now.with(|mail| mail.address.clone()).unwrap_or_else(|| words::NO_ADDRESS.to_owned());
    view! {
        <tr data-mail=id.to_string()>
            <td class="cell-time"><time datetime=time::machine(sent_at) title=at.full()>{brief}</time></td>
            <th scope="row" class="outbox-to">
                <a class="who-name" href=Place::User(person).path()><bdi>{name}</bdi></a>
                <bdi class="outbox-address">{address}</bdi>
            </th>
            <td class="outbox-what">{handover::what(kind)}</td>
            <td class="outbox-state">{state}</td>
            <td class="outbox-why">{move || now.with(why)}</td>
            <td class="outbox-acts">
                {move || waits.get().then(|| view! {
                    <Button label=words::TRY_NOW.to_owned() kind=Kind::Secondary icon=Icon::Refresh on_press=move |()| desk.try_now(id) />
                })}
                <MenuButton label icon=Icon::More items />
            </td>
        </tr>
    }
}

/// Why a mail stands as it does, and what it waits for.
fn why(mail: &OutboxMail) -> impl IntoView + use<> {
    let today = LocalTime::of(time::now());
    // One whose turn has come waits for the mail server, not for a time.
    let next = mail.next_at.filter(|next| *next > time::now());
    let next = next.map(|next| words::next(LocalTime::of(next), today));
    let reason = mail.reason.as_ref().map(|reason| words::reason(reason, today, LocalTime::of));
    let sent = mail.sent_at.map(|sent| words::taken(LocalTime::of(sent), today));
    let none = (mail.state == MailState::NoServer).then_some(words::NO_SERVER);
    let tried = matches!(mail.state, MailState::Waiting | MailState::Refused | MailState::Expired)
        .then(|| words::attempts(mail.attempts));
    view! {
        {sent.map(|sent| view! { <span class="outbox-line">{sent}</span> })}
        {none.map(|none| view! { <span class="outbox-line">{none}</span> })}
        {reason.map(|reason| view! { <bdi class="outbox-line">{reason}</bdi> })}
        {tried.map(|tried| view! { <span class="outbox-line quiet">{tried}" "{next}</span> })}
    }
}

#[component]
fn Foot(desk: Desk) -> impl IntoView {
    let of =
        move |ask: fn(&Outbox) -> Option<MailId>| desk.page.value.with(|page| page.ready().and_then(ask));
    let count = move || desk.page.value.with(|page| page.ready().map_or(0, |page| page.mails.len() as u64));
    let older = memo(move || of(|page| page.mails.last().filter(|_| page.more).map(|mail| mail.id)));
    let later = memo(move || desk.query.get().before.is_some());
    let go = move |before| desk.look(OutboxQuery { before, ..desk.query.get_untracked() });
    view! {
        <div class="paging">
            <p class="paging-range"><span role="status">{move || words::shown(count())}</span>" "{words::times(&time::zone())}</p>
            <div class="paging-acts">
                {move || later.get().then(|| view! {
                    <Button label=words::NEWEST.to_owned() kind=Kind::Secondary on_press=move |()| go(None) />
                })}
                <Button
                    label=words::OLDER.to_owned()
                    kind=Kind::Secondary
                    disabled=Signal::derive(move || older.get().is_none())
                    on_press=move |()| go(older.get_untracked())
                />
            </div>
        </div>
    }
}

#[component]
fn Nothing(desk: Desk) -> impl IntoView {
    let filtered = memo(move || desk.query.get() != OutboxQuery::default());
    let body = if filtered.get_untracked() { words::NONE_SUCH_BODY } else { words::NONE_BODY };
    view! {
        <EmptyState icon=Icon::Mail title=words::NONE_TITLE body>
            {filtered.get_untracked().then(|| view! {
                <Button label=words::EVERY.to_owned() kind=Kind::Secondary on_press=move |()| desk.look(OutboxQuery::default()) />
            })}
        </EmptyState>
    }
}

/// Why mails to somebody went or did not, when it is asked.
#[component]
fn Asked(desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || open.set(desk.asked.with(Option::is_some)));
    effect(move || {
        if !open.get() && desk.asked.with_untracked(Option::is_some) {
            desk.asked.set(None);
        }
    });
    let title = Signal::derive(move || {
        desk.asked.with(|asked| asked.as_ref().map(|mail| words::about(&mail.name)).unwrap_or_default())
    });
    view! {
        <Dialog open id="why" title>
            {move || desk.asked.get().map(|mail| view! { <DecisionsOf person=mail.person /> })}
        </Dialog>
    }
}
