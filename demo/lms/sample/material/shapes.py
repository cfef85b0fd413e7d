"""The shapes of what is taught."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """A page of text."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Lecture:
    """A video of the demo's own player: what is said, shown line by line over its length."""

    title: str
    seconds: int
    captions: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question with one right answer, the number of which is ``right``."""

    text: str
    choices: tuple[str, ...]
    right: int
    explanation: str


@dataclass(frozen=True)
class Subject:
    """A field of study, and the material from which its courses are put together."""

    slug: str
    topics: tuple[str, ...]
    readings: tuple[Reading, ...]
    lectures: tuple[Lecture, ...]
    questions: tuple[Question, ...]
