"""Programming."""

from __future__ import annotations

from demo.lms.sample.material.shapes import Lecture, Question, Reading, Subject

CODE = Subject(
    slug="code",
    topics=(
        "Python",
        "Automated Testing",
        "Version Control",
        "Web APIs",
        "Databases",
        "Cloud Operations",
        "Software Security",
        "Algorithms",
    ),
    readings=(
        Reading(
            "Names are the first documentation",
            (
                "A reader meets a name long before its body. If the name says what comes back, most calls need not "
                "be looked up; if it says how it is done, it must be renamed each time the how changes.",
                "Short names suit short lives. The longer a value stays in sight, the more its name has to carry.",
            ),
        ),
        Reading(
            "What a failing test is for",
            (
                "A test that has never failed has proved nothing yet. Write it, watch it fail for the reason you "
                "expect, and then make it pass.",
                "When it fails a year later, its name is all that the next person sees. Make the name a sentence.",
            ),
        ),
        Reading(
            "Small commits",
            (
                "A commit that does one thing can be understood, reverted and found again. The message says why: "
                "the what is in the change itself.",
            ),
        ),
    ),
    lectures=(
        Lecture(
            "From loop to function",
            460,
            (
                "Here is a loop that does three things at once.",
                "We pull the first of them out and give it a name.",
                "Now it can be tested without the other two.",
                "And the loop reads like the sentence it was meant to be.",
            ),
        ),
        Lecture(
            "Why transactions matter",
            510,
            (
                "Two people buy the last ticket at the same moment.",
                "Both read that one is left. Both write zero.",
                "A transaction makes one of them wait, or try again.",
                "The hard part is to keep it short.",
            ),
        ),
        Lecture(
            "Reading a stack trace",
            330,
            (
                "Read from the bottom: what went wrong?",
                "Go up until the first line that is yours.",
                "That is where the question begins, not where it ends.",
                "Ask which value was not what you thought.",
            ),
        ),
    ),
    questions=(
        Question(
            "When is a test worth the most?",
            ("When it was once seen to fail", "When it is long", "When it needs the network", "When it runs last"),
            0,
            "Only a test that can fail tells anything by passing.",
        ),
        Question(
            "What does sorted([3, 1, 2])[0] give in Python?",
            ("3", "1", "2", "An error"),
            1,
            "The sorted list is [1, 2, 3]; its first item is 1.",
        ),
        Question(
            "Which HTTP method should never change anything on the server?",
            ("POST", "PUT", "GET", "DELETE"),
            2,
            "GET is safe by definition: caches and prefetching rely on it.",
        ),
        Question(
            "How should a password be stored?",
            ("As text", "Encrypted with one key", "As a slow, salted hash", "In the browser"),
            2,
            "A slow, salted hash cannot be turned back, and takes long to guess.",
        ),
    ),
)
