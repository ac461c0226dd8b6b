//! The four states of everything that is fetched: loading, empty, failed, ready. No page may forget one.

use leptos::prelude::*;

use crate::api::ClientError;
use crate::state_view::FailedState;

/// A thing that is fetched.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Loaded<T> {
    /// Under way.
    #[default]
    Loading,
    /// There.
    Ready(T),
    /// Not to be had.
    Failed(ClientError),
}

impl<T> From<Result<T, ClientError>> for Loaded<T> {
    fn from(result: Result<T, ClientError>) -> Self {
        match result {
            Ok(value) => Self::Ready(value),
            // The page that asked is gone; whoever looks next asks again.
            Err(ClientError::Aborted) => Self::Loading,
            Err(error) => Self::Failed(error),
        }
    }
}

impl<T> Loaded<T> {
    /// The thing, if it is there.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// Shows the state a thing is in.
#[component]
pub fn LoadedView<T, Sk, Em, Re>(
    /// The thing.
    value: Signal<Loaded<T>>,
    /// The head of the failed state, for example "Devices could not be loaded".
    failed_title: &'static str,
    /// Fetches again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Grey shapes in the form of what is coming.
    skeleton: Sk,
    /// The empty state, when this thing counts as empty.
    empty: Em,
    /// The thing itself.
    ready: Re,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    Sk: Fn() -> AnyView + Send + 'static,
    Em: Fn(&T) -> Option<AnyView> + Send + 'static,
    Re: Fn(T) -> AnyView + Send + 'static,
{
    let ready: Shown<T> = Box::new(move |value| empty(&value).unwrap_or_else(|| ready(value)));
    loaded_of(value, failed_title, on_retry, Box::new(skeleton), ready)
}

type Shown<T> = Box<dyn Fn(T) -> AnyView + Send>;

// Outside of `LoadedView`: there it would be compiled anew for every closure it is given.
fn loaded_of<T: Clone + PartialEq + Send + Sync + 'static>(
    value: Signal<Loaded<T>>,
    failed_title: &'static str,
    on_retry: Callback<()>,
    skeleton: Box<dyn Fn() -> AnyView + Send>,
    ready: Shown<T>,
) -> AnyView {
    (move || match value.get() {
        Loaded::Loading => skeleton(),
        Loaded::Failed(error) => view! { <FailedState title=failed_title error on_retry /> }.into_any(),
        Loaded::Ready(value) => ready(value),
    })
    .into_any()
}
