//! A server with people in it.

use std::sync::Arc;

use chancery_protocol::person::Role;

use crate::client::Client;
use crate::database::{Database, Storage};
use crate::http::Caller;
use crate::server::{Plan, Server};

/// Everybody's password in tests.
pub const PASSWORD: &str = "a long enough password";

/// A server, its administrator, and some employees.
pub struct House {
    /// The server.
    pub server: Server,
    /// The first administrator, who is also an employee.
    pub admin: Caller,
    /// Employees, in the order of [`NAMES`].
    pub people: Vec<Caller>,
}

/// User names of the employees.
pub const NAMES: [&str; 8] = ["ada", "bela", "cleo", "dana", "emil", "fay", "gus", "hana"];

impl House {
    /// A house on fresh storage with this many employees.
    pub async fn with_people(kind: Database, count: usize) -> Self {
        Self::build(Plan::new(&Storage::new(kind)), count).await
    }

    /// A house that survives losing power.
    pub async fn durable(kind: Database, count: usize) -> Self {
        Self::build(Plan::new(&Storage::durable(kind)), count).await
    }

    /// A house as planned.
    pub async fn build(plan: Plan, count: usize) -> Self {
        let server = Server::start(plan).await;
        let stranger = Caller::stranger(&server.address(), server.public_url());
        let link = server.setup_link().await;
        let admin = stranger.set_up(&link, "root", "Rita Root", PASSWORD).await.unwrap();
        let mut house = Self { server, admin, people: Vec::new() };
        for name in NAMES.into_iter().take(count) {
            let person = house.invite_and_redeem(name, &[Role::Employee]).await;
            house.people.push(person);
        }
        house
    }

    /// A new person who has chosen a password.
    pub async fn invite_and_redeem(&self, username: &str, roles: &[Role]) -> Caller {
        let name = format!("{}{} Test", username[..1].to_uppercase(), &username[1..]);
        let invited = self.admin.invite(username, &name, roles).await.unwrap();
        self.stranger().redeem_link(invited.link.url.as_deref().unwrap(), PASSWORD).await.unwrap()
    }

    /// Somebody who has not signed in.
    pub fn stranger(&self) -> Caller {
        Caller::stranger(&self.server.address(), self.server.public_url())
    }

    /// The storage under the server.
    pub fn storage(&self) -> &Arc<Storage> {
        &self.server.plan.storage
    }

    /// A socket of one of the employees.
    pub async fn connect(&self, index: usize) -> Client {
        Client::connect(&self.people[index]).await
    }

    /// Sockets of all employees.
    pub async fn connect_all(&self) -> Vec<Client> {
        let mut clients = Vec::new();
        for person in &self.people {
            clients.push(Client::connect(person).await);
        }
        clients
    }
}
