//! Small doors to the browser that more than one component needs.

use leptos::prelude::set_timeout;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The window; `None` only where there is no browser.
pub fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

/// The element that has the focus, unless it is the page itself.
pub fn focused() -> Option<HtmlElement> {
    let element = window()?.document()?.active_element()?;
    (element.tag_name() != "BODY").then_some(element)?.dyn_into().ok()
}

/// Puts the focus on the first element that matches.
pub fn focus(selector: &str) -> bool {
    let Some(element) = find(selector) else { return false };
    element.focus().is_ok()
}

/// Puts the focus on the first element that matches, once what changes now is drawn.
pub fn focus_soon(selector: String) {
    set_timeout(move || _ = focus(&selector), std::time::Duration::ZERO);
}

/// The first element that matches, of whatever kind.
pub fn find_any(selector: &str) -> Option<web_sys::Element> {
    window()?.document()?.query_selector(selector).ok()?
}

/// The first element that matches.
pub fn find(selector: &str) -> Option<HtmlElement> {
    window()?.document()?.query_selector(selector).ok()??.dyn_into().ok()
}

/// Whether a text field has the focus, so that one-key shortcuts must stay quiet.
pub fn is_typing() -> bool {
    focused().is_some_and(|element| match element.tag_name().as_str() {
        "INPUT" => !matches!(element.get_attribute("type").as_deref(), Some("checkbox" | "radio")),
        "TEXTAREA" | "SELECT" => true,
        _ => element.is_content_editable(),
    })
}

/// Whether the page is used by finger.
pub fn is_touch() -> bool {
    fits("(pointer: coarse)")
}

/// Whether there is room for more than one pane.
pub fn is_wide() -> bool {
    fits("(min-width: 700px)")
}

fn fits(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok()?).is_some_and(|media| media.matches())
}

/// The host of the page's address, with its port.
pub fn host() -> String {
    window().and_then(|window| window.location().host().ok()).unwrap_or_default()
}

/// Whether the page came over an encrypted line.
pub fn is_https() -> bool {
    window().and_then(|window| window.location().protocol().ok()).is_some_and(|protocol| protocol == "https:")
}

/// Puts a text on the clipboard; says whether the browser allowed it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = window() else { return false };
    // There is no clipboard where the page did not come over a safe line.
    let navigator = window.navigator();
    if js_sys::Reflect::get(&navigator, &"clipboard".into())
        .map_or(true, |clipboard| clipboard.is_undefined())
    {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Saves a text as a file; says whether the browser took it.
pub fn save(name: &str, kind: &str, text: &str) -> bool {
    let file = || {
        let options = web_sys::BlobPropertyBag::new();
        options.set_type(kind);
        let parts = js_sys::Array::of1(&text.into());
        let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
        let address = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
        let link = window()?.document()?.create_element("a").ok()?;
        let link: web_sys::HtmlAnchorElement = link.dyn_into().ok()?;
        link.set_href(&address);
        link.set_download(name);
        link.click();
        // The browser has taken the file by now.
        web_sys::Url::revoke_object_url(&address).ok()
    };
    file().is_some()
}

/// The size of text the person wants, in pixels; 16 where nothing is set.
pub fn rem() -> f64 {
    let size = || {
        let window = window()?;
        let root = window.document()?.document_element()?;
        let style = window.get_computed_style(&root).ok()??;
        // The browser's own reading stops at the unit, and spares the download Rust's tables for it.
        Some(js_sys::parse_float(&style.get_property_value("font-size").ok()?))
            .filter(|size| size.is_finite())
    };
    size().unwrap_or(16.0)
}

/// A text in small letters, to compare by. The browser's tables spare the download Rust's, as in [`sine`].
pub fn small(text: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_lowercase()
}

/// The sine of an angle in radians.
pub fn sine(angle: f64) -> f64 {
    #[cfg(target_arch = "wasm32")]
    return js_sys::Math::sin(angle);
    #[cfg(not(target_arch = "wasm32"))]
    angle.sin()
}

/// The origin of the page's address.
pub fn origin() -> String {
    window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Reads one of the few settings kept in the browser. Never message text.
pub fn stored(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

/// Keeps one of the few settings in the browser. Never message text.
pub fn store(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        // A full or forbidden storage only means that the setting is asked again.
        let _ = storage.set_item(key, value);
    }
}

/// Keeps something for this tab while it is away at another site: `None` forgets it. Never message text.
pub fn keep_for_tab(key: &str, value: Option<&str>) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.session_storage()) {
        // A full or forbidden storage only means that it is not known any more.
        let _ = match value {
            Some(value) => storage.set_item(key, value),
            None => storage.remove_item(key),
        };
    }
}

