//! The routes.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use chancery_protocol::approvals::RequestMade;
use chancery_protocol::groups::{ChangeGroupMembers, MakeGroup, RenameGroup, SetGroupRoles};
use chancery_protocol::ids::{GroupId, PersonId, SourceId, SyncId, TokenId};
use chancery_protocol::sources::{IssueToken, LinkIdentity, NewIdentity, SetSource, StartSync, TestSource};

use super::Provisioning;
use crate::access::act::{LinkIdentities, ReadAccounts, ReadSources, SetGroups, SetSources};
use crate::access::{Guard, Route, answer, done, route};
use crate::ground::db::blocking;

type Answer = Result<HttpResponse, actix_web::Error>;

/// The table.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/sources", sources),
        route(Method::POST, "/sources", make),
        // Before the paths in which anything may stand there.
        route(Method::POST, "/sources/test", test),
        route(Method::PUT, "/sources/{source}", change),
        route(Method::DELETE, "/sources/{source}", remove),
        route(Method::GET, "/sources/{source}/syncs", syncs),
        route(Method::POST, "/sources/{source}/syncs", start_sync),
        route(Method::GET, "/syncs/{sync}", sync_report),
        route(Method::GET, "/sources/{source}/tokens", tokens),
        route(Method::POST, "/sources/{source}/tokens", issue_token),
        route(Method::DELETE, "/sources/{source}/tokens/{token}", revoke_token),
        route(Method::GET, "/people/{person}/identities", identities),
        route(Method::POST, "/identities", link),
        route(Method::POST, "/identities/remove", unlink),
        route(Method::GET, "/groups", groups),
        route(Method::POST, "/groups", make_group),
        route(Method::PUT, "/groups/{group}", rename_group),
        route(Method::DELETE, "/groups/{group}", remove_group),
        route(Method::GET, "/groups/{group}/members", members),
        route(Method::POST, "/groups/{group}/members", change_members),
        route(Method::PUT, "/groups/{group}/roles", set_roles),
    ]
}

/// `GET /sources`.
async fn sources(guard: Guard<ReadSources>) -> Answer {
    let part: Provisioning = guard.part()?;
    Ok(answer(StatusCode::OK, &blocking(move || part.sources()).await?))
}

