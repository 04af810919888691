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
