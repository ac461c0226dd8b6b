//! The draft of the next version: what is typed, kept on the server on Save, and sent to a second person.

use chancery_protocol::Micros;
use chancery_protocol::policy::{Content, Item, PolicyText, SaveDraft, Section};
use chancery_ui_kit::button::{Button, IconButton, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::LoadedView;
use chancery_ui_kit::policy_text::{essence, sections};
use chancery_ui_kit::question::Refusal;
use chancery_ui_kit::reactive::{memo, on, part};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::policy_console as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Page, asking, refusal};
use crate::api::policy;
use crate::logic::policy::days;

/// Where the button that adds a section stands.
const ADD: &str = "aup-add";

fn heading_id(section: usize) -> String {
    format!("aup-heading-{section}")
}

fn up_id(section: usize) -> String {
    format!("aup-up-{section}")
}

/// A section as it is typed.
#[derive(Clone, Copy, PartialEq)]
struct Typed {
    id: usize,
    heading: RwSignal<String>,
    text: RwSignal<String>,
}

/// What is typed.
#[derive(Clone, Copy)]
struct Editor {
    title: RwSignal<String>,
    /// A line each.
    essence: RwSignal<String>,
    sections: RwSignal<Vec<Typed>>,
    days: RwSignal<String>,
    /// The draft on the server that this one replaces, and what it says.
    kept: RwSignal<Option<(Micros, PolicyText)>>,
    next_id: StoredValue<usize>,
    working: RwSignal<bool>,
    refused: RwSignal<Option<String>>,
}

impl Editor {
    /// Begins with the draft, else with what is in force.
    fn of(item: Option<Item>) -> Self {
        let kept = item.as_ref().and_then(|item| {
            let at = item.line.draft.as_ref()?.at;
            match item.draft_content.clone()? {
                Content::Text(text) => Some((at, text)),
                _ => None,
            }
        });
        let current = item.and_then(|item| match item.content {
            Some(Content::Text(text)) => Some(text),
            _ => None,
        });
        let text = kept.as_ref().map(|(_, text)| text.clone()).or(current);
        let text = text.unwrap_or_else(|| PolicyText {
            title: chancery_ui_kit::text::policy::TITLE.to_owned(),
            sections: vec![Section { heading: String::new(), text: String::new() }],
            essence: Vec::new(),
            every_days: 0,
        });
        let editor = Self {
            title: RwSignal::new(text.title.clone()),
            essence: RwSignal::new(text.essence.join("\n")),
            sections: RwSignal::new(Vec::new()),
            days: RwSignal::new(text.every_days.to_string()),
            kept: RwSignal::new(kept),
            next_id: StoredValue::new(0),
            working: RwSignal::new(false),
            refused: RwSignal::new(None),
        };
        for section in text.sections {
            let _ = editor.add(section);
        }
        editor
    }

    /// Adds a section at the end; says which one it is.
    fn add(self, section: Section) -> usize {
        let id = self.next_id.get_value();
        self.next_id.set_value(id + 1);
        let typed = Typed { id, heading: RwSignal::new(section.heading), text: RwSignal::new(section.text) };
        self.sections.update(|sections| sections.push(typed));
        id
    }

    fn remove(self, id: usize) {
        let Some(at) = self.sections.with_untracked(|all| all.iter().position(|one| one.id == id)) else {
            return;
        };
        self.sections.update(|sections| _ = sections.remove(at));
        let next = self.sections.with_untracked(|sections| sections.get(at).map(|next| heading_id(next.id)));
        dom::focus_soon(next.map_or_else(|| format!("#{ADD} button"), |id| format!("#{id}")));
    }

    fn move_up(self, id: usize) {
        let at = self.sections.with_untracked(|all| all.iter().position(|one| one.id == id));
        let Some(above) = at.and_then(|at| at.checked_sub(1)) else { return };
        self.sections.update(|sections| sections.swap(above, above + 1));
        // The first one has no way up any longer.
        dom::focus_soon(if above > 0 {
            format!("#{} button", up_id(id))
        } else {
            format!("#{}", heading_id(id))
        });
    }

    /// What is typed; nothing when the days are no number.
    fn text(self) -> Option<PolicyText> {
        let trimmed = |signal: RwSignal<String>| signal.with(|typed| typed.trim().to_owned());
        let section = |typed: &Typed| Section { heading: trimmed(typed.heading), text: trimmed(typed.text) };
        Some(PolicyText {
            title: trimmed(self.title),
            sections: self.sections.with(|sections| sections.iter().map(section).collect()),
            essence: self.essence.with(|lines| {
                lines.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
            }),
            every_days: self.days.with(|typed| days(typed))?,
        })
    }

    fn save(self, page: Page, toasts: Toasts) {
        let Some(text) = untrack(|| self.text()) else { return };
        if self.working.get_untracked() {
            return;
        }
        self.working.set(true);
        let expected = self.kept.with_untracked(|kept| kept.as_ref().map(|(at, _)| *at));
        spawn_local(async move {
            let draft = SaveDraft { content: Content::Text(text.clone()), expected };
            let saved = policy::save(page.api, &draft).await;
            let _ = self.working.try_set(false);
            page.line.heard(&saved);
            match saved {
                Ok(saved) => {
                    self.refused.set(None);
                    self.kept.set(Some((saved.at, text)));
                    toasts.done(words::SAVED);
                }
                Err(error) => {
                    let _ = self.refused.try_set(Some(refusal(&error)));
                }
            }
        });
    }
}

