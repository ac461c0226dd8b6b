//! The approval strip (DESIGN.md section 6.7): what waits for a second person, in full, and what one may do about it.

use chancery_protocol::approvals::ApprovalDetail;
use chancery_protocol::ids::RequestId;
use chancery_protocol::policy::Content;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::field::Field;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::{memo, part, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::policy_console as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::version::compared;
use super::{Page, day, refusal};
use crate::api::policy;

/// What one does about a request.
#[derive(Clone, Copy)]
enum Act {
    Agree,
    Refuse,
    Withdraw,
}

/// The strip, while something waits.
pub fn strip(page: Page) -> AnyView {
    let open = memo(move || page.item.with(|item| item.ready().and_then(|item| item.as_ref()?.line.request)));
    part(move || open.get().map_or(().into_any(), |id| one(page, id)))
}

fn one(page: Page, id: RequestId) -> AnyView {
    let detail = RwSignal::new(Loaded::<ApprovalDetail>::Loading);
    let load = move || {
        spawn_local(async move {
            let found = policy::approval(page.api, id).await;
            page.line.heard(&found);
            let _ = detail.try_set(found.into());
        });
    };
    load();
    view! {
        <section class="card" aria-labelledby="aup-approval">
            <h2 class="card-title" id="aup-approval">{words::APPROVAL}</h2>
            <div class="card-body aup-approval">
                <LoadedView
                    value=detail.into()
                    failed_title=words::LOAD_FAILED
                    on_retry=move |()| load()
                    skeleton=|| view! { <SkeletonRows rows=3 /> }.into_any()
                    empty=|_| None
                    ready=move |detail| shown(page, &detail)
                />
            </div>
        </section>
    }
    .into_any()
}

fn shown(page: Page, detail: &ApprovalDetail) -> AnyView {
    let ApprovalDetail { approval, changes, approvers } = detail;
    let names: Vec<String> = approvers.iter().map(|person| person.name.clone()).collect();
    let asker = approval.asked_by.as_ref().map(|person| person.name.clone()).unwrap_or_default();
    let texts = changes.iter().map(|one| {
        let before = one.now.as_ref().and_then(|now| match &now.content {
            Content::Text(text) => Some(text),
            _ => None,
        });
        let after = match &one.change.content {
            Some(Content::Text(text)) => Some(text),
            _ => before,
        };
        let off = (!one.change.in_force).then(|| view! { <p><strong>{words::TO_BE_OFF}</strong></p> });
        let text = after.filter(|_| one.change.in_force).map(|after| compared(before, after, false));
        view! { {off}{text} }
    });
    let texts = texts.collect_view();
    view! {
        <ol class="aup-steps">
            <li class="aup-past">{words::REQUESTED}</li>
            <li aria-current="step">{words::SECOND}</li>
            <li>{words::DONE}</li>
        </ol>
        <p>
            {words::asked_by(&asker, &day(approval.asked_at))}" "
            {words::may_agree(&names.join(", "))}" "{words::lapses(&day(approval.lapses_at))}
        </p>
        <blockquote dir="auto">{approval.reason.clone()}</blockquote>
        <details class="aup-full" open=approval.may_agree>
            <summary>{words::FULL}</summary>
            <div class="aup-text">{texts}</div>
        </details>
        {deciding(page, approval.id, approval.may_agree, approval.may_withdraw)}
    }
    .into_any()
}

fn deciding(page: Page, id: RequestId, may_agree: bool, may_withdraw: bool) -> AnyView {
    let (refusing, reason) = (RwSignal::new(false), RwSignal::new(String::new()));
    let (working, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let toasts = Toasts::current();
    let act = move |act: Act| {
        if working.get_untracked() {
            return;
        }
        working.set(true);
        spawn_local(async move {
            let outcome: Result<(), ClientError> = match act {
                Act::Agree => policy::agree(page.api, id).await,
                Act::Refuse => policy::refuse(page.api, id, reason.get_untracked().trim().to_owned()).await,
                Act::Withdraw => policy::withdraw(page.api, id).await,
            };
            let _ = working.try_set(false);
            page.line.heard(&outcome);
            match outcome {
                Ok(()) => {
                    toasts.done(match act {
                        Act::Agree => words::AGREED,
                        Act::Refuse => words::REFUSED,
                        Act::Withdraw => words::WITHDRAWN,
                    });
                    page.load();
                }
                Err(error) => {
                    let _ = refused.try_set(Some(refusal(&error)));
                }
            }
        });
    };
    view! {
        <Refusal words=refused />
        {show(move || refusing.get(), move || view! {
            <Field id="aup-refusal" label=words::REFUSAL value=reason help=words::REASON_HELP />
        }.into_any())}
        <div class="aup-acts">
            {may_withdraw.then(|| view! {
                <Button label=words::WITHDRAW.to_owned() working on_press=move |()| act(Act::Withdraw) />
            })}
            {may_agree.then(|| view! {
                <Button
                    label=words::REFUSE.to_owned()
                    working
                    on_press=move |()| if refusing.get_untracked() { act(Act::Refuse) } else { refusing.set(true) }
                />
                <Button label=words::AGREE.to_owned() kind=Kind::Primary working on_press=move |()| act(Act::Agree) />
            })}
        </div>
    }
    .into_any()
}
