//! Groups made here: who makes, fills and removes them, and that what they let people do comes and goes with them.

use std::collections::BTreeSet;

use chancery_ledger::Kind;
use chancery_protocol::audit::{AuditDetail, AuditPage};
use chancery_protocol::groups::{ChangeGroupMembers, MAX_GROUP_NAME, MAX_MEMBERS_CHANGED, SetGroupRoles};
use chancery_protocol::ids::{GroupId, Id, PersonId};
use chancery_protocol::person::Role;
use chancery_protocol::sources::ScimSettings;
use chancery_tests::archive::Archive;
use chancery_tests::house::House;
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::scim::{Provider, scim};
use reqwest::Method;
use serde_json::json;

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    result.unwrap_err().code().to_owned()
}

/// What of the request was wrong.
fn field(refused: &Refusal) -> Option<&str> {
    refused.problem.as_ref()?.field.as_deref()
}

async fn roles(house: &House, person: PersonId) -> Vec<Role> {
    house.admin.account(person).await.unwrap().roles
}

/// Whether an open session of somebody reads the audit log.
async fn reads_audit(caller: &Caller) -> bool {
    caller.call::<AuditPage>(Method::GET, "/audit?limit=1", None::<&()>).await.is_ok()
}

async fn invite_many(house: &House, count: usize) -> Vec<PersonId> {
    let mut people = Vec::new();
    for number in 0..count {
        let name = format!("many{number}");
        people.push(house.admin.invite(&name, &name, &[Role::Employee]).await.unwrap().id);
    }
    people
}

