//! The heartbeat of the page: once a second, also while the page is hidden.
//!
//! Browsers slow the timers of hidden pages down to one a minute, not those of workers; so a worker of two lines
//! (`static/tick.js`) gives the beat. Where there are no workers, an ordinary timer does.

use std::time::Duration;

use chancery_ui_kit::dom;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Worker;

const BEAT: Duration = Duration::from_secs(1);

/// Calls `beat` once a second for as long as the page lives.
pub fn every_second(beat: impl Fn() + Clone + 'static) {
    if worker(beat.clone()).is_none() {
        set_interval(beat, BEAT);
    }
}

fn worker(beat: impl Fn() + 'static) -> Option<()> {
    let address = dom::find_any("meta[name=chancery-tick]")?.get_attribute("content")?;
    let worker = Worker::new(&address).ok()?;
    let closure = Closure::<dyn Fn()>::new(beat);
    worker.set_onmessage(Some(closure.as_ref().unchecked_ref()));
    // Both live as long as the page.
    closure.forget();
    std::mem::forget(worker);
    Some(())
}
