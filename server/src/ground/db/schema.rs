//! The tables, once for both databases. Migrations make them; a test proves that both databases agree.

diesel::table! { archive (id) { id -> Integer, uid -> Binary, created_at -> BigInt, } }

diesel::table! {
    journal_head (id) {
        id -> Integer, epoch -> BigInt, position -> BigInt, control_position -> BigInt, last_at -> BigInt,
    }
}

diesel::table! {
    journal (position) {
        position -> BigInt, record -> Binary, stream -> Binary, seq -> Nullable<BigInt>, kind -> Integer,
        header -> Binary,
    }
}

diesel::table! {
    payloads (record) { record -> Binary, data_key -> Binary, nonce -> Binary, ciphertext -> Binary, }
}

diesel::table! {
    sent (author, client_id) { author -> Binary, client_id -> Binary, record -> Binary, at -> BigInt, }
}

diesel::table! {
    people (id) {
        id -> Binary, username -> Text, name -> Text, roles -> Integer, status -> Nullable<Binary>,
        password -> Nullable<Text>, suspended_at -> Nullable<BigInt>, created_at -> BigInt,
        own_roles -> Integer, linked -> Bool, email -> Nullable<Text>, title -> Nullable<Text>,
        department -> Nullable<Text>, suspended_by -> Nullable<Binary>, owner -> Nullable<Binary>,
        sponsor -> Nullable<Binary>, ends_at -> Nullable<BigInt>,
        manager -> Nullable<Binary>, photo -> Nullable<Text>,
    }
}

diesel::table! {
    people_photos (person) { person -> Binary, source -> Binary, original -> Binary, picture -> Binary, }
}

diesel::table! {
    sources (id) {
        id -> Binary, kind -> Integer, name -> Text, enabled -> Bool, place -> Integer, settings -> Binary,
        secret -> Nullable<Binary>, revision -> BigInt, created_at -> BigInt, changed_at -> BigInt,
    }
}

diesel::table! {
    mail_settings (id) { id -> Integer, document -> Binary, revision -> BigInt, changed_at -> BigInt, }
}

diesel::table! {
    identities (source, subject) {
        source -> Binary, subject -> Text, person -> Binary, login -> Text, linked_at -> BigInt,
        seen_at -> Nullable<BigInt>, standing -> Integer,
    }
}

