//! What one chooses about mails: how often, after how long, in what language.

use chancery_protocol::mail::{MailLanguage, MailMode, Mailing, OwnMail};
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::choice::Radios;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::mailing as words;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::fields::{Pick, TimeField};
use super::quiet::Quiet;
use crate::api;
use crate::logic::arrange::{Change, MailChange};
use crate::logic::mailing::{mode_name, mode_of, own_wait, waits};
use crate::state::chat::Chat;

/// What is chosen, what the house has, and how to choose.
#[derive(Clone, Copy)]
pub(super) struct Mails {
    chat: Chat,
    /// What is chosen, with what is on its way.
    pub(super) chosen: Memo<Mailing>,
    /// What holds unless something is chosen.
    pub(super) own: StoredValue<OwnMail>,
}

impl Mails {
    /// Chooses something.
    pub(super) fn choose(self, change: MailChange) {
        self.chat.arrange(Change::Mail(change));
    }

    /// Calculates something from what the house has and what is chosen.
    pub(super) fn read<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&OwnMail, &Mailing) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        memo(move || self.own.with_value(|own| self.chosen.with(|chosen| read(own, chosen))))
    }
}

/// The cards.
#[component]
pub fn MailCards() -> impl IntoView {
    let api = ApiClient::current();
    let chat = Chat::current();
    let chosen = memo(move || chat.arranged.with(|all| all.mailing.clone()));
    let own = RwSignal::new(Loaded::<OwnMail>::Loading);
    let load = move || {
        spawn_local(async move {
            let result = api::mail::mine(api).await;
            let _ = own.try_set(result.into());
        });
    };
    load();
    let reload = move |()| {
        own.set(Loaded::Loading);
        load();
    };
    let ready = move |own: OwnMail| {
        let mails = Mails { chat, chosen, own: StoredValue::new(own) };
        let on = mails.read(|_, chosen| chosen.mode != MailMode::Never);
        view! { <MailCard mails />{show(move || on.get(), move || view! { <Quiet mails /> }.into_any())} }
            .into_any()
    };
    view! {
        <LoadedView
            value=own.into()
            failed_title=words::FAILED_TITLE
            on_retry=reload
            skeleton=|| view! { <section class="card"><SkeletonRows rows=2 /></section> }.into_any()
            empty=|_| None
            ready
        />
    }
}

#[component]
fn MailCard(mails: Mails) -> impl IntoView {
    let (address, sends, content, window) =
        mails.own.with_value(|own| (own.address.clone(), own.sends, own.content, own.house.window_minutes));
    let mode = mails.read(|_, chosen| chosen.mode);
    let picked = RwSignal::new(mode_name(mode.get_untracked()).to_owned());
    effect(move || picked.set(mode_name(mode.get()).to_owned()));
    effect(move || {
        let picked = picked.with(|name| mode_of(name));
        if picked != mode.get_untracked() {
            mails.choose(MailChange::Mode(picked));
        }
    });
    let modes = vec![("each", words::EACH), ("daily", words::DAILY), ("never", words::NEVER)];
    let notice = |text: &'static str| view! { <Notice icon=Icon::Info>{text}</Notice> };
    let to = match address {
        Some(address) => view! { <p class="mail-line"><bdi>{words::to(&address)}</bdi></p> }.into_any(),
        None => notice(words::NO_ADDRESS).into_any(),
    };
    let each = move || view! { <Wait mails /><p class="field-note">{words::window(window)}</p> }.into_any();
    let daily = move || {
        let at = mails.read(|own, chosen| chosen.digest_at.unwrap_or(own.house.digest_at));
        let set = move |minute| mails.choose(MailChange::DigestAt(Some(minute)));
        view! { <TimeField id="mail-daily" label=words::DAILY_AT value=at on_set=set /> }.into_any()
    };
    let any =
        move || view! { <Language mails /><p class="field-note">{words::content(content)}</p> }.into_any();
    view! {
        <section class="card" aria-labelledby="mail-title">
            <h2 class="card-title" id="mail-title">{words::TITLE}</h2>
            <p class="card-lead">{words::LEAD}</p>
            {to}
            {(!sends).then(|| notice(words::NO_SERVER))}
            <Radios id="mail-mode" label=words::MODE choices=modes value=picked />
            {show(move || mode.get() == MailMode::Each, each)}
            {show(move || mode.get() == MailMode::Daily, daily)}
            {show(move || mode.get() != MailMode::Never, any)}
        </section>
    }
}

#[component]
fn Wait(mails: Mails) -> impl IntoView {
    let choices = mails.read(|own, chosen| {
        let house = (String::new(), words::of_house(&words::span(own.house.after_minutes)));
        let others =
            waits(&own.house, chosen).into_iter().map(|minutes| (minutes.to_string(), words::span(minutes)));
        let held = own_wait(&own.house, chosen).map(|minutes| minutes.to_string()).unwrap_or_default();
        (std::iter::once(house).chain(others).collect::<Vec<_>>(), held)
    });
    let choose = move |value: String| mails.choose(MailChange::After(value.parse().ok()));
    view! { <Pick id="mail-after" label=words::AFTER choices on_choose=choose /> }
}

#[component]
fn Language(mails: Mails) -> impl IntoView {
    let choices = mails.read(|own, chosen| {
        let all = [(MailLanguage::English, "en"), (MailLanguage::German, "de")];
        let house = (String::new(), words::of_house(words::language(own.house.language)));
        let others =
            all.into_iter().map(|(language, name)| (name.to_owned(), words::language(language).to_owned()));
        let held = all.into_iter().find(|(language, _)| Some(*language) == chosen.language);
        let held = held.map(|(_, name)| name.to_owned()).unwrap_or_default();
        (std::iter::once(house).chain(others).collect::<Vec<_>>(), held)
    });
    let choose = move |value: String| {
        mails.choose(MailChange::Language(match value.as_str() {
            "en" => Some(MailLanguage::English),
            "de" => Some(MailLanguage::German),
            _ => None,
        }));
    };
    view! { <Pick id="mail-language" label=words::LANGUAGE choices on_choose=choose /> }
}
