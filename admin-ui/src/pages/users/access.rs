//! The access tokens of the account in the pane: by which programs act for a person, or as a bot. Bots get theirs here.

use chancery_protocol::accounts::AccountState;
use chancery_protocol::http::Account;
use chancery_ui_kit::text::access_tokens as words;
use chancery_ui_kit::tokens::{Desk, IssueButton, TokenList};
use leptos::prelude::*;

/// The part of the pane.
#[component]
pub fn AccessPart(account: Account, desk: Desk) -> impl IntoView {
    let (bot, suspended) = (account.person.bot, account.state == AccountState::Suspended);
    let none = match (bot, suspended) {
        (false, _) => words::NONE_OF_PERSON,
        (true, false) => words::NONE_OF_BOT,
        (true, true) => words::NONE_OF_SUSPENDED,
    };
    desk.roles.set_value(account.roles);
    view! {
        <section class="pane-part" aria-labelledby="access-title">
            <div class="pane-part-head">
                <h3 class="pane-part-title" id="access-title" tabindex="-1">{words::TITLE}</h3>
                {(bot && !suspended).then(|| view! { <IssueButton desk short=true /> })}
            </div>
            <TokenList desk none />
        </section>
    }
}
