//! Names, topics and status texts: sent, and when a rule asks for a reason, asked about where they were typed.

use std::rc::Rc;

use chancery_protocol::command::{Command, Confirm};
use chancery_protocol::frame::Answer;
use chancery_protocol::problem::Problem;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::reactive::part;
use chancery_ui_kit::text::rules as words;
use leptos::prelude::*;

use crate::components::check::{Check, Question, Reason, Way};
use crate::state::chat::Chat;

/// What is on its way, or asked about.
#[derive(Clone)]
struct Offer {
    command: Command,
    /// Whether a reason was given in vain.
    again: bool,
    then: Rc<dyn Fn(Result<Answer, ClientError>)>,
}

/// A form whose text rules may ask about.
#[derive(Clone, Copy)]
pub struct RuleAsk {
    chat: Chat,
    /// The refusal that asks.
    asked: RwSignal<Option<ClientError>>,
    reason: Reason,
    working: RwSignal<bool>,
    offer: StoredValue<Option<Offer>, LocalStorage>,
}

impl RuleAsk {
    /// Nothing is asked; `working` is set while something is on its way.
    pub fn new(chat: Chat, working: RwSignal<bool>) -> Self {
        let empty = || RwSignal::new(String::new());
        let reason = Reason { choice: empty(), words: empty() };
        Self { chat, asked: RwSignal::new(None), reason, working, offer: StoredValue::new_local(None) }
    }

    /// Whether a rule asks for a reason: what was typed stands behind the question.
    pub fn is_open(self) -> bool {
        self.asked.with(Option::is_some)
    }

    /// Sends a command. `then` gets the answer, once no rule asks any longer.
    pub fn send(self, command: impl Into<Command>, then: impl Fn(Result<Answer, ClientError>) + 'static) {
        let command: Command = command.into();
        self.offer.set_value(Some(Offer { command: command.clone(), again: false, then: Rc::new(then) }));
        self.ask(command);
    }

    fn ask(self, command: Command) {
        let confirms = command.tag() == "confirm";
        self.working.set(true);
        self.chat.ask_then(command, move |answer| {
            // The form may have been left meanwhile.
            let Some(Some(mut offer)) = self.offer.try_get_value() else { return };
            let code = answer.as_ref().err().and_then(ClientError::code).unwrap_or_default();
            match code {
                "confirm_stale" if confirms => {
                    offer.again = true;
                    self.offer.set_value(Some(offer.clone()));
                    return self.ask(offer.command);
                }
                "reason_wanted" => {
                    offer.again |= confirms;
                    self.offer.set_value(Some(offer));
                    self.asked.set(answer.err());
                    return self.working.set(false);
                }
                _ => {}
            }
            self.asked.set(None);
            self.working.set(false);
            (offer.then)(answer);
        });
    }

    fn confirm(self, reason: String) {
        let token = self.asked.with_untracked(|asked| match asked {
            Some(ClientError::Problem(problem)) => problem.token.clone(),
            _ => None,
        });
        if let (Some(token), Some(Offer { command, .. }), false) =
            (token, self.offer.get_value(), self.working.get_untracked())
        {
            self.ask(Confirm { token, reason, command: Box::new(command) }.into());
        }
    }

    /// The question, while there is one; `discard` gives everything up.
    pub fn view(self, discard: impl Fn() + Send + Sync + 'static) -> AnyView {
        let go = Callback::new(move |way| match way {
            Way::Send(reason) => self.confirm(reason),
            Way::Edit => self.asked.set(None),
            Way::Discard => {
                self.asked.set(None);
                discard();
            }
        });
        part(move || match (self.asked.get(), self.offer.get_value()) {
            (Some(ClientError::Problem(problem)), Some(offer)) => self.question(*problem, &offer, go),
            _ => ().into_any(),
        })
    }

    fn question(self, problem: Problem, offer: &Offer, go: Callback<Way>) -> AnyView {
        let question = Question {
            head: words::BEFORE_SAVING,
            text: typed(&offer.command, problem.field.as_deref()),
            label: words::YOUR_TEXT,
            notices: problem.notices,
            again: offer.again,
            edit: words::EDIT_TEXT,
            send: words::SAVE,
        };
        view! {
            <div class="check-inside" role="alertdialog" aria-labelledby="ask-title" aria-describedby="ask-why">
                <Check place="ask" question reason=self.reason go />
            </div>
        }
        .into_any()
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
