//! "Check before you send" (picture 02): what a rule asks about, the text with what matched, a reason by choice and in words.
//!
//! The question is the same for messages, names, topics and status texts; where it stands, and what follows, is said by whoever asks.

use chancery_protocol::MIN_REASON_CHARS;
use chancery_protocol::acceptable_use::Notice;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::marked::{Marked, pieces};
use chancery_ui_kit::reactive::{effect, flag, memo, on};
use chancery_ui_kit::text::chat::{DISCARD, characters};
use chancery_ui_kit::text::rules as words;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::logic::reason::{Lacks, hits, most, whole};

/// What is asked about.
#[derive(Clone, PartialEq)]
pub struct Question {
    /// What one is about to do.
    pub head: &'static str,
    /// As typed.
    pub text: String,
    /// What stands before it.
    pub label: &'static str,
    /// Which rules ask.
    pub notices: Vec<Notice>,
    /// Whether a reason was given in vain.
    pub again: bool,
    /// The words of the button that goes back to the text.
    pub edit: &'static str,
    /// The words of the button that sends.
    pub send: &'static str,
}

/// What follows.
pub enum Way {
    /// It is sent, with this reason.
    Send(String),
    /// It is written differently.
    Edit,
    /// It is given up.
    Discard,
}

/// A reason as it is given.
#[derive(Clone, Copy)]
pub struct Reason {
    /// One of [`words::CHOICES`].
    pub choice: RwSignal<String>,
    /// In words.
    pub words: RwSignal<String>,
}

/// The question. What holds it is labelled by `<place>-title` and described by `<place>-why`.
#[component]
pub fn Check(
    /// Unique on the page.
    place: &'static str,
    /// What is asked.
    question: Question,
    /// As far as it is given.
    reason: Reason,
    /// Called with what follows.
    go: Callback<Way>,
) -> impl IntoView {
    let Question { head, text, label, notices, again, edit, send } = question;
    let id = move |pattern: &str| pattern.replace("{}", place);
    let Reason { choice, words: given } = reason;
    let lacks = RwSignal::new(None::<String>);
    let submit =
        move || match choice.with_untracked(|choice| given.with_untracked(|given| whole(choice, given))) {
            Ok(whole) => go.run(Way::Send(whole)),
            Err(missing) => {
                lacks.set(Some(if missing == Lacks::Choice { words::CHOOSE.to_owned() } else { least() }));
                dom::focus(&id(if missing == Lacks::Choice { "#{}-choice-0" } else { "#{}-words" }));
            }
        };
    let keys = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "Escape" => go.run(Way::Edit),
            "Enter" if event.target().is_some_and(|target| is_field(&target)) => submit(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    effect(move || {
        // After what holds it was opened, which gives the focus to its first button.
        request_animation_frame(move || {
            dom::focus(&id("#{}-choice-0"));
        });
    });
    // What is being mended is not called wrong any longer.
    effect(move || {
        choice.track();
        given.track();
        lacks.set(None);
    });
    let one = move |(at, name): (usize, &'static str)| {
        view! {
            <label class="chip check-choice">
                <input
                    type="radio"
                    name=id("{}-choice")
                    id=format!("{place}-choice-{at}")
                    prop:checked=flag(move || choice.with(|choice| choice == name))
                    on:change=on(move |_| choice.set(name.to_owned()))
                />
                {name}
            </label>
        }
    };
    let most = move || choice.with(|choice| most(choice));
    let used = move || given.with(|given| given.trim().chars().count());
    let wrong =
        memo(move || used() > most() || (lacks.with(Option::is_some) && !choice.with(String::is_empty)));
    view! {
        <div class="check" on:keydown=on(keys)>
            <div class="check-head">
                <Glyph icon=Icon::Warning large=true />
                <div id=id("{}-why")>
                    <h2 class="check-title" id=id("{}-title")>{words::check(head, &notices)}</h2>
                    {notices.iter().map(|notice| view! { <p><bdi>{notice.why.clone()}</bdi></p> }).collect_view()}
                    {again.then(|| view! { <p class="check-again">{words::AGAIN}</p> })}
                </div>
            </div>
            <div class="check-body">
                <p class="check-text"><span class="check-label">{label}" "</span><Marked pieces=pieces(&text, &hits(&notices)) hit=true /></p>
                <fieldset class="check-choices" aria-describedby=id("{}-note")>
                    <legend class="sr-only">{words::CHOICE}</legend>
                    {words::CHOICES.into_iter().enumerate().map(one).collect_view()}
                </fieldset>
                <div class="field-box" class:field-wrong=move || wrong.get()>
                    <input
                        type="text"
                        id=id("{}-words")
                        dir="auto"
                        autocomplete="off"
                        aria-label=words::WORDS
                        aria-describedby=id("{}-note")
                        aria-invalid=move || wrong.get().then_some("true")
                        prop:value=move || given.get()
                        on:input=on(move |event| given.set(event_target_value(&event)))
                    />
                    <span class="check-count">{move || characters(used(), most())}</span>
                </div>
                <p class="field-note" class:field-error=move || lacks.with(Option::is_some) id=id("{}-note") role="status">
                    {move || lacks.get().unwrap_or_else(least)}
                </p>
            </div>
            <div class="check-acts">
                <Button label=DISCARD.to_owned() kind=Kind::Quiet on_press=move |()| go.run(Way::Discard) />
                <Button label=edit.to_owned() on_press=move |()| go.run(Way::Edit) />
                <Button label=send.to_owned() kind=Kind::Primary icon=Icon::Send on_press=move |()| submit() />
            </div>
        </div>
    }
}

fn least() -> String {
    words::at_least(MIN_REASON_CHARS)
}

fn is_field(target: &web_sys::EventTarget) -> bool {
    use wasm_bindgen::JsCast;
    target.dyn_ref::<web_sys::HtmlElement>().is_some_and(|element| element.tag_name() == "INPUT")
}
