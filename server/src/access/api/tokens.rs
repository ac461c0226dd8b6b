//! `/tokens`, `/people/{person}/tokens`, `/bots`: access tokens, and bots, which act by nothing else.

use actix_web::http::StatusCode;
use chancery_protocol::ids::{PersonId, SessionId};
use chancery_protocol::tokens::{IssueAccessToken, MakeBot, SetBotOwner};

use super::Answer;
use crate::access::accounts::By;
use crate::access::act::{OwnTokens, RevokeTokens, RunBots};
use crate::access::guard::{Guard, answer, done};

/// `GET /tokens`: one's own.
pub async fn own(guard: Guard<OwnTokens>) -> Answer {
    let tokens = guard.run(|access, caller| access.tokens(caller.person)).await?;
    Ok(answer(StatusCode::OK, &tokens))
}

/// `POST /tokens`: issues one to oneself.
pub async fn issue_own(mut guard: Guard<OwnTokens>) -> Answer {
    let form: IssueAccessToken = guard.body().await?;
    let issued =
        guard.run(move |access, caller| access.issue_token(caller.person, &form, By::caller(caller))).await?;
    Ok(answer(StatusCode::CREATED, &issued))
}

/// `DELETE /tokens/{token}`: revokes one of one's own.
pub async fn revoke_own(guard: Guard<OwnTokens>) -> Answer {
    let token: SessionId = guard.path("token")?;
    guard.run(move |access, caller| access.revoke_token(caller.person, token, caller.person)).await?;
    Ok(done())
}

/// `GET /people/{person}/tokens`.
pub async fn of_person(guard: Guard<RevokeTokens>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let tokens = guard.run(move |access, _| access.tokens(person)).await?;
    Ok(answer(StatusCode::OK, &tokens))
}

/// `POST /people/{person}/tokens`: issues one to a bot.
pub async fn issue(mut guard: Guard<RunBots>) -> Answer {
    let person: PersonId = guard.path("person")?;
    let form: IssueAccessToken = guard.body().await?;
    let issued =
        guard.run(move |access, caller| access.issue_token(person, &form, By::caller(caller))).await?;
    Ok(answer(StatusCode::CREATED, &issued))
}

/// `DELETE /people/{person}/tokens/{token}`.
pub async fn revoke(guard: Guard<RevokeTokens>) -> Answer {
    let (person, token): (PersonId, SessionId) = (guard.path("person")?, guard.path("token")?);
    guard.run(move |access, caller| access.revoke_token(person, token, caller.person)).await?;
    Ok(done())
}

/// `POST /bots`.
pub async fn make_bot(mut guard: Guard<RunBots>) -> Answer {
    let form: MakeBot = guard.body().await?;
    let made = guard.run(move |access, caller| access.make_bot(&form, By::caller(caller))).await?;
    Ok(answer(StatusCode::CREATED, &made))
}

/// `PUT /bots/{bot}/owner`.
pub async fn set_owner(mut guard: Guard<RunBots>) -> Answer {
    let bot: PersonId = guard.path("bot")?;
    let form: SetBotOwner = guard.body().await?;
    guard.run(move |access, caller| access.set_bot_owner(bot, form.owner, By::caller(caller))).await?;
    Ok(done())
}
