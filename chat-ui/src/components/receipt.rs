//! Receipts: how far own messages have got, and who has read them.

use chancery_protocol::conversation::Content;
use chancery_protocol::ids::PersonId;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::text::chat as words;
use leptos::prelude::*;

use crate::components::timeline::Here;
use crate::logic::receipt::{Far, readers, receipt};
use crate::logic::timeline::{Item, Stage};
use crate::state::chat::Chat;

/// The words of one state.
pub fn far_words(far: Far) -> &'static str {
    match far {
        Far::Sent => words::SENT,
        Far::Delivered => words::DELIVERED,
        Far::Read => words::READ,
    }
}

/// One tick or two, in accent once it is with somebody.
#[component]
pub fn FarGlyph(far: Far) -> impl IntoView {
    let icon = if far == Far::Read { Icon::TickTwice } else { Icon::Tick };
    view! { <span class="far" class:far-there=far != Far::Sent><Glyph icon /></span> }
}

/// The line under an own message; in groups a press shows the names.
#[component]
pub fn ReceiptLine(item: Memo<Option<Item>>) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let shown = memo(move || {
        let item = item.get()?;
        let settled = item.stage == Stage::Sent && item.change.is_none();
        if !settled || chat.me() != Some(item.author) || !matches!(item.content, Content::Text { .. }) {
            return None;
        }
        Some((
            item.id?,
            here.receipts
                .with(|all| all.iter().find(|(ordinal, _)| *ordinal == item.ordinal).map(|(_, one)| *one))?,
        ))
    });
    let group = memo(move || chat.is_marked(here.id));
    move || {
        let (id, receipt) = shown.get()?;
        let far = receipt.far();
        if !group.get() {
            return Some(
                view! { <p class="message-receipt" data-far=far_words(far)><FarGlyph far />{far_words(far)}</p> }
                    .into_any(),
            );
        }
        let said = match far {
            Far::Read => words::read_by(receipt.read, receipt.of),
            Far::Delivered => words::delivered_to(receipt.delivered, receipt.of),
            Far::Sent => words::SENT.to_owned(),
        };
        Some(
            view! {
                <button
                    type="button"
                    class="message-receipt receipt-names"
                    data-far=far_words(far)
                    title=words::WHO_HAS_READ
                    on:click=on(move |_| here.readers.set(Some(id)))
                >
                    <FarGlyph far />
                    {said}
                </button>
            }
            .into_any(),
        )
    }
}

/// Who has read a message, to whom it was delivered, and who has not got it yet.
#[component]
pub fn ReadersDialog() -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let open = RwSignal::new(false);
    effect(move || open.set(here.readers.get().is_some()));
    effect(move || {
        if !open.get() && here.readers.get_untracked().is_some() {
            here.readers.set(None);
        }
    });
    let place = memo(move || {
        let id = here.readers.get()?;
        here.timeline.with(|timeline| {
            let timeline = timeline.as_ref()?;
            let item = timeline.item(*timeline.keys.get(timeline.place_of(id)?)?)?;
            Some((item.ordinal, item.seq))
        })
    });
    let title = Signal::derive(move || {
        let counted = place.get().map(|(ordinal, seq)| receipt(ordinal, seq, &chat.others(here.id)));
        counted.map_or_else(String::new, |counted| words::read_by(counted.read, counted.of))
    });
    let people = move |far: Far| -> Vec<PersonId> {
        let Some((ordinal, seq)) = place.get() else { return Vec::new() };
        let others = chat.others(here.id);
        readers(seq, &others)
            .filter(|other| far == receipt(ordinal, seq, std::slice::from_ref(*other)).far())
            .map(|other| other.person)
            .collect()
    };
    view! {
        <Dialog open id="readers" title>
            {[(Far::Read, words::READ), (Far::Delivered, words::DELIVERED), (Far::Sent, words::NOT_YET)]
                .into_iter()
                .map(|(far, head)| {
                    move || {
                        let people = people(far);
                        (!people.is_empty()).then(|| view! {
                            <h3 class="readers-head">
                                {head}
                                " "
                                <span class="details-count">{people.len()}</span>
                            </h3>
                            <ul class="members">{people.into_iter().map(reader).collect_view()}</ul>
                        })
                    }
                })
                .collect_view()}
        </Dialog>
    }
}

fn reader(id: PersonId) -> impl IntoView {
    let chat = Chat::current();
    let name = memo(move || chat.person(id).map(|person| person.name).unwrap_or_default());
    view! {
        <li class="member">
            <Avatar person=id name=Signal::derive(move || name.get()) photo=chat.photo(id) size=Size::Small />
            <span class="member-name"><bdi>{move || name.get()}</bdi></span>
        </li>
    }
}
