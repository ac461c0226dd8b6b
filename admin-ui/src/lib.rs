//! The console for administrators and compliance officers, a single page in WebAssembly.
//!
//! Must stay true: every view, filter and open pane has an address; what a role may not open is left out of the menu, and its
//! address shows the same as one that does not exist; the server decides, this page only hides. Nothing on it leads nowhere.
//!
//! Where next: [`app`] chooses the page, [`routes`] has the addresses, `components/shell.rs` the frame, `pages/users.rs`
//! the one page there is.

mod api;
mod app;
mod components;
mod logic;
mod pages;
mod routes;
mod state;

/// Called by the browser once the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    leptos::mount::mount_to_body(app::App);
}
