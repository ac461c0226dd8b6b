//! Names, topics and status texts: sent, and when a rule asks for a reason, asked about where they were typed.

use std::rc::Rc;

use chancery_protocol::acceptable_use::Notice;
use chancery_protocol::command::{Command, Confirm};
use chancery_protocol::frame::Answer;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::reactive::part;
use chancery_ui_kit::text::rules as words;
use leptos::prelude::*;

use crate::components::check::{Check, Question, Ways};
use crate::logic::reason::Reason;
use crate::state::chat::Chat;

type Then = Rc<dyn Fn(Result<Answer, ClientError>)>;

/// What a rule asks about.
#[derive(Clone, PartialEq)]
struct Asked {
    command: Command,
    text: String,
    token: String,
    notices: Vec<Notice>,
    again: bool,
}

/// A form whose text rules may ask about.
#[derive(Clone, Copy)]
pub struct RuleAsk {
    chat: Chat,
    asked: RwSignal<Option<Asked>>,
    reason: RwSignal<Reason>,
    working: RwSignal<bool>,
    then: StoredValue<Option<Then>, LocalStorage>,
}

impl RuleAsk {
    /// Nothing is asked; `working` is set while something is on its way.
    pub fn new(chat: Chat, working: RwSignal<bool>) -> Self {
        Self {
            chat,
            asked: RwSignal::new(None),
            reason: RwSignal::new(Reason::default()),
            working,
            then: StoredValue::new_local(None),
        }
    }

    /// Whether a rule asks for a reason: what was typed stands behind the question.
    pub fn is_open(self) -> bool {
        self.asked.with(Option::is_some)
    }

    /// Sends a command. `then` gets the answer, once no rule asks any longer.
    pub fn send(self, command: impl Into<Command>, then: impl Fn(Result<Answer, ClientError>) + 'static) {
        self.then.set_value(Some(Rc::new(then)));
        self.offer(command.into(), false);
    }

    fn offer(self, command: Command, again: bool) {
        self.working.set(true);
        self.chat.ask_then(command.clone(), move |answer| {
            let inner = command.inner().clone();
            if let Err(ClientError::Problem(problem)) = &answer {
                match (problem.code.as_str(), &problem.token) {
                    ("reason_wanted", Some(token)) => {
                        let again = again || command.tag() == "confirm";
                        let (token, notices) = (token.clone(), problem.notices.clone());
                        let text = typed(&inner, problem.field.as_deref());
                        // The form may have been left meanwhile.
                        let _ =
                            self.asked.try_set(Some(Asked { command: inner, text, token, notices, again }));
                        let _ = self.working.try_set(false);
                        return;
                    }
                    ("confirm_stale", _) if command.tag() == "confirm" => return self.offer(inner, true),
                    _ => {}
                }
            }
            let _ = self.asked.try_set(None);
            let _ = self.working.try_set(false);
            if let Some(Some(then)) = self.then.try_get_value() {
                then(answer);
            }
        });
    }

    fn confirm(self, reason: String) {
        let Some(Asked { command, token, .. }) = self.asked.get_untracked() else { return };
        if !self.working.get_untracked() {
            self.offer(Confirm { token, reason, command: Box::new(command) }.into(), false);
        }
    }

    /// The question, while there is one; `discard` gives everything up.
    pub fn view(self, discard: impl Fn() + Send + Sync + 'static) -> AnyView {
        let close = move || self.asked.set(None);
        let ways = Ways {
            send: Callback::new(move |reason| self.confirm(reason)),
            edit: Callback::new(move |()| close()),
            discard: Callback::new(move |()| {
                close();
                discard();
            }),
        };
        part(move || match self.asked.get() {
            Some(Asked { text, notices, again, .. }) => {
                let question = Question {
                    text,
                    label: words::YOUR_TEXT,
                    notices,
                    again,
                    edit: words::EDIT_TEXT,
                    send: words::SAVE,
                };
                view! {
                    <div class="check-inside" role="alertdialog" aria-labelledby="ask-title" aria-describedby="ask-why">
                        <Check place="ask" question reason=self.reason ways />
                    </div>
                }
                .into_any()
            }
            None => ().into_any(),
        })
    }
}

/// What was typed for a command: the field that is asked about.
fn typed(command: &Command, field: Option<&str>) -> String {
    let (name, topic) = match command {
        Command::SetStatus(status) => (Some(&status.text), None),
        Command::Describe(described) => (described.name.as_ref(), described.topic.as_ref()),
        Command::CreateGroup(group) => (Some(&group.name), group.topic.as_ref()),
        _ => (None, None),
    };
    let text = if field == Some("topic") { topic } else { name.or(topic) };
    text.cloned().unwrap_or_default()
}