/// The card.
pub fn card(page: Page) -> AnyView {
    view! {
        <section class="card" aria-labelledby="aup-draft">
            <h2 class="card-title" id="aup-draft">{words::DRAFT}</h2>
            <div class="card-body">
                <LoadedView
                    value=page.item.into()
                    failed_title=words::LOAD_FAILED
                    on_retry=move |()| page.line.try_again()
                    skeleton=|| view! { <SkeletonRows rows=4 /> }.into_any()
                    empty=|_| None
                    ready=move |item| form(page, Editor::of(item))
                />
            </div>
        </section>
    }
    .into_any()
}

fn form(page: Page, editor: Editor) -> AnyView {
    let toasts = Toasts::current();
    let (sending, previewing) = (RwSignal::new(false), RwSignal::new(false));
    let typed = memo(move || editor.text());
    let wrong = memo(move || typed.with(Option::is_none).then(|| words::DAYS_WRONG.to_owned()));
    let kept = memo(move || {
        editor.kept.with(|kept| {
            kept.as_ref().is_some_and(|(_, kept)| typed.with(|typed| typed.as_ref() == Some(kept)))
        })
    });
    let draft = Signal::derive(move || editor.kept.with(|kept| kept.as_ref().map(|(at, _)| *at)));
    let send = asking::dialog(page, sending, "aup-send", (words::SEND, words::SEND_BODY), true, draft);
    let lines = editor.essence;
    view! {
        <div class="aup-form">
            <p class="quiet">{words::DRAFT_LEAD}</p>
            <Refusal words=editor.refused />
            <Field id="aup-title" label=words::TEXT_TITLE value=editor.title />
            <div class="field">
                <div class="field-head"><label for="aup-essence">{words::ESSENCE}</label></div>
                <textarea class="aup-input" id="aup-essence" rows="4" prop:value=move || lines.get() on:input=on(move |event| lines.set(event_target_value(&event)))></textarea>
            </div>
            {part(move || {
                let all = editor.sections.get();
                all.into_iter().enumerate().map(|(at, typed)| section(editor, at, typed)).collect_view().into_any()
            })}
            <div id=ADD>
                <Button
                    label=words::ADD_SECTION.to_owned()
                    icon=Icon::Plus
                    on_press=move |()| {
                        let id = editor.add(Section { heading: String::new(), text: String::new() });
                        dom::focus_soon(format!("#{}", heading_id(id)));
                    }
                />
            </div>
            <Field id="aup-days" label=words::DAYS value=editor.days inputmode="numeric" help=words::DAYS_HELP error=wrong />
            <div class="aup-acts">
                <Button label=words::PREVIEW.to_owned() kind=Kind::Quiet on_press=move |()| previewing.set(true) />
                <Button label=words::SAVE.to_owned() working=editor.working disabled=Signal::derive(move || kept.get() || wrong.get().is_some()) on_press=move |()| editor.save(page, toasts) />
                <Button label=words::SEND.to_owned() kind=Kind::Primary disabled=Signal::derive(move || !kept.get()) on_press=move |()| sending.set(true) />
            </div>
            {part(move || (!kept.get()).then(|| view! { <p class="quiet">{words::SAVE_FIRST}</p> }).into_any())}
        </div>
        {send}
        <Dialog open=previewing id="aup-preview" title=words::PREVIEW.to_owned()>
            <div class="dialog-wide aup-preview">
                <p class="quiet">{words::PREVIEW_NOTE}</p>
                {typed.get_untracked().map(|text| view! {
                    <h3 class="aup-title" dir="auto">{text.title.clone()}</h3>
                    {essence(&text)}
                    <div class="policy-words">{sections(&text)}</div>
                })}
            </div>
        </Dialog>
    }
    .into_any()
}

fn section(editor: Editor, at: usize, typed: Typed) -> AnyView {
    let Typed { id, heading, text } = typed;
    view! {
        <fieldset class="aup-section">
            <legend>{words::section(at + 1)}</legend>
            <div class="aup-section-head">
                <input class="aup-input" id=heading_id(id) aria-label=words::heading(at + 1) prop:value=move || heading.get() on:input=on(move |event| heading.set(event_target_value(&event))) />
                {(at > 0).then(|| view! {
                    <span id=up_id(id)><IconButton icon=Icon::ChevronUp label=format!("{} {}", words::UP, at + 1) on_press=move |_| editor.move_up(id) /></span>
                })}
                <IconButton icon=Icon::Trash label=format!("{} {}", words::REMOVE, at + 1) on_press=move |_| editor.remove(id) />
            </div>
            <textarea class="aup-input" rows="4" aria-label=words::text(at + 1) prop:value=move || text.get() on:input=on(move |event| text.set(event_target_value(&event)))></textarea>
        </fieldset>
    }
    .into_any()
}
