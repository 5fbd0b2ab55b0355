// A conversation in the main pane: messages in order, replies under their parent, only what changed is drawn again.
import { el, icon, patch } from './dom.js';
import { drawBlocks } from './blocks.js';
import { post } from './net.js';
import { face } from './face.js';
import { clock, dayOf, flagsOf, userById, userName, view } from './state.js';
import { mrkdwn } from './text.js';
import { answerIn } from './composer.js';

const SEEN = new Map(Object.entries(readSeen()));
const SCROLLS = new Map();
const NEAR = 120;
let drawn = '';
let refresh = () => {};

/** Tells this room how to fetch the state again after a click. */
export const streamRefreshes = (callback) => { refresh = callback; };

const pane = () => document.getElementById('scroll');
const visible = (id) => (view.snapshot?.messages?.[id] ?? []).filter((m) => !(m.deleted && m.ephemeral_for));
const seenKey = (id) => `${view.as}/${id}`;

/** Messages of others that this persona has not looked at. */
export function unreadOf(id) {
  const last = SEEN.get(seenKey(id)) ?? '';
  return visible(id).filter((m) => !m.deleted && m.user !== view.as && newer(m.ts, last)).length;
}

const newer = (a, b) => a.padStart(20, '0') > b.padStart(20, '0');

function readSeen() {
  try { return JSON.parse(sessionStorage.getItem('seen') ?? '{}'); } catch { return {}; }
}

function see(id) {
  const last = visible(id).reduce((top, m) => (newer(m.ts, top) ? m.ts : top), '');
  SEEN.set(seenKey(id), last);
  try { sessionStorage.setItem('seen', JSON.stringify(Object.fromEntries(SEEN))); } catch { /* private windows may refuse */ }
}

/** Draws the conversation `id` and keeps the reader's place in it. */
export function drawStream(id) {
  const box = pane();
  const place = `${view.as}/${id}`;
  const arrived = drawn !== place;
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  const stream = document.getElementById('stream');
  if (arrived) stream.replaceChildren();
  const before = stream.childElementCount;
  patch(stream, rows(id));
  const grew = stream.childElementCount > before;
  drawn = place;
  if (arrived) arriveAt(box, place, firstUnread(id));
  else if (atEnd && grew) box.scrollTop = startOf(box, stream.lastElementChild);
  else if (atEnd) box.scrollTop = box.scrollHeight;
  document.getElementById('newer').hidden = arrived || atEnd || !grew;
  if (document.visibilityState === 'visible') see(id);
}

/** The pane shows something else now; the next conversation is drawn afresh. */
export function leaveStream() {
  drawn = '';
  document.getElementById('newer').hidden = true;
}

/** Where a reader begins: the message asked for, where they were, the first unread one, or the newest. */
function arriveAt(box, place, unread) {
  const at = (ts) => ts && box.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  const begin = at(view.ts) ?? (SCROLLS.has(place) ? null : at(unread));
  if (begin) box.scrollTop = startOf(box, begin);
  else box.scrollTop = SCROLLS.get(place) ?? startOf(box, document.getElementById('stream').lastElementChild);
}

/** The scroll position that shows a message from its beginning, however tall it is, with its day if it is the first. */
function startOf(box, node) {
  if (!node) return 0;
  const before = node.previousElementSibling;
  const top = before?.classList.contains('day') ? before : node;
  return top.offsetTop - box.offsetTop - 12;
}

function firstUnread(id) {
  const last = SEEN.get(seenKey(id)) ?? '';
  const unread = visible(id).filter((m) => m.user !== view.as && newer(m.ts, last)).map((m) => m.ts);
  return unread.sort((a, b) => (newer(a, b) ? 1 : -1))[0] ?? '';
}

/** Wires the scroll memory and the "New messages below" button; once. */
export function startStream() {
  pane().addEventListener('scroll', () => {
    if (!drawn) return;
    const box = pane();
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (atEnd) SCROLLS.delete(drawn); else SCROLLS.set(drawn, box.scrollTop);
    if (atEnd) document.getElementById('newer').hidden = true;
  }, { passive: true });
  document.getElementById('newer').addEventListener('click', () => pane().scrollTo({ top: pane().scrollHeight, behavior: 'smooth' }));
}

