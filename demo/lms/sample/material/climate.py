"""Climate and energy."""

from __future__ import annotations

from demo.lms.sample.material.shapes import Lecture, Question, Reading, Subject

CLIMATE = Subject(
    slug="climate",
    topics=(
        "Climate Science",
        "Renewable Energy",
        "Ocean Systems",
        "Urban Greening",
        "Carbon Accounting",
        "Water Management",
        "Soil and Food",
        "Circular Materials",
    ),
    readings=(
        Reading(
            "Weather, climate and thirty years",
            (
                "Weather is what happens; climate is what to expect. The usual measure of climate is an average "
                "over thirty years, long enough for single odd summers not to matter.",
                "A trend is seen against that average, not against last year.",
            ),
        ),
        Reading(
            "Kilowatts and kilowatt-hours",
            (
                "A kilowatt is how fast energy is used; a kilowatt-hour is how much was. A 2 kW heater that runs "
                "for three hours uses 6 kWh.",
                "Mixing the two up is the most frequent mistake in articles about energy.",
            ),
        ),
        Reading(
            "Scopes of a carbon account",
            (
                "Scope 1 is what you burn, scope 2 the electricity you buy, scope 3 everything before and after. "
                "For most firms the third is the largest, and the least well known.",
            ),
        ),
    ),
    lectures=(
        Lecture(
            "The heat in the ocean",
            560,
            (
                "Nine tenths of the extra heat goes into the sea.",
                "Floats dive to two kilometres and report what they meet.",
                "The upper layers warm first, and mix less than before.",
                "Warmer water takes more room: the sea rises.",
            ),
        ),
        Lecture(
            "A roof in numbers",
            410,
            (
                "How much sun falls on this roof in a year?",
                "How much of it does a panel turn into electricity?",
                "When is it used: at noon, or at eight in the evening?",
                "Only then does it make sense to speak of price.",
            ),
        ),
        Lecture(
            "Trees and the street below",
            350,
            (
                "On a hot day, a shaded street is ten degrees cooler to the touch.",
                "Leaves give off water, and cool the air as well.",
                "A tree needs room below ground as much as above.",
                "Plant for the summer in forty years.",
            ),
        ),
    ),
    questions=(
        Question(
            "A 2 kW heater runs for three hours. How much energy does it use?",
            ("0.7 kWh", "2 kWh", "5 kWh", "6 kWh"),
            3,
            "Energy is power times time: 2 kW for 3 h make 6 kWh.",
        ),
        Question(
            "Over how many years is climate usually averaged?",
            ("1", "5", "30", "100"),
            2,
            "Thirty years even out single odd seasons.",
        ),
        Question(
            "Where does most of the extra heat go?",
            ("Into the air", "Into the ocean", "Into the ice", "Into the ground"),
            1,
            "About nine tenths is taken up by the sea.",
        ),
        Question(
            "The electricity that a firm buys is counted in...",
            ("scope 1", "scope 2", "scope 3", "none of them"),
            1,
            "Scope 2 is bought energy.",
        ),
    ),
)
