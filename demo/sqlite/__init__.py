"""SQLite, made fit for a site that answers several requests at once."""
