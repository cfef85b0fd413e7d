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
    Section.HEADER: _("The page, with photo, name and headline"),
    Section.LEARNING_TIME: _("Learning time"),
    Section.COURSES: _("Courses"),
    Section.ABOUT: _("About you"),
    Section.WORK_EXPERIENCE: _("Work experience"),
    Section.LINKS: _("Links"),
}