/** Day lines, parents and their replies, as items for `patch`. */
function rows(id) {
  const all = [...visible(id)].sort((a, b) => (newer(a.ts, b.ts) ? 1 : -1));
  const isReply = (m) => m.thread_ts && m.thread_ts !== m.ts;
  const parents = new Set(all.filter((m) => !isReply(m)).map((m) => m.ts));
  const replies = Map.groupBy ? Map.groupBy(all.filter(isReply), (m) => m.thread_ts) : groupBy(all.filter(isReply));
  const items = [];
  let day = '';
  for (const message of all) {
    if (isReply(message) && parents.has(message.thread_ts)) continue;
    const own = dayOf(message.ts);
    if (own !== day) items.push(dayLine(day = own));
    items.push(row(id, message, { reply: isReply(message), orphan: isReply(message) }));
    for (const reply of replies.get(message.ts) ?? []) items.push(row(id, reply, { reply: true }));
  }
  return items.length ? items : [nothing()];
}

function groupBy(messages) {
  const groups = new Map();
  for (const m of messages) groups.set(m.thread_ts, [...(groups.get(m.thread_ts) ?? []), m]);
  return groups;
}

const nothing = () => ({ key: 'nothing', sig: view.as, render: () => el('p', { class: 'empty' }, 'Nothing has been written here yet.') });

function dayLine(day) {
  const words = day === dayOf(view.snapshot.now) ? `Today, ${day}` : day;
  return { key: `day-${day}`, sig: words, render: () => el('p', { class: 'day' }, el('span', {}, words)) };
}

function row(channel, message, { reply, orphan }) {
  return {
    key: `${message.ts}${message.ephemeral_for ?? ''}`,
    sig: JSON.stringify([message, reply, userName(message.user)]),
    render: () => (message.deleted ? gone(message, reply) : article(channel, message, { reply, orphan })),
  };
}

const gone = (message, reply) => el('p', { class: `gone${reply ? ' reply' : ''}`, data: { ts: message.ts } }, 'A message was deleted here.');

function article(channel, message, { reply, orphan }) {
  const sender = userById(message.user);
  const blocks = message.blocks?.length ? message.blocks : null;
  const surface = {
    key: `${channel}-${message.ts}`, blocks: blocks ?? [], folds: true,
    dispatch: async (action) => {
      const answer = await post('/ui/click', { channel, ts: message.ts, ...action });
      refresh();
      return answer;
    },
  };
  const kind = `${reply ? ' reply' : ''}${message.ephemeral_for ? ' ephemeral' : ''}${sender?.is_bot && blocks ? ' carded' : ''}`;
  return el('article', { class: `message${kind}`, data: { ts: message.ts }, 'aria-label': `${userName(message.user)} at ${clock(message.ts)}` },
    face(message.user, reply),
    el('div', { class: 'message-body' },
      message.ephemeral_for ? el('p', { class: 'only-you' }, icon('eye'), 'Only visible to you') : null,
      orphan ? el('p', { class: 'only-you' }, icon('reply'), 'Reply in a thread that begins elsewhere') : null,
      byline(channel, message, sender),
      el('div', { class: blocks ? 'card' : 'words' }, blocks ? drawBlocks(surface) : mrkdwn(message.text ?? ''))));
}

function byline(channel, message, sender) {
  const flags = sender ? flagsOf(sender) : [];
  const answer = message.ephemeral_for ? null : el('button', {
    type: 'button', class: 'answer', onclick: () => answerIn(channel, message.thread_ts || message.ts),
  }, icon('reply'), 'Reply');
  return el('header', { class: 'byline' },
    el('span', { class: 'byline-name' }, userName(message.user)),
    flags.map((flag) => el('span', { class: flag === 'app' ? 'tag' : 'tag tag-flag' }, flag)),
    el('time', { title: message.ts }, clock(message.ts)),
    message.edited ? el('span', { class: 'edited' }, '(edited)') : null, answer);
}
