//! The password or client secret: written, never read. One that is kept is said to be; it can be replaced or taken away.

use chancery_protocol::sources::Connection;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::{Field, FieldKind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::sources as words;
use leptos::prelude::*;

use crate::state::sheet::{Secret, Sheet};

/// The field.
#[component]
pub fn SecretField() -> impl IntoView {
    let sheet = Sheet::current();
    let oidc = matches!(sheet.connection(), Connection::Oidc(_));
    let label = if oidc { words::CLIENT_SECRET } else { words::PASSWORD };
    let turn = move |secret: Secret, focus: &'static str| {
        sheet.typed.set(String::new());
        sheet.secret.set(secret);
        set_timeout(
            move || {
                dom::focus(focus);
            },
            std::time::Duration::ZERO,
        );
    };
    let kept = move || sheet.source.with(|source| source.as_ref().is_some_and(|source| source.has_secret));
    let keep = move || {
        kept().then(|| {
            view! {
                <button type="button" class="link-button" on:click=on(move |_| turn(Secret::Keep, ".secret .link-button"))>
                    {words::KEEP_IT}
                </button>
            }
        })
    };
    move || match sheet.secret.get() {
        Secret::Replace => view! {
            <Field
                id="secret"
                label
                value=sheet.typed
                kind=FieldKind::Password
                help=words::NEW_HELP.to_owned()
                autocomplete="new-password"
            >
                {keep}
            </Field>
        }
        .into_any(),
        Secret::Keep => {
            let said = if oidc { words::SECRET_KEPT } else { words::PASSWORD_KEPT };
            view! {
                <div class="field secret" role="group" aria-label=label>
                    <div class="field-head"><span class="field-label">{label}</span></div>
                    <div class="field-box field-fixed">
                        <Glyph icon=Icon::Lock />
                        <span class="secret-said">{said}</span>
                        <button type="button" class="link-button" on:click=on(move |_| turn(Secret::Replace, "#secret"))>
                            {words::REPLACE}
                        </button>
                        <button type="button" class="link-button" on:click=on(move |_| turn(Secret::TakeAway, ".secret .link-button"))>
                            {words::TAKE_AWAY}
                        </button>
                    </div>
                    <p class="field-note">{words::KEPT_HELP}</p>
                </div>
            }
            .into_any()
        }
        Secret::TakeAway => {
            let said = if oidc { words::SECRET_NONE } else { words::PASSWORD_NONE };
            view! {
                <div class="field secret" role="group" aria-label=label>
                    <div class="field-head"><span class="field-label">{label}</span></div>
                    <div class="field-box field-fixed">
                        <Glyph icon=Icon::Warning />
                        <span class="secret-said">{said}</span>
                        {keep}
                    </div>
                </div>
            }
            .into_any()
        }
    }
}
