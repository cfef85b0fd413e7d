"""How the tables of learning time grow, and what they cost when they are large."""
