//! The dialog in front of the chat (picture 06): what is asked, the essence, the whole text, and the answer. It goes away by an
//! answer only.
//!
//! How far one has read is painted onto what stands there already, in one place: a signal for each mark would be felt in the
//! download.

use chancery_protocol::acceptance::{AnswerPolicy, CurrentPolicy, PolicyStanding};
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::show_at_once;
use chancery_ui_kit::dom;
use chancery_ui_kit::guilloche::Ribbon;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::policy_text::{essence, heading, heading_id, sections};
use chancery_ui_kit::reactive::{effect, on, part};
use chancery_ui_kit::text::policy as words;
use chancery_ui_kit::toast::Toasts;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::KeyboardEvent;

use crate::api;
use crate::components::entrance::ServiceDesk;
use crate::components::policy_text::{loaded, print};
use crate::logic::reading::{Reading, Seen};
use crate::state::chat::Chat;
use crate::state::session::{Farewell, Session};

/// What goes on in the dialog.
#[derive(Clone, Copy)]
struct Asking {
    standing: RwSignal<Loaded<PolicyStanding>>,
    reading: StoredValue<Reading>,
    /// Whether another version came into force while one read.
    changed: StoredValue<bool>,
    /// Whether every section was opened, and the box is ticked.
    agreed: RwSignal<bool>,
    working: RwSignal<bool>,
    chat: Chat,
    session: Session,
    toasts: Toasts,
    api: ApiClient,
}

impl Asking {
    /// Asks what is in force. What stands there already stays as it is.
    fn load(self) {
        spawn_local(async move {
            let answer = api::policy::text(self.api).await;
            // It was accepted on another device, or is not in force any longer.
            if answer.as_ref().is_ok_and(|standing| !standing.due) {
                return self.chat.policy_accepted();
            }
            let (known, shown) = (self.shown(), answer.as_ref().ok().and_then(answer_to));
            if known.is_some() && (shown.is_none() || known == shown) {
                return;
            }
            self.changed.set_value(known.is_some());
            let _ = self.standing.try_set(answer.into());
        });
    }

    fn shown(self) -> Option<AnswerPolicy> {
        self.standing.with_untracked(|standing| standing.ready().and_then(answer_to))
    }

    fn answer(self, accept: bool) {
        let Some(shown) = self.shown() else { return };
        self.working.set(true);
        spawn_local(async move {
            let answered = api::policy::answer(self.api, &shown, accept).await;
            let _ = self.working.try_set(false);
            match answered {
                Ok(Some(out)) => self.session.is_out(out, Farewell::Declined),
                Ok(None) => self.chat.policy_accepted(),
                Err(error) => {
                    if !matches!(error.code(), Some("outdated" | "unchanged")) {
                        self.toasts.failed(words::FAILED, chancery_ui_kit::text::problem::of(&error));
                    }
                    self.load();
                }
            }
        });
    }

    /// Goes to a section.
    fn open(self, section: usize) {
        self.reading.update_value(|reading| reading.open(section));
        if let Some(heading) = dom::find(&format!("#{}", heading_id(section))) {
            heading.scroll_into_view();
        }
        self.paint();
    }

    /// Goes to the next section that was not opened.
    fn next(self) {
        if let Some(next) = self.reading.with_value(Reading::next) {
            self.open(next);
        }
    }

    /// Looks which headings are seen.
    fn moved(self) {
        let edges = |selector: &str| {
            let rect = dom::find(selector)?.get_bounding_client_rect();
            Some((rect.top(), rect.bottom()))
        };
        let (Some(text), Some(body), Some(end)) =
            (edges("#policy-text"), edges(".policy-body"), edges("#policy-end"))
        else {
            return;
        };
        let seen = Seen { top: text.0.max(body.0), bottom: text.1.min(body.1), end: end.1 };
        let headings: Vec<f64> =
            dom::all("#policy-text h3").iter().map(|one| one.get_bounding_client_rect().top()).collect();
        self.reading.update_value(|reading| reading.moved(&headings, seen));
        self.paint();
    }

