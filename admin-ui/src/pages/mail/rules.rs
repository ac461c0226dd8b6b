//! The house rules: when mails go, when they do not, what they may say.

use chancery_ui_kit::text::mail_settings as words;
use leptos::prelude::*;

use super::fields::{Setting, Sort};

/// The cards.
#[component]
pub fn RuleCards() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="card-content">
            <h2 class="card-title" id="card-content">{words::CONTENT}</h2>
            <div class="card-body settings">
                <Setting key="mail.content" sort=Sort::Pick />
                <Setting key="notify.language" sort=Sort::Pick />
            </div>
        </section>
        <section class="card" aria-labelledby="card-times">
            <h2 class="card-title" id="card-times">{words::TIMES}</h2>
            <div class="card-body settings">
                <Setting key="notify.after_minutes" />
                <Setting key="notify.window_minutes" />
                <Setting key="notify.digest_at" />
                <Setting key="notify.time_zone" />
            </div>
        </section>
        <section class="card" aria-labelledby="card-quiet">
            <h2 class="card-title" id="card-quiet">{words::QUIET}</h2>
            <div class="card-body settings">
                <Setting key="notify.quiet_hours" />
                <div class="settings-wide"><Setting key="notify.quiet_days" sort=Sort::Days /></div>
            </div>
        </section>
    }
}
