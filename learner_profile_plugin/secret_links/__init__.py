"""Links by which a learner shows a part of their portfolio to whoever holds them."""
