//! What lies over the page: palette, list of shortcuts, status picker. One at a time.

use leptos::prelude::*;

/// What lies on top.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// Jump to anything.
    Palette,
    /// Choose where this text goes.
    Forward(String),
    /// The shortcuts.
    Shortcuts,
    /// Choose a day to go to.
    Date,
}

/// The page's overlays; provided once, by the chat page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What lies on top.
    pub overlay: RwSignal<Overlay>,
    /// Whether the status picker is open.
    pub status: RwSignal<bool>,
}

impl Desk {
    /// Makes it known to everything below.
    pub fn provide() -> Self {
        let desk = Self { overlay: RwSignal::new(Overlay::None), status: RwSignal::new(false) };
        provide_context(desk);
        desk
    }

    /// The page's overlays.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the chat page provides it before anything is drawn")]
        use_context().expect("overlays are provided by the chat page")
    }

    /// Whether anything lies over the page.
    pub fn is_covered(self) -> bool {
        self.overlay.with_untracked(|overlay| *overlay != Overlay::None)
    }
}
