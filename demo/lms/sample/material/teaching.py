"""Teaching and learning."""

from __future__ import annotations

from demo.lms.sample.material.shapes import Lecture, Question, Reading, Subject

TEACHING = Subject(
    slug="teaching",
    topics=(
        "Learning How to Learn",
        "Course Design",
        "Assessment",
        "Inclusive Classrooms",
        "Online Tutoring",
        "Early Childhood",
        "Museum Education",
        "Mentoring",
    ),
    readings=(
        Reading(
            "Testing yourself beats reading again",
            (
                "Reading a page a second time feels like knowing it. Closing the book and writing down what you "
                "remember feels worse, and works far better.",
                "The effort is the point: each time something is recalled, it becomes easier to recall.",
            ),
        ),
        Reading(
            "Space it out",
            (
                "Four half hours in four days teach more than two hours in one. What was almost forgotten and then "
                "recalled stays longest.",
                "Plan the next look before you close the book.",
            ),
        ),
        Reading(
            "What a good question does",
            (
                "A good question can be answered wrongly in an instructive way. Choose the wrong answers from what "
                "learners really think.",
            ),
        ),
    ),
    lectures=(
        Lecture(
            "Beginning with the end",
            450,
            (
                "What should they be able to do afterwards?",
                "How would you see that they can?",
                "Only now: what will they practise?",
                "And last of all: what will you say?",
            ),
        ),
        Lecture(
            "Wait time",
            320,
            (
                "A teacher asks, and waits for one second.",
                "The same three hands go up.",
                "Now wait for five.",
                "Other hands, and longer answers.",
            ),
        ),
        Lecture(
            "Feedback that is used",
            480,
            (
                "A mark ends the conversation.",
                "One comment that can be acted on begins it.",
                "Give it while there is still time to act.",
                "Then look at the second attempt, not the first.",
            ),
        ),
    ),
    questions=(
        Question(
            "What helps you remember a text best?",
            ("Marking it in yellow", "Recalling it with the book closed", "Reading it twice", "Copying it out"),
            1,
            "Recall strengthens memory more than seeing it again.",
        ),
        Question(
            "Four half hours are best spread over...",
            ("one evening", "four days", "one long morning", "the last night"),
            1,
            "Spaced practice lasts longer.",
        ),
        Question(
            "In planning a course, what comes first?",
            ("The slides", "What learners will be able to do", "The textbook", "The timetable"),
            1,
            "Everything else follows from the aim.",
        ),
        Question(
            "Which feedback is used most?",
            ("A mark alone", "One comment that can be acted on", "Ten corrections", "Praise at the end"),
            1,
            "It says what to do next, while it can still be done.",
        ),
    ),
)
