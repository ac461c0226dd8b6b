//! `/console/settings/notifications`: how people are told by mail. The mail server with its test, the house rules, and what mails
//! look like, each at an address of its own; what is typed stays when one goes from one to another.

use chancery_protocol::mail_settings::MailSettings;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::question::Question;
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::mail_settings as words;
use chancery_ui_kit::text::outbox as outbox_words;
use chancery_ui_kit::text::{console, sources};
use chancery_ui_kit::time::LocalTime;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::asking::asking;
use crate::components::banner::Banner;
use crate::routes::{MailTab, Place};
use crate::state::mail::MailSheet;

pub mod decisions;
mod fields;
mod outbox;
mod rules;
mod server;
mod templates;
mod test;

const TABS: [(MailTab, &str); 4] = [
    (MailTab::Server, words::SERVER),
    (MailTab::Rules, words::RULES),
    (MailTab::Templates, words::TEMPLATES),
    (MailTab::Outbox, outbox_words::OUTBOX),
];

/// The page.
#[component]
pub fn MailPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let sheet = MailSheet::provide();
    let tab = memo(move || match place.get() {
        Place::Mail(tab) => tab,
        _ => MailTab::Server,
    });
    effect(move || {
        let name = TABS.iter().find(|(one, _)| *one == tab.get()).map_or("", |(_, name)| name);
        document().set_title(&text::page_title(&format!("{name} · {}", words::MENU), 0));
    });
    let loaded = Signal::derive(move || match sheet.loaded_at.get() {
        0 => String::new(),
        at => console::shown_since(&LocalTime::of(at).clock()),
    });
    let state = memo(move || {
        sheet.settings.with(|settings| match settings {
            Loaded::Loading => Loaded::Loading,
            Loaded::Failed(error) => Loaded::Failed(error.clone()),
            Loaded::Ready(_) => Loaded::Ready(()),
        })
    });
    let retry = move |()| {
        sheet.settings.set(Loaded::Loading);
        sheet.load();
    };
    view! {
        <div class="overview directory mail">
            <Banner loaded />
            <Head tab />
            <LoadedView
                value=state.into()
                failed_title=words::LOAD_FAILED
                on_retry=retry
                skeleton=|| view! { <div class="overview-body"><Waiting /></div> }.into_any()
                empty=|_: &()| None
                ready=move |()| view! { <Body tab /> }.into_any()
            />
        </div>
        <Leaving />
    }
}

/// Title, how it stands with what is typed, the acts, and the parts of the page.
#[component]
fn Head(tab: Memo<MailTab>) -> impl IntoView {
    let sheet = MailSheet::current();
    let ready = move || sheet.settings.with(|settings| settings.ready().is_some());
    let dirty = memo(move || sheet.changed.with(|changed| !changed.is_empty()));
    let standing = move || match sheet.errors.with(|errors| errors.len() as u64) {
        0 if dirty.get() => view! { <span class="standing">{sources::NOT_SAVED}</span> }.into_any(),
        0 => view! { <span class="standing">{sources::ALL_SAVED}</span> }.into_any(),
        count => view! {
            <span class="standing standing-wrong"><Glyph icon=Icon::Warning />{words::attention(count)}</span>
        }
        .into_any(),
    };
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title">{words::TITLE}</h1>
                <p class="console-lead">{words::LEAD}</p>
            </div>
            // Templates and outbox save nothing; what waits to be saved is not forgotten over them.
            {move || (ready() && (dirty.get() || matches!(tab.get(), MailTab::Server | MailTab::Rules))).then(|| view! {
                <div class="form-acts">
                    <div role="status">{standing}</div>
                    {move || dirty.get().then(|| view! {
                        <Button label=sources::DISCARD.to_owned() kind=Kind::Quiet on_press=move |()| sheet.discard() />
                    })}
                    <Button
                        label=sources::SAVE.to_owned()
                        kind=Kind::Primary
                        icon=Icon::Tick
                        working=sheet.working
                        disabled=Signal::derive(move || !dirty.get())
                        on_press=move |()| sheet.save()
                    />
                </div>
            })}
        </header>
        <div class="source-row">
            <nav class="source-tabs" aria-label=words::TABS>
                <ul>
                    {TABS.map(|(one, name)| view! {
                        <li>
                            <a
                                class="source-tab"
                                href=Place::Mail(one).path()
                                aria-current=move || (tab.get() == one).then_some("page")
                            >
                                <span class="source-name">{name}</span>
                            </a>
                        </li>
                    })}
                </ul>
            </nav>
        </div>
    }
}

