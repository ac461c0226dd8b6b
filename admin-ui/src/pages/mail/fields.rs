//! One setting each: its name, its key, what to know about it; read only where the configuration decides.

use chancery_protocol::mail_settings::{MailField, MailFrom};
use chancery_ui_kit::choice::TickLine;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Field, FieldKind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text::mail_settings as words;
use chancery_ui_kit::text::sources;
use leptos::prelude::*;

use crate::logic::mail::{is_set, turned};
use crate::logic::source::Secret;
use crate::state::mail::MailSheet;

/// How a setting is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A line of text.
    Line,
    /// Several lines, for certificates.
    Area,
    /// One of a few things.
    Pick,
    /// A box to tick.
    Flag,
    /// Days of the week.
    Days,
    /// A secret: written, never read.
    Secret,
}

/// A setting.
#[component]
pub fn Setting(
    /// Its key.
    key: &'static str,
    /// How it is typed.
    #[prop(default = Sort::Line)]
    sort: Sort,
) -> impl IntoView {
    let sheet = MailSheet::current();
    let value = sheet.text(key);
    // What was changed is complained about no longer.
    effect(move || {
        value.track();
        sheet.forgive(key);
    });
    let fixed = Memo::new(move |_| sheet.field(key).filter(|field| field.fixed));
    move || match (fixed.get(), sort) {
        (Some(field), _) => fixed_field(key, &field).into_any(),
        (None, Sort::Line) => line(key).into_any(),
        (None, Sort::Area) => area(key).into_any(),
        (None, Sort::Pick) => pick(key).into_any(),
        (None, Sort::Flag) => flag(key).into_any(),
        (None, Sort::Days) => days(key).into_any(),
        (None, Sort::Secret) => secret(key).into_any(),
    }
}

fn key_of(key: &'static str) -> impl IntoView {
    view! { <code class="setting-key">{key}</code> }
}

/// What is wrong with a setting, or else what to know about it.
fn note(key: &'static str) -> impl IntoView {
    let error = MailSheet::current().error(key);
    move || {
        match (error.get(), words::help(key)) {
        (Some(error), _) => {
            view! { <p class="field-note field-error" id=format!("{key}-note")><Glyph icon=Icon::Warning />{error}</p> }
                .into_any()
        }
        (None, Some(help)) => view! { <p class="field-note" id=format!("{key}-note")>{help}</p> }.into_any(),
        (None, None) => ().into_any(),
    }
    }
}

/// A setting that is decided elsewhere.
fn fixed_field(key: &'static str, field: &MailField) -> impl IntoView {
    let value = match (field.secret, field.text.as_str()) {
        (true, _) if is_set(field) => words::SET.to_owned(),
        (true, _) => words::NOT_SET.to_owned(),
        (false, "") => words::EMPTY.to_owned(),
        (false, text) => {
            let choices = words::choices(key);
            let shown = choices.iter().find(|(name, _)| *name == text).map(|(_, shown)| (*shown).to_owned());
            shown.unwrap_or_else(|| text.to_owned())
        }
    };
    let said = match field.from {
        MailFrom::Configuration => words::IN_CONFIGURATION,
        MailFrom::Default | MailFrom::Console => "",
    };
    view! {
        <div class="field">
            <div class="field-head"><label for=key>{words::label(key)}</label>{key_of(key)}</div>
            <div class="field-box field-fixed">
                <Glyph icon=Icon::Lock />
                <input id=key type="text" readonly value=value aria-describedby=format!("{key}-note") />
            </div>
            <p class="field-note" id=format!("{key}-note")>{said}</p>
        </div>
    }
}

fn line(key: &'static str) -> impl IntoView {
    let sheet = MailSheet::current();
    view! {
        <div class="setting">
            <Field
                id=key
                label=words::label(key)
                value=sheet.text(key)
                help=words::help(key).map(str::to_owned)
                error=sheet.error(key)
                autocomplete="off"
            >
                {key_of(key)}
            </Field>
        </div>
    }
}

fn area(key: &'static str) -> impl IntoView {
    let sheet = MailSheet::current();
    let (value, error) = (sheet.text(key), sheet.error(key));
    view! {
        <div class="field setting setting-mono">
            <div class="field-head"><label for=key>{words::label(key)}</label>{key_of(key)}</div>
            <div class="field-box area-box" class:field-wrong=move || error.get().is_some()>
                <textarea
                    id=key
                    rows="3"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="-----BEGIN CERTIFICATE-----"
                    prop:value=move || value.get()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=format!("{key}-note")
                    on:input=on(move |event| value.set(event_target_value(&event)))
                ></textarea>
            </div>
            {note(key)}
        </div>
    }
}

