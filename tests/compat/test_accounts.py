"""Accounts and their standing."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from learner_profile_plugin import compat
from tests.compat.models import ExternalId, ExternalIdType, SocialLink, User, UserProfile, UserStanding
from tests.conftest import NOW


@pytest.fixture
def ada(lms) -> Any:
    names = {"username": "ada", "first_name": "Ada", "last_name": "Lovelace"}
    user = User.objects.create(**names, email="ada@example.org", password=make_password("secret"))
    UserProfile.objects.create(user=user, name="Ada L.", year_of_birth=1990, country_code="GB", has_profile_image=True)
    return user


def account_of(user) -> compat.Account:
    account = compat.get_account(user.pk)
    assert account is not None
    return account


def test_an_account_is_told_in_two_queries(ada, django_assert_num_queries):
    SocialLink.objects.create(user_profile=ada.profile, platform="linkedin", social_link="https://in.example/ada")
    somebody = UserProfile.objects.create(user=User.objects.create())
    SocialLink.objects.create(user_profile=somebody, platform="facebook", social_link="https://fb.example/somebody")
    with django_assert_num_queries(2):
        account = account_of(ada)
    photos = {500: "/media/ada_500.jpg", 30: "/media/ada_30.jpg"}
    facts: dict[str, Any] = {"first_name": "Ada", "last_name": "Lovelace", "photo_urls": photos, "has_photo": True}
    links = compat.SocialLinks(linkedin="https://in.example/ada")
    given = (ada.pk, "ada", "Ada L.", "ada@example.org", NOW)
    assert account == compat.Account(*given, is_closed=False, is_minor=False, **facts, country="GB", social_links=links)
    assert compat.find_account("ada") == account


def test_external_ids_are_told_in_bulk_and_given_to_who_has_none(ada, django_assert_max_num_queries):
    assert compat.get_external_ids([ada.pk]) == {}  # no xAPI
    kind = ExternalIdType.objects.create(name="xapi")
    known = str(ExternalId.objects.create(user=ada, external_id_type=kind).external_user_id)
    others = [User.objects.create(username=f"{number}").pk for number in range(3)]
    with django_assert_max_num_queries(7):  # two of them are a savepoint
        found = compat.get_external_ids(iter([ada.pk, *others, 0]))
    assert found.keys() == {ada.pk, *others}
    assert found[ada.pk] == known
    assert compat.get_external_ids([ada.pk, *others]) == found


def test_an_external_id_that_is_given_at_the_same_moment_is_taken(ada, monkeypatch):
    kind = ExternalIdType.objects.create(name="xapi")
    ask, asked = ExternalId.batch_get_or_create_user_ids, []

    def overtaken(users: Any, type_name: str) -> Any:
        asked.append(type_name)
        if len(asked) == 1:
            ExternalId.objects.bulk_create(ExternalId(user=ada, external_id_type=kind) for _ in range(2))
        return ask(users, type_name)

    monkeypatch.setattr(ExternalId, "batch_get_or_create_user_ids", overtaken)
    assert compat.get_external_ids([ada.pk]).keys() == {ada.pk}
    assert asked == ["xapi", "xapi"]


@pytest.mark.parametrize("username", ["nobody", "", "a\x00da", "\ud800"])
def test_nobody_of_that_name_has_an_account(ada, username):
    assert compat.find_account(username) is None


def test_nobody_has_no_account_and_no_standing(lms):
    assert compat.get_account(0) is None
    assert compat.get_account_standing(0) == compat.AccountStanding()
    lms.IDVerificationService.user_is_verified.assert_not_called()


def test_a_token_tells_whose_it_is_where_the_platform_knows_it(ada):
    assert compat.find_token_owner("abc") == ada.pk
    assert compat.find_token_owner("abd") is None


def test_who_has_no_profile_row_counts_as_a_minor_without_a_name(ada):
    UserProfile.objects.all().delete()
    account = account_of(ada)
    assert (account.is_minor, account.full_name, account.country) == (True, "", "")
    assert (account.has_photo, account.photo_urls[30]) == (False, "/media/default_30.jpg")


@pytest.mark.parametrize(("year", "is_minor"), [(None, True), (2013, True), (2012, False)])
def test_the_platform_says_who_is_a_minor(ada, year, is_minor):
    UserProfile.objects.update(year_of_birth=year)
    assert account_of(ada).is_minor is is_minor


@pytest.mark.parametrize(
    ("password", "standing", "is_active", "is_closed"),
    [("x", "", False, False), ("x", "enabled", True, False), ("x", "disabled", True, True), (None, "", True, True)],
)
def test_only_a_missing_password_or_a_disabled_standing_closes(ada, password, standing, is_active, is_closed):
    ada.set_password(password)
    ada.is_active = is_active
    ada.save()
    UserStanding.objects.create(user=ada, account_status=standing)
    assert account_of(ada).is_closed is is_closed
    assert compat.get_open_accounts([ada.pk, 0]) == (set() if is_closed else {ada.pk})


def test_open_accounts_are_told_in_one_query_without_a_standing_too(ada, django_assert_num_queries):
    ben = User.objects.create(username="ben", password=make_password("secret"))
    with django_assert_num_queries(1):
        assert compat.get_open_accounts({ada.pk, ben.pk}) == {ada.pk, ben.pk}


@pytest.mark.parametrize(("platforms", "x"), [("twitter", "of twitter"), ("twitter x", "of x"), ("facebook", "")])
def test_the_link_to_x_may_be_filed_under_either_name(ada, platforms, x):
    for platform in platforms.split():
        SocialLink.objects.create(user_profile=ada.profile, platform=platform, social_link=f"of {platform}")
    assert account_of(ada).social_links.x == x


@pytest.mark.parametrize(("is_enabled", "linked"), [(True, ("School",)), (False, ()), (None, ())])
def test_linked_accounts_are_told_where_third_party_sign_in_is_on_and_a_checked_identity(ada, lms, is_enabled, linked):
    states = [("School", True), ("Firm", False)]
    lms.third_party_auth.is_enabled.return_value = is_enabled
    lms.pipeline.get_provider_user_states.return_value = [
        SimpleNamespace(provider=SimpleNamespace(name=name), has_account=has_account) for name, has_account in states
    ]
    for is_verified in (True, False):
        lms.IDVerificationService.user_is_verified.return_value = is_verified
        assert compat.get_account_standing(ada.pk) == compat.AccountStanding(is_verified, linked)
    lms.IDVerificationService.user_is_verified.assert_called_with(ada)
