#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Who is there: with the first frame, until its own protocols say no more; what sensors say of that is stored the short way and the long one."""
from netvisor import *

c = Collector()
MAC = "00:1b:21:00:00:0%d"


def host(n, first, last, until=None, packets=1):
    more = {} if until is None else {"until": int(until)}
    return fact("host", source="ip", mac=MAC % n, ip=f"10.0.0.{n}", packets=packets, bytes=64 * packets, packets_in=0, bytes_in=0, first=first, last=last, count=packets, **more)


def there(n):
    status, answer = c.request("GET", f"/api/hosts/{hosts[n]}/presence")
    assert status == 200, answer
    return answer["data"]


def until_of(n):
    value = c.sql(f"SELECT seconds(present_until) FROM host WHERE id = '{hosts[n]}'")[0][0]
    return float(value) if value else None


try:
    c.start()
    c.sign_up()
    s = c.sensor()
    now = int(time.time())
    s.say(1, host(1, now - 7200, now - 1800, now + 600, 900), host(2, now - 7200, now - 240, now - 60, 900), host(3, now - 7200, now - 600, now - 600, 900), host(4, now - 7200, now - 600), host(5, now - 7200, now - 1000),
          host(6, now, now, now + 900))
    hosts = {int(i["ip_address"].rsplit(".")[-1]): i["host_id"] for i in c.request("GET", "/api/interfaces")[1]["data"]}
    equal([there(n)["present"] for n in range(1, 7)], [True, False, False, True, False, True],
          "one that sleeps, one whose word is void, one that left, two of which nothing is said (one a quarter of an hour ago), and one with its first frame")
    live = c.browser(network=s.welcome["network_id"])
    equal([live.rows["host"][hosts[n]]["present_until"] for n in (1, 4)], [now + 600, None], "the feed tells until when")
    # Again: what is settled goes the short way.
    s.say(2, host(1, now - 7200, now - 1700, now + 650, 901), host(4, now - 7200, now - 500, packets=901))
    s.say(3, host(1, now - 7200, now - 1600, now + 700, 902))
    equal(until_of(1), now + 700, "the latest word holds")
    ok(live.follow(lambda: live.rows["host"][hosts[1]]["present_until"] == now + 700), "and is told as what moves")
    equal(there(1)["intervals"][-1]["until"], None, "half an hour of silence was none: its stay goes on")
    s.say(4, host(2, now - 7200, now - 10, now + 300, 901), host(3, now - 7200, now - 5, now + 900, 901))
    equal([(there(n)["present"], len(there(n)["intervals"])) for n in (2, 3)], [(True, 2), (True, 2)], "who was gone by its own word is back: another stay, after three minutes too")
    s.say(5, fact("address", mac=MAC % 2, ip="10.0.0.2", first=now - 7200, last=now + 400, count=5))
    equal(until_of(2), None, "heard later than was believed, without a word: the usual gap holds")
    s.say(6, host(6, now, now + 1, 9007199254740991, 2), host(5, now - 7200, now - 20, 9007199254740991, 901))
    equal([until_of(n) for n in (5, 6)], [now - 20 + 86400, now + 1 + 86400], "no word holds for longer than a day, the short way and the long one")
    # Who is gone, and who is at home.
    c.sql(f"UPDATE host SET present_since = now() - interval '1 day'; UPDATE host SET last_seen = now() - interval '2 hours', present_until = now() + interval '10 minutes' WHERE id = '{hosts[1]}'; "
          f"UPDATE host SET last_seen = now() - interval '2 hours', present_until = now() - interval '1 hour' WHERE id = '{hosts[3]}'; UPDATE sensor SET created_at = now() - interval '2 days'")
    gone = c.sql("SELECT f.host_id FROM alert_rule r, alert_find_device_gone(r) f WHERE r.kind = 'device_gone'")
    equal(gone, [[hosts[3]]], "a device that is believed to be there is not gone")
finally:
    c.remove()
end()
