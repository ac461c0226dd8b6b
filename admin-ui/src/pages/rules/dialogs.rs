//! What the pages of rules and lists ask: a new one, delivered packs, a second person, throwing away, leaving.

use chancery_protocol::approvals::{MAX_WORDS, MIN_WORDS};
use chancery_protocol::policy::{AskForPolicy, AskItem, ItemKind, MAX_ASKED, PackLine, Packs};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::question::{Question, Refusal};
use chancery_ui_kit::reactive::{effect, flag, on, part};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::rule_editor as words;
use chancery_ui_kit::text::{approvals, console, word_lists};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::policy_items;
use crate::components::asking::asking;
use crate::components::failing::failing_lines;
use crate::components::words_field::WordsField;
use crate::logic::proof::Proved;
use crate::logic::rules::{is_short_name, short_name, title};
use crate::routes::Place;
use crate::state::policy::{Ask, Asking, PolicyItems};
use crate::state::proving::failing;
use crate::state::writing::Writing;

/// The dialog; there while something is asked.
#[component]
pub fn Dialogs() -> impl IntoView {
    let items = PolicyItems::current();
    let asked = Signal::derive(move || {
        items.ask.with(|ask| ask.as_ref().is_some_and(|ask| !matches!(ask, Ask::Discard)))
    });
    let open = asking(asked, Callback::new(move |()| items.ask.set(None)));
    let head = |ask: &Ask| match ask {
        Ask::New(ItemKind::List) => word_lists::NEW.to_owned(),
        Ask::New(_) => words::NEW.to_owned(),
        Ask::Packs => words::PACKS.to_owned(),
        Ask::Second(asking) => asking.title.clone(),
        Ask::Discard => words::DISCARD_TITLE.to_owned(),
        Ask::Leave(_) => words::LEAVE_TITLE.to_owned(),
    };
    // While it closes, the title stays what it was.
    let title = Memo::new(move |before: Option<&String>| {
        items.ask.with(|ask| ask.as_ref().map(head)).or(before.cloned()).unwrap_or_default()
    });
    view! {
        <Dialog open id="policy-ask" title>
            {move || match items.ask.get() {
                Some(Ask::New(kind)) => view! { <New kind /> }.into_any(),
                Some(Ask::Packs) => view! { <Delivered /> }.into_any(),
                Some(Ask::Second(asking)) => view! { <Second asking /> }.into_any(),
                Some(Ask::Leave(address)) => view! { <Leave address /> }.into_any(),
                Some(Ask::Discard) | None => ().into_any(),
            }}
        </Dialog>
    }
}

