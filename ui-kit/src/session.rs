//! Who is signed in on this device, and why nobody is.
//!
//! Inline, as in `api/sessions.rs`: compiled in the interface, together with all it shares its types with.

use chancery_protocol::http::{ServerInfo, SessionInfo, SignedOut};
use chancery_protocol::person::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, ApiClient, ClientError};
use crate::toast::Toasts;
use crate::{dom, text};

/// Under this name the browser remembers that somebody signed in, nothing else.
const HINT: &str = "chancery.session";

/// Under this name a window that confirmed the session tells the page that waits for it. Nothing else is kept there.
pub const CONFIRMED: &str = "chancery.confirmed";

/// Why the sign-in page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// The person signed out here.
    SignedOut,
    /// The session was ended or expired.
    Ended,
    /// The account is suspended.
    Suspended,
    /// The person declined the policy text.
    Declined,
}

impl Farewell {
    /// The sentence on the sign-in page.
    pub fn text(self) -> &'static str {
        match self {
            Self::SignedOut => text::sign_in::REASON_SIGNED_OUT,
            Self::Ended => text::sign_in::REASON_ENDED,
            Self::Suspended => text::sign_in::REASON_SUSPENDED,
            Self::Declined => text::policy::REASON_DECLINED,
        }
    }
}

/// What is known of the session.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum SessionState {
    /// Being asked for.
    #[default]
    Unknown,
    /// Nobody is signed in.
    Absent,
    /// Somebody is.
    Present(Box<SessionInfo>),
    /// The server could not be asked.
    Failed(ClientError),
}

/// The session of this device; provided once, at the root.
#[derive(Clone, Copy)]
pub struct Session {
    /// What is known of it.
    pub state: RwSignal<SessionState>,
    /// Why nobody is signed in, when there was somebody.
    pub farewell: RwSignal<Option<Farewell>>,
    /// The server, once it answered.
    pub server: RwSignal<Option<ServerInfo>>,
    /// Why it did not, the last time.
    pub unreached: RwSignal<Option<ClientError>>,
    /// The address to go to after signing in.
    pub wanted: StoredValue<Option<String>>,
    api: ApiClient,
}

impl Session {
    /// Makes the session known to everything below, and asks for it.
    #[inline]
    pub fn provide(api: ApiClient) -> Self {
        let session = Self {
            state: RwSignal::new(SessionState::Unknown),
            farewell: RwSignal::new(None),
            server: RwSignal::new(None),
            unreached: RwSignal::new(None),
            wanted: StoredValue::new(None),
            api,
        };
        provide_context(session);
        session
    }

