"""The courses of the demo: a few that most people take, and many for whoever takes many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, cycle, product
from typing import Any, TypeVar

from opaque_keys.edx.keys import CourseKey

from demo.lms.models import Course, Unit
from demo.lms.sample.material import SUBJECTS, Lecture, Question, Reading

T = TypeVar("T")

ORGANISATIONS = {
    "HarbourX": "Harbour Academy",
    "Nordtech": "Nordtech Institute",
    "MeridianU": "Meridian University",
    "OpenSea": "Open Sea Foundation",
    "Kilima": "Kilima Business School",
    "Alhambra": "Alhambra Arts College",
}
CERTIFICATES_WAIT = timedelta(days=45)


@dataclass(frozen=True)
class Run:
    """A course run to be made; ``days_ago`` says when it started, before the end of the recorded history."""

    org: str
    number: str
    run: str
    title: str
    subject: str
    description: str
    days_ago: int = 1200
    rotation: int = 0
    is_short: bool = False
    withholds_certificates: bool = False

    @property
    def key(self) -> CourseKey:
        """The key of the run."""
        return CourseKey.from_string(f"course-v1:{self.org}+{self.number}+{self.run}")


MAIN_RUNS = (
    Run("MeridianU", "DS101", "2024_T1", "Data Analysis with Python", "data",
        "From a messy table to a chart that answers a question: cleaning, summarising and showing data."),
    Run("MeridianU", "STAT210", "2024_T3", "Statistics You Can Explain", "data",
        "Means, spreads, intervals and what they do not say. For people who have to explain figures to others.",
        rotation=1),
    Run("Nordtech", "PY110", "2024_T2", "Python for Everyday Work", "code",
        "Small programs that take over dull tasks, written so that a colleague can change them."),
    Run("Nordtech", "SEC200", "2025_T1", "Secure Software from the Start", "code",
        "What attackers try first, and the habits that stop them.", rotation=1),
    Run("Nordtech", "TEST150", "2025_T2", "Tests That Find Bugs", "code",
        "How to write tests that fail for the right reason, and only then.", rotation=2),
    Run("OpenSea", "CLIM101", "2024_T1", "Climate Science in Plain Words", "climate",
        "How we know what we know about the warming of air, ice and sea."),
    Run("OpenSea", "OCEAN220", "2025_T1", "The Ocean and Us", "climate",
        "Currents, fish, heat and law: the ocean as one system that people are part of.", rotation=1),
    Run("OpenSea", "ENER130", "2026_T1", "Solar Power for Small Towns", "climate",
        "Planning, paying for and looking after a solar plant with few people and little money.", rotation=2,
        days_ago=300),
    Run("Kilima", "PM101", "2024_T2", "Project Management That Holds", "business",
        "Plans that survive the first week: guesses made visible, queues made short."),
    Run("Kilima", "NEG120", "2025_T1", "Negotiation for Quiet People", "business",
        "Preparing, listening and finding the deal that neither side had thought of.", rotation=1),
    Run("Alhambra", "CALL100", "2025_T1", "Introduction to Arabic Calligraphy", "language",
        "The reed pen, the dot and the line. For beginners, with no knowledge of Arabic needed."),
    Run("Alhambra", "STORY140", "2025_T2", "Telling Stories with Facts", "language",
        "How reporters, curators and scientists keep people listening without bending the truth.", rotation=1),
    Run("HarbourX", "A11Y101", "2024_T3", "Accessible Design", "design",
        "Pages that everybody can use: contrast, keyboard, words and the habit of trying it out."),
    Run("HarbourX", "UX205", "2025_T2", "Listening to Users", "design",
        "Interviews and observation that change what gets built.", rotation=1),
    Run("HarbourX", "LEARN100", "2024_T1", "Learning How to Study", "teaching",
        "What research says about remembering, practising and planning, and how to use it tomorrow."),
    Run("MeridianU", "PH150", "2026_T2", "Public Health in Figures", "health",
        "Risks, rates and curves, read with care.", days_ago=200, withholds_certificates=True),
)  # fmt: skip

FORMS = (
    ("Introduction to {}", "100", "The first steps in {topic}, with practice from the first hour."),
    ("{} in Practice", "210", "For those who know the basics of {topic} and want to use them at work."),
    ("Advanced {}", "320", "Where {topic} gets hard, and what experienced people do about it."),
)


def many_runs() -> list[Run]:
    """Answer the other runs: each topic of each subject, at three levels."""
    organisations = cycle(ORGANISATIONS)
    topics = [(subject, topic) for subject in SUBJECTS.values() for topic in subject.topics]
    return [
        Run(
            org=org,
            number="".join(word[0] for word in topic.split()) + topic.split()[-1][1:4].upper() + level,
            run=f"{2019 + place % 7}_T{1 + place % 3}",
            title=form.format(topic),
            subject=subject.slug,
            description=description.format(topic=topic),
            days_ago=2300,
            rotation=place,
            is_short=True,
        )
        for place, (((subject, topic), (form, level, description)), org) in enumerate(
            zip(product(topics, FORMS), organisations, strict=False)
        )
    ]


def create_courses(end: datetime) -> None:
    """Make every course run and its units; those that are there are left alone."""
    runs = [*MAIN_RUNS, *many_runs()]
    Course.objects.bulk_create([_course(run, end) for run in runs], ignore_conflicts=True)
    Unit.objects.bulk_create([unit for run in runs for unit in _units(run)], ignore_conflicts=True)


def _course(run: Run, end: datetime) -> Course:
    return Course(
        id=run.key,
        display_name=run.title,
        display_org=ORGANISATIONS[run.org],
        subject=run.subject,
        short_description=run.description,
        lowest_passing_grade=0.5 if run.is_short else 0.6,
        start=end - timedelta(days=run.days_ago),
        certificate_available_date=end + CERTIFICATES_WAIT if run.withholds_certificates else None,
    )


def _units(run: Run) -> list[Unit]:
    subject = SUBJECTS[run.subject]
    readings = _turned(subject.readings, run.rotation)
    lectures = _turned(subject.lectures, run.rotation)
    questions = _turned(subject.questions, run.rotation)
    if run.is_short:
        parts: list[Reading | Lecture | Question] = [lectures[0], readings[0], *questions[:2]]
    else:
        parts = [
            readings[0],
            lectures[0],
            questions[0],
            lectures[1],
            questions[1],
            readings[1],
            *questions[2:],
        ]
    questions_so_far = count(1)
    return [_unit(run.key, position, part, questions_so_far) for position, part in enumerate(parts, start=1)]


def _turned(items: tuple[T, ...], by: int) -> tuple[T, ...]:
    by %= len(items)
    return items[by:] + items[:by]


def _unit(course_key: CourseKey, position: int, part: Reading | Lecture | Question, numbers: Iterator[int]) -> Unit:
    kind, title, duration, content = _described(part, numbers)
    return Unit(
        usage_key=course_key.make_usage_key("vertical", f"unit{position}"),
        course_key=course_key,
        position=position,
        kind=kind,
        title=title,
        duration=duration,
        content=content,
    )


def _described(part: Reading | Lecture | Question, numbers: Iterator[int]) -> tuple[str, str, int, dict[str, Any]]:
    match part:
        case Reading():
            return Unit.Kind.HTML, part.title, 0, {"paragraphs": list(part.paragraphs)}
        case Lecture():
            return Unit.Kind.VIDEO, part.title, part.seconds, {"captions": list(part.captions)}
        case Question():
            content = {
                "question": part.text,
                "choices": [{"name": f"choice_{n}", "text": text} for n, text in enumerate(part.choices)],
                "answer": f"choice_{part.right}",
                "explanation": part.explanation,
            }
            return Unit.Kind.PROBLEM, f"Question {next(numbers)}", 0, content
