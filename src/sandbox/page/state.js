// What the page knows: the last snapshot from the server, where the reader is, and how to name an id.

/** The one mutable record. `snapshot` is the last answer of `/ui/state`. */
export const view = { as: 'U0AGENT001', at: '', asked: '', ts: '', ticket: '', live: true, snapshot: null };

/** Shown for groups when the server does not list them (the cast is fixed). */
const KNOWN_GROUPS = {
  S0LEADS001: 'support-leads', S0SUPPORT1: 'support-l1', S0BILLING1: 'billing-team',
  S0FINANCE1: 'finance', S0INFRA001: 'infra', S0SECURIT1: 'security',
};

/** Takes `#as=..&at=..` into the record. */
export function readAddress() {
  const from = new URLSearchParams(location.hash.slice(1));
  view.as = from.get('as') || view.as;
  view.asked = from.get('at') || '';
  view.at = view.asked;
  view.ts = from.get('ts') || '';
  view.ticket = from.get('ticket') || '';
  view.live = from.get('live') !== 'off';
}

/** Goes somewhere by changing the address; `hashchange` does the rest, so that Back works. */
export function go(to) {
  const next = { as: view.as, at: view.at, ...to };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(next)) if (value) query.set(name, value);
  if (!view.live) query.set('live', 'off');
  const hash = `#${query}`;
  if (location.hash === hash) window.dispatchEvent(new HashChangeEvent('hashchange'));
  else location.hash = hash;
}

export const userById = (id) => view.snapshot?.users.find((u) => u.id === id);
export const channelById = (id) => view.snapshot?.channels.find((c) => c.id === id);
export const ticketById = (id) => view.snapshot?.tickets?.find((t) => t.id === id);

/** The name that people read for a user id. */
export function userName(id) {
  const user = userById(id);
  return user ? user.real_name || user.name : id || 'unknown';
}

/** `#name` for a channel, the other side's name for a direct message. */
export function channelLabel(channel) {
  if (!channel) return 'unknown conversation';
  if (channel.kind !== 'im') return channel.name;
  return userName(channel.with);
}

/** The handle of a user group, without the at sign. */
export function groupHandle(id) {
  const group = view.snapshot?.groups?.find((g) => g.id === id);
  return group?.handle ?? group?.name ?? KNOWN_GROUPS[id] ?? id;
}

/** Handles of the groups that a user belongs to, as far as the server says. */
export function groupsOf(userId) {
  const groups = view.snapshot?.groups ?? [];
  return groups.filter((g) => g.members?.includes(userId)).map((g) => g.handle ?? g.name);
}

/** Words that matter for what a user may do: guest, former, outside, bot. */
export function flagsOf(user) {
  const flags = [];
  if (user.is_bot) flags.push('app');
  if (user.is_ultra) flags.push('single-channel guest');
  else if (user.is_guest) flags.push('guest');
  if (user.deleted) flags.push('deactivated');
  if (user.foreign) flags.push('outside organisation');
  return flags;
}

/** Where a persona starts: the direct message with the bot if it holds anything, else the first channel. */
export function firstPlace() {
  const { channels = [], messages = {} } = view.snapshot ?? {};
  const filled = channels.find((c) => (messages[c.id] ?? []).length > 0);
  return (filled ?? channels[0])?.id ?? 'home';
}

/** The direct message with the bot, if it was opened. */
export function botChannel() {
  return view.snapshot?.channels.find((c) => c.kind === 'im' && userById(c.with)?.is_bot)?.id;
}

/** `14:05` for unix milliseconds, an RFC 3339 string or a Slack ts; `14:05:09` if seconds matter. */
export function clock(at, seconds = false) {
  const second = seconds ? '2-digit' : undefined;
  return asDate(at)?.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second }) ?? '';
}

/** `Fri 20 Nov, 14:05`, or only the time if it is the workspace's today. */
export function stamp(at, seconds = false) {
  const time = clock(at, seconds);
  return !time || dayOf(at) === dayOf(view.snapshot?.now) ? time : `${dayOf(at)}, ${time}`;
}

/** `Fri 20 Nov 2026`. */
export function dayOf(at) {
  const date = asDate(at);
  return date
    ? date.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
    : '';
}

/** Reads a moment in any of the shapes that the server uses: ms, Slack ts, RFC 3339. */
export function asDate(at) {
  if (at === null || at === undefined || at === '') return null;
  if (typeof at === 'number') return new Date(at < 1e11 ? at * 1000 : at);
  if (/^\d+(\.\d+)?$/.test(at)) return asDate(Number(at));
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}
