"""Business and management."""

from __future__ import annotations

from demo.lms.sample.material.shapes import Lecture, Question, Reading, Subject

BUSINESS = Subject(
    slug="business",
    topics=(
        "Project Management",
        "Bookkeeping",
        "Negotiation",
        "Product Management",
        "Supply Chains",
        "Social Enterprise",
        "Pricing",
        "Leading Teams",
    ),
    readings=(
        Reading(
            "A plan is a list of guesses",
            (
                "Every date in a plan rests on guesses. Write the three largest of them beside it, and what you "
                "would see first if one were wrong.",
                "A plan that cannot be wrong cannot help either. It is there to tell you early.",
            ),
        ),
        Reading(
            "Cash is not profit",
            (
                "A sale on credit is income today and money in sixty days. A growing firm can be profitable on "
                "paper and unable to pay its wages.",
                "Keep a simple forecast of what comes in and goes out, week by week, for a quarter ahead.",
            ),
        ),
        Reading(
            "The agenda test",
            (
                "If a meeting cannot name the decision it is for, send a note instead. If it can, send what has to "
                "be read a day before.",
            ),
        ),
    ),
    lectures=(
        Lecture(
            "Interests behind positions",
            520,
            (
                "Two sisters want the same orange.",
                "One wants the juice, the other the peel.",
                "Ask why, before you ask how much.",
                "Then look for a deal that neither had thought of.",
            ),
        ),
        Lecture(
            "Where projects wait",
            440,
            (
                "Follow one request through the house.",
                "Note each time it is worked on, and each time it waits.",
                "Most of its life, it waits.",
                "Speeding up the work changes little. Shorten the queues.",
            ),
        ),
        Lecture(
            "Saying no to a feature",
            390,
            (
                "Whose problem does it solve, and how often do they have it?",
                "What do they do today instead?",
                "What will it cost to keep, not to build?",
                "A clear no is kinder than a vague later.",
            ),
        ),
    ),
    questions=(
        Question(
            "A firm sells 10,000 on 60 days' credit. What has it today?",
            ("10,000 in cash", "A claim of 10,000", "A debt of 10,000", "Nothing at all"),
            1,
            "The sale is income, but the money has yet to come.",
        ),
        Question(
            "What does a critical path show?",
            ("The cheapest tasks", "The tasks that fix the end date", "The riskiest people", "The longest meeting"),
            1,
            "A delay of any task on it delays the whole.",
        ),
        Question(
            "What helps most in a negotiation?",
            ("To know what the other side needs", "To speak first", "To refuse all breaks", "To hide every aim"),
            0,
            "Deals are found between interests, not between positions.",
        ),
        Question(
            "Fixed costs 600, price 20, variable cost 8. How many must be sold to break even?",
            ("30", "50", "60", "75"),
            1,
            "600 / (20 - 8) = 50.",
        ),
    ),
)
