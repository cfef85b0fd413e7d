"""The command: what it finds, writes, leaves out and says."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from opaque_keys.edx.keys import CourseKey

from demo.lms import compat as lms
from demo.lms import models
from demo.lms.actions import certificates, enrolment, grades
from learner_profile_plugin import patience
from learner_profile_plugin.learning_record import api, bulk
from learner_profile_plugin.learning_record.data import EnrolmentFact, PassingFact
from learner_profile_plugin.learning_record.models import LearningRecord as Row
from learner_profile_plugin.learning_record.platform_facts import MARGIN
from learner_profile_plugin.management.commands import learner_profile_backfill
from tests.conftest import NOW, CourseFactory, PersonFactory
from tests.learning_record.backfilling import (
    backfill,
    dump,
    failing,
    held,
    positions,
    recorded,
    spoil,
    unheard,
)
from tests.learning_record.conftest import broken_table

DAY = timedelta(days=1)


@pytest.fixture
def keys(course: CourseFactory) -> list[CourseKey]:
    return [course("Boats"), course("Knots"), course("Tides")]


@pytest.fixture
def people(person: PersonFactory) -> list[User]:
    return [person(name) for name in ("ada", "ben", "cleo")]


@pytest.fixture
def years(people: list[User], keys: list[CourseKey]) -> list[User]:
    """What three learners did in three courses before the plugin came."""
    with unheard():
        for number, user in enumerate(people):
            for step, key in enumerate(keys):
                at = NOW - DAY * (20 - number - step)
                enrolment.enrol(user, key, at=at)
                grades.record(user, key, 0.9 if step else 0.2, at=at)
                if step:
                    certificates.issue(user, key, at=at)
        enrolment.unenrol(people[2], keys[0], at=NOW - DAY)
    assert dump() == []
    return people


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSES", (0.0,) * 4)


class TestInstallation:
    def test_years_are_there_the_same_day(self, years: list[User]) -> None:
        ran = backfill()
        assert (ran.code, ran.err) == (0, "")
        assert recorded() == held()
        assert "6 certificates read." in ran.out
        assert "grades: 9 were missing: recorded." in ran.out
        assert "enrolments: 9 were missing: recorded." in ran.out
        assert positions() == {}

    def test_times_are_the_platform_s_and_an_enrolment_s_that_of_the_reading(self, years: list[User]) -> None:
        before = datetime.now(UTC)
        backfill()
        row = Row.objects.filter(certificate_status="downloadable").first()
        assert row is not None
        assert row.certificate_as_of == row.grade_as_of == row.passing_as_of == row.enrolment_created_at
        assert row.enrolment_as_of is not None
        assert before <= row.enrolment_as_of + MARGIN <= datetime.now(UTC)

    def test_run_twice_it_changes_nothing_and_asks_little(self, years: list[User]) -> None:
        backfill()
        rows = dump()
        with CaptureQueriesContext(connection) as asked:
            ran = backfill()
        assert dump() == rows
        assert "certificates: 6 were recorded already." in ran.out
        assert "missing" not in ran.out
        written = [
            query["sql"] for query in asked if not query["sql"].startswith(("SELECT", "BEGIN", "COMMIT", "SAVE"))
        ]
        assert {word for sql in written for word in re.findall("learner_profile_plugin_(\\w+)", sql)} <= {
            "backfillposition"
        }

    def test_of_closed_accounts_nothing_is_begun_and_what_is_there_is_kept_up_to_date(
        self, years: list[User], keys: list[CourseKey]
    ) -> None:
        ada, ben, _ = years
        models.PersistentCourseGrade.objects.create(user_id=10**6, course_key=keys[0], percent_grade=0.5)
        api.record(PassingFact(user_id=ben.pk, course_key=keys[0], as_of=NOW, is_passing=False))
        for user in (ada, ben):
            user.set_unusable_password()
            user.save()
        ran = backfill("--only", "enrolments", "--only", "grades")
        assert {user_id for user_id, _ in recorded()} == {years[1].pk, years[2].pk}
        assert [key for user_id, key in recorded() if user_id == ben.pk] == [keys[0]]
        assert recorded()[ben.pk, keys[0]]["enrolment"][0] is True
        assert "enrolments: 5 belong to accounts that are closed or gone" in ran.out
        assert "grades: 6 belong to accounts that are closed or gone" in ran.out
        assert backfill("--verify", "--only", "enrolments", "--only", "grades").code == 0

    def test_an_account_that_is_closed_meanwhile_gets_nothing(
        self, years: list[User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ask, asked = lms.get_open_accounts, []

        def closed_after_the_first_question(user_ids: Any) -> set[int]:
            asked.append(user_ids)
            return ask(user_ids) - ({years[0].pk} if len(asked) > 1 else set())

        monkeypatch.setattr(lms, "get_open_accounts", closed_after_the_first_question)
        backfill("--only", "enrolments")
        assert {user_id for user_id, _ in recorded()} == {user.pk for user in years[1:]}

    def test_a_few_queries_a_page(self, person: PersonFactory, keys: list[CourseKey]) -> None:
        user = person("dora")
        others = User.objects.bulk_create(User(username=f"d{n}", password=user.password) for n in range(40))
        with CaptureQueriesContext(connection) as few:
            backfill()
        models.CourseEnrollment.objects.bulk_create(
            models.CourseEnrollment(user=other, course_key=key) for other in others for key in keys
        )
        for again, most in ((False, 9), (True, 4)):
            with CaptureQueriesContext(connection) as asked:
                backfill("--only", "enrolments", "--batch", "60")
            # Two pages, and two of records looked up. SQLite takes few values in one INSERT.
            inserts = [query for query in asked if "INSERT" in query["sql"] and "learningrecord" in query["sql"]]
            assert (len(asked) - len(inserts) - len(few)) / 4 <= most
            assert bool(inserts) is not again


class TestChoice:
    def test_of_one_learner(self, years: list[User]) -> None:
        assert backfill("--user", "ben").code == 0
        assert recorded() == {place: told for place, told in held().items() if place[0] == years[1].pk}

    def test_of_one_learner_in_more_courses_than_a_query_can_name(self, person: PersonFactory) -> None:
        user = person("dora")
        keys = [CourseKey.from_string(f"course-v1:Harbour+C{number}+2026") for number in range(700)]
        models.CourseEnrollment.objects.bulk_create(models.CourseEnrollment(user=user, course_key=key) for key in keys)
        for _ in range(2):
            assert backfill("--user", "dora").code == 0
            assert recorded() == held()
        assert backfill("--verify").code == 0

    def test_in_some_courses(self, years: list[User], keys: list[CourseKey]) -> None:
        backfill("--course", str(keys[0]), "--course", str(keys[2]))
        assert recorded() == {place: told for place, told in held().items() if place[1] != keys[1]}

    @pytest.mark.parametrize(
        ("kind", "groups"),
        [("certificates", {"certificate"}), ("grades", {"grade", "passing"}), ("enrolments", {"enrolment"})],
    )
    def test_of_one_kind(self, years: list[User], kind: str, groups: set[str]) -> None:
        backfill("--only", kind)
        assert {name for told in recorded().values() for name in told} == groups
        assert backfill("--only", kind, "--verify").code == 0

    @pytest.mark.parametrize(
        ("options", "complaint"),
        [(("--user", "nobody"), "There is no account: nobody"), (("--course", "Boats"), "This is no course key")],
    )
    def test_what_is_unknown_is_refused(self, db: None, options: tuple[str, ...], complaint: str) -> None:
        ran = backfill(*options)
        assert ran.code == 1
        assert complaint in ran.err


class TestDryRun:
    def test_it_shows_what_would_change_and_changes_nothing(self, years: list[User], keys: list[CourseKey]) -> None:
        api.record(
            EnrolmentFact(
                user_id=years[0].pk, course_key=keys[0], as_of=NOW, mode="audit", is_active=True, created_at=None
            )
        )
        rows = dump()
        ran = backfill("--dry-run")
        assert (ran.code, dump(), positions()) == (0, rows, {})
        since = f"{NOW - 20 * DAY:%Y-%m-%d}T12:00:00+00:00"
        assert (
            f"user {years[0].pk}, {keys[0]}, enrolment (differs): mode audit -> honor, created_at nothing -> {since}"
        ) in ran.out
        assert f"user {years[1].pk}, {keys[1]}, certificate (missing): status nothing -> downloadable" in ran.out
        assert "name nothing -> a name" in ran.out
        assert "Ada" not in ran.out
        assert "enrolments: 1 differed: to be corrected." in ran.out
        assert "enrolments: 8 were missing: to be recorded." in ran.out

    def test_the_list_has_an_end(self, years: list[User]) -> None:
        ran = backfill("--dry-run", "--show", "3")
        assert len(re.findall(r"^user \d+,", ran.out, re.MULTILINE)) == 3
        assert "(the first 3; --show lists more)" in ran.out
        assert "user" not in backfill("--dry-run", "--show", "0").out


Change = Callable[[User, CourseKey], object]


def _of(table: Any, **values: Any) -> Change:
    return lambda user, key: table.objects.filter(user_id=user.pk, course_key=key).update(**values)


def _gone(table: Any) -> Change:
    return lambda user, key: table.objects.filter(user_id=user.pk, course_key=key).delete()


def _records(**values: Any) -> Change:
    return lambda user, key: Row.objects.filter(user_id=user.pk, course_key=key).update(**values)


CERTIFICATE, GRADE, ENROLMENT = models.GeneratedCertificate, models.PersistentCourseGrade, models.CourseEnrollment
DRIFT: dict[str, tuple[Change, str]] = {
    "a certificate was taken back": (
        _of(CERTIFICATE, status="unavailable", modified_date=NOW),
        "certificates: 1 differed",
    ),
    "a certificate changed, and its time did not": (_of(CERTIFICATE, name="A. L."), "certificates: 1 differed"),
    "a certificate is gone": (_gone(CERTIFICATE), "certificates: 1 are of what the platform does not hold any more"),
    "a grade fell": (_of(GRADE, percent_grade=0.1, letter_grade="", modified=NOW), "grades: 1 differed"),
    "a grade is gone": (_gone(GRADE), "grades: 1 are of what the platform does not hold any more"),
    "an enrolment ended": (_of(ENROLMENT, is_active=False), "enrolments: 1 differed"),
    "an enrolment changed its mode": (_of(ENROLMENT, mode="verified"), "enrolments: 1 differed"),
    "an enrolment is gone": (_gone(ENROLMENT), "enrolments: 1 are of what the platform does not hold any more"),
    "a record is lost": (lambda user, key: Row.objects.filter(user=user, course_key=key).delete(), "1 were missing"),
    "a passing status was missed": (_records(passing_is_passing=False), "grades: 1 differed"),
    "a certificate's address was missed": (_records(certificate_url=""), "certificates: 1 differed"),
    "a certificate's page is hidden by now": (
        lambda user, key: models.Course.objects.filter(id=key).update(certificate_available_date=NOW + 9999 * DAY),
        "certificates: 3 differed",
    ),
}


class TestDrift:
    @pytest.mark.parametrize("what", DRIFT)
    def test_is_found_without_a_touch_and_repaired(self, years: list[User], keys: list[CourseKey], what: str) -> None:
        change, said = DRIFT[what]
        backfill()
        later = datetime.now(UTC) + 2 * MARGIN
        with time_machine.travel(later):
            assert backfill("--verify").code == 0
            change(years[1], keys[1])
            rows = dump()
            ran = backfill("--verify")
            assert ran.code == 1
            assert said in ran.out
            assert "differ from what the platform holds." in ran.err
            assert dump() == rows
            assert said in backfill().out
            assert backfill("--verify").code == 0
            told = recorded()
            if what == "an enrolment is gone":
                assert told[years[1].pk, keys[1]].pop("enrolment")[0] is False
            assert told == held()

    def test_a_certificate_that_is_gone_is_not_shown_any_more(self, years: list[User], keys: list[CourseKey]) -> None:
        backfill()
        models.GeneratedCertificate.objects.all().delete()
        with time_machine.travel(datetime.now(UTC) + 2 * MARGIN):
            backfill()
        assert all(record.certificate is None for user in years for record in api.get_learning_records(user.pk))
        assert not Row.objects.exclude(certificate_name="", certificate_url="", certificate_grade="").exists()

    def test_what_was_heard_of_a_moment_ago_is_left_alone(self, years: list[User], keys: list[CourseKey]) -> None:
        backfill()
        now = datetime.now(UTC)
        frame: dict[str, Any] = {"user_id": years[0].pk, "course_key": keys[0], "as_of": now}
        api.record(EnrolmentFact(**frame, mode="audit", is_active=True, created_at=None))
        ran = backfill("--verify")
        assert ran.code == 0
        assert "enrolments: 1 were recorded less than 10 minutes ago" in ran.out
        backfill()
        assert recorded()[years[0].pk, keys[0]]["enrolment"][1] == "audit"
        with time_machine.travel(now + MARGIN + DAY):
            assert backfill("--verify").code == 1

    def test_a_certificate_of_an_audit_learner_is_no_drift(self, years: list[User], keys: list[CourseKey]) -> None:
        with unheard() as mail:
            certificate = models.GeneratedCertificate.objects.get(user=years[0], course_key=keys[1])
            certificate.status = "audit_notpassing"
            certificates.save(certificate)
        mail.tell(mail.facts[0])
        certificate.delete()  # for compat tells of none
        backfill()
        assert recorded()[years[0].pk, keys[1]]["certificate"][0] == "audit_notpassing"
        assert backfill("--verify").code == 0


class TestFaults:
    def test_while_the_database_fails_nothing_is_lost(self, years: list[User]) -> None:
        with broken_table() as failed:
            ran = backfill()
            assert failed
        assert ran.code == 1
        assert "The database failed" in ran.err
        assert "Started again, it goes on where it was." in ran.err
        assert backfill().code == 0
        assert recorded() == held()

    @pytest.mark.parametrize("name", ["get_certificates", "get_enrolments_page", "get_held", "get_open_accounts"])
    def test_what_fails_for_a_moment_is_done_again(
        self, years: list[User], monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setattr(lms, name, failing(getattr(lms, name), OperationalError("gone away"), 3))
        assert backfill("--batch", "4").code == 0
        assert recorded() == held()

    @pytest.mark.parametrize("table", [CERTIFICATE, GRADE, ENROLMENT])
    @pytest.mark.parametrize(("course_key", "batch"), [("no key", "1"), ("no key", "1000"), ("", "3")])
    def test_a_row_with_a_key_that_is_none_is_named_and_no_other_is_lost(
        self, years: list[User], table: Any, course_key: str, batch: str
    ) -> None:
        pks = list(table.objects.order_by("pk").values_list("pk", flat=True))
        spoiled = [pks[2], pks[-1]] if course_key else [pks[2]]
        for pk in spoiled:
            spoil(table, pk, course_key)
        ran = backfill("--batch", batch)
        assert ran.code == 0
        assert f"{len(spoiled)} rows are left out" in ran.err
        for pk in spoiled:
            assert f"row {pk}:" in ran.err
        table.objects.filter(pk__in=spoiled).delete()
        assert recorded() == held()

    def test_a_row_that_cannot_be_written_is_named_and_no_other_is_lost(
        self, years: list[User], keys: list[CourseKey], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def spoilt(**given: Any) -> list[Any]:
            found = get_page(**given)
            return [replace(row, name="Ada \ud800") if row.user_id == years[0].pk else row for row in found]

        get_page = lms.get_certificates
        monkeypatch.setattr(lms, "get_certificates", spoilt)
        ran = backfill("--only", "certificates")
        assert "2 rows are left out" in ran.err
        assert f"certificates, user {years[0].pk} in {keys[1]}: UnicodeEncodeError" in ran.err
        assert "Ada" not in ran.err
        assert {user_id for user_id, _ in recorded()} == {user.pk for user in years[1:]}

    @pytest.mark.parametrize("percent", [float("nan"), None, "much"])
    def test_a_grade_that_is_none_is_named(
        self, years: list[User], monkeypatch: pytest.MonkeyPatch, percent: Any
    ) -> None:
        rows = lms.get_grades()
        pages = [[replace(rows[0], percent=percent), *rows[1:]], []]
        monkeypatch.setattr(lms, "get_grades", lambda **given: pages.pop(0))
        ran = backfill("--only", "grades")
        assert f"grades, row {rows[0].row_id}: " in ran.err
        assert len(recorded()) == 8

    def test_a_platform_that_cannot_be_read_at_all_is_no_reason_to_skip_its_rows(
        self, years: list[User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lms, "get_grades", failing(lms.get_grades, ImportError("moved"), 10**9))
        with pytest.raises(ImportError):
            backfill()
        monkeypatch.undo()
        assert backfill().code == 0
        assert recorded() == held()

    def test_what_happens_while_the_platform_is_slow_to_answer_wins(
        self, years: list[User], keys: list[CourseKey], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def slow(**given: Any) -> list[Any]:
            page = get_page(**given)
            if page:
                enrolment.unenrol(years[0], keys[0])
            return page

        get_page = lms.get_enrolments_page
        monkeypatch.setattr(lms, "get_enrolments_page", slow)
        backfill()
        assert recorded()[years[0].pk, keys[0]]["enrolment"][0] is False
        assert recorded() == held()

    def test_a_record_that_is_begun_or_changed_at_the_same_moment_is_not_overwritten(
        self, years: list[User], keys: list[CourseKey], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def begin(page: bulk.Page, places: Any) -> None:
            enrolment.change_mode(years[0], keys[0], "verified")
            begin_them(page, places)
            enrolment.change_mode(years[0], keys[1], "verified")

        begin_them = bulk.Page._begin
        monkeypatch.setattr(bulk.Page, "_begin", begin)
        backfill("--only", "enrolments")
        assert [recorded()[years[0].pk, key]["enrolment"][1] for key in keys] == ["verified", "verified", "honor"]
        monkeypatch.undo()
        backfill()
        assert recorded() == held()

    def test_what_changes_between_comparing_and_locking_wins(
        self, years: list[User], keys: list[CourseKey], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def replace_them(page: bulk.Page, rows: Any) -> None:
            enrolment.unenrol(years[0], keys[0])
            replace_rows(page, rows)

        backfill()
        models.CourseEnrollment.objects.update(mode="verified")
        replace_rows = bulk.Page._replace
        monkeypatch.setattr(bulk.Page, "_replace", replace_them)
        with time_machine.travel(datetime.now(UTC) + 2 * MARGIN):
            backfill("--only", "enrolments")
            told = {place: told["enrolment"] for place, told in recorded().items()}
            assert told[years[0].pk, keys[0]][:2] == (False, "verified")
            assert recorded() == held()

    def test_records_that_are_removed_meanwhile_stay_so(
        self, years: list[User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def replace_them(page: bulk.Page, rows: Any) -> None:
            api.delete_learner(years[0].pk)
            replace_rows(page, rows)

        backfill("--only", "enrolments")
        models.CourseEnrollment.objects.update(mode="verified")
        replace_rows = bulk.Page._replace
        monkeypatch.setattr(bulk.Page, "_replace", replace_them)
        with time_machine.travel(datetime.now(UTC) + 2 * MARGIN):
            backfill("--only", "enrolments")
        assert {user_id for user_id, _ in recorded()} == {user.pk for user in years[1:]}

    def test_a_record_that_no_room_is_for_is_named(self, years: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bulk.Page, "_begin", lambda page, values: None)
        ran = backfill("--only", "certificates")
        assert "6 rows are left out" in ran.err
        assert "a record of another course takes its place" in ran.err


class Terminal(io.StringIO):
    """A stream that people look at."""

    def isatty(self) -> bool:
        return True


class TestProgress:
    def test_is_shown_with_rate_and_time_left(self, years: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
        shown = Terminal()
        monkeypatch.setattr(
            learner_profile_backfill, "time", SimpleNamespace(monotonic=itertools.count(step=0.6).__next__)
        )
        call_command("learner_profile_backfill", "--batch", "3", stdout=io.StringIO(), stderr=shown)
        assert "[########                ]  33%  3 of 9 enrolments, " in shown.getvalue()
        assert re.search(r"9 of 9 enrolments, \d+/s, 0:00:00 left", shown.getvalue())

    def test_is_a_line_a_minute_where_nobody_looks(self, years: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
        shown = io.StringIO()
        monkeypatch.setattr(
            learner_profile_backfill, "time", SimpleNamespace(monotonic=itertools.count(step=25).__next__)
        )
        call_command("learner_profile_backfill", "--batch", "1", stdout=io.StringIO(), stderr=shown)
        assert 5 < len(shown.getvalue().splitlines()) < 30
        assert "\r" not in shown.getvalue()


class TestResuming:
    def test_an_interrupted_run_goes_on_where_it_was(self, years: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
        read: list[int] = []

        def interrupted(**given: Any) -> list[Any]:
            read.append(given.get("after_row_id", 0))
            if len(read) == 3:
                raise KeyboardInterrupt
            return get_page(**given)

        get_page = lms.get_enrolments_page
        monkeypatch.setattr(lms, "get_enrolments_page", interrupted)
        ran = backfill("--batch", "2")
        assert (ran.code, ran.err) == (130, "Stopped. Started again, it goes on where it was.")
        assert positions().keys() == {"certificates", "grades", "enrolments"}
        assert backfill("--verify").code == 1  # which begins at the first row
        stopped_at, read[3:] = read[2], []
        ran = backfill("--batch", "2")
        assert read[3] == stopped_at > 0
        assert f"Went on with enrolments after row {stopped_at}, where a run was interrupted at 20" in ran.out
        assert (recorded(), positions()) == (held(), {})

    def test_another_choice_and_again_begin_anew(
        self, years: list[User], keys: list[CourseKey], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(lms, "get_enrolments_page", failing(lms.get_enrolments_page, ImportError(), 10**9))
            with pytest.raises(ImportError):
                backfill()
        stored = positions()
        assert stored
        Row.objects.all().delete()
        assert "Went on" not in backfill("--course", str(keys[0])).out
        assert "Went on" not in backfill("--user", "ada").out
        assert positions() == stored
        assert "Went on" not in backfill("--again").out
        assert recorded() == held()
