//! Asking a second person for what is written, or that it be switched on or off.

use chancery_protocol::policy::{AskItem, ItemKind};
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use super::Writing;
use crate::logic::rules::used_lists;
use crate::state::policy::{Ask, Asking};

impl Writing {
    /// Saves what is typed and asks for a second person.
    pub fn send(self) {
        if self.dirty.get_untracked() {
            self.save(move || self.ask_second());
        } else {
            self.ask_second();
        }
    }

    fn ask_second(self) {
        let Some((line, at)) =
            untrack(|| self.read(|item| (item.line.clone(), item.line.draft.as_ref().map(|draft| draft.at))))
        else {
            return;
        };
        let title = line.title.clone().unwrap_or_else(|| line.name.clone());
        let mut all = vec![(
            AskItem {
                kind: line.kind,
                name: line.name.clone(),
                version: line.version,
                in_force: true,
                place: None,
                draft: at,
            },
            title.clone(),
            false,
        )];
        // A list the rule names and nobody agreed to yet has to come with it.
        let named = untrack(|| self.rule.with(used_lists));
        for name in named.iter().filter(|_| self.kind == ItemKind::Rule) {
            let Some(list) = untrack(|| self.items.find(ItemKind::List, name)) else { continue };
            let Some(draft) = list.draft.as_ref().map(|draft| draft.at) else { continue };
            let needed = !list.in_force;
            all.push((
                AskItem {
                    kind: ItemKind::List,
                    name: list.name.clone(),
                    version: list.version,
                    in_force: true,
                    place: None,
                    draft: Some(draft),
                },
                words::list_named(&list.name),
                !needed,
            ));
        }
        let asking = Asking { title: words::send_title(&title), body: words::SEND_BODY, items: all };
        self.items.ask.set(Some(Ask::Second(asking)));
    }

    /// Asks that it be on, or off, as it is.
    pub fn switch(self, on: bool) {
        let Some(line) = untrack(|| self.read(|item| item.line.clone())) else { return };
        let title = line.title.clone().unwrap_or_else(|| line.name.clone());
        let item = AskItem {
            kind: line.kind,
            name: line.name.clone(),
            version: line.version,
            in_force: on,
            place: None,
            draft: None,
        };
        let asking = Asking {
            title: words::switch_title(&title, on),
            body: if on { words::SWITCH_ON_BODY } else { words::SWITCH_OFF_BODY },
            items: vec![(item, title, false)],
        };
        self.items.ask.set(Some(Ask::Second(asking)));
    }
}
