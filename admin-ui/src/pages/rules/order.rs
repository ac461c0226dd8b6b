//! The bar that says that another order waits to be asked for.

use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::reactive::show;
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use crate::state::order::Order;

/// The bar.
#[component]
pub fn OrderBar() -> impl IntoView {
    let order = Order::current();
    show(
        move || order.wanted.with(Option::is_some),
        move || {
            view! {
                <div class="order-bar" role="status">
                    <span class="order-said">{words::ORDER_CHANGED}</span>
                    <Button label=words::ORDER_BACK.to_owned() kind=Kind::Quiet on_press=move |()| order.wanted.set(None) />
                    <Button label=words::ORDER_SEND.to_owned() kind=Kind::Secondary on_press=move |()| order.send() />
                </div>
            }
            .into_any()
        },
    )
}
