//! Going to a day of the open conversation.

use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::shortcuts::date as words;
use chancery_ui_kit::time::{LocalTime, day_begins, now};
use leptos::prelude::*;

use crate::components::timeline::{Goal, Here};
use crate::state::desk::{Desk, Overlay};

/// The dialog of the open conversation.
#[component]
pub fn DateDialog() -> impl IntoView {
    let here = Here::current();
    let open = Desk::current().showing(Overlay::Date);
    let day = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let go = move |goal| {
        open.set(false);
        here.goal.set(Some(goal));
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match day.with_untracked(|day| day_begins(day)) {
            Some(at) => go(Goal::At(at)),
            None => wrong.set(true),
        }
    };
    view! {
        <Dialog open id="date" title=Signal::derive(|| words::TITLE.to_owned())>
            <form class="date-form" novalidate on:submit=on(submit)>
                <div class="field">
                    <div class="field-head"><label for="date-day">{words::DAY}</label></div>
                    <div class="field-box">
                        <input
                            id="date-day"
                            type="date"
                            max=LocalTime::of(now()).machine_day()
                            aria-invalid=move || wrong.get().then_some("true")
                            aria-describedby="date-note"
                            autofocus
                            // What is half typed has no value: to write it back would empty the field under the keys.
                            value=day.get_untracked()
                            on:input=on(move |event| {
                                wrong.set(false);
                                day.set(event_target_value(&event));
                            })
                        />
                    </div>
                    <p class="field-note field-error" id="date-note" role="alert">{move || wrong.get().then_some(words::WRONG)}</p>
                </div>
                <div class="dialog-acts">
                    <Button label=words::FIRST.to_owned() kind=Kind::Quiet icon=Icon::Up on_press=move |()| go(Goal::At(0)) />
                    <Button label=words::GO.to_owned() kind=Kind::Primary submit=true />
                </div>
            </form>
        </Dialog>
    }
}