diesel::table! {
    people_groups (id) {
        id -> Binary, source -> Nullable<Binary>, subject -> Nullable<Text>, name -> Text, roles -> Integer,
        created_at -> BigInt, gone_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    people_group_members (people_group, person) { people_group -> Binary, person -> Binary, }
}

diesel::table! {
    syncs (id) {
        id -> Binary, source -> Binary, dry -> Bool, state -> Integer, asked_by -> Nullable<Binary>,
        started_at -> BigInt, alive_at -> BigInt, ended_at -> Nullable<BigInt>, summary -> Text,
        report -> Nullable<Binary>,
    }
}

diesel::table! {
    scim_tokens (id) {
        id -> Binary, source -> Binary, name -> Text, token_hash -> Binary, write -> Bool, created_at -> BigInt,
        created_by -> Nullable<Binary>, expires_at -> BigInt, last_used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    scim_resources (source, id) {
        source -> Binary, id -> Binary, kind -> Integer, external_id -> Nullable<Text>, name_key -> Text,
        document -> Binary, version -> BigInt, created_at -> BigInt, changed_at -> BigInt,
    }
}

diesel::table! {
    factors (id) {
        id -> Binary, person -> Binary, kind -> Integer, name -> Text, content -> Binary,
        credential_hash -> Nullable<Binary>, created_at -> BigInt, last_used_at -> Nullable<BigInt>,
        last_step -> Nullable<BigInt>,
    }
}

diesel::table! {
    emergency (person) {
        person -> Binary, active -> Bool, networks -> Text, changed_at -> BigInt, used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    policy_items (kind, name) {
        kind -> Integer, name -> Text, place -> Integer, version -> Integer, in_force -> Bool,
        content -> Nullable<Binary>, draft -> Nullable<Binary>, draft_by -> Nullable<Binary>,
        draft_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    policy_versions (kind, name, version) {
        kind -> Integer, name -> Text, version -> Integer, in_force -> Bool, content -> Binary, at -> BigInt,
        asked_by -> Nullable<Binary>, agreed_by -> Nullable<Binary>, record -> Binary,
    }
}

diesel::table! {
    requests (id) {
        id -> Binary, act -> Integer, state -> Integer, content -> Binary, reason -> Binary, asked_by -> Binary,
        asked_at -> BigInt, lapses_at -> BigInt, decided_by -> Nullable<Binary>, decided_at -> Nullable<BigInt>,
        answer -> Nullable<Binary>,
    }
}

diesel::table! {
    waiting (attempt) {
        attempt -> Binary, author -> Binary, conversation -> Binary, at -> BigInt, state -> Integer,
        decision -> Nullable<Binary>, decided_at -> Nullable<BigInt>, put_away -> Bool,
    }
}

diesel::table! {
    backtests (id) {
        id -> Binary, rule -> Text, state -> Integer, asked_by -> Binary, asked_at -> BigInt,
        first_position -> BigInt, last_position -> BigInt, position -> BigInt, alive_at -> BigInt, plan -> Binary,
        found -> Nullable<Binary>,
    }
}

diesel::table! {
    policy_acceptances (person, version) { person -> Binary, version -> Integer, at -> BigInt, record -> Binary, }
}

diesel::table! {
    spent (hash) { hash -> Binary, expires_at -> BigInt, }
}

diesel::table! {
    preferences (person) {
        person -> Binary, revision -> BigInt, document -> Binary, changed_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Binary, person -> Binary, token_hash -> Binary, device -> Text, address -> Text,
        created_at -> BigInt, seen_at -> BigInt, expires_at -> BigInt, source -> Nullable<Binary>,
        provider_session -> Nullable<Text>, id_token -> Nullable<Binary>, proven_at -> BigInt, scopes -> Nullable<Integer>,
    }
}

diesel::table! {
    links (id) {
        id -> Binary, kind -> Integer, person -> Nullable<Binary>, token_hash -> Binary, created_at -> BigInt,
        expires_at -> BigInt, used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    login_delays (subject) { subject -> Binary, failures -> Integer, until -> BigInt, changed_at -> BigInt, }
}

diesel::table! {
    conversations (id) {
        id -> Binary, kind -> Integer, pair -> Nullable<Binary>, name -> Nullable<Binary>,
        topic -> Nullable<Binary>, last_seq -> BigInt, last_ordinal -> BigInt, last_at -> BigInt, open -> Bool,
    }
}

diesel::table! {
    members (conversation, person) {
        conversation -> Binary, person -> Binary, role -> Integer, since_seq -> BigInt,
        until_seq -> Nullable<BigInt>, since_ordinal -> BigInt,
    }
}

diesel::table! {
    messages (id) {
        id -> Binary, conversation -> Binary, seq -> BigInt, ordinal -> BigInt, author -> Binary, at -> BigInt,
        current_record -> Binary, edited_at -> Nullable<BigInt>, deleted_at -> Nullable<BigInt>,
        revision -> BigInt, reply_to -> Nullable<Binary>, thread_root -> Nullable<Binary>,
        reactions -> Nullable<Binary>, urgent -> Bool, acknowledged -> Nullable<Binary>,
    }
}

diesel::table! {
    marks (conversation, person) {
        conversation -> Binary, person -> Binary, read_ordinal -> BigInt, received_ordinal -> BigInt,
        read_at -> Nullable<BigInt>, read_by -> Nullable<Binary>,
    }
}

diesel::table! { followers (name) { name -> Text, position -> BigInt, } }

diesel::table! {
    mail_pairs (person, conversation) {
        person -> Binary, conversation -> Binary, due_at -> Nullable<BigInt>, wait -> Integer, mentioned -> BigInt,
        urgent -> BigInt, next_at -> BigInt, mailed_at -> Nullable<BigInt>, why -> Integer,
        told -> BigInt,
    }
}

diesel::table! {
    mails (id) {
        id -> Binary, kind -> Integer, person -> Binary, conversation -> Nullable<Binary>, at -> BigInt,
        state -> Integer, due_at -> BigInt, expires_at -> BigInt, attempts -> Integer, tried_at -> Nullable<BigInt>,
        sent_at -> Nullable<BigInt>, link -> Nullable<Binary>, content -> Nullable<Binary>,
        reason -> Nullable<Binary>, address -> Nullable<Text>,
    }
}

diesel::table! {
    mail_decisions (id) {
        id -> Binary, person -> Binary, conversation -> Nullable<Binary>, at -> BigInt, why -> Integer,
        read_at -> Nullable<BigInt>, read_by -> Nullable<Binary>, mail -> Nullable<Binary>,
    }
}

diesel::table! {
    drafts (conversation, person) {
        conversation -> Binary, person -> Binary, text -> Binary, changed_at -> BigInt,
        urgent -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    journal,
    payloads,
    people,
    people_photos,
    sessions,
    links,
    conversations,
    members,
    messages,
    marks,
    drafts,
    sent,
    sources,
    identities,
    people_groups,
    people_group_members,
    emergency,
    policy_acceptances,
    mail_pairs,
    mails,
    mail_decisions,
);

/// The key store's own tables.
pub mod keys {
    diesel::table! { key_store (id) { id -> Integer, archive_uid -> Binary, } }

    diesel::table! {
        wrapping_keys (id) {
            id -> Binary, period -> Integer, nonce -> Binary, wrapped -> Binary, created_at -> BigInt,
        }
    }

    diesel::table! {
        data_keys (id) {
            id -> Binary, scope -> Integer, subject -> Binary, month -> Integer, wrapping_key -> Binary,
            nonce -> Binary, wrapped -> Binary, created_at -> BigInt,
        }
    }
}