    /// Shows how far one has read.
    fn paint(self) {
        let reading = self.reading.get_value();
        for (at, entry) in dom::all(".policy-nav button").iter().enumerate() {
            let _ = entry.toggle_attribute_with_force("data-opened", reading.is_open(at));
            let _ = entry.set_attribute("aria-current", if reading.at == at { "true" } else { "false" });
        }
        let (count, whole) = (reading.count(), reading.is_whole());
        if let Some(bar) = dom::find(".policy-progress progress") {
            let _ = bar.set_attribute("value", &count.to_string());
        }
        if let Some(figures) = dom::find("#policy-figures") {
            let text = words::progress(count, reading.of_all());
            // Said again only when it changes.
            if figures.text_content().as_deref() != Some(&text) {
                figures.set_text_content(Some(&text));
            }
        }
        if let Some(agree) = dom::find("#policy-agree") {
            let _ = agree.toggle_attribute_with_force("disabled", !whole);
        }
        set_hidden("#policy-later", whole);
        // Whoever pressed it goes on to the question when it goes away.
        let pressed = dom::focused().is_some_and(|one| one.closest("#policy-next").ok().flatten().is_some());
        set_hidden("#policy-next", whole);
        if whole && pressed {
            dom::focus("#policy-agree");
        }
    }

    /// Asks whether one means it, or takes the question back.
    fn ask_twice(self, asked: bool) {
        set_hidden("#policy-answer", asked);
        set_hidden("#policy-declining", !asked);
        dom::focus(if asked { "#policy-declining h3" } else { "#policy-text" });
    }
}

fn set_hidden(selector: &str, hidden: bool) {
    if let Some(part) = dom::find(selector) {
        let _ = part.toggle_attribute_with_force("hidden", hidden);
    }
}

/// What one would answer to.
fn answer_to(standing: &PolicyStanding) -> Option<AnswerPolicy> {
    let current = standing.current.as_ref()?;
    Some(AnswerPolicy { version: current.version, fingerprint: current.fingerprint.clone() })
}

/// The dialog.
#[component]
pub fn PolicyDialog() -> impl IntoView {
    let asking = Asking {
        standing: RwSignal::new(Loaded::Loading),
        reading: StoredValue::new(Reading::default()),
        changed: StoredValue::new(false),
        agreed: RwSignal::new(false),
        working: RwSignal::new(false),
        chat: Chat::current(),
        session: Session::current(),
        toasts: Toasts::current(),
        api: ApiClient::current(),
    };
    if asking.session.server.get_untracked().is_none() {
        asking.session.load_server();
    }
    // Whoever comes back may have answered on another device.
    effect(move || {
        if asking.chat.visible.get() {
            asking.load();
        }
    });
    let node = NodeRef::<html::Dialog>::new();
    show_at_once(node);
    let ready = move |standing: PolicyStanding| {
        standing.current.map_or(().into_any(), |current| asked(asking, &current))
    };
    view! {
        <dialog
            class="policy"
            node_ref=node
            aria-label=words::TITLE
            aria-labelledby="policy-title"
            on:cancel=on(|event: web_sys::Event| event.prevent_default())
            on:keydown=on(|event: KeyboardEvent| {
                if event.key() == "Escape" {
                    event.prevent_default();
                }
            })
            // Some browsers close it all the same when Esc is pressed twice.
            on:close=on(move |_| {
                if let Some(Some(dialog)) = node.try_get_untracked() {
                    let _ = dialog.show_modal();
                }
            })
        >
            {loaded(asking.standing, Callback::new(move |()| asking.load()), Box::new(ready))}
        </dialog>
    }
}

