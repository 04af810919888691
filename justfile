# Recipes for those who have `just`; each is the plain command too.

# Ask the sample articles something.
try query='speaker:rubio':
    cargo run --release -- query --corpus corpus '{{query}}'

# Everything a change must pass.
ci:
    .ci/run

# Write the answers of the command-line tests anew; read the difference before you keep it.
snapshots:
    TRYCMD=overwrite INSTA_UPDATE=always cargo test

# Measure.
bench:
    cargo bench

# Train the weights that tell a page's article from the rest, on folders of annotated pages (see models/pages.md).
train-pages +folders:
    ONRECORD_PAGES=$(echo {{folders}} | tr ' ' :) cargo test --lib train_pages -- --ignored

# Build the packages of a release, as far as this machine can (see docs/install.md).
release repository='':
    REPOSITORY={{repository}} release/build
