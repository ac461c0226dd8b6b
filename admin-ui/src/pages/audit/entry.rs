//! `/console/audit/:record`: one entry in the side pane, with what it changed.

use chancery_protocol::audit::{AuditChange, AuditDetail};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::Button;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::pane::{Fact, SidePane};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::session::Session;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::audit as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;
use serde_json::Value;

use crate::logic::log::{LogView, Who};
use crate::logic::roles::{reads_accounts, reads_whole_audit};
use crate::routes::Place;
use crate::state::log::Log;

/// The pane.
#[component]
pub fn Pane(
    /// Which.
    position: u64,
) -> impl IntoView {
    let log = Log::current();
    let title = Signal::derive(move || {
        log.open.with(|open| match open.ready().filter(|open| open.entry.position == position) {
            Some(open) => words::kind(&open.entry.kind).to_owned(),
            None => words::record(position),
        })
    });
    // An address may name any record: what is none, or not to be seen, is told apart from a failure.
    let missing = move || {
        log.open.with(|open| match open {
            Loaded::Failed(error) => error.code() == Some("not_found"),
            Loaded::Loading | Loaded::Ready(_) => false,
        })
    };
    view! {
        <SidePane id="entry" title subtitle=words::record(position) on_close=move |()| log.close()>
            {move || {
                if missing() {
                    return view! {
                        <EmptyState icon=Icon::Lock title=text::state::NOTHING_TITLE body=text::state::NOTHING_BODY />
                    }
                    .into_any();
                }
                view! {
                    <LoadedView
                        value=log.open.into()
                        failed_title=words::ENTRY_FAILED
                        on_retry=move |()| log.open_one(position)
                        skeleton=|| view! { <div class="pane-part"><SkeletonRows rows=3 /></div> }.into_any()
                        empty=|_: &AuditDetail| None
                        ready=|detail| view! { <Parts detail /> }.into_any()
                    />
                }
                .into_any()
            }}
        </SidePane>
    }
}

#[component]
fn Parts(detail: AuditDetail) -> impl IntoView {
    let (log, session) = (Log::current(), Session::current());
    let AuditDetail { entry, changes, people } = detail;
    let roles = session.info_untracked().map(|info| info.roles).unwrap_or_default();
    let name = |id| {
        let known = people.iter().find(|person| person.id == id);
        known.map_or_else(|| words::SOMEBODY.to_owned(), |person| person.name.clone())
    };
    let actor = entry.actor.map(|id| (id, name(id)));
    let who = actor.as_ref().map_or_else(|| words::SYSTEM.to_owned(), |(_, name)| name.clone());
    let others = actor.filter(|_| reads_whole_audit(&roles));
    let opens_accounts = reads_accounts(&roles);
    let on_whom = entry.person.map(|id| (id, name(id)));
    let named = |text: &str| {
        let known = people.iter().find(|person| person.id.to_string() == text);
        known.map_or_else(|| text.to_owned(), |person| person.name.clone())
    };
    let details = entry.body.as_ref().map(|body| facts(body, &named)).unwrap_or_default();
    let position = entry.position;
    view! {
        <section class="pane-part" aria-label=words::DETAILS>
            <dl class="facts">
                <Fact label=words::WHEN>{LocalTime::of(entry.at).full()}</Fact>
                <Fact label=words::WHO>
                    <bdi>{who}</bdi>
                </Fact>
                {on_whom.map(|(id, name)| view! {
                    <Fact label=words::ON>
                        {if opens_accounts {
                            view! { <a href=Place::User(id).path()><bdi>{name}</bdi></a> }.into_any()
                        } else {
                            view! { <bdi>{name}</bdi> }.into_any()
                        }}
                    </Fact>
                })}
                {details.into_iter().map(|(label, value)| view! {
                    <div class="fact"><dt>{label}</dt><dd><bdi>{value}</bdi></dd></div>
                }).collect_view()}
            </dl>
            {entry.body.is_none().then(|| view! { <Notice tone=Tone::Bad icon=Icon::CrossCircle>{words::DAMAGED}</Notice> })}
        </section>
        {(!changes.is_empty()).then(|| view! { <Changes changes /> })}
        <section class="pane-part pane-acts">
            <Button label=words::COPY_LINK.to_owned() icon=Icon::Link on_press=move |()| log.copy_link(position) />
            {others.map(|(id, name)| {
                let only = move |_| {
                    let who = Who::Person(id);
                    log.look(&LogView { who, before: None, ..log.view.get_untracked() }, true);
                };
                view! { <button type="button" class="link-button" on:click=on(only)>{words::only_by(&name)}</button> }
            })}
        </section>
    }
}

/// What was, with a minus, and what is, with a plus; colour only repeats it.
#[component]
fn Changes(changes: Vec<AuditChange>) -> impl IntoView {
    let line = |class: &'static str, sign: &'static str, field: &str, value: String| {
        view! {
            <div class=class>
                <span class="change-sign">{sign}</span>
                <span class="change-field">{field.to_owned()}</span>
                <bdi>{value}</bdi>
            </div>
        }
    };
    view! {
        <section class="pane-part" aria-labelledby="entry-changes">
            <h3 class="pane-part-title" id="entry-changes">{words::WHAT_CHANGED}</h3>
            <div class="changes mono">
                {changes.into_iter().map(|change| {
                    let field = change.field;
                    let shown = |value: String| if field == END { moment(value) } else { value };
                    view! {
                        {change.before.map(|value| line("change change-old", "-", &field, shown(value)))}
                        {change.after.map(|value| line("change change-new", "+", &field, shown(value)))}
                    }
                }).collect_view()}
            </div>
        </section>
    }
}

/// What comes as a moment among what changed: the end of a guest's time.
const END: &str = "end";

/// A moment as the log shows others.
fn moment(iso: String) -> String {
    time::of_machine(&iso).map_or(iso, |at| LocalTime::of(at).full())
}

/// The fields of a record in words; what is empty says nothing. Whoever is known stands there by name.
fn facts(body: &Value, named: &dyn Fn(&str) -> String) -> Vec<(String, String)> {
    let Some(fields) = body.as_object() else { return Vec::new() };
    let said = fields.iter().filter(|(_, value)| !is_empty(value));
    said.map(|(name, value)| (words::field(name), shown(name, value, named))).collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// Whether a field is a moment: in microseconds, unlike `looked_at`, which is a position.
fn is_moment(name: &str) -> bool {
    matches!(name, "from" | "until") || (name.ends_with("_at") && name != "looked_at")
}

fn shown(name: &str, value: &Value, named: &dyn Fn(&str) -> String) -> String {
    match value {
        Value::String(text) => named(text),
        Value::Number(number) if is_moment(name) => {
            number.as_i64().map_or_else(|| number.to_string(), |at| LocalTime::of(at).full())
        }
        Value::Array(values) => {
            values.iter().map(|value| shown("", value, named)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(_) => {
            let inner = facts(value, named).into_iter().map(|(label, value)| format!("{label}: {value}"));
            inner.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}
