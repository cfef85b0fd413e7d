from django.db import migrations

BATCH = 500


def fill_items(apps, schema_editor):
    """Make items of what was stated so far. Doing it again, after it was cut off, makes no second ones."""
    of = lambda name: apps.get_model('learner_profile_plugin', name).objects.using(schema_editor.connection.alias)
    for profile in of('Profile').exclude(pk__in=of('Item').values('profile')).iterator(chunk_size=BATCH):
        jobs = list(profile.work_experience.order_by('position'))
        links = list(profile.links.order_by('position'))
        items = [
            *([('header', 0, {'headline': profile.headline})] if profile.headline else []),
            *([('about', 0, {'text': profile.about})] if profile.about else []),
            *(('work_experience', place, job_values(job)) for place, job in enumerate(jobs)),
            *(('links', place, {'url': link.url, 'label': link.label}) for place, link in enumerate(links)),
        ]
        by_section = {row.section: row.audience for row in profile.section_audiences.all()}
        # They stood in the order in which they were entered, and dates would now change it.
        by_hand = {'work_experience'} if len(jobs) > 1 else set()
        Choice, Item = (apps.get_model('learner_profile_plugin', name) for name in ('SectionChoice', 'Item'))
        of('SectionChoice').bulk_create(
            [
                Choice(profile=profile, section=section, audience=by_section.get(section), is_by_hand=section in by_hand)
                for section in {*by_section, *by_hand}
            ],
            ignore_conflicts=True,
        )
        of('Item').bulk_create(
            [Item(profile=profile, section=section, position=place, values=values) for section, place, values in items]
        )


def job_values(job):
    return {
        'title': job.title,
        'employer': job.employer,
        'location': job.location,
        'start': job.start,
        'end': job.end,
        'description': job.description,
    }


class Migration(migrations.Migration):

    dependencies = [
        ('learner_profile_plugin', '0002_items'),
    ]

    operations = [
        migrations.RunPython(fill_items, migrations.RunPython.noop),
    ]