    /// The page's session.
    #[inline]
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
        use_context().expect("a session is provided at the root")
    }

    /// Asks the server who it is and who we are.
    #[inline]
    pub fn load(self) {
        self.load_server();
        if !self.may_be_signed_in() {
            return self.state.set(SessionState::Absent);
        }
        self.state.set(SessionState::Unknown);
        spawn_local(async move {
            match api::sessions::current(self.api).await {
                Ok(info) => self.begin(info),
                Err(error) => match error.code() {
                    Some("signed_out") => self.state.set(SessionState::Absent),
                    Some("suspended") => self.end(Farewell::Suspended),
                    _ => self.state.set(SessionState::Failed(error)),
                },
            }
        });
    }

    /// Whether it is worth asking: a browser in which nobody ever signed in need not be told so by an error.
    #[inline]
    fn may_be_signed_in(self) -> bool {
        dom::stored(HINT).is_some() || !dom::can_store()
    }

    /// Asks for name and settings of the server; tried again by the pages that need them.
    #[inline]
    pub fn load_server(self) {
        self.unreached.set(None);
        spawn_local(async move {
            match api::server::info(self.api).await {
                // Pages that show it are not made anew for the same answer.
                Ok(info) if self.server.with_untracked(|known| known.as_ref() == Some(&info)) => {}
                Ok(info) => self.server.set(Some(info)),
                Err(error) => self.unreached.set(Some(error)),
            }
        });
    }

    /// Somebody signed in.
    #[inline]
    pub fn begin(self, info: SessionInfo) {
        let known = self
            .state
            .with_untracked(|state| matches!(state, SessionState::Present(known) if **known == info));
        if known {
            return;
        }
        self.api.set_csrf(Some(info.csrf.clone()));
        self.farewell.set(None);
        dom::store(HINT, "1");
        self.state.set(SessionState::Present(Box::new(info)));
    }

    /// Nobody is signed in any longer.
    #[inline]
    pub fn end(self, why: Farewell) {
        if self.state.with_untracked(|state| *state == SessionState::Absent) {
            return;
        }
        self.api.set_csrf(None);
        dom::forget(HINT);
        self.farewell.set(Some(why));
        self.state.set(SessionState::Absent);
    }

    /// Asks the server whether the session still holds; calls `gone` and ends it here when it does not.
    #[inline]
    pub fn check(self, gone: impl Fn() + 'static) {
        spawn_local(async move {
            let answer = api::sessions::current(self.api).await;
            // Whoever is on the way out knows already.
            if !self.state.with_untracked(|state| matches!(state, SessionState::Present(_))) {
                return;
            }
            match answer {
                Err(error) if error.code() == Some("signed_out") => {
                    self.end(Farewell::Ended);
                    gone();
                }
                Err(error) if error.code() == Some("suspended") => {
                    self.end(Farewell::Suspended);
                    gone();
                }
                // The token may have been renewed with the server.
                Ok(info) => self.begin(info),
                Err(_) => {}
            }
        });
    }

    /// Who is signed in; tracked.
    #[inline]
    pub fn info(self) -> Option<SessionInfo> {
        self.state.with(|state| match state {
            SessionState::Present(info) => Some(SessionInfo::clone(info)),
            _ => None,
        })
    }

    /// Who is signed in; not tracked.
    #[inline]
    pub fn info_untracked(self) -> Option<SessionInfo> {
        untrack(|| self.info())
    }

    /// Signs out on this device, and goes on to the provider the session came from when one signs out there too. When the server
    /// is not reached the session is kept, and `toasts` say so.
    #[inline]
    pub fn sign_out(self, toasts: Toasts) {
        spawn_local(async move {
            match api::sessions::end_current(self.api).await {
                Err(error) if error.code() != Some("signed_out") => {
                    toasts.failed(text::chat::SIGN_OUT_FAILED, text::problem::of(&error));
                }
                Ok(out) => self.is_out(out, Farewell::SignedOut),
                Err(_) => self.end(Farewell::SignedOut),
            }
        });
    }

    /// The session was ended here: goes on to the provider it came from when one signs out there too.
    #[inline]
    pub fn is_out(self, out: SignedOut, why: Farewell) {
        let Some(next) = out.next else { return self.end(why) };
        self.api.set_csrf(None);
        dom::forget(HINT);
        // Not `Absent`: that would lead to the sign-in page, and only the provider leads back there now.
        self.state.set(SessionState::Unknown);
        dom::go_out(&next, move || self.load());
    }

    /// The token that opens the socket.
    #[inline]
    pub fn csrf(self) -> Option<String> {
        self.state.with_untracked(|state| match state {
            SessionState::Present(info) => Some(info.csrf.clone()),
            _ => None,
        })
    }
}

/// Whether there is a chat for somebody with these roles; others only have duties.
pub fn chats(roles: &[Role]) -> bool {
    roles.iter().any(|role| matches!(role, Role::Employee | Role::Guest))
}

/// The address of the sign-in page, for whoever comes from another interface and wants to come back.
pub fn sign_in_and_back(here: &str) -> String {
    format!("/sign-in?to={}", dom::encode(here))
}

/// Where somebody who signs in came from, when it is another of our interfaces. Nothing else is followed: the address
/// may have been written by anybody.
pub fn way_back() -> Option<String> {
    dom::query_value("to").filter(|to| leads_to_console(to))
}

/// Whether an address is one of our other interface.
pub fn leads_to_console(to: &str) -> bool {
    to.strip_prefix("/console")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest.starts_with('?'))
}

#[cfg(test)]
mod tests {
    use super::{Role, chats, leads_to_console};

    #[test]
    fn whoever_only_has_duties_has_no_chat() {
        assert!(chats(&[Role::Guest]) && chats(&[Role::ItAdmin, Role::Employee]));
        assert!(!chats(&[Role::ItAdmin, Role::Auditor]));
    }

    #[test]
    fn only_our_own_interface_is_a_way_back() {
        assert!(leads_to_console("/console/users?role=guest") && leads_to_console("/console"));
        for wrong in
            ["//evil.example/console", "https://evil.example/console", "/consoles", "console", "/chats", ""]
        {
            assert!(!leads_to_console(wrong), "{wrong}");
        }
    }
}
