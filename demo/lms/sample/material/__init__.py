"""What the sample courses teach: short, true texts, grouped by subject."""

from __future__ import annotations

from demo.lms.sample.material.business import BUSINESS
from demo.lms.sample.material.climate import CLIMATE
from demo.lms.sample.material.code import CODE
from demo.lms.sample.material.data import DATA
from demo.lms.sample.material.design import DESIGN
from demo.lms.sample.material.health import HEALTH
from demo.lms.sample.material.language import LANGUAGE
from demo.lms.sample.material.shapes import Lecture, Question, Reading, Subject
from demo.lms.sample.material.teaching import TEACHING

SUBJECTS = {subject.slug: subject for subject in (DATA, CODE, DESIGN, BUSINESS, CLIMATE, HEALTH, LANGUAGE, TEACHING)}

__all__ = ["SUBJECTS", "Lecture", "Question", "Reading", "Subject"]
