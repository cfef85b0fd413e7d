"""What stands for the LMS: its records, its events and a handful of its pages."""
