//! Queries: what is looked for, in which order, which page of it (RFC 7644, sections 3.4.2 and 3.4.3).

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::MAX_RESULTS;
use super::error::Error;
use super::filter::Filter;
use super::filter_match::values;
use super::instant::{self, Instant};
use super::path::{self, Found, Place};
use super::project::Projection;
use super::resource::Resource;
use super::schema::{Kind, Type, fold};

/// Schema of an answer.
const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// Schema of a request in a body.
const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// The part of a list that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Place of its first resource, counted from one.
    pub start_index: usize,
    /// How many, [`MAX_RESULTS`] at most. None at all asks for the total only.
    pub count: usize,
}

impl Default for Page {
    fn default() -> Self {
        Self { start_index: 1, count: MAX_RESULTS }
    }
}

/// A request as it came, in the query string or the body of `.search`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    filter: Option<String>,
    sort_by: Option<String>,
    descending: bool,
    attributes: Vec<String>,
    excluded: Vec<String>,
    /// Which part is wanted.
    pub page: Page,
}

/// A request as it is understood for one kind of resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What has to be true of a resource.
    pub filter: Option<Filter>,
    /// What is shown of it.
    pub projection: Projection,
    sort: Option<(Place, bool)>,
}

/// A page of resources and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// All that were found.
    pub total: usize,
    /// Those on the page, as they are shown.
    pub resources: Vec<Value>,
}

impl Query {
    /// From the parameters of a URL, decoded. Names are compared without case, unknown ones passed over.
    ///
    /// # Errors
    /// `invalidValue`: a number that is none, or a word that is no order.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let mut query = Self::default();
        for (name, text) in pairs {
            match name.to_ascii_lowercase().as_str() {
                "startindex" => query.start_at(whole_number("startIndex", text)?),
                "count" => query.limit_to(whole_number("count", text)?),
                "attributes" => query.attributes.extend(text.split(',').map(str::to_owned)),
                "excludedattributes" => query.excluded.extend(text.split(',').map(str::to_owned)),
                other => query.text(other, text)?,
            }
        }
        Ok(query)
    }

    /// From the body of a `.search`.
    ///
    /// # Errors
    /// `invalidSyntax` for what is no search request, `invalidValue` as for [`Self::from_pairs`].
    pub fn from_body(body: &Value) -> Result<Self, Error> {
        let fields = body.as_object().ok_or_else(|| Error::syntax("the body must be an object"))?;
        let mut query = Self::default();
        for (name, value) in fields {
            match (name.to_ascii_lowercase().as_str(), value) {
                (_, Value::Null) => {}
                ("schemas", schemas) => check_schemas(schemas)?,
                ("startindex", value) => query.start_at(number("startIndex", value)?),
                ("count", value) => query.limit_to(number("count", value)?),
                ("attributes", value) => query.attributes = names("attributes", value)?,
                ("excludedattributes", value) => query.excluded = names("excludedAttributes", value)?,
                (other, Value::String(text)) => query.text(other, text)?,
                ("filter" | "sortby" | "sortorder", _) => {
                    return Err(Error::value(format!("{name}: must be text")));
                }
                _ => {}
            }
        }
        Ok(query)
    }

    fn text(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let stated = Some(text.trim()).filter(|text| !text.is_empty());
        match name {
            "filter" => self.filter = stated.map(str::to_owned),
            "sortby" => self.sort_by = stated.map(str::to_owned),
            "sortorder" => {
                self.descending = match stated {
                    Some(order) if order.eq_ignore_ascii_case("descending") => true,
                    Some(order) if !order.eq_ignore_ascii_case("ascending") => {
                        return Err(Error::value("sortOrder: must be ascending or descending"));
                    }
                    _ => false,
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn start_at(&mut self, place: i64) {
        self.page.start_index = usize::try_from(place.max(1)).unwrap_or(usize::MAX);
    }

    fn limit_to(&mut self, count: i64) {
        self.page.count = usize::try_from(count.max(0)).unwrap_or(usize::MAX).min(MAX_RESULTS);
    }

    /// What the request means for a kind of resource. A search over both kinds makes a plan for each.
    ///
    /// # Errors
    /// `invalidFilter`, `invalidValue`.
    pub fn plan(&self, kind: Kind) -> Result<Plan, Error> {
        let sort = self.sort_by.as_deref().and_then(|name| match path::find(kind, name) {
            Found::Attribute(place) => place.comparable(),
            _ => None,
        });
        Ok(Plan {
            filter: self.filter.as_deref().map(|text| Filter::parse(kind, text)).transpose()?,
            projection: Projection::new(kind, &self.attributes, &self.excluded)?,
            sort: sort.map(|place| (place, self.descending)),
        })
    }
}

/// What a resource is put in order by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Flag(bool),
    Time(Instant),
    Text(String),
}

impl Plan {
    /// Whether a resource is one that is looked for.
    pub fn finds(&self, resource: &Resource) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.matches(resource))
    }

    /// Whether every resource is looked for, in the order in which they are kept: then a page of them is enough.
    pub fn is_plain(&self) -> bool {
        self.filter.is_none() && self.sort.is_none()
    }

    /// Whether an attribute that is kept elsewhere has to be there, for looking or for showing.
    pub fn needs(&self, attribute: &str) -> bool {
        let filtered = self.filter.as_ref().is_some_and(|filter| {
            filter.to_string().to_ascii_lowercase().contains(&attribute.to_ascii_lowercase())
        });
        filtered
            || self.sort.as_ref().is_some_and(|(place, _)| place.attribute.name == attribute)
            || self.projection.wants(attribute)
    }

    /// Shows a page that was found otherwise.
    pub fn show<'a>(&self, resources: impl IntoIterator<Item = &'a Resource>) -> Vec<Value> {
        resources.into_iter().map(|resource| self.projection.apply(resource)).collect()
    }

    /// Finds, puts in order, takes the page, shows. Resources without what they are ordered by come last, and first
    /// when the order is descending; equal ones stay in the order they came in.
    pub fn run<'a>(&self, resources: impl IntoIterator<Item = &'a Resource>, page: Page) -> Listing {
        let mut found: Vec<&Resource> =
            resources.into_iter().filter(|resource| self.finds(resource)).collect();
        if let Some((place, descending)) = &self.sort {
            let mut keyed: Vec<_> =
                found.into_iter().map(|resource| (key(place, resource), resource)).collect();
            keyed.sort_by(|(key, _), (other, _)| {
                let order = in_order(key.as_ref(), other.as_ref());
                if *descending { order.reverse() } else { order }
            });
            found = keyed.into_iter().map(|(_, resource)| resource).collect();
        }
        let total = found.len();
        let shown =
            found.into_iter().skip(page.start_index.saturating_sub(1)).take(page.count.min(MAX_RESULTS));
        Listing { total, resources: shown.map(|resource| self.projection.apply(resource)).collect() }
    }
}

