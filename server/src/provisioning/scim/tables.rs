//! The table: every attribute of users and groups. Everything else reads it.

use super::schema::{Attribute, Returned, Schema, Type};

/// URN of users.
pub(super) const USER_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// URN of groups.
pub(super) const GROUP_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// URN of what companies add to users.
pub(super) const ENTERPRISE_URN: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Attributes of RFC 7643 that are taken without complaint and not kept. Identity providers send some of them by
/// default, and an answer of "no such path" would stop the rest of their change. A password is never ours to hold.
pub(super) const NOT_KEPT: &[&str] =
    &["password", "addresses", "ims", "entitlements", "x509Certificates", "profileUrl"];

const META: &[Attribute] = &[
    Attribute::text("resourceType", "Name of the resource type.").read_only().exact(),
    Attribute::new("created", Type::DateTime, "When the resource was added.").read_only(),
    Attribute::new("lastModified", Type::DateTime, "When it last changed.").read_only(),
    Attribute::reference("location", &["uri"], "Where it is.").read_only(),
    Attribute::text("version", "Entity tag of what is there now.").read_only().exact(),
];

/// Attributes every resource has without any schema saying so (RFC 7643, section 3.1).
pub(super) const COMMON: &[Attribute] = &[
    Attribute::reference("schemas", &["uri"], "URNs of the schemas in use.")
        .multi()
        .read_only()
        .returned(Returned::Always),
    Attribute::text("id", "Identifier given by the service.")
        .exact()
        .unique()
        .read_only()
        .returned(Returned::Always),
    Attribute::text("externalId", "Identifier given by the client.").exact(),
    Attribute::complex("meta", META, "About the resource itself.").read_only(),
];

const NAME: &[Attribute] = &[
    Attribute::text("formatted", "The whole name as it is shown."),
    Attribute::text("familyName", "Family name."),
    Attribute::text("givenName", "Given name."),
    Attribute::text("middleName", "Middle names."),
    Attribute::text("honorificPrefix", "What stands before the name, such as a title."),
    Attribute::text("honorificSuffix", "What stands behind the name."),
];

const DISPLAY: Attribute = Attribute::text("display", "What people are shown.");
const PRIMARY: Attribute =
    Attribute::flag("primary", "Whether it is the one to prefer; true for one at most.");
const LABEL: Attribute = Attribute::text("type", "What it is for.");

const EMAILS: &[Attribute] =
    &[Attribute::text("value", "Mail address."), DISPLAY, LABEL.usual(&["work", "home", "other"]), PRIMARY];

const PHONES: &[Attribute] = &[
    Attribute::text("value", "Number."),
    DISPLAY,
    LABEL.usual(&["work", "home", "mobile", "fax", "pager", "other"]),
    PRIMARY,
];

const PHOTOS: &[Attribute] = &[
    Attribute::reference("value", &["external"], "Where the picture is."),
    DISPLAY,
    LABEL.usual(&["photo", "thumbnail"]),
    PRIMARY,
];

const ROLES: &[Attribute] = &[Attribute::text("value", "Name of the role."), DISPLAY, LABEL, PRIMARY];

const GROUPS: &[Attribute] = &[
    Attribute::text("value", "Identifier of the group.").exact().read_only(),
    Attribute::reference("$ref", &["Group"], "Where the group is.").read_only(),
    Attribute::text("display", "Name of the group.").read_only(),
    Attribute::text("type", "How the membership came about.").only(&["direct"]).read_only(),
];

/// Users.
pub(super) const USER: Schema = Schema {
    id: USER_URN,
    name: "User",
    description: "A person's account",
    attributes: &[
        Attribute::text("userName", "Name to sign in with; compared without case.").required().unique(),
        Attribute::complex("name", NAME, "Parts of the person's name."),
        Attribute::text("displayName", "Name shown to others."),
        Attribute::text("nickName", "What the person is called in passing."),
        Attribute::text("title", "Position in the company."),
        Attribute::text("userType", "Relation to the company, such as employee or contractor."),
        Attribute::text("preferredLanguage", "Language the person reads."),
        Attribute::text("locale", "How dates and numbers are written for the person."),
        Attribute::text("timezone", "Time zone, as in the IANA database."),
        Attribute::flag("active", "Whether the person may sign in."),
        Attribute::complex("emails", EMAILS, "Mail addresses.").multi(),
        Attribute::complex("phoneNumbers", PHONES, "Telephone numbers.").multi(),
        Attribute::complex("photos", PHOTOS, "Pictures of the person.").multi(),
        Attribute::complex("groups", GROUPS, "Groups the person is a member of.").multi().read_only(),
        Attribute::complex("roles", ROLES, "Roles of the person.").multi(),
    ],
};

const MANAGER: &[Attribute] = &[
    Attribute::text("value", "Identifier of the manager.").exact(),
    Attribute::text("displayName", "Name of the manager.").read_only(),
];

/// What companies add to users.
pub(super) const ENTERPRISE: Schema = Schema {
    id: ENTERPRISE_URN,
    name: "EnterpriseUser",
    description: "What companies keep about a person",
    attributes: &[
        Attribute::text("employeeNumber", "Number the company gave the person."),
        Attribute::text("costCenter", "Cost centre."),
        Attribute::text("organization", "Organisation."),
        Attribute::text("division", "Division."),
        Attribute::text("department", "Department."),
        Attribute::complex("manager", MANAGER, "Who the person reports to."),
    ],
};

const MEMBERS: &[Attribute] = &[
    Attribute::text("value", "Identifier of the user.").exact().immutable(),
    Attribute::reference("$ref", &["User"], "Where the user is.").immutable().derived(),
    Attribute::text("type", "What kind of resource the member is.").only(&["User"]).immutable(),
    Attribute::text("display", "Name of the user.").read_only().returned(Returned::Request),
];

/// Groups.
pub(super) const GROUP: Schema = Schema {
    id: GROUP_URN,
    name: "Group",
    description: "A group of people",
    attributes: &[
        Attribute::text("displayName", "Name of the group.").required(),
        Attribute::complex("members", MEMBERS, "Who is in it.").multi(),
    ],
};
