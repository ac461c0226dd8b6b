//! An own list of people: a new one, or another name or other people for one there is.

use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Person;
use chancery_protocol::preferences::{MAX_LISTS, PeopleList};
use chancery_protocol::{MAX_NAME_CHARS, MAX_PEOPLE};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::people as words;
use chancery_ui_kit::toast::Toasts;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::picker::{Found, Picker};
use crate::logic::arrange::Change;
use crate::state::chat::Chat;
use crate::state::desk::{Desk, Overlay};

/// The dialog, when it is open.
#[component]
pub fn ListDialog() -> impl IntoView {
    let desk = Desk::current();
    let open = RwSignal::new(false);
    effect(move || open.set(desk.overlay.with(|overlay| matches!(overlay, Overlay::List(_)))));
    effect(move || {
        if !open.get() && desk.overlay.with_untracked(|overlay| matches!(overlay, Overlay::List(_))) {
            desk.overlay.set(Overlay::None);
        }
    });
    let title = Signal::derive(move || {
        desk.overlay.with(|overlay| match overlay {
            Overlay::List(Some(name)) => words::edit_list(name),
            _ => words::NEW_LIST.to_owned(),
        })
    });
    view! {
        <Dialog open id="own-list" title>
            <Form open />
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>) -> impl IntoView {
    let chat = Chat::current();
    let toasts = Toasts::current();
    let before = Desk::current().overlay.with_untracked(|overlay| match overlay {
        Overlay::List(name) => name.clone(),
        _ => None,
    });
    let known = chat
        .arranged
        .with_untracked(|all| all.lists.iter().find(|list| Some(&list.name) == before.as_ref()).cloned());
    let people: Vec<Person> = chat.state.with_untracked(|state| {
        let ids = known.iter().flat_map(|list| &list.people);
        ids.filter_map(|id| state.people.get(id).cloned()).collect()
    });
    let exists = known.is_some();
    let before = StoredValue::new(before.filter(|_| exists));
    let name = RwSignal::new(before.get_value().unwrap_or_default());
    let name_error = RwSignal::new(None::<String>);
    let chosen = RwSignal::new(people);
    let nobody = RwSignal::new(false);
    effect(move || {
        name.track();
        name_error.set(None);
    });
    effect(move || {
        if chosen.with(|chosen| !chosen.is_empty()) {
            nobody.set(false);
        }
    });
    let wrong = move |name: &str| {
        let before = before.get_value();
        let (taken, count) = chat.arranged.with_untracked(|all| {
            let taken = all.lists.iter().any(|list| list.name == name && Some(name) != before.as_deref());
            (taken, all.lists.len())
        });
        if name.is_empty() {
            Some(words::NEED_LIST_NAME.to_owned())
        } else if name.chars().count() > MAX_NAME_CHARS {
            Some(words::too_long(MAX_NAME_CHARS))
        } else if taken {
            Some(words::LIST_TAKEN.to_owned())
        } else {
            (before.is_none() && count >= MAX_LISTS).then(|| words::TOO_MANY_LISTS.to_owned())
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = name.with_untracked(|name| name.trim().to_owned());
        let mut people: Vec<PersonId> =
            chosen.with_untracked(|chosen| chosen.iter().map(|one| one.id).collect());
        people.truncate(MAX_PEOPLE);
        let error = wrong(&typed);
        nobody.set(people.is_empty());
        if error.is_some() {
            name_error.set(error);
            dom::focus("#list-name");
        } else if people.is_empty() {
            dom::focus("#people-search");
        } else {
            chat.arrange(Change::List(before.get_value(), PeopleList { name: typed, people }));
            open.set(false);
        }
    };
    let remove = move |()| {
        let Some(name) = before.get_value() else { return };
        chat.arrange(Change::Drop(name.clone()));
        toasts.done(words::list_dropped(&name));
        open.set(false);
    };
    view! {
        <form class="dialog-form" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::LISTS_BODY}</p>
            <Field id="list-name" label=words::LIST_NAME value=name error=name_error />
            <Picker chosen nobody found=Found::new(chat) />
            <div class="dialog-acts">
                {exists.then(|| view! {
                    <Button label=words::DROP_LIST.to_owned() kind=Kind::Quiet on_press=remove />
                })}
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| open.set(false) />
                <Button label=words::SAVE_LIST.to_owned() kind=Kind::Primary submit=true />
            </div>
        </form>
    }
}
