"""The pages of the demo; each does its work through ``demo.lms.actions``."""
