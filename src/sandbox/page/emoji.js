// Slack's short names for the emoji that a support workspace meets; anything else stays as `:name:`.

const NAMES = {
  white_check_mark: '✅', heavy_check_mark: '✔️', ballot_box_with_check: '☑️', x: '❌', no_entry: '⛔', no_entry_sign: '🚫',
  warning: '⚠️', rotating_light: '🚨', exclamation: '❗', heavy_exclamation_mark: '❗', question: '❓', grey_question: '❔',
  bangbang: '‼️', information_source: 'ℹ️', bulb: '💡', bell: '🔔', no_bell: '🔕', mega: '📣', loudspeaker: '📢',
  hourglass: '⌛', hourglass_flowing_sand: '⏳', alarm_clock: '⏰', stopwatch: '⏱️', clock: '🕒', clock1: '🕐', calendar: '📅',
  date: '📅', spiral_calendar_pad: '🗓️', lock: '🔒', unlock: '🔓', closed_lock_with_key: '🔐', key: '🔑', shield: '🛡️',
  robot_face: '🤖', gear: '⚙️', wrench: '🔧', hammer_and_wrench: '🛠️', mag: '🔍', mag_right: '🔎', eyes: '👀', eye: '👁️',
  memo: '📝', pencil: '📝', pencil2: '✏️', lower_left_ballpoint_pen: '🖊️', clipboard: '📋', page_facing_up: '📄',
  page_with_curl: '📃', scroll: '📜', bookmark: '🔖', label: '🏷️', pushpin: '📌', paperclip: '📎', link: '🔗', file_folder: '📁',
  open_file_folder: '📂', card_index: '📇', card_file_box: '🗃️', inbox_tray: '📥', outbox_tray: '📤', envelope: '✉️', email: '📧',
  incoming_envelope: '📨', ticket: '🎫', admission_tickets: '🎟️', package: '📦', moneybag: '💰', credit_card: '💳', dollar: '💵',
  euro: '💶', money_with_wings: '💸', receipt: '🧾', bank: '🏦', chart_with_upwards_trend: '📈', chart_with_downwards_trend: '📉',
  bar_chart: '📊', scales: '⚖️', balance_scale: '⚖️', office: '🏢', busts_in_silhouette: '👥', bust_in_silhouette: '👤',
  raising_hand: '🙋', wave: '👋', pray: '🙏', '+1': '👍', thumbsup: '👍', '-1': '👎', thumbsdown: '👎', ok_hand: '👌', point_right: '👉',
  point_left: '👈', clap: '👏', raised_hands: '🙌', handshake: '🤝', muscle: '💪', smile: '😄', slightly_smiling_face: '🙂', thinking_face: '🤔',
  angry: '😠', rage: '😡', worried: '😟', tada: '🎉', sparkles: '✨', star: '⭐', fire: '🔥', boom: '💥', zap: '⚡', rocket: '🚀',
  construction: '🚧', ambulance: '🚑', pager: '📟', telephone_receiver: '📞', phone: '☎️', speech_balloon: '💬', left_speech_bubble: '🗨️',
  thought_balloon: '💭', arrow_right: '➡️', arrow_left: '⬅️', arrow_up: '⬆️', arrow_down: '⬇️', arrow_upper_right: '↗️',
  arrow_right_hook: '↪️', leftwards_arrow_with_hook: '↩️', arrows_counterclockwise: '🔄', repeat: '🔁', fast_forward: '⏩',
  double_vertical_bar: '⏸️', pause_button: '⏸️', black_square_for_stop: '⏹️', arrow_forward: '▶️', next_track_button: '⏭️',
  red_circle: '🔴', large_orange_circle: '🟠', large_yellow_circle: '🟡', large_green_circle: '🟢', large_blue_circle: '🔵',
  large_purple_circle: '🟣', white_circle: '⚪', black_circle: '⚫', large_red_square: '🟥', large_orange_square: '🟧',
  large_yellow_square: '🟨', large_green_square: '🟩', large_blue_square: '🟦', white_large_square: '⬜', white_medium_square: '◻️',
  small_red_triangle: '🔺', small_blue_diamond: '🔹', small_orange_diamond: '🔸', one: '1️⃣', two: '2️⃣', three: '3️⃣', four: '4️⃣',
  five: '5️⃣', six: '6️⃣', seven: '7️⃣', eight: '8️⃣', nine: '9️⃣', keycap_ten: '🔟', zero: '0️⃣', hash: '#️⃣', stop_sign: '🛑',
  octagonal_sign: '🛑', triangular_flag_on_post: '🚩', checkered_flag: '🏁', globe_with_meridians: '🌐', earth_africa: '🌍', de: '🇩🇪', us: '🇺🇸',
  computer: '💻', satellite_antenna: '📡', electric_plug: '🔌', bug: '🐛', ghost: '👻', seedling: '🌱', coffee: '☕', snowflake: '❄️',
  crossed_swords: '⚔️', mantelpiece_clock: '🕰️', new: '🆕', ok: '🆗', sos: '🆘', up: '🆙', recycle: '♻️', detective: '🕵️', sleuth_or_spy: '🕵️',
  judge: '🧑‍⚖️', classical_building: '🏛️', ledger: '📒', notebook: '📓', books: '📚', hand: '✋', raised_hand: '✋', writing_hand: '✍️',
};

/** The character for a short name, or nothing. */
export const emoji = (name) => NAMES[name.replace(/::skin-tone-\d$/, '')];

/** Splits text at `:name:` and gives the known ones as characters. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole);
}