/// The body of an answer to a query.
pub fn list_response(total: usize, start_index: usize, resources: Vec<Value>) -> Value {
    json!({
        "schemas": [LIST_RESPONSE],
        "totalResults": total,
        "itemsPerPage": resources.len(),
        "startIndex": start_index,
        "Resources": resources,
    })
}

fn in_order(key: Option<&Key>, other: Option<&Key>) -> Ordering {
    match (key, other) {
        (Some(key), Some(other)) => key.cmp(other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Of several values, the primary one counts, else the first.
fn key(place: &Place, resource: &Resource) -> Option<Key> {
    let whole = Place { sub: None, ..*place };
    let elements = values(&whole, &resource.body);
    let primary = elements.iter().find(|element| element.get("primary") == Some(&Value::Bool(true)));
    let element = *primary.or_else(|| elements.first())?;
    let value = match place.sub {
        Some(sub) => element.get(sub.name)?,
        None => element,
    };
    match value {
        Value::Bool(flag) => Some(Key::Flag(*flag)),
        Value::String(text) if place.leaf().kind == Type::DateTime => instant::parse(text).map(Key::Time),
        Value::String(text) if place.leaf().case_exact => Some(Key::Text(text.clone())),
        Value::String(text) => Some(Key::Text(fold(text))),
        _ => None,
    }
}

fn whole_number(name: &str, text: &str) -> Result<i64, Error> {
    text.trim().parse().map_err(|_| Error::value(format!("{name}: must be a whole number")))
}

fn number(name: &str, value: &Value) -> Result<i64, Error> {
    match value {
        Value::String(text) => whole_number(name, text),
        other => other.as_i64().ok_or_else(|| Error::value(format!("{name}: must be a whole number"))),
    }
}

fn names(name: &str, value: &Value) -> Result<Vec<String>, Error> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = match value {
        Value::String(text) => Some(text.split(',').map(str::to_owned).collect()),
        Value::Array(values) => values.iter().map(text).collect(),
        _ => None,
    };
    list.ok_or_else(|| Error::value(format!("{name}: must be an array of names")))
}

fn check_schemas(schemas: &Value) -> Result<(), Error> {
    let named = |value: &Value| value.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(SEARCH_REQUEST));
    if schemas.as_array().is_some_and(|schemas| schemas.iter().any(named)) {
        return Ok(());
    }
    Err(Error::syntax(format!("schemas: must name {SEARCH_REQUEST}")))
}
