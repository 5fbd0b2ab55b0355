// Starts the page: reads the address, fetches the state, draws what is in view, and looks again when told to.
import { el, redraw } from './dom.js';
import { drawBlocks } from './blocks.js';
import { composerRefreshes, drawComposer } from './composer.js';
import { drawDesk } from './desk.js';
import { drawMargin, drawRequests, drawStripe } from './ledgers.js';
import { drawModal, modalRefreshes } from './modal.js';
import { fetchSnapshot, listen, post } from './net.js';
import { toast } from './overlay.js';
import { drawRail } from './rail.js';
import { botChannel, channelById, channelLabel, firstPlace, go, readAddress, userById, userName, view } from './state.js';
import { drawStream, leaveStream, startStream, streamRefreshes } from './stream.js';

const PANES = {
  home: { title: 'App Home', note: 'what the bot publishes for you', draw: drawHome },
  desk: { title: 'Help desk (stand-in)', note: 'tickets, and what was written on them', draw: drawDesk },
  stripe: { title: 'Stripe (stand-in)', note: 'read-only', draw: drawStripe },
  requests: { title: 'Requests to the bot', note: 'signed, over loopback', draw: drawRequests },
};

let fetching = false;
let again = false;
let away = false;
let homeAsked = '';

/** Fetches and draws; calls that come in meanwhile become one more round. */
async function refresh() {
  if (fetching) { again = true; return; }
  fetching = true;
  try {
    do {
      again = false;
      const as = view.as;
      const snapshot = await fetchSnapshot();
      if (as !== view.as) { again = true; continue; }
      view.snapshot = snapshot;
      away = false;
      draw();
    } while (again);
  } catch (error) {
    if (!away) toast(`${error.message} Trying again.`, { error: true });
    away = true;
  } finally {
    fetching = false;
  }
}

/** Draws everything that has changed since the last time. */
function draw() {
  if (!view.snapshot) return;
  if (view.asked === 'app') view.at = botChannel() ?? 'home';
  if (!view.at) view.at = firstPlace();
  document.getElementById('banner').textContent = view.snapshot.workspace?.notice || document.getElementById('banner').textContent;
  drawRail();
  drawHead();
  drawMain();
  drawComposer();
  drawMargin(document.getElementById('margin'));
  drawModal();
}

function drawHead() {
  const channel = channelById(view.at);
  const pane = PANES[view.at];
  const title = channel ? (channel.kind === 'im' ? channelLabel(channel) : `# ${channelLabel(channel)}`) : pane?.title ?? 'Not visible here';
  const note = pane?.note ?? (channel?.kind === 'im' ? `direct message with ${userName(view.as)}` : '');
  document.title = `${title} · ${view.snapshot.workspace?.name ?? 'Local workspace'} (stand-in)`;
  redraw(document.getElementById('main-head'), JSON.stringify([title, note, channel?.archived]), () => [
    el('h1', {}, title), note ? el('span', { class: 'main-note' }, note) : null, channel?.archived ? el('span', { class: 'tag tag-flag' }, 'archived') : null]);
}

let shown = '';

function drawMain() {
  const stream = document.getElementById('stream');
  const kind = channelById(view.at) ? 'channel' : PANES[view.at] ? view.at : 'hidden';
  if (shown !== kind) { stream.replaceWith(stream.cloneNode(false)); shown = kind; }
  const fresh = document.getElementById('stream');
  fresh.className = kind === 'channel' ? 'stream' : `stream stream-${kind}`;
  if (kind === 'channel') { drawStream(view.at); return; }
  leaveStream();
  if (kind === 'hidden') { redraw(fresh, `${view.as}/${view.at}`, notHere); return; }
  PANES[kind].draw(fresh);
}

function notHere() {
  return el('div', { class: 'empty' }, el('p', {}, `${userName(view.as)} cannot see this conversation.`),
    el('button', { type: 'button', class: 'button', onclick: () => go({ at: firstPlace() }) }, 'Go to one that is there'));
}

/** Opening App Home tells the bot so, once per visit; it answers by publishing. */
function drawHome(container) {
  if (homeAsked !== view.as) {
    homeAsked = view.as;
    post('/ui/home', {}).then(refresh);
  }
  const home = view.snapshot.home;
  const surface = {
    key: `home-${view.as}`, blocks: home?.blocks ?? [],
    dispatch: async (action) => {
      const answer = await post('/ui/click', { view_id: home?.id ?? 'home', ...action });
      refresh();
      return answer;
    },
  };
  redraw(container, JSON.stringify([view.as, home]), () => el('div', { class: 'pane home' },
    home?.blocks?.length ? drawBlocks(surface) : el('p', { class: 'empty' }, 'The bot has published nothing for you yet.')));
}

window.addEventListener('hashchange', () => {
  const before = view.as;
  readAddress();
  if (view.at !== 'home') homeAsked = '';
  if (before !== view.as) { refresh(); return; }
  draw();
  if (!userById(view.as)) refresh();
});

document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') refresh(); });

readAddress();
startStream();
streamRefreshes(refresh);
modalRefreshes(refresh);
composerRefreshes(refresh);
refresh();
if (view.live) listen(refresh, (connected) => { view.connected = connected; if (view.snapshot) drawRail(); });
