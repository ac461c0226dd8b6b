//! Light, dark, or the same as the system.
//!
//! The choice is kept in the browser under [`KEY`]; `theme.js` reads it before the first paint, this module changes it.

use leptos::prelude::*;

use crate::dom;

/// Name of the setting, shared with `ui-kit/static/theme.js`.
pub const KEY: &str = "chancery.theme";

/// The choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The same as the system.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order shown.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// As stored and as the attribute `data-theme`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// From a stored name; anything unknown is the default.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// The theme in use; provided once, at the root.
#[derive(Clone, Copy)]
pub struct ThemeChoice(RwSignal<Theme>);

impl ThemeChoice {
    /// Reads the stored choice and makes it known to everything below.
    pub fn provide() -> Self {
        let choice =
            Self(RwSignal::new(dom::stored(KEY).map(|name| Theme::from_name(&name)).unwrap_or_default()));
        provide_context(choice);
        choice
    }

    /// The choice of the page.
    pub fn current() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// What is chosen.
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Chooses, shows and keeps it.
    pub fn set(self, theme: Theme) {
        self.0.set(theme);
        dom::store(KEY, theme.name());
        if let Some(root) = dom::window().and_then(|window| window.document()?.document_element()) {
            let _ = root.set_attribute("data-theme", theme.name());
        }
    }

    /// Whether the page is dark now.
    pub fn is_dark(self) -> bool {
        match self.get() {
            Theme::Light => false,
            Theme::Dark => true,
            Theme::Auto => dom::window()
                .and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok()?)
                .is_some_and(|media| media.matches()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn names_come_back() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_name(theme.name()), theme);
        }
        assert_eq!(Theme::from_name("neon"), Theme::Auto);
    }
}
