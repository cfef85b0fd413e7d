"""Health and care."""

from __future__ import annotations

from demo.lms.sample.material.shapes import Lecture, Question, Reading, Subject

HEALTH = Subject(
    slug="health",
    topics=(
        "Public Health",
        "First Aid",
        "Nutrition",
        "Sleep",
        "Epidemiology",
        "Care Ethics",
        "Mental Health",
        "Health Systems",
    ),
    readings=(
        Reading(
            "Risk, twice told",
            (
                "A treatment that halves a risk may take it from 2 in 100 to 1 in 100, or from 40 to 20. Always "
                "ask for both figures: half of what?",
                "Natural numbers, so many of a hundred people like you, are understood best.",
            ),
        ),
        Reading(
            "Washing hands, again",
            (
                "Twenty seconds with soap remove most of what makes people ill. It is the cheapest measure in all "
                "of medicine, and it is still forgotten in the best of hospitals.",
                "What helps is not knowledge but the place of the basin.",
            ),
        ),
        Reading(
            "Listening as treatment",
            (
                "People are interrupted, on average, after some twenty seconds. Those who may finish need little "
                "longer than a minute, and often name the cause themselves.",
            ),
        ),
    ),
    lectures=(
        Lecture(
            "What an outbreak curve shows",
            470,
            (
                "Count the new cases, day by day.",
                "A steep rise and a sharp end: one common source.",
                "Wave after wave, each larger: from person to person.",
                "The curve tells you where to look.",
            ),
        ),
        Lecture(
            "The first five minutes",
            430,
            (
                "Is it safe for you? Look before you run.",
                "Speak to the person, and touch the shoulder.",
                "Call for help, and say where you are first.",
                "Then begin, and do not stop until help is there.",
            ),
        ),
        Lecture(
            "Why we sleep in cycles",
            500,
            (
                "Sleep comes in rounds of about ninety minutes.",
                "Deep sleep comes early in the night, dreams late.",
                "Who sleeps too little loses dreams first.",
                "Light in the morning sets the clock.",
            ),
        ),
    ),
    questions=(
        Question(
            "A treatment lowers a risk from 2 in 100 to 1 in 100. What is true?",
            ("It halves the risk", "It helps half of all people", "It harms 1 in 100", "It cures the illness"),
            0,
            "Half of a small risk: 1 person in 100 is spared.",
        ),
        Question(
            "In an emergency call, what do you say first?",
            ("Your age", "Where you are", "Who is to blame", "Your insurance"),
            1,
            "If the line breaks, they can still find you.",
        ),
        Question(
            "A single steep peak of cases, then none. What is likely?",
            ("One common source", "Spread from person to person", "A seasonal illness", "A counting error"),
            0,
            "Many met the same source at about the same time.",
        ),
        Question(
            "About how long is one sleep cycle?",
            ("20 minutes", "90 minutes", "4 hours", "8 hours"),
            1,
            "A night has four to six cycles of about ninety minutes.",
        ),
    ),
)
