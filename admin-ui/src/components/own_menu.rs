//! Oneself at the foot of the menu: sign-in and security, access tokens, appearance, back to the chats, sign out.

use chancery_ui_kit::avatar::Avatar;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::session::{Session, chats};
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::theme::{Theme, ThemeChoice};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;

use crate::logic::roles::{duties, keeps_own};
use crate::routes::{CHATS, Place};

/// The avatar with name and role, which opens the menu.
#[component]
pub fn OwnMenu() -> impl IntoView {
    let router = Router::current();
    let (session, toasts, theme) = (Session::current(), Toasts::current(), ThemeChoice::current());
    let face = ViewFn::from(move || {
        session.info_untracked().map(|info| {
            let role = duties(&info.roles).next().or(info.roles.first().copied());
            view! {
                <span class="own">
                    <Avatar person=info.me.id name=info.me.name.clone() photo=info.me.photo.clone() />
                    <span class="own-text">
                        <span class="own-name">{info.me.name.clone()}</span>
                        " "
                        <span class="own-role">{role.map(words::role)}</span>
                    </span>
                </span>
            }
        })
    });
    let sign_out = move || session.sign_out(toasts);
    let items = move || {
        let (icon, label, other) = if untrack(|| theme.is_dark()) {
            (Icon::Sun, text::theme::TO_LIGHT, Theme::Light)
        } else {
            (Icon::Moon, text::theme::TO_DARK, Theme::Dark)
        };
        let security = move || router.to(&Place::Security.path());
        let tokens = move || router.to(&Place::Tokens.path());
        let mut items = Vec::new();
        if session.info_untracked().is_some_and(|info| keeps_own(&info.roles)) {
            items.push(Item::new(Icon::Shield, text::factors::SECURITY, security));
            items.push(Item::new(Icon::Key, access_tokens::TITLE, tokens));
        }
        items.push(Item::new(icon, label, move || theme.set(other)));
        if session.info_untracked().is_some_and(|info| chats(&info.roles)) {
            let leave = || {
                if let Some(window) = chancery_ui_kit::dom::window() {
                    let _ = window.location().assign(CHATS);
                }
            };
            items.push(Item::new(Icon::Chat, words::BACK_TO_CHATS, leave));
        }
        items.push(Item::new(Icon::SignOut, words::SIGN_OUT, sign_out));
        items
    };
    view! { <MenuButton label=words::OWN_MENU worded=true face items /> }
}
