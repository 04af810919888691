//! The trained parts of the pipeline, in one file.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::confidence::Calibration;
use super::{accept, frame, scene};
use crate::tagger::{Bundle, BundleWriter, Lexicon, Model};

/// What `onrecord train quotes` made of the data that `models/quotes.md` names.
static SHIPPED: LazyLock<Models> =
    LazyLock::new(|| Models::from_bytes(Cow::Borrowed(include_bytes!("../../models/quotes.bin"))).unwrap_or_default());

/// Lexicon, cue classifier, frame CRF, acceptor and calibration. Without learned parts, quotations are found by the form
/// of the text alone.
#[derive(Debug, Default)]
pub struct Models {
    pub(super) lexicon: Lexicon,
    pub(super) learned: Option<Learned>,
}

/// What was learned from annotated articles.
#[derive(Debug)]
pub(super) struct Learned {
    pub cue: Model,
    pub frame: Model,
    pub accept: Model,
    pub calibration: Calibration,
}

impl Models {
    /// The models that are compiled in; they are looked at when first needed.
    pub fn shipped() -> &'static Models {
        &SHIPPED
    }

    /// Takes up a file that [`Models::to_bytes`] made; none if it is of another version.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let bundle = Bundle::from_bytes(bytes)?;
        let model =
            |name: &str, fixed: &[&str], moving: &[&str]| Model::from_bytes(fixed, moving, bundle.part(name)?).ok();
        Some(Models {
            lexicon: Lexicon::from_bytes(bundle.part("lexicon")?)?,
            learned: Some(Learned {
                cue: model("cue", &scene::FIXED, &[])?,
                frame: model("frame", &scene::FIXED, &frame::MOVING).filter(|m| m.labels() == frame::LABELS)?,
                accept: model("accept", &accept::FEATURES, &[])?,
                calibration: Calibration::from_bytes(&bundle.part("calibration")?)?,
            }),
        })
    }

    /// As the bytes of a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = BundleWriter::default();
        file.add("lexicon", self.lexicon.bytes().to_vec());
        if let Some(learned) = &self.learned {
            file.add("cue", learned.cue.to_bytes());
            file.add("frame", learned.frame.to_bytes());
            file.add("accept", learned.accept.to_bytes());
            file.add("calibration", learned.calibration.to_bytes());
        }
        file.finish()
    }

    /// What is known of words beforehand.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }
}
