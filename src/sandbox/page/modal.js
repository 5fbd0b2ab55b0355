// The modal of this persona: drawn from the top of the server's view stack, checked and sent from here.
import { el, icon, redraw } from './dom.js';
import { drawBlocks } from './blocks.js';
import { report } from './elements.js';
import { complaint } from './fields.js';
import { blockId, forget, valuesOf } from './forms.js';
import { lay } from './overlay.js';
import { accepted, post } from './net.js';
import { view } from './state.js';
import { plain } from './text.js';

let open = null;
let refresh = () => {};

/** Tells this room how to fetch the state again after it has sent something. */
export const modalRefreshes = (callback) => { refresh = callback; };

/** Shows, updates or lifts the modal, according to the snapshot. */
export function drawModal() {
  const shown = view.snapshot?.modal ?? null;
  if (open && open.owner !== view.as) lift();
  if (!shown) { if (open) lift(); return; }
  if (open && open.id !== shown.id) { open.id = shown.id; open.local = null; open.trouble = ''; }
  if (!open) raise(shown);
  open.shown = shown;
  render();
}

function raise(shown) {
  const box = el('section', { class: 'box box-modal' });
  open = { id: shown.id, owner: view.as, box, local: null, trouble: '', busy: false, lift: null };
  open.lift = lay(box, { cancel: close, label: plain(shown.title) || 'Modal' });
  queueMicrotask(() => {
    const wanted = shown.blocks?.find((block) => block.element?.focus_on_load);
    const first = box.querySelector(wanted ? `[data-block="${CSS.escape(wanted.block_id ?? '')}"] .field` : '.field, .choice input');
    (first ?? box.querySelector('button'))?.focus();
  });
}

function lift() {
  if (!open) return;
  forget(surfaceKey(open.id));
  open.lift();
  open = null;
}

const surfaceKey = (id) => `view-${id}`;

function surfaceOf(shown) {
  return {
    key: surfaceKey(shown.id), blocks: shown.blocks ?? [], errors: open.local ?? shown.errors ?? {}, entered: shown.values,
    dispatch: async (action) => {
      const answer = await post('/ui/click', { view_id: shown.id, ...action });
      refresh();
      return answer;
    },
  };
}

function render() {
  const { box, shown, local, trouble, busy } = open;
  box.setAttribute('aria-label', plain(shown.title) || 'Modal');
  redraw(box, JSON.stringify([{ ...shown, values: null }, local, trouble, busy]), () => {
    const scroll = box.querySelector('.modal-body')?.scrollTop ?? 0;
    const body = el('div', { class: 'modal-body', tabindex: '0' }, drawBlocks(surfaceOf(shown)));
    requestAnimationFrame(() => { body.scrollTop = scroll; });
    return [head(shown), trouble ? el('p', { class: 'modal-trouble', role: 'alert' }, trouble) : null, body, foot(shown, busy)];
  });
}

function head(shown) {
  return el('header', { class: 'modal-head' },
    el('h2', { class: 'box-title' }, plain(shown.title) || 'Untitled'),
    el('button', { type: 'button', class: 'plain-button', 'aria-label': 'Close', onclick: close }, icon('close')));
}

function foot(shown, busy) {
  const send = shown.submit ? el('button', {
    type: 'button', class: `button primary${busy ? ' waiting' : ''}`, 'aria-busy': String(busy), data: { focus: 'modal-submit' }, onclick: submit,
  }, plain(shown.submit)) : null;
  return el('footer', { class: 'box-foot' },
    el('span', { class: 'foot-note' }, 'A modal of the bot, shown by the stand-in'),
    el('button', { type: 'button', class: 'button', onclick: close }, plain(shown.close) || (shown.submit ? 'Cancel' : 'Close')), send);
}

/** What Slack itself refuses before the bot is asked. */
function complaints(shown, values) {
  const found = {};
  shown.blocks?.forEach((block, index) => {
    if (block.type !== 'input') return;
    const id = blockId(block, index);
    const value = values[id]?.[block.element?.action_id || `action-${block.element?.type}`];
    const words = complaint(block.element ?? {}, value, block.optional);
    if (words) found[id] = words;
  });
  return found;
}

async function submit() {
  if (open.busy) return;
  const { shown, id } = open;
  const values = valuesOf({ key: surfaceKey(id), blocks: shown.blocks });
  const found = complaints(shown, values);
  open.trouble = '';
  if (Object.keys(found).length) { showErrors(found); return; }
  open.local = null;
  open.busy = true;
  render();
  const answer = await post('/ui/submit', { view_id: id, values });
  if (!open || open.id !== id) { refresh(); return; }
  open.busy = false;
  if (answer.errors && Object.keys(answer.errors).length) { showErrors(answer.errors); return; }
  if (!accepted(answer)) {
    open.trouble = 'The bot did not take this. What you wrote is still here; try again.';
    report(answer, `"${plain(shown.submit)}"`);
  }
  render();
  refresh();
}

function showErrors(errors) {
  open.local = errors;
  render();
  open.box.querySelector('.has-error .field, .has-error input')?.focus();
}

async function close() {
  if (!open || open.busy) return;
  const { id } = open;
  lift();
  view.snapshot.modal = null;
  await post('/ui/close', { view_id: id });
  refresh();
}

