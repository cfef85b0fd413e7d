"""What the sample people say of themselves, and its way in: through the plugin's own door, as a form would take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api
from learner_profile_plugin.profile_fields.data import Link, PartialDate, Profile, WorkExperience


@dataclass(frozen=True)
class Job:
    """A position held; no end means until now."""

    title: str
    employer: str
    location: str
    start: str
    end: str = ""
    description: str = ""


@dataclass(frozen=True)
class Statement:
    """All that a sample person states; ``published`` tells whether the portfolio is shown to others."""

    headline: str = ""
    about: str = ""
    jobs: tuple[Job, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    audiences: tuple[tuple[str, str], ...] = ()
    published: bool = True


ADA = Statement(
    headline="Data analyst for cities and coasts",
    about=(
        "I help towns on the water to understand what is coming: floods, heat and who will need help first.\n\n"
        "- **Eight years** with census, sensor and satellite data\n"
        "- Charts that people without a statistics degree can read, and use\n"
        "- Open methods: whatever I publish, others can repeat\n\n"
        "I am looking for a team where analysts sit beside the people who decide."
    ),
    jobs=(
        Job(
            "Senior data analyst",
            "Skärgård Resilience Lab",
            "Gothenburg, Sweden",
            "2023-02",
            description=(
                "Lead a team of three that forecasts flood risk for eleven municipalities. Replaced quarterly "
                "reports by a page that updates itself each morning."
            ),
        ),
        Job(
            "Data analyst",
            "Region West Statistics Office",
            "Gothenburg, Sweden",
            "2018-08",
            "2023-01",
            "Housing and commuting statistics. Wrote the office's guide to charts that do not mislead.",
        ),
        Job("Research assistant", "Institute of Marine Studies", "Lagos, Nigeria", "2016", "2018-06"),
    ),
    links=(
        ("https://ada.example.org/", "Portfolio of charts"),
        ("https://code.example.org/ada", "Code"),
        ("https://talks.example.org/readable-risk", "Talk: risk that people can read"),
    ),
    audiences=(("header", "everyone"), ("links", "everyone"), ("work_experience", "everyone")),
)

MAYA = Statement(
    headline="Physician, lifelong learner, two hundred courses and counting",
    about=(
        "I run a rural clinic and the school for its nurses. Every winter I teach what I learned in the summer.\n\n"
        "My interest is in *health systems that work on a small budget*."
    ),
    jobs=(
        Job("Medical director", "Nilgiri Hills Clinic", "Kotagiri, India", "2011-04"),
        Job("Resident physician", "St. Agnes Hospital", "Chennai, India", "2005", "2011-03"),
    ),
    links=(("https://clinic.example.org/", "Nilgiri Hills Clinic"),),
    audiences=(("learning_time", "signed_in"),),
)

LAYLA = Statement(
    headline="مصممة واجهات ومحبة للخط العربي",
    about=(
        "أصمم صفحات سهلة القراءة للجميع، من اليمين إلى اليسار ومن اليسار إلى اليمين.\n\n"
        "أعمل مع المكتبات والمتاحف، وأدرّس الخط العربي في نهاية الأسبوع."
    ),
    jobs=(
        Job("مصممة واجهات", "دار الكتب المفتوحة", "عمّان، الأردن", "2021-09"),
        Job("مصممة مبتدئة", "استوديو سنا", "إربد، الأردن", "2018", "2021-08"),
    ),
    links=(("https://layla.example.org/", "أعمالي"),),
)

THEODORA = Statement(
    headline=(
        "Independent consultant for accessibility, plain language and the patient untangling of very long sentences in "
        "public administration"
    ),
    jobs=(
        Job(
            "Chief consultant for comprehensible correspondence",
            "Papadopoulou-Featherstonehaugh & von Hohenstaufen-Liechtenberg Partnership",
            "Thessaloniki, Greece",
            "2014",
        ),
    ),
    audiences=(("header", "signed_in"),),
)

FINN = Statement(headline="I like boats, maps and numbers")
NOOR = Statement(headline="Estudiante de seguridad informática", about="Aprendo un poco **cada día**.")
SAM = Statement(
    headline="Course team, Harbour Academy",
    jobs=(Job("Learning designer", "Harbour Academy", "Galway, Ireland", "2020-01"),),
    audiences=(("header", "connected"), ("courses", "only_me")),
)

STATEMENTS = {
    "ada": ADA,
    "maya": MAYA,
    "layla": LAYLA,
    "theodora": THEODORA,
    "finn": FINN,
    "noor": NOOR,
    "sam": SAM,
}


def apply_profiles(end: datetime) -> None:
    """Enter each sample person's statement, and publish those that are meant to be seen."""
    for username, statement in STATEMENTS.items():
        user_id = User.objects.get(username=username).pk
        api.save_profile(user_id, _profile(statement))
        if statement.published:
            api.publish(user_id, at=end - timedelta(days=2))


def _profile(statement: Statement) -> Profile:
    return Profile(
        headline=statement.headline,
        about=statement.about,
        work_experience=tuple(
            WorkExperience(
                title=job.title,
                employer=job.employer,
                start=PartialDate.parse(job.start),
                end=PartialDate.parse(job.end) if job.end else None,
                location=job.location,
                description=job.description,
            )
            for job in statement.jobs
        ),
        links=tuple(Link(url=url, label=label) for url, label in statement.links),
        audiences={Section(section): Audience[audience.upper()] for section, audience in statement.audiences},
    )
