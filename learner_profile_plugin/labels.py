"""What audiences and sections are called on the screen, from the widest and from the top."""

from django.utils.translation import gettext_lazy as _

from learner_profile_plugin.access import Audience, Section

AUDIENCE_LABELS = {
    Audience.EVERYONE: _("Everyone on the web"),
    Audience.SIGNED_IN: _("Any signed-in learner"),
    Audience.CONNECTED: _("Learners who share a course with you"),
    Audience.COURSE_STAFF: _("Staff of your courses"),
    Audience.ONLY_ME: _("Only you"),
}

SECTION_LABELS = {
    Section.HEADER: _("Name, photo and headline"),
    Section.CONTACT: _("Contact"),
    Section.WORK_PREFERENCES: _("Work preferences"),
    Section.ABOUT: _("About"),
    Section.LEARNING_TIME: _("Learning time"),
    Section.COURSES: _("Courses"),
    Section.SKILLS: _("Skills"),
    Section.WORK_EXPERIENCE: _("Work experience"),
    Section.PROJECTS: _("Projects"),
    Section.EDUCATION: _("Education"),
    Section.CERTIFICATIONS: _("Certificates from elsewhere"),
    Section.OTHER_COURSES: _("Courses taken elsewhere"),
    Section.VOLUNTEERING: _("Volunteering"),
    Section.PUBLICATIONS: _("Publications"),
    Section.HONOURS: _("Honors and awards"),
    Section.MEMBERSHIPS: _("Memberships"),
    Section.LANGUAGES: _("Languages"),
    Section.LINKS: _("Links"),
    Section.RESUME: _("Resume"),
}
