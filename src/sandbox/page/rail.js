// The left bar: who the reader is clicking as, and everywhere there is to go.
import { el, icon, patch, redraw } from './dom.js';
import { channelLabel, flagsOf, go, groupsOf, userById, view } from './state.js';
import { face } from './face.js';
import { unreadOf } from './stream.js';

let choosing = false;

/** Draws the whole bar from the snapshot. */
export function drawRail() {
  drawPersona();
  drawPlaces();
  drawFoot();
}

function drawPersona() {
  const { users, groups } = view.snapshot;
  redraw(document.getElementById('persona'), JSON.stringify([users, groups, view.as, choosing]), () => {
    const me = userById(view.as);
    const button = el('button', {
      type: 'button', class: 'persona-now', 'aria-expanded': String(choosing), 'aria-controls': 'persona-list', data: { focus: 'persona' },
      onclick: () => { choosing = !choosing; drawPersona(); if (choosing) document.querySelector('#persona-list [aria-current=true]')?.focus(); },
    }, face(view.as), el('span', { class: 'persona-words' },
      el('span', { class: 'persona-label' }, 'You are clicking as'),
      el('span', { class: 'persona-name' }, me ? me.real_name || me.name : view.as),
      me ? tags(me) : null), icon('down'));
    return [button, choosing ? list(users) : null];
  });
}

function tags(user) {
  const words = [...flagsOf(user).map((flag) => el('span', { class: 'tag tag-flag' }, flag)),
    ...groupsOf(user.id).map((handle) => el('span', { class: 'tag' }, `@${handle}`))];
  return words.length ? el('span', { class: 'tags' }, words) : null;
}

function list(users) {
  const people = [...users.filter((u) => !u.is_bot), ...users.filter((u) => u.is_bot)].filter((u) => !u.is_bot);
  const rows = people.map((user) => el('button', {
    type: 'button', class: 'persona-row', 'aria-current': String(user.id === view.as), data: { focus: `persona-${user.id}` },
    onclick: () => { choosing = false; go({ as: user.id, at: keepPlace() }); drawPersona(); document.querySelector('.persona-now').focus(); },
  }, face(user.id, true), el('span', { class: 'persona-words' }, el('span', {}, user.real_name || user.name), tags(user))));
  return el('div', { class: 'persona-list', id: 'persona-list', role: 'group', 'aria-label': 'Click as', onkeydown: walk }, rows);
}

/** A direct message belongs to one person; every other place can be looked at by the next one too. */
const keepPlace = () => (view.at.startsWith('D') ? 'app' : view.at);

function walk(event) {
  if (event.key === 'Escape') { choosing = false; drawPersona(); document.querySelector('.persona-now').focus(); return; }
  const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
  if (!step) return;
  event.preventDefault();
  document.activeElement[step]?.focus();
}

document.addEventListener('click', (event) => {
  if (!choosing || document.getElementById('persona').contains(event.target) || !event.target.isConnected) return;
  choosing = false;
  drawPersona();
});

function drawPlaces() {
  const { channels, tickets = [], bot } = view.snapshot;
  const rooms = channels.filter((c) => c.kind !== 'im');
  const talks = channels.filter((c) => c.kind === 'im');
  const failed = bot && bot.last_status && bot.last_status >= 300;
  const items = [
    title('Channels'), ...rooms.map(room),
    title('Direct messages'), ...talks.map(room), talks.length ? null : hint('talks', 'Nobody has written to you yet.'),
    title('App'), place({ id: 'home', mark: icon('home'), words: 'App Home' }),
    title('Stand-ins'), place({ id: 'desk', mark: icon('desk'), words: 'Help desk (stand-in)', count: tickets.length }),
    place({ id: 'stripe', mark: icon('ledger'), words: 'Stripe (stand-in)' }),
    place({ id: 'requests', mark: icon('requests'), words: 'Requests to the bot', count: bot?.requests, alarm: failed }),
  ].filter(Boolean);
  patch(document.getElementById('rail-list'), items);
}

const title = (words) => ({ key: `t-${words}`, sig: words, render: () => el('h2', { class: 'rail-title' }, words) });
const hint = (key, words) => ({ key: `h-${key}`, sig: words, render: () => el('p', { class: 'rail-hint' }, words) });

function room(channel) {
  const isTalk = channel.kind === 'im';
  return place({
    id: channel.id, words: channelLabel(channel), unread: unreadOf(channel.id), dim: channel.archived,
    mark: isTalk ? face(channel.with, true) : el('span', { class: 'hash', 'aria-hidden': 'true' }, '#'),
    note: channel.archived ? 'archived' : isTalk && userById(channel.with)?.is_bot ? 'app' : '',
  });
}

function place({ id, words, mark, unread, count, dim, note, alarm }) {
  const here = view.at === id;
  return {
    key: id, sig: JSON.stringify([words, unread, count, dim, note, alarm, here]),
    render: () => el('button', {
      type: 'button', class: `place${unread && !here ? ' place-unread' : ''}${dim ? ' place-dim' : ''}`, data: { focus: `place-${id}` },
      'aria-current': here ? 'page' : null, onclick: () => go({ at: id }),
    }, el('span', { class: 'place-mark' }, mark), el('span', { class: 'place-words' }, words),
    note ? el('span', { class: 'tag' }, note) : null,
    unread && !here ? el('span', { class: 'count count-unread', 'aria-label': `${unread} unread` }, String(unread)) : null,
    count ? el('span', { class: alarm ? 'count count-alarm' : 'count' }, String(count)) : null),
  };
}

function drawFoot() {
  const bot = view.snapshot.bot;
  const fine = bot?.last_status >= 200 && bot?.last_status < 300;
  const words = !bot?.requests ? 'No request to the bot yet' : `Bot: last answer ${bot.last_status || 'none'}`;
  redraw(document.getElementById('rail-foot'), JSON.stringify([words, fine, view.connected]), () => [
    el('span', { class: `lamp ${fine ? 'lamp-good' : bot?.requests ? 'lamp-bad' : ''}` }), words,
    el('span', { class: 'foot-live' }, view.connected ? 'live' : view.live ? 'polling' : 'still')]);
}
