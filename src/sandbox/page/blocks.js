// Block Kit blocks as DOM: https://docs.slack.dev/reference/block-kit/blocks
import { el, put } from './dom.js';
import { drawElement, picture, unknown } from './elements.js';
import { fieldId } from './fields.js';
import { blockId } from './forms.js';
import { richText } from './rich.js';
import { mrkdwn, plain, textNodes } from './text.js';

const LONG_TEXT = 1500;

/** Draws all blocks of a surface: `{key, blocks, dispatch, errors?, folds?}`. `errors` is per block id. */
export function drawBlocks(surface) {
  return (surface.blocks ?? []).map((block, index) => {
    const id = blockId(block, index);
    const node = drawBlock(block, surface, id);
    node.classList.add('block', `block-${block.type}`);
    node.dataset.block = id;
    return node;
  });
}

/** One bad block must not take the others with it: it says so in its place. */
function drawBlock(block, surface, id) {
  try {
    return (BLOCKS[block.type] ?? unknownBlock)(block, surface, id);
  } catch (error) {
    return el('div', {}, el('p', { class: 'unknown' }, `This "${block.type}" block could not be drawn: ${error.message}`));
  }
}

const unknownBlock = (block) => el('div', {}, unknown(block.type));

const BLOCKS = {
  header: (block) => el('h3', {}, plain(block.text)),
  divider: () => el('hr'),
  section,
  context: (block, surface, id) => el('div', {}, (block.elements ?? []).map((element) => drawElement(element, surface, id))),
  actions: (block, surface, id) => el('div', {}, (block.elements ?? []).map((element) => drawElement(element, surface, id))),
  input,
  rich_text: richText,
  image: (block) => el('figure', {}, picture(block), block.title ? el('figcaption', {}, plain(block.title)) : null),
  markdown: (block) => el('div', {}, mrkdwn((block.text ?? '').replace(/\*\*(.+?)\*\*/g, '*$1*'))),
  table,
};

function section(block, surface, id) {
  const words = block.text ? el('div', { class: 'section-text' }, textNodes(block.text)) : null;
  const fields = (block.fields ?? []).map((object) => el('div', { class: 'section-field' }, textNodes(object)));
  const body = el('div', { class: 'section-body' }, words, fields.length ? el('div', { class: 'section-fields' }, fields) : null);
  if (words && surface.folds && !block.expand && (block.text.text ?? '').length > LONG_TEXT) fold(words);
  return el('div', {}, body, block.accessory ? el('div', { class: 'accessory' }, drawElement(block.accessory, surface, id)) : null);
}

/** Slack folds very long sections behind "See more" unless `expand` is set; so do we, because it changes what is seen. */
function fold(words) {
  words.classList.add('folded');
  const more = el('button', { type: 'button', class: 'link-button' }, 'See more');
  more.addEventListener('click', () => {
    const folded = words.classList.toggle('folded');
    more.textContent = folded ? 'See more' : 'See less';
  });
  queueMicrotask(() => words.after(more));
}

function input(block, surface, id) {
  const place = { block_id: id, action_id: block.element?.action_id || `action-${block.element?.type}` };
  const target = fieldId({ surface, place });
  const error = surface.errors?.[id];
  const control = drawElement(block.element ?? {}, surface, id, block);
  const label = el('label', { class: 'input-label', for: target, id: `${target}-label` }, plain(block.label),
    block.optional ? el('span', { class: 'input-optional' }, ' (optional)') : null);
  if (/^(radiogroup|group)$/.test(control.getAttribute?.('role') ?? '')) control.setAttribute('aria-labelledby', `${target}-label`);
  return put(el('div', { class: error ? 'has-error' : '' }), label, control,
    el('div', { id: `${target}-more` },
      error ? el('p', { class: 'input-error', role: 'alert' }, error) : null,
      block.hint ? el('p', { class: 'input-hint' }, plain(block.hint)) : null));
}

function table(block) {
  const cell = (item, tag) => el(tag, {}, item?.type === 'rich_text' ? richText(item) : item?.text ?? '');
  const [head, ...rows] = block.rows ?? [];
  return el('div', { class: 'table-holder' }, el('table', {},
    el('thead', {}, el('tr', {}, (head ?? []).map((item) => cell(item, 'th')))),
    el('tbody', {}, rows.map((row) => el('tr', {}, row.map((item) => cell(item, 'td')))))));
}
