//! Name, topic and openness of a group, as fields of a form.

use chancery_protocol::{MAX_NAME_CHARS, MAX_TOPIC_CHARS};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Checkbox, Field};
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::text;
use chancery_ui_kit::text::groups as words;
use chancery_ui_kit::text::people::too_long;
use leptos::prelude::*;

/// What is typed, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct GroupEntry {
    name: RwSignal<String>,
    topic: RwSignal<String>,
    /// Whether colleagues join by themselves.
    pub open: RwSignal<bool>,
    name_error: RwSignal<Option<String>>,
    topic_error: RwSignal<Option<String>>,
}

impl GroupEntry {
    /// With what there is already.
    pub fn new(name: String, topic: String, open: bool) -> Self {
        Self {
            name: RwSignal::new(name),
            topic: RwSignal::new(topic),
            open: RwSignal::new(open),
            name_error: RwSignal::new(None),
            topic_error: RwSignal::new(None),
        }
    }

    /// The name as it will be.
    pub fn name(self) -> String {
        self.name.with_untracked(|name| name.trim().to_owned())
    }

    /// The topic as it will be.
    pub fn topic(self) -> String {
        self.topic.with_untracked(|topic| topic.trim().to_owned())
    }

    /// Says what is wrong and goes there. True when nothing is.
    pub fn check(self) -> bool {
        let (name, topic) = (self.name(), self.topic());
        let name_error = if name.is_empty() {
            Some(words::NEED_NAME.to_owned())
        } else {
            (name.chars().count() > MAX_NAME_CHARS).then(|| too_long(MAX_NAME_CHARS))
        };
        let topic_error = (topic.chars().count() > MAX_TOPIC_CHARS).then(|| too_long(MAX_TOPIC_CHARS));
        let fine = name_error.is_none() && topic_error.is_none();
        if name_error.is_some() {
            dom::focus("#group-name");
        } else if topic_error.is_some() {
            dom::focus("#group-topic");
        }
        self.name_error.set(name_error);
        self.topic_error.set(topic_error);
        fine
    }

    /// Shows a refusal at the field it is about; says whether there is one.
    pub fn refused(self, error: &ClientError) -> bool {
        let (shown, field) = match error.code() {
            Some("name_empty" | "name_too_long") => (self.name_error, "#group-name"),
            Some("topic_too_long") => (self.topic_error, "#group-topic"),
            Some("blocked_by_rule") if is_about(error, "topic") => (self.topic_error, "#group-topic"),
            Some("blocked_by_rule") => (self.name_error, "#group-name"),
            _ => return false,
        };
        // The form may have been left meanwhile.
        let _ = shown.try_set(Some(text::problem::of(error)));
        dom::focus(field)
    }
}

fn is_about(error: &ClientError, field: &str) -> bool {
    matches!(error, ClientError::Problem(problem) if problem.field.as_deref() == Some(field))
}

/// The sentence for a refusal of what is done with groups.
pub fn refusal(error: &ClientError) -> String {
    match error {
        ClientError::Network => words::OFFLINE.to_owned(),
        error => text::problem::of(error),
    }
}

/// The fields.
#[component]
pub fn GroupFields(
    entry: GroupEntry,
    /// Whether the name gets the focus.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Input>::new();
    effect(move || {
        if node.get().is_some() && focus {
            // After the dialog around it was opened, which gives the focus to its first button.
            request_animation_frame(|| {
                dom::focus("#group-name");
            });
        }
    });
    // What is being mended is not called wrong any longer.
    effect(move || {
        entry.name.track();
        entry.name_error.set(None);
    });
    effect(move || {
        entry.topic.track();
        entry.topic_error.set(None);
    });
    view! {
        <Field id="group-name" label=words::NAME value=entry.name error=entry.name_error node />
        <Field id="group-topic" label=words::TOPIC value=entry.topic optional=true help=words::TOPIC_HELP error=entry.topic_error />
        <Checkbox id="group-open" label=words::OPEN.to_owned() checked=entry.open />
    }
}
