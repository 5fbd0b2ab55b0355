// Talks to the sandbox's page API: one snapshot, small posts, and a stream that says when to look again.
import { view } from './state.js';

/** The whole state as this persona may see it. */
export async function fetchSnapshot() {
  const address = `/ui/state?as=${encodeURIComponent(view.as)}`;
  const answer = await fetch(address, { headers: { accept: 'application/json' } })
    .catch(() => { throw new Error('The sandbox does not answer. Is it still running?'); });
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}.`);
  return answer.json();
}

/** Posts JSON and returns the parsed answer; never throws: a broken connection is an answer with `ok: false`. */
export async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as: view.as, ...body }),
    });
    const text = await answer.text();
    const read = parse(text);
    if (read) return read;
    return { ok: answer.ok, status: answer.status, error: answer.ok ? undefined : text.slice(0, 200) };
  } catch {
    return { ok: false, status: 0, error: 'The sandbox could not be reached. Is it still running?' };
  }
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Was it taken? An answer of the bot is a yes with a 2xx status; the sandbox says so in `ok`. */
export function accepted(answer) {
  return typeof answer.ok === 'boolean' ? answer.ok : answer.status >= 200 && answer.status < 300;
}

const FIRST_MS = 1000;
const POLL_MS = 2500;
const SAFETY_MS = 20000;
const STREAM_AFTER_MS = 6000;

/**
 * Calls `changed` when the state moves: by server-sent events, and by polling while those are down. The stream opens
 * only after a few seconds of polling, because an open stream keeps a headless browser from taking its picture.
 */
export function listen(changed, connection) {
  let open = false;
  let first = true;
  const early = setInterval(changed, FIRST_MS);
  setTimeout(() => {
    clearInterval(early);
    first = false;
    const source = new EventSource('/ui/events');
    source.addEventListener('changed', () => changed());
    source.addEventListener('message', () => changed());
    source.addEventListener('open', () => { open = true; connection(true); changed(); });
    source.addEventListener('error', () => { open = false; connection(false); });
  }, STREAM_AFTER_MS);
  setInterval(() => { if (!open && !first) changed(); }, POLL_MS);
  setInterval(() => { if (open) changed(); }, SAFETY_MS);
}
