"""Registration and sign-in, and the form in which events speak of a person."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from openedx_events.learning.data import UserData, UserPersonalData
from openedx_events.learning.signals import SESSION_LOGIN_COMPLETED, STUDENT_REGISTRATION_COMPLETED

from demo.lms.models import UserProfile


def user_data(user: User) -> UserData:
    """Describe a person as events do; the full name comes from the profile, where there is one."""
    profile = UserProfile.objects.filter(user=user).first()
    return UserData(
        pii=UserPersonalData(username=user.username, email=user.email, name=profile.name if profile else ""),
        id=user.pk,
        is_active=user.is_active,
    )


def register(user: User, profile: UserProfile, *, at: datetime | None = None) -> User:
    """Save a new account and its profile, and tell the plugins."""
    moment = at or timezone.now()
    user.date_joined = moment
    user.save()
    profile.user = user
    profile.save()
    STUDENT_REGISTRATION_COMPLETED.send_event(time=moment, user=user_data(user))
    return user


def signed_in(user: User) -> None:
    """Tell the plugins that a session began."""
    SESSION_LOGIN_COMPLETED.send_event(time=timezone.now(), user=user_data(user))
