# SPDX-License-Identifier: BSD-2-Clause
"""Facts as sets that can be compared: the roles of keys are read from defs/facts.h, as the sensor itself has them."""
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
# When something was seen, and what depends on how fast it went by.
TIMES = {"first", "last", "count", "rtt_us", "until"}


def roles():
    """{kind: (identity keys, measures)} by their JSON names."""
    text = (ROOT / "defs/facts.h").read_text()
    names = dict(re.findall(r'\bX\((\w+), "(\w+)", (?:MAC|IP|TEXT|NUMBER|BOOL|IPS|TEXTS|CLAIMS)\)', text))
    kinds = dict(re.findall(r'\tX\(([A-Z]+), "([a-z]+)"\)', text.split("FACT_SOURCES(X)")[0]))
    table = {kind: (set(), set()) for kind in kinds.values()}
    for kind, member, role in re.findall(r"X\(([A-Z]+), (\w+), (IDENTITY|VALUE|MEASURE)\)", text):
        if role == "IDENTITY":
            table[kinds[kind]][0].add(names[member])
        if role == "MEASURE":
            table[kinds[kind]][1].add(names[member])
    return table


def final(lines, table):
    """What was said in the end: {identity: values}. Lines of facts, later ones take the place of earlier ones."""
    said = {}
    for line in lines:
        fact = json.loads(line)
        identity, _ = table[fact["fact"]]
        key = json.dumps([fact["fact"], fact["source"], fact["vlan"], {k: fact[k] for k in sorted(identity) if k in fact}])
        said[key] = {k: v for k, v in fact.items() if k not in TIMES and k not in identity and k not in ("fact", "source", "vlan")}
    return said


def differences(one, other):
    """Lines that say how two of them differ."""
    out = []
    for key in sorted(set(one) | set(other)):
        if key not in other:
            out.append(f"- {key} {one[key]}")
        elif key not in one:
            out.append(f"+ {key} {other[key]}")
        elif one[key] != other[key]:
            out.append(f"! {key} {one[key]} | {other[key]}")
    return out
