//! Which interactive elements there are, which fields each has, and in which blocks it may stand.
//! Source: <https://docs.slack.dev/reference/block-kit/block-elements>

/// Where an element stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Section,
    Actions,
    Input,
}

type Kind = (&'static str, &'static str, &'static [Place]);

const ANYWHERE: &[Place] = &[Place::Section, Place::Actions, Place::Input];
const NO_INPUT: &[Place] = &[Place::Section, Place::Actions];
const NO_ACTIONS: &[Place] = &[Place::Section, Place::Input];
const INPUT: &[Place] = &[Place::Input];

/// Name, fields besides `type` and `action_id`, places.
const KINDS: [Kind; 18] = [
    (
        "button",
        "text url value style confirm accessibility_label",
        NO_INPUT,
    ),
    ("overflow", "options confirm", NO_INPUT),
    (
        "static_select",
        "placeholder options option_groups initial_option confirm focus_on_load",
        ANYWHERE,
    ),
    (
        "multi_static_select",
        "placeholder options option_groups initial_options confirm max_selected_items focus_on_load",
        NO_ACTIONS,
    ),
    (
        "radio_buttons",
        "options initial_option confirm focus_on_load",
        ANYWHERE,
    ),
    (
        "checkboxes",
        "options initial_options confirm focus_on_load",
        ANYWHERE,
    ),
    (
        "users_select",
        "placeholder initial_user confirm focus_on_load",
        ANYWHERE,
    ),
    (
        "multi_users_select",
        "placeholder initial_users confirm max_selected_items focus_on_load",
        NO_ACTIONS,
    ),
    (
        "channels_select",
        "placeholder initial_channel confirm response_url_enabled focus_on_load",
        ANYWHERE,
    ),
    (
        "conversations_select",
        "placeholder initial_conversation default_to_current_conversation confirm response_url_enabled filter focus_on_load",
        ANYWHERE,
    ),
    (
        "datepicker",
        "placeholder initial_date confirm focus_on_load",
        ANYWHERE,
    ),
    (
        "timepicker",
        "placeholder initial_time confirm focus_on_load timezone",
        ANYWHERE,
    ),
    (
        "plain_text_input",
        "placeholder initial_value multiline min_length max_length dispatch_action_config focus_on_load",
        INPUT,
    ),
    (
        "number_input",
        "placeholder initial_value is_decimal_allowed min_value max_value dispatch_action_config focus_on_load",
        INPUT,
    ),
    (
        "email_text_input",
        "placeholder initial_value dispatch_action_config focus_on_load",
        INPUT,
    ),
    (
        "url_text_input",
        "placeholder initial_value dispatch_action_config focus_on_load",
        INPUT,
    ),
    (
        "external_select",
        "placeholder initial_option min_query_length confirm focus_on_load",
        ANYWHERE,
    ),
    (
        "multi_external_select",
        "placeholder initial_options min_query_length confirm max_selected_items focus_on_load",
        NO_ACTIONS,
    ),
];

/// The fields of an element of this kind, or nothing where it is unknown or may not stand there.
pub(super) fn fields(name: &str, place: Place) -> Option<Vec<&'static str>> {
    let (_, fields, places) = KINDS.iter().find(|(kind, ..)| *kind == name)?;
    places.contains(&place).then(|| fields.split(' ').collect())
}
