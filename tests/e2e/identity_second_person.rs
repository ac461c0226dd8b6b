//! Nobody alone lets somebody into an account that may do more than chat, by linking an identity of a source to it.

use chancery_ledger::Kind;
use chancery_protocol::approvals::{ApprovalQuery, RequestState};
use chancery_protocol::audit::{AuditDetail, AuditPage};
use chancery_protocol::ids::{PersonId, SourceId};
use chancery_protocol::person::Role;
use chancery_protocol::search::{ComplianceFound, ComplianceSearch, SearchFilters};
use chancery_protocol::sources::{Identities, LinkIdentity};
use chancery_tests::archive::Archive;
use chancery_tests::house::House;
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::sign_on::ldap;
use chancery_tests::slapd::{self, Slapd};
use reqwest::Method;

use crate::directory_sign_in::{company_of, person};

/// What the administrator is called in the company's directory.
const MALLORY: &str = "mallory";
/// What the officer is called there.
const OLGA: &str = "olga.there";

/// A house with a directory that makes no accounts, a compliance officer and two leads.
struct Company {
    house: House,
    slapd: Slapd,
    source: SourceId,
    officer: PersonId,
    lead: Caller,
    other_lead: Caller,
}

impl Company {
    async fn new(house: House) -> Self {
        let slapd = company_of(&[person(MALLORY, "Mallory", ""), person(OLGA, "Olga", "")].concat());
        let mut form = ldap("Head office", slapd.settings(), slapd::READER.1);
        form.form.admission.create = false;
        let source = house.admin.make_source(&form).await.unwrap();
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await.id();
        let lead = house.invite_and_redeem("lena", &[Role::ComplianceLead]).await;
        let other_lead = house.invite_and_redeem("lara", &[Role::ComplianceLead]).await;
        Self { house, slapd, source, officer, lead, other_lead }
    }

    /// The directory's unchanging name for somebody.
    fn subject(&self, login: &str) -> String {
        self.slapd.attribute(&format!("uid={login},ou=people,{}", slapd::SUFFIX), "entryUUID")
    }

    async fn come_in(&self, login: &str) -> Result<Caller, Refusal> {
        self.house.stranger().sign_in(login, &format!("{login}-password")).await
    }

    async fn identities(&self, person: PersonId) -> Identities {
        let path = format!("/people/{person}/identities");
        self.house.admin.call(Method::GET, &path, None::<&()>).await.unwrap()
    }
}

