"""
Pictures of courses, drawn from the course's key and subject alone.

The same key always gives the same picture, and two courses seldom look alike: the key chooses the colours, the
pattern behind and where it lies, the subject chooses the sign in front.
"""

from __future__ import annotations

import random
from collections.abc import Callable

WIDTH, HEIGHT = 640, 360

# Dark, light and accent of each palette; the sign is white, so the first two stay deep enough.
PALETTES = (
    ("#0b3954", "#14688f", "#ffd166"),
    ("#123524", "#2a7f62", "#f2c14e"),
    ("#3b1f4b", "#7a3e8e", "#ffb4a2"),
    ("#5a1e12", "#b4451f", "#ffd9a0"),
    ("#1b2a5c", "#3f5fc4", "#9be7ff"),
    ("#4a2c17", "#8f5f2b", "#ffe8a3"),
    ("#0f3f46", "#1f8a8c", "#ffe066"),
    ("#4d1232", "#a3305f", "#ffc6d9"),
    ("#22303c", "#546a7b", "#f6ae2d"),
)

# Line drawings on a field of 100 by 100.
SIGNS = {
    "data": "M14 86V14M14 86H90M28 72V52M44 72V36M60 72V58M76 72V24M26 40 44 24 60 44 80 12",
    "code": "M34 26 12 50 34 74M66 26 88 50 66 74M58 14 42 86",
    "design": "M20 80 30 52 68 14 86 32 48 70ZM60 22 78 40M30 52 48 70M14 88H52",
    "business": "M14 34H86V82H14ZM36 34V20H64V34M14 56H42M58 56H86M42 50H58V62H42Z",
    "climate": "M50 90V46M50 60C30 60 22 44 22 28 42 28 50 42 50 60Z"
               "M50 48C50 28 62 16 80 14 82 36 70 48 50 48ZM26 90H74",
    "health": "M50 84C22 64 12 48 12 34A19 19 0 0 1 50 28 19 19 0 0 1 88 34C88 48 78 64 50 84Z"
              "M14 50H36L44 36 54 64 62 50H86",
    "language": "M12 18H66V54H38L22 70V54H12ZM48 62V74H72L84 86V74H90V40H74M24 30H54M24 42H44",
    "teaching": "M8 38 50 18 92 38 50 58ZM26 47V70C38 82 62 82 74 70V47M92 38V66",
}  # fmt: skip


def course_image(key: str, subject: str) -> str:
    """Draw the picture of a course, as an SVG document."""
    rng = random.Random(key)
    dark, light, accent = rng.choice(PALETTES)
    pattern = rng.choice(PATTERNS)(rng, accent)
    turn = rng.choice((0, 25, 60, 90))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'preserveAspectRatio="xMidYMid slice">'
        f'<defs><linearGradient id="g" gradientTransform="rotate({turn})"><stop offset="0" stop-color="{dark}"/>'
        f'<stop offset="1" stop-color="{light}"/></linearGradient></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#g)"/>{pattern}{_sign(subject, rng)}</svg>'
    )


def _sign(subject: str, rng: random.Random) -> str:
    path = SIGNS.get(subject, SIGNS["teaching"])
    size = rng.uniform(1.5, 1.9)
    x = rng.choice((WIDTH * 0.12, WIDTH * 0.36, WIDTH * 0.58))
    y = (HEIGHT - 100 * size) / 2
    return (
        f'<g transform="translate({x:.0f} {y:.0f}) scale({size:.2f})" fill="none" stroke="#fff" stroke-width="5" '
        f'stroke-linejoin="round" stroke-linecap="round"><path d="{path}"/></g>'
    )


def _waves(rng: random.Random, accent: str) -> str:
    top = rng.randrange(150, 230)
    lines = []
    for number in range(5):
        y = top + number * 34
        swing = rng.randrange(14, 34)
        lines.append(
            f'<path d="M-20 {y}q{WIDTH / 8:.0f} -{swing} {WIDTH / 4:.0f} 0t{WIDTH / 4:.0f} 0 {WIDTH / 4:.0f} 0 '
            f'{WIDTH / 4:.0f} 0 {WIDTH / 4:.0f} 0" opacity="{0.18 + number * 0.05:.2f}"/>'
        )
    return f'<g fill="none" stroke="{accent}" stroke-width="7">{"".join(lines)}</g>'


def _circles(rng: random.Random, accent: str) -> str:
    x, y = rng.randrange(420, 600), rng.randrange(40, 320)
    rings = [f'<circle cx="{x}" cy="{y}" r="{radius}"/>' for radius in range(30, 330, rng.choice((38, 48, 60)))]
    return f'<g fill="none" stroke="{accent}" stroke-width="6" opacity=".32">{"".join(rings)}</g>'


def _dots(rng: random.Random, accent: str) -> str:
    step = rng.choice((32, 40, 52))
    dots = [
        f'<circle cx="{x}" cy="{y}" r="{3 + 9 * rng.random() * x / WIDTH:.1f}"/>'
        for x in range(step // 2, WIDTH, step)
        for y in range(step // 2, HEIGHT, step)
    ]
    return f'<g fill="{accent}" opacity=".3">{"".join(dots)}</g>'


def _hills(rng: random.Random, accent: str) -> str:
    sun = f'<circle cx="{rng.randrange(380, 560)}" cy="{rng.randrange(80, 150)}" r="{rng.randrange(38, 64)}"/>'
    hills = []
    for number in range(3):
        y = 230 + number * 40
        left, right = rng.randrange(60, 200), rng.randrange(60, 200)
        hills.append(
            f'<path d="M0 {y}C{WIDTH / 4:.0f} {y - left} {WIDTH / 2:.0f} {y + 30} {WIDTH} {y - right}V{HEIGHT}H0Z" '
            f'opacity="{0.12 + number * 0.07:.2f}"/>'
        )
    return f'<g fill="{accent}"><g opacity=".5">{sun}</g>{"".join(hills)}</g>'


def _tiles(rng: random.Random, accent: str) -> str:
    side = rng.choice((60, 72, 90))
    tiles = []
    for x in range(0, WIDTH, side):
        for y in range(0, HEIGHT, side):
            shape = rng.randrange(4)
            if shape:
                tiles.append(f'<path d="{_tile(shape, x, y, side)}" opacity="{rng.uniform(0.08, 0.3):.2f}"/>')
    return f'<g fill="{accent}">{"".join(tiles)}</g>'


def _tile(shape: int, x: int, y: int, side: int) -> str:
    return {
        1: f"M{x} {y}h{side}v{side}z",
        2: f"M{x} {y}v{side}h{side}z",
        3: f"M{x} {y}h{side}a{side} {side} 0 0 1 -{side} {side}z",
    }[shape]


def _beams(rng: random.Random, accent: str) -> str:
    x, y = rng.randrange(440, 620), HEIGHT + 20
    beams = []
    for number in range(0, 11, 2):
        left, right = x - 900 + number * 130, x - 900 + (number + 1) * 130
        beams.append(f'<path d="M{x} {y}L{left} -80 {right} -80Z"/>')
    return f'<g fill="{accent}" opacity=".17">{"".join(beams)}</g>'


PATTERNS: tuple[Callable[[random.Random, str], str], ...] = (_waves, _circles, _dots, _hills, _tiles, _beams)
