//! The frame of the pages in front of the door: sign-in and one-time links (picture 01).

use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::brand::Brand;
use chancery_ui_kit::dom;
use chancery_ui_kit::guilloche::Ribbon;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::text::sign_in as words;
use chancery_ui_kit::theme_switch::ThemeSwitch;
use leptos::prelude::*;

use crate::state::session::Session;

/// Panel at the left, host and theme above, service desk and version below.
#[component]
pub fn Entrance(
    /// The form.
    children: Children,
) -> impl IntoView {
    let server = Session::current().server;
    let (encrypted, lock) = if dom::is_https() {
        (words::POINT_ENCRYPTED, Icon::Lock)
    } else {
        (words::POINT_LOCAL, Icon::Device)
    };
    view! {
        <div class="entrance">
            <aside class="entrance-panel" aria-label=chancery_ui_kit::text::PRODUCT>
                <Brand />
                <div class="entrance-ribbon">
                    <Ribbon />
                </div>
                <p class="entrance-slogan">{words::SLOGAN}</p>
                <ul class="entrance-points">
                    <li><Glyph icon=lock large=true />{encrypted}</li>
                    <li><Glyph icon=Icon::Seal large=true />{words::POINT_SEALED}</li>
                    <li><Glyph icon=Icon::Eye large=true />{words::POINT_MEMBERS}</li>
                </ul>
            </aside>
            <div class="entrance-rest">
                <header class="entrance-head">
                    <span class="entrance-host">
                        <Glyph icon=Icon::Server />
                        {move || server.get().map_or_else(dom::host, |server| server.host)}
                    </span>
                    <ThemeSwitch />
                </header>
                <main class="entrance-main" id="content">
                    <div class="entrance-form">
                        <div class="entrance-organisation">
                            <span class="entrance-tile"><Glyph icon=Icon::Building large=true /></span>
                            <div>
                                <p class="entrance-name">
                                    {move || server.get().map_or_else(|| chancery_ui_kit::text::PRODUCT.to_owned(), |server| server.organisation)}
                                </p>
                                <p class="entrance-sub">{words::SUBTITLE}</p>
                            </div>
                        </div>
                        {children()}
                        <Notice icon=Icon::Info>{words::MONITORED}</Notice>
                        {move || {
                            server.get().is_some_and(|server| server.demo).then(|| {
                                view! { <Notice icon=Icon::Info tone=Tone::Info>{words::DEMO}</Notice> }
                            })
                        }}
                    </div>
                </main>
                <footer class="entrance-foot">
                    <span>
                        {move || {
                            server
                                .get()
                                .and_then(|server| server.service_desk)
                                .map(|desk| view! { {words::TROUBLE}" "<ServiceDesk desk /> })
                        }}
                    </span>
                    <span>{move || server.get().map(|server| words::version(&server.version))}</span>
                </footer>
            </div>
        </div>
    }
}

/// Whom to ask: a link when it is an address, the sentence otherwise.
#[component]
pub fn ServiceDesk(
    /// As configured.
    desk: String,
) -> impl IntoView {
    let target = if desk.starts_with("https://") || desk.starts_with("http://") || desk.starts_with("mailto:")
    {
        Some(desk.clone())
    } else if desk.contains('@') && !desk.contains(char::is_whitespace) {
        Some(format!("mailto:{desk}"))
    } else {
        None
    };
    match target {
        Some(target) => {
            let shown = desk.trim_start_matches("mailto:").to_owned();
            view! { <a href=target rel="noopener noreferrer">{shown}</a> }.into_any()
        }
        None => view! { <span>{desk}</span> }.into_any(),
    }
}
