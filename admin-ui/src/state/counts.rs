//! How much waits for the reader, for the menu.

use std::time::Duration;

use chancery_protocol::person::Role;
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::session::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{approvals, review};
use crate::logic::roles::{agrees, reviews};
use crate::state::line::Line;

/// So often it is asked, while the page is visible.
const EVERY: Duration = Duration::from_secs(30);

/// The numbers; provided once, at the root.
#[derive(Clone, Copy)]
pub struct Counts {
    /// Requests of others that the reader may agree to.
    pub approvals: RwSignal<u64>,
    /// Texts that wait for an officer.
    pub review: RwSignal<u64>,
    roles: Memo<Vec<Role>>,
    line: Line,
    api: ApiClient,
}

impl Counts {
    /// Asks again and again, and makes the numbers known to everything below.
    pub fn provide() -> Self {
        let session = Session::current();
        let counts = Self {
            approvals: RwSignal::new(0),
            review: RwSignal::new(0),
            roles: memo(move || session.info().map(|info| info.roles).unwrap_or_default()),
            line: Line::current(),
            api: ApiClient::current(),
        };
        provide_context(counts);
        effect(move || {
            counts.roles.track();
            counts.line.again.track();
            counts.ask();
        });
        // Lives as long as the page.
        let _ = set_interval_with_handle(
            move || {
                if !document().hidden() {
                    counts.ask();
                }
            },
            EVERY,
        );
        counts
    }

    /// The numbers.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
        use_context().expect("what waits is counted at the root")
    }

    /// Asks now: something was decided.
    pub fn ask(self) {
        let roles = self.roles.get_untracked();
        if agrees(&roles) {
            spawn_local(async move {
                if let Ok(count) = approvals::count(self.api).await {
                    self.approvals.set(count.waiting);
                }
            });
        }
        if reviews(&roles) {
            spawn_local(async move {
                if let Ok(count) = review::count(self.api).await {
                    self.review.set(count.waiting);
                }
            });
        }
    }
}
