"""People: the account that the platform keeps, and what it vouches for about its owner."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model

from learner_profile_plugin.compat.data import Account, AccountStanding, SocialLinks
from learner_profile_plugin.compat.seam import replaceable


@replaceable
def get_account(user_id: int) -> Account | None:
    """
    Return the account with this id, or None if there is no such user.

    Three queries: the user with profile and standing, the social links, the language. The
    language is the ``pref-lang`` preference, which the site is shown in; ``UserProfile.language``
    is a leftover that the platform no longer fills. Someone without a profile row counts as a
    person of unknown age.

    Platform: common/djangoapps/student/models/user.py (UserProfile.requires_parental_consent,
    SocialLink, UserStanding), openedx/core/djangoapps/user_api/accounts/image_helpers.py,
    openedx/core/djangoapps/user_api/models.py (UserPreference.get_value).
    """
    from common.djangoapps.student.models import UserProfile
    from openedx.core.djangoapps.lang_pref import LANGUAGE_KEY
    from openedx.core.djangoapps.user_api.models import UserPreference

    user = _load_user(user_id, "profile", "standing")
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
        language=UserPreference.get_value(user, LANGUAGE_KEY, default="") or "",
        country=profile.country.code or "",
        social_links=_social_links(user_id),
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

    user = _load_user(user_id)
    if user is None:
        return AccountStanding()
    states = pipeline.get_provider_user_states(user) if third_party_auth.is_enabled() else []
    return AccountStanding(
        name_verified=bool(IDVerificationService.user_is_verified(user)),
        linked_accounts=tuple(state.provider.name for state in states if state.has_account),
    )


def _load_user(user_id: int, *related: str) -> Any:
    users: Any = get_user_model().objects
    return users.select_related(*related).filter(pk=user_id).first() if related else users.filter(pk=user_id).first()


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
