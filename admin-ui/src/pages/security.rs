//! `/console/security`: what is asked of oneself after the password.

use chancery_protocol::factors::{Factor, Factors, MAX_FACTORS};
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::passkey;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use chancery_ui_kit::text::factors as words;
use leptos::prelude::*;

use crate::components::asking::asking;
use crate::components::banner::Banner;
use crate::pages::directory::tokens::moment;
use crate::state::security::{Ask, Security};

mod codes;
mod form;
mod new_passkey;
mod remove;

/// The page.
#[component]
pub fn SecurityPage() -> impl IntoView {
    let security = Security::provide();
    document().set_title(&text::page_title(words::SECURITY, 0));
    view! {
        <div class="overview security">
            <Banner loaded=Signal::derive(String::new) />
            <header class="console-head">
                <div class="console-titles">
                    <h1 class="console-title">{words::SECURITY}</h1>
                    <p class="console-lead">{words::LEAD}</p>
                </div>
                <Adding />
            </header>
            <div class="overview-body" tabindex="0" role="region" aria-label=words::SECURITY>
                <LoadedView
                    value=security.list.into()
                    failed_title=words::LOAD_FAILED
                    on_retry=move |()| {
                        security.list.set(Loaded::Loading);
                        security.load();
                    }
                    skeleton=|| view! { <div class="card"><div class="card-body"><SkeletonRows rows=2 /></div></div> }.into_any()
                    empty=|list: &Factors| nothing(list)
                    ready=|list| view! { <List list /> }.into_any()
                />
            </div>
        </div>
        <Dialogs />
    }
}

fn nothing(list: &Factors) -> Option<AnyView> {
    let (icon, title, body) = match list {
        // Where they lost their password, what they have is still theirs to see.
        Factors { password: false, factors, .. } if factors.is_empty() => {
            (Icon::Building, words::NO_PASSWORD_TITLE, words::NO_PASSWORD)
        }
        Factors { factors, .. } if factors.is_empty() => (Icon::Shield, words::NONE_TITLE, words::NONE_BODY),
        _ => return None,
    };
    Some(view! { <div class="card"><EmptyState icon title body /></div> }.into_any())
}

/// What can be added, as far as it can.
#[component]
fn Adding() -> impl IntoView {
    let security = Security::current();
    // Whether codes, and whether passkeys.
    let can = memo(move || {
        security.list.with(|list| {
            list.ready()
                .filter(|list| list.password && list.factors.len() < MAX_FACTORS)
                .map(|list| list.passkeys)
        })
    });
    let ask = move |ask: Ask| move |()| security.ask.set(Some(ask.clone()));
    move || {
        can.get().map(|passkeys| {
            view! {
                <div class="security-add">
                    {(passkeys && passkey::possible()).then(|| {
                        view! {
                            <Button label=words::ADD_PASSKEY.to_owned() icon=Icon::Key on_press=ask(Ask::Passkey) />
                        }
                    })}
                    <Button
                        label=words::ADD_CODES.to_owned()
                        kind=Kind::Primary
                        icon=Icon::Plus
                        on_press=ask(Ask::Codes)
                    />
                </div>
            }
        })
    }
}

#[component]
fn List(list: Factors) -> impl IntoView {
    let count = list.factors.len();
    let note = if count >= MAX_FACTORS {
        Some(words::full())
    } else if !list.passkeys {
        Some(words::NO_PASSKEYS_HERE.to_owned())
    } else {
        (!passkey::possible()).then(|| words::NO_PASSKEYS_BROWSER.to_owned())
    };
    let removable = list.password;
    let rows = list.factors.into_iter().map(|factor| view! { <Row factor others=count - 1 removable /> });
    view! {
        {(count == 1).then(|| view! { <Notice tone=Tone::Info icon=Icon::Info>{words::ONE_ONLY}</Notice> })}
        <section class="card" aria-labelledby="card-factors">
            <div class="card-title"><h2 class="card-words" id="card-factors">{words::FACTORS}</h2></div>
            <table class="table factors-table">
                <caption class="sr-only">{words::CAPTION}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words::NAME}</th>
                        <th scope="col">{words::KIND}</th>
                        <th scope="col">{words::ADDED}</th>
                        <th scope="col">{words::LAST_USED}</th>
                        <th scope="col"><span class="sr-only">{words::ACT}</span></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            {note.map(|note| view! { <p class="card-foot card-lead">{note}</p> })}
        </section>
    }
}

#[component]
fn Row(factor: Factor, others: usize, removable: bool) -> impl IntoView {
    let security = Security::current();
    let Factor { kind, name, created_at, last_used_at, .. } = factor.clone();
    let about = name.clone();
    let ask = move |()| security.ask.set(Some(Ask::Remove(factor.clone(), others)));
    view! {
        <tr>
            <th scope="row" class="factor-name"><bdi>{name}</bdi></th>
            <td class="factor-kind"><Glyph icon=icon_of(kind) />{words::kind(kind)}</td>
            <td class="factor-at"><span class="factor-label">{words::ADDED}" "</span>{moment(created_at)}</td>
            <td class="factor-at">
                <span class="factor-label">{words::LAST_USED}" "</span>
                {match last_used_at {
                    Some(at) => moment(at).into_any(),
                    None => view! { <span class="quiet">{words::NEVER_USED}</span> }.into_any(),
                }}
            </td>
            <td class="factor-act">
                {removable.then(|| view! {
                    <span class="small-buttons"><Button label=words::REMOVE.to_owned() about on_press=ask /></span>
                })}
            </td>
        </tr>
    }
}

/// What a kind looks like.
pub fn icon_of(kind: chancery_protocol::factors::FactorKind) -> Icon {
    match kind {
        chancery_protocol::factors::FactorKind::Totp => Icon::Device,
        chancery_protocol::factors::FactorKind::Passkey => Icon::Key,
    }
}

#[component]
fn Dialogs() -> impl IntoView {
    let security = Security::current();
    let asked = Signal::derive(move || security.ask.with(Option::is_some));
    let open = asking(asked, Callback::new(move |()| security.answered()));
    // While it closes, the title stays what it was.
    let title = Memo::new(move |before: Option<&String>| {
        let title = |ask: &Ask| match ask {
            Ask::Codes => words::ADD_CODES.to_owned(),
            Ask::Passkey => words::ADD_PASSKEY.to_owned(),
            Ask::Remove(factor, _) => words::remove_title(&factor.name),
        };
        security.ask.with(|ask| ask.as_ref().map(title)).or(before.cloned()).unwrap_or_default()
    });
    view! {
        <Dialog open id="ask" title>
            {move || match security.ask.get() {
                None => ().into_any(),
                Some(Ask::Codes) => view! { <codes::CodesDialog /> }.into_any(),
                Some(Ask::Passkey) => view! { <new_passkey::PasskeyDialog /> }.into_any(),
                Some(Ask::Remove(factor, others)) => view! { <remove::RemoveDialog factor others /> }.into_any(),
            }}
        </Dialog>
    }
}