/// What was kept for this tab.
pub fn kept_for_tab(key: &str) -> Option<String> {
    window()?.session_storage().ok()??.get_item(key).ok()?
}

/// Whether the browser keeps settings at all.
pub fn can_store() -> bool {
    matches!(window().map(|window| window.local_storage()), Some(Ok(Some(_))))
}

/// Forgets one of them.
pub fn forget(key: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        let _ = storage.remove_item(key);
    }
}

/// A part of an address, so that it says the same behind `?`.
pub fn encode(part: &str) -> String {
    js_sys::encode_uri_component(part).into()
}

/// The value of a name behind `?` in the page's address.
pub fn query_value(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    query_of(&search, name)
}

/// The value of a name in a query, with or without its `?`.
pub fn query_of(search: &str, name: &str) -> Option<String> {
    web_sys::UrlSearchParams::new_with_str(search).ok()?.get(name)
}

/// Goes to another page for good; this one leaves no step back.
pub fn leave_for(address: &str) {
    if let Some(window) = window() {
        let _ = window.location().replace(address);
    }
}

/// Goes to a page that is not ours, with a step back to here. A browser may keep this page meanwhile and show it again just as it was:
/// then `back` is called.
pub fn go_out(address: &str, back: impl FnOnce() + 'static) {
    if let Some(window) = window() {
        let back = wasm_bindgen::closure::Closure::once_into_js(back);
        let _ = window.add_event_listener_with_callback("pageshow", back.unchecked_ref());
        let _ = window.location().assign(address);
    }
}

/// Opens an empty window of a name, to be sent somewhere later; `None` when the browser does not let us. Only while a press is being
/// answered do browsers allow it.
pub fn open_window(name: &str) -> Option<web_sys::Window> {
    window()?.open_with_url_and_target_and_features("", name, "popup,width=560,height=720").ok()?
}

/// Whether another page of ours opened this window, and may be waiting for it.
pub fn was_opened() -> bool {
    window().and_then(|window| window.opener().ok()).is_some_and(|opener| !opener.is_null())
}

/// Closes this window, where the browser lets us: one that another page opened.
pub fn close_window() {
    if let Some(window) = window() {
        let _ = window.close();
    }
}

/// Takes away what stands behind `?` in the page's address, and gives it.
pub fn take_query() -> String {
    let taken = || {
        let window = window()?;
        let search = window.location().search().ok()?;
        let path = window.location().pathname().ok()?;
        window.history().ok()?.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)).ok()?;
        Some(search)
    };
    taken().unwrap_or_default()
}

/// Everything that matches, in the order of the page.
pub fn all(selector: &str) -> Vec<HtmlElement> {
    let found = window().and_then(|window| window.document()?.query_selector_all(selector).ok());
    let Some(found) = found else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// Puts the focus on the one of several elements that comes after `here`, or before it; without a place on the first.
pub fn walk(all: &[HtmlElement], here: Option<usize>, down: bool) -> bool {
    let next = match here {
        None => all.first(),
        Some(at) if down => all.get(at + 1),
        Some(at) => at.checked_sub(1).and_then(|at| all.get(at)),
    };
    next.is_some_and(|one| one.focus().is_ok())
}
