"""What kind of name a name is: by the tables, else by its shape; names of models of a campaign by default."""

from __future__ import annotations

import re
from functools import cache

from .mention import DAY, Mention
from .mentions import ENUMERATION, SLOGAN
from .words import CAMPAIGN_MODEL, alternatives, known_kinds

_BY_SHAPE = {DAY.rule: "event_name", ENUMERATION: "enumeration", SLOGAN: "slogan"}


def kind_of(text: str, mention: Mention) -> str:
    """Return the kind of a name that `text` mentions, one of those of the table `models`."""
    kind = known_kinds().get(mention.name) or _BY_SHAPE.get(mention.shape.rule)
    if kind:
        return kind
    national = _national_policy().search(text, max(0, mention.start - _CLAUSE), mention.start)
    return "national_policy" if national else CAMPAIGN_MODEL


_CLAUSE = 40


@cache
def _national_policy() -> re.Pattern[str]:
    """中央提出的“…”: who sets the policy and that it is set, in the clause before the name."""
    return re.compile(
        rf"{alternatives('national_source')}[^,;。:!?\n]{{0,14}}?{alternatives('sets_policy')}[^,;。:!?\n]{{0,14}}$"
    )
