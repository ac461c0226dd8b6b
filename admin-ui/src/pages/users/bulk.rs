//! The same to several people: first what would come of it, then how far it is, then what came of it, name by name.

use chancery_protocol::accounts::{Bulk, BulkAct, BulkOutcome, BulkResult};
use chancery_protocol::ids::PersonId;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::progress::Progress;
use chancery_ui_kit::reactive::{effect, memo, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::FailedState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::text::handover;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::handover::{Way, Ways};
use crate::api::people;
use crate::state::line::Line;
use crate::state::users::Users;

/// How many people one request names: few enough that the numbers move.
const PART: usize = 50;
/// How many names a list shows before it says how many more there are.
const SHOWN: usize = 100;

/// A person with what would or did come of it.
type Outcome = (String, BulkResult);

/// Where the dialog is.
#[derive(Clone)]
enum Stage {
    Asking,
    Failed(ClientError),
    Preview(Vec<Outcome>),
    Working { done: usize, of: usize },
    Done(Vec<Outcome>),
}

/// The dialog.
#[component]
pub fn BulkDialog(
    /// What is to be done.
    act: BulkAct,
) -> impl IntoView {
    let (users, line, toasts) = (Users::current(), Line::current(), Toasts::current());
    let stage = RwSignal::new(Stage::Asking);
    let offered = matches!(act, BulkAct::Reset { .. }) && users.mails();
    let way = Way::new(offered);
    let act = move || match act {
        BulkAct::Reset { .. } => BulkAct::Reset { mail: offered && way.by_mail() },
        other => other,
    };
    let names = users.ticked.get_untracked();
    let named = StoredValue::new(names.clone());
    // In the order of the list, so that names are found in what is shown.
    let mut accounts: Vec<_> = names.values().collect();
    accounts.sort_by_key(|account| dom::small(&account.person.name));
    let everybody: Vec<PersonId> = accounts.iter().map(|account| account.person.id).collect();
    let with_name = move |result: BulkResult| {
        let name =
            named.with_value(|names| names.get(&result.person).map(|account| account.person.name.clone()));
        (name.unwrap_or_else(|| result.person.to_string()), result)
    };
    // A request names some of them; what is left after a failure was not touched.
    let ask_all = move |people: Vec<PersonId>, preview: bool| {
        let asked = untrack(act);
        spawn_local(async move {
            let mut outcomes = Vec::new();
            for part in people.chunks(PART) {
                if !preview {
                    let _ = stage.try_set(Stage::Working { done: outcomes.len(), of: people.len() });
                }
                let form = Bulk { act: asked, people: part.to_vec(), preview };
                let answer = people::bulk(users.api(), &form).await;
                line.heard(&answer);
                // Something else was chosen meanwhile.
                if preview && untrack(act) != asked {
                    return;
                }
                match answer {
                    Ok(answer) => outcomes.extend(answer.results.into_iter().map(with_name)),
                    Err(error) if outcomes.is_empty() || preview => {
                        let _ = stage.try_set(Stage::Failed(error));
                        return;
                    }
                    Err(error) => {
                        toasts.failed(words::FAILED, text::console::refused(&error));
                        break;
                    }
                }
            }
            if preview {
                let _ = stage.try_set(Stage::Preview(outcomes));
            } else {
                users.ticked.update(std::collections::BTreeMap::clear);
                users.refresh();
                let _ = stage.try_set(Stage::Done(outcomes));
            }
        });
    };
    let again = StoredValue::new(everybody);
    effect(move || {
        act();
        stage.set(Stage::Asking);
        ask_all(again.get_value(), true);
    });
    let asks = memo(move || stage.with(|stage| matches!(stage, Stage::Asking | Stage::Preview(_))));
    let staged = move || match stage.get() {
        Stage::Asking => view! { <SkeletonRows rows=3 /> }.into_any(),
        Stage::Failed(error) => {
            let retry = move |()| {
                stage.set(Stage::Asking);
                ask_all(again.get_value(), true);
            };
            view! { <FailedState title=words::PREVIEW_FAILED error on_retry=retry /> }.into_any()
        }
        Stage::Preview(outcomes) => {
            let changed: Vec<PersonId> = outcomes
                .iter()
                .filter(|(_, result)| result.outcome == BulkOutcome::Changed)
                .map(|(_, result)| result.person)
                .collect();
            view! { <Preview act=untrack(act) outcomes on_act=move |()| ask_all(changed.clone(), false) /> }
                .into_any()
        }
        Stage::Working { done, of } => view! {
            <Progress
                label=words::bulk_working(untrack(act))
                figures=words::progress(done as u64, of as u64)
                done=u32::try_from(done).unwrap_or(u32::MAX)
                of=u32::try_from(of).unwrap_or(u32::MAX)
                note=words::GONE_ON
            />
        }
        .into_any(),
        Stage::Done(outcomes) => view! { <Results outcomes /> }.into_any(),
    };
    view! {
        {offered.then(|| show(move || asks.get(), move || view! { <Ways way /> }.into_any()))}
        {staged}
    }
}

fn with(outcomes: &[Outcome], wanted: BulkOutcome) -> Vec<Outcome> {
    outcomes.iter().filter(|(_, result)| result.outcome == wanted).cloned().collect()
}

/// What would change, and what would be left alone and why.
#[component]
fn Preview(act: BulkAct, outcomes: Vec<Outcome>, #[prop(into)] on_act: Callback<()>) -> impl IntoView {
    let users = Users::current();
    let changed = with(&outcomes, BulkOutcome::Changed);
    let mut left = with(&outcomes, BulkOutcome::Refused);
    left.extend(with(&outcomes, BulkOutcome::Unchanged));
    let (count, left_count) = (changed.len() as u64, left.len() as u64);
    let sessions: u64 = changed.iter().map(|(_, result)| u64::from(result.sessions)).sum();
    let leave = if count > 0 { words::KEEP } else { text::act::CLOSE };
    let kind = if act == BulkAct::Suspend { Kind::Danger } else { Kind::Primary };
    effect(move || {
        // Whoever chooses how links go stays there.
        if dom::find("#link-way :focus").is_none() {
            dom::focus("#ask .dialog-acts button");
        }
    });
    view! {
        <div class="bulk-lists">
            {(count == 0).then(|| view! { <Notice icon=Icon::Info>{words::NOTHING_TO_DO}</Notice> })}
            {(count > 0).then(|| view! { <List title=words::bulk_changes(act, count) lines=changed /> })}
            {(act == BulkAct::Suspend && count > 0).then(|| {
                view! { <p class="dialog-body">{words::sessions_end(sessions)}" "{words::SUSPEND_REST}</p> }
            })}
            {(left_count > 0).then(|| view! { <List title=words::bulk_left(left_count) lines=left /> })}
        </div>
        <div class="dialog-acts">
            <Button
                label=leave.to_owned()
                kind=Kind::Quiet
                on_press=move |()| users.answered()
            />
            {(count > 0).then(|| {
                view! { <Button label=words::bulk_button(act, count) kind on_press=move |()| on_act.run(()) /> }
            })}
        </div>
    }
}

/// Names under a head, each with its reason.
#[component]
fn List(title: String, lines: Vec<Outcome>) -> impl IntoView {
    let more = lines.len().saturating_sub(SHOWN) as u64;
    let line = |(name, result): Outcome| {
        let reason = match (result.outcome, result.problem) {
            (BulkOutcome::Refused, Some(problem)) => Some(text::console::refusal(&problem)),
            (BulkOutcome::Unchanged, _) => Some(words::ALREADY.to_owned()),
            _ => None,
        };
        view! {
            <li class="bulk-line">
                <bdi class="bulk-name">{name}</bdi>
                {reason.map(|reason| view! { <span class="bulk-reason">{reason}</span> })}
            </li>
        }
    };
    view! {
        <section class="bulk-part">
            <h3 class="bulk-title">{title}</h3>
            <ul class="bulk-names" tabindex="0">{lines.into_iter().take(SHOWN).map(line).collect_view()}</ul>
            {(more > 0).then(|| view! { <p class="dialog-body">{words::more(more)}</p> })}
        </section>
    }
}

/// What came of it.
#[component]
fn Results(outcomes: Vec<Outcome>) -> impl IntoView {
    let users = Users::current();
    let toasts = Toasts::current();
    let done = with(&outcomes, BulkOutcome::Changed);
    let unchanged = with(&outcomes, BulkOutcome::Unchanged);
    let refused = with(&outcomes, BulkOutcome::Refused);
    let links: Vec<(String, String)> = done
        .iter()
        .filter_map(|(name, result)| Some((name.clone(), result.link.as_ref()?.url.clone()?)))
        .collect();
    let text = StoredValue::new(
        links.iter().map(|(name, url)| format!("{name}\t{url}")).collect::<Vec<_>>().join("\n"),
    );
    let copy = move |()| {
        spawn_local(async move {
            if dom::copy(&text.get_value()).await {
                toasts.done(text::act::COPIED);
            } else {
                toasts.failed(words::FAILED, words::LINK_NOT_COPIED);
            }
        });
    };
    let has_links = !links.is_empty();
    let mailed = done.iter().any(|(_, result)| result.link.as_ref().is_some_and(|link| link.mail.is_some()));
    effect(move || {
        dom::focus("#ask .dialog-acts button");
    });
    view! {
        <div class="bulk-lists" role="status">
            <p class="bulk-verdict"><Glyph icon=Icon::TickCircle large=true />{words::bulk_done(done.len() as u64)}</p>
            {mailed.then(|| view! { <Notice icon=Icon::Info>{handover::LINKS_MAILED}</Notice> })}
            {has_links.then(|| {
                let line = |(name, url): (String, String)| {
                    view! { <li class="bulk-line"><bdi class="bulk-name">{name}</bdi><code class="bulk-link">{url}</code></li> }
                };
                view! {
                    <Notice tone=Tone::Warn icon=Icon::Key>{words::LINK_ONCE}</Notice>
                    <ul class="bulk-names" tabindex="0">{links.into_iter().map(line).collect_view()}</ul>
                }
            })}
            {(!unchanged.is_empty()).then(|| view! { <List title=words::bulk_left(unchanged.len() as u64) lines=unchanged /> })}
            {(!refused.is_empty()).then(|| view! { <List title=words::bulk_refused(refused.len() as u64) lines=refused /> })}
        </div>
        <div class="dialog-acts">
            {has_links.then(|| {
                view! { <Button label=words::COPY_ALL.to_owned() kind=Kind::Secondary icon=Icon::Copy on_press=copy /> }
            })}
            <Button label=text::act::DONE.to_owned() kind=Kind::Primary on_press=move |()| users.answered() />
        </div>
    }
}
