"""What a PromQL query asks for, by a small tokenizer: its metrics, their matchers, and the labels that it groups by.

Prometheus itself judges whether a query is one; here only names are looked for. Two forms that would hide names are
refused: a selector without a metric's name, and `sum(…) by (label)` with the labels behind.
"""

import dataclasses
import re

TOKEN = re.compile(
    r"""\s+|\#[^\n]*
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<number>\d+(?:\.\d+)?(?:ms|[smhdwy])?(?:\d+(?:ms|[smhdwy]))*)
    |(?P<name>[A-Za-z_:][A-Za-z0-9_:]*)
    |(?P<sign>=~|!~|!=|>=|<=|==|[-+*/%^<>=(){}\[\],@])""",
    re.VERBOSE,
)
OPERATORS = {"and", "or", "unless", "bool", "offset", "atan2"}
GROUPINGS = {"by", "without"}
MATCHINGS = {"on", "ignoring", "group_left", "group_right"}


class QueryError(ValueError):
    """Not a query of the kind that is written here."""


@dataclasses.dataclass(frozen=True)
class Selector:
    """A metric's name and its matchers, each (label, operator, value); and where it stands in the query."""

    name: str
    matchers: tuple
    place: int

    def __str__(self):
        return self.name + "{" + ", ".join(f'{label}{sign}"{value}"' for label, sign, value in self.matchers) + "}"


@dataclasses.dataclass
class Query:
    selectors: list
    # Labels that must be there, each with the selectors that must have it.
    demanded: list


def tokens(text):
    found, place = [], 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise QueryError(f"what is {text[place:place + 20]!r}?")
        place = match.end()
        if match.lastgroup:
            found.append((match.lastgroup, match.group()))
    return found


def closing(found, opening):
    """The place of the parenthesis that closes the one at `opening`."""
    depth = 0
    for place in range(opening, len(found)):
        depth += {"(": 1, ")": -1}.get(found[place][1], 0) if found[place][0] == "sign" else 0
        if depth == 0:
            return place
    raise QueryError("a parenthesis is not closed")


def analyse(text):
    """The names in a query; raises QueryError.

    >>> query = analyse('sum by (model) (increase(cost_total{job=~"a|b", model!="c"}[1h] offset 5m)) / on (job) group_left up')
    >>> [str(selector) for selector in query.selectors]
    ['cost_total{job=~"a|b", model!="c"}', 'up{}']
    >>> [(label, [selector.name for selector in selectors]) for label, selectors in query.demanded]
    [('job', ['cost_total', 'up']), ('model', ['cost_total'])]
    >>> analyse('sum({job="a"})')
    Traceback (most recent call last):
    promql.QueryError: a selector has no metric's name
    """
    found = tokens(text) + [("end", "")] * 2
    selectors, groups, matchings, place = [], [], [], 0
    while place < len(found):
        kind, word = found[place]
        following = found[place + 1][1] if place + 1 < len(found) else ""
        if kind == "sign" and word == "{":
            raise QueryError("a selector has no metric's name")
        if kind != "name" or word in OPERATORS:
            place += 1
        elif word in GROUPINGS | MATCHINGS:
            end = closing(found, place + 1) if following == "(" else place
            labels = [each for kind, each in found[place + 1 : end] if kind == "name"]
            if word in GROUPINGS:
                if found[end + 1][1] != "(":
                    raise QueryError(f"`{word} (…)` must stand before what it groups")
                groups.append((labels, end + 1, closing(found, end + 1)))
            else:
                matchings.append(labels)
            place = end + 1
        elif following == "(" or following in GROUPINGS:
            place += 1
        else:
            start = place
            matchers, place = read_matchers(found, place + 1)
            selectors.append(Selector(word, matchers, start))
    demanded = [(label, selectors) for labels in matchings for label in labels]
    for labels, start, end in groups:
        inside = [each for each in selectors if start < each.place < end]
        demanded += [(label, inside) for label in labels]
    return Query(selectors, demanded)


def read_matchers(found, place):
    if found[place][1] != "{":
        return (), place
    matchers, place = [], place + 1
    while found[place][1] != "}":
        if found[place][1] == ",":
            place += 1
            continue
        (kind, label), (_, sign), (quoted, value) = found[place : place + 3]
        if kind != "name" or quoted != "string":
            raise QueryError(f"a matcher is not understood near {label!r}")
        matchers.append((label, sign, re.sub(r"\\(.)", r"\1", value[1:-1])))
        place += 3
    return tuple(matchers), place + 1
