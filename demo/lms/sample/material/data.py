"""Data and statistics."""

from __future__ import annotations

from demo.lms.sample.material.shapes import Lecture, Question, Reading, Subject

DATA = Subject(
    slug="data",
    topics=(
        "Data Visualisation",
        "Probability",
        "Statistical Inference",
        "Spreadsheets",
        "SQL",
        "Machine Learning",
        "Survey Design",
        "Time Series",
    ),
    readings=(
        Reading(
            "Before the first chart",
            (
                "A chart answers a question. Write the question down first, in one sentence, and say who asks it. "
                "Most charts that mislead were drawn before anybody had decided what they were to answer.",
                "Then look at the rows themselves. Sort each column, read the ten smallest and the ten largest "
                "values, and count the empty cells. A quarter of an hour spent here saves a week of explaining.",
            ),
        ),
        Reading(
            "Mean, median and the long tail",
            (
                "Waiting times, incomes and learning hours have long tails: a few values are very large. The mean "
                "follows them; the median, the value in the middle, does not.",
                "Neither is the truth. Report the median with the quarter below and the quarter above it, and say "
                "how many observations there are.",
            ),
        ),
        Reading(
            "A note on missing values",
            (
                "An empty cell can mean zero, unknown, not asked or refused. Treating the four alike is a decision, "
                "and it should be written where a reader can find it.",
            ),
        ),
    ),
    lectures=(
        Lecture(
            "Reading a distribution",
            420,
            (
                "Start with the shape: one hump, two, or none?",
                "Two humps often mean two groups that were mixed up.",
                "Next, the spread. How wide is the middle half?",
                "And last, the tail: who is out there, and why?",
            ),
        ),
        Lecture(
            "What a confidence interval says",
            540,
            (
                "We measured a sample, and want to speak of everybody.",
                "Were we to sample again, the figure would move a little.",
                "The interval is made so that it usually covers the true value.",
                "It says nothing of a sample that was drawn unfairly.",
            ),
        ),
        Lecture(
            "Joining two tables",
            380,
            (
                "Every join needs a key that means the same on both sides.",
                "Count the rows before the join, and count them after.",
                "More rows than before? A key was not unique.",
                "Fewer? Some rows found no partner. Look at them.",
            ),
        ),
    ),
    questions=(
        Question(
            "Nine people waited 2 minutes and one waited 62. What is the median waiting time?",
            ("2 minutes", "8 minutes", "32 minutes", "62 minutes"),
            0,
            "The middle of the ordered values is 2; the mean is 8, pulled up by one long wait.",
        ),
        Question(
            "A join of two tables gives more rows than either had. What is the likely reason?",
            ("Some rows found no partner", "A key was not unique", "The tables were sorted", "A column was empty"),
            1,
            "A key that occurs several times on both sides makes every pairing.",
        ),
        Question(
            "Which picture shows best how a value is spread?",
            ("A pie chart", "A histogram", "A single large number", "A word cloud"),
            1,
            "A histogram shows the shape, the middle and the tails at once.",
        ),
        Question(
            "Twice the sample size makes a confidence interval about...",
            ("half as wide", "0.7 times as wide", "as wide as before", "twice as wide"),
            1,
            "The width shrinks with the square root of the size: 1 / √2 is about 0.7.",
        ),
    ),
)
