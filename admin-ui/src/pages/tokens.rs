//! `/console/tokens`: one's own access tokens, also for those who do not chat.

use chancery_ui_kit::api::tokens::Whose;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::session::Session;
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens as words;
use chancery_ui_kit::tokens::{Desk, IssueButton, TokenDialogs, TokenList};
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::state::line::Line;

/// The page.
#[component]
pub fn TokensPage() -> impl IntoView {
    let (line, session) = (Line::current(), Session::current());
    document().set_title(&text::page_title(words::TITLE, 0));
    let desk = Desk::new(Whose::Own);
    line.follow(desk.heard);
    effect(move || {
        line.again.track();
        desk.load();
    });
    effect(move || desk.roles.set_value(session.info().map(|info| info.roles).unwrap_or_default()));
    view! {
        <div class="overview">
            <Banner loaded=Signal::derive(String::new) />
            <header class="console-head">
                <div class="console-titles">
                    <h1 class="console-title" id="access-title" tabindex="-1">{words::TITLE}</h1>
                    <p class="console-lead">{words::BODY}</p>
                </div>
                <IssueButton desk />
            </header>
            <div class="overview-body">
                <section class="card" aria-label=words::TITLE>
                    <div class="card-body"><TokenList desk /></div>
                </section>
            </div>
        </div>
        <TokenDialogs desk />
    }
}
