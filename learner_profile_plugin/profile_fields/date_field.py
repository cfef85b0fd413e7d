"""A form field for partial dates: a year, and a month and a day, which may be left open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from learner_profile_plugin.profile_fields.data import PartialDate

FIRST_YEAR = 1900
LAST_YEAR = 2200
EARLIEST_DAY = timedelta(hours=14)
"""By how much a day begins earlier than in UTC where it begins first. What is today for somebody is not ahead."""
NO_DATE = _("Enter a date as YYYY, YYYY-MM or YYYY-MM-DD.")


class PartialDateWidget(forms.MultiWidget):
    """Boxes for day and year around a list of months, each with a name of its own for screen readers."""

    template_name = "learner_profile/partial_date.html"

    def __init__(self) -> None:
        """Set the three parts up."""
        day = {"aria-label": _("Day"), "placeholder": _("Day"), "min": 1, "max": 31}
        year = {"aria-label": _("Year"), "placeholder": _("Year"), "min": FIRST_YEAR, "max": LAST_YEAR}
        super().__init__(
            {
                "day": forms.NumberInput(attrs=day),
                "month": forms.Select(choices=[("", _("Month")), *MONTHS.items()], attrs={"aria-label": _("Month")}),
                "year": forms.NumberInput(attrs=year),
            }
        )

    def decompress(self, value: PartialDate | None) -> list[int | None]:
        """Split a date into day, month and year."""
        return _parts(value) if value else [None, None, None]


class PartialDateField(forms.MultiValueField):
    """
    Cleans to a :class:`PartialDate`, or to None where it is left empty and may be.

    Takes the three boxes of its widget, or a date, or its text as ``PartialDate.parse`` reads it.
    """

    widget = PartialDateWidget

    def __init__(self, *, may_lie_ahead: bool = False, **kwargs: Any) -> None:
        """Set the three parts up; ``required`` asks for the year."""
        self.may_lie_ahead = may_lie_ahead
        fields = (
            _whole_number(_("Enter the day as a number."), 1, 31),
            forms.TypedChoiceField(
                choices=[("", ""), *MONTHS.items()],
                coerce=int,
                empty_value=None,
                required=False,
                error_messages={"invalid_choice": _("Choose the month from the list.")},
            ),
            _whole_number(
                _("Enter the year as four digits."), FIRST_YEAR, LAST_YEAR, required=kwargs.get("required", True)
            ),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> PartialDate | None:
        """Take a date that is written out as well."""
        if isinstance(value, str) and value:
            try:
                value = PartialDate.parse(value)
            except ValueError:
                raise ValidationError(NO_DATE, code="invalid") from None
        if isinstance(value, PartialDate):
            value = _parts(value)
        elif value is not None and not isinstance(value, list | tuple | str):
            raise ValidationError(NO_DATE, code="invalid")
        return super().clean(value)  # type: ignore[no-any-return] # what compress returns

    def compress(self, data_list: list[int | None]) -> PartialDate | None:
        """Join the parts. A month without a year, a day without a month, and mostly a date to come, are errors."""
        day, month, year = data_list or (None, None, None)
        if year is None:
            if month is not None or day is not None:
                raise ValidationError(_("Enter the year."), code="no_year")
            return None
        if day is not None and month is None:
            raise ValidationError(_("Choose the month, or leave the day out."), code="no_month")
        found = PartialDate(year, month or 0, day or 0)
        try:
            first_day = found.first_day()
        except ValueError:
            raise ValidationError(_("There is no such day in this month."), code="no_day") from None
        if not self.may_lie_ahead and first_day > (timezone.now() + EARLIEST_DAY).date():
            raise ValidationError(_("This date lies in the future."), code="future")
        return found


def _parts(value: PartialDate) -> list[int | None]:
    return [value.day or None, value.month or None, value.year]


def _whole_number(message: Any, least: int, most: int, *, required: bool = False) -> forms.IntegerField:
    messages = dict.fromkeys(("invalid", "min_value", "max_value"), message)
    messages |= dict.fromkeys(("incomplete", "required"), _("Enter the year."))
    return forms.IntegerField(min_value=least, max_value=most, required=required, error_messages=messages)
