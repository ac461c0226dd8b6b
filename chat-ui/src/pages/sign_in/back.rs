//! `/sign-in/return`: back from a provider, with what it gave the browser.

use chancery_protocol::http::FinishSignIn;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::session::CONFIRMED;
use chancery_ui_kit::text::{confirm, sign_in as words};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Desk;
use super::entry::WANTED;
use crate::api;
use crate::components::entrance::Entrance;
use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::session::{Session, SessionState};

/// What the address brought, if it is worth asking the server: a code, or why there is none.
fn brought(value: &dyn Fn(&str) -> Option<String>) -> Option<FinishSignIn> {
    let value = |name| value(name).filter(|value| !value.is_empty());
    let brought =
        FinishSignIn { code: value("code"), state: value("state"), iss: value("iss"), error: value("error") };
    (brought.code.is_some() || brought.error.is_some()).then_some(brought)
}

/// Whether another window may have finished the sign-in first.
fn perhaps_elsewhere(error: &ClientError) -> bool {
    error.code() == Some("sign_in_interrupted")
}

/// The page. Who comes in goes on from here as from the sign-in page.
#[component]
pub fn ReturnPage() -> impl IntoView {
    let session = Session::current();
    let api = ApiClient::current();
    let go = use_go();
    // A code works once, and stays neither in the address nor among the pages the browser remembers.
    let query = dom::take_query();
    let brought = brought(&|name| dom::query_of(&query, name));
    let failed = RwSignal::new(None::<ClientError>);
    let confirmed = RwSignal::new(false);
    // Where this fails, the next try still leads to the page one wanted.
    session.wanted.set_value(dom::kept_for_tab(WANTED));
    dom::keep_for_tab(WANTED, None);
    let to_sign_in = move || {
        session.load();
        go.replace(Place::SignIn);
    };
    match brought {
        // Not while the page is being drawn.
        None => effect(to_sign_in),
        Some(brought) => spawn_local(async move {
            match api::sessions::finish(api, &brought).await {
                Ok(finished) if finished.confirmed => {
                    dom::store(CONFIRMED, "1");
                    let _ = confirmed.try_set(true);
                    dom::close_window();
                }
                Ok(finished) => {
                    session.wanted.set_value(Some(finished.to));
                    session.begin(finished.session);
                }
                Err(error) => {
                    if perhaps_elsewhere(&error) {
                        session.load();
                    }
                    let _ = failed.try_set(Some(error));
                }
            }
        }),
    }
    // While it is being asked whether there is a session already, nothing has failed yet.
    let shown = move || {
        let open =
            session.state.with(|state| matches!(state, SessionState::Unknown | SessionState::Present(_)));
        failed.get().filter(|error| !(open && perhaps_elsewhere(error)))
    };
    view! {
        <Entrance>
            {move || match shown() {
                None if confirmed.get() => {
                    crate::title::set(confirm::DONE, 0);
                    view! {
                        <h1 class="entrance-title">{confirm::DONE}</h1>
                        <p class="entrance-lead">{confirm::DONE_BODY}</p>
                    }
                        .into_any()
                }
                None => {
                    crate::title::set(words::RETURNING, 0);
                    view! {
                        <h1 class="entrance-title entrance-wait">
                            <span class="spinner" aria-hidden="true"></span>
                            {words::RETURNING}
                        </h1>
                        <p class="entrance-lead">{words::RETURNING_BODY}</p>
                    }
                        .into_any()
                }
                Some(error) => {
                    crate::title::set(words::NOT_IN, 0);
                    effect(move || {
                        dom::focus(".entrance-form .button");
                    });
                    // Another page of ours waits for this window: there one begins again.
                    let opened = dom::was_opened();
                    let label = if opened { confirm::CLOSE } else { words::BEGIN_AGAIN };
                    view! {
                        <h1 class="entrance-title">{words::NOT_IN}</h1>
                        <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{words::failed(&error)}</Notice>
                        <Button
                            label
                            kind=Kind::Primary
                            wide=true
                            on_press=move |()| if opened { dom::close_window() } else { to_sign_in() }
                        />
                        <Desk />
                    }
                        .into_any()
                }
            }}
        </Entrance>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Option<FinishSignIn> {
        brought(&|name| query.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn what_the_provider_gave_is_passed_on_as_it_is() {
        let all = [("code", "c/1+2"), ("state", "s"), ("iss", "https://id.example"), ("session_state", "x")];
        let brought = read(&all).unwrap();
        assert_eq!(brought.code.as_deref(), Some("c/1+2"));
        assert_eq!(brought.state.as_deref(), Some("s"));
        assert_eq!(brought.iss.as_deref(), Some("https://id.example"));
        assert_eq!(brought.error, None);
        let refused = read(&[("error", "access_denied"), ("state", "s")]).unwrap();
        assert_eq!((refused.code, refused.error.as_deref()), (None, Some("access_denied")));
    }

    #[test]
    fn an_address_without_code_and_error_is_not_a_way_back() {
        assert!(read(&[]).is_none());
        assert!(read(&[("state", "s"), ("code", ""), ("error", "")]).is_none());
    }
}