/// Whether the draft goes; stands in the form, which knows what is written.
#[component]
pub fn DiscardDialog(
    /// Where one goes when nothing is left of it.
    #[prop(into)]
    on_gone: Callback<()>,
) -> impl IntoView {
    let (items, writing) = (PolicyItems::current(), Writing::current());
    let asked = Signal::derive(move || items.ask.with(|ask| *ask == Some(Ask::Discard)));
    let open = asking(asked, Callback::new(move |()| items.ask.set(None)));
    let (working, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    view! {
        <Dialog open id="policy-discard" title=words::DISCARD_TITLE.to_owned()>
            <Question
                body=words::DISCARD_BODY
                keep=console::KEEP
                act=words::DISCARD
                kind=Kind::Danger
                working
                refused
                on_keep=move |()| items.ask.set(None)
                on_act=move |()| writing.discard(working, refused, on_gone)
            />
        </Dialog>
    }
}

/// A name, and the short name made of it.
#[component]
fn New(kind: ItemKind) -> impl IntoView {
    let (items, router) = (PolicyItems::current(), Router::current());
    let (name, short) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let own = RwSignal::new(false);
    let (wrong, wrong_short) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    effect(|| {
        dom::focus("#new-name");
    });
    let taken = move || items.all.with_untracked(|all| all.ready().cloned().unwrap_or_default());
    // The short name follows the name until somebody writes one of their own.
    effect(move || {
        let name = name.get();
        wrong.set(None);
        if !own.get_untracked() {
            short.set(if name.trim().is_empty() { String::new() } else { short_name(&name, &taken(), kind) });
        }
    });
    effect(move || {
        let typed = short.get();
        wrong_short.set(None);
        let made = name.with_untracked(|name| short_name(name, &taken(), kind));
        own.set(!typed.is_empty() && typed != made);
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (called, id) = (name.get_untracked().trim().to_owned(), short.get_untracked());
        if called.is_empty() {
            wrong.set(Some(words::NAME_MISSING.to_owned()));
            dom::focus("#new-name");
            return;
        }
        let used = taken().iter().any(|line| line.kind == kind && line.name == id);
        if !is_short_name(&id) || used {
            wrong_short.set(Some(if used { words::SHORT_TAKEN } else { words::SHORT_WRONG }.to_owned()));
            dom::focus("#new-short");
            return;
        }
        items.ask.set(None);
        let place = if kind == ItemKind::List { Place::WordList(id) } else { Place::Rule(id) };
        router.to(&format!("{}?new={}", place.path(), dom::encode(&called)));
    };
    let body = if kind == ItemKind::List { word_lists::NEW_BODY } else { words::NEW_BODY };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{body}</p>
            <Field id="new-name" label=words::NAME value=name error=wrong autocomplete="off" />
            <Field id="new-short" label=words::SHORT value=short error=wrong_short help=words::SHORT_HELP.to_owned() autocomplete="off" />
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| items.ask.set(None) />
                <Button label=words::BEGIN.to_owned() kind=Kind::Primary submit=true />
            </div>
        </form>
    }
}

/// The delivered packs.
#[component]
fn Delivered() -> impl IntoView {
    let items = PolicyItems::current();
    let packs = RwSignal::new(Loaded::<Packs>::Loading);
    let load = move || {
        spawn_local(async move {
            let found = policy_items::packs(items.api).await;
            items.line.heard(&found);
            let _ = packs.try_set(found.into());
        });
    };
    load();
    let working = RwSignal::new(None::<String>);
    let refused = RwSignal::new(None::<String>);
    let take = move |pack: String| {
        if working.with_untracked(Option::is_some) {
            return;
        }
        working.set(Some(pack.clone()));
        refused.set(None);
        spawn_local(async move {
            let outcome = policy_items::take_pack(items.api, &pack).await;
            items.line.heard(&outcome);
            let _ = working.try_set(None);
            match outcome {
                Ok(taken) => {
                    items.toasts.done(words::drafts_made(taken.made.into()));
                    items.load();
                    load();
                }
                Err(error) => {
                    let _ = refused.try_set(Some(words::refused(&error)));
                }
            }
        });
    };
    let one = move |pack: PackLine| {
        let PackLine { id, name, about, items: all } = pack;
        let rules = all.iter().filter(|item| item.kind == ItemKind::Rule).count();
        let missing = all.iter().filter(|item| !item.here).count();
        let (taken, at_work) = (id.clone(), id);
        let at_work = Signal::derive(move || working.with(|working| working.as_deref() == Some(&at_work)));
        let names: Vec<String> = all
            .into_iter()
            .filter(|item| item.kind == ItemKind::Rule)
            .map(|item| item.title.unwrap_or(item.name))
            .collect();
        view! {
            <li class="pack">
                <p class="pack-head"><strong>{name.clone()}</strong><span class="quiet">{words::rules_count(rules as u64)}</span></p>
                <p class="pack-about">{about}</p>
                <p class="pack-rules">{names.join(" · ")}</p>
                {if missing == 0 {
                    view! { <Badge label=words::ALL_HERE tone=Tone::Mute icon=Icon::Tick /> }.into_any()
                } else {
                    view! { <Button label=words::TAKE_PACK.to_owned() about=name icon=Icon::Plus working=at_work on_press=move |()| take(taken.clone()) /> }.into_any()
                }}
            </li>
        }
    };
    view! {
        <p class="dialog-body">{words::PACKS_BODY}</p>
        <Refusal words=refused />
        <LoadedView
            value=packs.into()
            failed_title=words::PACKS_FAILED
            on_retry=move |()| load()
            skeleton=|| view! { <SkeletonRows rows=4 /> }.into_any()
            empty=|_| None
            ready=move |found: Packs| view! { <ul class="packs" tabindex="0" aria-label=words::PACKS>{found.packs.into_iter().map(one).collect_view()}</ul> }.into_any()
        />
    }
}

/// Why, and then a second person is asked; for rules whose own lines fail, only when one says so again.
#[component]
fn Second(asking: Asking) -> impl IntoView {
    let items = PolicyItems::current();
    let Asking { body, items: all, .. } = asking;
    let (reason, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let (working, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let warned = RwSignal::new(Vec::<Proved>::new());
    let ticked: Vec<(AskItem, String, bool, RwSignal<bool>)> =
        all.into_iter().map(|(item, title, free)| (item, title, free, RwSignal::new(true))).collect();
    effect(|| {
        dom::focus("#second-reason");
    });
    let lines = (ticked.len() > 1).then(|| {
        let one = |(at, (_, title, free, tick)): (usize, &(AskItem, String, bool, RwSignal<bool>))| {
            let (title, tick, free) = (title.clone(), *tick, *free);
            let id = format!("goes-{at}");
            let of = id.clone();
            if !free {
                return view! { <li class="goes"><Glyph icon=Icon::Tick /><bdi>{title}</bdi></li> }.into_any();
            }
            view! {
                <li class="goes">
                    <label class="checkbox" for=of>
                        <input type="checkbox" id=id prop:checked=flag(move || tick.get()) on:change=on(move |event| {
                            tick.set(event_target_checked(&event));
                            warned.set(Vec::new());
                        }) />
                        <span class="checkbox-box" aria-hidden="true"><Glyph icon=Icon::Tick /></span>
                        <bdi>{title}</bdi>
                    </label>
                </li>
            }
            .into_any()
        };
        view! {
            <div>
                <p class="field-label">{words::GOES}</p>
                <ul class="goes-all" tabindex="0" aria-label=words::GOES>{ticked.iter().enumerate().map(one).collect_view()}</ul>
            </div>
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = reason.with_untracked(|text| text.trim().to_owned());
        if !(MIN_WORDS..=MAX_WORDS).contains(&text.chars().count()) {
            wrong.set(Some(approvals::words_needed()));
            dom::focus("#second-reason");
            return;
        }
        let chosen = ticked.iter().filter(|(.., tick)| tick.get_untracked()).map(|(item, ..)| item.clone());
        let asked = AskForPolicy { items: chosen.collect(), reason: text };
        if working.get_untracked() {
            return;
        }
        if !warned.with_untracked(Vec::is_empty) {
            return items.send(asked, working, refused);
        }
        working.set(true);
        spawn_local(async move {
            let failing = failing(items.api, &asked.items).await;
            // Whoever closed the dialog meanwhile does not send.
            if working.try_set(false).is_some() {
                return;
            }
            if failing.is_empty() {
                items.send(asked, working, refused);
            } else {
                warned.set(failing);
            }
        });
    };
    let send = move || if warned.with(Vec::is_empty) { words::SEND } else { words::SEND_FAILING };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{body}</p>
            {lines}
            <Refusal words=refused />
            <WordsField id="second-reason" label=words::SEND_REASON value=reason error=wrong most=MAX_WORDS help=words::SEND_REASON_HELP />
            {part(move || {
                let all = warned.get();
                if all.is_empty() {
                    return ().into_any();
                }
                view! {
                    <Notice tone=Tone::Warn icon=Icon::Warning assertive=true>
                        {all.into_iter().map(failing_lines).collect_view()}
                        <p>{words::FAILING_BODY}</p>
                    </Notice>
                }
                .into_any()
            })}
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| items.ask.set(None) />
                <Button label=Signal::derive(move || send().to_owned()) kind=Kind::Primary icon=Icon::Send submit=true working />
            </div>
        </form>
    }
}

/// Asks for all drafts of which nobody has seen a version yet.
pub fn ask_for_drafts(items: PolicyItems) {
    let drafts = items.all.with_untracked(|all| {
        let lines = all.ready().into_iter().flatten();
        let wanted =
            lines.filter(|line| line.kind != ItemKind::Text && line.version == 0 && line.request.is_none());
        let one = |line: &chancery_protocol::policy::ItemLine| {
            let draft = line.draft.as_ref()?.at;
            let item = AskItem {
                kind: line.kind,
                name: line.name.clone(),
                version: line.version,
                in_force: true,
                place: None,
                draft: Some(draft),
            };
            let said = match line.kind {
                ItemKind::List => words::list_named(&line.name),
                _ => title(line).to_owned(),
            };
            Some((item, said, true))
        };
        wanted.filter_map(one).take(MAX_ASKED).collect::<Vec<_>>()
    });
    let asking = Asking { title: words::DRAFTS_TITLE.to_owned(), body: words::SEND_BODY, items: drafts };
    items.ask.set(Some(Ask::Second(asking)));
}

/// Whether one goes without saving.
#[component]
fn Leave(address: String) -> impl IntoView {
    let (items, router) = (PolicyItems::current(), Router::current());
    let act = move |()| {
        items.ask.set(None);
        router.unguard();
        router.to(&address);
    };
    view! {
        <Question
            body=words::LEAVE_BODY
            keep=words::STAY
            act=words::LEAVE
            kind=Kind::Danger
            working=Signal::stored(false)
            refused=Signal::stored(None::<String>)
            on_keep=move |()| items.ask.set(None)
            on_act=act
        />
    }
}
