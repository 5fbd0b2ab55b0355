// The tile that stands for a user.
import { el } from './dom.js';
import { userById } from './state.js';

/** A tile with initials, in a colour of its own per user. */
export function face(userId, small = false) {
  const user = userById(userId);
  const name = user?.real_name || user?.name || '?';
  const words = name.split(/[\s-]+/).filter(Boolean);
  const initials = user?.is_bot ? '' : (words[0]?.[0] ?? '') + (words.length > 1 ? words.at(-1)[0] : '');
  const hue = [...(userId ?? '')].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 8, 7);
  return el('span', { class: `face hue-${hue}${user?.is_bot ? ' face-bot' : ''}${small ? ' face-small' : ''}`, 'aria-hidden': 'true' }, initials.toUpperCase());
}
