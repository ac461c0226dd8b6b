//! What is shown when the application itself has failed: a plain sentence and a way on, in place of a page that answers nothing.
//!
//! Must stay true: what the failure says is not shown and not logged, because it may hold text of a message.

use chancery_ui_kit::dom;
use chancery_ui_kit::text::state as words;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// From now on every panic ends here.
pub fn watch() {
    std::panic::set_hook(Box::new(|_| {
        // Where there is no page, there is nobody to tell.
        let _ = show();
    }));
}

/// Nothing of the application is used: it may be locked.
fn show() -> Option<()> {
    let document = dom::window()?.document()?;
    if document.get_element_by_id("crash").is_some() {
        return Some(());
    }
    let element = |tag: &str, class: &str, text: Option<&str>| {
        let made = document.create_element(tag).ok()?;
        made.set_class_name(class);
        made.set_text_content(text);
        Some(made)
    };
    let page = element("main", "whole-page", None)?;
    page.set_id("crash");
    let state = element("div", "state", None)?;
    state.set_attribute("role", "alert").ok()?;
    let button = element("button", "button button-primary", Some(words::RELOAD))?;
    let reload = Closure::once_into_js(|| dom::window().map(|window| window.location().reload()).is_some());
    button.add_event_listener_with_callback("click", reload.unchecked_ref()).ok()?;
    let title = element("h1", "state-title", Some(words::CRASHED_TITLE))?;
    let body = element("p", "state-body", Some(words::CRASHED_BODY))?;
    for part in [&title, &body, &button] {
        state.append_child(part).ok()?;
    }
    page.append_child(&state).ok()?;
    let all = document.body()?;
    all.set_text_content(None);
    all.append_child(&page).ok()?;
    dom::focus("#crash button");
    Some(())
}
