//! How long a token works: a while, or until the end of a day of one's own.

use chancery_protocol::Micros;
use leptos::prelude::*;

use super::standing::DAY;
use crate::choice::Radios;
use crate::day_field::DayField;
use crate::reactive::{memo, part};
use crate::text::access_tokens::late;
use crate::text::tokens as words;
use crate::time::{LocalTime, day_ends, now};

/// The choices, by their names.
const QUARTER: &str = "quarter";
const YEAR: &str = "year";
const OWN_DAY: &str = "day";

const HOUR: Micros = 60 * 60 * 1_000_000;

/// Why there is no end to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongDay {
    /// None was chosen.
    Missing,
    /// It is over.
    Past,
    /// It is later than allowed.
    Late,
}

/// What is chosen.
#[derive(Clone, Copy)]
pub struct End {
    until: RwSignal<String>,
    day: RwSignal<String>,
    error: RwSignal<Option<String>>,
    longest: Option<u32>,
}

impl End {
    /// A year, for a token that may last as long as one likes.
    pub fn year() -> Self {
        Self::of(YEAR, None)
    }

    /// 90 days or less, for one that lasts at most so many days.
    pub fn within(longest: u32) -> Self {
        Self::of(if longest >= 90 { QUARTER } else { OWN_DAY }, Some(longest))
    }

    fn of(choice: &str, longest: Option<u32>) -> Self {
        let end = Self {
            until: RwSignal::new(choice.to_owned()),
            day: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            longest,
        };
        if choice == OWN_DAY {
            end.day.set(end.last_day().unwrap_or_default());
        }
        end
    }

    /// When it would end; tracked.
    ///
    /// # Errors
    /// What is wrong with the day.
    pub fn at(self) -> Result<Micros, WrongDay> {
        let day = self.day.with(|day| day_ends(day));
        self.until.with(|choice| ends(choice, now(), day, self.last()))
    }

    /// The same when it is to be sent; what is wrong is said at its field.
    pub fn checked(self) -> Option<Micros> {
        let end = untrack(|| self.at());
        let wrong = |wrong: WrongDay| match wrong {
            WrongDay::Missing => words::NEED_DAY.to_owned(),
            WrongDay::Past => words::PAST.to_owned(),
            WrongDay::Late => late(self.longest.unwrap_or_default()),
        };
        self.error.set(end.err().map(wrong));
        end.ok()
    }

    /// Says what the server says of it, if there is a field for a day.
    pub fn refuse(self, words: String) -> bool {
        let own = self.until.with_untracked(|until| until == OWN_DAY);
        if own {
            self.error.set(Some(words));
        }
        own
    }

    /// The last moment that is surely allowed: clocks of browsers and servers differ.
    fn last(self) -> Option<Micros> {
        self.longest.map(|days| now() + Micros::from(days) * DAY - HOUR)
    }

    fn last_day(self) -> Option<String> {
        self.last().map(|last| LocalTime::of(last).machine_day())
    }
}

/// When a new token ends. `day`: the end of the day of one's own. `last`: the last moment that is allowed; it cuts its own day short.
fn ends(choice: &str, now: Micros, day: Option<Micros>, last: Option<Micros>) -> Result<Micros, WrongDay> {
    let cut = |end: Micros| last.map_or(end, |last| end.min(last));
    match (choice, day) {
        (QUARTER, _) => Ok(cut(now + 90 * DAY)),
        (YEAR, _) => Ok(cut(now + 365 * DAY)),
        (_, None) => Err(WrongDay::Missing),
        (_, Some(end)) if end <= now => Err(WrongDay::Past),
        (_, Some(end)) if end - cut(end) > DAY + HOUR => Err(WrongDay::Late),
        (_, Some(end)) => Ok(cut(end)),
    }
}

/// The choices; below them when it ends.
#[component]
pub fn Until(
    /// What is chosen.
    end: End,
) -> impl IntoView {
    let own = memo(move || end.until.with(|until| until == OWN_DAY));
    let said = move || end.at().ok().map(|end| words::until(&LocalTime::of(end).full())).unwrap_or_default();
    let fits = |days: u32| end.longest.is_none_or(|longest| longest >= days);
    let all = [
        (fits(90), QUARTER, words::QUARTER),
        (fits(365), YEAR, words::YEAR),
        (true, OWN_DAY, words::OWN_DAY),
    ];
    let choices: Vec<_> =
        all.into_iter().filter(|(fits, ..)| *fits).map(|(_, name, shown)| (name, shown)).collect();
    view! {
        <div class="token-until">
            {(choices.len() > 1).then(|| {
                view! { <Radios id="token-until" label=words::UNTIL choices value=end.until /> }.into_any()
            })}
            {part(move || if own.get() {
                view! {
                    <DayField
                        id="token-day"
                        label=words::LAST_DAY
                        help=words::LAST_DAY_HELP
                        value=end.day
                        error=end.error
                        max=end.last_day().unwrap_or_default()
                    />
                }
                .into_any()
            } else {
                view! { <p class="field-note" role="status">{said()}</p> }.into_any()
            })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Micros = 1_000 * DAY;

    #[test]
    fn an_end_is_a_while_or_a_day_that_is_not_over() {
        assert_eq!(ends(QUARTER, NOW, None, None), Ok(NOW + 90 * DAY));
        assert_eq!(ends(YEAR, NOW, Some(1), None), Ok(NOW + 365 * DAY));
        assert_eq!(ends(OWN_DAY, NOW, None, None), Err(WrongDay::Missing));
        assert_eq!(ends(OWN_DAY, NOW, Some(NOW), None), Err(WrongDay::Past));
        assert_eq!(ends(OWN_DAY, NOW, Some(NOW + 1), None), Ok(NOW + 1));
    }

    #[test]
    fn no_token_lasts_longer_than_allowed() {
        let last = Some(NOW + 30 * DAY);
        assert_eq!(ends(QUARTER, NOW, None, last), Ok(NOW + 30 * DAY));
        assert_eq!(ends(OWN_DAY, NOW, Some(NOW + 29 * DAY), last), Ok(NOW + 29 * DAY));
        assert_eq!(ends(OWN_DAY, NOW, Some(NOW + 31 * DAY), last), Ok(NOW + 30 * DAY), "its last day");
        assert_eq!(ends(OWN_DAY, NOW, Some(NOW + 32 * DAY), last), Err(WrongDay::Late));
    }
}
