"""Tracking events, as ``common.djangoapps.track`` makes them in the LMS."""
