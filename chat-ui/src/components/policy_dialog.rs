//! The dialog in front of the chat (picture 06): what is asked, the essence, the whole text, and the answer. It goes away by an
//! answer only.

use chancery_protocol::acceptance::{AnswerPolicy, CurrentPolicy, PolicyStanding};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::show_at_once;
use chancery_ui_kit::dom;
use chancery_ui_kit::guilloche::Ribbon;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, on, part, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::policy as words;
use chancery_ui_kit::toast::Toasts;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::KeyboardEvent;

use crate::api;
use crate::components::entrance::ServiceDesk;
use crate::components::policy_text::{essence, heading, heading_id, print, sections};
use crate::logic::reading::{Reading, Seen};
use crate::state::chat::Chat;
use crate::state::session::{Farewell, Session};

/// What goes on in the dialog.
#[derive(Clone, Copy)]
struct Asking {
    standing: RwSignal<Loaded<PolicyStanding>>,
    reading: RwSignal<Reading>,
    agreed: RwSignal<bool>,
    /// Whether the question is asked that declining leads to.
    declining: RwSignal<bool>,
    /// Whether another version came into force meanwhile.
    changed: RwSignal<bool>,
    working: RwSignal<bool>,
    chat: Chat,
    api: ApiClient,
}

impl Asking {
    fn load(self) {
        spawn_local(async move {
            let answer = api::policy::text(self.api).await;
            // It was accepted on another device, or is not in force any longer.
            if answer.as_ref().is_ok_and(|standing| !standing.due) {
                return self.chat.policy_accepted();
            }
            if let Ok(PolicyStanding { current: Some(current), .. }) = &answer {
                self.reading.set(Reading::of(current.text.sections.len()));
                self.agreed.set(false);
                self.declining.set(false);
            }
            let _ = self.standing.try_set(answer.into());
        });
    }

    fn answer(self) -> Option<AnswerPolicy> {
        self.standing.with_untracked(|standing| {
            let current = standing.ready()?.current.as_ref()?;
            Some(AnswerPolicy { version: current.version, fingerprint: current.fingerprint.clone() })
        })
    }

    fn accept(self, toasts: Toasts) {
        let Some(answer) = self.answer() else { return };
        self.working.set(true);
        spawn_local(async move {
            let accepted = api::policy::accept(self.api, &answer).await;
            let _ = self.working.try_set(false);
            match accepted {
                Ok(()) => self.chat.policy_accepted(),
                Err(error) => self.failed(toasts, &error),
            }
        });
    }

    fn failed(self, toasts: Toasts, error: &ClientError) {
        if error.code() == Some("outdated") {
            self.changed.set(true);
            return self.load();
        }
        toasts.failed(words::FAILED, chancery_ui_kit::text::problem::of(error));
    }

