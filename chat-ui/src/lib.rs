//! The chat client for employees, a single page in WebAssembly.
//!
//! Must stay true: what the page knows of conversations comes only from the reducer of `protocol` ([`state`]); the browser stores
//! no message text; nothing on the page leads nowhere. Pure decisions are in [`logic`] and are tested natively.
//!
//! Where next: [`app`] chooses the page, `state/chat.rs` holds the line to the server, `pages/chat.rs` is the largest page.

mod api;
mod app;
mod components;
mod crash;
mod logic;
mod navigate;
mod pages;
mod routes;
mod state;
mod title;

/// Called by the browser once the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    crash::watch();
    leptos::mount::mount_to_body(app::App);
}
