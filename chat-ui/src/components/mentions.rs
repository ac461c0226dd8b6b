//! People offered while `@…` is being typed.

use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::chat as words;
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::components::name_badge::name_badge;
use crate::logic::mention::{OFFERED, caret_bytes, complete, rank, typed};
use crate::state::chat::Chat;

/// Somebody who is offered.
#[derive(Debug, Clone, PartialEq)]
struct Offer {
    person: PersonId,
    name: String,
    username: String,
}

/// Who is offered, and which of them is chosen by Enter.
#[derive(Clone, Copy)]
pub struct Mentions {
    chat: Chat,
    conversation: ConversationId,
    offers: RwSignal<Vec<Offer>>,
    /// The one that Enter takes.
    pub active: RwSignal<usize>,
    /// Where the `@` and the caret stand, in bytes.
    range: StoredValue<(usize, usize)>,
}

/// Where the caret stands, in bytes.
pub fn caret(node: NodeRef<Textarea>, text: &str) -> usize {
    let units = node.try_get_untracked().flatten().and_then(|area| area.selection_start().ok()?);
    units.map_or(text.len(), |units| caret_bytes(text, units as usize))
}

impl Mentions {
    /// Nobody is offered.
    pub fn new(chat: Chat, conversation: ConversationId) -> Self {
        let offers = RwSignal::new(Vec::new());
        Self { chat, conversation, offers, active: RwSignal::new(0), range: StoredValue::new((0, 0)) }
    }

    /// Whether somebody is offered.
    pub fn is_open(self) -> bool {
        // A field that leaves the page with its conversation loses the focus after that is gone.
        self.offers.try_with_untracked(|offers| !offers.is_empty()).unwrap_or_default()
    }

    /// Offers nobody any longer.
    pub fn close(self) {
        if self.is_open() {
            self.offers.set(Vec::new());
        }
    }

    /// Looks at what is typed before the caret.
    pub fn look(self, text: &str, node: NodeRef<Textarea>) {
        let caret = caret(node, text);
        let Some((at, query)) = text.get(..caret).and_then(typed) else { return self.close() };
        self.range.set_value((at, caret));
        self.active.set(0);
        self.offers.set(self.fitting(query));
    }

    fn fitting(self, query: &str) -> Vec<Offer> {
        self.chat.state.with_untracked(|state| {
            let Some(known) = state.conversations.get(&self.conversation) else { return Vec::new() };
            let members = known.members.iter().flatten().map(|member| member.person);
            let mut found: Vec<(u8, Offer)> = members
                .chain(known.info.with.filter(|_| known.members.is_none()))
                .filter_map(|person| {
                    let known = state.people.get(&person).filter(|known| !known.suspended)?;
                    let rank = rank(query, &known.name, &known.username)?;
                    let offer = Offer { person, name: known.name.clone(), username: known.username.clone() };
                    Some((rank, offer))
                })
                .collect();
            found.sort_by(|(a, left), (b, right)| (a, &left.name).cmp(&(b, &right.name)));
            found.into_iter().map(|(_, offer)| offer).take(OFFERED).collect()
        })
    }

    /// The one below or above.
    pub fn step(self, down: bool) {
        let count = self.offers.with_untracked(Vec::len).max(1);
        self.active.update(|active| *active = (*active + if down { 1 } else { count - 1 }) % count);
    }

    /// The text with somebody's mention in it, and where the caret goes.
    pub fn choose(self, which: usize, text: String) -> Option<(String, usize)> {
        let username = self.offers.with_untracked(|offers| Some(offers.get(which)?.username.clone()))?;
        let (at, caret) = self.range.get_value();
        self.close();
        Some(complete(&text, at, caret, &username))
    }

    /// The id of the chosen line, for screen readers.
    pub fn active_id(self) -> Option<String> {
        self.offers.with(|offers| !offers.is_empty()).then(|| format!("mention-{}", self.active.get()))
    }
}

/// The list above the composer.
#[component]
pub fn MentionList(mentions: Mentions, #[prop(into)] on_choose: Callback<usize>) -> impl IntoView {
    let line = move |(at, offer): (usize, Offer)| {
        let name = offer.name.clone();
        view! {
            <li
                class="mention-line"
                role="option"
                id=format!("mention-{at}")
                aria-selected=move || (mentions.active.get() == at).to_string()
                // The composer keeps the focus.
                on:pointerdown=on(move |event: web_sys::PointerEvent| {
                    event.prevent_default();
                    on_choose.run(at);
                })
            >
                <Avatar person=offer.person name=Signal::derive(move || name.clone()) photo=mentions.chat.photo(offer.person) size=Size::Small />
                <span class="member-name"><bdi>{offer.name}</bdi></span>
                {name_badge(move || Some(offer.person))}
                <span class="member-tag">{offer.username}</span>
            </li>
        }
    };
    view! {
        <ul class="mention-list" id="mentions" role="listbox" aria-label=words::MENTIONS hidden=move || mentions.offers.with(Vec::is_empty)>
            {move || mentions.offers.get().into_iter().enumerate().map(line).collect_view()}
        </ul>
    }
}
