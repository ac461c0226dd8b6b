//! Whose texts, and where the rule does not count though they are.

use chancery_screening::{Reach, Rule, Scope};
use chancery_ui_kit::button::{Button, IconButton, Kind};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{memo, on, part};
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use super::pick::{Pick, Picking};
use crate::state::known::Known;
use crate::state::writing::Writing;

/// A part of a scope that is a list of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Groups of senders.
    SenderGroups,
    /// Senders.
    Senders,
    /// Groups of others in the conversation.
    RecipientGroups,
    /// Conversations.
    Conversations,
}

impl Part {
    const ALL: [Self; 4] = [Self::SenderGroups, Self::Senders, Self::RecipientGroups, Self::Conversations];

    fn ids(self, scope: &Scope) -> &Vec<String> {
        match self {
            Self::SenderGroups => &scope.sender_groups,
            Self::Senders => &scope.senders,
            Self::RecipientGroups => &scope.recipient_groups,
            Self::Conversations => &scope.conversations,
        }
    }

    fn ids_mut(self, scope: &mut Scope) -> &mut Vec<String> {
        match self {
            Self::SenderGroups => &mut scope.sender_groups,
            Self::Senders => &mut scope.senders,
            Self::RecipientGroups => &mut scope.recipient_groups,
            Self::Conversations => &mut scope.conversations,
        }
    }

    fn words(self, which: Which) -> (&'static str, &'static str, Icon) {
        match self {
            Self::SenderGroups => (words::SENDER_GROUPS, words::ADD_GROUP, Icon::People),
            Self::Senders => (words::SENDERS, words::ADD_PERSON, Icon::Person),
            // An exception is sure of everybody who reads it.
            Self::RecipientGroups if which.is_some() => {
                (words::RECIPIENT_GROUPS_ONLY, words::ADD_GROUP, Icon::People)
            }
            Self::RecipientGroups => (words::RECIPIENT_GROUPS, words::ADD_GROUP, Icon::People),
            Self::Conversations => (words::CONVERSATIONS, words::ADD_CONVERSATION, Icon::Chat),
        }
    }
}

/// Which scope: the rule's own, or one of its exceptions.
pub type Which = Option<usize>;

fn scope(rule: &Rule, which: Which) -> Option<&Scope> {
    match which {
        None => Some(&rule.scope),
        Some(at) => rule.exceptions.get(at),
    }
}

fn change(writing: Writing, which: Which, change: impl FnOnce(&mut Scope)) {
    writing.rule.update(|rule| {
        let scope = match which {
            None => Some(&mut rule.scope),
            Some(at) => rule.exceptions.get_mut(at),
        };
        if let Some(scope) = scope {
            change(scope);
        }
    });
}

/// Puts an id into a part of a scope, once.
pub fn add(writing: Writing, which: Which, part: Part, id: String) {
    change(writing, which, |scope| {
        let ids = part.ids_mut(scope);
        if !ids.contains(&id) {
            ids.push(id);
        }
    });
}

/// The card.
#[component]
pub fn Who() -> impl IntoView {
    let writing = Writing::current();
    let count = memo(move || writing.rule.with(|rule| rule.exceptions.len()));
    let add = move |()| writing.rule.update(|rule| rule.exceptions.push(Scope::default()));
    view! {
        <section class="card" aria-labelledby="rule-who">
            <h3 class="card-title" id="rule-who">{words::WHO}</h3>
            <div class="card-body rule-fields">
                <ScopeBox which=None />
                {part(move || (0..count.get()).map(|at| view! {
                    <p class="scope-and">{words::AND_NOT}</p>
                    <ScopeBox which=Some(at) />
                }).collect_view().into_any())}
                <div><Button label=words::ADD_EXCEPTION.to_owned() kind=Kind::Quiet icon=Icon::Plus on_press=add /></div>
            </div>
        </section>
    }
}

