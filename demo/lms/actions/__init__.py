"""
What happens in an LMS, done as it does it: the record is written, then the events are sent.

The order of the events, and how often each is repeated, are the platform's own; a plugin that counts an event twice
does so here too. Each action takes ``at`` for something that happened in the past.
"""
