//! Words of questions, wishes and everything that a first line answers.

use super::Entry;
use crate::domain::verdict::Category::{FeatureRequest, HowTo, Other};

pub(super) const ENTRIES: &[Entry] = &[
    (
        HowTo,
        &[
            ("how do|can|to|does|would|should|could", 4),
            ("how long|many|often", 2),
            ("where|when|which ~ can|do|is|are|should", 3),
            ("what is|are|does|do", 2),
            ("is|would it possible", 2),
            ("can|could|may i|we|you", 1),
            ("help|assist|assistance|aid ~ with|me|to|us", 2),
            ("need|want|like|would ~ help|assistance|information|know", 2),
            (
                "guide|tutorial|documentation|docs|manual|walkthrough|steps",
                5,
            ),
            (
                "set_up|setting_up|setup|configur*|integrat*|enabl*|activat*|install*|connect*|import*|invit*",
                4,
            ),
            (
                "chang*|updat*|edit*|modif*|correct*|add|enter|set|switch*|swap* ~ address|name|details|profile|email|information|order|phone|account|user|shipping|items|item|product*",
                6,
            ),
            (
                "creat*|open*|regist*|sign*|make|get ~ account*|profile*|user|membership",
                5,
            ),
            ("registr*|register*|signup|sign up", 5),
            ("order|orders|purchase|product*|item*", 3),
            (
                "cancel*|chang*|mak*|plac*|track*|check*|locat* ~ order*|purchase*",
                8,
            ),
            ("deliver*|ship*|parcel|package|courier", 5),
            ("arriv*|track*|receiv*|get ~ card", 5),
            ("address", 4),
            (
                "newsletter*|mailing|unsubscri*|subscrib* ~ newsletter|corporate",
                5,
            ),
            ("newsletter*", 6),
            ("review*|feedback|opinion*|comment*|rating", 4),
            (
                "agent|human|person|operator|representative|somebody|someone ~ speak*|talk*|contact*|real",
                5,
            ),
            (
                "speak*|talk*|chat*|contact*|call*|reach* ~ agent|human|person|operator|someone|somebody|support|service|team|you",
                6,
            ),
            ("customer|client* service|support|care|assistance", 5),
            ("hours|working_hours|opening", 3),
            (
                "switch|chang*|use|another|different|second|other ~ account|user|profile",
                4,
            ),
            (
                "link*|activat*|order*|request*|get*|need|want|new|spare|extra|replacement|physical|virtual|disposable|another ~ card*",
                5,
            ),
            (
                "card* ~ activat*|work*|arriv*|expir*|accept*|link*|deliver*|broken|declin*|swallowed|stuck|ate|contactless",
                4,
            ),
            ("virtual|physical|disposable|spare|plastic", 4),
            ("visa|mastercard|amex", 3),
            ("apple|google|samsung pay|watch", 5),
            ("contactless", 4),
            ("expir*", 3),
            ("atm|atms|machine|cashpoint", 2),
            (
                "accept*|support*|operat*|offer* ~ countr*|europe|abroad|region*|card*|currenc*",
                4,
            ),
            ("countr*|europe|eu|abroad|nationalit*", 4),
            ("age|old|child*|kids|daughter|son|minor|under 18", 4),
            ("chang*|set|choos*|pick|creat*|new ~ pin|passcode", 5),
            ("receive|receiving|get_paid|salary", 2),
            ("limit*|maximum|minimum|restrict*", 2),
            ("api documentation|docs|example*", 4),
            (
                "wie kann|konnen|andere|andern|richte|mache|stelle|lege|fuge|funktioniert|bekomme|lade",
                5,
            ),
            ("wo finde|kann|sehe|stelle", 5),
            ("ist es moglich", 5),
            ("anleitung*|hilfeseite|dokumentation", 5),
            (
                "einricht*|konfigurier*|aktivier*|einstell*|importier*|einlad*",
                4,
            ),
            ("frage zu|zur|zum", 3),
            ("adresse|lieferung|versand|bestellung", 4),
            (
                "comment ~ faire|puis|peut|peux|configur*|chang*|ajout*|export*|import*|cre*|modifi*|invit*|activ*|fonctionne",
                5,
            ),
            ("comment", 3),
            ("ou ~ trouver|puis|se trouve", 5),
            ("est il possible", 4),
            ("documentation|tutoriel|guide", 5),
            ("configur*|activ*|parametr*|invit*", 3),
            ("adresse|livraison|commande", 4),
            (
                "como ~ puedo|hago|podemos|se|configur*|cambi*|anad*|export*|import*|cre*|activ*|invit*|funciona",
                5,
            ),
            ("como", 2),
            ("donde ~ puedo|encuentro|esta|veo", 5),
            ("es posible", 4),
            ("documentacion|tutorial|guia|manual", 5),
            ("configur*|activ*|ajust*|invit*", 3),
            ("direccion|envio|pedido|entrega", 4),
        ],
    ),
    (
        FeatureRequest,
        &[
            ("feature request*|suggestion*|idea*", 12),
            (
                "feature*|functionality ~ request*|add*|missing|wish|would",
                7,
            ),
            (
                "could|can|would you|please ~ add|implement|build|introduce|include|offer|support",
                6,
            ),
            (
                "would|could be ~ nice|great|helpful|useful|good|amazing|awesome|handy|cool|lovely",
                8,
            ),
            ("wish", 5),
            ("suggest*|suggestion*|proposal|idea", 6),
            ("roadmap", 9),
            ("any|have plans to|for", 9),
            (
                "plan|planning|planned ~ to ~ add|support|introduce|release",
                7,
            ),
            ("love|like to see|have", 7),
            ("dark mode", 5),
            (
                "consider|think_about adding|supporting|implementing|building|offering",
                9,
            ),
            (
                "lack|lacks|lacking|misses ~ feature*|option*|support|way",
                6,
            ),
            ("enhancement*|improvement*", 6),
            ("no way to", 4),
            ("wunsch* ~ mir|uns|funktion*|feature*", 8),
            (
                "ware|schon ~ ware|schon|toll|super|hilfreich|praktisch|gut|klasse",
                9,
            ),
            (
                "funktionswunsch*|featurewunsch|verbesserungsvorschlag*|vorschlag*|anregung*",
                10,
            ),
            (
                "konnten|konntet|konnte sie|ihr|man ~ erganz*|einbau*|hinzufug*|anbiet*|unterstutz*|einfuhr*",
                9,
            ),
            ("ist ~ geplant", 6),
            ("fehlt ~ funktion|moglichkeit|option", 6),
            (
                "serait ~ bien|utile|super|pratique|genial|top|appreciable",
                9,
            ),
            (
                "pourriez|pouvez|pourrait vous|on ~ ajouter|proposer|integrer|prevoir",
                7,
            ),
            ("ajout*|manqu* ~ fonction*|option*|possibilite", 8),
            ("suggestion*|proposition*|amelioration*", 7),
            ("prevu ~ d|de|ajouter", 5),
            ("nouvelle fonction*", 6),
            (
                "seria ~ util|genial|bueno|estupendo|ideal|fantastico|interesante",
                9,
            ),
            (
                "podrian|podriais|podeis|pueden ~ anadir|agregar|incluir|incorporar|soportar",
                9,
            ),
            ("sugerencia*|propuesta|mejora*", 7),
            ("nueva funcion*", 7),
            ("echo|echamos|falta ~ funcion*|opcion*|posibilidad", 6),
            ("esta ~ previsto|planeado", 6),
            ("me|nos gustaria que|tener|ver", 6),
        ],
    ),
    (
        Other,
        &[
            (
                "complain*|complaint*|reclamation*|reclaim*|dissatisf*|unhappy|disappoint*|terrible|awful|rude|worst",
                4,
            ),
            ("consumer claim|complaint|reclamation", 5),
            ("thank_you|thanks ~ for|so|very|great", 2),
            ("partnership|press|job|career|vacancy|sponsor*", 5),
            ("beschwerde*|reklamation*|unzufrieden|enttauscht", 4),
            ("reclamation*|plainte|mecontent*|decu*", 4),
            ("queja*|reclam*|insatisfech*|decepcion*", 4),
        ],
    ),
];
