# SPDX-License-Identifier: BSD-2-Clause
"""What is concluded of the lab's hosts, against what runs there."""
import json
import subprocess

from lab import BUILD, CLIENT

SURE = ("medium", "high", "certain")
# What may be said of any of these hosts as a device: they are Linux, Debian, and no vendor's.
TRUE_OF_ALL = {"kind": {"server", "vm", "container-host"}, "os": {"linux", "debian", "debian linux", "debian gnu/linux", "unix"}}


def conclude(*files):
    """What the collector concludes from these files of facts: {ip: host}."""
    facts = b"".join(open(path, "rb").read() for path in files)
    said = subprocess.run([BUILD / "netvisor-collector", "explain", "--format", "json"], input=facts, capture_output=True, check=True)
    hosts = [json.loads(line) for line in said.stdout.splitlines()]
    return {ip: host for host in hosts for ip in host.get("ips", [])}


def names_at(host, port):
    """The conclusions that name a port, of TCP and of UDP: [(definition, certainty)]."""
    return [(service["definition"], service["certainty"]) for service in host.get("services", []) for at in service["ports"]
            if at["port"] == port and at["best"] and service["certainty"] in SURE]


def identified(host, about):
    """Whether what is said of the host's port is what runs there."""
    return any(definition in host.recipe["tells"] for definition, _ in names_at(about, host.port))


def wrong(host, about):
    """What is said of a host without being true, in words. host: None for the client, which serves nothing."""
    found = []
    true = set() if host is None else set(host.recipe["tells"]) | set(host.recipe.get("may", ()))
    for service in about.get("services", []):
        if service["certainty"] in SURE and service["definition"] not in true:
            ports = ",".join(f"{at['port']}/{at['proto']}" for at in service["ports"])
            found.append(f"{service['definition']} ({service['certainty']}) at {ports or 'the host'}")
    for what, claim in about.get("device", {}).items():
        if claim["certainty"] in SURE and what in ("kind", "vendor", "model", "os"):
            allowed = TRUE_OF_ALL.get(what, set()) | set((host.recipe if host else {}).get("device", ()))
            if claim["value"].lower() not in allowed:
                found.append(f"{what} {claim['value']} ({claim['certainty']})")
    return found


def judge(hosts, passive, active):
    """A row a daemon, and everything that is said and is not so."""
    heard, both = conclude(passive), conclude(passive, active)
    asked = conclude(active)
    rows, false = {}, []
    for host in hosts:
        row = rows.setdefault(host.daemon, {})
        place = "odd" if host.odd else "usual"
        row[place] = identified(host, both.get(host.ip, {}))
        row[f"{place} heard"] = identified(host, heard.get(host.ip, {})) if host.talked else None
        row[f"{place} said"] = (names_at(both.get(host.ip, {}), host.port), names_at(heard.get(host.ip, {}), host.port))
        row["guess"] = host.recipe.get("guess", False)
        for how, about in (("heard", heard), ("asked", asked), ("both", both)):
            false += [f"{host.daemon} at {host.where}, {how}: {what}" for what in wrong(host, about.get(host.ip, {}))]
    for how, about in (("heard", heard), ("both", both)):
        false += [f"the client, {how}: {what}" for what in wrong(None, about.get(CLIENT, {}))]
    return rows, false


def table(rows):
    """As docs/accuracy.md has it."""
    mark = {True: "yes", False: "**no**", None: ""}
    lines = ["| daemon | usual port | odd port | heard only |", "| --- | --- | --- | --- |"]
    for name, row in sorted(rows.items()):
        heard = [row.get(f"{place} heard") for place in ("usual", "odd") if row.get(f"{place} heard") is not None]
        said = "" if not heard else "yes" if all(heard) else "**no**" if not any(heard) else "one of two"
        usual = "a guess" if row["guess"] else mark[row.get("usual")]
        lines.append(f"| {name} | {usual} | {mark[row.get('odd')]} | {said} |")
    return "\n".join(lines)
