// Tables: what the Stripe stand-in holds, and the requests that went to the bot.
import { el, redraw } from './dom.js';
import { asDate, clock, stamp, view } from './state.js';

const cell = (words, kind) => el('td', { class: kind ?? null }, words);

function table(name, heads, rows) {
  return el('section', { class: 'ledger' }, name ? el('h2', {}, name) : null,
    rows.length
      ? el('div', { class: 'table-holder' }, el('table', {}, el('thead', {}, el('tr', {}, heads.map(([words, kind]) => el('th', { class: kind ?? null, scope: 'col' }, words)))), el('tbody', {}, rows)))
      : el('p', { class: 'empty' }, 'Nothing here yet.'));
}

/** Stripe's amounts are integers in the smallest unit; zero-decimal currencies have none below one. */
export function money(amount, currency) {
  if (amount === null || amount === undefined) return '';
  const code = (currency ?? 'usd').toUpperCase();
  try {
    const format = new Intl.NumberFormat('en-GB', { style: 'currency', currency: code, currencyDisplay: 'code' });
    return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits).replace('\u00a0', ' ');
  } catch {
    return `${amount} ${code}`;
  }
}

const day = (seconds) => asDate(seconds)?.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }) ?? '';
const flag = (on, words) => (on ? el('span', { class: 'tag tag-flag' }, words) : null);

/** Read-only tables of the Stripe stand-in. */
export function drawStripe(container) {
  const { customers = [], charges = [] } = view.snapshot.stripe ?? {};
  const drawn = redraw(container, JSON.stringify(['stripe', customers, charges, view.ticket]), () => el('div', { class: 'pane' },
    el('p', { class: 'pane-note' }, 'The bot reads here and can do nothing else: it has no way to send anything but GET. A refund is made by a person, in Stripe.'),
    table('Charges', [['Charge'], ['Amount', 'number'], ['Refunded', 'number'], ['Customer'], ['Created'], ['Description'], ['State']], charges.map(charge)),
    table('Customers', [['Customer'], ['Name'], ['E-mail'], ['Since']], customers.map(customer))));
  if (drawn) container.querySelector('.row-asked')?.scrollIntoView({ block: 'center' });
}

const asked = (row) => (row.id === view.ticket ? 'row-asked' : null);

function charge(row) {
  const who = view.snapshot.stripe.customers?.find((c) => c.id === row.customer);
  const state = [flag(row.disputed || row.dispute, 'disputed'), flag(row.refunded, 'refunded'), flag(row.status && row.status !== 'succeeded', row.status)];
  return el('tr', { class: asked(row) }, cell(el('code', {}, row.id)), cell(money(row.amount, row.currency), 'number'),
    cell(row.amount_refunded ? money(row.amount_refunded, row.currency) : '', 'number'),
    cell(who?.name || who?.email || row.customer || ''), cell(day(row.created)), cell(row.description ?? ''), cell(state.some(Boolean) ? state : 'paid'));
}

function customer(row) {
  return el('tr', { class: asked(row) }, cell(el('code', {}, row.id)), cell(row.name ?? ''), cell(row.email ?? ''), cell(day(row.created)));
}

const good = (status) => status >= 200 && status < 300;

function lamp(status) {
  return el('span', { class: `status ${good(status) ? 'status-good' : 'status-bad'}` }, status ? String(status) : 'none');
}

/** Slack's names for what it sends, in words; anything after the name is the sandbox's own detail. */
const SENT = {
  block_actions: 'Click', view_submission: 'Modal submitted', view_closed: 'Modal closed', app_home_opened: 'App Home opened',
  message: 'Message', app_mention: 'Mention', url_verification: 'Address check', user_change: 'Person changed',
  subteam_updated: 'Group changed', subteam_members_changed: 'Group changed',
};

function what({ what: words = '' }) {
  const [, name, rest] = /^(\w+)\b([\s\S]*)$/.exec(words) ?? [null, '', words];
  return SENT[name] ? [`${SENT[name]}${rest} `, el('code', {}, name)] : words;
}

const latestFirst = (log) => [...(log ?? [])].sort((a, b) => (asDate(b.at)?.getTime() ?? 0) - (asDate(a.at)?.getTime() ?? 0));

/** The whole log of requests, as a pane. */
export function drawRequests(container) {
  const log = latestFirst(view.snapshot.bot?.log);
  redraw(container, JSON.stringify(['requests', log]), () => el('div', { class: 'pane' },
    el('p', { class: 'pane-note' }, 'Every click, command and event goes to the bot as a signed HTTP request, as Slack sends it. Newest first.'),
    table('', [['Time'], ['What'], ['Answer'], ['Took', 'number']], log.map((entry) => el('tr', {},
      cell(stamp(entry.at, true)), cell(what(entry)), cell(lamp(entry.status)), cell(entry.ms === undefined ? '' : `${entry.ms} ms`, 'number'))))));
}

/** The same log, short, in the margin of a wide window. */
export function drawMargin(container) {
  const { bot } = view.snapshot;
  const log = latestFirst(bot?.log).slice(0, 40);
  redraw(container, JSON.stringify(log), () => [
    el('h2', { class: 'margin-title' }, 'Requests to the bot', el('span', { class: 'count' }, String(bot?.requests ?? 0))),
    log.length ? el('ol', { class: 'margin-log' }, log.map((entry) => el('li', {},
      el('span', { class: 'margin-what' }, what(entry)), lamp(entry.status),
      el('span', { class: 'margin-when' }, `${clock(entry.at, true)}${entry.ms === undefined ? '' : `, ${entry.ms} ms`}`))))
      : el('p', { class: 'empty' }, 'None yet. Click something.')]);
}
