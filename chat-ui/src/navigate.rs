//! Going from place to place: the address bar, links and the browser's Back.
//!
//! Links in views are ordinary `<a href>`, so that they can be opened in another tab; a plain press on one inside the application
//! changes the place without loading the page anew. Which address is which place is in [`crate::routes`].

use chancery_protocol::ids::{ConversationId, RecordId};
use chancery_ui_kit::dom;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

use crate::routes::Place;

/// Where one is, and how to go elsewhere; provided once, at the root.
#[derive(Clone, Copy)]
pub struct Go {
    path: RwSignal<String>,
    at: RwSignal<Option<RecordId>>,
}

/// The address of a message.
pub fn message_path(conversation: ConversationId, message: RecordId) -> String {
    format!("{}?at={message}", Place::Conversation(conversation).path())
}

/// The page's [`Go`].
pub fn use_go() -> Go {
    #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
    use_context().expect("navigation is provided at the root")
}

/// Follows the address bar and the links of the page.
pub fn provide_go() -> Go {
    let go = Go { path: RwSignal::new(address()), at: RwSignal::new(named()) };
    provide_context(go);
    // Both live as long as the page.
    let _ = window_event_listener(ev::popstate, move |_| {
        go.path.set(address());
        go.at.set(named());
    });
    let _ = window_event_listener(ev::click, move |event| go.follow(&event));
    go
}

fn address() -> String {
    dom::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}

/// The message that `?at=` names.
fn named() -> Option<RecordId> {
    let search = dom::window()?.location().search().ok()?;
    search.trim_start_matches('?').split('&').find_map(|part| part.strip_prefix("at=")?.parse().ok())
}

impl Go {
    /// The message that the address names. Whoever follows it is told each time one goes there.
    pub fn at(self) -> RwSignal<Option<RecordId>> {
        self.at
    }

    /// The present address.
    pub fn path(self) -> RwSignal<String> {
        self.path
    }

    /// As a link would.
    pub fn to(self, place: Place) {
        self.navigate(&place.path(), false);
    }

    /// Without a step back to here.
    pub fn replace(self, place: Place) {
        self.navigate(&place.path(), true);
    }

    /// What is looked for on the search page, without a step of its own.
    pub fn look_for(self, query: &str, only: Option<ConversationId>) {
        let mut parts = Vec::new();
        if !query.is_empty() {
            parts.push(format!("q={}", dom::encode(query)));
        }
        parts.extend(only.map(|id| format!("in={id}")));
        let path = Place::Search.path();
        self.navigate(&if parts.is_empty() { path } else { format!("{path}?{}", parts.join("&")) }, true);
    }

    /// To the search page, for one conversation.
    pub fn search_in(self, conversation: ConversationId) {
        self.navigate(&format!("{}?in={conversation}", Place::Search.path()), false);
    }

    fn navigate(self, address: &str, replace: bool) {
        let path = address.split_once('?').map_or(address, |(path, _)| path);
        let Some(history) = dom::window().and_then(|window| window.history().ok()) else { return };
        // Refused only for foreign addresses or after hundreds of changes a second.
        let _ = if replace {
            history.replace_state_with_url(&JsValue::NULL, "", Some(address))
        } else if self.path.with_untracked(|here| here != path) || path != address {
            history.push_state_with_url(&JsValue::NULL, "", Some(address))
        } else {
            Ok(())
        };
        if self.path.with_untracked(|here| here != path) {
            self.path.set(path.to_owned());
        }
        self.at.set(named());
    }

    fn follow(self, event: &MouseEvent) {
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.default_prevented() || event.button() != 0 || modified {
            return;
        }
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = pressed.and_then(|element| element.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        let own = dom::window()
            .and_then(|window| window.location().origin().ok())
            .is_some_and(|own| own == link.origin());
        // A link to another window, another site or another part of this page is the browser's business.
        if own && link.target().is_empty() && link.hash().is_empty() {
            event.prevent_default();
            self.navigate(&format!("{}{}", link.pathname(), link.search()), false);
        }
    }
}
