"""Design and accessibility."""

from __future__ import annotations

from demo.lms.sample.material.shapes import Lecture, Question, Reading, Subject

DESIGN = Subject(
    slug="design",
    topics=(
        "Accessible Design",
        "Typography",
        "User Research",
        "Colour",
        "Interaction Design",
        "Service Design",
        "Illustration",
        "Layout",
    ),
    readings=(
        Reading(
            "Contrast is not a matter of taste",
            (
                "Text needs a contrast of at least 4.5 to 1 with what lies behind it; large text needs 3 to 1. "
                "Below that, many people cannot read it at all, and everybody reads it more slowly.",
                "Measure it. Eyes adapt, screens differ, and the designer has the best screen of all.",
            ),
        ),
        Reading(
            "Five people, one task",
            (
                "Watch five people try one task, and you will see most of what is wrong. Say nothing, and do not "
                "help: the silence is where you learn.",
                "Note what they do, apart from what they say. People are kind about things that do not work.",
            ),
        ),
        Reading(
            "The measure of a line",
            (
                "A line of 45 to 75 letters is comfortable to read. Longer lines lose the eye on its way back; "
                "shorter ones break the sentence.",
            ),
        ),
    ),
    lectures=(
        Lecture(
            "Focus, and where it goes",
            400,
            (
                "Put the mouse away, and press Tab.",
                "Can you see where you are, at every step?",
                "Does the order follow the page?",
                "And when a dialog closes: where are you now?",
            ),
        ),
        Lecture(
            "A scale for type",
            360,
            (
                "Pick one size for text, and one ratio.",
                "Every other size follows from these two.",
                "Use fewer sizes than you think you need.",
                "Weight and space do the rest.",
            ),
        ),
        Lecture(
            "Asking without leading",
            480,
            (
                "Would you use this? Everybody says yes.",
                "Tell me of the last time you did it. Now we hear a story.",
                "Ask for the past, never for the future.",
                "Then wait. Count to five.",
            ),
        ),
    ),
    questions=(
        Question(
            "Which contrast does text of normal size need at least?",
            ("2 to 1", "3 to 1", "4.5 to 1", "10 to 1"),
            2,
            "WCAG asks for 4.5 to 1 at level AA.",
        ),
        Question(
            "What tells a screen reader what a picture shows?",
            ("Its file name", "Its alternative text", "Its caption font", "Its size"),
            1,
            "The alternative text stands for the picture where it cannot be seen.",
        ),
        Question(
            "Which of these is a leading question?",
            ("How did you book?", "What happened then?", "Wasn't that easy?", "When was that?"),
            2,
            "It tells the person which answer is welcome.",
        ),
        Question(
            "How long is a comfortable line of text?",
            ("20 letters", "45 to 75 letters", "110 letters", "As wide as the screen"),
            1,
            "Between 45 and 75 letters the eye finds its way back with ease.",
        ),
    ),
)
