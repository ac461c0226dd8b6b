//! The line that leads to health, for those to whom it is open: the worst of what is not in order, and how much more.

use chancery_protocol::operations::{Check, State};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::text::{health, overview as words};
use leptos::prelude::*;

use super::components::look;
use crate::routes::Place;
use crate::state::watch::Watch;

/// The line; nothing before it is known.
#[component]
pub fn HealthLine() -> impl IntoView {
    let watch = Watch::current();
    // Drawn anew only when it says something else: the link may have the focus.
    let told = memo(move || {
        let found = watch.health?.read(|health| told(&health.checks))?;
        Some(found)
    });
    move || {
        let (state, says, more) = told.get()?;
        let ((tone, icon), more) = (look(state), (more > 0).then(|| words::more(more)));
        let (class, icon) = match state {
            State::Ok => ("health-line health-fine".to_owned(), Icon::TickCircle),
            _ => (format!("health-line notice {}", tone.class()), icon),
        };
        Some(view! {
            <div class=class>
                <Glyph icon />
                <p class="health-says"><strong>{says}</strong>" "{more}</p>
                <a class="text-link" href=Place::Health.path()>{words::OPEN_HEALTH}</a>
            </div>
        })
    }
}

/// The worst state, its sentence, and how many more are not in order. The server puts the worst first.
fn told(checks: &[Check]) -> (State, String, u64) {
    let open = checks.iter().filter(|check| check.state != State::Ok).count() as u64;
    match checks.first().filter(|_| open > 0) {
        Some(worst) => (worst.state, worst.says.clone(), open - 1),
        None => (State::Ok, health::ALL_FINE.to_owned(), 0),
    }
}
