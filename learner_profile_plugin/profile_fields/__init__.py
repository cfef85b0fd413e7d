"""What the learner states about themself. Never mixed with what the platform recorded."""
