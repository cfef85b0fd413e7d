"""What the operator lays down for the sections of a portfolio."""
