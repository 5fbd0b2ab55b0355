// Block Kit elements that act: buttons, overflow menus, and the sending of any element's action to the bot.
import { el, foldOut, icon } from './dom.js';
import { field } from './fields.js';
import { valuesOf } from './forms.js';
import { confirmBox, toast } from './overlay.js';
import { accepted } from './net.js';
import { go } from './state.js';
import { follow, plain, textNodes } from './text.js';

/** Actions that the bot has not answered yet; kept apart from the nodes, which may be redrawn meanwhile. */
const WAITING = new Set();

/**
 * Draws one element of a block. `surface`: `{key, blocks, dispatch(action)}`.
 * `input` is the input block around it, if there is one: its changes are sent only with `dispatch_action`.
 */
export function drawElement(element, surface, block_id, input = null) {
  const place = { block_id, action_id: element.action_id || `action-${element.type}` };
  const at = { surface, place, wants: !input || input.dispatch_action === true, labelled: input !== null, send: (extra) => act(element, surface, place, extra) };
  switch (element.type) {
    case 'button': return button(element, at);
    case 'overflow': return overflow(element, at);
    case 'image': return picture(element, true);
    case 'mrkdwn': case 'plain_text': return el('span', { class: 'context-text' }, textNodes(element));
    default: return awaited(field(element, at) ?? unknown(element.type), at);
  }
}

/** Lets a menu or a field show that its action is on the way. */
function awaited(node, at) {
  node.dataset.wait = waitingKey(at.surface, at.place);
  node.classList.toggle('waiting', WAITING.has(node.dataset.wait));
  return node;
}

/** Says so when this stand-in cannot draw something, instead of hiding it. */
export const unknown = (type) => el('p', { class: 'unknown' }, `"${type}" is not drawn by this stand-in.`);

/** Pictures are never fetched: nothing here leaves the machine. The alternative text stands for them. */
export function picture(element, small = false) {
  return el('span', { class: small ? 'picture picture-small' : 'picture', role: 'img', 'aria-label': element.alt_text ?? 'image', title: element.alt_text },
    icon('image'), small ? null : el('span', {}, element.alt_text ?? 'image'));
}

const waitingKey = (surface, place) => `${surface.key}|${place.block_id}|${place.action_id}`;

/** Sends one action: asks first where the element says so, shows that it waits, reports a bad answer. */
async function act(element, surface, place, extra) {
  const key = waitingKey(surface, place);
  if (WAITING.has(key)) return false;
  if (element.confirm && !(await ask(element.confirm))) return false;
  WAITING.add(key);
  mark(key, true);
  const answer = await surface.dispatch({ ...place, type: element.type, ...extra, values: valuesOf(surface) });
  WAITING.delete(key);
  mark(key, false);
  if (!accepted(answer)) report(answer, `the click on "${plain(element.text) || place.action_id}"`);
  return accepted(answer);
}

const ask = (confirm) => confirmBox({
  title: plain(confirm.title), text: textNodes(confirm.text), confirm: plain(confirm.confirm), deny: plain(confirm.deny), style: confirm.style,
});

function mark(key, on) {
  for (const node of document.querySelectorAll(`[data-wait="${CSS.escape(key)}"]`)) {
    node.classList.toggle('waiting', on);
    node.setAttribute('aria-busy', String(on));
  }
}

/** Shows what went wrong between the sandbox and the bot, or why the sandbox itself said no. */
export function report(answer, what) {
  const error = /^The bot answered \d+\.?$/.test(answer.error ?? '') ? '' : answer.error;
  const words = answer.status ? [`The bot answered ${answer.status} to ${what}.`, error] : [error || `Nobody answered ${what}.`];
  const more = el('button', { type: 'button', class: 'link-button', onclick: () => go({ at: 'requests' }) }, 'See the requests');
  toast(words.filter(Boolean).join(' '), { error: true, more });
}

function button(element, at) {
  const key = waitingKey(at.surface, at.place);
  const waits = WAITING.has(key);
  const press = async (event) => {
    if (element.url) await follow(event, element.url);
    at.send({ value: element.value });
  };
  const props = {
    class: `button ${element.style ?? ''}${waits ? ' waiting' : ''}`, 'aria-label': element.accessibility_label, 'aria-busy': String(waits),
    data: { wait: key, focus: key, action: at.place.action_id }, onclick: press,
  };
  if (!element.url) return el('button', { type: 'button', ...props }, plain(element.text));
  return el('a', { href: safeUrl(element.url), target: '_blank', rel: 'noopener noreferrer', ...props }, plain(element.text), icon('out'));
}

const safeUrl = (url) => (/^https?:/i.test(url) ? url : null);

function overflow(element, at) {
  const key = waitingKey(at.surface, at.place);
  const menu = el('div', { class: 'menu-list', role: 'menu' }, (element.options ?? []).map((option) => el('button', {
    type: 'button', role: 'menuitem', class: 'menu-item', data: { value: option.value ?? '' },
    onclick: (event) => {
      holder.open = false;
      if (option.url) follow(event, option.url);
      at.send({ selected_option: option });
    },
  }, plain(option.text), option.description ? el('span', { class: 'choice-more' }, plain(option.description)) : null)));
  const holder = foldOut({ class: 'menu' },
    el('summary', { class: 'button', 'aria-label': 'More actions', data: { wait: key, focus: key } }, icon('more')), menu);
  return holder;
}

/** Menus close when the reader turns elsewhere. */
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.menu[open], details.many[open]')) if (!menu.contains(event.target)) menu.open = false;
});
