DROP INDEX identities_login;
DROP TABLE scim_resources;
DROP TABLE scim_tokens;
