// Writing: a message, a reply in a thread, or a slash command, as the persona of the moment.
import { el, icon, redraw } from './dom.js';
import { report } from './elements.js';
import { accepted, post } from './net.js';
import { toast } from './overlay.js';
import { channelById, channelLabel, userById, userName, view } from './state.js';

const DRAFTS = new Map();
const THREADS = new Map();
const HINTS = [
  ['/triage status', 'how the bot is doing'], ['/triage queue', 'what waits for a decision'], ['/triage mine', 'what waits for you'],
  ['/triage show ', 'one case'], ['/triage why ', 'the rule that matched'],
  ['/triage help', 'every command'],
];
let refresh = () => {};

/** Tells this room how to fetch the state again after it has sent something. */
export const composerRefreshes = (callback) => { refresh = callback; };

const placeKey = () => `${view.as}/${view.at}`;

/** Turns the composer to one thread. */
export function answerIn(channel, ts) {
  THREADS.set(`${view.as}/${channel}`, ts);
  drawComposer();
  document.getElementById('composer-text')?.focus();
}

/** Draws the composer for the conversation in view. */
export function drawComposer() {
  const box = document.getElementById('composer');
  const channel = channelById(view.at);
  box.hidden = !channel;
  if (!channel) return;
  const thread = THREADS.get(placeKey()) ?? '';
  redraw(box, JSON.stringify([placeKey(), thread, channel.archived, userById(view.as)?.deleted, channelLabel(channel)]), () => {
    if (channel.archived) return el('p', { class: 'composer-shut' }, 'This channel is archived. Nobody can write here.');
    return form(channel, thread);
  });
}

function form(channel, thread) {
  const where = channel.kind === 'im' ? channelLabel(channel) : `#${channelLabel(channel)}`;
  const hints = el('div', { class: 'hints', role: 'listbox', 'aria-label': 'Slash commands', hidden: true });
  const text = el('textarea', {
    id: 'composer-text', class: 'composer-text', rows: '1', 'aria-label': `Write to ${where} as ${userName(view.as)}`, data: { focus: 'composer' },
    placeholder: thread ? 'Reply in this thread' : `Write to ${where}, or type /triage`,
    value: DRAFTS.get(placeKey()) ?? '',
    oninput: (event) => { DRAFTS.set(placeKey(), event.target.value); grow(event.target); drawHints(hints, event.target); },
    onkeydown: (event) => keys(event, channel, hints),
  });
  queueMicrotask(() => grow(text));
  return [
    thread ? el('p', { class: 'composer-thread' }, icon('reply'), 'Replying in a thread',
      el('button', { type: 'button', class: 'link-button', onclick: () => { THREADS.delete(placeKey()); drawComposer(); } }, 'leave it')) : null,
    hints,
    el('div', { class: 'composer-row' }, text,
      el('button', { type: 'button', class: 'button primary', id: 'composer-send', onclick: () => send(channel) }, 'Send')),
  ];
}

function grow(text) {
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
}

function drawHints(hints, text) {
  const typed = text.value;
  const fits = typed.startsWith('/') ? HINTS.filter(([command]) => command.startsWith(typed) && command !== typed) : [];
  hints.hidden = fits.length === 0;
  hints.replaceChildren(...fits.map(([command, what]) => el('button', {
    type: 'button', role: 'option', class: 'hint', tabindex: '-1',
    onclick: () => { text.value = command; DRAFTS.set(placeKey(), command); hints.hidden = true; text.focus(); },
  }, el('code', {}, command), el('span', {}, what))));
}

function keys(event, channel, hints) {
  if (event.key === 'Escape' && !hints.hidden) { hints.hidden = true; return; }
  if (event.key === 'Tab' && !hints.hidden && !event.shiftKey) {
    event.preventDefault();
    hints.firstElementChild?.click();
    return;
  }
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  hints.hidden = true;
  send(channel);
}

async function send(channel) {
  const input = document.getElementById('composer-text');
  const text = input.value.trim();
  if (!text) return;
  const key = placeKey();
  const command = /^(\/[a-z][\w-]*)\s*([\s\S]*)$/.exec(text);
  const button = document.getElementById('composer-send');
  button.classList.add('waiting');
  input.value = '';
  DRAFTS.delete(key);
  grow(input);
  const answer = command
    ? await post('/ui/slash', { channel: channel.id, command: command[1], text: command[2] })
    : await post('/ui/message', { channel: channel.id, thread_ts: THREADS.get(key) || undefined, text });
  button.classList.remove('waiting');
  if (!accepted(answer)) {
    if (command) report(answer, command[1]);
    else toast(answer.error ?? 'The message was not posted.', { error: true });
    if (!DRAFTS.get(key)) giveBack(key, text);
  }
  refresh();
}

/** Nothing that was typed is lost because of a bad answer. */
function giveBack(key, text) {
  DRAFTS.set(key, text);
  const input = document.getElementById('composer-text');
  if (key === placeKey() && input && !input.value) { input.value = text; grow(input); }
}
