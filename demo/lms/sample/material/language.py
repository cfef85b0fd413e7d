"""Languages and writing."""

from __future__ import annotations

from demo.lms.sample.material.shapes import Lecture, Question, Reading, Subject

LANGUAGE = Subject(
    slug="language",
    topics=(
        "Academic Writing",
        "Arabic Calligraphy",
        "Spanish Conversation",
        "Translation",
        "Storytelling",
        "Plain Language",
        "Linguistics",
        "Public Speaking",
    ),
    readings=(
        Reading(
            "One sentence, one thought",
            (
                "Read a paragraph aloud. Where you run out of breath, a full stop is missing.",
                "Verbs carry a sentence. Where they have turned into nouns, the sentence limps: say decide, rather "
                "than make a decision.",
            ),
        ),
        Reading(
            "What gets lost, what is found",
            (
                "A translation cannot keep everything. Decide what the text lives by: its facts, its rhythm or its "
                "jokes, and keep that.",
                "Read the result without the original beside you. If it sounds translated, it is not finished.",
            ),
        ),
        Reading(
            "The dot as a measure",
            (
                "In Arabic calligraphy the rhombic dot of the pen is the unit: an alif is so many dots high, a "
                "curve so many wide. Proportion comes before ornament.",
            ),
        ),
    ),
    lectures=(
        Lecture(
            "Opening a talk",
            370,
            (
                "Do not begin with thanks, nor with your name.",
                "Begin with a place, a time and somebody in trouble.",
                "The audience leans forward: now you may explain.",
                "Come back to that somebody at the end.",
            ),
        ),
        Lecture(
            "How children find words",
            490,
            (
                "Speech has no spaces between the words.",
                "Infants hear which sounds tend to follow each other.",
                "Where that breaks, a word may end.",
                "They do statistics before they can walk.",
            ),
        ),
        Lecture(
            "Holding the reed pen",
            540,
            (
                "The nib is cut at an angle, and the angle stays.",
                "The hand moves, the pen does not turn.",
                "Thick and thin come by themselves.",
                "Write slowly. Slower than that.",
            ),
        ),
    ),
    questions=(
        Question(
            "Which is the plainest?",
            ("Make a decision", "Decide", "Come to a decision", "Effect a decision"),
            1,
            "The verb says it in one word.",
        ),
        Question(
            "What is the unit of measure in Arabic calligraphy?",
            ("The line", "The dot of the pen", "The page", "The thumb"),
            1,
            "Letters are measured in rhombic dots.",
        ),
        Question(
            "How do infants find where a word ends?",
            ("By pauses", "By which sounds follow each other", "By loudness", "By reading"),
            1,
            "Sounds within a word follow each other more often than those across words.",
        ),
        Question(
            "A good opening of a talk has...",
            ("a list of contents", "a person with a problem", "an apology", "three logos"),
            1,
            "A story gives the audience a reason to listen.",
        ),
    ),
)
