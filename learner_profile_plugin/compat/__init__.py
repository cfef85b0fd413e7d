"""
The one place that talks to the LMS.

The rest of the app asks here (``from learner_profile_plugin import compat``) and gets plain data
back. No other package imports from ``lms``, ``common``, ``openedx``, ``xmodule`` or ``completion``,
so that a change of the platform is met in this folder alone, and the app loads without an LMS: its
modules are imported when a function is called. Every function can be answered by a stand-in; see
:mod:`learner_profile_plugin.compat.seam`.
"""

from __future__ import annotations

from learner_profile_plugin.compat.accounts import (
    find_account,
    find_token_owner,
    get_account,
    get_account_standing,
    get_external_ids,
    get_open_accounts,
)
from learner_profile_plugin.compat.courses import get_courses, get_staffed_courses
from learner_profile_plugin.compat.data import (
    Account,
    AccountStanding,
    Certificate,
    Course,
    Enrolment,
    Extent,
    Grade,
    ProfileLinks,
    Site,
    SocialLinks,
)
from learner_profile_plugin.compat.enrolments import get_enrolments, get_enrolments_page, is_enrolled, shares_a_course
from learner_profile_plugin.compat.results import get_certificates, get_grades
from learner_profile_plugin.compat.rows import get_extent, get_held
from learner_profile_plugin.compat.sites import get_profile_links, get_site, get_site_setting

__all__ = [
    "Account",
    "AccountStanding",
    "Certificate",
    "Course",
    "Enrolment",
    "Extent",
    "Grade",
    "ProfileLinks",
    "Site",
    "SocialLinks",
    "find_account",
    "find_token_owner",
    "get_account",
    "get_account_standing",
    "get_certificates",
    "get_courses",
    "get_enrolments",
    "get_enrolments_page",
    "get_extent",
    "get_external_ids",
    "get_grades",
    "get_held",
    "get_open_accounts",
    "get_profile_links",
    "get_site",
    "get_site_setting",
    "get_staffed_courses",
    "is_enrolled",
    "shares_a_course",
]
