// Builds and refreshes DOM nodes. Text always enters as text nodes, never as markup.

/**
 * Makes one element. `props`: `class`, `data` (object), `onclick` and the like (functions), `checked`/`value`/
 * `disabled`/`hidden` and other booleans, anything else becomes an attribute; null, undefined and false are left out.
 * Children are nodes, strings or (nested) arrays of them.
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name === 'data') Object.assign(node.dataset, value);
    else if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'selected') node[name] = value;
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  put(node, children);
  return node;
}

/** Appends strings and nodes, however deeply nested in arrays. */
export function put(node, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === '') continue;
    node.append(child);
  }
  return node;
}

/** Empties a node and fills it again. */
export function fill(node, ...children) {
  node.replaceChildren();
  return put(node, children);
}

const SIGNATURES = new WeakMap();
const KEYS = new WeakMap();

/**
 * Brings `container` to the given items without touching what has not changed, so that scroll, focus and half-typed
 * text survive. Each item: `{key, sig, render}`; an item whose `sig` is the same as last time keeps its node.
 */
export function patch(container, items) {
  const held = new Map();
  for (const child of [...container.children]) held.set(KEYS.get(child), child);
  const wasFilled = held.size > 0;
  const focus = rememberFocus(container);
  let cursor = container.firstElementChild;
  for (const item of items) {
    const old = held.get(item.key);
    held.delete(item.key);
    let node = old;
    if (!old || SIGNATURES.get(old) !== item.sig) {
      node = item.render();
      KEYS.set(node, item.key);
      SIGNATURES.set(node, item.sig);
      if (!old && wasFilled) node.classList.add('arrives');
      if (old && cursor === old) cursor = old.nextElementSibling;
      old?.remove();
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else container.insertBefore(node, cursor);
  }
  for (const stale of held.values()) stale.remove();
  restoreFocus(container, focus);
}

/** Draws one region again only if its signature has changed. */
export function redraw(node, sig, render) {
  if (SIGNATURES.get(node) === sig) return false;
  const focus = rememberFocus(node);
  SIGNATURES.set(node, sig);
  fill(node, render());
  restoreFocus(node, focus);
  return true;
}

function rememberFocus(container) {
  const active = document.activeElement;
  if (!active || !container.contains(active) || !active.dataset.focus) return null;
  const text = 'selectionStart' in active && /^(text|textarea|search|url|email)$/.test(active.type);
  return { key: active.dataset.focus, from: text ? active.selectionStart : null, to: text ? active.selectionEnd : null };
}

function restoreFocus(container, focus) {
  if (!focus || container.contains(document.activeElement)) return;
  const node = container.querySelector(`[data-focus="${CSS.escape(focus.key)}"]`);
  if (!node) return;
  node.focus({ preventScroll: true });
  if (focus.from !== null && node.setSelectionRange) node.setSelectionRange(focus.from, focus.to);
}

/** A list that folds out of its button: Escape folds it in before anything around it hears of the key. */
export function foldOut(props, button, list) {
  const holder = el('details', {
    ...props,
    onkeydown: (event) => {
      if (event.key !== 'Escape' || !holder.open) return;
      holder.open = false;
      button.focus();
      event.preventDefault();
      event.stopPropagation();
    },
  }, button, list);
  return holder;
}

/** A small drawing from path data: stroke only, takes the colour of the text around it. */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  for (const [k, v] of Object.entries({ viewBox: '0 0 20 20', class: `icon icon-${name}`, 'aria-hidden': 'true' })) {
    svg.setAttribute(k, v);
  }
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', ICONS[name] ?? '');
  svg.append(path);
  return svg;
}

const ICONS = {
  home: 'M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-4v-4.5H8V17H4a1 1 0 0 1-1-1z',
  desk: 'M3 6a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v2a2 2 0 0 0 0 4v2a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-2a2 2 0 0 0 0-4zM12 4v12',
  ledger: 'M4 4h12v12H4zM4 8h12M4 12h12M8 8v8',
  requests: 'M3 7h11M11 4l3 3-3 3M17 13H6M9 10l-3 3 3 3',
  image: 'M3 5a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zM3 14l4-4 3 3 3-3 4 4M8 7.6a.4.4 0 1 0-.8 0 .4.4 0 1 0 .8 0',
  close: 'M5 5l10 10M15 5 5 15',
  reply: 'M8 5 4 9l4 4M4 9h7a5 5 0 0 1 5 5v1',
  down: 'M5 8l5 5 5-5',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  eye: 'M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0',
  note: 'M4 4h12v8l-4 4H4zM16 12h-4v4M7 8h6M7 11h3',
  out: 'M8 5H5v10h10v-3M11 4h5v5M16 4l-7 7',
};
