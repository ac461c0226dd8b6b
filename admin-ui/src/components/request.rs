//! The approval strip (DESIGN.md section 6.7): what waits for a second person, in full, and what one may do about it.
//!
//! What must stay true: whoever asked gets no button to agree, and whoever agrees has seen all of it.

use chancery_protocol::approvals::{
    AboutIdentity, Approval, ApprovalDetail, ChangeDetail, MAX_WORDS, MIN_WORDS, RequestState,
};
use chancery_protocol::ids::RequestId;
use chancery_protocol::policy::Content;
use chancery_screening::Rule;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::pane::Fact;
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::{effect, on, part, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::approvals as words;
use chancery_ui_kit::text::{console, rule_editor};
use chancery_ui_kit::time::{self, LocalTime};
use chancery_ui_kit::toast::Toasts;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::differences::Differences;
use super::failing::failing_lines;
use super::words_field::WordsField;
use crate::api::approvals;
use crate::logic::proof::{Proved, coming};
use crate::routes::Place;
use crate::state::counts::Counts;
use crate::state::line::Line;
use crate::state::proving::{Lists, prove_with};

/// What one does about a request.
#[derive(Clone, Copy, PartialEq)]
enum Act {
    Agree,
    Refuse,
    Withdraw,
}

/// The request.
#[component]
pub fn RequestStrip(
    /// Which.
    id: RequestId,
    /// Whether its contents are in sight at once.
    whole: bool,
    /// Called when it was decided.
    #[prop(into)]
    on_decided: Callback<()>,
) -> impl IntoView {
    let (api, line) = (ApiClient::current(), Line::current());
    let detail = RwSignal::new(Loaded::<ApprovalDetail>::Loading);
    let load = move || {
        spawn_local(async move {
            let found = approvals::get(api, id).await;
            line.heard(&found);
            let _ = detail.try_set(found.into());
        });
    };
    load();
    let decided = Callback::new(move |()| {
        load();
        on_decided.run(());
    });
    view! {
        <LoadedView
            value=detail.into()
            failed_title=words::ONE_FAILED
            on_retry=move |()| load()
            skeleton=|| view! { <div class="card-body"><SkeletonRows rows=4 /></div> }.into_any()
            empty=|_| None
            ready=move |detail| view! { <Shown detail whole decided /> }.into_any()
        />
    }
}

#[component]
fn Shown(detail: ApprovalDetail, whole: bool, decided: Callback<()>) -> impl IntoView {
    let ApprovalDetail { approval, changes, approvers } = detail;
    let names: Vec<String> = approvers.into_iter().map(|person| person.name).collect();
    let waits = approval.state == RequestState::Waiting;
    let asker = approval.asked_by.as_ref().map(|person| person.name.clone()).unwrap_or_default();
    let reason = approval.reason.clone();
    let open = whole || approval.may_agree;
    let lists = lists(&changes);
    // What was decided is not tried again: the lists may say something else by now.
    let changed = |one: ChangeDetail| {
        let rule = if waits { coming(&one) } else { None };
        let proof = rule.map(|rule| view! { <Proof rule lists=lists.clone() /> });
        view! { <Changed one waits>{proof}</Changed> }
    };
    view! {
        <div class="request">
            <Steps approval=approval.clone() />
            <p class="request-who">
                {words::asked_by(&asker)}" "
                <time datetime=time::machine(approval.asked_at)>{LocalTime::of(approval.asked_at).full()}</time>". "
                {waits.then(|| view! {
                    {words::may_agree(&names.join(", "))}" "
                    <time datetime=time::machine(approval.lapses_at)>{words::lapses(&LocalTime::of(approval.lapses_at).full())}</time>
                })}
            </p>
            <blockquote class="request-reason" dir="auto">{reason}</blockquote>
            {approval.words.clone().map(|said| view! {
                <p class="request-words"><strong>{words::REFUSAL}</strong>" "<bdi>{said}</bdi></p>
            })}
            <details class="request-full" open=open>
                <summary>{words::FULL}</summary>
                {approval.identity.clone().map(|identity| view! { <Link identity /> })}
                {changes.into_iter().map(changed).collect_view()}
            </details>
            {waits.then(|| view! { <Deciding approval decided /> })}
        </div>
    }
}

/// The steps in a line: asked, second person, how it ended.
#[component]
fn Steps(approval: Approval) -> impl IntoView {
    let done = if approval.identity.is_some() { words::LINKED } else { words::IN_FORCE };
    let (end, at, bad) = match approval.state {
        RequestState::Waiting => (done, None, false),
        RequestState::Agreed => (done, approval.decided_at, false),
        RequestState::Refused => (words::REFUSED, approval.decided_at, true),
        RequestState::Withdrawn => (words::WITHDRAWN, approval.decided_at, true),
        RequestState::Lapsed => (words::LAPSED, Some(approval.lapses_at), true),
    };
    let who = approval.decided_by.map(|person| person.name);
    let waits = approval.state == RequestState::Waiting;
    let agreed = approval.state == RequestState::Agreed;
    view! {
        <ol class="strip">
            <li class="strip-step strip-past">{words::REQUESTED}</li>
            <li class="strip-step" class:strip-past=agreed class:strip-stopped=bad aria-current=waits.then_some("step")>{words::SECOND}</li>
            <li class="strip-step" class:strip-past=agreed class:strip-bad=bad aria-current=(!waits).then_some("step")>
                {end}
                {at.map(|at| view! { <span class="strip-when">{words::decided(who.as_deref(), &LocalTime::of(at).full())}</span> })}
            </li>
        </ol>
    }
}

/// Which identity it is, and what it would open.
#[component]
fn Link(identity: AboutIdentity) -> impl IntoView {
    let AboutIdentity { asked, owner, source_name } = identity;
    let name =
        owner.as_ref().map_or_else(String::new, |owner| format!("{} ({})", owner.name, owner.username));
    let roles: Vec<&str> = asked.roles.iter().map(|role| console::role(*role)).collect();
    let source = if source_name.is_empty() { words::SOURCE_GONE.to_owned() } else { source_name };
    // A source that writes to us speaks of them by a login first; what it is linked by is our own id.
    let (label, said) =
        if asked.login.is_empty() { (words::SUBJECT, asked.subject) } else { (words::LOGIN, asked.login) };
    view! {
        <section class="changed">
            <dl class="facts">
                <Fact label=words::ACCOUNT><a href=Place::User(asked.person).path()><bdi>{name}</bdi></a></Fact>
                <Fact label=words::ACCOUNT_ROLES>{roles.join(", ")}</Fact>
                <Fact label=words::SOURCE><bdi>{source}</bdi></Fact>
                <Fact label=label><bdi class="mono link-subject">{said}</bdi></Fact>
            </dl>
            <p class="quiet">{words::OPENS}</p>
        </section>
    }
}

/// The lists that would count with what is asked for.
fn lists(changes: &[ChangeDetail]) -> Lists {
    let coming = changes.iter().filter(|one| one.change.in_force);
    coming
        .filter_map(|one| match &one.change.content {
            Some(Content::List { entries }) => Some((one.change.name.clone(), entries.clone())),
            _ => None,
        })
        .collect()
}

/// How a rule does with its own lines; the browser tries it.
#[component]
fn Proof(rule: Rule, lists: Lists) -> impl IntoView {
    let api = ApiClient::current();
    let proved = RwSignal::new(None::<Option<Proved>>);
    spawn_local(async move {
        let found = prove_with(api, &rule, lists).await;
        let _ = proved.try_set(Some(found));
    });
    part(move || match proved.get() {
        None => ().into_any(),
        Some(None) => view! { <p class="quiet">{rule_editor::NOT_PROVED}</p> }.into_any(),
        Some(Some(proved)) if proved.failing.is_empty() => {
            let said = match proved.lines {
                0 => rule_editor::NO_LINES.to_owned(),
                lines => rule_editor::lines_said(lines as u64, 0),
            };
            view! { <p class="quiet">{said}</p> }.into_any()
        }
        Some(Some(proved)) => {
            view! { <Notice tone=Tone::Warn icon=Icon::Warning>{failing_lines(proved)}</Notice> }.into_any()
        }
    })
}

/// One item of it, beside what there is.
#[component]
fn Changed(one: ChangeDetail, waits: bool, children: Children) -> impl IntoView {
    let ChangeDetail { change, now } = one;
    let title = words::item(change.kind, &change.name);
    let (was, will) = (now.as_ref().is_some_and(|now| now.in_force), change.in_force);
    // What neither says nor counts otherwise stands elsewhere.
    let moved = now.as_ref().is_some_and(|now| now.place != change.place)
        || (change.content.is_none() && was == will);
    let outdated = waits && now.as_ref().map_or(0, |now| now.version) != change.from_version;
    let before = now.map(|now| now.content);
    let says = change.content.map(|after| view! { <Differences before after /> });
    view! {
        <section class="changed">
            <h3 class="changed-title">
                <bdi>{title}</bdi>
                <Badge label=words::version(change.from_version + 1) tone=Tone::Mute />
                {match (was, will) {
                    (false, true) => view! { <Badge label=words::TO_ON tone=Tone::Ok icon=Icon::Tick /> }.into_any(),
                    (true, false) => view! { <Badge label=words::TO_OFF tone=Tone::Warn icon=Icon::Minus /> }.into_any(),
                    _ => ().into_any(),
                }}
                {moved.then(|| view! { <Badge label=words::MOVED tone=Tone::Info icon=Icon::Rows /> })}
            </h3>
            {outdated.then(|| view! { <p class="field-note field-error">{words::OUTDATED}</p> })}
            {children()}
            {match says {
                Some(says) => says.into_any(),
                None => view! { <p class="quiet">{rule_editor::SAYS_THE_SAME}</p> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Deciding(approval: Approval, decided: Callback<()>) -> impl IntoView {
    let (api, line, toasts, counts) =
        (ApiClient::current(), Line::current(), Toasts::current(), Counts::current());
    let (id, may_agree) = (approval.id, approval.may_agree);
    let links = approval.identity.is_some();
    let (refusing, reason) = (RwSignal::new(false), RwSignal::new(String::new()));
    let (working, refused) = (RwSignal::new(None::<Act>), RwSignal::new(None::<String>));
    let wrong = RwSignal::new(None::<String>);
    let act = move |act: Act| {
        if working.get_untracked().is_some() {
            return;
        }
        working.set(Some(act));
        refused.set(None);
        spawn_local(async move {
            let outcome: Result<(), ClientError> = match act {
                Act::Agree => approvals::agree(api, id).await,
                Act::Refuse => approvals::refuse(api, id, reason.get_untracked().trim().to_owned()).await,
                Act::Withdraw => approvals::withdraw(api, id).await,
            };
            let _ = working.try_set(None);
            line.heard(&outcome);
            match outcome {
                Ok(()) => {
                    toasts.done(match act {
                        Act::Agree if links => words::AGREED_LINK,
                        Act::Agree => words::AGREED,
                        Act::Refuse => words::REFUSED_DONE,
                        Act::Withdraw => words::WITHDRAWN_DONE,
                    });
                    counts.ask();
                    decided.run(());
                }
                Err(error) => {
                    let said = if links { words::link_refused(&error) } else { rule_editor::refused(&error) };
                    let _ = refused.try_set(Some(said));
                }
            }
        });
    };
    let at_work = move |which: Act| Signal::derive(move || working.get() == Some(which));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let count = reason.with_untracked(|text| text.trim().chars().count());
        if !(MIN_WORDS..=MAX_WORDS).contains(&count) {
            wrong.set(Some(words::words_needed()));
            chancery_ui_kit::dom::focus("#refusal-words");
            return;
        }
        act(Act::Refuse);
    };
    effect(move || {
        if refusing.get() {
            chancery_ui_kit::dom::focus("#refusal-words");
        }
    });
    view! {
        <Refusal words=refused />
        {(!may_agree && !approval.may_withdraw).then(|| view! { <p class="quiet">{words::NOT_YOURS}</p> })}
        {show(move || !refusing.get(), move || view! {
            <div class="request-acts">
                {approval.may_withdraw.then(|| view! {
                    <Button label=words::WITHDRAW.to_owned() icon=Icon::Undo working=at_work(Act::Withdraw) on_press=move |()| act(Act::Withdraw) />
                })}
                {may_agree.then(|| view! {
                    <Button label=words::REFUSE.to_owned() kind=Kind::DangerOutlined icon=Icon::Close on_press=move |()| refusing.set(true) />
                    <Button label=words::AGREE.to_owned() kind=Kind::Primary icon=Icon::Tick working=at_work(Act::Agree) on_press=move |()| act(Act::Agree) />
                })}
            </div>
        }.into_any())}
        {show(move || refusing.get(), move || view! {
            <form class="request-refusing" novalidate on:submit=on(submit)>
                <WordsField id="refusal-words" label=words::REFUSAL_LABEL value=reason error=wrong most=MAX_WORDS help=words::REFUSAL_HELP />
                <div class="request-acts">
                    <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| refusing.set(false) />
                    <Button label=words::REFUSE.to_owned() kind=Kind::DangerOutlined submit=true working=at_work(Act::Refuse) />
                </div>
            </form>
        }.into_any())}
    }
}
