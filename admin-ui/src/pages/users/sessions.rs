//! Where somebody is signed in. Looking is put on the record, so it is an act of its own and never happens by the way.

use chancery_protocol::http::{Account, Session as Device};
use chancery_protocol::ids::PersonId;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::people;
use crate::state::line::Line;
use crate::state::users::{Ask, Users};

/// The part of the pane.
#[component]
pub fn Sessions(account: Account) -> impl IntoView {
    let (users, line) = (Users::current(), Line::current());
    let person = account.person.id;
    let looked = users.looked;
    let look = move || {
        looked.set(Some((person, Loaded::Loading)));
        spawn_local(async move {
            let outcome = people::sessions(users.api(), person).await;
            line.heard(&outcome);
            let current =
                looked.try_with_untracked(|looked| looked.as_ref().is_some_and(|(of, _)| *of == person));
            if current == Some(true) {
                looked.set(Some((person, outcome.map(|list| list.sessions).into())));
            }
        });
    };
    let devices = Signal::derive(move || {
        looked.with(|looked| match looked {
            Some((of, devices)) if *of == person => devices.clone(),
            _ => Loaded::Loading,
        })
    });
    let has_looked = memo(move || looked.with(|looked| looked.as_ref().is_some_and(|(of, _)| *of == person)));
    let any = memo(move || devices.with(|devices| devices.ready().is_some_and(|devices| devices.len() > 1)));
    let all = StoredValue::new(account.clone());
    let nowhere = |devices: &Vec<Device>| {
        let note = || view! { <p class="pane-note" role="status">{words::NO_SESSIONS}</p> }.into_any();
        devices.is_empty().then(note)
    };
    let lines = move |devices: Vec<Device>| {
        let line = |device| view! { <DeviceLine person device /> };
        view! { <ul class="sessions">{devices.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="pane-part" aria-labelledby="account-sessions">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="account-sessions">{words::SESSIONS}</h3>
                {move || {
                    any.get().then(|| {
                        let ask = move |_| users.ask(Ask::EndAll(all.get_value()));
                        view! { <button type="button" class="link-button" on:click=on(ask)>{words::END_ALL}</button> }
                    })
                }}
            </div>
            <Show
                when=move || has_looked.get()
                fallback=move || view! {
                    <div class="sessions-look">
                        <Button label=words::SHOW_SESSIONS.to_owned() icon=Icon::Eye on_press=move |()| look() />
                        <p class="pane-note">{words::SESSIONS_RECORDED}</p>
                    </div>
                }
            >
                <LoadedView
                    value=devices
                    failed_title=words::SESSIONS_FAILED
                    on_retry=move |()| look()
                    skeleton=|| view! { <SkeletonRows rows=2 /> }.into_any()
                    empty=nowhere
                    ready=lines
                />
            </Show>
        </section>
    }
}

#[component]
fn DeviceLine(person: PersonId, device: Device) -> impl IntoView {
    let (users, line, toasts) = (Users::current(), Line::current(), Toasts::current());
    let working = RwSignal::new(false);
    let id = device.id;
    let today = LocalTime::of(time::now());
    let seen = LocalTime::of(device.seen_at).brief(today);
    let end = move |()| {
        working.set(true);
        spawn_local(async move {
            let outcome = people::end_session(users.api(), person, id).await;
            let _ = working.try_set(false);
            line.heard(&outcome);
            match outcome {
                Err(error) if error.code() != Some("not_found") => {
                    toasts.failed(words::END_FAILED, text::console::refused(&error));
                }
                // It had ended before, or has ended now.
                _ => {
                    toasts.done(words::SESSION_ENDED);
                    users.forget_session(person, id);
                    users.refresh();
                }
            }
        });
    };
    view! {
        <li class="session">
            <Glyph icon=Icon::Device large=true />
            <div class="session-text">
                <p class="session-name"><bdi>{device.device.clone()}</bdi></p>
                <p class="session-line">{words::session_line(&seen, &device.address)}</p>
            </div>
            <span role="group" aria-label=words::end_session_of(&device.device)>
                <Button label=words::END_SESSION.to_owned() kind=Kind::Secondary working on_press=end />
            </span>
        </li>
    }
}
