//! The list of keys (picture 19).

use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::text::shortcuts as words;
use leptos::prelude::*;

use crate::state::desk::{Desk, Overlay};

/// The dialog, shown while it lies on top.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let desk = Desk::current();
    let open = desk.showing(Overlay::Shortcuts);
    let line = |(act, keys): &words::Line| {
        view! {
            <div class="shortcut">
                <dt>{*act}</dt>
                <dd>{keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view()}</dd>
            </div>
        }
    };
    view! {
        <Dialog open id="shortcuts" title=Signal::derive(|| words::TITLE.to_owned())>
            <div class="shortcut-groups">
                {words::ALL
                    .iter()
                    .map(|(head, lines)| view! {
                        <section class="shortcut-group">
                            <h3>{*head}</h3>
                            <dl>{lines.iter().map(line).collect_view()}</dl>
                        </section>
                    })
                    .collect_view()}
            </div>
            <p class="shortcut-note">{words::NOTE}</p>
        </Dialog>
    }
}
