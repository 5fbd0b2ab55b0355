// Slack's text objects as DOM: plain_text word for word, mrkdwn parsed into nodes.
// Source of the rules: "Formatting text for app surfaces" in Slack's documentation. Nothing here makes markup from text.
import { el } from './dom.js';
import { emoji, withEmoji } from './emoji.js';
import { asDate, channelById, groupHandle, ticketById, userById, userName, view, go } from './state.js';
import { confirmBox } from './overlay.js';

/** The text of a Slack text object, whatever its type, as nodes. */
export function textNodes(object) {
  if (!object) return [];
  if (typeof object === 'string') return [object];
  return object.type === 'mrkdwn' ? mrkdwn(object.text ?? '') : [plain(object)];
}

/** The characters of a plain_text object; short names become emoji unless `emoji` is false. */
export function plain(object) {
  if (!object) return '';
  if (typeof object === 'string') return object;
  return object.emoji === false ? object.text ?? '' : withEmoji(object.text ?? '');
}

/** Turns Slack's three escapes back into characters. */
const unescape = (text) => text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: '<', gt: '>', amp: '&' })[name]);

/** Whole mrkdwn text as nodes: fenced code first, then quotes, then what stands in a line. */
export function mrkdwn(text) {
  const nodes = [];
  const parts = text.split('```');
  parts.forEach((part, index) => {
    const fenced = index % 2 === 1 && index < parts.length - 1;
    if (fenced) nodes.push(el('pre', { class: 'pre' }, references(part.replace(/^\n/, '').replace(/\n$/, ''))));
    else if (part) nodes.push(...paragraphs(index % 2 === 1 ? '```' + part : index ? part.replace(/^[ \n]/, '') : part));
  });
  return nodes;
}

/** Lines that begin with `>` become one quote; the others stay lines. */
function paragraphs(text) {
  const nodes = [];
  let quoted = [];
  const close = () => {
    if (!quoted.length) return;
    nodes.push(el('blockquote', { class: 'quote' }, inline(quoted.join('\n'))));
    quoted = [];
  };
  let open = [];
  const flush = () => {
    if (open.length) nodes.push(...inline(open.join('\n')));
    open = [];
  };
  for (const line of text.split('\n')) {
    const quote = /^(?:>|&gt;)\s?(.*)$/.exec(line);
    if (quote) { flush(); quoted.push(quote[1]); } else { close(); open.push(line); }
  }
  close();
  flush();
  return nodes;
}

