//! The overview: figures of the node that answers, and for whom it is open what is not in order.

use std::time::Duration;

use chancery_protocol::operations::{Health, Overview, Span};
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::chart::Data;
use chancery_ui_kit::dom;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::router::Router;
use chancery_ui_kit::session::Session;
use chancery_ui_kit::time::{self, LocalTime, clock_seconds, day_begins};
use leptos::prelude::*;

use crate::api::operations;
use crate::logic::overview::{Chart, Clock, chart, name_of, span_of};
use crate::logic::roles::reads_health;
use crate::routes::Place;
use crate::state::polled::Polled;

/// So often are figures asked for.
const FIGURES: Duration = Duration::from_secs(5);
/// So often is asked whether everything is in order; the server asks its database for it.
const HEALTH: Duration = Duration::from_secs(30);

/// Moments where the reader is.
const CLOCK: Clock = Clock {
    label: clock_seconds,
    local: |at| {
        let at = LocalTime::of(at);
        (at.hour, at.minute)
    },
};

/// The state of the page; provided by it.
#[derive(Clone, Copy)]
pub struct Watch {
    /// The figures.
    pub overview: Polled<Overview>,
    /// What is in order and what is not, for those who may know.
    pub health: Option<Polled<Health>>,
    /// How far back one looks.
    pub span: Memo<Span>,
    router: Router,
}

impl Watch {
    /// Follows the address, and makes the state known to everything below.
    pub fn provide() -> Self {
        let (router, api) = (Router::current(), ApiClient::current());
        let span = memo(move || span_of(&dom::query_of(&router.address().query, "span").unwrap_or_default()));
        let overview = Polled::begin(FIGURES, move || {
            let (span, today) = (span.get(), LocalTime::of(time::now()).machine_day());
            Box::pin(operations::overview(api, span, day_begins(&today)))
        });
        let may = Session::current().info_untracked().is_some_and(|info| reads_health(&info.roles));
        let health = may.then(|| watch_health(HEALTH));
        let watch = Self { overview, health, span, router };
        provide_context(watch);
        watch
    }

    /// The page's state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the overview provides its state")
    }

    /// Looks further back, or less far.
    pub fn look(self, span: Span) {
        let home = Place::Home.path();
        self.router.to(&match span {
            Span::Hour => home,
            Span::Day => format!("{home}?span={}", name_of(span)),
        });
    }

    /// What one of the charts shows.
    pub fn chart(self, which: Chart) -> Signal<Data> {
        memo(move || self.overview.read(|all| chart(&all.series, which, &CLOCK)).unwrap_or_default()).into()
    }
}

/// What is in order and what is not, again and again.
pub fn watch_health(every: Duration) -> Polled<Health> {
    let api = ApiClient::current();
    Polled::begin(every, move || Box::pin(operations::health(api)))
}
