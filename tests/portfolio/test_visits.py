"""Who visits whom, with what the rules of access need to know, and nothing asked for that changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser, User

from demo.lms import compat
from demo.lms.actions import enrolment, roles
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.portfolio import visits
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from learner_profile_plugin.secret_links import api as secret_links
from tests.conftest import NOW, CourseFactory, PersonFactory
from tests.portfolio.conftest import publish
from tests.portfolio.test_editing import picture


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what is asked of the platform about the two people."""
    found: list[str] = []

    def noting(name: str, answer: Callable[..., object]) -> Callable[..., object]:
        def noted(*args: object) -> object:
            found.append(name)
            return answer(*args)

        return noted

    for name in ("get_enrolments", "get_staffed_courses", "shares_a_course"):
        monkeypatch.setattr(compat, name, noting(name, getattr(compat, name)))
    return found


@pytest.fixture
def people(learner: User, person: PersonFactory, course: CourseFactory) -> dict[str, User]:
    key = course()
    found = {name: person(name) for name in ("stranger", "classmate", "staff", "both")}
    for user in (learner, found["classmate"], found["both"]):
        enrolment.enrol(user, key)
    for name in ("staff", "both"):
        roles.grant(found[name], key)
    return found


class TestStanding:
    def test_nothing_is_asked_where_all_see_the_same(
        self, learner: User, people: dict[str, User], asked: list[str], everything: dict[Section, Item]
    ) -> None:
        publish(learner, contact=Audience.EVERYONE)
        seen = [visits.visit(user, "ada").portfolio for user in people.values()]
        assert all(portfolio == seen[0] for portfolio in seen)
        assert asked == []

    def test_nor_where_nobody_sees_anything(self, learner: User, people: dict[str, User], asked: list[str]) -> None:
        for user in people.values():
            with pytest.raises(visits.NotVisibleError):
                visits.visit(user, "ada")
        assert asked == []

    def test_only_what_decides_is_asked(
        self, learner: User, people: dict[str, User], asked: list[str], everything: dict[Section, Item]
    ) -> None:
        publish(learner, skills=Audience.COURSE_STAFF)
        for user in people.values():
            visits.visit(user, "ada")
        assert "shares_a_course" not in asked
        assert "get_staffed_courses" in asked

    @pytest.mark.parametrize("section", [Section.SKILLS, Section.HEADER])
    @pytest.mark.parametrize(
        ("audience", "seeing"),
        [
            (Audience.ONLY_ME, set()),
            (Audience.COURSE_STAFF, {"staff", "both"}),
            (Audience.CONNECTED, {"staff", "both", "classmate"}),
            (Audience.SIGNED_IN, {"staff", "both", "classmate", "stranger"}),
            (Audience.EVERYONE, {"staff", "both", "classmate", "stranger", "visitor"}),
        ],
    )
    def test_everybody_sees_what_their_circle_sees(
        self,
        learner: User,
        people: dict[str, User],
        everything: dict[Section, Item],
        section: Section,
        audience: Audience,
        seeing: set[str],
    ) -> None:
        publish(learner, **{section.value: audience})
        found = set()
        viewers: dict[str, User | AnonymousUser] = {**people, "visitor": AnonymousUser()}
        for name, user in viewers.items():
            try:
                portfolio = visits.visit(user, "ada").portfolio
            except visits.NotVisibleError:
                continue
            assert portfolio
            if section is Section.HEADER or section in portfolio.items:
                found.add(name)
        assert found == seeing


class TestPictures:
    @pytest.mark.parametrize("is_hidden", [False, True])
    @pytest.mark.parametrize("audience", Audience)
    def test_a_picture_is_seen_by_whoever_sees_its_item(
        self,
        learner: User,
        people: dict[str, User],
        everything: dict[Section, Item],
        audience: Audience,
        is_hidden: bool,
    ) -> None:
        item = everything[Section.PROJECTS]
        added = profile_fields.add_picture(learner.pk, item.id, picture())
        profile_fields.set_hidden(learner.pk, item.id, is_hidden=is_hidden)
        publish(learner, projects=audience)
        file = profile_fields.get_picture_file(added.id)
        assert file
        viewers: list[User | AnonymousUser] = [*people.values(), AnonymousUser(), learner]
        for user in viewers:
            portfolio = visits.visit(user, "ada").portfolio
            assert portfolio
            seen = any(found.pictures for found in portfolio.items.get(Section.PROJECTS, ()))
            assert visits.may_see_picture(user, file) is seen

    def test_a_link_shows_the_pictures_of_its_own_sections_of_its_own_learner(
        self, learner: User, person: PersonFactory, everything: dict[Section, Item]
    ) -> None:
        added = profile_fields.add_picture(learner.pk, everything[Section.PROJECTS].id, picture())
        file = profile_fields.get_picture_file(added.id)
        assert file
        ben = person("ben")
        tokens = {
            name: secret_links.create_link(user.pk, name=name, sections=sections)[1]
            for name, user, sections in (
                ("right", learner, {Section.PROJECTS}),
                ("other section", learner, {Section.SKILLS}),
                ("other learner", ben, set(Section)),
            )
        }
        seen = {name: visits.may_see_picture(AnonymousUser(), file, token=token) for name, token in tokens.items()}
        assert seen == {"right": True, "other section": False, "other learner": False}
        assert not visits.may_see_picture(learner, file, token="x")
        profile_fields.set_hidden(learner.pk, everything[Section.PROJECTS].id, is_hidden=True)
        hidden = profile_fields.get_picture_file(added.id)
        assert hidden
        assert not visits.may_see_picture(AnonymousUser(), hidden, token=tokens["right"])

    def test_without_its_learner_nobody_sees_it(
        self, learner: User, everything: dict[Section, Item], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        added = profile_fields.add_picture(learner.pk, everything[Section.PROJECTS].id, picture())
        file = profile_fields.get_picture_file(added.id)
        assert file
        monkeypatch.setattr(compat, "get_account", lambda user_id: None)
        assert not visits.may_see_picture(learner, file)


def test_a_learner_who_grew_up_may_publish_anew(learner: User, clock: time_machine.Traveller) -> None:
    def may_publish() -> bool:
        return visits.find_learner("ada").may_publish()

    assert may_publish()
    learner.profile.year_of_birth = NOW.year - 9
    learner.profile.save()
    profile_fields.publish(learner.pk, text="", audiences={}, as_minor=True)
    assert not may_publish()
    learner.profile.year_of_birth = 1990
    learner.profile.save()
    assert may_publish()
    profile_fields.publish(learner.pk, text="", audiences={})
    assert not may_publish()


def test_a_link_counts_its_visits_and_not_its_owner_s(learner: User, person: PersonFactory) -> None:
    link, token = secret_links.create_link(learner.pk, name="x", sections={Section.SKILLS})
    for viewer in (AnonymousUser(), person("ben"), learner):
        opened = visits.visit_by_link(viewer, token).link
        assert opened
        assert opened.id == link.id
    assert secret_links.get_links(learner.pk)[0].use_count == 2


def test_a_link_of_a_minor_leads_nowhere_and_counts_nothing(learner: User) -> None:
    _link, token = secret_links.create_link(learner.pk, name="x", sections={Section.SKILLS})
    learner.profile.year_of_birth = None
    learner.profile.save()
    with pytest.raises(visits.NotVisibleError):
        visits.visit_by_link(AnonymousUser(), token)
    assert secret_links.get_links(learner.pk)[0].use_count == 0
