// Block Kit elements that hold a value: text, numbers, dates, menus, choices. Each keeps its value in the surface's form.
import { el, foldOut } from './dom.js';
import { slot } from './forms.js';
import { channelLabel, flagsOf, view } from './state.js';
import { plain, textNodes } from './text.js';

/**
 * Draws a value element. `at`: `{surface, place, send, wants, labelled}`, where `place` names block and action,
 * `send(extra)` is what a change does, `wants` says whether changes are sent at all (in an input block only with
 * `dispatch_action`), `labelled` that an input block stands around it. Returns null for a type that holds no value.
 */
export function field(element, at) {
  return FIELDS[element.type]?.(element, at) ?? null;
}

const FIELDS = {
  plain_text_input: textInput,
  email_text_input: (e, at) => typed(e, at, { type: 'email' }, 'value'),
  url_text_input: (e, at) => typed(e, at, { type: 'url' }, 'value'),
  number_input: numberInput,
  datepicker: (e, at) => typed(e, at, { type: 'date' }, 'selected_date', e.initial_date),
  timepicker: (e, at) => typed(e, at, { type: 'time' }, 'selected_time', e.initial_time),
  static_select: (e, at) => oneOf(e, at, { name: 'selected_option', groups: optionGroups(e), first: e.initial_option }),
  users_select: (e, at) => oneOf(e, at, { name: 'selected_user', groups: [{ options: people() }], first: e.initial_user }),
  channels_select: (e, at) => oneOf(e, at, { name: 'selected_channel', groups: [{ options: rooms() }], first: e.initial_channel }),
  conversations_select: (e, at) => oneOf(e, at, { name: 'selected_conversation', groups: [{ options: rooms() }], first: e.initial_conversation }),
  multi_static_select: (e, at) => manyOf(e, at, { name: 'selected_options', groups: optionGroups(e), first: e.initial_options }),
  multi_users_select: (e, at) => manyOf(e, at, { name: 'selected_users', groups: [{ options: people() }], first: e.initial_users }),
  radio_buttons: radios,
  checkboxes: boxes,
};

/** Only an input block has a label of its own; elsewhere the placeholder has to name the field. */
const ids = (element, at) => ({
  id: fieldId(at), data: { focus: fieldId(at) }, 'aria-describedby': at.labelled ? `${fieldId(at)}-more` : null,
  'aria-label': at.labelled ? null : plain(element.placeholder) || element.type.replaceAll('_', ' '),
});

/** The id that ties a label to its field. */
export const fieldId = (at) => `f-${at.surface.key}-${at.place.block_id}-${at.place.action_id}`.replace(/[^\w-]/g, '_');

function textInput(element, at) {
  const held = slot(at.surface, at.place, { type: element.type, value: element.initial_value ?? null });
  const write = (event) => held.set({ type: element.type, value: event.target.value === '' ? null : event.target.value });
  const props = {
    ...ids(element, at), class: 'field', value: held.get().value ?? '', placeholder: plain(element.placeholder),
    maxlength: element.max_length ?? 3000, oninput: write,
    onkeydown: (event) => {
      const enter = event.key === 'Enter' && !event.shiftKey && !element.multiline;
      if (enter && at.wants) at.send({ value: held.get().value });
    },
  };
  if (!element.multiline) return el('input', { type: 'text', autocomplete: 'off', ...props });
  const rows = Math.min(14, Math.max(4, Math.ceil((held.get().value ?? '').length / 70) + 1));
  return el('textarea', { ...props, rows });
}

function numberInput(element, at) {
  const limits = { type: 'number', min: element.min_value, max: element.max_value, step: element.is_decimal_allowed ? 'any' : '1' };
  return typed(element, at, limits, 'value', element.initial_value);
}

function typed(element, at, kind, name, first = element.initial_value) {
  const held = slot(at.surface, at.place, { type: element.type, [name]: first ?? null });
  return el('input', {
    ...ids(element, at), ...kind, class: 'field', autocomplete: 'off', value: held.get()[name] ?? '', placeholder: plain(element.placeholder) || null,
    oninput: (event) => held.set({ type: element.type, [name]: event.target.value || null }),
    onchange: () => { if (at.wants) at.send({ [name]: held.get()[name] }); },
  });
}

const optionGroups = (element) => (element.option_groups ?? [{ options: element.options ?? [] }]);
const optionValue = (option) => (typeof option === 'string' ? option : option?.value);

/** Everybody that Slack would offer: not the deactivated. */
const people = () => view.snapshot.users.filter((u) => !u.deleted).map((u) => {
  const flags = flagsOf(u);
  return { id: u.id, text: { text: (u.real_name || u.name) + (flags.length ? ` (${flags.join(', ')})` : ''), emoji: false } };
});

const rooms = () => view.snapshot.channels.filter((c) => !c.archived).map((c) => (
  { id: c.id, text: { text: (c.kind === 'im' ? '' : '#') + channelLabel(c), emoji: false } }));

/** What an option is called on the wire, and what is stored for it: an id, or the option object itself. */
const wire = (option) => option.id ?? option.value;
const stored = (option) => option.id ?? option;

