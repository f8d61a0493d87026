#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""5,000 open ports on 50 addresses of a namespace's loopback, one in ten a tarpit, spoken to until it is clear what they are, with RLIMIT_NOFILE
1024: how long, how much memory, how many recognised. And nmap's version scan, at its fastest, of as many of them as NMAP_HOSTS (5) addresses
have, as the peer. PORTS=100 HOSTS=50 TIMEOUT_MS=10000 ROUNDS=3."""
import json, os, re, resource, shutil, statistics, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
build = os.environ.get('BUILD', os.path.join(here, '../../build'))
ports, hosts = int(os.environ.get('PORTS', 100)), int(os.environ.get('HOSTS', 50))
timeout_ms, rounds = int(os.environ.get('TIMEOUT_MS', 10000)), int(os.environ.get('ROUNDS', 3))
nmap_hosts = int(os.environ.get('NMAP_HOSTS', 5))
first = 21000  # nobody's: what is there must be found out
kinds = ['http', 'ssh', 'https', 'http', 'ftp', 'http', 'https', 'redis', 'ssh']
if os.environ.get('NETVISOR_INSIDE') != str(os.getppid()):
    sys.exit(subprocess.run(['unshare', '-n', sys.executable, os.path.abspath(__file__)],
                            env={**os.environ, 'NETVISOR_INSIDE': str(os.getpid())}).returncode)
subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)


def wanted(port):
    return kinds[(port - first) % 10] if (port - first) % 10 < 9 else None  # None: a tarpit, of which there are three kinds


def limited():
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))


def our_round():
    targets = [f'127.0.1.{host + 1}/{first}-{first + ports - 1}' for host in range(hosts)]
    done = subprocess.run([build + '/tests/ask/ask_run', '-t', str(timeout_ms), *targets], capture_output=True, text=True, preexec_fn=limited)
    lines = done.stdout.splitlines()
    right = wrong = 0
    for line in lines:
        if line.startswith('done '):
            _, _, port, _, *name = line.split()
            if wanted(int(port)):
                right += name == [wanted(int(port))]
                wrong += name != [wanted(int(port))]
    return json.loads(lines[-1]), right, wrong


def nmap_round(work):
    started = time.time()
    done = subprocess.run(['nmap', '-n', '-Pn', '-sV', '-T5', '--max-retries', '1', '--min-parallelism', '100', '--min-hostgroup', '64',
                           '-p', f'{first}-{first + ports - 1}', '-oX', work + '/nmap.xml', f'127.0.1.1-{nmap_hosts}'], capture_output=True,
                          timeout=900)
    seconds = time.time() - started
    text = open(work + '/nmap.xml').read()
    right = 0
    for port, body in re.findall(r'portid="(\d+)">(.*?)</port>', text):
        name = re.search(r'<service name="([^"]+)"([^>]*)', body)
        want = wanted(int(port))
        if name and want and 'method="probed"' in name.group(2):
            right += name.group(1) == {'https': 'http'}.get(want, want) and ('tunnel="ssl"' in name.group(2)) == (want == 'https')
    return seconds, right, done.returncode


with tempfile.TemporaryDirectory() as work:
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', work + '/key', '-out',
                    work + '/cert', '-days', '30', '-subj', '/CN=bench.test'], check=True, capture_output=True)
    services = subprocess.Popen([build + '/tests/bench/services', str(first), str(ports), work + '/cert', work + '/key'], stdout=subprocess.PIPE,
                                text=True)
    try:
        services.stdout.readline()
        honest = sum(wanted(first + port) is not None for port in range(ports)) * hosts
        results = []
        print(f'{ports * hosts} open ports on {hosts} addresses, {ports * hosts - honest} of them tarpits; timeout {timeout_ms} ms, RLIMIT_NOFILE 1024')
        for _ in range(rounds):
            total, right, wrong = our_round()
            results.append(total['seconds'])
            print(f"  netvisor  {total['seconds']:7.2f} s  {total['seconds'] * 1000 / timeout_ms:5.2f} of the timeout  "
                  f"{total['rss_kib'] / 1024:5.1f} MiB  {total['cpu_seconds']:5.2f} s of CPU  {right}/{honest} recognised, {wrong} not")
        ours = statistics.median(results)
        if shutil.which('nmap'):
            seconds, right, status = nmap_round(work)
            share = nmap_hosts / hosts
            print(f'  nmap -sV  {seconds:7.2f} s for {nmap_hosts} of the addresses: {right}/{round(honest * share)} recognised')
            print(f'  ports a second: netvisor {ports * hosts / ours:.0f}, nmap {ports * nmap_hosts / seconds:.0f}; '
                  f'ratio {(ports * hosts / ours) / (ports * nmap_hosts / seconds):.1f}')
    finally:
        services.kill()
        services.wait()
