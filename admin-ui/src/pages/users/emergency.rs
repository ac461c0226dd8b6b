//! Whether an account is one for the day the sources are away, and from where it can be used then.

use chancery_protocol::factors::SetEmergency;
use chancery_protocol::http::Account;
use chancery_protocol::person::Role;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Checkbox;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::pane::Fact;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::factors as words;
use chancery_ui_kit::time::LocalTime;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::factors;
use crate::components::question::Refusal;
use crate::logic::factors::{networks, refused_lines};
use crate::state::users::{Ask, Users};

/// What marks such an account wherever it stands.
#[component]
pub fn EmergencyBadge() -> impl IntoView {
    view! { <Badge label=words::EMERGENCY_SHORT tone=Tone::Warn icon=Icon::Key /> }
}

/// The part of the pane; for accounts that are one or could be.
#[component]
pub fn Emergency(account: Account) -> impl IntoView {
    let users = Users::current();
    let edits = users.edits.get_untracked();
    let could = account.has_password && account.own_roles.contains(&Role::ItAdmin);
    let emergency = account.emergency.clone();
    (emergency.is_some() || (could && edits)).then(|| {
        let ask = move |_| users.ask(Ask::Emergency(account.clone()));
        let facts = match emergency {
            None => view! {
                <Fact label=words::STATE><Badge label=words::EMERGENCY_OFF_NOTE tone=Tone::Mute icon=Icon::Minus /></Fact>
            }
            .into_any(),
            Some(emergency) => {
                let used = emergency
                    .used_at
                    .map_or_else(|| words::NEVER_USED.to_owned(), |at| LocalTime::of(at).full());
                let places = if emergency.networks.is_empty() {
                    view! { {words::ANYWHERE} }.into_any()
                } else {
                    let line = |network| view! { <span class="mono network">{network}</span> };
                    view! { {emergency.networks.into_iter().map(line).collect_view()} }.into_any()
                };
                view! {
                    <Fact label=words::STATE><Badge label=words::EMERGENCY_ON_NOTE tone=Tone::Warn icon=Icon::Key /></Fact>
                    <Fact label=words::SINCE>{LocalTime::of(emergency.since).full()}</Fact>
                    <Fact label=words::NETWORKS_SHORT>{places}</Fact>
                    <Fact label=words::LAST_USED>{used}</Fact>
                }
                .into_any()
            }
        };
        view! {
            <section class="pane-part" aria-labelledby="account-emergency">
                <div class="pane-part-head">
                    <h3 class="pane-part-title" id="account-emergency">{words::EMERGENCY}</h3>
                    {edits.then(|| view! {
                        <button type="button" class="link-button" aria-label=words::CHANGE_LABEL on:click=on(ask)>
                            {words::CHANGE}
                        </button>
                    })}
                </div>
                <dl class="facts">{facts}</dl>
            </section>
        }
    })
}

/// The form.
#[component]
pub fn EmergencyDialog(account: Account) -> impl IntoView {
    let users = Users::current();
    let id = account.person.id;
    let typed =
        RwSignal::new(account.emergency.as_ref().map(|now| now.networks.join("\n")).unwrap_or_default());
    let on_now = RwSignal::new(account.emergency.is_some());
    let error = RwSignal::new(None::<String>);
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    effect(move || {
        dom::focus("#emergency-on");
    });
    // What the server says about the networks stands at their field.
    effect(move || {
        let said = failed.with(|failed| match failed {
            Some(refused @ ClientError::Problem(at))
                if at.field.as_deref().is_some_and(|field| field.starts_with("networks")) =>
            {
                let fields = at.errors.iter().map(|one| one.field.as_str());
                let lines = typed.with_untracked(|typed| refused_lines(typed, fields));
                Some(if lines.is_empty() { words::refused(refused) } else { words::no_networks(&lines) })
            }
            _ => None,
        });
        if said.is_some() {
            error.set(said);
            failed.set(None);
            dom::focus("#emergency-networks");
        }
    });
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let emergency = on_now.get_untracked();
        let networks = if emergency { typed.with_untracked(|typed| networks(typed)) } else { Vec::new() };
        let form = SetEmergency { emergency, networks };
        error.set(None);
        let act = async move { factors::set_emergency(users.api(), id, &form).await };
        users.run(working, failed, act, move |()| {
            users.done(words::EMERGENCY_SAVED);
            users.answered();
        });
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::EMERGENCY_MEANS}</p>
            <Refusal words=refused />
            <Checkbox id="emergency-on" label=Signal::derive(|| words::EMERGENCY_ON.to_owned()) checked=on_now />
            {move || on_now.get().then(|| view! { <Networks typed error /> })}
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                <Button label=text::act::SAVE.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}

#[component]
fn Networks(typed: RwSignal<String>, error: RwSignal<Option<String>>) -> impl IntoView {
    view! {
        <div class="field setting-mono">
            <div class="field-head">
                <label for="emergency-networks">
                    {words::NETWORKS}<span class="field-optional">{text::field::OPTIONAL}</span>
                </label>
            </div>
            <div class="field-box area-box" class:field-wrong=move || error.get().is_some()>
                <textarea
                    id="emergency-networks"
                    rows="3"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=move || typed.get()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby="emergency-networks-note"
                    on:input=on(move |event| typed.set(event_target_value(&event)))
                ></textarea>
            </div>
            {move || match error.get() {
                Some(error) => view! {
                    <p class="field-note field-error" id="emergency-networks-note"><Glyph icon=Icon::Warning />{error}</p>
                }
                .into_any(),
                None => view! { <p class="field-note" id="emergency-networks-note">{words::NETWORKS_HELP}</p> }.into_any(),
            }}
        </div>
    }
}
