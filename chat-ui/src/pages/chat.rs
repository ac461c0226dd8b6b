//! Chat
use leptos::prelude::*;
#[component]
pub fn ChatPage() -> impl IntoView { view!{ <p>"chat"</p> } }
