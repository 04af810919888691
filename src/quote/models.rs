//! The trained parts of the pipeline, in one file.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::accept::Acceptor;
use super::combination::Combination;
use super::confidence::Calibration;
use super::frame_tagger::FrameModel;
use super::{cue, cue_features, features};
use crate::tagger::{Bundle, BundleWriter, Classifier, Lexicon, Model};

include_flate::flate!(
    /// What `onrecord train quotes` made of the data that `models/quotes.md` names.
    static COMPILED_IN: [u8] from "models/quotes.bin" with zstd
);

static SHIPPED: LazyLock<Models> =
    LazyLock::new(|| Models::from_bytes(Cow::Borrowed(COMPILED_IN.as_slice())).unwrap_or_default());

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
    pub cue: Classifier,
    pub frame_tagger: FrameModel,
    pub accept: Acceptor,
    pub calibration: Calibration,
}

/// What joins the fast models and an encoder.
#[derive(Debug)]
pub struct Careful {
    pub(super) combination: Combination,
    pub(super) accept: Acceptor,
    pub(super) calibration: Calibration,
}

static CAREFUL: LazyLock<Option<Careful>> =
    LazyLock::new(|| Careful::from_bytes(Cow::Borrowed(include_bytes!("../../models/careful.bin"))));

impl Careful {
    /// What is compiled in; it is looked at when first needed.
    pub fn shipped() -> Option<&'static Self> {
        CAREFUL.as_ref()
    }

    /// Takes up a file that [`Careful::to_bytes`] made; none if it is of another version.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let bundle = Bundle::from_bytes(bytes)?;
        Some(Careful {
            combination: Combination::from_bytes(&bundle.part("combination")?)?,
            accept: Acceptor::from_bundle(&bundle)?,
            calibration: Calibration::from_bytes(&bundle.part("calibration")?)?,
        })
    }

    /// As the bytes of a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = BundleWriter::default();
        file.add("combination", self.combination.to_bytes());
        self.accept.add_to(&mut file);
        file.add("calibration", self.calibration.to_bytes());
        file.finish()
    }
}

impl Models {
    /// The models that are compiled in; they are looked at when first needed.
    pub fn shipped() -> &'static Models {
        &SHIPPED
    }

    /// Takes up a file that [`Models::to_bytes`] made; none if it is of another version.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let bundle = Bundle::from_bytes(bytes)?;
        Some(Models {
            lexicon: Lexicon::from_bytes(bundle.part("lexicon")?)?,
            learned: Some(Learned {
                cue: cue::classifier(Classifier::from_bytes(&features::ABSOLUTE, &bundle.part("cue")?).ok()?),
                frame_tagger: FrameModel::new(
                    Model::from_bytes(&features::ABSOLUTE, &cue_features::RELATIVE, &bundle.part("frame")?).ok()?,
                ),
                accept: Acceptor::from_bundle(&bundle)?,
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
            file.add("frame", learned.frame_tagger.model.to_bytes());
            learned.accept.add_to(&mut file);
            file.add("calibration", learned.calibration.to_bytes());
        }
        file.finish()
    }

    /// What is known of words beforehand.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }
}
