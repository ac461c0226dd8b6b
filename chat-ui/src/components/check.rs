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

use crate::logic::reason::{Lacks, Reason, hits};

/// What is asked about.
#[derive(Clone, PartialEq)]
pub struct Question {
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

/// What can follow.
#[derive(Clone, Copy)]
pub struct Ways {
    /// Sent, with this reason.
    pub send: Callback<String>,
    /// Written differently.
    pub edit: Callback<()>,
    /// Given up.
    pub discard: Callback<()>,
}

/// The question. What holds it is labelled by `<place>-title` and described by `<place>-why`.
#[component]
pub fn Check(
    /// Unique on the page.
    place: &'static str,
    /// What is asked.
    question: Question,
    /// As far as it is given.
    reason: RwSignal<Reason>,
    /// What can follow.
    ways: Ways,
) -> impl IntoView {
    let Question { text, label, notices, again, edit, send } = question;
    let id = move |pattern: &str| pattern.replace("{}", place);
    let lacks = RwSignal::new(None::<Lacks>);
    let submit = move || match reason.with_untracked(Reason::whole) {
        Ok(whole) => ways.send.run(whole),
        Err(missing) => {
            lacks.set(Some(missing));
            dom::focus(&id(if missing == Lacks::Choice { "#{}-choice-0" } else { "#{}-words" }));
        }
    };
    let keys = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "Escape" => ways.edit.run(()),
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
        reason.track();
        lacks.set(None);
    });
    let choice = move |(at, name): (usize, &'static str)| {
        view! {
            <label class="chip check-choice">
                <input
                    type="radio"
                    name=id("{}-choice")
                    id=format!("{place}-choice-{at}")
                    prop:checked=flag(move || reason.with(|reason| reason.choice == Some(at)))
                    on:change=on(move |_| reason.update(|reason| reason.choice = Some(at)))
                />
                {name}
            </label>
        }
    };
    let over = memo(move || reason.with(|reason| reason.used() > reason.most()));
    view! {
        <div class="check" on:keydown=on(keys)>
            <div class="check-head">
                <Glyph icon=Icon::Warning large=true />
                <div id=id("{}-why")>
                    <h2 class="check-title" id=id("{}-title")>{words::check(&notices)}</h2>
                    {notices.iter().map(|notice| view! { <p><bdi>{notice.why.clone()}</bdi></p> }).collect_view()}
                    {again.then(|| view! { <p class="check-again">{words::AGAIN}</p> })}
                </div>
            </div>
            <div class="check-body">
                <p class="check-text"><span class="check-label">{label}" "</span><Marked pieces=pieces(&text, &hits(&notices)) hit=true /></p>
                <fieldset class="check-choices" aria-describedby=id("{}-note")>
                    <legend class="sr-only">{words::CHOICE}</legend>
                    {words::CHOICES.into_iter().enumerate().map(choice).collect_view()}
                </fieldset>
                <div class="field-box" class:field-wrong=move || over.get() || matches!(lacks.get(), Some(Lacks::Words))>
                    <input
                        type="text"
                        id=id("{}-words")
                        dir="auto"
                        autocomplete="off"
                        aria-label=words::WORDS
                        aria-describedby=id("{}-note")
                        aria-invalid=move || (over.get() || lacks.get() == Some(Lacks::Words)).then_some("true")
                        prop:value=move || reason.with(|reason| reason.words.clone())
                        on:input=on(move |event| reason.update(|reason| reason.words = event_target_value(&event)))
                    />
                    <span class="check-count" class:composer-over=move || over.get()>
                        {move || reason.with(|reason| characters(reason.used(), reason.most()))}
                    </span>
                </div>
                <p class="field-note" class:field-error=move || lacks.get().is_some() id=id("{}-note") role="status">
                    {move || match lacks.get() {
                        Some(Lacks::Choice) => words::CHOOSE.to_owned(),
                        _ => words::at_least(MIN_REASON_CHARS),
                    }}
                </p>
            </div>
            <div class="check-acts">
                <Button label=DISCARD.to_owned() kind=Kind::Quiet on_press=ways.discard />
                <Button label=edit.to_owned() on_press=ways.edit />
                <Button label=send.to_owned() kind=Kind::Primary icon=Icon::Send on_press=move |()| submit() />
            </div>
        </div>
    }
}

fn is_field(target: &web_sys::EventTarget) -> bool {
    use wasm_bindgen::JsCast;
    target.dyn_ref::<web_sys::HtmlElement>().is_some_and(|element| element.tag_name() == "INPUT")
}
