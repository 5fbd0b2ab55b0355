// The help desk that stands in for Zendesk and its like: tickets, and what customer and bot wrote on them.
import { el, icon, patch } from './dom.js';
import { go, stamp, view } from './state.js';

const KINDS = {
  customer: ['From the customer', 'entry-customer'], internal_note: ['Internal note', 'entry-note'], reply: ['Reply to the customer', 'entry-reply'],
};

/** Items for the main pane. */
export function drawDesk(container) {
  const tickets = view.snapshot.tickets ?? [];
  const open = tickets.find((t) => t.id === view.ticket) ?? tickets[0];
  if (!container.querySelector('.desk')) {
    container.replaceChildren(el('div', { class: 'desk' },
      el('div', { class: 'desk-list', role: 'list', 'aria-label': 'Tickets' }), el('div', { class: 'desk-ticket' })));
  }
  const [list, detail] = container.querySelector('.desk').children;
  patch(list, tickets.length ? tickets.map((ticket) => line(ticket, ticket === open)) : [none()]);
  patch(detail, open ? [head(open), ...(open.entries ?? []).map((entry, index) => row(open, entry, index))] : []);
}

const none = () => ({ key: 'none', sig: '', render: () => el('p', { class: 'empty' }, 'No ticket has come in yet.') });

const who = (requester) => (typeof requester === 'string' ? requester : requester?.name || requester?.email || 'unknown');
const address = (requester) => (typeof requester === 'string' ? '' : requester?.email ?? '');
const label = (name) => el('span', { class: 'tag' }, name);

function line(ticket, here) {
  const last = ticket.entries?.length ?? 0;
  const notes = (ticket.entries ?? []).filter((e) => e.kind !== 'customer').length;
  return {
    key: ticket.id, sig: JSON.stringify([ticket, here, last]),
    render: () => el('button', {
      type: 'button', class: 'desk-line', role: 'listitem', 'aria-current': here ? 'true' : null, data: { focus: `ticket-${ticket.id}` },
      onclick: () => go({ at: 'desk', ticket: ticket.id }),
    }, el('span', { class: 'desk-line-top' }, el('code', {}, ticket.id), status(ticket), priority(ticket),
      notes ? el('span', { class: 'desk-notes', title: `${notes} written by the bot` }, icon('note'), String(notes)) : null),
    el('span', { class: 'desk-subject' }, ticket.subject),
    el('span', { class: 'desk-who' }, who(ticket.requester))),
  };
}

const status = (ticket) => (ticket.status ? el('span', { class: 'tag' }, ticket.status) : null);

function priority(ticket) {
  if (!ticket.priority) return null;
  const loud = /urgent|high|p1|p0/i.test(ticket.priority);
  return el('span', { class: loud ? 'tag tag-flag' : 'tag' }, ticket.priority);
}

function head(ticket) {
  const fact = (name, value) => [el('dt', {}, name), el('dd', {}, value)];
  return {
    key: 'head', sig: JSON.stringify([ticket.id, ticket.subject, ticket.requester, ticket.status, ticket.priority, ticket.assignee, ticket.queue, ticket.labels]),
    render: () => el('header', { class: 'desk-head' },
      el('h2', {}, ticket.subject),
      el('dl', { class: 'facts' },
        fact('Ticket', el('code', {}, ticket.id)),
        fact('Requester', `${who(ticket.requester)}${address(ticket.requester) && address(ticket.requester) !== who(ticket.requester) ? ` <${address(ticket.requester)}>` : ''}`),
        fact('Status', ticket.status || 'open'), fact('Priority', ticket.priority || 'not set'),
        fact('Assignee', ticket.assignee || 'nobody'), ticket.queue ? fact('Queue', ticket.queue) : null,
        fact('Labels', ticket.labels?.length ? ticket.labels.map(label) : 'none'))),
  };
}

function row(ticket, entry, index) {
  const [words, kind] = KINDS[entry.kind] ?? [entry.kind, 'entry-note'];
  return {
    key: `${ticket.id}-${entry.key ?? index}-${index}`, sig: JSON.stringify(entry),
    render: () => el('article', { class: `entry ${kind}` },
      el('header', {}, el('strong', {}, words), el('time', {}, stamp(entry.at)),
        entry.key && entry.kind !== 'customer' ? el('code', { class: 'entry-key', title: 'Idempotency key: writing it again changes nothing' }, entry.key) : null),
      el('div', { class: 'entry-text' }, entry.text ?? '')),
  };
}
