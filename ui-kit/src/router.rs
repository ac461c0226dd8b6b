//! The address bar, links and the browser's Back, for an interface whose views all have an address.
//!
//! Links in views are ordinary `<a href>`, so that they can be opened in another tab; a plain press on one that leads to
//! the same interface changes the address without loading the page anew. Which address is which view, the interface knows.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

use crate::dom;

/// An address without its host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// For example `/console/users`.
    pub path: String,
    /// What stands behind `?`, without it.
    pub query: String,
}

impl Address {
    /// Reads `path?query`.
    pub fn of(text: &str) -> Self {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        Self { path: path.to_owned(), query: query.to_owned() }
    }

    /// `path?query`, or the path alone.
    pub fn text(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    fn present() -> Self {
        let Some(location) = dom::window().map(|window| window.location()) else { return Self::default() };
        Self {
            path: location.pathname().unwrap_or_default(),
            query: location.search().unwrap_or_default().trim_start_matches('?').to_owned(),
        }
    }
}

/// Where one is, and how to go elsewhere; provided once, at the root.
#[derive(Clone, Copy)]
pub struct Router {
    address: RwSignal<Address>,
    home: &'static str,
    guard: StoredValue<Option<Callback<String, bool>>>,
}

impl Router {
    /// Follows the address bar and the links of the page. What does not lie below `home` is another interface.
    pub fn provide(home: &'static str) -> Self {
        let router = Self { address: RwSignal::new(Address::present()), home, guard: StoredValue::new(None) };
        provide_context(router);
        // Both live as long as the page.
        let _ = window_event_listener(ev::popstate, move |_| router.step());
        let _ = window_event_listener(ev::click, move |event| router.follow(&event));
        router
    }

    /// The page's router.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
        use_context().expect("a router is provided at the root")
    }

    /// The present address; tracked.
    pub fn address(self) -> Address {
        self.address.get()
    }

    /// The present address; not tracked.
    pub fn address_untracked(self) -> Address {
        self.address.get_untracked()
    }

    /// As a link would.
    pub fn to(self, address: &str) {
        self.navigate(Address::of(address), false);
    }

    /// Without a step back to here.
    pub fn replace(self, address: &str) {
        self.navigate(Address::of(address), true);
    }

    /// From now on asks before leaving for another address: `may` hears which, and says whether to go at once.
    pub fn guard(self, may: Callback<String, bool>) {
        self.guard.set_value(Some(may));
    }

    /// Asks no more.
    pub fn unguard(self) {
        self.guard.set_value(None);
    }

    fn may_go(self, address: &Address) -> bool {
        self.guard.get_value().is_none_or(|may| may.run(address.text()))
    }

    /// The browser went back or forward.
    fn step(self) {
        let there = Address::present();
        if self.may_go(&there) {
            return self.address.set(there);
        }
        // The address bar went ahead, and comes back.
        if let Some(history) = dom::window().and_then(|window| window.history().ok()) {
            let here = self.address.with_untracked(Address::text);
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&here));
        }
    }

    fn navigate(self, address: Address, replace: bool) {
        let Some(history) = dom::window().and_then(|window| window.history().ok()) else { return };
        if self.address.with_untracked(|here| *here == address) || !self.may_go(&address) {
            return;
        }
        let text = address.text();
        // Refused only for foreign addresses or after hundreds of changes a second.
        let _ = if replace {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&text))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(&text))
        };
        self.address.set(address);
    }

    fn follow(self, event: &MouseEvent) {
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.default_prevented() || event.button() != 0 || modified {
            return;
        }
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = pressed.and_then(|element| element.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        let own = link.origin() == dom::origin() && below(self.home, &link.pathname());
        // A link to another window, another site or another part of this page is the browser's business.
        if own && link.target().is_empty() && link.hash().is_empty() {
            event.prevent_default();
            self.navigate(Address::of(&format!("{}{}", link.pathname(), link.search())), false);
        }
    }
}

/// Whether a path is `home` or lies below it.
fn below(home: &str, path: &str) -> bool {
    path.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{Address, below};

    #[test]
    fn addresses_come_back() {
        for text in ["/console", "/console/users?role=guest&page=2"] {
            assert_eq!(Address::of(text).text(), text);
        }
        assert_eq!(Address::of("/console/users?").text(), "/console/users");
    }

    #[test]
    fn another_interface_is_not_below_this_one() {
        assert!(below("/console", "/console") && below("/console", "/console/users"));
        assert!(!below("/console", "/consoles") && !below("/console", "/chats"));
    }
}
