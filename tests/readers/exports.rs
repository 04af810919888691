//! Transcripts, clippings and exports, as their programs write them.

use super::{check, sample};

#[test]
fn captions() {
    check(
        &sample("talk.vtt"),
        &[
            " |  |  |  |  | Tove Lindqvar: We are glad the strike is over. ¶ Bram Ostey: Who pays for it? ¶ The city does. ¶ Not us.",
        ],
    );
    check(&sample("talk.ttml"), &[" |  |  |  |  | Tove Lindqvar: The ferries run again from Monday on. ¶ Who pays?"]);
    check(&sample("talk.srt"), &[" |  |  |  |  | The ferries run again from Monday on. ¶ Who pays?"]);
}

#[test]
fn clippings() {
    check(
        &sample("clippings.txt"),
        &[
            "1 | Canal dues rise | Dervla Coil | The Canal Post | 2025-03-04 | The trust has put up its dues by a fifth. ¶ \"Our lock leaks,\" said Ilse Varga, who keeps a barge there.",
            "2 | Ferry late | Ana Pell | The Canal Herald | 2025-03-06 | The ferry was late again on Wednesday, by an hour.",
        ],
    );
    check(
        &sample("clippings-codes.txt"),
        &[
            "1 | Canal dues rise | Dervla Coil | The Canal Post | 2025-03-04 | The trust has put up its dues by a fifth. ¶ \"Our lock leaks,\" said Ilse Varga, who keeps a barge there.",
        ],
    );
}

#[test]
fn posts() {
    check(
        &sample("outbox.json"),
        &[
            "orderedItems.1 |  |  | @tove@quay.example | 2025-03-04T09:15:00Z | The strike is over. Ferries run from #Monday on.",
        ],
    );
    check(
        &sample("feed.json"),
        &[
            "feed.1.post |  | Tove Lindqvar |  | 2025-03-04T09:15:00Z | The strike is over, and the ferries run again from Monday on.",
        ],
    );
}

#[test]
fn libraries() {
    let read = "1 | Ferry strike ends | Ines Quill, Bram Ostey | Harbour Gazette | 2025-03-04 | The ferry strike ended on Monday.";
    check(&sample("library.ris"), &[read]);
    check(
        &sample("library.bib"),
        &[
            "1 | Ferry strike ENDS at Östersund | Ines Quill, Bram Ostey | Harbour Gazette | 2025-03-04 | The ferry strike ended on Monday & nobody shouted.",
            "! 2: has no body among its fields (title); name it with `--map text=FIELD`",
        ],
    );
    check(
        &sample("zotero.json"),
        &["1 | Ferry strike ends | Ines Quill | Harbour Gazette | 2025-03-04 | The ferry strike ended on Monday."],
    );
}
