//! Settings of this device, kept by the browser. None of them is secret and none has text of a message.

use chancery_ui_kit::dom;
use leptos::prelude::*;

/// A switch that the browser remembers.
#[derive(Clone, Copy)]
pub struct Switch {
    key: &'static str,
    value: RwSignal<bool>,
}

impl Switch {
    fn load(key: &'static str, default: bool) -> Self {
        let value = dom::stored(key).map_or(default, |stored| stored == "on");
        Self { key, value: RwSignal::new(value) }
    }

    /// How it stands.
    pub fn get(self) -> bool {
        self.value.get()
    }

    /// How it stands; whoever asks is not told of changes.
    pub fn get_untracked(self) -> bool {
        self.value.get_untracked()
    }

    /// Sets it and has it remembered.
    pub fn set(self, on: bool) {
        dom::store(self.key, if on { "on" } else { "off" });
        self.value.set(on);
    }
}

/// All of them; provided once, at the root.
#[derive(Clone, Copy)]
pub struct Prefs {
    /// A sound for messages that arrive.
    pub sound: Switch,
    /// Notifications of the desktop.
    pub desktop: Switch,
    /// The text of the message in them.
    pub show_text: Switch,
    /// Enter sends; otherwise Ctrl Enter does.
    pub enter_sends: Switch,
    /// Shortcuts of one key.
    pub one_key: Switch,
    /// Away after so many minutes without a key or a movement.
    pub away_after: RwSignal<i64>,
}

/// Under this name the browser keeps after how many minutes one is away.
const AWAY_AFTER: &str = "chancery.away-after";

impl Prefs {
    /// The choices for [`Prefs::away_after`], in minutes.
    pub const AWAY_CHOICES: [i64; 4] = [5, 10, 20, 30];

    /// Reads them and makes them known to everything below.
    pub fn provide() -> Self {
        let away =
            dom::stored(AWAY_AFTER).and_then(|text| text.parse().ok()).filter(|n| *n > 0).unwrap_or(10);
        let prefs = Self {
            sound: Switch::load("chancery.sound", true),
            desktop: Switch::load("chancery.desktop", false),
            show_text: Switch::load("chancery.show-text", true),
            enter_sends: Switch::load("chancery.enter-sends", true),
            one_key: Switch::load("chancery.one-key", true),
            away_after: RwSignal::new(away),
        };
        provide_context(prefs);
        prefs
    }

    /// The page's settings.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
        use_context().expect("settings are provided at the root")
    }

    /// Sets after how many minutes one is away.
    pub fn set_away_after(self, minutes: i64) {
        dom::store(AWAY_AFTER, &minutes.to_string());
        self.away_after.set(minutes);
    }
}
