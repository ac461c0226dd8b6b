//! Pages of history: fetched when the reader comes near the end of what is loaded, dropped when they are far away.

use chancery_ui_kit::api::ClientError;
use leptos::prelude::*;

use crate::components::feed::place::Place;
use crate::components::timeline::Here;
use crate::state::chat::Chat;

/// With fewer rows than this between the page and the end of what is loaded, more is fetched.
const FETCH: usize = 60;

/// More rows than this are not kept in memory …
const MOST: usize = 600;

/// … but these many around those on the page are.
const KEPT: usize = 180;

/// The pages of the open conversation.
#[derive(Clone, Copy)]
pub struct Pages {
    pub chat: Chat,
    pub here: Here,
    pub place: Place,
    /// An older page is on its way.
    pub older: RwSignal<bool>,
    /// A newer page is on its way.
    pub newer: RwSignal<bool>,
    /// Why a page could not be had.
    pub failed: RwSignal<Option<ClientError>>,
}

impl Pages {
    /// Nothing is on its way.
    pub fn new(chat: Chat, here: Here, place: Place) -> Self {
        Self {
            chat,
            here,
            place,
            older: RwSignal::new(false),
            newer: RwSignal::new(false),
            failed: RwSignal::new(None),
        }
    }

    /// Whether the first row loaded is on the page and there are older ones.
    pub fn at_top(self) -> bool {
        self.here.span.with(|span| span.first == 0)
            && self.here.timeline.with(|timeline| timeline.as_ref().is_some_and(|t| t.more_before))
    }

    /// Fetches and drops what is due.
    pub fn look(self) {
        // The conversation may have been left before the frame came that this was put off to.
        if self.place.begun.try_get_untracked() != Some(true) {
            return;
        }
        let (first, rest, count) =
            self.here.span.with_untracked(|span| (span.first, span.all.len() - span.last, span.all.len()));
        if count > MOST {
            self.trim();
        }
        if self.failed.with_untracked(Option::is_some) {
            return;
        }
        if first < FETCH {
            self.fetch(false);
        }
        if rest < FETCH {
            self.fetch(true);
        }
    }

    /// Fetches again what failed.
    pub fn retry(self) {
        self.failed.set(None);
        self.look();
    }

    fn fetch(self, newer: bool) {
        let loading = if newer { self.newer } else { self.older };
        if loading.get_untracked() {
            return;
        }
        let id = self.here.id;
        let command =
            self.chat.state.with_untracked(|state| if newer { state.newer(id) } else { state.older(id) });
        let Some(command) = command else { return };
        loading.set(true);
        self.chat.ask_then(command, move |answer| {
            let _ = loading.try_set(false);
            if let Err(error) = answer {
                let _ = self.failed.try_set(Some(error));
            }
        });
    }

    fn trim(self) {
        let bounds = self.here.span.with_untracked(|span| {
            let (from, to) = (span.first.saturating_sub(KEPT), span.last + KEPT);
            self.here.timeline.with_untracked(|timeline| {
                let timeline = timeline.as_ref()?;
                // At the end nothing newer is dropped: it would only be fetched again.
                let to = if to < span.all.len() { timeline.seq_up_to(to)? } else { u64::MAX };
                Some((timeline.seq_from(from)?, to))
            })
        });
        if let Some((from, to)) = bounds {
            self.chat.state.update(|state| state.trim(self.here.id, from, to));
        }
    }
}
