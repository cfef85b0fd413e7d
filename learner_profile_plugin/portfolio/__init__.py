"""The page that composes profile, learning record and learning time, for whoever may see it."""
