//! What an attribute is, and the two resources that have them. The rows themselves are in `tables`.

use super::tables;

/// Type of an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A whole number; only in the discovery documents.
    Integer,
    /// A moment, RFC 3339.
    DateTime,
    /// A URI.
    Reference,
    /// An object of sub-attributes.
    Complex,
}

/// Who may write an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    /// The service alone.
    ReadOnly,
    /// Clients.
    ReadWrite,
    /// Clients, once.
    Immutable,
}

/// When an attribute is in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    /// Whatever is asked for.
    Always,
    /// Unless it is asked to be left out.
    Default,
    /// Only when asked for by name.
    Request,
    /// Under no circumstances.
    Never,
}

/// Among what a value may occur once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uniqueness {
    /// Anything goes.
    None,
    /// The resources of this kind on this service.
    Server,
}

/// One row of the table: an attribute with everything RFC 7643, section 7, says of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// Name as it is announced; compared without case.
    pub name: &'static str,
    /// One sentence for the schema document.
    pub description: &'static str,
    /// Type of its value, or of each of them.
    pub kind: Type,
    /// Whether it is an array.
    pub multi_valued: bool,
    /// Whether a resource without it is refused.
    pub required: bool,
    /// Whether upper and lower case differ.
    pub case_exact: bool,
    /// Who may write it.
    pub mutability: Mutability,
    /// When it is in an answer.
    pub returned: Returned,
    /// Among what a value may occur once.
    pub uniqueness: Uniqueness,
    /// Parts of a complex attribute.
    pub subs: &'static [Self],
    /// Usual values.
    pub canonical: &'static [&'static str],
    /// What a reference points to.
    pub references: &'static [&'static str],
    /// Whether the usual values are the only ones.
    pub(super) closed: bool,
    /// Whether clients may send it although the service works it out by itself.
    pub(super) derived: bool,
}

impl Attribute {
    pub(super) const fn new(name: &'static str, kind: Type, description: &'static str) -> Self {
        Self {
            name,
            description,
            kind,
            multi_valued: false,
            required: false,
            case_exact: matches!(kind, Type::Reference),
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            subs: &[],
            canonical: &[],
            references: &[],
            closed: false,
            derived: false,
        }
    }

    pub(super) const fn text(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Type::String, description)
    }

    pub(super) const fn flag(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Type::Boolean, description)
    }

    pub(super) const fn complex(
        name: &'static str,
        subs: &'static [Self],
        description: &'static str,
    ) -> Self {
        let mut made = Self::new(name, Type::Complex, description);
        made.subs = subs;
        made
    }

    pub(super) const fn reference(
        name: &'static str,
        references: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        let mut made = Self::new(name, Type::Reference, description);
        made.references = references;
        made
    }

    pub(super) const fn multi(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    pub(super) const fn unique(mut self) -> Self {
        self.uniqueness = Uniqueness::Server;
        self
    }

    pub(super) const fn read_only(mut self) -> Self {
        self.mutability = Mutability::ReadOnly;
        self
    }

    pub(super) const fn immutable(mut self) -> Self {
        self.mutability = Mutability::Immutable;
        self
    }

    pub(super) const fn returned(mut self, when: Returned) -> Self {
        self.returned = when;
        self
    }

    pub(super) const fn usual(mut self, values: &'static [&'static str]) -> Self {
        self.canonical = values;
        self
    }

    pub(super) const fn only(mut self, values: &'static [&'static str]) -> Self {
        self.canonical = values;
        self.closed = true;
        self
    }

    pub(super) const fn derived(mut self) -> Self {
        self.derived = true;
        self
    }

    /// The part of this name.
    pub fn sub(&self, name: &str) -> Option<&'static Self> {
        named(self.subs, name)
    }

    /// Whether what a client sends for it is kept.
    pub(super) fn takes_input(&self) -> bool {
        self.mutability != Mutability::ReadOnly && !self.derived
    }
}

/// The row of this name, whatever its case.
pub(super) fn named(table: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    table.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// A set of attributes under one URN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// Its URN.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// One sentence.
    pub description: &'static str,
    /// Its rows.
    pub attributes: &'static [Attribute],
}

/// The resources there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A person's account.
    User,
    /// A group of them.
    Group,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::User, Self::Group];

    /// As in `meta.resourceType`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// Path below the base.
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::User => "/Users",
            Self::Group => "/Groups",
        }
    }

    /// Its own attributes.
    pub const fn core(self) -> &'static Schema {
        match self {
            Self::User => &tables::USER,
            Self::Group => &tables::GROUP,
        }
    }

    /// Attributes under URNs of their own.
    pub const fn extensions(self) -> &'static [&'static Schema] {
        match self {
            Self::User => &[&tables::ENTERPRISE],
            Self::Group => &[],
        }
    }

    /// An attribute outside the extensions: `id`, `meta` and the like included.
    pub fn attribute(self, name: &str) -> Option<&'static Attribute> {
        named(tables::COMMON, name).or_else(|| named(self.core().attributes, name))
    }

    /// The extension with this URN.
    pub fn extension(self, urn: &str) -> Option<&'static Schema> {
        self.extensions().iter().copied().find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }

    /// Where a resource of this kind is, below a base without a slash at its end.
    pub fn location(self, base: &str, id: &str) -> String {
        format!("{base}{}/{id}", self.endpoint())
    }
}

/// How values compare where upper and lower case do not differ. An index for [`super::Lookup`] holds this.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}