#[component]
fn ScopeBox(#[prop(optional_no_strip)] which: Option<usize>) -> impl IntoView {
    let writing = Writing::current();
    let empty = memo(move || {
        writing.rule.with(|rule| scope(rule, which).is_none_or(|scope| *scope == Scope::default()))
    });
    let label = which.map_or_else(|| words::SCOPE.to_owned(), words::exception);
    let reach = move || {
        writing.rule.with(|rule| match scope(rule, which).and_then(|scope| scope.reach) {
            None => "",
            Some(Reach::Inside) => "inside",
            Some(Reach::Outside) => "outside",
        })
    };
    let id = which.map_or("reach", |_| "reach-exception");
    let choose = move |chosen: String| {
        let reach = match chosen.as_str() {
            "inside" => Some(Reach::Inside),
            "outside" => Some(Reach::Outside),
            _ => None,
        };
        change(writing, which, |scope| scope.reach = reach);
    };
    let remove = move |_| {
        writing.rule.update(|rule| {
            if let Some(at) = which.filter(|at| *at < rule.exceptions.len()) {
                rule.exceptions.remove(at);
            }
        });
    };
    let choices =
        vec![("", words::REACH_ANY), ("inside", words::REACH_INSIDE), ("outside", words::REACH_OUTSIDE)];
    // Several exceptions have a field of the same sort: each needs an id of its own.
    let id = format!("{id}{}", which.map_or_else(String::new, |at| at.to_string()));
    view! {
        <div class="scope" role="group" aria-label=label.clone()>
            {which.map(|_| view! {
                <span class="scope-remove"><IconButton icon=Icon::Close label=words::remove_exception(&label) on_press=remove /></span>
            })}
            {part(move || empty.get().then(|| {
                let said = if which.is_none() { words::EVERYBODY } else { words::EXCEPTION_EMPTY };
                view! { <p class="scope-line"><span class="scope-word">{said}</span></p> }
            }).into_any())}
            {Part::ALL.map(|part| view! { <Ids which part /> }).collect_view()}
            <ReachField id value=Signal::derive(move || reach().to_owned()) choices on_choose=choose />
        </div>
    }
}

#[component]
fn ReachField(
    id: String,
    value: Signal<String>,
    choices: Vec<(&'static str, &'static str)>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let option = |(name, shown): (&'static str, &'static str)| {
        view! { <option value=name selected=move || value.with(|value| value == name)>{shown}</option> }
    };
    view! {
        <p class="scope-line">
            <label class="scope-word" for=id.clone()>{words::REACH}</label>
            <span class="field-box select-box scope-select">
                <select id=id prop:value=move || value.get() on:change=on(move |event| on_choose.run(event_target_value(&event)))>
                    {choices.into_iter().map(option).collect_view()}
                </select>
                <Glyph icon=Icon::ChevronDown />
            </span>
        </p>
    }
}

/// One part: what it holds, and the way to more.
#[component]
fn Ids(#[prop(optional_no_strip)] which: Option<usize>, part: Part) -> impl IntoView {
    let (writing, known, picking) = (Writing::current(), Known::current(), Picking::current());
    let (label, more, icon) = part.words(which);
    let ids = memo(move || {
        writing.rule.with(|rule| scope(rule, which).map(|scope| part.ids(scope).clone()).unwrap_or_default())
    });
    let chip = move |id: String| {
        known.look_up(&id);
        let (named, gone) = (id.clone(), id);
        let name = memo(move || known.name(&named));
        let remove = move |_| {
            change(writing, which, |scope| part.ids_mut(scope).retain(|one| *one != gone));
        };
        view! {
            <span class="scope-chip">
                <Glyph icon />
                <bdi>{move || name.get()}</bdi>
                <button type="button" class="chip-remove" aria-label=move || words::remove(&name.get()) title=move || words::remove(&name.get()) on:click=on(remove)>
                    <Glyph icon=Icon::Close />
                </button>
            </span>
        }
    };
    view! {
        <p class="scope-line">
            <span class="scope-word">{label}</span>
            {move || ids.get().into_iter().map(chip).collect_view()}
            <button type="button" class="link-button scope-add" on:click=on(move |_| picking.open.set(Some(Pick { which, part })))>
                {more}<span class="sr-only">{format!(" ({label})")}</span>
            </button>
        </p>
    }
}
