//! What lies over the page: menus, dialogs, toasts, notices, the side pane's facts.

use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::text;
use chancery_ui_kit::text::kit as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;

use super::Part;

#[component]
pub fn Overlays() -> impl IntoView {
    let toasts = Toasts::current();
    let open = RwSignal::new(false);
    let items = || {
        vec![
            Item::new(Icon::Pencil, words::FIRST, || ()).key("E"),
            Item::new(Icon::Copy, words::SECOND, || ()),
            Item::new(Icon::Trash, words::DANGER, || ()).danger(),
        ]
    };
    let back = move || toasts.undoable(words::DONE, Callback::new(move |()| toasts.done(words::BACK)));
    view! {
        <Part title=words::OVERLAYS lead=words::OVERLAYS_LEAD>
            <div class="kit-row">
                <MenuButton label=words::MENU icon=Icon::More items />
                <Button label=words::DIALOG.to_owned() on_press=move |()| open.set(true) />
                <Button label=words::TOAST.to_owned() on_press=move |()| toasts.done(words::DONE) />
                <Button label=words::TOAST_UNDO.to_owned() on_press=move |()| back() />
                <Button label=words::TOAST_FAILED.to_owned() on_press=move |()| toasts.failed(words::FAILED, words::ERROR) />
            </div>
            <Dialog open id="kit-dialog" title=words::DIALOG_TITLE.to_owned()><Typed open /></Dialog>
            <div class="kit-grid">
                <Notice tone=Tone::Warn icon=Icon::Warning><strong>{words::PARTIAL}</strong>" "{words::PARTIAL_REST}</Notice>
                <Notice tone=Tone::Bad icon=Icon::CrossCircle><strong>{words::NOT_SAVED}</strong>" "{words::NOT_SAVED_REST}</Notice>
                <Notice icon=Icon::Refresh><strong>{text::console::OFFLINE}</strong>" "{words::OFFLINE_REST}</Notice>
                <Notice tone=Tone::Hold icon=Icon::Scales><strong>{words::HELD}</strong>" "{words::HELD_REST}</Notice>
                <Notice tone=Tone::Ok icon=Icon::TickCircle><strong>{words::DONE}</strong></Notice>
                <Notice tone=Tone::Alarm icon=Icon::CrossCircle>
                    <strong>{words::CHECK_FAILED}</strong>" "{words::CHECK_FAILED_REST}
                </Notice>
            </div>
        </Part>
    }
}

/// For what cannot be taken back: the identifier is typed.
#[component]
fn Typed(open: RwSignal<bool>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let right = Signal::derive(move || typed.with(|typed| typed.trim() == words::IDENTIFIER));
    view! {
        <div class="dialog-fields">
            <p class="dialog-body">{words::DIALOG_BODY}</p>
            <Field id="kit-typed" label=words::type_it() value=typed help=words::DIALOG_HELP.to_owned() autocomplete="off" />
            <div class="dialog-acts">
                <Button label=words::KEEP_HOLD.to_owned() kind=Kind::Quiet on_press=move |()| open.set(false) />
                <Button
                    label=words::RELEASE.to_owned()
                    kind=Kind::Danger
                    disabled=Signal::derive(move || !right.get())
                    on_press=move |()| open.set(false)
                />
            </div>
        </div>
    }
}
