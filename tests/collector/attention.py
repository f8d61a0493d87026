#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What people should look at: an address or a MAC that several claim, with the hosts that do."""
from netvisor import *

c = Collector()


def attention(**query):
    status, answer = c.request("GET", "/api/attention?" + "&".join(f"{k}={v}" for k, v in query.items()))
    assert status == 200, answer
    return answer["data"]


try:
    c.start()
    c.sign_up()
    s = c.sensor()
    now = time.time()
    equal(attention(), {"total": 0, "items": []}, "there is nothing to look at")
    one, two, three = ("00:1b:21:00:00:01", "00:1b:21:00:00:02", "00:1b:21:00:00:03")
    s.say(1, fact("address", mac=one, ip="10.0.0.1", first=now, last=now), fact("address", mac=two, ip="10.0.0.2", first=now), fact("name", source="dhcp", mac=one, name="printer", kind="hostname", first=now),
          fact("conflict", source="arp", confidence="measured", ip="10.0.0.1", claims=[one, two, three], first=now - 10, last=now, count=4),
          fact("conflict", source="nd", mac=two, claims=["10.0.0.2", "fe80::2"], first=now - 20, last=now - 5),
          fact("conflict", ip="10.0.0.9", claims=[one], first=now - 9 * 86400, last=now - 8 * 86400))
    seen = attention()
    equal(seen["total"], 2, "two conflicts of these days")
    item = seen["items"][0]
    equal((item["ip"], item["mac"], item["claims"], item["count"], item["kind"], item["sensor_id"]), ("10.0.0.1", None, [one, two, three], 4, "conflict", s.welcome["sensor_id"]), "the latest first")
    ids = {r["mac_address"]: r["host_id"] for r in c.request("GET", "/api/interfaces")[1]["data"]}
    equal({h["id"]: h["name"] for h in item["hosts"]}, {ids[one]: "printer", ids[two]: "10.0.0.2"}, "with the hosts that claim the address, as far as they are known")
    equal([h["id"] for h in seen["items"][1]["hosts"]], [ids[two]], "or have the MAC's addresses")
    equal([i["what"] for i in seen["items"]], ["address", "address"], "of old sensors a conflict is about an address")
    first, second, third = item["claimants"]
    equal((first["claim"], first["host_id"], first["name"], first["holds"], round(first["first_seen"])), (one, ids[one], "printer", True, round(now)), "who claims it, and since when it was seen to hold it")
    equal((second["claim"], second["name"], second["holds"]), (two, "10.0.0.2", False), "one who was never seen to hold it")
    equal({k: third[k] for k in ("claim", "host_id", "name", "first_seen")}, {"claim": three, "host_id": None, "name": None, "first_seen": None}, "one who is not known at all")
    equal((attention(days=30)["total"], attention(limit=1)["total"], len(attention(limit=1)["items"]), len(attention(offset=2)["items"])), (3, 2, 1, 0), "older ones when they are asked for, page by page")
    equal(attention(network_id="00000000-0000-4000-8000-00000000000c")["total"], 0, "of another network there are none")
    equal(c.request("GET", "/api/attention?days=0")[0], 400, "no days are none")
    equal(c.request("GET", "/api/attention", headers={"Cookie": ""})[0], 401, "strangers have nothing to look at")
finally:
    c.remove()
end()
