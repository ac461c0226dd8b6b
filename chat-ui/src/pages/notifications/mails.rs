//! What one chooses about mails: how often, after how long, in what language.

use chancery_protocol::mail::{HouseMail, MailLanguage, MailMode, Mailing, OwnMail};
use chancery_ui_kit::api::ApiClient;
use chancery_ui_kit::choice::Radios;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text::mailing as words;
use chancery_ui_kit::text::time::of_day;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::fields::{Choices, Pick, TimeField};
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

    /// What the house has, and what is chosen.
    pub(super) fn now(self) -> (HouseMail, Mailing) {
        (self.own.get_value().house, self.chosen.get())
    }

    /// Whether mails go so often.
    fn is(self, mode: MailMode) -> Memo<bool> {
        memo(move || self.now().1.mode == mode)
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
        let never = mails.is(MailMode::Never);
        let quiet = show(move || !never.get(), move || view! { <Quiet mails /> }.into_any());
        view! { <MailCard mails />{quiet} }.into_any()
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
    let OwnMail { address, sends, content, house } = mails.own.get_value();
    let [each, daily, never] = [MailMode::Each, MailMode::Daily, MailMode::Never].map(|mode| mails.is(mode));
    let mode = memo(move || mode_name(mails.now().1.mode).to_owned());
    let picked = RwSignal::new(mode.get_untracked());
    effect(move || picked.set(mode.get()));
    effect(move || {
        let picked = picked.get();
        if picked != mode.get_untracked() {
            mails.choose(MailChange::Mode(mode_of(&picked)));
        }
    });
    let modes = vec![("each", words::EACH), ("daily", words::DAILY), ("never", words::NEVER)];
    let notice = |text: &'static str| view! { <Notice icon=Icon::Info>{text}</Notice> }.into_any();
    let to = match address {
        Some(address) => view! { <p class="mail-line"><bdi>{words::to(&address)}</bdi></p> }.into_any(),
        None => notice(words::NO_ADDRESS),
    };
    let note = move |text: String| view! { <p class="field-note">{text}</p> }.into_any();
    let of_each = move || {
        let window = note(words::window(house.window_minutes));
        view! { <Wait mails />{window} }.into_any()
    };
    let of_day = move || {
        let at = memo(move || {
            let (house, chosen) = mails.now();
            of_day(chosen.digest_at.unwrap_or(house.digest_at))
        });
        let set = move |minute| mails.choose(MailChange::DigestAt(Some(minute)));
        view! { <TimeField id="mail-daily" label=words::DAILY_AT value=at on_set=set /> }.into_any()
    };
    let of_any = move || {
        let says = note(words::content(content).to_owned());
        view! { <Language mails />{says} }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="mail-title">
            <h2 class="card-title" id="mail-title">{words::TITLE}</h2>
            <p class="card-lead">{words::LEAD}</p>
            {to}
            {(!sends).then(|| notice(words::NO_SERVER))}
            <Radios id="mail-mode" label=words::MODE choices=modes value=picked />
            {show(move || each.get(), of_each)}
            {show(move || daily.get(), of_day)}
            {show(move || !never.get(), of_any)}
        </section>
    }
}

#[component]
fn Wait(mails: Mails) -> impl IntoView {
    let choices = move || {
        let (house, chosen) = mails.now();
        let mut choices = vec![(String::new(), words::of_house(&words::span(house.after_minutes)))];
        for minutes in waits(&house, &chosen) {
            choices.push((minutes.to_string(), words::span(minutes)));
        }
        let value = own_wait(&house, &chosen).map(|minutes| minutes.to_string()).unwrap_or_default();
        Choices { choices, value }
    };
    let choose = move |value: String| mails.choose(MailChange::After(value.parse().ok()));
    view! { <Pick id="mail-after" label=words::AFTER choices=Box::new(choices) on_choose=choose /> }
}

#[component]
fn Language(mails: Mails) -> impl IntoView {
    let name = |language| match language {
        MailLanguage::English => "en",
        MailLanguage::German => "de",
    };
    let choices = move || {
        let (house, chosen) = mails.now();
        let mut choices = vec![(String::new(), words::of_house(words::language(house.language)))];
        for language in [MailLanguage::English, MailLanguage::German] {
            choices.push((name(language).to_owned(), words::language(language).to_owned()));
        }
        let value = chosen.language.map(name).unwrap_or_default().to_owned();
        Choices { choices, value }
    };
    let choose = move |value: String| {
        mails.choose(MailChange::Language(match value.as_str() {
            "en" => Some(MailLanguage::English),
            "de" => Some(MailLanguage::German),
            _ => None,
        }));
    };
    view! { <Pick id="mail-language" label=words::LANGUAGE choices=Box::new(choices) on_choose=choose /> }
}