    /// Goes to a section, and from the last one to the question.
    fn open(self, section: usize) {
        self.reading.update(|reading| reading.open(section));
        if let Some(heading) = dom::find(&format!("#{}", heading_id(section))) {
            heading.scroll_into_view();
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
        let headings: Vec<f64> = dom::all("#policy-text h3")
            .iter()
            .map(|heading| heading.get_bounding_client_rect().top())
            .collect();
        let mut reading = self.reading.get_untracked();
        reading.moved(&headings, seen);
        if self.reading.with_untracked(|known| *known != reading) {
            self.reading.set(reading);
        }
    }
}

/// The dialog.
#[component]
pub fn PolicyDialog() -> impl IntoView {
    let asking = Asking {
        standing: RwSignal::new(Loaded::Loading),
        reading: RwSignal::new(Reading::default()),
        agreed: RwSignal::new(false),
        declining: RwSignal::new(false),
        changed: RwSignal::new(false),
        working: RwSignal::new(false),
        chat: Chat::current(),
        api: ApiClient::current(),
    };
    asking.load();
    let node = NodeRef::<html::Dialog>::new();
    show_at_once(node);
    // It may have been answered on another device.
    effect(move || {
        if asking.chat.visible.get() && asking.standing.with_untracked(|standing| standing.ready().is_some())
        {
            spawn_local(async move {
                let answer = api::policy::text(asking.api).await;
                if answer.is_ok_and(|standing| !standing.due) {
                    asking.chat.policy_accepted();
                }
            });
        }
    });
    let ready = move |standing: PolicyStanding| match standing.current {
        Some(current) => view! { <Asked asking current /> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <dialog
            class="policy"
            node_ref=node
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
            <LoadedView
                value=asking.standing.into()
                failed_title=words::FAILED_TITLE
                on_retry=move |()| {
                    asking.standing.set(Loaded::Loading);
                    asking.load();
                }
                skeleton=|| view! {
                    <h2 class="sr-only" id="policy-title">{words::TITLE}</h2>
                    <div class="policy-wait"><SkeletonRows rows=6 /></div>
                }.into_any()
                empty=|_| None
                ready
            />
        </dialog>
    }
}

/// The text and the answer.
#[component]
fn Asked(asking: Asking, current: CurrentPolicy) -> impl IntoView {
    let session = Session::current();
    let CurrentPolicy { version, fingerprint, text } = current;
    let organisation = move || {
        session
            .server
            .with(|server| server.as_ref().map(|server| server.organisation.clone()).unwrap_or_default())
    };
    if session.server.get_untracked().is_none() {
        session.load_server();
    }
    // What fits the screen is seen at once.
    request_animation_frame(move || asking.moved());
    dom::focus("#policy-text");
    view! {
        <header class="policy-head">
            <Ribbon />
            <h2 id="policy-title" dir="auto">{text.title.clone()}</h2>
            <p>{move || words::asks(&organisation(), version)}</p>
        </header>
        <div class="policy-body" on:scroll=on(move |_| asking.moved())>
            {show(move || asking.changed.get(), || view! {
                <Notice tone=Tone::Info icon=Icon::Info assertive=true>{words::CHANGED}</Notice>
            }.into_any())}
            {essence(&text)}
            <div class="policy-reader">
                <nav class="policy-nav" aria-label=words::SECTIONS>
                    <ol>{(0..text.sections.len()).map(|at| entry(asking, at, heading(&text, at))).collect_view()}</ol>
                </nav>
                <div
                    class="policy-text"
                    id="policy-text"
                    role="region"
                    aria-label=words::FULL
                    tabindex="0"
                    on:scroll=on(move |_| asking.moved())
                >
                    {sections(&text)}
                    <div id="policy-end"></div>
                </div>
            </div>
        </div>
        <footer class="policy-foot">
            {part(move || if asking.declining.get() {
                view! { <Declining asking /> }.into_any()
            } else {
                view! { <Answering asking sections=text.sections.len() /> }.into_any()
            })}
            <p class="policy-note">{words::recorded(&fingerprint)}</p>
        </footer>
    }
}

/// A section in the list.
fn entry(asking: Asking, at: usize, label: String) -> AnyView {
    let icon = move || {
        asking.reading.with(|reading| match (reading.at == at, reading.is_open(at)) {
            (true, _) => view! { <Glyph icon=Icon::ArrowRight /> }.into_any(),
            (false, true) => {
                view! { <span class="policy-done"><Glyph icon=Icon::TickCircle /></span> }.into_any()
            }
            (false, false) => view! { <span class="policy-dot" aria-hidden="true"></span> }.into_any(),
        })
    };
    let here = move || asking.reading.with(|reading| (reading.at == at).then_some("true"));
    let opened = move || asking.reading.with(|reading| reading.is_open(at));
    view! {
        <li>
            <button type="button" aria-current=here on:click=on(move |_| asking.open(at))>
                {icon}
                <span dir="auto">{label}</span>
                {show(opened, || view! { <span class="sr-only">", "{words::OPENED}</span> }.into_any())}
            </button>
        </li>
    }
    .into_any()
}

/// How far one has got, and the answer.
#[component]
fn Answering(asking: Asking, sections: usize) -> impl IntoView {
    let toasts = Toasts::current();
    let whole = Signal::derive(move || asking.reading.with(Reading::is_whole));
    let count = move || asking.reading.with(Reading::count);
    let next = move |()| {
        if let Some(next) = asking.reading.with_untracked(Reading::next) {
            asking.open(next);
        }
        // The button goes away: on to the question.
        if whole.get_untracked() {
            request_animation_frame(|| {
                dom::focus("#policy-agree");
            });
        }
    };
    view! {
        <div class="policy-progress">
            <progress aria-hidden="true" max=sections.to_string() prop:value=move || f64::from(u32::try_from(count()).unwrap_or(0))></progress>
            <span role="status">{move || words::progress(count(), sections)}</span>
            <button type="button" class="link-button" on:click=on(|_| print())>{words::PRINT}</button>
        </div>
        <label class="checkbox" for="policy-agree">
            <input
                type="checkbox"
                id="policy-agree"
                disabled=move || !whole.get()
                prop:checked=move || asking.agreed.get()
                on:change=on(move |event| asking.agreed.set(event_target_checked(&event)))
            />
            <span class="checkbox-box" aria-hidden="true"><Glyph icon=Icon::Tick /></span>
            <span>{words::AGREE}{show(move || !whole.get(), || view! { " "{words::AGREE_LATER} }.into_any())}</span>
        </label>
        <div class="policy-acts">
            <Button label=words::DECLINE.to_owned() kind=Kind::Quiet on_press=move |()| asking.declining.set(true) />
            <span class="policy-gap"></span>
            {show(move || !whole.get(), move || view! {
                <Button label=words::NEXT.to_owned() icon=Icon::ArrowRight on_press=next />
            }.into_any())}
            <Button
                label=words::ACCEPT.to_owned()
                kind=Kind::Primary
                working=asking.working
                disabled=Signal::derive(move || !(whole.get() && asking.agreed.get()))
                on_press=move |()| asking.accept(toasts)
            />
        </div>
    }
}

/// What declining means, and whom to talk to.
#[component]
fn Declining(asking: Asking) -> impl IntoView {
    let (session, toasts) = (Session::current(), Toasts::current());
    let decline = move |()| {
        let Some(answer) = asking.answer() else { return };
        asking.working.set(true);
        spawn_local(async move {
            let declined = api::policy::decline(asking.api, &answer).await;
            let _ = asking.working.try_set(false);
            match declined {
                Ok(out) => session.is_out(out, Farewell::Declined),
                Err(error) if error.code() == Some("unchanged") => asking.chat.policy_accepted(),
                Err(error) => asking.failed(toasts, &error),
            }
        });
    };
    request_animation_frame(|| {
        dom::focus("#policy-declining");
    });
    view! {
        <div class="policy-declining">
            <h3 id="policy-declining" tabindex="-1">{words::DECLINE_TITLE}</h3>
            <p>{words::DECLINE_BODY}</p>
            <p>{move || match session.server.with(|server| server.as_ref().and_then(|server| server.service_desk.clone())) {
                Some(desk) => view! { {words::CONTACT}" "<ServiceDesk desk /> }.into_any(),
                None => words::CONTACT_PLAIN.into_any(),
            }}</p>
        </div>
        <div class="policy-acts">
            <span class="policy-gap"></span>
            <Button label=chancery_ui_kit::text::act::BACK.to_owned() on_press=move |()| asking.declining.set(false) />
            <Button label=words::DECLINE.to_owned() kind=Kind::Danger working=asking.working on_press=decline />
        </div>
    }
}
