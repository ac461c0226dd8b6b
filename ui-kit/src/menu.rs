//! Menus after the ARIA pattern: arrow keys, Home, End, Esc; a press outside or a scroll closes them.
//!
//! A menu is placed by the window's coordinates, so that no scrolling ancestor cuts it off.

use crate::reactive::{effect, on};
use leptos::ev;
use leptos::html::{Button, Div};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, Node};

use crate::icon::{Glyph, Icon};

/// One line of a menu.
#[derive(Clone)]
pub struct Item {
    label: String,
    icon: Icon,
    key: Option<&'static str>,
    danger: bool,
    act: Callback<()>,
}

impl Item {
    /// A line by its words.
    pub fn new(icon: Icon, label: impl Into<String>, act: impl Into<Callback<()>>) -> Self {
        Self { label: label.into(), icon, key: None, danger: false, act: act.into() }
    }

    /// The key that does the same.
    #[must_use]
    pub fn key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Marks what takes something away.
    #[must_use]
    pub fn danger(self) -> Self {
        Self { danger: true, ..self }
    }
}

/// A button that opens a menu.
#[component]
pub fn MenuButton<F>(
    /// Name and tooltip of the button.
    #[prop(into)]
    label: String,
    /// What the button shows.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// What the button shows instead of an icon.
    #[prop(optional)]
    face: Option<ViewFn>,
    /// Whether the menu is open.
    #[prop(optional)]
    open: Option<RwSignal<bool>>,
    /// The lines, asked for each time it opens.
    items: F,
    /// Whether the face says in words what the label says; then the words are the button's name.
    #[prop(optional)]
    worded: bool,
    /// Above the lines, for example a row of reactions.
    #[prop(optional)]
    head: Option<ViewFn>,
) -> impl IntoView
where
    F: Fn() -> Vec<Item> + Send + Sync + 'static,
{
    let open = open.unwrap_or_else(|| RwSignal::new(false));
    let button = NodeRef::<Button>::new();
    let list = NodeRef::<Div>::new();
    let items = StoredValue::new(items);
    let close = move |refocus: bool| {
        open.set(false);
        if refocus && let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    effect(move || {
        if let Some(list) = list.get() {
            place(&list, button.get_untracked().as_deref());
            step(&list, Step::First);
        }
    });
    // Listens only while the menu is open: there may be hundreds of closed ones on a page.
    let watch_outside = move || {
        let outside = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
            let inside = |node: Option<&Node>| node.is_some_and(|node| node.contains(target.as_ref()));
            let (list, button) = (list.get_untracked(), button.get_untracked());
            if !inside(list.as_ref().map(AsRef::as_ref)) && !inside(button.as_ref().map(AsRef::as_ref)) {
                close(false);
            }
        });
        let resized = window_event_listener(ev::resize, move |_| close(false));
        on_cleanup(move || {
            outside.remove();
            resized.remove();
        });
    };
    let keys = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => step(&list, Step::Next),
            "ArrowUp" | "ArrowLeft" => step(&list, Step::Back),
            "Home" => step(&list, Step::First),
            "End" => step(&list, Step::Last),
            "Escape" => close(true),
            "Tab" => return close(true),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <span class="menu-anchor">
            <button
                type="button"
                class=if icon.is_some() { "icon-button" } else { "face-button" }
                node_ref=button
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                aria-label=(!worded).then(|| label.clone())
                title=label.clone()
                on:click=on(move |_| open.update(|open| *open = !*open))
            >
                {icon.map(|icon| view! { <Glyph icon large=true /> })}
                {face.map(|face| face.run())}
            </button>
            {move || {
                open.get()
                    .then(|| {
                        watch_outside();
                        view! {
                            <div class="menu" role="menu" aria-label=label.clone() node_ref=list on:keydown=on(keys)>
                                {head.as_ref().map(|head| view! { <div class="menu-head" on:click=on(move |_| close(true))>{head.run()}</div> })}
                                {items.with_value(|items| items()).into_iter().map(|item| line(item, close)).collect_view()}
                            </div>
                        }
                    })
            }}
        </span>
    }
}

fn line(item: Item, close: impl Fn(bool) + Copy + 'static) -> impl IntoView {
    let act = item.act;
    view! {
        <button
            type="button"
            class="menu-item"
            class:menu-danger=item.danger
            role="menuitem"
            tabindex="-1"
            on:click=on(move |_| {
                close(true);
                act.run(());
            })
        >
            <Glyph icon=item.icon />
            <span class="menu-label">{item.label}</span>
            {item.key.map(|key| view! { <kbd>{key}</kbd> })}
        </button>
    }
}

/// Where the focus goes inside a menu.
#[derive(Clone, Copy)]
enum Step {
    First,
    Last,
    Next,
    Back,
}

fn step(list: &HtmlElement, step: Step) {
    let Ok(found) = list.query_selector_all("[role^=menuitem]") else { return };
    let items: Vec<HtmlElement> =
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect();
    let focused = crate::dom::focused();
    let at = items.iter().position(|item| Some(item) == focused.as_ref());
    let last = items.len().saturating_sub(1);
    let next = match (step, at) {
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Back, None | Some(0)) => last,
        (Step::Next, Some(at)) => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        (Step::Back, Some(at)) => at - 1,
    };
    if let Some(item) = items.get(next) {
        let _ = item.focus();
    }
}

/// Puts the list below the button, or above it when there is no room, and inside the window.
fn place(list: &HtmlElement, button: Option<&HtmlElement>) {
    let (Some(button), Some(window)) = (button, crate::dom::window()) else { return };
    let side =
        |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    let (width, height) = (side(window.inner_width()), side(window.inner_height()));
    let (anchor, own) = (button.get_bounding_client_rect(), list.get_bounding_client_rect());
    let below = anchor.bottom() + 4.0;
    let top = if below + own.height() > height - 8.0 {
        (anchor.top() - own.height() - 4.0).max(8.0)
    } else {
        below
    };
    let left = (anchor.right() - own.width()).min(width - own.width() - 8.0).max(8.0);
    let style = list.style();
    let _ = style.set_property("top", &pixels(top));
    let _ = style.set_property("left", &pixels(left));
}

#[expect(clippy::cast_possible_truncation, reason = "a place on a screen")]
fn pixels(length: f64) -> String {
    format!("{}px", length.round() as i32)
}