fn pick(key: &'static str) -> impl IntoView {
    let sheet = MailSheet::current();
    let (value, error) = (sheet.text(key), sheet.error(key));
    let option = |(name, shown): (&'static str, &'static str)| {
        view! { <option value=name selected=move || value.with(|value| value == name)>{shown}</option> }
    };
    view! {
        <div class="field">
            <div class="field-head"><label for=key>{words::label(key)}</label>{key_of(key)}</div>
            <div class="field-box select-box" class:field-wrong=move || error.get().is_some()>
                <select
                    id=key
                    prop:value=move || value.get()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=format!("{key}-note")
                    on:change=on(move |event| value.set(event_target_value(&event)))
                >
                    {words::choices(key).into_iter().map(option).collect_view()}
                </select>
                <Glyph icon=Icon::ChevronDown />
            </div>
            {note(key)}
        </div>
    }
}

fn flag(key: &'static str) -> impl IntoView {
    let value = MailSheet::current().text(key);
    let ticked = Signal::derive(move || value.with(|text| text == "true"));
    let turn = move |on: bool| value.set(on.to_string());
    view! { <TickLine id=key.to_owned() label=words::label(key) help=words::help(key) ticked on_turn=turn /> }
}

fn days(key: &'static str) -> impl IntoView {
    let value = MailSheet::current().text(key);
    let week = words::choices(key);
    let boxes = week.clone().into_iter().map(|(name, label)| {
        let week = week.clone();
        let has = move |days: &str| days.split(',').any(|day| day.trim() == name);
        let ticked = Signal::derive(move || value.with(|days| has(days)));
        let turn = move |on: bool| value.set(turned(&value.get_untracked(), name, on, &week));
        view! { <TickLine id=format!("{key}-{name}") label help=None ticked on_turn=turn /> }
    });
    view! {
        <fieldset class="algorithms">
            <legend>{words::label(key)}" "{key_of(key)}</legend>
            <div class="algorithm-boxes week">{boxes.collect_view()}</div>
            {note(key)}
        </fieldset>
    }
}

fn secret(key: &'static str) -> impl IntoView {
    let sheet = MailSheet::current();
    let (here, error) = (sheet.secret(key), sheet.error(key));
    effect(move || {
        here.typed.track();
        here.turn.track();
        sheet.forgive(key);
    });
    let turn = move |turn: Secret| {
        here.typed.set(String::new());
        here.turn.set(turn);
        if turn == Secret::Replace {
            dom::focus_soon(format!("[id=\"{key}\"]"));
        }
    };
    let kept = move || sheet.field(key).is_some_and(|field| is_set(&field));
    let act = move |label: &'static str, to: Secret| {
        view! { <button type="button" class="link-button" on:click=on(move |_| turn(to))>{label}</button> }
    };
    move || {
        let (icon, said) = match here.turn.get() {
            Secret::Replace => {
                return view! {
                    <Field
                        id=key
                        label=words::label(key)
                        value=here.typed
                        kind=FieldKind::Password
                        help=sources::NEW_HELP.to_owned()
                        error
                        autocomplete="new-password"
                    >
                        {move || if kept() { act(sources::KEEP_IT, Secret::Keep).into_any() } else { key_of(key).into_any() }}
                    </Field>
                }
                .into_any();
            }
            Secret::Keep => (Icon::Lock, words::KEPT),
            Secret::TakeAway => (Icon::Warning, words::TAKEN),
        };
        let keeps = here.turn.get() == Secret::Keep;
        view! {
            <div
                class="field secret"
                role="group"
                aria-label=words::label(key)
                data-wrong=move || error.get().is_some().then_some("true")
            >
                <div class="field-head"><span class="field-label">{words::label(key)}</span>{key_of(key)}</div>
                <div class="field-box field-fixed" class:field-wrong=move || error.get().is_some()>
                    <Glyph icon />
                    <span class="secret-said">{said}</span>
                    {keeps.then(|| act(sources::REPLACE, Secret::Replace))}
                    {if keeps { act(sources::TAKE_AWAY, Secret::TakeAway) } else { act(sources::KEEP_IT, Secret::Keep) }}
                </div>
                {move || match error.get() {
                    Some(error) => view! { <p class="field-note field-error"><Glyph icon=Icon::Warning />{error}</p> }.into_any(),
                    None => view! { <p class="field-note">{sources::KEPT_HELP}</p> }.into_any(),
                }}
            </div>
        }
        .into_any()
    }
}
