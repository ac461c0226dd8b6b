//! The servers of a directory, in the order in which they are tried: added, taken out, moved up and down.

use chancery_ui_kit::button::IconButton;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text::sources as words;
use leptos::prelude::*;

use super::fields::Note;
use crate::state::sheet::Sheet;

const PATH: &str = "settings.servers";

/// A line that keeps its place on the page while it is moved.
#[derive(Clone, Copy, PartialEq)]
struct Row {
    key: u32,
    text: RwSignal<String>,
}

/// The lines; one text to the form, one server a line.
#[derive(Clone, Copy)]
struct List {
    rows: RwSignal<Vec<Row>>,
    next: StoredValue<u32>,
}

impl List {
    fn of(text: &str) -> Self {
        let list = Self { rows: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        list.fill(text);
        list
    }

    fn row(self, text: &str) -> Row {
        let key = self.next.get_value();
        self.next.set_value(key.wrapping_add(1));
        Row { key, text: RwSignal::new(text.to_owned()) }
    }

    /// At least one line is there to type in.
    fn fill(self, text: &str) {
        let mut lines: Vec<&str> = text.lines().collect();
        if lines.is_empty() {
            lines.push("");
        }
        let rows = lines.into_iter().map(|line| self.row(line)).collect();
        self.rows.set(rows);
    }

    /// All of them; tracked.
    fn text(self) -> String {
        let texts = self.rows.with(|rows| rows.iter().map(|row| row.text.get()).collect::<Vec<_>>());
        texts.into_iter().filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn add(self) {
        let row = self.row("");
        self.rows.update(|rows| rows.push(row));
        focus_later(row.key, "input");
    }

    fn remove(self, key: u32) {
        self.rows.update(|rows| {
            if rows.len() > 1 {
                rows.retain(|row| row.key != key);
            } else if let Some(row) = rows.first() {
                row.text.set(String::new());
            }
        });
        let last = self.rows.with_untracked(|rows| rows.last().map(|row| row.key));
        if let Some(last) = last {
            focus_later(last, "input");
        }
    }

    fn shift(self, key: u32, up: bool) {
        self.rows.update(|rows| {
            let Some(at) = rows.iter().position(|row| row.key == key) else { return };
            let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|at| *at < rows.len()) };
            if let Some(other) = other {
                rows.swap(at, other);
            }
        });
        focus_later(key, if up { ".server-up" } else { ".server-down" });
    }

    /// The number of a line among those with something in them, as the server counts; tracked.
    fn number(self, key: u32) -> Option<usize> {
        self.rows.with(|rows| {
            let filled =
                rows.iter().filter(|row| row.key == key || row.text.with(|text| !text.trim().is_empty()));
            filled.map(|row| row.key).position(|found| found == key)
        })
    }

    /// The place of a line among all, from 1; tracked.
    fn place(self, key: u32) -> usize {
        self.rows.with(|rows| rows.iter().position(|row| row.key == key).map_or(0, |at| at + 1))
    }
}

/// The line is drawn or moved first; only then can something in it have the focus.
fn focus_later(key: u32, part: &'static str) {
    let focus = move || {
        let here = format!("[data-server=\"{key}\"] {part}");
        // At the end of the list its button is off; the text is the next best.
        if !dom::focus(&format!("{here}:not(:disabled), {here} button:not(:disabled)")) {
            dom::focus(&format!("[data-server=\"{key}\"] input"));
        }
    };
    set_timeout(focus, std::time::Duration::ZERO);
}

/// The list.
#[component]
pub fn Servers() -> impl IntoView {
    let sheet = Sheet::current();
    let field = sheet.field(PATH);
    let list = List::of(&field.get_untracked());
    let error = sheet.error(PATH);
    // What is typed goes into the form; what the form takes from elsewhere comes back.
    effect(move || {
        let text = list.text();
        if field.with_untracked(|field| *field != text) {
            field.set(text);
        }
    });
    effect(move || {
        let text = field.get();
        if untrack(|| list.text()) != text {
            list.fill(&text);
        }
    });
    view! {
        <div class="field servers" role="group" aria-labelledby="servers-label">
            <div class="field-head"><span class="field-label" id="servers-label">{words::SERVERS}</span></div>
            <ol class="server-list">
                <For each=move || list.rows.get() key=|row| row.key let:row><Line list row error /></For>
            </ol>
            <Note id="servers-note".to_owned() error help=words::help(PATH) />
            <button type="button" class="link-button server-add" on:click=on(move |_| list.add())>
                <Glyph icon=Icon::Plus />{words::ADD_SERVER}
            </button>
        </div>
    }
}

#[component]
fn Line(list: List, row: Row, error: Signal<Option<String>>) -> impl IntoView {
    let sheet = Sheet::current();
    let Row { key, text } = row;
    let place = move || list.place(key);
    let count = move || list.rows.with(Vec::len);
    let own = Signal::derive(move || {
        let number = list.number(key)?;
        sheet.errors.with(|errors| errors.get(&format!("{PATH}.{number}")).cloned())
    });
    // That there is none is shown at the first.
    let wrong = move || own.get().is_some() || (error.get().is_some() && place() == 1);
    let note = format!("server-{key}-note");
    let described_by = format!("{note} servers-note");
    view! {
        <li class="server" data-server=key.to_string()>
            <span class="server-number" aria-hidden="true">{place}</span>
            <div class="setting-mono server-text">
                <div class="field-box" class:field-wrong=wrong>
                    <input
                        type="text"
                        aria-label=move || words::server(place())
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        placeholder="ldaps://ldap.corp.example"
                        prop:value=move || text.get()
                        aria-invalid=move || wrong().then_some("true")
                        aria-describedby=described_by
                        on:input=on(move |event| text.set(event_target_value(&event)))
                    />
                </div>
                <Note id=note error=own />
            </div>
            <span class="server-acts" role="group" aria-label=move || words::server_acts(place())>
                <MoveButton up=true off=Signal::derive(move || place() <= 1) on_press=move |()| list.shift(key, true) />
                <MoveButton up=false off=Signal::derive(move || place() >= count()) on_press=move |()| list.shift(key, false) />
                <IconButton icon=Icon::Close label=words::REMOVE_SERVER on_press=move |_| list.remove(key) />
            </span>
        </li>
    }
}

#[component]
fn MoveButton(up: bool, off: Signal<bool>, #[prop(into)] on_press: Callback<()>) -> impl IntoView {
    let (class, icon, label) = if up {
        ("icon-button server-up", Icon::ChevronUp, words::EARLIER)
    } else {
        ("icon-button server-down", Icon::ChevronDown, words::LATER)
    };
    view! {
        <button type="button" class=class aria-label=label title=label disabled=move || off.get() on:click=on(move |_| on_press.run(()))>
            <Glyph icon large=true />
        </button>
    }
}