const MARKS = { '*': ['strong', 'b'], _: ['em', 'i'], '~': ['s', 's'] };
const BEFORE = /[\s([{"'*_~\u2022\u2013\u2014:;,.!?/|>-]/;
const AFTER = /[\s)\]}"'*_~\u2013\u2014:;,.!?/|<-]/;

/** What stands inside a line: code, references, emphasis, emoji, bare links. */
function inline(text) {
  const nodes = [];
  let kept = '';
  const keep = () => { if (kept) nodes.push(...bare(kept)); kept = ''; };
  for (let at = 0; at < text.length;) {
    const found = codeAt(text, at) ?? referenceAt(text, at) ?? emphasisAt(text, at);
    if (found) { keep(); nodes.push(found.node); at = found.end; } else { kept += text[at]; at += 1; }
  }
  keep();
  return nodes;
}

function codeAt(text, at) {
  if (text[at] !== '`') return null;
  const end = text.indexOf('`', at + 1);
  if (end <= at + 1 || text.slice(at, end).includes('\n')) return null;
  return { node: el('code', {}, references(text.slice(at + 1, end))), end: end + 1 };
}

function referenceAt(text, at) {
  if (text[at] !== '<') return null;
  const end = text.indexOf('>', at + 1);
  if (end < 0) return null;
  const node = reference(text.slice(at + 1, end));
  return node ? { node, end: end + 1 } : null;
}

function emphasisAt(text, at) {
  const mark = MARKS[text[at]];
  if (!mark || (at > 0 && !BEFORE.test(text[at - 1]))) return null;
  const inner = text[at + 1];
  if (!inner || /\s/.test(inner) || inner === text[at]) return null;
  for (let end = text.indexOf(text[at], at + 2); end > 0; end = text.indexOf(text[at], end + 1)) {
    if (text.slice(at, end).includes('\n')) return null;
    const closes = !/\s/.test(text[end - 1]) && (end + 1 === text.length || AFTER.test(text[end + 1]));
    if (closes) return { node: el(mark[0], {}, inline(text.slice(at + 1, end))), end: end + 1 };
  }
  return null;
}

/** Text in which only `<...>` references and escapes mean something (inside code). */
function references(text) {
  return text.split(/(<[^>\n]+>)/).map((part) => (/^<.+>$/.test(part) ? reference(part.slice(1, -1)) ?? part : unescape(part)));
}

/** What stands between angle brackets, or null if it is no reference that Slack knows. */
function reference(body) {
  const [target, ...rest] = body.split('|');
  const label = rest.length ? unescape(rest.join('|')) : '';
  if (target.startsWith('@')) return mention(target.slice(1), label);
  if (target.startsWith('#')) return channelLink(target.slice(1), label);
  if (target.startsWith('!')) return special(target.slice(1), label);
  return /^[a-z][a-z0-9+.-]*:/i.test(target) ? link(unescape(target), label) : null;
}

/** `@Name`, marked if it is the reader. */
export function mention(id, label = '') {
  const name = userById(id) ? userName(id) : label.replace(/^@/, '') || id;
  return el('span', { class: id === view.as ? 'mention mention-me' : 'mention', title: id }, `@${name}`);
}

/** `#channel`, a way there if the reader can see it. */
export function channelLink(id, label = '') {
  const channel = channelById(id);
  const name = `#${channel?.name ?? (label.replace(/^#/, '') || id)}`;
  if (!channel) return el('span', { class: 'mention', title: id }, name);
  return el('button', { type: 'button', class: 'mention mention-go', onclick: () => go({ at: id }) }, name);
}

/** `@handle` of a user group. */
export function groupMention(id, label = '') {
  const handle = groupHandle(id);
  return el('span', { class: 'mention', title: id }, `@${handle === id && label ? label.replace(/^@/, '') : handle}`);
}

function special(body, label) {
  const [name, ...args] = body.split('^');
  if (name === 'subteam') return groupMention(args[0] ?? '', label);
  if (name === 'date') return dateNode(Number(args[0]), args[1] ?? '{date_num}', args[2], label);
  if (['here', 'channel', 'everyone'].includes(name)) return el('span', { class: 'mention mention-me' }, `@${name}`);
  return label ? el('span', {}, label) : null;
}

/** A date that Slack shows in the reader's own zone; `format` holds tokens such as `{date_short}` and `{time}`. */
export function dateNode(seconds, format, url, fallback) {
  const date = asDate(seconds);
  const text = date ? dateWords(date, format) : fallback;
  const node = el('time', { class: 'when', datetime: date?.toISOString(), title: fallback || null }, text);
  return url ? link(url, '', [node]) : node;
}

function dateWords(date, format) {
  const day = (options) => date.toLocaleDateString('en-GB', options);
  const time = (options) => date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...options });
  const near = { 0: 'today', 1: 'tomorrow', '-1': 'yesterday' }[dayDistance(date)];
  const long = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
  const short = { day: 'numeric', month: 'short', year: 'numeric' };
  const words = {
    date_num: () => day({ year: 'numeric', month: '2-digit', day: '2-digit' }).split('/').reverse().join('-'),
    date: () => day({ day: 'numeric', month: 'long', year: 'numeric' }),
    date_short: () => day(short), date_long: () => day(long), date_slash: () => day({}),
    date_pretty: () => near ?? day({ day: 'numeric', month: 'long', year: 'numeric' }),
    date_short_pretty: () => near ?? day(short), date_long_pretty: () => near ?? day(long),
    day_divider_pretty: () => near ?? day(long),
    time: () => time({}), time_secs: () => time({ second: '2-digit' }), ago: () => `${day(short)} ${time({})}`,
  };
  return format.replace(/\{(\w+)\}/g, (whole, token) => words[token]?.() ?? whole);
}

function dayDistance(date) {
  const start = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  return Math.round((start(date) - start(asDate(view.snapshot?.now) ?? new Date())) / 86400000);
}

/** Plain characters with emoji short names, escapes and bare addresses taken care of. */
function bare(text) {
  return text.split(/(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"\]])/).map((part, index) => {
    if (index % 2) return link(unescape(part));
    return unescape(part.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole));
  });
}

/** A link. Only web and mail addresses become one; everything else stays the words it is. */
export function link(url, label = '', children = null) {
  const words = children ?? [label || url.replace(/^mailto:/, '')];
  if (!/^(https?:|mailto:)/i.test(url)) return el('span', { class: 'dead-link', title: url }, words);
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', title: url, onclick: (event) => follow(event, url) }, words);
}

/** Keeps the reader on this machine: known tickets and charges open here, other addresses are asked about first. */
export async function follow(event, url) {
  const ticket = /[^/?#=]+$/.exec(url)?.[0] ?? '';
  const charge = /\b(?:ch|py|cus|re)_\w+/.exec(url)?.[0];
  const stripe = view.snapshot?.stripe ?? {};
  if (ticketById(ticket)) { event.preventDefault(); go({ at: 'desk', ticket }); return; }
  if (charge && [...(stripe.charges ?? []), ...(stripe.customers ?? [])].some((row) => row.id === charge)) {
    event.preventDefault();
    go({ at: 'stripe', ticket: charge });
    return;
  }
  if (/^https?:\/\/(127\.|localhost|\[::1\])/.test(url)) return;
  event.preventDefault();
  const leave = await confirmBox({
    title: 'This link leaves the local workspace', text: url, confirm: 'Open it', deny: 'Stay here',
  });
  if (leave) window.open(url, '_blank', 'noopener,noreferrer');
}
