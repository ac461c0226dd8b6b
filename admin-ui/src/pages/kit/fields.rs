//! Form fields, boxes, switches.

use chancery_ui_kit::choice::{FixedField, Radios, SelectField, SwitchLine};
use chancery_ui_kit::copy_field::CopyField;
use chancery_ui_kit::field::{Checkbox, Field, FieldKind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::text;
use chancery_ui_kit::text::kit as words;
use leptos::prelude::*;

use super::Part;

#[component]
pub fn Fields() -> impl IntoView {
    let plain = RwSignal::new("Settlement exceptions".to_owned());
    let wrong = RwSignal::new("Settlement/exceptions".to_owned());
    let secret = RwSignal::new(String::new());
    let optional = RwSignal::new(String::new());
    let (ticked, unticked) = (RwSignal::new(true), RwSignal::new(false));
    let (chosen, listed) = (RwSignal::new("a".to_owned()), RwSignal::new("b".to_owned()));
    let (on, off) = (RwSignal::new(true), RwSignal::new(false));
    let span = RwSignal::new(0_u8);
    let choices = vec![Choice::new(0, words::HOUR), Choice::new(1, words::DAY), Choice::new(2, words::WEEK)];
    let two = || vec![("a", words::FIRST), ("b", words::SECOND)];
    view! {
        <Part title=words::FIELDS lead=words::FIELDS_LEAD>
            <div class="kit-grid">
                <Field id="kit-plain" label=words::DISPLAY_NAME value=plain help=words::HELP.to_owned() />
                <Field id="kit-wrong" label=words::WRONG value=wrong error=words::ERROR.to_owned() />
                <form on:submit=chancery_ui_kit::reactive::on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
                    <Field
                        id="kit-secret"
                        label=text::sign_in::PASSWORD
                        value=secret
                        kind=FieldKind::Password
                        icon=Icon::Lock
                        autocomplete="off"
                    />
                </form>
                <SelectField id="kit-choice" label=words::CHOICE choices=two() value=listed />
                <FixedField id="kit-fixed" label=words::READ_ONLY source=words::FROM_DIRECTORY value=words::DEPARTMENT />
                <Field id="kit-optional" label=words::TICKET value=optional optional=true />
                <div class="kit-stack">
                    <Checkbox id="kit-ticked" label=words::TICKED.to_owned() checked=ticked />
                    <Checkbox id="kit-unticked" label=words::UNTICKED.to_owned() checked=unticked />
                </div>
                <Radios id="kit-radios" label=words::CHOICE choices=two() value=chosen />
                <div class="kit-stack">
                    <SwitchLine
                        id="kit-on"
                        label=words::ON
                        body=words::SWITCH_BODY
                        checked=on
                        on_press=move |()| on.update(|on| *on = !*on)
                    />
                    <SwitchLine
                        id="kit-off"
                        label=words::OFF
                        body=words::SWITCH_BODY
                        checked=off
                        on_press=move |()| off.update(|off| *off = !*off)
                    />
                    <Segmented label=words::SPAN choices value=span.into() on_choose=move |chosen| span.set(chosen) />
                </div>
                <CopyOnPress />
            </div>
        </Part>
    }
}

/// A text to hand on takes the focus and the clipboard, so here it waits for a press.
#[component]
fn CopyOnPress() -> impl IntoView {
    use chancery_ui_kit::button::Button;
    let shown = RwSignal::new(false);
    view! {
        <Show
            when=move || shown.get()
            fallback=move || view! { <div class="kit-row"><Button label=words::SHOW_LINK.to_owned() icon=Icon::Link on_press=move |()| shown.set(true) /></div> }
        >
            <CopyField
                id="kit-link"
                label=words::LINK
                value="https://chat.example/link#k7Qe".to_owned()
                yes=words::COPIED
                no=words::NOT_COPIED
            />
        </Show>
    }
}
