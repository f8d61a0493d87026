#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Containers of a real Podman, asked by the real sensor at its socket, as the collector shows them: services of the machine with their networks,
addresses, published ports and compose projects. All in a network namespace of its own that has no way out; the image is made here, of busybox."""
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0] + "/collector")
from netvisor import *

missing = [program for program in ("podman", "runc", "busybox") if not shutil.which(program)]
if os.geteuid() != 0 or missing:
    print(f"1..0 # SKIP {'root is' if os.geteuid() != 0 else ' and '.join(missing) + (' are' if len(missing) > 1 else ' is')} needed for containers")
    sys.exit(0)
if "--inside" not in sys.argv:
    # Its own mounts too: what Podman mounts is gone with them.
    os.execvp("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, __file__, "--inside"])

place = tempfile.mkdtemp(prefix="netvisor-podman-")
# A /run of its own too: that is where sockets of engines are looked for, and what Podman writes there is gone with it.
subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
socket_path, user_path = "/run/podman/podman.sock", "/run/user/1000/podman/podman.sock"
for path in ("/run/lock", os.path.dirname(socket_path), os.path.dirname(user_path)):
    os.makedirs(path)
environment = {**os.environ, "CONTAINERS_CONF": f"{place}/containers.conf", "PATH": f"{place}/bin:{os.environ['PATH']}"}
podman = ["podman", "--root", f"{place}/root", "--runroot", f"{place}/run", "--tmpdir", f"{place}/tmp", "--storage-driver", "vfs",
          "--network-config-dir", f"{place}/networks"]
limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]


def call(*words, stdin=None):
    done = subprocess.run([*podman, *words], capture_output=True, env=environment, input=stdin)
    return done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")


def run(name, *words):
    good, said = call("run", "-d", "--name", name, *limits, *words)
    if not good:
        print(f"# podman run {name}: {said}")
    return good


def prepare():
    """The engine's places, and an image of busybox alone. What is missing, or None."""
    for name in ("bin", "tree/bin", "networks"):
        os.makedirs(f"{place}/{name}")
    # No packet is to be let through or sent elsewhere here: the firewall may be one that does nothing.
    for name in ("iptables", "ip6tables"):
        with open(f"{place}/bin/{name}", "w") as file:
            file.write('#!/bin/sh\ncase "$*" in *--version*) echo "iptables v1.8.9 (nf_tables)";; esac\nexit 0\n')
        os.chmod(f"{place}/bin/{name}", 0o755)
    with open(f"{place}/containers.conf", "w") as file:
        file.write('[engine]\nruntime="runc"\ncgroup_manager="cgroupfs"\nevents_logger="file"\n[network]\nnetwork_backend="netavark"\n'
                   '[containers]\nlog_driver="k8s-file"\n')
    shutil.copy(shutil.which("busybox"), f"{place}/tree/bin/busybox")
    os.symlink("busybox", f"{place}/tree/bin/sleep")
    archive = subprocess.run(["tar", "-C", f"{place}/tree", "-c", "."], capture_output=True).stdout
    good, said = call("import", "-q", "--change", 'CMD ["/bin/sleep", "1000"]', "--change", "LABEL org.opencontainers.image.version=7.1", "--change",
                      "LABEL owner=web-team", "-", "localhost/nginx:1.25", stdin=archive)
    if not good:
        return f"podman can't import an image here: {said.strip().splitlines()[-1]}"
    call("import", "-q", "--change", 'CMD ["/bin/sleep", "1000"]', "--change", "EXPOSE 9100", "-", "localhost/agent:2", stdin=archive)
    for words in (["shop_default", "--subnet", "10.89.7.0/24"], ["shop_data", "--subnet", "10.89.8.0/24", "--subnet", "fd00:89:8::/64"]):
        call("network", "create", *words)
    if not run("shop-web-1", "--network", "shop_default:ip=10.89.7.10,mac=02:42:0a:59:07:0a", "-p", "8080:80", "-p", "192.168.7.10:8443:443", "--expose",
               "9000", "--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.service=web", "--label",
               "traefik.http.middlewares.x.basicauth.users=admin:secret1", "-e", "PASSWORD=secret2", "localhost/nginx:1.25", "/bin/sleep", "1000"):
        return "podman can't run a container with a network here (runc, netavark)"
    run("db", "--network", "shop_data:ip=10.89.8.5,ip=fd00:89:8::5", "--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.service=db",
        "localhost/nginx:1.25")
    run("host-agent", "--network", "host", "localhost/agent:2")
    run("done", "--network", "none", "localhost/nginx:1.25", "/bin/busybox", "true")
    return None


