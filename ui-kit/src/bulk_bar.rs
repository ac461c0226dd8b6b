//! The bar that rises at the bottom while rows are ticked: how many, what can be done with them, and a way out.

use crate::reactive::memo;
use leptos::prelude::*;

use crate::button::IconButton;
use crate::icon::Icon;
use crate::text::console as words;

/// The bar; shown while `count` is not zero.
#[component]
pub fn BulkBar(
    /// How many rows are ticked.
    #[prop(into)]
    count: Signal<u64>,
    /// Unticks all.
    #[prop(into)]
    on_clear: Callback<()>,
    /// The acts.
    children: ChildrenFn,
) -> impl IntoView {
    let any = memo(move || count.get() > 0);
    let children = StoredValue::new(children);
    view! {
        <Show when=move || any.get()>
            <div class="bulk-bar" role="region" aria-label=words::BULK>
                <p class="bulk-count" role="status">{move || words::ticked(count.get())}</p>
                {children.with_value(|children| children())}
                <IconButton icon=Icon::Close label=words::CLEAR on_press=move |_| on_clear.run(()) />
            </div>
        </Show>
    }
}
