use std::collections::BTreeMap;

use proptest::prelude::*;

use super::files::MOST_FILES;
use super::*;

/// What may happen to a manifest.
#[derive(Debug, Clone)]
enum Event {
    Put(u8, bool),
    Remove(u8),
    Enter(u8),
    Forget(u8),
    Save,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0..40_u8, any::<bool>()).prop_map(|(key, sketched)| Event::Put(key, sketched)),
        1 => (0..40_u8).prop_map(Event::Remove),
        1 => (0..8_u8).prop_map(Event::Enter),
        1 => (0..8_u8).prop_map(Event::Forget),
        3 => Just(Event::Save),
    ]
}

proptest! {
    /// However often it is saved, and so written anew, a manifest that is read back says what the one in memory says.
    #[test]
    fn what_was_saved_is_read_back(events in prop::collection::vec(event(), 0..120)) {
        let dir = tempfile::tempdir().unwrap();
        let mut manifest = Manifest::default();
        let mut kin: BTreeMap<u64, (Key, Sketch<ARTICLE>)> = BTreeMap::new();
        for event in events {
            match event {
                Event::Put(key, sketched) => {
                    let (key, number) = (Key(u64::from(key)), manifest.next_number());
                    let sketch = sketched.then_some([number as u8; ARTICLE]);
                    let entry = ArticleEntry { number, content: number * 3, source: SourceId(0), bytes: 9 };
                    manifest.put(key, entry, sketch);
                    kin.retain(|_, (held, _)| *held != key);
                    kin.extend(sketch.map(|sketch| (number, (key, sketch))));
                }
                Event::Remove(key) => {
                    manifest.remove(Key(u64::from(key)));
                    kin.retain(|_, (held, _)| *held != Key(u64::from(key)));
                }
                Event::Enter(path) => {
                    let id = manifest.add_source(&format!("news/{path}.txt"));
                    let known = manifest.source(id).unwrap().clone();
                    manifest.update_source(id, SourceEntry { contested: !known.contested, ..known });
                }
                Event::Forget(path) => {
                    let known = manifest.source_at(&format!("news/{path}.txt")).map(|(id, _)| id);
                    if let Some(id) = known {
                        manifest.remove_source(id);
                    }
                }
                Event::Save => {
                    manifest.save(dir.path()).unwrap();
                    manifest.delete_stale_files(dir.path()).unwrap();
                }
            }
        }
        let state = manifest.save(dir.path()).unwrap();
        prop_assert!(state.manifest.len() <= MOST_FILES + 1);
        let read = Manifest::load(dir.path(), &state).unwrap();
        prop_assert_eq!(read.digest(), manifest.digest());
        prop_assert_eq!(&read.articles, &manifest.articles);
        let sources = |manifest: &Manifest| manifest.sources().map(|(id, source)| (id, source.clone())).collect::<Vec<_>>();
        prop_assert_eq!(sources(&read), sources(&manifest));

        let sketches = read.sketches(dir.path()).unwrap();
        let told: BTreeMap<_, _> = sketches.iter().map(|of| (of.number, (of.key, of.sketch))).collect();
        prop_assert_eq!(told, kin);
    }
}