on_both_databases! {
    async fn what_a_group_gives_comes_and_goes_with_its_members(kind) {
        let mut house = House::with_people(kind, 2).await;
        let [ada, bela] = [house.people[0].clone(), house.people[1].clone()];
        let admin = house.admin.clone();
        let group = admin.make_group("  Auditors of the house ", &[]).await.unwrap();
        let shown = admin.user_groups().await.unwrap().remove(0);
        assert_eq!((shown.id, shown.name.as_str(), shown.source, shown.members), (group, "Auditors of the house", None, 0));

        admin.move_members(group, &[ada.id(), bela.id()], &[]).await.unwrap();
        assert_eq!(admin.members_of(group).await.unwrap(), [ada.id(), bela.id()]);
        assert!(!reads_audit(&ada).await);
        admin.set_group_roles(group, &[Role::Auditor]).await.unwrap();
        assert!(reads_audit(&ada).await, "at once, in the session that is open");
        assert_eq!(roles(&house, bela.id()).await, [Role::Employee, Role::Auditor]);
        assert_eq!(house.admin.account(bela.id()).await.unwrap().own_roles, [Role::Employee]);

        // The same again changes nothing and writes nothing.
        let before = Archive::read(house.storage()).headers.len();
        admin.move_members(group, &[ada.id()], &[]).await.unwrap();
        assert_eq!(Archive::read(house.storage()).headers.len(), before);
        admin.move_members(group, &[], &[ada.id()]).await.unwrap();
        assert!(!reads_audit(&ada).await);

        admin.rename_group(group, "Auditors of the house", "Overseers").await.unwrap();
        assert_eq!(code(admin.rename_group(group, "Auditors of the house", "Others").await), "outdated");
        house.server.kill().await;
        house.server.start_again().await;
        let shown = admin.user_groups().await.unwrap().remove(0);
        assert_eq!((shown.name.as_str(), shown.members, shown.roles), ("Overseers", 1, vec![Role::Auditor]));
        assert!(reads_audit(&bela).await);

        let auditor = house.invite_and_redeem("auditor", &[Role::Auditor]).await;
        admin.remove_group(group).await.unwrap();
        assert!(!reads_audit(&bela).await, "a group that goes takes along what it gave");
        assert!(admin.user_groups().await.unwrap().is_empty());
        for gone in [
            admin.remove_group(group).await,
            admin.rename_group(group, "Overseers", "Others").await,
            admin.move_members(group, &[ada.id()], &[]).await,
            admin.set_group_roles(group, &[]).await,
        ] {
            assert_eq!(code(gone), "not_found");
        }

        // Made, given roles, renamed, removed; filled, left, left.
        let archive = Archive::read(house.storage());
        archive.assert_dense(house.storage());
        assert_eq!([Kind::GroupSet, Kind::GroupMembers].map(|kind| archive.count(kind)), [4, 3]);
        let root = admin.id().bytes();
        for header in archive.headers.iter().filter(|header| matches!(header.kind, Kind::GroupSet | Kind::GroupMembers)) {
            assert_eq!((header.actor, header.target), (Some(root), Some(group.bytes())));
        }
        let last = archive.headers.iter().rfind(|header| header.kind == Kind::GroupSet).unwrap();
        let path = format!("/audit/{}", last.position);
        let entry: AuditDetail = auditor.call(Method::GET, &path, None::<&()>).await.unwrap();
        let body = serde_json::to_value(&entry).unwrap().to_string();
        assert!(body.contains("Overseers") && body.contains("gone") && body.contains("local"), "{body}");
    }

    async fn names_are_plain_and_used_once(kind) {
        let house = House::with_people(kind, 0).await;
        let admin = &house.admin;
        let cafe = admin.make_group("Café", &[]).await.unwrap();
        for (name, expected) in [
            ("  ", "name_empty"),
            ("a\u{202e}b", "control_character"),
            ("a\nb", "control_character"),
            (&"x".repeat(MAX_GROUP_NAME + 1), "name_too_long"),
            ("CAFE", "group_name_taken"),
        ] {
            let refused = admin.make_group(name, &[]).await.unwrap_err();
            assert_eq!((refused.code(), field(&refused)), (expected, Some("name")));
        }
        let longest = "é".repeat(MAX_GROUP_NAME);
        let other = admin.make_group(&longest, &[]).await.unwrap();
        assert_eq!(code(admin.rename_group(other, &longest, "café").await), "group_name_taken");
        admin.rename_group(cafe, "Café", "CAFÉ").await.unwrap();
        admin.rename_group(cafe, "out of date", "CAFÉ").await.unwrap();
        admin.remove_group(cafe).await.unwrap();
        admin.rename_group(other, &longest, "Cafe").await.unwrap();
    }

    async fn nobody_gives_themselves_anything(kind) {
        let house = House::with_people(kind, 1).await;
        let (admin, ada) = (&house.admin, house.people[0].id());
        let second = house.invite_and_redeem("second", &[Role::Employee, Role::ItAdmin]).await;
        let group = admin.make_group("Officers", &[Role::ComplianceOfficer]).await.unwrap();
        assert_eq!(code(admin.move_members(group, &[ada, admin.id()], &[]).await), "own_account");
        assert!(admin.members_of(group).await.unwrap().is_empty(), "nothing was done by halves");
        second.move_members(group, &[admin.id()], &[]).await.unwrap();
        for refused in [
            admin.move_members(group, &[ada], &[]).await,
            admin.move_members(group, &[], &[admin.id()]).await,
            admin.rename_group(group, "Officers", "Others").await,
            admin.set_group_roles(group, &[Role::Auditor]).await,
            admin.remove_group(group).await,
        ] {
            assert_eq!(code(refused), "own_account");
        }
        // Into one that gives nothing they may come; from then on they change it no more.
        let plain = admin.make_group("Readers", &[]).await.unwrap();
        admin.move_members(plain, &[admin.id(), ada], &[]).await.unwrap();
        assert_eq!(admin.members_of(plain).await.unwrap().len(), 2);
        assert_eq!(code(admin.set_group_roles(plain, &[Role::Auditor]).await), "own_account");
        second.set_group_roles(plain, &[Role::Auditor]).await.unwrap();
        assert_eq!(roles(&house, admin.id()).await, [Role::Employee, Role::ItAdmin, Role::ComplianceOfficer, Role::Auditor]);
    }

    async fn what_changed_meanwhile_is_not_overwritten(kind) {
        let house = House::with_people(kind, 2).await;
        let (admin, ada, bela) = (&house.admin, house.people[0].id(), house.people[1].id());
        let group = admin.make_group("Desk", &[]).await.unwrap();
        admin.set_group_roles(group, &[Role::Auditor]).await.unwrap();
        // Decided when the group gave nothing yet.
        let form = ChangeGroupMembers { add: vec![ada], remove: Vec::new(), roles: Some(Vec::new()) };
        let path = format!("/groups/{group}/members");
        let refused = admin.tell(Method::POST, &path, Some(&form)).await.unwrap_err();
        assert_eq!((refused.code(), field(&refused)), ("outdated", Some("roles")));
        assert!(admin.members_of(group).await.unwrap().is_empty());
        let form = ChangeGroupMembers { roles: Some(vec![Role::Auditor]), ..form };
        admin.tell(Method::POST, &path, Some(&form)).await.unwrap();
        assert_eq!(code(admin.move_members(group, &[bela], &[bela]).await), "bad_request");
        let nobody = PersonId::from_bytes([7; 16]);
        assert_eq!(code(admin.move_members(group, &[bela, nobody], &[]).await), "person_not_found");
        admin.move_members(group, &[], &[nobody]).await.unwrap();
        assert_eq!(admin.members_of(group).await.unwrap(), [ada]);
        let form = SetGroupRoles { roles: Vec::new(), was: Some(vec![Role::ItAdmin]) };
        let refused = admin.tell(Method::PUT, &format!("/groups/{group}/roles"), Some(&form)).await;
        assert_eq!(code(refused), "outdated");
    }

    async fn a_guest_stays_nothing_else(kind) {
        let house = House::with_people(kind, 1).await;
        let (admin, ada) = (&house.admin, house.people[0].id());
        let guest = admin.invite("visitor", "Vera Visitor", &[Role::Guest]).await.unwrap().id;
        let group = admin.make_group("Officers", &[Role::ComplianceOfficer]).await.unwrap();
        let refused = admin.move_members(group, &[ada, guest], &[]).await.unwrap_err();
        assert_eq!((refused.code(), field(&refused)), ("guest_alone", Some("add")));
        assert!(admin.members_of(group).await.unwrap().is_empty());
        let plain = admin.make_group("Visitors", &[]).await.unwrap();
        admin.move_members(plain, &[guest], &[]).await.unwrap();
        assert_eq!(code(admin.set_group_roles(plain, &[Role::Employee]).await), "guest_alone");
        assert_eq!(roles(&house, guest).await, [Role::Guest]);
        assert_eq!(code(admin.make_group("More visitors", &[Role::Guest]).await), "guest_alone");
        admin.move_members(plain, &[ada], &[guest]).await.unwrap();
        admin.set_group_roles(plain, &[Role::Auditor]).await.unwrap();
        assert_eq!(roles(&house, ada).await, [Role::Employee, Role::Auditor]);
    }

    async fn groups_of_a_source_are_changed_there(kind) {
        let house = House::with_people(kind, 1).await;
        let (admin, ada) = (&house.admin, house.people[0].id());
        let source = admin.make_source(&scim("Our provider", ScimSettings::default())).await.unwrap();
        let provider = Provider::of(admin, source).await;
        let theirs: GroupId = provider.make("/Groups", json!({"displayName": "Legal"})).await.parse().unwrap();
        for refused in [
            admin.rename_group(theirs, "Legal", "Law").await,
            admin.move_members(theirs, &[ada], &[]).await,
            admin.remove_group(theirs).await,
        ] {
            assert_eq!(code(refused), "group_from_source");
        }
        // What it lets people do is set here, and one made here may be called the same.
        admin.set_group_roles(theirs, &[Role::Auditor]).await.unwrap();
        admin.make_group("Legal", &[]).await.unwrap();
        assert_eq!(admin.user_groups().await.unwrap().len(), 2);
    }

    async fn five_hundred_come_and_go_at_once_and_no_more(kind) {
        let house = House::with_people(kind, 0).await;
        let admin = &house.admin;
        let people = invite_many(&house, MAX_MEMBERS_CHANGED + 1).await;
        let group = admin.make_group("Everybody", &[Role::Auditor]).await.unwrap();
        assert_eq!(code(admin.move_members(group, &people, &[]).await), "too_many_people");
        assert_eq!(code(admin.move_members(group, &people[..250], &people[250..]).await), "too_many_people");
        assert!(admin.members_of(group).await.unwrap().is_empty());
        admin.move_members(group, &people[..MAX_MEMBERS_CHANGED], &[]).await.unwrap();
        let inside: BTreeSet<PersonId> = admin.members_of(group).await.unwrap().into_iter().collect();
        assert_eq!(inside, people[..MAX_MEMBERS_CHANGED].iter().copied().collect());
        let archive = Archive::read(house.storage());
        assert_eq!(archive.count(Kind::PersonChanged), MAX_MEMBERS_CHANGED);
        assert!(archive.count(Kind::GroupMembers) > 1, "in pieces");
        assert_eq!(roles(&house, people[499]).await, [Role::Employee, Role::Auditor]);
        admin.remove_group(group).await.unwrap();
        assert_eq!(roles(&house, people[499]).await, [Role::Employee]);
        assert_eq!(house.storage().sql("SELECT count(*) FROM people_group_members"), "0");
        assert_eq!(Archive::read(house.storage()).count(Kind::PersonChanged), 2 * MAX_MEMBERS_CHANGED);
    }
}
