// What lies over the page: one stack of boxes, questions before a click, and short notices.
import { el, icon } from './dom.js';

const stack = [];

/** Shows a box over everything; what lies under it cannot be reached until it is lifted. Returns the lifting function. */
export function lay(box, { cancel, label }) {
  const before = document.activeElement;
  const sheet = el('div', { class: 'sheet' }, box);
  box.setAttribute('role', 'dialog');
  box.setAttribute('aria-modal', 'true');
  box.setAttribute('aria-label', label);
  sheet.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    cancel();
  });
  document.getElementById('overlays').append(sheet);
  stack.push(sheet);
  settle();
  return () => {
    sheet.remove();
    stack.splice(stack.indexOf(sheet), 1);
    settle();
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
}

/** Only the top of the stack can be reached. */
function settle() {
  document.getElementById('frame').inert = stack.length > 0;
  stack.forEach((sheet, index) => { sheet.inert = index < stack.length - 1; });
}

/** Asks before something happens; resolves to true or false. `style` is `danger` or `primary`. */
export function confirmBox({ title, text, confirm, deny, style }) {
  return new Promise((resolve) => {
    let lift = () => {};
    const answer = (value) => { lift(); resolve(value); };
    const yes = el('button', { type: 'button', class: `button ${style === 'danger' ? 'danger filled' : 'primary'}`, onclick: () => answer(true) }, confirm);
    const box = el('div', { class: 'box box-small' },
      el('h2', { class: 'box-title' }, title),
      el('div', { class: 'box-text' }, text),
      el('div', { class: 'box-foot' },
        el('button', { type: 'button', class: 'button', onclick: () => answer(false) }, deny), yes));
    lift = lay(box, { cancel: () => answer(false), label: typeof title === 'string' ? title : 'Please confirm' });
    yes.focus();
  });
}

/** A short notice; errors stay until they are closed, the others go by themselves. */
export function toast(words, { error = false, more } = {}) {
  const note = el('div', { class: error ? 'toast toast-error' : 'toast', role: error ? 'alert' : null },
    el('p', {}, words), more ?? null,
    el('button', { type: 'button', class: 'plain-button', 'aria-label': 'Dismiss', onclick: () => note.remove() }, icon('close')));
  const holder = document.getElementById('toasts');
  while (holder.children.length > 3) holder.firstElementChild.remove();
  holder.append(note);
  setTimeout(() => note.remove(), error ? 15000 : 4000);
}
