//! Where the reader stands in the feed. Whatever changes above or below, the row at the top of the view keeps its place, unless
//! the reader stands at the bottom and follows.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::components::timeline::Here;
use crate::logic::span;

/// So near to the bottom counts as there, in pixels.
const NEAR: i32 = 48;

/// Where the reader stands.
#[derive(Clone, Copy)]
pub struct Place {
    here: Here,
    node: NodeRef<Div>,
    /// Whether the newest message is in view.
    pub at_bottom: RwSignal<bool>,
    /// Whether the divider before the unread is in view or above it.
    pub past_divider: RwSignal<bool>,
    /// Whether the reader has been put in a place at all.
    pub begun: RwSignal<bool>,
    /// The row at the top of the view and how far below the edge it is.
    anchor: StoredValue<Option<(String, f64)>>,
    /// How far the view was scrolled when it was last looked at or moved.
    top: StoredValue<i32>,
}

impl Place {
    /// Nowhere yet.
    pub fn new(here: Here, node: NodeRef<Div>) -> Self {
        Self {
            here,
            node,
            at_bottom: RwSignal::new(true),
            past_divider: RwSignal::new(false),
            begun: RwSignal::new(false),
            anchor: StoredValue::new(None),
            top: StoredValue::new(i32::MAX),
        }
    }

    /// The scrolling element.
    pub fn element(self) -> Option<HtmlElement> {
        self.node.try_get_untracked().flatten().map(Into::into)
    }

    /// The scrolling element; whoever asks is told when it changes.
    pub fn element_tracked(self) -> Option<HtmlElement> {
        self.node.get().map(Into::into)
    }

    /// Notes where the reader is after a scroll, and moves the span of rows along.
    pub fn note(self) {
        let Some(feed) = self.element() else { return };
        let rows = Rows::of(&feed);
        let below = feed.scroll_height() - feed.scroll_top() - feed.client_height();
        let span = self.here.span;
        let complete = span.with_untracked(|span| span.last == span.all.len())
            && self.here.timeline.with_untracked(|timeline| timeline.as_ref().is_none_or(|t| t.at_end));
        // Only who scrolls up leaves the bottom: rows that came since put it further away as well, until `keep` follows them.
        let stayed = self.at_bottom.get_untracked() && feed.scroll_top() >= self.top.get_value();
        self.top.set_value(feed.scroll_top());
        set(self.at_bottom, complete && (stayed || below <= NEAR));
        let Some(first) = rows.first_below(rows.top) else { return };
        self.anchor.set_value(rows.name(first).map(|name| (name, rows.offset(first))));
        if let Some(divider) = row_element(&feed, "new") {
            let top = divider.get_bounding_client_rect().top();
            set(self.past_divider, top < rows.top + f64::from(feed.client_height()));
        }
        if self.at_bottom.get_untracked() {
            if self.here.anchor.get_untracked().is_some() {
                self.here.anchor.set(None);
            }
            return;
        }
        let seen = rows.first_below(rows.top + f64::from(feed.client_height())).unwrap_or(rows.count) - first;
        let key = span.with_untracked(|span| {
            let leaves_end = self.here.anchor.get_untracked().is_none() && !complete;
            (leaves_end || span.must_move(first, seen)).then(|| span.key(first)).flatten()
        });
        if key.is_some() {
            self.here.anchor.set(key);
        }
    }

    /// Takes in how high the view is.
    pub fn measure(self) {
        if let Some(feed) = self.element() {
            let height = usize::try_from(feed.client_height()).unwrap_or_default();
            set(self.here.below, span::below(height));
        }
    }

    /// Restores the reader's place after the rows changed.
    pub fn keep(self) {
        let Some(feed) = self.element() else { return };
        if self.at_bottom.get_untracked() {
            feed.set_scroll_top(feed.scroll_height());
            self.top.set_value(feed.scroll_top());
        } else if let Some((row, offset)) = self.anchor.get_value()
            && let Some(element) = row_element(&feed, &row)
        {
            let now = element.get_bounding_client_rect().top() - feed.get_bounding_client_rect().top();
            scroll_by(&feed, now - offset);
        }
    }

    /// The first time: at the first unread message, or at the bottom.
    pub fn begin(self) {
        let Some(feed) = self.element() else { return };
        self.measure();
        match row_element(&feed, "new") {
            Some(divider) => bring(&feed, &divider),
            None => feed.set_scroll_top(feed.scroll_height()),
        }
        self.begun.set(true);
        self.note();
    }

    /// Brings a row into the upper part of the view; says whether it is there.
    pub fn show(self, row: &str) -> bool {
        let Some(feed) = self.element() else { return false };
        let Some(element) = row_element(&feed, row) else { return false };
        bring(&feed, &element);
        set(self.begun, true);
        self.note();
        true
    }

    /// Goes to the newest message, which is loaded.
    pub fn to_bottom(self) {
        self.here.anchor.set(None);
        request_animation_frame(move || {
            if let Some(feed) = self.element() {
                feed.set_scroll_top(feed.scroll_height());
                set(self.begun, true);
                self.note();
            }
        });
    }

    /// Leaves the bottom, so that rows that come do not pull the reader back there.
    pub fn leave_bottom(self) {
        set(self.at_bottom, false);
        self.anchor.set_value(None);
    }
}

fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|known| *known != value) {
        signal.set(value);
    }
}

fn bring(feed: &HtmlElement, row: &Element) {
    let from_top = row.get_bounding_client_rect().top() - feed.get_bounding_client_rect().top();
    scroll_by(feed, from_top - f64::from(feed.client_height() / 4));
}

fn scroll_by(feed: &HtmlElement, pixels: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "pixels on a screen")]
    let moved = pixels.round() as i32;
    if moved != 0 {
        feed.set_scroll_top(feed.scroll_top() + moved);
    }
}

fn row_element(feed: &HtmlElement, row: &str) -> Option<Element> {
    feed.query_selector(&format!("[data-row=\"{row}\"]")).ok()?
}

/// The elements of the rows, which are in order.
struct Rows {
    list: Option<web_sys::NodeList>,
    count: usize,
    top: f64,
}

impl Rows {
    fn of(feed: &HtmlElement) -> Self {
        let list = feed.query_selector_all("[data-row]").ok();
        let count = list.as_ref().map_or(0, web_sys::NodeList::length);
        Self { list, count: count as usize, top: feed.get_bounding_client_rect().top() }
    }

    fn element(&self, at: usize) -> Option<Element> {
        self.list.as_ref()?.item(u32::try_from(at).ok()?)?.dyn_into().ok()
    }

    fn name(&self, at: usize) -> Option<String> {
        self.element(at)?.get_attribute("data-row")
    }

    fn offset(&self, at: usize) -> f64 {
        self.element(at).map_or(0.0, |row| row.get_bounding_client_rect().top() - self.top)
    }

    /// The first row that ends below an edge.
    fn first_below(&self, edge: f64) -> Option<usize> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.element(middle).is_some_and(|row| row.get_bounding_client_rect().bottom() > edge) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        (low < self.count).then_some(low)
    }
}
