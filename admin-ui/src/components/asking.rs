//! A page that asks one thing at a time, in one dialog.

use chancery_ui_kit::reactive::effect;
use leptos::prelude::*;

/// Whether the dialog is open: while `asked` says that something is asked. Closing it calls `answered`.
pub fn asking(asked: Signal<bool>, answered: Callback<()>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    effect(move || {
        let asked = asked.get();
        if open.get_untracked() != asked {
            open.set(asked);
        }
    });
    effect(move || {
        if !open.get() && asked.get_untracked() {
            answered.run(());
        }
    });
    open
}
