//! Empty, loading, failed (picture 18a).

use chancery_protocol::problem::Problem;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::progress::Progress;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::{EmptyState, FailedState};
use chancery_ui_kit::table::SkeletonTable;
use chancery_ui_kit::text;
use chancery_ui_kit::text::kit as words;
use leptos::prelude::*;

use super::Part;

#[component]
pub fn States() -> impl IntoView {
    let error = ClientError::from(Problem {
        kind: String::new(),
        code: "storage_unavailable".to_owned(),
        status: 503,
        title: String::new(),
        detail: None,
        field: None,
        errors: Vec::new(),
        notices: Vec::new(),
        token: None,
        retry_after: None,
        position: None,
    });
    let done = RwSignal::new(148_u32);
    let figures = Signal::derive(move || text::console::progress(done.get().into(), 212));
    view! {
        <Part title=words::STATES lead=words::STATES_LEAD>
            <div class="kit-grid">
                <div class="kit-card">
                    <EmptyState icon=Icon::Search title=words::EMPTY body=words::EMPTY_BODY>
                        <Button label=words::WIDER.to_owned() icon=Icon::Calendar />
                    </EmptyState>
                </div>
                <div class="kit-card">
                    <EmptyState icon=Icon::TickCircle title=words::ALL_DONE body=words::ALL_DONE_BODY>
                        <Button label=words::HISTORY.to_owned() icon=Icon::Clock />
                    </EmptyState>
                </div>
                <div class="kit-card">
                    <EmptyState icon=Icon::Scales title=words::FIRST_USE body=words::FIRST_USE_BODY>
                        <Button label=words::OPEN_CASE.to_owned() kind=Kind::Primary icon=Icon::Plus />
                    </EmptyState>
                </div>
                <div class="kit-card">
                    <EmptyState icon=Icon::Lock title=text::state::NOTHING_TITLE body=text::state::NOTHING_BODY />
                </div>
                <div class="kit-card"><SkeletonTable rows=4 /></div>
                <div class="kit-card"><SkeletonRows rows=3 /></div>
                <div class="kit-card kit-pad">
                    <Progress label=words::BUILDING figures done of=212 note=words::MAY_LEAVE />
                </div>
                <div class="kit-card"><FailedState title=words::FAILED error on_retry=|()| () /></div>
            </div>
        </Part>
    }
}
