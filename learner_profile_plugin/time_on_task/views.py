"""The door for beats: what the script in a unit sends."""

from __future__ import annotations

from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from learner_profile_plugin.time_on_task import api, beats


# A browser that leaves the page can send no header, hence no token of Django's; the ticket, which no other site knows,
# does the same. Whoever sends it must also be signed in as the learner that it names.
@csrf_exempt
@transaction.non_atomic_requests
@never_cache
@require_POST
def take_beats(request: HttpRequest) -> HttpResponse:
    """
    Take a report (``ticket``, ``now``, ``stretches``). Once it is answered with 204, it is stored.

    403 tells the page to stop, 429 to come again later; whatever else goes wrong, the page keeps
    what it has and sends it again.
    """
    now = timezone.now()
    try:
        if not beats.is_on():
            raise beats.RefusedBeatError
        ticket = beats.read_ticket(request.POST.get("ticket", ""))
        if request.user.pk != ticket.user_id:
            raise beats.RefusedBeatError
        beats.check_rate(ticket.user_id, now)
        beats.check_enrolment(ticket)
        activity = beats.read_report(
            ticket, now=request.POST.get("now", ""), stretches=request.POST.get("stretches", ""), at=now
        )
    except beats.RefusedBeatError:
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    except beats.TooManyBeatsError:
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    if activity is not None:
        api.keep([activity])
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
