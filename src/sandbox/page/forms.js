// What people have typed or chosen but not sent, per message or view, in the shape of Slack's `state.values`.

const FORMS = new Map();

/** The values of one surface (`key` names the message or view); they outlive a redraw. */
export function formOf(key) {
  if (!FORMS.has(key)) FORMS.set(key, new Map());
  return FORMS.get(key);
}

/** Forgets what was typed into a view that is gone. */
export const forget = (key) => FORMS.delete(key);

/** Where one element keeps its value. What the server knows of it (`surface.entered`), else `initial`, is used once. */
export function slot(surface, place, initial) {
  const form = formOf(surface.key);
  const key = `${place.block_id}\n${place.action_id}`;
  const entered = surface.entered?.[place.block_id]?.[place.action_id];
  if (!form.has(key)) form.set(key, { ...place, value: entered ?? initial });
  return {
    get: () => form.get(key).value,
    set: (value) => { form.get(key).value = value; },
  };
}

/** All values of one surface: `{block_id: {action_id: {type, ...}}}`. Only blocks that are still shown count. */
export function valuesOf(surface) {
  const shown = new Set((surface.blocks ?? []).map((block, index) => blockId(block, index)));
  const values = {};
  for (const { block_id, action_id, value } of formOf(surface.key).values()) {
    if (!shown.has(block_id)) continue;
    (values[block_id] ??= {})[action_id] = value;
  }
  return values;
}

/** Slack gives every block an id; a stand-in server may not have. */
export const blockId = (block, index) => block.block_id || `block-${index}`;
