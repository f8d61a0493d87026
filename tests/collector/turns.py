#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""People change what facts are just being written of: each takes the network's row first, so nobody waits for ever."""
import threading

from netvisor import *

HOSTS, SECONDS = 40, 4.0


def facts(round):
    return [fact("host", first=1000.0, last=1000.0 + round, source="arp", mac=f"00:1b:21:00:00:{i:02x}", ip=f"10.0.0.{i + 1}", packets=round, bytes=round * 100,
                 packets_in=1, bytes_in=1) for i in range(HOSTS)]


def talk(sensor, said):
    try:
        while time.monotonic() < stop:
            sensor.say(said[0] + 1, *facts(said[0] + 1))
            said[0] += 1
    except (AssertionError, Closed, TimeoutError) as error:
        said.append(error)


def change(each, answers):
    while time.monotonic() < stop:
        answers.append(each(len(answers)))


def give_and_remove(i):
    """A tag is given to a host, then it goes; when none is left, nothing."""
    tag = tags[min(1 + i // 2, len(tags) - 1)]
    if i // 2 >= len(tags) - 1:
        return c.request("GET", "/api/tags?limit=1")
    if i % 2:
        return c.request("DELETE", f"/api/tags/{tag}")
    return c.request("PUT", "/api/tags/assign", {"entity_type": "Host", "entity_id": hosts[i % HOSTS], "tag_ids": [tag]})


c = Collector()
try:
    c.start()
    c.sign_up()
    sensor = c.sensor()
    sensor.say(1, *facts(1))
    hosts = [h["id"] for h in c.request("GET", "/api/hosts?limit=0")[1]["data"]]
    tags = [c.request("POST", "/api/tags", {"name": f"tag {i}"})[1]["data"]["id"] for i in range(60)]
    equal(len(hosts), HOSTS, "hosts are there")
    changes = {
        "edits of hosts": lambda i: c.request("PUT", f"/api/hosts/{hosts[i * 7 % HOSTS]}", {"description": f"{i}"}),
        "tags on all of them": lambda i: c.request("POST", "/api/tags/assign/bulk-" + ("add" if i % 2 else "remove"),
                                                   {"entity_type": "Host", "entity_ids": hosts, "tag_id": tags[0]}),
        "tags that go": give_and_remove,
        "a host that goes": lambda i: c.request("DELETE", f"/api/hosts/{hosts[-1]}") if not i else c.request("GET", "/api/hosts?limit=1"),
    }
    stop = time.monotonic() + SECONDS
    said, answers = [1], {what: [] for what in changes}
    threads = [threading.Thread(target=talk, args=(sensor, said))]
    threads += [threading.Thread(target=change, args=(each, answers[what])) for what, each in changes.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for what, got in answers.items():
        refused = [answer for status, answer in got if status not in (200, 404)]
        ok(got and not refused, f"while facts are written, {what}: {len(got)}")
        for answer in refused[:3]:
            print("#", answer)
    ok(len(said) == 1 and said[0] > 5, f"and no batch is refused: {said[0]}, {said[1:]}")
    ok("deadlock" not in c.logged(), "none waited for one that waited for it")
finally:
    c.remove()
end()
