"""
Fills an empty demo, through the same doors as life does.

People register, enrol and answer by the actions, which send the platform's events at the times at which things
happened; what they did in between is a tracking log that is replayed through the tracker. Nothing is written into a
plugin's tables from here. Seeding again changes nothing: each step that is done is remembered.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from tqdm import tqdm

from demo.lms.actions import certificates, completion, enrolment, people, roles
from demo.lms.models import GeneratedCertificate, SampleStep, Unit, UserProfile
from demo.lms.sample import tracking_log
from demo.lms.sample.accounts import ACCOUNTS, MINOR, PASSWORD, Sample, minor_year_of_birth
from demo.lms.sample.catalogue import create_courses
from demo.lms.sample.histories import KEYS, STAFFED, Outcome, Participation, participations
from demo.lms.sample.profiles import apply_profiles
from demo.lms.sample.stories import Story, tell

LAST_STEP = "profiles"


@dataclass(frozen=True)
class Seeded:
    """What a seeding did."""

    stories: int
    events: int


def is_seeded() -> bool:
    """Tell whether every step is done."""
    return SampleStep.objects.filter(name=LAST_STEP).exists()


def seed(*, quiet: bool = False) -> Seeded:
    """Do every step that is not done yet."""
    if is_seeded():
        return Seeded(0, 0)
    end = _end_of_history()
    _once("courses", lambda: create_courses(end))
    _once("accounts", lambda: _create_accounts(end))
    stories = _stories(end)
    lived = _live(stories, quiet=quiet)
    _once("staff", lambda: _grant_roles(end))
    replayed = tracking_log.replay(_log_file(stories), quiet=quiet)
    _once(LAST_STEP, lambda: apply_profiles(end))
    return Seeded(lived, replayed)


def _once(name: str, work: Callable[[], None]) -> bool:
    """Do a step and remember it, both or neither; answer whether there was anything to do."""
    with transaction.atomic():
        if SampleStep.objects.filter(name=name).exists():
            return False
        work()
        SampleStep.objects.create(name=name)
    return True


def _end_of_history() -> datetime:
    """Answer the midnight before today; the same again when a stopped seeding is taken up on another day."""
    today = timezone.now().astimezone(UTC).date()
    step, _ = SampleStep.objects.get_or_create(name="end of history", defaults={"value": today.isoformat()})
    return datetime.combine(datetime.fromisoformat(step.value).date(), time(), UTC)


def _create_accounts(end: datetime) -> None:
    for sample in ACCOUNTS:
        people.register(*_account(sample, end), at=end - timedelta(days=sample.joined_days_ago, hours=3))


def _account(sample: Sample, end: datetime) -> tuple[User, UserProfile]:
    user = User(
        username=sample.username,
        email=sample.email,
        first_name=sample.first_name,
        last_name=sample.last_name[:150],
        is_superuser=sample.is_superuser,
        is_staff=sample.is_superuser,
    )
    user.set_password(PASSWORD)
    profile = UserProfile(
        name=sample.name,
        year_of_birth=minor_year_of_birth(end.year) if sample.username == MINOR else sample.year_of_birth,
        language=sample.language,
        country=sample.country,
        level_of_education=sample.education,
        linkedin_url=sample.linkedin_url,
        x_url=sample.x_url,
        facebook_url=sample.facebook_url,
        photo=f"demo/photos/{sample.username}.svg" if sample.photo else "",
    )
    return user, profile


def _stories(end: datetime) -> list[Story]:
    users = {user.username: user for user in User.objects.all()}
    units: dict[CourseKey, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.all():
        units[unit.course_key].append(unit)
    return [tell(plan, users[plan.username], units[plan.course_key], end) for plan in participations()]


def _live(stories: list[Story], *, quiet: bool) -> int:
    lived = 0
    for story in tqdm(stories, unit=" enrolments", desc="Living   ", disable=quiet, file=sys.stdout):
        plan = story.participation
        lived += _once(f"{plan.username} in {plan.course_key}", partial(_carry_out, story))
    return lived


def _carry_out(story: Story) -> None:
    plan = story.participation
    user = User.objects.get(username=plan.username)
    enrolment.enrol(user, plan.course_key, mode=plan.mode, at=story.enrolled_at)
    if plan.comes_back:
        enrolment.unenrol(user, plan.course_key, at=story.enrolled_at + timedelta(minutes=20))
        enrolment.enrol(user, plan.course_key, mode=plan.mode, at=story.enrolled_at + timedelta(minutes=50))
    if plan.upgraded_after is not None:
        moment = story.enrolled_at + timedelta(days=plan.upgraded_after)
        enrolment.change_mode(user, plan.course_key, "verified", at=moment)
    for deed in story.deeds:
        if deed.answer:
            completion.answer_problem(user, deed.unit, deed.answer, at=deed.at)
        else:
            completion.complete_unit(user, deed.unit, at=deed.at)
    _end(plan, user, story.ended_at)


def _end(plan: Participation, user: User, ended_at: datetime) -> None:
    if plan.outcome is Outcome.LEFT:
        enrolment.unenrol(user, plan.course_key, at=ended_at + timedelta(hours=1))
    if plan.outcome is Outcome.REVOKED:
        certificate = GeneratedCertificate.objects.get(user=user, course_key=plan.course_key)
        certificates.invalidate(certificate, at=ended_at + timedelta(days=10))


def _grant_roles(end: datetime) -> None:
    sam = User.objects.get(username="sam")
    for number in STAFFED:
        roles.grant(sam, KEYS[number], at=end - timedelta(days=1000))


def _log_file(stories: list[Story]) -> Path:
    path: Path = settings.DEMO_VAR / "tracking.log.jsonl"
    started = SampleStep.objects.filter(name=tracking_log.STEP).exclude(value="0").exists()
    if not (started and path.exists()):
        tracking_log.write(path, (event for story in stories for event in story.events))
    return path