function oneOf(element, at, { name, groups, first }) {
  const held = slot(at.surface, at.place, { type: element.type, [name]: first ?? null });
  const all = groups.flatMap((group) => group.options ?? []);
  const chosen = optionValue(held.get()[name]);
  const draw = (option) => el('option', { value: wire(option), selected: wire(option) === chosen }, plain(option.text));
  const change = async (event) => {
    const before = held.get();
    const option = all.find((o) => wire(o) === event.target.value);
    held.set({ type: element.type, [name]: option ? stored(option) : null });
    if (!at.wants || !option) return;
    if (await at.send({ [name]: stored(option) }) === false) { held.set(before); event.target.value = optionValue(before[name]) ?? ''; }
  };
  return el('span', { class: 'select' }, el('select', { ...ids(element, at), class: 'field', onchange: change },
    el('option', { value: '', selected: chosen === undefined }, plain(element.placeholder) || 'Choose…'),
    groups.map((group) => (group.label ? el('optgroup', { label: plain(group.label) }, group.options.map(draw)) : group.options.map(draw)))));
}

function manyOf(element, at, { name, groups, first }) {
  const held = slot(at.surface, at.place, { type: element.type, [name]: first ?? [] });
  const all = groups.flatMap((group) => group.options ?? []);
  const chosen = () => held.get()[name].map(optionValue);
  const words = () => all.filter((o) => chosen().includes(wire(o))).map((o) => plain(o.text)).join(', ');
  const summary = el('summary', { class: 'field', ...ids(element, at) }, words() || plain(element.placeholder) || 'Choose…');
  let sent = chosen().join();
  const flip = (option, on) => {
    const kept = held.get()[name].filter((o) => optionValue(o) !== wire(option));
    if (on && element.max_selected_items && kept.length >= element.max_selected_items) return false;
    held.set({ type: element.type, [name]: on ? [...kept, stored(option)] : kept });
    summary.textContent = words() || plain(element.placeholder) || 'Choose…';
    return on;
  };
  const rows = all.map((option) => el('label', { class: 'choice' },
    el('input', { type: 'checkbox', checked: chosen().includes(wire(option)), onchange: (e) => { e.target.checked = flip(option, e.target.checked); } }),
    el('span', {}, plain(option.text))));
  const closed = (event) => {
    if (event.target.open || chosen().join() === sent) return;
    sent = chosen().join();
    if (at.wants) at.send({ [name]: held.get()[name] });
  };
  return foldOut({ class: 'many', ontoggle: closed }, summary, el('div', { class: 'many-list' }, rows));
}

function optionLabel(option) {
  return el('span', { class: 'choice-text' }, textNodes(option.text),
    option.description ? el('span', { class: 'choice-more' }, textNodes(option.description)) : null);
}

function radios(element, at) {
  const held = slot(at.surface, at.place, { type: element.type, selected_option: element.initial_option ?? null });
  const chosen = held.get().selected_option?.value;
  const pick = (option) => {
    held.set({ type: element.type, selected_option: option });
    if (at.wants) at.send({ selected_option: option });
  };
  return el('div', { class: 'choices', role: 'radiogroup', id: fieldId(at) }, (element.options ?? []).map((option) => el('label', { class: 'choice' },
    el('input', {
      type: 'radio', name: fieldId(at), checked: option.value === chosen, data: { focus: `${fieldId(at)}-${option.value}` },
      onchange: () => pick(option),
    }), optionLabel(option))));
}

function boxes(element, at) {
  const held = slot(at.surface, at.place, { type: element.type, selected_options: element.initial_options ?? [] });
  const flip = (option, on) => {
    const kept = held.get().selected_options.filter((o) => o.value !== option.value);
    const selected_options = on ? [...kept, option] : kept;
    held.set({ type: element.type, selected_options });
    if (at.wants) at.send({ selected_options });
  };
  const isOn = (option) => held.get().selected_options.some((o) => o.value === option.value);
  return el('div', { class: 'choices', role: 'group', id: fieldId(at) }, (element.options ?? []).map((option) => el('label', { class: 'choice' },
    el('input', {
      type: 'checkbox', checked: isOn(option), data: { focus: `${fieldId(at)}-${option.value}` },
      onchange: (event) => flip(option, event.target.checked),
    }), optionLabel(option))));
}

/** Why this element's value may not be sent yet, in Slack's manner, or null. */
export function complaint(element, value, optional) {
  const filled = Object.entries(value ?? {}).some(([name, v]) => name !== 'type' && v !== null && v !== '' && !(Array.isArray(v) && !v.length));
  if (!filled) return optional ? null : 'Please complete this required field.';
  if (element.min_length && (value.value ?? '').length < element.min_length) return `Please write at least ${element.min_length} characters.`;
  if (element.type === 'number_input') return numberComplaint(element, value.value);
  return null;
}

function numberComplaint(element, text) {
  const number = Number(text);
  if (!Number.isFinite(number)) return 'Please write a number.';
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return 'Please write a whole number.';
  if (element.min_value !== undefined && number < Number(element.min_value)) return `Please write ${element.min_value} or more.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `Please write ${element.max_value} or less.`;
  return null;
}
