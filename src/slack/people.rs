//! Who a person is and which groups they are in, read from Slack at the click or within 30 seconds of it, unless
//! any process has heard of a change since.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use serde_json::Value;

use super::client::{CallFailed, SlackClient};
use crate::domain::ids::{GroupId, TeamId, UserId};
use crate::domain::person::{Membership, Person};
use crate::domain::time::{At, Span};
use crate::ports::{Clock, People, PersonReading, PortError};
use crate::store::{Changing, Store, StoreError};

/// How old a reading may be and still count as read at the click.
const FRESH: Span = Span::seconds(30);
/// How old a reading may be while Slack does not answer. The domain refuses it for the high tier.
const KEPT: Span = Span::minutes(5);

/// What is known of an account.
#[derive(Clone)]
struct Account {
    membership: Membership,
    name: String,
    email: Option<String>,
}

/// The moment of a reading, and how many changes of people the database had counted by then.
#[derive(Clone, Copy)]
struct Moment {
    at: At,
    changes: u64,
}

/// Something read, with the moment it was read.
#[derive(Clone)]
struct Read<T> {
    at: Moment,
    value: T,
}

/// People as Slack knows them.
pub struct SlackPeople {
    client: Arc<SlackClient>,
    store: Store,
    clock: Arc<dyn Clock>,
    team: TeamId,
    /// How many questions about changes were begun.
    asked: AtomicU64,
    /// The number of the last question that was answered, with its answer.
    changes: tokio::sync::Mutex<(u64, u64)>,
    accounts: Mutex<BTreeMap<UserId, Read<Account>>>,
    groups: Mutex<BTreeMap<GroupId, Read<Vec<UserId>>>>,
}

impl SlackPeople {
    /// People of one workspace. The store tells of changes that another process heard of.
    #[must_use]
    pub fn of(client: Arc<SlackClient>, store: Store, clock: Arc<dyn Clock>, team: TeamId) -> Self {
        Self {
            client,
            store,
            clock,
            team,
            asked: AtomicU64::new(0),
            changes: tokio::sync::Mutex::default(),
            accounts: Mutex::default(),
            groups: Mutex::default(),
        }
    }

    /// The moment of a reading that begins now. Changes are counted before Slack is asked, so that one that comes
    /// meanwhile makes the reading old.
    async fn now(&self) -> Result<Moment, PortError> {
        let changes = self.changes_by_now().await;
        let changes = changes.map_err(|error| PortError::Again {
            why: format!("the database does not say whether people changed: {error}"),
            after: None,
        })?;
        let at = self.clock.now();
        Ok(Moment { at, changes })
    }

    /// How many changes of people the database has counted. Whoever asks while a question is under way waits for the
    /// next one, and shares it with everybody who waits: the answer to an earlier question may be too old.
    async fn changes_by_now(&self) -> Result<u64, StoreError> {
        let before = self.asked.load(Ordering::SeqCst);
        let mut known = self.changes.lock().await;
        let (question, changes) = *known;
        if question > before {
            return Ok(changes);
        }
        let question = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let changes = self.store.changes(Changing::People).await?;
        *known = (question, changes);
        Ok(changes)
    }

    async fn account(
        &self,
        user: &UserId,
        now: Moment,
    ) -> Result<(Read<Account>, bool), PortError> {
        let arguments = [("user", user.as_str())];
        let call = self.client.read("users.info", &arguments);
        let team = &self.team;
        through(&self.accounts, user, now, async {
            match call.await {
                Ok(answer) => Ok(account(&answer["user"], team)),
                Err(failed)
                    if failed.is(&["user_not_found", "user_not_visible", "users_not_found"]) =>
                {
                    Ok(Account {
                        membership: Membership::Unknown,
                        name: String::new(),
                        email: None,
                    })
                }
                Err(failed) => Err(failed),
            }
        })
        .await
    }

    async fn group(
        &self,
        group: &GroupId,
        now: Moment,
    ) -> Result<(Read<Vec<UserId>>, bool), PortError> {
        let arguments = [("usergroup", group.as_str())];
        let call = self.client.read("usergroups.users.list", &arguments);
        through(&self.groups, group, now, async {
            let answer = call.await?;
            let users = answer["users"].as_array().into_iter().flatten();
            Ok(users.filter_map(Value::as_str).map(UserId::new).collect())
        })
        .await
    }
}

