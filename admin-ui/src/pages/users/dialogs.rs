//! The one dialog of the page, and what stands in it.

use chancery_protocol::http::Account;
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::text::access_tokens;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::text::{factors, guests, handover, outbox, user_groups};
use leptos::prelude::*;

use super::address::AddressDialog;
use super::bot::BotDialog;
use super::bulk::BulkDialog;
use super::confirm::{EndAllDialog, LiftDialog, ResetDialog, SuspendDialog};
use super::emergency::EmergencyDialog;
use super::factors::RemoveFactorsDialog;
use super::invite::InviteDialog;
use super::link::{LinkDialog, UnlinkDialog};
use super::owner::OwnerDialog;
use super::rename::RenameDialog;
use super::roles::RolesDialog;
use super::terms::TermsDialog;
use crate::components::asking::asking;
use crate::pages::mail::decisions::DecisionsOf;
use crate::state::users::{Ask, Users};

fn title(ask: &Ask, ticked: u64) -> String {
    let name = |account: &Account| account.person.name.clone();
    match ask {
        Ask::Invite => words::INVITE_TITLE.to_owned(),
        Ask::Bot => access_tokens::ADD_BOT.to_owned(),
        Ask::Owner(account) => access_tokens::owner_title(&name(account)),
        Ask::Terms(account) => guests::terms_title(&name(account)),
        Ask::Rename(_) => words::RENAME_TITLE.to_owned(),
        Ask::Address(account) => handover::address_title(&name(account)),
        Ask::Mails(account) => outbox::about(&name(account)),
        Ask::Roles(account) => format!("{}: {}", words::ROLES_TITLE, name(account)),
        Ask::Link(account) => user_groups::link_title(&name(account)),
        Ask::Unlink(account, identity, _) => user_groups::unlink_title(&identity.name, &name(account)),
        Ask::Suspend(account) => words::suspend_title(&name(account)),
        Ask::Lift(account) => words::lift_title(&name(account)),
        Ask::Reset(account) | Ask::ByHand(account) => words::reset_title(&name(account)),
        Ask::RemoveFactors(account, _) => factors::remove_all_title(&name(account)),
        Ask::Emergency(account) => format!("{}: {}", factors::EMERGENCY, name(account)),
        Ask::EndAll(account) => words::end_all_title(&name(account)),
        Ask::Bulk(act) => words::bulk_title(*act, ticked),
    }
}

/// The dialog; there while something is asked.
#[component]
pub fn Dialogs() -> impl IntoView {
    let users = Users::current();
    let asked = Signal::derive(move || users.ask.with(Option::is_some));
    let open = asking(asked, Callback::new(move |()| users.answered()));
    // While it closes, the title stays what it was.
    let title = Memo::new(move |before: Option<&String>| {
        let ticked = users.ticked.with_untracked(|ticked| ticked.len() as u64);
        users
            .ask
            .with(|ask| ask.as_ref().map(|ask| title(ask, ticked)))
            .or(before.cloned())
            .unwrap_or_default()
    });
    view! {
        <Dialog open id="ask" title>
            {move || match users.ask.get() {
                None => ().into_any(),
                Some(Ask::Invite) => view! { <InviteDialog /> }.into_any(),
                Some(Ask::Bot) => view! { <BotDialog /> }.into_any(),
                Some(Ask::Owner(account)) => view! { <OwnerDialog account /> }.into_any(),
                Some(Ask::Terms(account)) => view! { <TermsDialog account /> }.into_any(),
                Some(Ask::Rename(account)) => view! { <RenameDialog account /> }.into_any(),
                Some(Ask::Address(account)) => view! { <AddressDialog account /> }.into_any(),
                Some(Ask::Mails(account)) => view! { <DecisionsOf person=account.person.id /> }.into_any(),
                Some(Ask::Roles(account)) => view! { <RolesDialog account /> }.into_any(),
                Some(Ask::Link(account)) => view! { <LinkDialog account /> }.into_any(),
                Some(Ask::Unlink(account, identity, other_way)) => {
                    view! { <UnlinkDialog account identity other_way /> }.into_any()
                }
                Some(Ask::Suspend(account)) => view! { <SuspendDialog account /> }.into_any(),
                Some(Ask::Lift(account)) => view! { <LiftDialog account /> }.into_any(),
                Some(Ask::Reset(account)) => view! { <ResetDialog account /> }.into_any(),
                Some(Ask::ByHand(account)) => view! { <ResetDialog account by_hand=true /> }.into_any(),
                Some(Ask::RemoveFactors(account, count)) => {
                    view! { <RemoveFactorsDialog account count /> }.into_any()
                }
                Some(Ask::Emergency(account)) => view! { <EmergencyDialog account /> }.into_any(),
                Some(Ask::EndAll(account)) => view! { <EndAllDialog account /> }.into_any(),
                Some(Ask::Bulk(act)) => view! { <div class="dialog-wide"><BulkDialog act /></div> }.into_any(),
            }}
        </Dialog>
    }
}
