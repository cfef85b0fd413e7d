"""When learners were learning, kept up to date in a database for analysts, or in files for them."""