for line in ("link set lo up", "link add eth0 type veth peer name far0", "link add eth1 type veth peer name far1", "link set eth1 address 02:00:00:00:01:01",
             "addr add 192.168.7.10/24 dev eth1", *(f"link set {name} up" for name in ("far0", "far1", "eth0", "eth1"))):
    assert subprocess.run(["ip", *line.split()]).returncode == 0, line


def serve(path):
    started = subprocess.Popen([*podman, "system", "service", "--time", "0", f"unix://{path}"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert until(lambda: os.path.exists(path), 10)
    return started


c = sensor = service = other = None
try:
    lacking = prepare()
    if lacking:
        print(f"1..0 # SKIP {lacking}")
        sys.exit(0)
    service = serve(socket_path)
    c = Collector()
    c.start()
    c.sign_up()
    b = c.browser()
    sensor = subprocess.Popen([os.path.join(BUILD, "netvisor-sensor"), "--interface", "eth0", "--engine", "pcap", "--span", "--server-target", f"ws://127.0.0.1:{c.port}", "--api-key-file", c.key_file(), "--data-dir",
                               os.path.join(c.directory, "sensor")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    rows = lambda kind: list(b.rows.get(kind, {}).values())
    sessions = lambda kind: [r for r in rows("session") if r["discovery_type"]["type"] == kind]
    ok(b.follow(lambda: any(r["phase"] == "Complete" for r in sessions("SelfReport")), 20), "the sensor reports itself")
    abilities = rows("sensor")[0]["capabilities"]
    equal(abilities["has_docker_socket"], True, "and that it can ask an engine")
    b.follow(lambda: rows("sensor")[0]["host_id"], 10)
    owner = rows("sensor")[0]["host_id"]

    def discover():
        """Run the discovery of containers; its session."""
        before = {r["id"] for r in sessions("Docker")}
        docker = next(d for d in rows("discovery") if d["discovery_type"]["type"] == "Docker")
        assert c.request("POST", "/api/discovery/start-session", {"discovery_id": docker["id"]})[0] == 200
        new = lambda: [r for r in sessions("Docker") if r["id"] not in before and r["finished_at"]]
        b.follow(new, 20)
        return new()[0]

    session = discover()
    equal((session["phase"], session["error"]), ("Complete", None), "the containers are asked for")
    results = session["results"]
    equal((results["containers"], results["running"], results["gone"], results["left_out"]), (4, 3, 0, 0), "all of them, the one that has ended too")
    ok(results["engines"].startswith("Podman 4.") or results["engines"].startswith("Podman "), f"of this engine: {results['engines']}")
    engine = next(r for r in rows("service") if r["service_definition"] == "podman")
    equal((engine["host_id"], engine["name"], engine["state"]), (owner, "Podman", "open"), "the engine is a service of the machine")

    def containers():
        return {r["virtualization"]["container_name"]: r for r in rows("service") if r["source"] == "docker" and r["virtualization"]}

    of = lambda name: containers()[name]["virtualization"]
    equal(sorted(containers()), ["db", "done", "host-agent", "shop-web-1"], "each container is a service")
    ok(all(r["host_id"] == owner and of(name)["service_id"] == engine["id"] and of(name)["type"] == "Podman" for name, r in containers().items()),
       "of the machine, run by the engine")
    web = containers()["shop-web-1"]
    equal((web["ip"], web["port"], web["proto"], web["state"]), ("10.89.7.10", 80, "tcp", "open"), "it is where the container is")
    equal({key: of("shop-web-1").get(key) for key in ("image", "image_version", "compose_project", "compose_service", "state", "networks", "labels")},
          {"image": "localhost/nginx:1.25", "image_version": "7.1", "compose_project": "shop", "compose_service": "web", "state": "running",
           "networks": ["shop_default"], "labels": {"owner": "web-team"}}, "with its image, its project and its labels, but for what may be secret")
    equal(sorted((p["port"], p.get("host_port"), p.get("host_ip")) for p in of("shop-web-1")["ports"]),
          [(80, 8080, None), (443, 8443, "192.168.7.10"), (9000, None, None)], "and its ports")
    equal((containers()["done"]["state"], of("done")["state"]), ("closed", "exited"), "one that has ended is closed")
    whole = json.dumps(c.sql("SELECT to_jsonb(s) FROM service s")) + json.dumps(c.sql("SELECT to_jsonb(s) FROM session s"))
    ok("secret1" not in whole and "secret2" not in whole, "no secret of a label or an environment has left the engine")

    faces = {r["ip"]: r for r in rows("interface") if r["ip"]}
    subnets = {r["cidr"]: r for r in rows("subnet")}
    equal((faces["10.89.7.10"]["host_id"], faces["10.89.7.10"]["mac"], faces["10.89.7.10"]["name"]), (owner, "02:42:0a:59:07:0a", "shop_default"),
          "its address is an interface of the machine, with its MAC")
    equal({cidr: (r["name"], r["subnet_type"]) for cidr, r in subnets.items() if "89" in cidr},
          {"10.89.7.0/24": ("shop_default", "DockerBridge"), "10.89.8.0/24": ("shop_data", "DockerBridge"), "fd00:89:8::/64": ("shop_data", "DockerBridge")},
          "the networks that containers are in are subnets")
    equal([faces[ip]["subnet_id"] for ip in ("10.89.7.10", "10.89.8.5", "fd00:89:8::5")],
          [subnets[cidr]["id"] for cidr in ("10.89.7.0/24", "10.89.8.0/24", "fd00:89:8::/64")], "and the addresses are in them")

    def bound(name):
        ports = {r["id"]: r for r in c.request("GET", f"/api/hosts/{owner}")[1]["data"]["ports"]}
        names = {r["id"]: r["ip"] for r in rows("interface")}
        return sorted((ports[r["port_id"]]["number"], names.get(r["interface_id"])) for r in rows("binding") if r["service_id"] == containers()[name]["id"])

    equal(bound("shop-web-1"), [(80, "10.89.7.10"), (443, "10.89.7.10"), (8080, None), (8443, "192.168.7.10"), (9000, "10.89.7.10")],
          "it is bound where it listens, and where it is published: on one address, or on all")
    equal(bound("host-agent"), [(9100, None)], "what uses the machine's own network listens there")

    seq = b.seq
    session = discover()
    again = [r for r in c.sql(f"SELECT entity, op FROM (SELECT entity, CASE WHEN before IS NULL THEN 'insert' WHEN after IS NULL THEN 'delete' ELSE 'update' END"
                              f" AS op FROM change WHERE seq > {seq}) x WHERE op <> 'update' AND entity NOT IN ('session', 'discovery', 'seen')")]
    equal((session["phase"], again), ("Complete", []), "asked again nothing is made twice and nothing goes")

    # Made anew under its name, it is the same service; one that is gone is marked.
    kept = web["id"]
    call("rm", "-f", "-t", "0", "shop-web-1", "db")
    run("shop-web-1", "--network", "shop_default:ip=10.89.7.11", "-p", "8080:80", "localhost/nginx:1.25", "/bin/sleep", "1000")
    session = discover()
    equal((session["phase"], session["results"]["gone"]), ("Complete", 1), "one is gone")
    equal((containers()["db"]["state"], of("db")["state"], of("db")["gone_at"] > 0), ("closed", "gone", True), "and marked so")
    equal((containers()["shop-web-1"]["id"], containers()["shop-web-1"]["ip"], of("shop-web-1")["container_id"] != web["virtualization"]["container_id"]),
          (kept, "10.89.7.11", True), "one that was made anew is the same service, at its new address")
    faces = {r["ip"] for r in rows("interface")}
    ok(not faces & {"10.89.7.10", "10.89.8.5", "fd00:89:8::5"} and "10.89.7.11" in faces, "addresses that are nobody's any more are gone")
    equal(bound("shop-web-1"), sorted([(80, "10.89.7.11"), (8080, None)]), "and so are ports")

    other = serve(user_path)
    session = discover()
    equal((session["phase"], session["results"]["engines"].split(", ")[1].startswith("Podman of user 1000 ")), ("Complete", True), "a user's engine is found beside it")
    other.terminate()
    other.wait(timeout=10)
    os.path.exists(user_path) and os.unlink(user_path)

    service.terminate()
    service.wait(timeout=10)
    session = discover()
    ok(session["phase"] == "Failed" and ("can't be asked" in session["error"] or "No container engine" in session["error"]), f"an engine that is away is said to be: {session['error']}")
    ok(all(r["state"] == "open" for name, r in containers().items() if name in ("shop-web-1", "host-agent")), "and nothing is gone by that")
finally:
    if sensor:
        sensor.terminate()
        said = sensor.communicate(timeout=20)[1].decode()
        if not ok(sensor.returncode == 0, "the sensor ends well"):
            print("# " + said.replace("\n", "\n# "))
    if c:
        c.remove()
    call("rm", "-fa", "-t", "0")
    for each in (service, other):
        if each and each.poll() is None:
            each.kill()
            each.wait()
    # What runc's cgroups were below, when nothing else is.
    subprocess.run(["find", "/sys/fs/cgroup", "-maxdepth", "4", "-depth", "-path", "*/libpod_parent*", "-type", "d", "-exec", "rmdir", "{}", ";"], capture_output=True)
    subprocess.run(["umount", "-R", "-l", f"{place}/root"], capture_output=True)
    shutil.rmtree(place, ignore_errors=True)
end()
