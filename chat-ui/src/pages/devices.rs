//! `/settings/devices`: where one is signed in, the password, the appearance.

use chancery_protocol::http::Session as Device;
use chancery_protocol::person::Role;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::session::Session;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::devices as words;
use chancery_ui_kit::theme_switch::ThemePicker;
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::components::page_head::PageHead;
use crate::routes::Place;

mod password;

use password::PasswordForm;

/// The page.
#[component]
pub fn DevicesPage() -> impl IntoView {
    let api = ApiClient::current();
    let devices = RwSignal::new(Loaded::<Vec<Device>>::Loading);
    let load = move || {
        spawn_local(async move {
            let result = api::sessions::list(api).await.map(|list| list.sessions);
            let _ = devices.try_set(result.into());
        });
    };
    load();
    let reload = move |()| {
        devices.set(Loaded::Loading);
        load();
    };
    // One's own device is always among them.
    let never_empty = |_: &Vec<Device>| None;
    let lines = move |list: Vec<Device>| {
        let line = |device| view! { <DeviceLine device on_gone=move |()| load() /> };
        view! { <ul class="devices">{list.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    // Guests have neither.
    let employee =
        Session::current().info_untracked().is_some_and(|info| info.roles.contains(&Role::Employee));
    view! {
        <div class="settings">
            <PageHead title=words::TITLE also=(Place::Notifications, text::settings::TITLE) />
            <div class="settings-body">
                <section class="card" aria-labelledby="devices-title">
                    <h2 class="card-title" id="devices-title">{words::DEVICES}</h2>
                    <p class="card-lead">{words::DEVICES_BODY}</p>
                    <LoadedView
                        value=devices.into()
                        failed_title=words::FAILED_TITLE
                        on_retry=reload
                        skeleton=|| view! { <SkeletonRows rows=2 /> }.into_any()
                        empty=never_empty
                        ready=lines
                    />
                </section>
                <section class="card" aria-labelledby="password-title">
                    <h2 class="card-title" id="password-title">{words::PASSWORD}</h2>
                    <p class="card-lead">{words::PASSWORD_BODY}</p>
                    <PasswordForm on_changed=move |()| load() />
                </section>
                {employee.then(|| view! {
                    <section class="card" aria-labelledby="more-title">
                        <h2 class="card-title" id="more-title">{words::MORE}</h2>
                        <p class="card-lead">{words::MORE_BODY}</p>
                        <p class="settings-links">
                            <a class="link-button" href="/console/tokens" target="_blank" rel="noopener">{words::TOKENS}</a>
                            <a class="link-button" href="/console/security" target="_blank" rel="noopener">{words::FACTORS}</a>
                        </p>
                    </section>
                })}
                <p class="settings-links"><a class="link-button" href=Place::Policy.path()>{text::policy::TITLE}</a></p>
                <section class="card" aria-labelledby="appearance-title">
                    <h2 class="card-title" id="appearance-title">{words::APPEARANCE}</h2>
                    <p class="card-lead">{words::APPEARANCE_BODY}</p>
                    <ThemePicker />
                </section>
            </div>
        </div>
    }
}

#[component]
fn DeviceLine(device: Device, #[prop(into)] on_gone: Callback<()>) -> impl IntoView {
    let api = ApiClient::current();
    let toasts = Toasts::current();
    let working = RwSignal::new(false);
    let id = device.id;
    let today = LocalTime::of(time::now());
    let brief = |at| LocalTime::of(at).brief(today);
    let sign_out = move |()| {
        working.set(true);
        spawn_local(async move {
            let result = api::sessions::end(api, id).await;
            let _ = working.try_set(false);
            match result {
                Ok(()) => {
                    toasts.done(words::SIGNED_OUT_DEVICE);
                    on_gone.run(());
                }
                // It is gone already.
                Err(ClientError::Problem(problem)) if problem.status == 404 => on_gone.run(()),
                Err(error) => toasts.failed(words::SIGN_OUT_FAILED, text::problem::of(&error)),
            }
        });
    };
    view! {
        <li class="device">
            <span class="device-tile"><Glyph icon=Icon::Device large=true /></span>
            <div class="device-text">
                <p class="device-name">
                    <bdi>{device.device.clone()}</bdi>
                    {device.current.then(|| view! { <Badge label=words::THIS_DEVICE tone=Tone::Ok icon=Icon::Tick /> })}
                </p>
                <p class="device-line">{words::seen(&brief(device.seen_at), &device.address)}</p>
                <p class="device-line">{words::since(&brief(device.created_at), &LocalTime::of(device.expires_at).full())}</p>
            </div>
            {(!device.current).then(|| view! {
                <span class="device-act" role="group" aria-label=words::sign_out(&device.device)>
                    <Button label=words::SIGN_OUT_DEVICE.to_owned() kind=Kind::Secondary working on_press=sign_out />
                </span>
            })}
        </li>
    }
}
