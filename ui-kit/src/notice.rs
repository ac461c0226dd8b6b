//! A block with an icon and a sentence, in the tone of what it says.

use leptos::prelude::*;

use crate::badge::Tone;
use crate::icon::{Glyph, Icon};

/// A notice. `assertive` ones are read out at once.
#[component]
pub fn Notice(
    /// Its tone.
    #[prop(optional)]
    tone: Tone,
    /// Its icon.
    icon: Icon,
    /// Whether it is an error the person waits for.
    #[prop(optional)]
    assertive: bool,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("notice {}", tone.class()) role=if assertive { Some("alert") } else { None }>
            <Glyph icon large=true />
            <div class="notice-body">{children()}</div>
        </div>
    }
}
