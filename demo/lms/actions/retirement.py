"""
The retirement of an account, in the steps of the platform's pipeline: asked for, then each a request of its own.

The platform sends both signals with ``send``: what a receiver raises ends the request, and with it the transaction
around it. The pipeline then comes again with the same step.
"""

from __future__ import annotations

import hashlib

from django.contrib.auth.models import User
from django.db import transaction

from demo.lms.models import GeneratedCertificate, UserProfile
from demo.lms.retirement_signals import USER_RETIRE_LMS_CRITICAL, USER_RETIRE_LMS_MISC


def ask(user: User) -> None:
    """Close the account at its owner's request: nobody signs in any more. Retired it is not yet."""
    user.set_unusable_password()
    user.save()


def retire_misc(user: User) -> None:
    """Do what the endpoint ``retire_misc`` does, which an operator can leave out of the pipeline."""
    with transaction.atomic():
        USER_RETIRE_LMS_MISC.send(sender=retire_misc, user=user)


def retire(user: User) -> None:
    """Do what the endpoint ``retire`` does: the last step, after which the account bears no name."""
    with transaction.atomic():
        UserProfile.objects.filter(user=user).update(
            name="", year_of_birth=None, country="", linkedin_url="", x_url="", facebook_url="", photo=""
        )
        GeneratedCertificate.objects.filter(user=user).update(name="")
        USER_RETIRE_LMS_CRITICAL.send(sender=retire, user=user)
        digest = hashlib.sha1(user.username.encode()).hexdigest()
        user.username = f"retired__user_{digest}"
        user.email = f"retired__user_{digest}@retired.invalid"
        user.first_name = user.last_name = ""
        user.is_active = False
        user.save()