fn code<T>(result: Result<T, Refusal>) -> (u16, String) {
    let refusal = result.err().unwrap();
    (refusal.status, refusal.code().to_owned())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

async fn entries(reader: &Caller, kinds: &str) -> Vec<AuditDetail> {
    let page: AuditPage =
        reader.call(Method::GET, &format!("/audit?limit=50&kinds={kinds}"), None::<&()>).await.unwrap();
    let mut found = Vec::new();
    for entry in page.entries {
        let path = format!("/audit/{}", entry.position);
        found.push(reader.call(Method::GET, &path, None::<&()>).await.unwrap());
    }
    found
}

on_both_databases! {
    async fn an_administrator_does_not_become_an_officer_by_a_link(kind) {
        let company = Company::new(House::with_people(kind, 1).await).await;
        let Company { house, source, officer, lead, other_lead, .. } = &company;
        let admin = &house.admin;
        // The attack: one's own name at the source, linked to the officer's account.
        let own = company.subject(MALLORY);
        let bare = LinkIdentity { source: *source, subject: own.clone(), person: *officer };
        assert_eq!(code(admin.tell(Method::POST, "/identities", Some(&bare)).await), refused(422, "reason_needed"));
        let request = admin.link(*source, &own, *officer).await.unwrap().expect("it waits for a second person");
        assert_eq!(code(company.come_in(MALLORY).await), refused(403, "not_admitted"));
        let found = company.identities(*officer).await;
        assert!(found.identities.is_empty());
        let waiting = &found.waiting[0];
        assert_eq!((waiting.request, waiting.name.as_str(), &waiting.subject), (request, "Head office", &own));

        // Neither whoever asked nor another administrator opens it, nor the officer; nor is it theirs to refuse.
        assert_eq!(code(admin.agree(request).await), refused(403, "own_request"));
        let other_admin = house.invite_and_redeem("ines", &[Role::ItAdmin]).await;
        let olga = house.stranger().sign_in("olga", chancery_tests::house::PASSWORD).await.unwrap();
        for somebody in [&other_admin, &olga, &house.people[0]] {
            assert_eq!(code(somebody.agree(request).await), refused(404, "not_found"));
        }
        assert_eq!(code(other_admin.refuse(request, "It looks wrong to me.").await), refused(404, "not_found"));
        assert_eq!(code(company.come_in(MALLORY).await), refused(403, "not_admitted"));

        // A lead sees exactly what it would open, and refuses.
        let counts = [lead.approvals_waiting().await.unwrap(), other_admin.approvals_waiting().await.unwrap()];
        assert_eq!(counts, [1, 0]);
        let shown = lead.approval(request).await.unwrap();
        let identity = shown.approval.identity.unwrap();
        assert_eq!((identity.asked.person, &identity.asked.subject), (*officer, &own));
        assert_eq!((identity.source_name.as_str(), identity.owner.unwrap().username.as_str()), ("Head office", "olga"));
        assert_eq!(identity.asked.roles, [Role::ComplianceOfficer]);
        assert!(shown.approval.may_agree && !shown.approval.may_withdraw && shown.changes.is_empty());
        let approvers: Vec<&str> = shown.approvers.iter().map(|person| person.username.as_str()).collect();
        assert_eq!(approvers, ["lara", "lena"]);
        lead.refuse(request, "This is not her name there.").await.unwrap();
        assert_eq!(code(other_lead.agree(request).await), refused(409, "already_decided"));
        assert_eq!(code(company.come_in(MALLORY).await), refused(403, "not_admitted"));

        // The officer's own name there, agreed to by a lead.
        let request = admin.link(*source, &company.subject(OLGA), *officer).await.unwrap().unwrap();
        assert_eq!(code(company.come_in(OLGA).await), refused(403, "not_admitted"));
        other_lead.agree(request).await.unwrap();
        let olga = company.come_in(OLGA).await.unwrap();
        assert_eq!(olga.id(), *officer);
        let query = ComplianceSearch {
            query: "anything".into(),
            filters: SearchFilters::default(),
            reason: "A look around.".into(),
            oldest_first: false,
            limit: None,
        };
        olga.call::<ComplianceFound>(Method::POST, "/compliance/searches", Some(&query)).await.unwrap();
        assert!(company.identities(*officer).await.waiting.is_empty());

        // The record has both, and the log names them.
        let linked = entries(lead, "identity.linked").await;
        assert_eq!(linked.len(), 1);
        let (detail, body) = (&linked[0], linked[0].entry.body.as_ref().unwrap());
        assert_eq!((detail.entry.person, detail.entry.actor), (Some(*officer), Some(other_lead.id())));
        assert_eq!(body["asked_by"], admin.id().to_string());
        assert_eq!(body["agreed_by"], other_lead.id().to_string());
        assert_eq!(body["request"], request.to_string());
        for person in [admin.id(), other_lead.id(), *officer] {
            assert!(detail.people.iter().any(|known| known.id == person), "{person} is named");
        }
        let asked = entries(lead, "request.asked").await;
        assert_eq!(asked.len(), 2);
        assert_eq!(asked[0].entry.body.as_ref().unwrap()["content"]["person"], officer.to_string());
        let archive = Archive::read(house.storage());
        let kinds = [Kind::RequestAsked, Kind::RequestRefused, Kind::RequestAgreed, Kind::IdentityLinked];
        assert_eq!(kinds.map(|kind| archive.count(kind)), [2, 1, 1, 1]);
    }

    async fn an_ordinary_account_is_linked_at_once(kind) {
        let company = Company::new(House::with_people(kind, 1).await).await;
        let ada = company.house.people[0].id();
        let bare = LinkIdentity { source: company.source, subject: company.subject(OLGA), person: ada };
        company.house.admin.tell(Method::POST, "/identities", Some(&bare)).await.unwrap();
        assert_eq!(company.come_in(OLGA).await.unwrap().id(), ada);
        assert_eq!(Archive::read(company.house.storage()).count(Kind::RequestAsked), 0);
    }

    async fn what_is_taken_back_or_lapses_opens_nothing(kind) {
        let company = Company::new(House::with_people(kind, 0).await).await;
        let Company { house, source, officer, lead, .. } = &company;
        let own = company.subject(MALLORY);
        let withdrawn = house.admin.link(*source, &own, *officer).await.unwrap().unwrap();
        assert_eq!(code(lead.withdraw(withdrawn).await), refused(409, "asked_by_another"));
        house.admin.withdraw(withdrawn).await.unwrap();
        let lapsed = house.admin.link(*source, &own, *officer).await.unwrap().unwrap();
        // As if a week had passed.
        house.storage().sql("UPDATE requests SET lapses_at = 1 WHERE state = 1");
        for over in [withdrawn, lapsed] {
            assert_eq!(code(lead.agree(over).await), refused(409, "already_decided"));
        }
        let query = ApprovalQuery { state: Some(RequestState::Lapsed), before: None };
        assert_eq!(house.admin.approvals(&query).await.unwrap().approvals[0].id, lapsed);
        assert_eq!(code(company.come_in(MALLORY).await), refused(403, "not_admitted"));
        let found = company.identities(*officer).await;
        assert!(found.identities.is_empty() && found.waiting.is_empty());
        assert_eq!(Archive::read(house.storage()).count(Kind::IdentityLinked), 0);
    }

    async fn what_is_different_by_now_is_not_agreed_to_unseen(kind) {
        let company = Company::new(House::with_people(kind, 1).await).await;
        let Company { house, source, officer, lead, .. } = &company;
        let (admin, own) = (&house.admin, company.subject(OLGA));
        let waits = async |state: RequestState, request| {
            assert_eq!(lead.approval(request).await.unwrap().approval.state, state);
        };
        let request = admin.link(*source, &own, *officer).await.unwrap().unwrap();
        admin.set_roles(*officer, &[Role::ComplianceOfficer, Role::Auditor]).await.unwrap();
        assert_eq!(code(lead.agree(request).await), refused(409, "outdated"));
        admin.set_roles(*officer, &[Role::ComplianceOfficer]).await.unwrap();
        admin.suspend(*officer).await.unwrap();
        assert_eq!(code(lead.agree(request).await), refused(409, "outdated"));
        let reinstate = format!("/people/{officer}/reinstate");
        admin.tell(Method::POST, &reinstate, None::<&()>).await.unwrap();
        waits(RequestState::Waiting, request).await;
        // Somebody else has it meanwhile; taken off again, it is free.
        let ada = LinkIdentity { source: *source, subject: own.clone(), person: house.people[0].id() };
        admin.tell(Method::POST, "/identities", Some(&ada)).await.unwrap();
        assert_eq!(code(lead.agree(request).await), refused(409, "identity_taken"));
        waits(RequestState::Waiting, request).await;
        admin.tell(Method::POST, "/identities/remove", Some(&ada)).await.unwrap();
        lead.agree(request).await.unwrap();
        waits(RequestState::Agreed, request).await;
        assert_eq!(company.come_in(OLGA).await.unwrap().id(), *officer);
    }

    async fn an_administrators_account_opens_by_another_administrator(kind) {
        let company = Company::new(House::with_people(kind, 0).await).await;
        let Company { house, source, lead, .. } = &company;
        let (admin, own) = (&house.admin, company.subject(MALLORY));
        let ines = house.invite_and_redeem("ines", &[Role::ItAdmin]).await;
        // There are two: whoever asks, and whose account it is.
        let nobody = admin.link(*source, &own, ines.id()).await.unwrap_err();
        assert_eq!((nobody.status, nobody.code()), (409, "nobody_agrees"));
        assert!(nobody.problem.unwrap().detail.unwrap().contains("an IT administrator"));
        let igor = house.invite_and_redeem("igor", &[Role::ItAdmin]).await;
        let request = admin.link(*source, &own, ines.id()).await.unwrap().unwrap();
        assert_eq!(code(admin.agree(request).await), refused(403, "own_request"));
        assert_eq!(code(ines.agree(request).await), refused(409, "own_account"));
        assert_eq!(code(lead.agree(request).await), refused(404, "not_found"));
        assert_eq!(code(company.come_in(MALLORY).await), refused(403, "not_admitted"));
        assert_eq!(igor.approvals_waiting().await.unwrap(), 1);
        igor.agree(request).await.unwrap();
        assert_eq!(company.come_in(MALLORY).await.unwrap().id(), ines.id());
        // What officers ask for of the policy stays theirs: administrators see only what is about accounts.
        let content = chancery_protocol::policy::Content::List { entries: vec!["hush".to_owned()] };
        let at = lead.save_policy_draft("private", &content, None).await.unwrap();
        let item = chancery_tests::policy::asks(content.kind(), "private", 0, true, Some(at));
        let of_policy = lead.ask_for_policy(vec![item], "So that it counts.").await.unwrap();
        let seen = igor.approvals(&ApprovalQuery::default()).await.unwrap().approvals;
        assert_eq!(seen.iter().map(|one| one.id).collect::<Vec<_>>(), [request]);
        assert_eq!(code(igor.approval(of_policy).await), refused(404, "not_found"));
        assert_eq!(code(igor.agree(of_policy).await), refused(404, "not_found"));
    }
}
