"""Changes of the stand-in LMS's tables."""
