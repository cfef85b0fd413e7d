"""What the platform recorded of a learner in a course run: enrolment, grade, passing, certificate."""
