"""The sample accounts: who they are to the platform, and what each is there to show."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "harbour"


@dataclass(frozen=True)
class Sample:
    """
    One sample account.

    Attributes:
        year_of_birth: None where the person did not say; the platform then treats the account as a minor's.
        joined_days_ago: how long before the end of the recorded history the account was made.
        photo: whether there is a picture in ``static/demo/photos``, named as the account.
    """

    username: str
    name: str
    first_name: str
    last_name: str
    description: str
    joined_days_ago: int
    year_of_birth: int | None = None
    language: str = "en"
    country: str = ""
    education: str = ""
    photo: bool = True
    linkedin_url: str = ""
    x_url: str = ""
    facebook_url: str = ""
    is_superuser: bool = False

    @property
    def email(self) -> str:
        """An address of a domain that is reserved for examples."""
        return f"{self.username}@harbour-academy.example"


# The year of birth of the child is set when the accounts are made: see ``minor_year_of_birth``.
MINOR = "finn"
MINOR_AGE = 11

ACCOUNTS: tuple[Sample, ...] = (
    Sample(
        username="ada",
        name="Ada Okonkwo-Lind",
        first_name="Ada",
        last_name="Okonkwo-Lind",
        description="A rich portfolio: courses of several organisations, certificates, dozens of hours of learning.",
        joined_days_ago=1010,
        year_of_birth=1993,
        country="SE",
        education="m",
        linkedin_url="https://www.linkedin.com/in/ada-okonkwo-lind-example",
        x_url="https://x.com/ada_example",
    ),
    Sample(
        username="ben",
        name="Ben Castellanos",
        first_name="Ben",
        last_name="Castellanos",
        description="Brand new: signed up yesterday, has a photo and nothing else.",
        joined_days_ago=0,
        year_of_birth=2001,
        country="MX",
    ),
    Sample(
        username="chidi",
        name="Chidi Anan",
        first_name="Chidi",
        last_name="Anan",
        description="Empty: no photo, no course, nothing filled in.",
        joined_days_ago=160,
        year_of_birth=1988,
        photo=False,
    ),
    Sample(
        username="maya",
        name="Maya Raman",
        first_name="Maya",
        last_name="Raman",
        description="Two hundred courses over many years: the portfolio that must stay quick.",
        joined_days_ago=2190,
        year_of_birth=1979,
        country="IN",
        education="p",
        linkedin_url="https://www.linkedin.com/in/maya-raman-example",
    ),
    Sample(
        username="layla",
        name="ليلى الحداد",
        first_name="ليلى",
        last_name="الحداد",
        description="Reads from right to left: Arabic name, Arabic pages.",
        joined_days_ago=420,
        year_of_birth=1996,
        language="ar",
        country="JO",
        education="b",
    ),
    Sample(
        username="theodora",
        name="Theodora Wilhelmina Papadopoulou-Featherstonehaugh von Hohenstaufen-Liechtenberg y Echeverría de la Cruz",
        first_name="Theodora Wilhelmina",
        last_name="Papadopoulou-Featherstonehaugh von Hohenstaufen-Liechtenberg y Echeverría de la Cruz",
        description="A very long name, for every place that shows one.",
        joined_days_ago=300,
        year_of_birth=1985,
        country="GR",
    ),
    Sample(
        username=MINOR,
        name="Finn Aalto",
        first_name="Finn",
        last_name="Aalto",
        description="Eleven years old: the portfolio can never be wider than course staff.",
        joined_days_ago=90,
        country="FI",
    ),
    Sample(
        username="noor",
        name="Noor Idrissi",
        first_name="Noor",
        last_name="Idrissi",
        description="Never said how old: the platform treats the account as a minor's.",
        joined_days_ago=210,
        country="MA",
        language="es",
    ),
    Sample(
        username="sam",
        name="Sam Whitlock",
        first_name="Sam",
        last_name="Whitlock",
        description="Course staff of two courses: sees the portfolios of their learners, and can revoke and regrade.",
        joined_days_ago=1500,
        year_of_birth=1982,
        country="IE",
    ),
    Sample(
        username="root",
        name="Robin Root",
        first_name="Robin",
        last_name="Root",
        description="Superuser: site administration and staff of every course.",
        joined_days_ago=2200,
        year_of_birth=1980,
        photo=False,
        is_superuser=True,
    ),
)


def minor_year_of_birth(year: int) -> int:
    """Answer the year of birth of a child of the sample age in ``year``."""
    return year - MINOR_AGE