/// A fresh reading, else a new one, else (while Slack does not answer) one that is not too old.
///
/// The flag says that the reading is an old one.
async fn through<K: Ord + Clone, T: Clone>(
    kept: &Mutex<BTreeMap<K, Read<T>>>,
    key: &K,
    now: Moment,
    read: impl Future<Output = Result<T, CallFailed>>,
) -> Result<(Read<T>, bool), PortError> {
    let known = kept
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(key)
        .filter(|known| known.at.changes == now.changes)
        .cloned();
    if let Some(known) = &known
        && now.at.since(known.at.at) <= FRESH
    {
        return Ok((known.clone(), false));
    }
    match read.await {
        Ok(value) => {
            let fresh = Read { at: now, value };
            kept.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(key.clone(), fresh.clone());
            Ok((fresh, false))
        }
        Err(CallFailed {
            port: PortError::Again { why, after },
            ..
        }) => match known {
            Some(known) if now.at.since(known.at.at) <= KEPT => Ok((known, true)),
            _ => Err(PortError::Again { why, after }),
        },
        Err(failed) => Err(failed.into()),
    }
}

/// Reads an account. Source: Slack, "User object". Whatever is not plainly a member is not one.
fn account(user: &Value, home: &TeamId) -> Account {
    let says = |name: &str| user[name] == true;
    let team = user["team_id"].as_str();
    let in_grid = user["enterprise_user"]["teams"]
        .as_array()
        .is_some_and(|teams| teams.iter().any(|one| one == home.as_str()));
    let at_home = team == Some(home.as_str()) || in_grid;
    let membership = if user["id"].as_str().is_none() {
        Membership::Unknown
    } else if says("deleted") {
        Membership::Deactivated
    } else if says("is_bot") || says("is_workflow_bot") || user["id"] == "USLACKBOT" {
        Membership::Bot
    } else if says("is_stranger") || !at_home {
        Membership::Foreign
    } else if says("is_restricted") || says("is_ultra_restricted") || says("is_invited_user") {
        Membership::Guest
    } else {
        Membership::Member
    };
    let text = |value: &Value| {
        value
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let profile = &user["profile"];
    Account {
        membership,
        name: text(&profile["real_name"])
            .or_else(|| text(&user["real_name"]))
            .or_else(|| text(&user["name"]))
            .unwrap_or_default(),
        email: text(&profile["email"]),
    }
}

#[async_trait]
impl People for SlackPeople {
    async fn read(&self, person: &Person, groups: &[GroupId]) -> Result<PersonReading, PortError> {
        if person.team != self.team {
            return Ok(PersonReading {
                membership: Membership::Foreign,
                groups: vec![],
                read_at: self.clock.now(),
                source: "slack".into(),
                name: String::new(),
                email: None,
            });
        }
        let now = self.now().await?;
        let (account, mut old) = self.account(&person.user, now).await?;
        let mut read_at = account.at.at;
        let mut member_of = vec![];
        for id in groups {
            let (group, from_before) = self.group(id, now).await?;
            old |= from_before;
            read_at = read_at.min(group.at.at);
            if group.value.contains(&person.user) {
                member_of.push(id.clone());
            }
        }
        Ok(PersonReading {
            membership: account.value.membership,
            groups: member_of,
            read_at,
            source: if old { "slack (cached)" } else { "slack" }.into(),
            name: account.value.name,
            email: account.value.email,
        })
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<UserId>, PortError> {
        let now = self.now().await?;
        Ok(self.group(group, now).await?.0.value)
    }

    fn forget(&self) {
        let accounts = self.accounts.lock();
        accounts.unwrap_or_else(PoisonError::into_inner).clear();
        let groups = self.groups.lock();
        groups.unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_plain_account_of_this_workspace_is_a_member() {
        let home = TeamId::new("T1");
        for (extra, expected) in [
            (json!({}), Membership::Member),
            (json!({"is_restricted": true}), Membership::Guest),
            (json!({"is_ultra_restricted": true}), Membership::Guest),
            (json!({"is_bot": true}), Membership::Bot),
            (
                json!({"deleted": true, "is_restricted": true}),
                Membership::Deactivated,
            ),
            (json!({"team_id": "T2"}), Membership::Foreign),
            (json!({"is_stranger": true}), Membership::Foreign),
            (json!({"team_id": null}), Membership::Foreign),
            (json!({"id": null}), Membership::Unknown),
            (
                json!({"team_id": "T2", "enterprise_user": {"teams": ["T1"]}}),
                Membership::Member,
            ),
        ] {
            let mut user = json!({"id": "U1", "team_id": "T1", "name": "somebody"});
            for (name, value) in extra.as_object().unwrap() {
                user[name] = value.clone();
            }
            assert_eq!(account(&user, &home).membership, expected, "{extra}");
        }
    }
}
