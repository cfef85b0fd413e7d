"""The people and courses of the demo, and the seeding that lets them live their history through events."""
