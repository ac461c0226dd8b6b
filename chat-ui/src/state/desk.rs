//! What lies over the page: palette, list of shortcuts, status picker. One at a time.

use chancery_ui_kit::reactive::effect;
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
    /// An own list of people: the one of this name, or a new one.
    List(Option<String>),
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

    /// A switch that is on while this lies on top; off puts it away.
    pub fn showing(self, this: Overlay) -> RwSignal<bool> {
        let shown = RwSignal::new(false);
        let (wanted, gone) = (this.clone(), this.clone());
        effect(move || shown.set(self.overlay.with(|overlay| *overlay == wanted)));
        let mut last = false;
        effect(move || {
            let now = shown.get();
            let before = std::mem::replace(&mut last, now);
            if before && !now && self.overlay.with_untracked(|overlay| *overlay == this) {
                self.overlay.set(Overlay::None);
            }
        });
        // What leaves the page does not lie on it.
        let left = self.overlay;
        on_cleanup(move || {
            if left.try_with_untracked(|overlay| *overlay == gone) == Some(true) {
                left.set(Overlay::None);
            }
        });
        shown
    }

    /// Whether anything lies over the page.
    pub fn is_covered(self) -> bool {
        self.overlay.with_untracked(|overlay| *overlay != Overlay::None)
    }
}
