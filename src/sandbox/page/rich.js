// The rich_text block as DOM: sections, lists, quotes, preformatted text and what stands in them.
import { el } from './dom.js';
import { emoji } from './emoji.js';
import { channelLink, dateNode, groupMention, link, mention } from './text.js';

/** One rich_text block. */
export function richText(block) {
  return el('div', { class: 'rich' }, gatherLists(block.elements ?? []));
}

function gatherLists(elements) {
  return elements.map((element) => {
    switch (element.type) {
      case 'rich_text_section': return el('div', { class: 'rich-section' }, inlineNodes(element.elements));
      case 'rich_text_list': return list(element);
      case 'rich_text_quote': return el('blockquote', { class: 'quote' }, inlineNodes(element.elements));
      case 'rich_text_preformatted': return el('pre', { class: 'pre' }, inlineNodes(element.elements));
      default: return el('p', { class: 'unknown' }, `rich_text element "${element.type}" is not drawn by this stand-in.`);
    }
  });
}

function list(element) {
  const ordered = element.style === 'ordered';
  const items = (element.elements ?? []).map((item) => el('li', {}, inlineNodes(item.elements)));
  const depth = Math.min(element.indent ?? 0, 8);
  const start = ordered && element.offset ? element.offset + 1 : null;
  return el(ordered ? 'ol' : 'ul', { class: `rich-list depth-${depth}${element.border ? ' bordered' : ''}`, start }, items);
}

function inlineNodes(elements) {
  return (elements ?? []).map((element) => styled(inlineNode(element), element.style));
}

function inlineNode(element) {
  switch (element.type) {
    case 'text': return element.text ?? '';
    case 'link': return link(element.url ?? '', element.text ?? '');
    case 'emoji': return emoji(element.name ?? '') ?? fromUnicode(element.unicode) ?? `:${element.name}:`;
    case 'user': return mention(element.user_id ?? '');
    case 'usergroup': return groupMention(element.usergroup_id ?? '');
    case 'channel': return channelLink(element.channel_id ?? '');
    case 'broadcast': return el('span', { class: 'mention mention-me' }, `@${element.range}`);
    case 'date': return dateNode(element.timestamp, element.format ?? '{date_num}', element.url, element.fallback);
    case 'color': return el('code', {}, element.value ?? '');
    default: return element.text ?? `[${element.type}]`;
  }
}

function fromUnicode(points) {
  if (!/^[0-9a-f]{1,6}(-[0-9a-f]{1,6})*$/i.test(points ?? '')) return undefined;
  const codes = points.split('-').map((point) => parseInt(point, 16));
  return codes.every((code) => code <= 0x10ffff) ? String.fromCodePoint(...codes) : undefined;
}

function styled(node, style) {
  if (!style) return node;
  let out = node;
  const wraps = { code: 'code', bold: 'strong', italic: 'em', strike: 's', underline: 'u' };
  for (const [name, tag] of Object.entries(wraps)) if (style[name]) out = el(tag, {}, out);
  return out;
}
