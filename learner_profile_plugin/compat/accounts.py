"""People: the account that the platform keeps, and what it vouches for about its owner."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import is_password_usable
from django.db import IntegrityError, transaction
from rest_framework.exceptions import AuthenticationFailed

from learner_profile_plugin.compat.data import Account, AccountStanding, SocialLinks
from learner_profile_plugin.compat.seam import replaceable


@replaceable
def get_account(user_id: int) -> Account | None:
    """
    Return the account with this id, or None if there is no such user.

    Two queries: the user with profile and standing, and the social links. Someone without a
    profile row counts as a person of unknown age.

    Platform: common/djangoapps/student/models/user.py (UserProfile.requires_parental_consent,
    SocialLink, UserStanding), openedx/core/djangoapps/user_api/accounts/image_helpers.py.
    """
    return _account({"pk": user_id})


@replaceable
def find_account(username: str) -> Account | None:
    """
    Return the account of this name, in its own spelling, or None if there is none.

    As :func:`get_account`, in as many queries. No name has a null character or half a character in
    it, and databases do not even take the question.
    """
    if "\x00" in username or any("\ud800" <= character <= "\udfff" for character in username):
        return None
    return _account({"username": username})


def _account(found_by: dict[str, Any]) -> Account | None:
    from common.djangoapps.student.models import UserProfile

    user = _load_user(found_by, "profile", "standing")
    if user is None:
        return None
    profile = getattr(user, "profile", None) or UserProfile(user=user)
    return Account(
        user_id=user.pk,
        username=user.username,
        full_name=profile.name,
        email=user.email,
        date_joined=user.date_joined,
        is_closed=_is_closed(user),
        is_minor=bool(profile.requires_parental_consent()),
        first_name=user.first_name,
        last_name=user.last_name,
        photo_urls=_photo_urls(user),
        has_photo=bool(profile.has_profile_image),
        country=profile.country.code or "",
        social_links=_social_links(user.pk),
    )


@replaceable
def get_account_standing(user_id: int) -> AccountStanding:
    """
    Return what the platform vouches for about this person; nothing for an unknown user.

    Costs some six queries and one for each kind of sign-in provider: for the owner's own pages,
    not for portfolios. A check of identity without a date of expiry does not count, as it does
    not for the platform's verified certificates. Only providers that are enabled on the present
    site are named, in the order of their names.

    Platform: lms/djangoapps/verify_student/services.py (IDVerificationService.user_is_verified),
    common/djangoapps/third_party_auth/__init__.py and pipeline.py (get_provider_user_states).
    """
    from common.djangoapps import third_party_auth
    from common.djangoapps.third_party_auth import pipeline
    from lms.djangoapps.verify_student.services import IDVerificationService

    user = _load_user({"pk": user_id})
    if user is None:
        return AccountStanding()
    states = pipeline.get_provider_user_states(user) if third_party_auth.is_enabled() else []
    return AccountStanding(
        name_verified=bool(IDVerificationService.user_is_verified(user)),
        linked_accounts=tuple(state.provider.name for state in states if state.has_account),
    )


@replaceable
def get_open_accounts(user_ids: Collection[int]) -> set[int]:
    """
    Return which of these accounts are there and not closed (see ``Account.is_closed``). One query.

    Platform: common/djangoapps/student/models/user.py (UserStanding).
    """
    from common.djangoapps.student.models import UserStanding

    users: Any = get_user_model().objects
    rows = users.filter(pk__in=user_ids).values_list("pk", "password", "standing__account_status")
    disabled = UserStanding.ACCOUNT_DISABLED
    return {pk for pk, password, standing in rows if is_password_usable(password) and standing != disabled}


@replaceable
def get_external_ids(user_ids: Iterable[int]) -> dict[int, str]:
    """
    Return the UUID by which the platform's xAPI statements name each account.

    Five queries at most, however many accounts. Who has none is given one, as by their first statement.
    Left out is who has no account, and everybody where the platform has no ids for xAPI.

    Platform: openedx/core/djangoapps/external_user_ids/models.py (ExternalId.batch_get_or_create_user_ids).
    """
    from openedx.core.djangoapps.external_user_ids.models import ExternalId, ExternalIdType

    users = list(get_user_model().objects.filter(pk__in=list(user_ids)))
    try:
        with transaction.atomic():
            found = ExternalId.batch_get_or_create_user_ids(users, ExternalIdType.XAPI)
    except IntegrityError:
        # Some were given theirs meanwhile, by a statement.
        found = ExternalId.batch_get_or_create_user_ids(users, ExternalIdType.XAPI)
    return {user_id: str(row.external_user_id) for user_id, row in (found or {}).items()}


@replaceable
def find_token_owner(token: str) -> int | None:
    """
    Return whose an OAuth access token is, which a program sends; None if it is nobody's, or not any more.

    Accounts that are not activated yet count too, as they do in the browser.

    Platform: openedx/core/lib/api/authentication.py (BearerAuthenticationAllowInactiveUser).
    """
    from openedx.core.lib.api.authentication import BearerAuthenticationAllowInactiveUser

    try:
        user, _token = BearerAuthenticationAllowInactiveUser().authenticate_credentials(token)
    except AuthenticationFailed:
        return None
    return int(user.pk)


def _load_user(found_by: dict[str, Any], *related: str) -> Any:
    users: Any = get_user_model().objects
    return (users.select_related(*related) if related else users).filter(**found_by).first()


def _is_closed(user: Any) -> bool:
    """
    Tell whether nobody can use the account.

    A request for retirement and the support team's "disable" both take the password away, and the
    platform refuses even a sign-in through a provider without one; the older "disable" writes the
    account's standing. ``User.is_active`` is no sign: it is false as well before activation.
    """
    from common.djangoapps.student.models import UserStanding

    standing = getattr(user, "standing", None)
    is_disabled = standing is not None and standing.account_status == UserStanding.ACCOUNT_DISABLED
    return is_disabled or not user.has_usable_password()


def _photo_urls(user: Any) -> dict[int, str]:
    from openedx.core.djangoapps.user_api.accounts.image_helpers import get_profile_image_urls_for_user

    widths: dict[str, int] = getattr(settings, "PROFILE_IMAGE_SIZES_MAP", {})
    return {widths[size]: url for size, url in get_profile_image_urls_for_user(user).items()}


def _social_links(user_id: int) -> SocialLinks:
    """Return the links; the platform still files those to X under ``twitter``."""
    from common.djangoapps.student.models import SocialLink

    rows = SocialLink.objects.filter(user_profile__user_id=user_id)
    links = dict(rows.values_list("platform", "social_link"))
    return SocialLinks(
        linkedin=links.get("linkedin", ""),
        x=links.get("x") or links.get("twitter", ""),
        facebook=links.get("facebook", ""),
    )
