//! Second factors, one's own and those of others, and accounts for emergencies.

use chancery_protocol::factors::{
    AddFactor, Factors, FinishPasskey, FinishTotp, PasskeyBegun, RemoveFactor, SetEmergency, TotpBegun,
};
use chancery_protocol::ids::{FactorId, PersonId};
use chancery_ui_kit::api::{ApiClient, ClientError};

const FACTORS: &str = "/api/v1/factors";
const PEOPLE: &str = "/api/v1/people";

/// One's own.
pub async fn list(api: ApiClient) -> Result<Factors, ClientError> {
    api.get(FACTORS).await
}

/// Begins to add codes.
pub async fn begin_totp(api: ApiClient, form: &AddFactor) -> Result<TotpBegun, ClientError> {
    api.post(&format!("{FACTORS}/totp"), form).await
}

/// Adds them, with the first code.
pub async fn finish_totp(api: ApiClient, form: &FinishTotp) -> Result<(), ClientError> {
    api.tell(&format!("{FACTORS}/totp/finish"), form).await
}

/// Begins to add a passkey.
pub async fn begin_passkey(api: ApiClient, form: &AddFactor) -> Result<PasskeyBegun, ClientError> {
    api.post(&format!("{FACTORS}/passkeys"), form).await
}

/// Adds what the browser made.
pub async fn finish_passkey(api: ApiClient, form: &FinishPasskey) -> Result<(), ClientError> {
    api.tell(&format!("{FACTORS}/passkeys/finish"), form).await
}

/// Removes one of one's own.
pub async fn remove(api: ApiClient, factor: FactorId, form: &RemoveFactor) -> Result<(), ClientError> {
    api.tell(&format!("{FACTORS}/{factor}/remove"), form).await
}

/// Somebody's.
pub async fn of_person(api: ApiClient, person: PersonId) -> Result<Factors, ClientError> {
    api.get(&format!("{PEOPLE}/{person}/factors")).await
}

/// Removes all of somebody who lost them.
pub async fn remove_all(api: ApiClient, person: PersonId) -> Result<(), ClientError> {
    api.delete(&format!("{PEOPLE}/{person}/factors")).await
}

/// Says whether an account is one for emergencies.
pub async fn set_emergency(api: ApiClient, person: PersonId, form: &SetEmergency) -> Result<(), ClientError> {
    api.put(&format!("{PEOPLE}/{person}/emergency"), form).await
}