/// `POST /sources`.
async fn make(mut guard: Guard<SetSources>) -> Answer {
    let (form, part): (SetSource, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    Ok(answer(StatusCode::CREATED, &blocking(move || part.make_source(&form, by)).await?))
}

/// `POST /sources/test`: tries what was entered; nothing is kept.
async fn test(mut guard: Guard<SetSources>) -> Answer {
    let (form, part): (TestSource, Provisioning) = (guard.body().await?, guard.part()?);
    Ok(answer(StatusCode::OK, &part.test_source(form).await?))
}

/// `PUT /sources/{source}`.
async fn change(mut guard: Guard<SetSources>) -> Answer {
    let id: SourceId = guard.path("source")?;
    let (form, part): (SetSource, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || part.change_source(id, &form, by)).await?;
    Ok(done())
}

/// `DELETE /sources/{source}`: one nobody came from.
async fn remove(guard: Guard<SetSources>) -> Answer {
    let (id, part): (SourceId, Provisioning) = (guard.path("source")?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || part.remove_source(id, by)).await?;
    Ok(done())
}

/// `GET /sources/{source}/syncs`.
async fn syncs(guard: Guard<ReadSources>) -> Answer {
    let (id, part): (SourceId, Provisioning) = (guard.path("source")?, guard.part()?);
    Ok(answer(StatusCode::OK, &blocking(move || part.syncs(id)).await?))
}

/// `POST /sources/{source}/syncs`: begins a run, which goes on by itself.
async fn start_sync(mut guard: Guard<SetSources>) -> Answer {
    let id: SourceId = guard.path("source")?;
    let (form, part): (StartSync, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    Ok(answer(StatusCode::ACCEPTED, &blocking(move || part.ask_for_sync(id, form, by)).await?))
}

/// `GET /syncs/{sync}`.
async fn sync_report(guard: Guard<ReadSources>) -> Answer {
    let (id, part): (SyncId, Provisioning) = (guard.path("sync")?, guard.part()?);
    Ok(answer(StatusCode::OK, &blocking(move || part.sync_report(id)).await?))
}

/// `GET /sources/{source}/tokens`.
async fn tokens(guard: Guard<ReadSources>) -> Answer {
    let (id, part): (SourceId, Provisioning) = (guard.path("source")?, guard.part()?);
    Ok(answer(StatusCode::OK, &blocking(move || part.tokens(id)).await?))
}

/// `POST /sources/{source}/tokens`: the token is in this answer and nowhere else.
async fn issue_token(mut guard: Guard<SetSources>) -> Answer {
    let id: SourceId = guard.path("source")?;
    let (form, part): (IssueToken, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    Ok(answer(StatusCode::CREATED, &blocking(move || part.issue_token(id, &form, by)).await?))
}

/// `DELETE /sources/{source}/tokens/{token}`.
async fn revoke_token(guard: Guard<SetSources>) -> Answer {
    let (id, token): (SourceId, TokenId) = (guard.path("source")?, guard.path("token")?);
    let part: Provisioning = guard.part()?;
    let by = guard.caller().person;
    blocking(move || part.revoke_token(id, token, by)).await?;
    Ok(done())
}

/// `GET /people/{person}/identities`.
async fn identities(guard: Guard<ReadAccounts>) -> Answer {
    let (person, part): (PersonId, Provisioning) = (guard.path("person")?, guard.part()?);
    Ok(answer(StatusCode::OK, &blocking(move || part.identities(person)).await?))
}

/// `POST /identities`: done, or answered with the request that waits for a second person.
async fn link(mut guard: Guard<LinkIdentities>) -> Answer {
    let (form, part): (NewIdentity, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    let waits = blocking(move || part.link(&form, by)).await?;
    Ok(waits.map_or_else(done, |id| answer(StatusCode::ACCEPTED, &RequestMade { id })))
}

/// `POST /identities/remove`; a subject may hold anything, so it stands in the body.
async fn unlink(mut guard: Guard<LinkIdentities>) -> Answer {
    let (form, part): (LinkIdentity, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || part.unlink(&form, by)).await?;
    Ok(done())
}

/// `GET /groups`.
async fn groups(guard: Guard<ReadAccounts>) -> Answer {
    let part: Provisioning = guard.part()?;
    Ok(answer(StatusCode::OK, &blocking(move || part.groups()).await?))
}

/// `POST /groups`.
async fn make_group(mut guard: Guard<SetGroups>) -> Answer {
    let (form, part): (MakeGroup, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    Ok(answer(StatusCode::CREATED, &blocking(move || part.make_group(&form, by)).await?))
}

/// `PUT /groups/{group}`: one made here.
async fn rename_group(mut guard: Guard<SetGroups>) -> Answer {
    let group: GroupId = guard.path("group")?;
    let (form, part): (RenameGroup, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || part.rename_group(group, &form, by)).await?;
    Ok(done())
}

/// `DELETE /groups/{group}`: one made here.
async fn remove_group(guard: Guard<SetGroups>) -> Answer {
    let (group, part): (GroupId, Provisioning) = (guard.path("group")?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || part.remove_group(group, by)).await?;
    Ok(done())
}

/// `POST /groups/{group}/members`: into one made here, and out of it.
async fn change_members(mut guard: Guard<SetGroups>) -> Answer {
    let group: GroupId = guard.path("group")?;
    let (form, part): (ChangeGroupMembers, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || part.change_group_members(group, &form, by)).await?;
    Ok(done())
}

/// `GET /groups/{group}/members`.
async fn members(guard: Guard<ReadAccounts>) -> Answer {
    let (group, part): (GroupId, Provisioning) = (guard.path("group")?, guard.part()?);
    Ok(answer(StatusCode::OK, &blocking(move || part.group_members(group)).await?))
}

/// `PUT /groups/{group}/roles`.
async fn set_roles(mut guard: Guard<SetGroups>) -> Answer {
    let group: GroupId = guard.path("group")?;
    let (form, part): (SetGroupRoles, Provisioning) = (guard.body().await?, guard.part()?);
    let by = guard.caller().person;
    blocking(move || part.set_group_roles(group, &form, by)).await?;
    Ok(done())
}
