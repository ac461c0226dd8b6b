//! What follows from what the server says.

use chancery_protocol::acceptable_use::Redacted;
use chancery_protocol::command::{Command, SetPresence, Watch};
use chancery_protocol::conversation::Content;
use chancery_protocol::frame::{Answer, Frame};
use chancery_protocol::link::{Input, SocketNumber};
use chancery_protocol::outbox::Outbox;
use chancery_protocol::problem::Problem;
use chancery_protocol::state::{Effects, apply};
use chancery_ui_kit::{text, time};
use leptos::prelude::*;

use super::{Asked, Chat};
use crate::logic::acts::Acts;

impl Chat {
    /// A frame arrived.
    pub(super) fn heard(self, number: SocketNumber, text: &str) {
        // A frame of a kind that is not known yet comes from a newer server; what it means is in the log, too.
        let Ok(frame) = serde_json::from_str::<Frame>(text) else { return };
        self.feed(Input::Frame(number, &frame));
        match frame {
            Frame::Answer { id, answer } => {
                if let Some(asked) = self.take(id) {
                    self.answered(asked, answer);
                }
            }
            Frame::Problem { id: Some(id), problem } => {
                if let Some(asked) = self.take(id) {
                    self.refused(asked, problem);
                }
            }
            Frame::Hello(_) => {
                self.take_in(|chat| chat.applied(&frame));
                self.hello();
            }
            Frame::Preferences(_) => {
                self.take_in(|chat| chat.applied(&frame));
                self.save_arranged();
            }
            Frame::Problem { id: None, .. } | Frame::Goodbye { .. } => {}
            Frame::Event { ref event, .. } => {
                self.touched(event);
                self.take_in(|chat| chat.applied(&frame));
            }
            _ => self.take_in(|chat| chat.applied(&frame)),
        }
    }

    fn take(self, id: u32) -> Option<Asked> {
        self.core.try_update_value(|core| core.asked.remove(&id)).flatten()
    }

    fn applied(self, frame: &Frame) -> Effects {
        self.state.try_update(|state| apply(state, frame, time::now())).unwrap_or_default()
    }

    fn answered(self, asked: Asked, answer: Answer) {
        let Asked { command, then } = asked;
        let inner = command.inner();
        if let Answer::Recorded(recorded) | Answer::Redacted(Redacted { recorded, .. }) = &answer {
            match inner {
                Command::Send(send) => {
                    self.outbox.update(|outbox| outbox.recorded(send.client_id, *recorded));
                }
                act => self.act_answered(act, *recorded),
            }
        }
        self.ruled(inner, &answer);
        if let Command::History(history) = &command {
            self.failed.update(|failed| {
                failed.remove(&history.conversation);
            });
        }
        // A sign of life may ask for something, but shows nothing new.
        let shows = !matches!(command, Command::Ping(_));
        self.take_in(|chat| {
            let taken = chat.state.try_maybe_update(|state| (shows, state.answered(&command, &answer)));
            taken.unwrap_or_default()
        });
        if matches!(command, Command::SavePreferences(_)) {
            self.arrangement_saved();
        }
        if let Some(then) = then {
            then(Ok(answer));
        }
    }

    fn refused(self, asked: Asked, problem: Problem) {
        let Asked { command, then } = asked;
        self.state.update(|state| state.refused(&command));
        match command.inner() {
            Command::Send(send) => {
                self.outbox.update(|outbox| outbox.refused(send.client_id, &problem, time::now()));
                self.flush();
            }
            Command::Edit(_)
            | Command::Delete(_)
            | Command::Restore(_)
            | Command::React(_)
            | Command::Acknowledge(_) => {
                self.act_refused(command.inner(), &problem);
            }
            Command::SavePreferences(save) => self.arrangement_refused(save.revision, &problem),
            Command::History(history) => self.failed.update(|failed| {
                failed.insert(history.conversation, problem.clone().into());
            }),
            _ => {}
        }
        if let Some(then) = then {
            then(Err(problem.into()));
        }
    }

    /// Does what a change of the state asks for.
    fn take_in(self, change: impl FnOnce(Self) -> Effects) {
        let effects = change(self);
        if !effects.seen.is_empty() {
            self.outbox.update(|outbox| effects.seen.iter().for_each(|id| outbox.seen(*id)));
        }
        if self.acts.with_untracked(|acts| !acts.is_empty()) {
            self.state.with_untracked(|state| self.acts.update(|acts| acts.settle(state)));
        }
        let unsettled = self.outbox.with_untracked(|outbox| *outbox != Outbox::default());
        if unsettled {
            self.state.with_untracked(|state| self.outbox.update(|outbox| outbox.settle(state)));
        }
        self.flush();
        for command in effects.ask {
            self.ask(command);
        }
        let open = self.open.get_untracked();
        if !effects.new_messages.is_empty() {
            self.have_received();
            self.note_mentions(
                effects.new_messages.iter().map(|(conversation, message)| (*conversation, message)),
            );
            self.arrived.set(effects.new_messages.clone());
        }
        for (conversation, message) in effects.new_messages {
            if Some(conversation) == open
                && let Content::Text { text: words, .. } = &message.content
            {
                let name = self.name_of(message.author);
                let name = if message.urgent { text::chat::urgent(&name) } else { name };
                self.spoken.set(text::chat::said(&name, &chancery_protocol::text::plain(words)));
            }
        }
    }

    /// A new line is up: everything the server forgot with the old one is said again.
    fn hello(self) {
        self.outbox.update(Outbox::on_connected);
        self.acts.update(|acts| acts.connected(true));
        self.state.with_untracked(|state| {
            self.outbox.update(|outbox| outbox.settle(state));
            self.acts.update(|acts| acts.settle(state));
        });
        self.flush();
        let watched = self.core.with_value(|core| core.watched.clone());
        if !watched.is_empty() {
            self.ask(Watch { people: watched });
        }
        self.tell_presence();
        self.save_drafts();
        self.save_arranged();
        self.watch_marks_again();
        self.have_received();
        self.forget_quoted();
        self.look_for_mentions();
        if let Some(open) = self.open.get_untracked() {
            self.open_log(open);
        }
    }

    /// Says how reachable one is, if the server does not know it.
    pub(super) fn tell_presence(self) {
        let presence = self.own_presence.get_untracked();
        let known = self.core.with_value(|core| core.sent_presence);
        if known != Some(presence)
            && self
                .link
                .with_untracked(|link| matches!(link, chancery_protocol::link::LinkState::Live { .. }))
        {
            self.core.update_value(|core| core.sent_presence = Some(presence));
            self.ask(SetPresence { presence });
        }
    }

    /// Sends what is due.
    pub(super) fn flush(self) {
        if self.acts.with_untracked(Acts::is_waiting) {
            let due = self.acts.try_update(|acts| acts.due(time::now())).unwrap_or_default();
            for act in due {
                self.request(act, None);
            }
        }
        if self.outbox.with_untracked(|outbox| outbox.next_due().is_none()) {
            return;
        }
        let due = self.outbox.try_update(|outbox| outbox.due(time::now())).unwrap_or_default();
        for send in due {
            self.ask(send);
        }
    }
}
