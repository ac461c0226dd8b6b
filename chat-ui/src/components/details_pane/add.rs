//! Adding people to a group.

use chancery_protocol::command::AddMembers;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Person;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::groups as words;
use chancery_ui_kit::toast::Toasts;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{Asked, Pane};
use crate::components::group_fields::refusal;
use crate::components::picker::{Found, Picker};
use crate::state::chat::client_id;

/// The dialog.
#[component]
pub fn AddDialog(pane: Pane) -> impl IntoView {
    let open = pane.asks(|asked| asked == Asked::Add);
    view! {
        <Dialog open id="add-people" title=Signal::derive(|| words::ADD_TITLE.to_owned())>
            <Form pane open />
        </Dialog>
    }
}

#[component]
fn Form(pane: Pane, open: RwSignal<bool>) -> impl IntoView {
    let Pane { chat, id, .. } = pane;
    let toasts = Toasts::current();
    let chosen = RwSignal::new(Vec::<Person>::new());
    let nobody = RwSignal::new(false);
    let working = RwSignal::new(false);
    let refused = RwSignal::new(None::<ClientError>);
    let members: Vec<PersonId> = chat.state.with_untracked(|state| {
        let known = state.conversations.get(&id).and_then(|known| known.members.as_ref());
        known.into_iter().flatten().map(|member| member.person).collect()
    });
    effect(move || {
        if chosen.with(|chosen| !chosen.is_empty()) {
            nobody.set(false);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let people: Vec<PersonId> = chosen.with_untracked(|chosen| chosen.iter().map(|one| one.id).collect());
        nobody.set(people.is_empty());
        if people.is_empty() {
            dom::focus("#people-search");
            return;
        }
        working.set(true);
        refused.set(None);
        let count = people.len() as u64;
        chat.manage(id, AddMembers { client_id: client_id(), conversation: id, people }, move |result| {
            // The dialog may have been closed meanwhile.
            let _ = working.try_set(false);
            match result {
                Ok(()) => {
                    let _ = open.try_set(false);
                    toasts.done(words::added(count));
                }
                Err(error) => {
                    if refused.try_set(Some(error.clone())).is_some() {
                        toasts.failed(words::NOT_CHANGED, refusal(&error));
                    }
                }
            }
        });
    };
    view! {
        <form class="dialog-form" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::ADD_BODY}</p>
            <Picker chosen nobody found=Found::without(chat, members) />
            {move || refused.get().map(|error| view! {
                <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{refusal(&error)}</Notice>
            })}
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| open.set(false) />
                <Button
                    label=Signal::derive(move || words::add(chosen.with(Vec::len) as u64))
                    kind=Kind::Primary
                    submit=true
                    working
                />
            </div>
        </form>
    }
}
