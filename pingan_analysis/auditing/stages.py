"""What an indicator says of the stage of its matter: found, settled, pending (lexicon/case_stages.tsv)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from ..lexicon import read_rows
from .limits import CACHED


class Role(NamedTuple):
    """What an indicator says: stage, group and sense (see case_stages.tsv), and the noun that is left."""

    stage: str
    group: str
    sense: str
    noun: str


@lru_cache(CACHED)
def role_of(indicator: str) -> Role:
    """Return what an indicator says of the stage of its matter; an empty stage where it says nothing, or two things.

    >>> role_of("矛盾纠纷化解率")
    Role(stage='settled', group='case', sense='resolve', noun='矛盾纠纷')
    >>> role_of("排查化解矛盾纠纷").stage
    ''
    """
    words = _stage_words()
    named: list[dict[str, str]] = []

    def take(match: re.Match[str]) -> str:
        named.append(words[match.group()])
        return ""

    noun = re.sub(r"已|的|各类|率$", "", _stage_pattern().sub(take, indicator))
    pending = [row for row in named if row["stage"] == "pending"]
    decisive = pending or named
    if not decisive or len({(row["stage"], row["group"]) for row in decisive}) > 1:
        return Role("", "", "", noun)
    return Role(decisive[0]["stage"], decisive[0]["group"], decisive[-1]["sense"], noun)


@cache
def _stage_words() -> dict[str, dict[str, str]]:
    return {row["word"]: row for row in read_rows("case_stages", columns=["word", "stage", "group", "sense"])}


@cache
def _stage_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_stage_words(), key=len, reverse=True)))
