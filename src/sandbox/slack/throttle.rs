//! Slack's rate limits: one message a second per channel, and a number of calls a minute by tier.

use std::collections::{BTreeMap, VecDeque};

/// Calls of the last minute, by method or by channel.
#[derive(Default)]
pub(in crate::sandbox) struct Throttle {
    seen: BTreeMap<String, VecDeque<i64>>,
}

/// Slack allows short bursts over one message a second and does not say how long. This is ours.
const BURST_MS: i64 = 5_000;
const BURST: usize = 5;

impl Throttle {
    /// Counts one call. `Some(seconds)` is the `Retry-After` of a refusal, which is not counted.
    /// Source: <https://docs.slack.dev/apis/web-api/rate-limits>
    pub fn count(&mut self, method: &str, channel: Option<&str>, now: i64) -> Option<u32> {
        let per_minute = self.full(method, 60_000, per_minute(method), now);
        let per_channel = channel
            .filter(|_| matches!(method, "chat.postMessage" | "chat.postEphemeral"))
            .map(|channel| format!("channel:{channel}"));
        let burst = per_channel
            .as_ref()
            .and_then(|key| self.full(key, BURST_MS, BURST, now));
        if let Some(wait) = per_minute.max(burst) {
            return Some(wait);
        }
        for key in [Some(method.to_owned()), per_channel].into_iter().flatten() {
            self.seen.entry(key).or_default().push_back(now);
        }
        None
    }

    fn full(&mut self, key: &str, window: i64, most: usize, now: i64) -> Option<u32> {
        let seen = self.seen.get_mut(key)?;
        while seen.front().is_some_and(|first| now - first >= window) {
            seen.pop_front();
        }
        let first = seen.front().filter(|_| seen.len() >= most)?;
        let wait_ms = window - (now - first);
        Some(u32::try_from((wait_ms + 999) / 1000).unwrap_or(1).max(1))
    }
}

fn per_minute(method: &str) -> usize {
    match method {
        "chat.postMessage" => 300,
        "users.info"
        | "views.open"
        | "views.update"
        | "views.push"
        | "views.publish"
        | "chat.postEphemeral"
        | "conversations.members" => 100,
        "conversations.list" | "users.list" | "usergroups.list" | "usergroups.users.list" => 20,
        "auth.test" | "chat.getPermalink" => 600,
        _ => 50,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_message_within_five_seconds_has_to_wait() {
        let mut throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.count("chat.postMessage", Some("C1"), 1_000), None);
        }
        assert_eq!(
            throttle.count("chat.postMessage", Some("C1"), 2_000),
            Some(4)
        );
        assert_eq!(throttle.count("chat.postMessage", Some("C2"), 2_000), None);
        assert_eq!(throttle.count("chat.postMessage", Some("C1"), 6_000), None);
    }
}