/// The text and the answer.
fn asked(asking: Asking, current: &CurrentPolicy) -> AnyView {
    let CurrentPolicy { version, fingerprint, text } = current;
    let (count, version) = (text.sections.len(), *version);
    asking.reading.set_value(Reading::of(count));
    asking.agreed.set(false);
    // What fits the screen is seen at once.
    request_animation_frame(move || {
        dom::focus("#policy-text");
        asking.moved();
    });
    let server = asking.session.server;
    let moved = move || on(move |_| asking.moved());
    view! {
        <header class="policy-head">
            <Ribbon />
            <h2 id="policy-title" dir="auto">{text.title.clone()}</h2>
            <p>{part(move || {
                let name = server.with(|server| server.as_ref().map(|server| server.organisation.clone()));
                words::asks(&name.unwrap_or_default(), version).into_any()
            })}</p>
        </header>
        <div class="policy-body" on:scroll=moved()>
            <p class="policy-changed" role="status" hidden=!asking.changed.get_value()>{words::CHANGED}</p>
            {essence(text)}
            <div class="policy-reader">
                <nav class="policy-nav" aria-label=words::SECTIONS>
                    <ol>{(0..count).map(|at| entry(asking, at, heading(text, at))).collect_view()}</ol>
                </nav>
                <div class="policy-text" id="policy-text" role="region" aria-label=words::FULL tabindex="0" on:scroll=moved()>
                    {sections(text)}
                    <div id="policy-end"></div>
                </div>
            </div>
        </div>
        <footer class="policy-foot">
            {answering(asking, count)}
            {declining(asking)}
            <p class="policy-note">{words::recorded(fingerprint)}</p>
        </footer>
    }
    .into_any()
}

/// A section in the list; the marks are shown as it is painted.
fn entry(asking: Asking, at: usize, label: String) -> AnyView {
    view! {
        <li>
            <button type="button" on:click=on(move |_| asking.open(at))>
                <Glyph icon=Icon::ArrowRight />
                <Glyph icon=Icon::TickCircle />
                <i aria-hidden="true"></i>
                <span dir="auto">{label}</span>
                <span class="sr-only">{words::OPENED}</span>
            </button>
        </li>
    }
    .into_any()
}

/// How far one has got, and the answer.
fn answering(asking: Asking, sections: usize) -> AnyView {
    let agreed = asking.agreed;
    view! {
        <div class="policy-part" id="policy-answer">
            <div class="policy-progress">
                <progress aria-hidden="true" max=sections.to_string()></progress>
                <span id="policy-figures" role="status"></span>
                <button type="button" class="link-button" on:click=on(|_| print())>{words::PRINT}</button>
            </div>
            <label class="checkbox" for="policy-agree">
                <input
                    type="checkbox"
                    id="policy-agree"
                    disabled
                    on:change=on(move |event| agreed.set(event_target_checked(&event)))
                />
                <span class="checkbox-box" aria-hidden="true"><Glyph icon=Icon::Tick /></span>
                <span>{words::AGREE}<span id="policy-later">" "{words::AGREE_LATER}</span></span>
            </label>
            <div class="policy-acts">
                <Button label=words::DECLINE.to_owned() kind=Kind::Quiet on_press=move |()| asking.ask_twice(true) />
                <span class="policy-gap"></span>
                <span id="policy-next">
                    <Button label=words::NEXT.to_owned() icon=Icon::ArrowRight on_press=move |()| asking.next() />
                </span>
                <Button
                    label=words::ACCEPT.to_owned()
                    kind=Kind::Primary
                    working=asking.working
                    disabled=Signal::derive(move || !agreed.get())
                    on_press=move |()| asking.answer(true)
                />
            </div>
        </div>
    }
    .into_any()
}

/// What declining means, and whom to talk to.
fn declining(asking: Asking) -> AnyView {
    let server = asking.session.server;
    let contact = move || match server.with(|server| server.as_ref()?.service_desk.clone()) {
        Some(desk) => view! { {words::CONTACT}" "<ServiceDesk desk /> }.into_any(),
        None => words::CONTACT_PLAIN.into_any(),
    };
    view! {
        <div class="policy-part" id="policy-declining" hidden>
            <h3 tabindex="-1">{words::DECLINE_TITLE}</h3>
            <p>{words::DECLINE_BODY}</p>
            <p>{part(contact)}</p>
            <div class="policy-acts">
                <span class="policy-gap"></span>
                <Button label=chancery_ui_kit::text::act::BACK.to_owned() on_press=move |()| asking.ask_twice(false) />
                <Button label=words::DECLINE.to_owned() kind=Kind::Danger working=asking.working on_press=move |()| asking.answer(false) />
            </div>
        </div>
    }
    .into_any()
}
