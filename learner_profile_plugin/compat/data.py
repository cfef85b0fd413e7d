"""
What the LMS tells us, as plain values.

Every function of ``compat`` answers with these classes and nothing of the LMS's own, so that no
model, request or cache of the host leaks into a domain. Times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from opaque_keys.edx.keys import CourseKey


@dataclass(frozen=True, slots=True)
class SocialLinks:
    """The three links that the platform's own account page asks for; ``""`` where not given."""

    linkedin: str = ""
    x: str = ""
    facebook: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """
    What the platform knows of a person's account.

    Attributes:
        is_closed: nobody can use the account any more: it is retired, on its way there, or was
            disabled. An account that was merely never activated by e-mail is not closed.
        is_minor: the platform asks for parental consent, be it that the age is known to be
            below its limit or that the age is not known at all.
        first_name, last_name: ``""`` where the platform holds the full name only.
        photo_urls: pixel width of the square picture to its address, relative or absolute.
        has_photo: false where ``photo_urls`` lead to the platform's stand-in picture.
        country: two-letter code, or ``""``.
    """

    user_id: int
    username: str
    full_name: str
    email: str
    date_joined: datetime
    is_closed: bool
    is_minor: bool
    first_name: str = ""
    last_name: str = ""
    photo_urls: dict[int, str] = field(default_factory=dict)
    has_photo: bool = False
    country: str = ""
    social_links: SocialLinks = SocialLinks()


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """
    What the platform vouches for about an account; of interest to its owner only.

    Attributes:
        name_verified: the platform holds an approved, unexpired check of the person's identity.
        linked_accounts: names of the sign-in providers that are linked, as shown to people.
    """

    name_verified: bool = False
    linked_accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileLinks:
    """
    Where the platform's own pages about a person are; ``""`` where it has none.

    Attributes:
        profile_page_url: where the photo, the country and the three links are changed.
        linked_accounts_url: where other sign-ins are linked to the account.
        verify_name_url: where somebody proves that their name is theirs.
    """

    account_settings_url: str = ""
    profile_page_url: str = ""
    linked_accounts_url: str = ""
    verify_name_url: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """
    Facts of a course run.

    Attributes:
        home_url: leads a learner into it.
        about_url: the page that anyone may read about it.
        image_url: ``""`` where it has none; relative or absolute.
    """

    course_key: CourseKey
    title: str
    organisation: str
    home_url: str
    about_url: str = ""
    image_url: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """
    One learner's enrolment in one course run, active or ended; very old ones lack a date.

    ``row_id`` is the platform's own number of it, to page by.
    """

    user_id: int
    course_key: CourseKey
    mode: str
    is_active: bool
    created_at: datetime | None
    row_id: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """
    A course certificate as the platform holds it now.

    Attributes:
        row_id: the platform's own number of it, to page by.
        status: the platform's word, e.g. ``downloadable`` or ``unavailable``.
        grade: the platform's text, a decimal fraction such as ``"0.87"``, or ``""``.
        url: the page that shows it, relative or absolute; ``""`` where the platform has none.
        dated_at: the date that the platform prints on it.
        is_shown: the course lets its certificates be seen by now. Says nothing of the status.
        shown_from: when they will be; None where they are already, or where no date is set.
    """

    row_id: int
    user_id: int
    course_key: CourseKey
    status: str
    mode: str
    name: str
    grade: str
    url: str
    created_at: datetime
    modified_at: datetime
    dated_at: datetime
    is_shown: bool = True
    shown_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A course grade as the platform holds it now; ``percent`` is a fraction from 0 to 1."""

    row_id: int
    user_id: int
    course_key: CourseKey
    percent: float
    letter: str
    passed_at: datetime | None
    modified_at: datetime

    @property
    def is_passing(self) -> bool:
        """
        Whether it is enough to pass.

        The platform stores a letter only from the lowest one that passes, and a moment of passing
        only where there is a mark to pass at all.

        Platform: lms/djangoapps/grades/course_grade.py (_compute_letter_grade, _compute_passed).
        """
        return bool(self.letter) and self.passed_at is not None


@dataclass(frozen=True, slots=True)
class Extent:
    """How many rows of the platform match, and the number of the last of them (0 if there is none)."""

    count: int
    last_row_id: int


@dataclass(frozen=True, slots=True)
class Site:
    """
    The site that the present request is for.

    Attributes:
        root_url: where the LMS answers, with no slash at the end, to complete relative addresses.
        brand_stylesheets: absolute addresses, in the order in which they apply.
    """

    name: str
    root_url: str = ""
    brand_stylesheets: tuple[str, ...] = ()
