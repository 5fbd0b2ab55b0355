//! A permit for one internal note, got from the gate as the product gets it: nothing else can make one.

use countersign::domain::case::Case;
use countersign::domain::case::context::{Context, Departures, FirstAsks, Installation};
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::gate::{Gate, Permit, gate};
use countersign::domain::content::Sealed;
use countersign::domain::digest::Digest;
use countersign::domain::draft::{Action, Draft, Origin, Target};
use countersign::domain::ids::{AppId, CaseId, DraftId, EffectId, TeamId};
use countersign::domain::time::At;
use countersign::domain::verdict::{Category, Resolution, Severity, Verdict};

pub fn sealed(of: &str) -> Sealed {
    Sealed(Digest::of(of.as_bytes()))
}

pub fn verdict() -> Verdict {
    Verdict {
        severity: Severity::of(2).unwrap(),
        category: Category::HowTo,
        queue: "general".into(),
        confidence: 90,
        resolution: Resolution::ProposeResolution,
        rationale: sealed("because"),
        signals: vec![],
        model: "builtin".into(),
    }
}

pub fn draft(action: Action) -> Draft {
    Draft {
        id: DraftId::new("c1.d1"),
        revision: 1,
        action,
        cites: vec![],
        rationale: sealed("because"),
        origin: Origin::Model {
            model: "builtin".into(),
        },
        target: Target::default(),
    }
}

/// Leave for the phase-one note of a draft, under the shipped policy.
pub fn permit() -> Permit {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests");
    let manifests = countersign::config::read(&folder).unwrap();
    let mut case = Case::empty(CaseId::new("c1"));
    let draft = draft(Action::NotifyCustomer {
        text: sealed("Dear customer"),
    });
    for event in [
        CaseEvent::Triaged {
            revision: 1,
            verdict: verdict(),
        },
        CaseEvent::DraftProposed {
            draft: draft.clone(),
        },
        CaseEvent::NotePlanned {
            draft: draft.id.clone(),
        },
    ] {
        case.apply(At(1_000), &event);
    }
    let installation = Installation {
        enterprise: None,
        team: TeamId::new("T0LOCAL001"),
        app: AppId::new("A0CSIGN001"),
    };
    let context = Context {
        now: At(2_000),
        installation: &installation,
        policy: &manifests.policy,
        asked_under: None,
        pinned: true,
        paused: None,
        standing: None,
        wrote_ticket: false,
        next_number: 2,
        first_asks: FirstAsks::default(),
        departures: Departures::default(),
    };
    match gate(
        &case,
        &EffectId::new("c1.3.1"),
        &draft.id,
        Phase::Note,
        &context,
    ) {
        Gate::Permit(permit) => permit,
        other => panic!("the shipped policy lets notes be written: {other:?}"),
    }
}
