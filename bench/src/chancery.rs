//! Chancery as a server to be measured: real accounts, signed in through the front door, on real storage.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use chancery_protocol::ids::ConversationId;
use chancery_protocol::person::Role;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::House;
use chancery_tests::postgres::Cluster;
use chancery_tests::server::Plan;
use futures_util::{StreamExt, stream};

use crate::seat::Seat;
use crate::usage::Processes;

/// Invitations that are redeemed at the same time; each costs a password hash.
const REDEEMING: usize = 8;

/// A house with people and conversations. It keeps them when its server is stopped.
pub struct Chancery {
    /// The house.
    pub house: House,
    cluster: Option<Arc<Cluster>>,
    /// Conversations by what for, and which group of people.
    conversations: HashMap<(String, usize), ConversationId>,
}

impl Chancery {
    /// Starts a server on empty storage, sets it up, and stops it.
    pub async fn make(cluster: Option<Arc<Cluster>>) -> Self {
        let storage = match &cluster {
            Some(cluster) => Storage::in_cluster(cluster.clone()),
            None => Storage::durable(Database::Sqlite),
        };
        let mut house = House::build(Plan::new(&storage), 0).await;
        house.server.stop().await;
        Self { house, cluster, conversations: HashMap::new() }
    }

    /// Starts the server.
    pub async fn start(&mut self) {
        self.house.server.start_again().await;
    }

    /// Stops the server.
    pub async fn stop(&mut self) {
        self.house.server.stop().await;
    }

    /// The cluster it stands on; nothing for SQLite.
    pub fn cluster(&self) -> Option<Arc<Cluster>> {
        self.cluster.clone()
    }

    /// Processes to be measured.
    pub fn processes(&self) -> Processes {
        let postmaster = self.cluster.as_ref().map(|cluster| cluster.postmaster());
        Processes { server: vec![self.house.server.pid()], postmaster }
    }

    /// Makes sure that there are so many people.
    pub async fn invite(&mut self, people: usize) {
        let there = self.house.people.len();
        if there >= people {
            return;
        }
        let house = &self.house;
        let inviting = (there..people).map(|number| async move {
            let username = format!("p{number}");
            house.invite_and_redeem(&username, &[Role::Employee]).await
        });
        let invited: Vec<_> = stream::iter(inviting).buffered(REDEEMING).collect().await;
        self.house.people.extend(invited);
    }

    /// People in groups who talk to each other; the same conversations every time for the same purpose.
    ///
    /// # Errors
    /// When a conversation is refused.
    pub async fn seats(&mut self, purpose: &str, people: usize, group: usize) -> Result<Vec<Seat>> {
        self.invite(people).await;
        let mut seats = Vec::new();
        for first in (0..people).step_by(group) {
            let members = &self.house.people[first..people.min(first + group)];
            let key = (purpose.to_owned(), first);
            let conversation = match self.conversations.get(&key) {
                Some(known) => *known,
                None => {
                    let mut owner = Client::connect(&members[0]).await;
                    let ids: Vec<_> = members[1..].iter().map(chancery_tests::http::Caller::id).collect();
                    let made = match ids.as_slice() {
                        [other] => owner.open_direct(*other).await,
                        others => owner.create_group(&format!("{purpose} {first}"), others).await,
                    };
                    let made = made
                        .map_err(|failed| anyhow::anyhow!("{failed:?}"))
                        .with_context(|| format!("the conversation of {purpose} {first}"))?;
                    self.conversations.insert(key, made.id);
                    made.id
                }
            };
            seats.extend(
                members.iter().map(|who| Seat::Chancery { who: Box::new(who.clone()), conversation }),
            );
        }
        Ok(seats)
    }
}
