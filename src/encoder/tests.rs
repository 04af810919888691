//! Laws of the whole, tried on a tiny model made up here.

use super::encoder::{Encoder, Scratch, Window};
use super::heads::{Frames, Heads, WordScores};
use super::reading::{Reader, Reading, ReadingModel};
use super::weights::{Tensors, WeightsError};
use super::word_piece::Vocabulary;
use crate::text::Text;

/// Numbers that look random.
fn number(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// A file with an encoder of two layers, 32 numbers wide, and heads.
fn file() -> Vec<u8> {
    let mut tensors: Vec<(String, &str, Vec<usize>)> = vec![
        ("word".into(), "I8", vec![110, 32]),
        ("word.scale".into(), "F32", vec![110]),
        ("position".into(), "F32", vec![40, 32]),
        ("type".into(), "F32", vec![2, 32]),
        ("case".into(), "F32", vec![6, 32]),
        ("embedding.norm.weight".into(), "F32", vec![32]),
        ("embedding.norm.bias".into(), "F32", vec![32]),
        ("frame.distance".into(), "F32", vec![81, 5]),
        ("frame.bias".into(), "F32", vec![5]),
        ("vocabulary".into(), "U8", vec![3]),
    ];
    let mut linears = vec![("cue".to_owned(), 1, 32), ("names".to_owned(), 9, 32)];
    for (name, outputs) in [("frame.cue", 40), ("frame.word", 8)] {
        linears.push((format!("{name}.0"), 16, 32));
        linears.push((format!("{name}.1"), outputs, 16));
    }
    for layer in 0..2 {
        for (part, outputs, inputs) in [
            ("query", 32, 32),
            ("key", 32, 32),
            ("value", 32, 32),
            ("attention", 32, 32),
            ("inner", 64, 32),
            ("outer", 32, 64),
        ] {
            linears.push((format!("layer.{layer}.{part}"), outputs, inputs));
        }
        for norm in ["attention", "outer"] {
            tensors.push((format!("layer.{layer}.{norm}.norm.weight"), "F32", vec![32]));
            tensors.push((format!("layer.{layer}.{norm}.norm.bias"), "F32", vec![32]));
        }
    }
    for (name, outputs, inputs) in linears {
        tensors.push((format!("{name}.weight"), "I8", vec![outputs, inputs]));
        tensors.push((format!("{name}.scale"), "F32", vec![outputs]));
        tensors.push((format!("{name}.bias"), "F32", vec![outputs]));
    }
    let (mut header, mut data, mut seed) = (serde_json::Map::new(), Vec::new(), 1);
    for (name, kind, shape) in tensors {
        let (start, count) = (data.len(), shape.iter().product());
        for _ in 0..count {
            match kind {
                "F32" => data.extend((number(&mut seed) as f32 / 2_f32.powi(31) * 0.2 - 0.05).to_le_bytes()),
                // Eight of them with one sign sum up to 128 at most.
                "I8" => data.push(((number(&mut seed) % 33) as i8 - 16).cast_unsigned()),
                _ => data.push(b'\n'),
            }
        }
        header.insert(name, serde_json::json!({ "dtype": kind, "shape": shape, "data_offsets": [start, data.len()] }));
    }
    let header = serde_json::to_vec(&header).unwrap();
    [(header.len() as u64).to_le_bytes().as_slice(), &header, &data].concat()
}

fn read(file: &[u8]) -> Result<(Encoder, Heads, Vocabulary), WeightsError> {
    let tensors = Tensors::from_bytes(file)?;
    let encoder = Encoder::from_tensors(&tensors)?;
    let heads = Heads::from_tensors(&tensors, encoder.width())?;
    Ok((encoder, heads, Vocabulary::from_tensors(&tensors)?))
}

#[test]
fn the_model_that_is_compiled_in_can_be_read() {
    assert!(ReadingModel::shipped().is_some());
}

#[test]
fn windows_do_not_see_those_before() {
    let (encoder, _, _) = read(&file()).unwrap();
    let pieces: Vec<u32> = (0..60).map(|i| i * 37 % 110).collect();
    let cases: Vec<u8> = (0..60).map(|i| i % 6).collect();
    let windows = [0..1, 1..20, 20..20, 20..60].map(|r| Window { pieces: &pieces[r.clone()], cases: &cases[r] });
    let mut scratch = Scratch::default();
    for window in windows {
        let states = encoder.encode(window, &mut scratch).to_vec();
        assert_eq!(states.len(), window.pieces.len() * encoder.width());
        assert!(states.iter().all(|number| number.is_finite()));
        assert_eq!(encoder.encode(window, &mut Scratch::default()), states);
    }
}

#[test]
fn nothing_is_read_off_no_words() {
    let (encoder, heads, _) = read(&file()).unwrap();
    let (mut scores, mut frames) = (WordScores::default(), Frames::default());
    assert!(encoder.encode(Window { pieces: &[], cases: &[] }, &mut Scratch::default()).is_empty());
    heads.score_words(&[], &mut scores);
    heads.score_frames(&[], &scores, &[3], &mut frames);
    assert!(scores.cues.is_empty() && frames.logits.is_empty());
}

#[test]
fn pieces_and_positions_beyond_the_tables_are_read_all_the_same() {
    let (encoder, _, _) = read(&file()).unwrap();
    let states = encoder.encode(Window { pieces: &[u32::MAX; 50], cases: &[9] }, &mut Scratch::default()).to_vec();
    assert!(states.len() == 50 * encoder.width() && states.iter().all(|number| number.is_finite()));
}

#[test]
fn frames_have_a_logit_for_each_cue_word_and_label() {
    let (encoder, heads, _) = read(&file()).unwrap();
    let states = encoder.encode(Window { pieces: &[5; 30], cases: &[] }, &mut Scratch::default()).to_vec();
    let (mut scores, mut frames) = (WordScores::default(), Frames::default());
    heads.score_words(&states, &mut scores);
    heads.score_frames(&states, &scores, &[0, 29, 1000], &mut frames);
    assert_eq!((scores.cues.len(), frames.logits.len()), (30, 3 * 30 * heads.frame_labels()));
}

#[test]
fn a_file_cut_off_anywhere_is_an_error() {
    let file = file();
    let cuts = (0..200).chain((200..file.len()).step_by(997)).chain([file.len() - 1]);
    assert!(cuts.into_iter().all(|cut| read(&file[..cut]).is_err()));
    let mut longer = file.clone();
    longer[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(read(&longer).err(), Some(WeightsError::Format));
}

/// Reads the paragraphs of `raw` that are wanted, all words being likely cues.
fn read_text(raw: &str, wanted: &[bool]) -> (usize, Reading) {
    let model = ReadingModel::from_bytes(&file()).unwrap();
    let text = Text::new(raw, &crate::text::paragraphs(raw));
    let reading = Reader::new(&model).read(&text, wanted, |_, _| true);
    (text.tokens.len(), reading)
}

#[test]
fn what_is_wanted_is_read_whole_and_nothing_else() {
    let long = "Ada Ray said no. ".repeat(200);
    let endless = "and ".repeat(700);
    let raw = format!("Rain fell.\n\n{long}\n\nSnow fell.\n\n{endless}\n\nThe end.");
    let (tokens, reading) = read_text(&raw, &[true, true, false, true, true]);
    let unread: Vec<usize> = (0..tokens).filter(|token| reading.cue(*token).is_none()).collect();
    assert_eq!(unread, (3 + 1000..3 + 1000 + 3).collect::<Vec<_>>());
    assert!((0..tokens).all(|token| reading.roles(token).is_some() == reading.cue(token).is_some()));
    assert!((0..tokens).all(|token| reading.name_scores(token).is_some() == reading.cue(token).is_some()));
}

#[test]
fn the_labels_of_a_word_share_its_probability() {
    let (tokens, reading) = read_text("“No,” said Ada Ray of Sarn, who was late.", &[true]);
    let roles = reading.roles(3).unwrap();
    for token in 0..tokens {
        let sum: f32 = roles.at(token).unwrap().iter().map(|score| score.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{token}: {sum}");
    }
    assert!(roles.at(tokens).is_none());
}
