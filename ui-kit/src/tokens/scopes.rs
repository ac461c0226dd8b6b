//! What a token may be used for: which scopes are offered to whom, and their boxes.

use chancery_protocol::person::Role;
use chancery_protocol::tokens::Scope;
use leptos::prelude::*;

use crate::choice::TickLine;
use crate::icon::{Glyph, Icon};
use crate::reactive::part;
use crate::text::access_tokens as words;

/// The scopes that open anything to somebody with these roles. The server decides; this only keeps away what would be of no use.
pub fn of_use(roles: &[Role]) -> Vec<Scope> {
    let any = |some: &[Role]| roles.iter().any(|role| some.contains(role));
    let officer = [Role::ComplianceOfficer, Role::ComplianceLead];
    let fits = |scope: &Scope| match scope {
        Scope::MessagesRead | Scope::MessagesWrite | Scope::PeopleRead => any(&[Role::Employee, Role::Guest]),
        Scope::ConversationsWrite => any(&[Role::Employee]),
        Scope::AccountsRead => any(&[Role::ItAdmin]) || any(&officer),
        Scope::AccountsWrite => any(&[Role::ItAdmin]),
        Scope::AuditRead | Scope::HealthRead => any(&[Role::ItAdmin, Role::Auditor]) || any(&officer),
    };
    Scope::ALL.iter().copied().filter(fits).collect()
}

/// A box for each, with what it is for.
#[component]
pub fn ScopeBoxes(
    /// Those offered, and whether each is ticked.
    offered: StoredValue<Vec<(Scope, RwSignal<bool>)>>,
    /// What is wrong with them.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let line = move |(scope, ticked): (Scope, RwSignal<bool>)| {
        let turn = move |on: bool| {
            error.set(None);
            ticked.set(on);
        };
        view! {
            <TickLine
                id=format!("scope-{}", scope.text().replace(':', "-"))
                label=words::scope(scope)
                help=Some(words::scope_help(scope))
                ticked=ticked.into()
                on_turn=turn
            />
        }
        .into_any()
    };
    view! {
        <fieldset class="boxes">
            <legend>{words::MAY}</legend>
            {offered.get_value().into_iter().map(line).collect::<Vec<_>>()}
            {part(move || match error.get() {
                Some(error) => view! {
                    <p class="field-note field-error" role="alert"><Glyph icon=Icon::Warning />{error}</p>
                }
                .into_any(),
                None => ().into_any(),
            })}
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_offered_what_opens_nothing_to_them() {
        use Scope::{AuditRead, ConversationsWrite, HealthRead, MessagesRead, MessagesWrite, PeopleRead};
        assert_eq!(of_use(&[Role::Employee]), [MessagesRead, MessagesWrite, ConversationsWrite, PeopleRead]);
        assert_eq!(of_use(&[Role::Guest]), [MessagesRead, MessagesWrite, PeopleRead]);
        assert_eq!(of_use(&[Role::Auditor]), [AuditRead, HealthRead]);
        assert_eq!(of_use(&[Role::Employee, Role::ItAdmin]), Scope::ALL);
        assert!(!of_use(&[Role::ComplianceLead]).contains(&Scope::AccountsWrite));
    }
}
