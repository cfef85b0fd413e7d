"""What the sample people say of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Statement:
    """
    All that a sample person states.

    Attributes:
        items: by section, what the fields of each item hold.
        pictured: titles of the items that have a picture.
        hidden: section and place of the items that are hidden.
        published: whether the portfolio is shown to others.
    """

    items: Mapping[str, Sequence[Mapping[str, Any]]]
    audiences: Mapping[str, str] = field(default_factory=dict)
    pictured: Sequence[str] = ()
    hidden: Sequence[tuple[str, int]] = ()
    published: bool = True


ADA = Statement(
    items={
        "header": [
            {
                "headline": "Data analyst for cities and coasts",
                "location": "Gothenburg, Sweden",
                "pronouns": "she/her",
            }
        ],
        "contact": [{"show_email": True}],
        "work_preferences": [
            {
                "roles": ["Lead data analyst", "Climate risk analyst"],
                "about_role": "A team where analysts sit beside the people who decide.",
                "places": ["Gothenburg", "Copenhagen", "Anywhere with a coast"],
                "arrangements": ["hybrid", "remote"],
                "employment": ["full_time"],
                "start": "2027-03",
                "relocation": "maybe",
                "authorisation": "EU citizen",
                "openness": "open",
            }
        ],
        "about": [
            {
                "text": "I help towns on the water to understand what is coming: floods, heat and who will need help "
                "first.\n\n"
                "- **Eight years** with census, sensor and satellite data\n"
                "- Charts that people without a statistics degree can read, and use\n"
                "- Open methods: whatever I publish, others can repeat\n\n"
                "I am looking for a team where analysts sit beside the people who decide."
            }
        ],
        "skills": [
            {"name": "Python", "level": "expert"},
            {"name": "Geographic information systems", "level": "advanced"},
            {"name": "Statistics", "level": "advanced"},
            {"name": "Data visualization", "level": "expert"},
            {"name": "Public speaking"},
        ],
        "work_experience": [
            {
                "title": "Senior data analyst",
                "employer": "Skärgård Resilience Lab",
                "employment": "full_time",
                "arrangement": "hybrid",
                "location": "Gothenburg, Sweden",
                "start": "2023-02",
                "description": "Lead a team of three that forecasts flood risk for eleven municipalities. Replaced "
                "quarterly reports by a page that updates itself each morning.",
            },
            {
                "title": "Data analyst",
                "employer": "Region West Statistics Office",
                "location": "Gothenburg, Sweden",
                "start": "2018-08",
                "end": "2023-01",
                "description": "Housing and commuting statistics. Wrote the office's guide to charts that do not "
                "mislead.",
            },
            {
                "title": "Research assistant",
                "employer": "Institute of Marine Studies",
                "location": "Lagos, Nigeria",
                "start": "2016",
                "end": "2018-06",
            },
        ],
        "projects": [
            {
                "title": "Which street floods first?",
                "role": "Analyst and designer",
                "start": "2024-05",
                "url": "https://github.com/example/which-street-floods-first",
                "description": "A map that shows, *street by street*, how long there is before the water comes. Used "
                "by the fire brigades of four towns.",
                "skills": ["Python", "Geographic information systems"],
            },
            {
                "title": "Heat diary",
                "start": "2022",
                "end": "2023",
                "description": "Two summers of indoor temperatures from two hundred homes, and what they mean for "
                "those who live in them.",
                "skills": ["Statistics"],
            },
        ],
        "education": [
            {
                "school": "University of Gothenburg",
                "degree": "Master of Science",
                "field_of_study": "Applied statistics",
                "start": "2016",
                "end": "2018",
            },
            {
                "school": "University of Lagos",
                "degree": "Bachelor of Science",
                "field_of_study": "Mathematics",
                "grade": "First class",
                "start": "2012",
                "end": "2016",
                "activities": "Chess, debating society",
            },
        ],
        "certifications": [
            {
                "name": "Certified flood risk assessor",
                "issuer": "Nordic Water Association",
                "start": "2024-11-05",
                "end": "2027-11",
                "credential_id": "NWA-2024-0815",
                "url": "https://credentials.example.org/NWA-2024-0815",
            }
        ],
        "other_courses": [{"name": "Readable maps", "provider": "Summer School of Cartography", "start": "2021-07"}],
        "volunteering": [
            {
                "role": "Mentor",
                "organisation": "Code by the Sea",
                "cause": "Education",
                "start": "2020-09",
                "description": "Saturday mornings with beginners of all ages.",
            }
        ],
        "publications": [
            {
                "title": "Forecasts that people act on",
                "publisher": "Journal of Coastal Decisions",
                "authors": ["Ada Okonkwo-Lind", "Lina Berg"],
                "start": "2025-03-14",
                "url": "https://doi.org/10.0000/example",
            }
        ],
        "honours": [{"title": "Young Analyst of the Year", "issuer": "Nordic Statistics Days", "start": "2022"}],
        "memberships": [{"organisation": "Royal Statistical Society", "role": "Fellow", "start": "2021"}],
        "languages": [
            {"name": "English", "proficiency": "native"},
            {"name": "Yoruba", "proficiency": "native"},
            {"name": "Swedish", "proficiency": "professional_working"},
        ],
        "links": [
            {"url": "https://ada.example.org/", "label": "Portfolio of charts"},
            {"url": "https://github.com/example", "label": ""},
            {"url": "https://orcid.org/0000-0000-0000-0000", "label": ""},
            {"url": "https://talks.example.org/readable-risk", "label": "Talk: risk that people can read"},
        ],
        "resume": [{"url": "https://ada.example.org/resume.pdf"}],
    },
    audiences={"header": "everyone", "work_preferences": "signed_in"},
    pictured=("Which street floods first?",),
    hidden=(("skills", 4),),
)

MAYA = Statement(
    items={
        "header": [
            {
                "headline": "Physician, lifelong learner, two hundred courses and counting",
                "location": "Kotagiri, India",
            }
        ],
        "about": [
            {
                "text": "I run a rural clinic and the school for its nurses. Every winter I teach what I learned in "
                "the summer.\n\n"
                "My interest is in *health systems that work on a small budget*."
            }
        ],
        "work_experience": [
            {
                "title": "Medical director",
                "employer": "Nilgiri Hills Clinic",
                "location": "Kotagiri, India",
                "start": "2011-04",
            },
            {
                "title": "Resident physician",
                "employer": "St. Agnes Hospital",
                "location": "Chennai, India",
                "start": "2005",
                "end": "2011-03",
            },
        ],
        "links": [{"url": "https://clinic.example.org/", "label": "Nilgiri Hills Clinic"}],
    },
    audiences={"learning_time": "signed_in"},
)

LAYLA = Statement(
    items={
        "header": [{"headline": "مصممة واجهات ومحبة للخط العربي", "location": "عمّان، الأردن"}],
        "about": [
            {
                "text": "أصمم صفحات سهلة القراءة للجميع، من اليمين إلى اليسار ومن اليسار إلى اليمين.\n\n"
                "أعمل مع المكتبات والمتاحف، وأدرّس الخط العربي في نهاية الأسبوع."
            }
        ],
        "work_experience": [
            {
                "title": "مصممة واجهات",
                "employer": "دار الكتب المفتوحة",
                "location": "عمّان، الأردن",
                "start": "2021-09",
            },
            {
                "title": "مصممة مبتدئة",
                "employer": "استوديو سنا",
                "location": "إربد، الأردن",
                "start": "2018",
                "end": "2021-08",
            },
        ],
        "education": [{"school": "الجامعة الأردنية", "degree": "بكالوريوس", "field_of_study": "الفنون البصرية"}],
        "skills": [{"name": "الخط العربي", "level": "expert"}, {"name": "Figma", "level": "advanced"}],
        "languages": [
            {"name": "العربية", "proficiency": "native"},
            {"name": "English", "proficiency": "full_professional"},
        ],
        "links": [{"url": "https://layla.example.org/", "label": "أعمالي"}],
    },
)

THEODORA = Statement(
    items={
        "header": [
            {
                "headline": "Independent consultant for accessibility, plain language and the patient untangling of "
                "long sentences",
                "location": "Thessaloniki, Greece",
            }
        ],
        "work_experience": [
            {
                "title": "Chief consultant for comprehensible correspondence",
                "employer": "Papadopoulou-Featherstonehaugh & von Hohenstaufen-Liechtenberg Partnership",
                "location": "Thessaloniki, Greece",
                "start": "2014",
            }
        ],
        "skills": [{"name": "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselverwaltung"}],
    },
    audiences={"header": "signed_in"},
)

FINN = Statement(items={"header": [{"headline": "I like boats, maps and numbers"}]})
NOOR = Statement(
    items={
        "header": [{"headline": "Estudiante de seguridad informática"}],
        "about": [{"text": "Aprendo un poco **cada día**."}],
    }
)
SAM = Statement(
    items={
        "header": [{"headline": "Course team, Harbour Academy"}],
        "work_experience": [
            {
                "title": "Learning designer",
                "employer": "Harbour Academy",
                "location": "Galway, Ireland",
                "start": "2020-01",
            }
        ],
    },
    audiences={"header": "connected", "courses": "only_me"},
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
