"""Evidence of learning, and the exact seconds that follow from it."""