#[component]
fn Body(tab: Memo<MailTab>) -> impl IntoView {
    let sheet = MailSheet::current();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        sheet.save();
    };
    view! {
        <div class="overview-body" tabindex="0" role="region" aria-label=words::TITLE>
            <Troubles />
            {move || match tab.get() {
                MailTab::Server => view! {
                    <div class="directory-body">
                        <form id="mail" class="directory-cards" novalidate on:submit=on(submit)><server::ServerCards /></form>
                        <div class="directory-proof"><test::TestCard /></div>
                    </div>
                }
                .into_any(),
                MailTab::Rules => view! {
                    <form id="mail" class="directory-cards" novalidate on:submit=on(submit)><rules::RuleCards /></form>
                }
                .into_any(),
                MailTab::Templates => view! { <templates::Templates /> }.into_any(),
                MailTab::Outbox => view! { <outbox::OutboxTab /> }.into_any(),
            }}
        </div>
    }
}

/// What stands above the cards: why no mail leaves, why it was not saved, and what somebody else saved.
#[component]
fn Troubles() -> impl IntoView {
    let sheet = MailSheet::current();
    let problem = memo(move || sheet.settings.with(|settings| settings.ready()?.problem.clone()));
    view! {
        <div class="troubles">
            {move || problem.get().map(|problem| view! {
                <Notice tone=Tone::Bad icon=Icon::Warning>
                    <p><strong>{words::BROKEN}</strong></p>
                    <p>{problem}</p>
                </Notice>
            })}
            {move || sheet.failed.get().map(|error| view! {
                <Notice tone=Tone::Bad icon=Icon::CrossCircle assertive=true>{words::refused(&error)}</Notice>
            })}
            {move || sheet.theirs.get().map(|theirs| view! { <Theirs theirs /> })}
            {move || sheet.rebased.get().then(|| view! {
                <Notice tone=Tone::Info icon=Icon::Info>{sources::KEPT_MINE}</Notice>
            })}
        </div>
    }
}

/// Somebody else was faster: nothing is overwritten unasked.
#[component]
fn Theirs(theirs: MailSettings) -> impl IntoView {
    let sheet = MailSheet::current();
    let when = theirs.changed_at.map(|at| sources::theirs_at(&LocalTime::of(at).full()));
    let kept = StoredValue::new(theirs);
    view! {
        <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>
            <p><strong>{words::OUTDATED}</strong>" "{when}</p>
            <div class="theirs-acts">
                <Button label=sources::LOAD_THEIRS.to_owned() on_press=move |()| sheet.adopt(kept.get_value(), true) />
                <Button label=sources::KEEP_MINE.to_owned() on_press=move |()| sheet.rebase() />
            </div>
        </Notice>
    }
}

/// Asks before what was typed is lost.
#[component]
fn Leaving() -> impl IntoView {
    let sheet = MailSheet::current();
    let asked = Signal::derive(move || sheet.leaving.with(Option::is_some));
    let open = asking(asked, Callback::new(move |()| sheet.leaving.set(None)));
    view! {
        <Dialog open id="ask" title=Signal::stored(sources::LEAVE_TITLE.to_owned())>
            {move || sheet.leaving.get().map(|address| view! {
                <Question
                    body=words::LEAVE_BODY
                    keep=sources::STAY
                    act=sources::LEAVE
                    kind=Kind::Danger
                    working=false
                    refused=Signal::stored(None::<String>)
                    on_keep=move |()| sheet.leaving.set(None)
                    on_act=move |()| sheet.leave(&address)
                />
            })}
        </Dialog>
    }
}

/// Grey shapes in the form of the cards.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="directory-body">
            <div class="card">
                <div class="card-body skeleton settings" role="status" aria-label=text::state::LOADING>
                    {(0..6).map(|_| view! {
                        <div class="skeleton-field"><span class="skeleton-bar"></span><span class="skeleton-box"></span></div>
                    }).collect_view()}
                </div>
            </div>
            <div class="card"><div class="card-body"><SkeletonRows rows=3 /></div></div>
        </div>
    }
}
