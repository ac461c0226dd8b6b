//! Going to a place from code. Links in views are ordinary `<a href>`; the router catches them.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::routes::Place;

/// The router's own way of going somewhere.
type Navigate = Box<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// Goes to places.
#[derive(Clone, Copy)]
pub struct Go(StoredValue<Navigate>);

/// For use in components, inside the router.
pub fn use_go() -> Go {
    use_context::<Go>().unwrap_or_else(provide_go)
}

/// Makes [`use_go`] work in handlers too; called once, below the router.
pub fn provide_go() -> Go {
    let navigate = use_navigate();
    let go = Go(StoredValue::new(Box::new(move |path: &str, options| navigate(path, options)) as Navigate));
    provide_context(go);
    go
}

impl Go {
    /// As a link would.
    pub fn to(self, place: Place) {
        self.navigate(&place.path(), false);
    }

    /// Without a step back to here.
    pub fn replace(self, place: Place) {
        self.navigate(&place.path(), true);
    }

    /// To an address that was wanted earlier.
    pub fn replace_path(self, path: &str) {
        self.navigate(path, true);
    }

    fn navigate(self, path: &str, replace: bool) {
        self.0.with_value(|navigate| {
            navigate(path, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
        });
    }
}
