//! Whom people report to: known only when everybody was read, for managers may come after their people.

use chancery_protocol::ids::PersonId;

use super::run::{Run, Stop};
use crate::directory::store::{self as people, Row};

/// People in one unit: well below 20 ms of work.
const AT_ONCE: usize = 10;

/// Whom a directory says somebody reports to.
pub(super) struct Reports {
    person: PersonId,
    /// The manager their account has.
    had: Option<PersonId>,
    /// Where the entry of their manager is, by its number in the grid.
    manager: Option<u32>,
}

/// Somebody whose manager is another.
struct News {
    person: PersonId,
    /// None for a manager who is unknown here, or has no account yet when it is only looked.
    manager: Option<PersonId>,
}

impl Run {
    /// Remembers what an entry says of somebody's manager.
    pub(super) fn reports(&mut self, person: PersonId, had: Option<PersonId>, manager: Option<&str>) {
        if self.reads_managers && (had.is_some() || manager.is_some()) {
            let manager = manager.map(|dn| self.grid.place(dn));
            self.reports.push(Reports { person, had, manager });
        }
    }

    /// Makes accounts report to whom the directory says. Who is a manager there and nobody here is none.
    pub(super) fn set_managers(&mut self) -> Result<(), Stop> {
        let mut news = Vec::new();
        for Reports { person, had, manager } in std::mem::take(&mut self.reports) {
            let there = manager.and_then(|number| self.grid.at(number));
            let comes = there == Some(None);
            let manager = there.flatten();
            if manager != had || comes {
                news.push(News { person, manager });
            }
        }
        for some in news.chunks(AT_ONCE) {
            let rows = if self.form.dry { self.would_change(some)? } else { self.change(some)? };
            // In the order of the directory, as everything else in the report.
            for row in some.iter().filter_map(|news| rows.iter().find(|row| row.person() == news.person)) {
                self.changed(row.person(), &row.name, &row.username, "manager");
            }
            self.alive()?;
        }
        Ok(())
    }

    fn would_change(&self, some: &[News]) -> Result<Vec<Row>, Stop> {
        let ids: Vec<PersonId> = some.iter().map(|news| news.person).collect();
        Ok(people::some(&mut *self.house.reader()?, &ids)?)
    }

    fn change(&self, some: &[News]) -> Result<Vec<Row>, Stop> {
        let managers: Vec<_> = some.iter().map(|news| (news.person, news.manager)).collect();
        Ok(self.house.access.set_managers(&managers, self.source.id)?)
    }
}
