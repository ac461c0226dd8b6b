//! Rows that describe the discovery documents themselves (RFC 7643, sections 5 to 7). Services list them too.

use super::schema::{Attribute, Schema, Type};

/// URN of the configuration.
pub(super) const CONFIG_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
/// URN of resource types.
pub(super) const RESOURCE_TYPE_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
/// URN of schemas.
pub(super) const SCHEMA_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

const SUPPORTED: Attribute =
    Attribute::flag("supported", "Whether the service does this.").required().read_only();

const fn number(name: &'static str, description: &'static str) -> Attribute {
    Attribute::new(name, Type::Integer, description).required().read_only()
}

const fn word(name: &'static str, description: &'static str) -> Attribute {
    Attribute::text(name, description).exact().read_only()
}

const fn yes_or_no(name: &'static str, description: &'static str) -> Attribute {
    Attribute::flag(name, description).read_only()
}

const BULK: &[Attribute] = &[
    SUPPORTED,
    number("maxOperations", "Most operations in one request."),
    number("maxPayloadSize", "Largest request, in bytes."),
];

const FILTER: &[Attribute] = &[SUPPORTED, number("maxResults", "Most resources in one answer.")];

const SCHEMES: &[Attribute] = &[
    word("type", "Kind of authentication.").required().usual(&[
        "oauth",
        "oauth2",
        "oauthbearertoken",
        "httpbasic",
        "httpdigest",
    ]),
    word("name", "Name for people.").required(),
    word("description", "What to do.").required(),
    Attribute::reference("specUri", &["external"], "Where it is specified.").read_only(),
    Attribute::reference("documentationUri", &["external"], "Where its use is explained.").read_only(),
    yes_or_no("primary", "Whether it is the one to prefer."),
];

/// What the service can do.
pub(super) const CONFIG: Schema = Schema {
    id: CONFIG_URN,
    name: "ServiceProviderConfig",
    description: "What the service can do",
    attributes: &[
        Attribute::reference("documentationUri", &["external"], "Help for people.").read_only(),
        Attribute::complex("patch", &[SUPPORTED], "Changing parts of resources.").required().read_only(),
        Attribute::complex("bulk", BULK, "Several operations in one request.").required().read_only(),
        Attribute::complex("filter", FILTER, "Looking for resources.").required().read_only(),
        Attribute::complex("changePassword", &[SUPPORTED], "Changing passwords.").required().read_only(),
        Attribute::complex("sort", &[SUPPORTED], "Putting results in order.").required().read_only(),
        Attribute::complex("etag", &[SUPPORTED], "Versions of resources.").required().read_only(),
        Attribute::complex("authenticationSchemes", SCHEMES, "How clients prove who they are.")
            .multi()
            .required()
            .read_only(),
    ],
};

const EXTENSIONS: &[Attribute] = &[
    Attribute::reference("schema", &["uri"], "URN of the extension.").required().read_only(),
    yes_or_no("required", "Whether every resource has it.").required(),
];

/// What a resource type is.
pub(super) const RESOURCE_TYPE: Schema = Schema {
    id: RESOURCE_TYPE_URN,
    name: "ResourceType",
    description: "A kind of resource",
    attributes: &[
        word("name", "Name of the resource type.").required().unique(),
        word("description", "One sentence."),
        Attribute::reference("endpoint", &["uri"], "Path below the base.").required().unique().read_only(),
        Attribute::reference("schema", &["uri"], "URN of its own schema.").required().read_only(),
        Attribute::complex("schemaExtensions", EXTENSIONS, "Extensions it has.")
            .multi()
            .required()
            .read_only(),
    ],
};

const ROW: [Attribute; 11] = [
    word("name", "Name of the attribute.").required(),
    word("type", "Type of its value.").required().usual(&[
        "string",
        "complex",
        "boolean",
        "decimal",
        "integer",
        "dateTime",
        "reference",
        "binary",
    ]),
    yes_or_no("multiValued", "Whether it is an array.").required(),
    word("description", "One sentence."),
    yes_or_no("required", "Whether a resource must have it."),
    word("canonicalValues", "Usual values.").multi(),
    yes_or_no("caseExact", "Whether upper and lower case differ."),
    word("mutability", "Who may write it.").usual(&["readOnly", "readWrite", "immutable", "writeOnly"]),
    word("returned", "When it is in an answer.").usual(&["always", "never", "default", "request"]),
    word("uniqueness", "Among what a value may occur once.").usual(&["none", "server", "global"]),
    word("referenceTypes", "What a reference points to.").multi(),
];

const PARTS: Attribute =
    Attribute::complex("subAttributes", &ROW, "Parts of a complex attribute.").multi().read_only();

const ROWS: &[Attribute] = {
    let [
        name,
        kind,
        multi,
        description,
        required,
        canonical,
        exact,
        mutability,
        returned,
        unique,
        references,
    ] = ROW;
    &[
        name,
        kind,
        multi,
        description,
        required,
        canonical,
        exact,
        mutability,
        returned,
        unique,
        references,
        PARTS,
    ]
};

/// What a schema is.
pub(super) const SCHEMA: Schema = Schema {
    id: SCHEMA_URN,
    name: "Schema",
    description: "A set of attributes",
    attributes: &[
        word("name", "Name for people.").required(),
        word("description", "One sentence."),
        Attribute::complex("attributes", ROWS, "Its attributes.").multi().required().read_only(),
    ],
};
