// SPDX-License-Identifier: BSD-2-Clause
// Commands that start a sensor which reports to the collector that this page came from. Pure.

export interface From {
  protocol: string;
  host: string;
  hostname: string;
}

export type Way = 'systemd' | 'plain' | 'podman';

const KEY_FILE = '/etc/netvisor-sensor.key';
const LIBRARIES = 'libbpf1 libxdp1 libpcap0.8 libsqlite3-0 libwebsockets17 libjson-c5 libcap-ng0 libssl3';

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function words(from: From, port: string, keyFile: string): string {
  const target = `${from.protocol === 'https:' ? 'wss' : 'ws'}://${from.host}`;
  const loopback = from.hostname === 'localhost' || from.hostname === '[::1]' || from.hostname.startsWith('127.');
  const plain = from.protocol === 'https:' || loopback ? '' : ' --allow-plain';
  return `--interface ${port} --server-target ${target} --api-key-file ${keyFile}${plain}`;
}

export const startCommand = (from: From) => `netvisor-sensor ${words(from, 'IF', 'FILE')}`;

// The key goes into a file that only root can read: a command line can be read by every user of a machine.
const keepKey = (key: string) => `sudo install -m 600 /dev/stdin ${KEY_FILE} <<'END'\n${key}\nEND`;

// systemd reads % and quotes in a command in its own way.
const unitName = (name: string) => `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

export function commands(from: From, key: string, name: string): Record<Way, string> {
  const options = words(from, 'eth0', KEY_FILE);
  return {
    plain: `${keepKey(key)}\nsudo netvisor-sensor ${options} --name ${quoted(name)}`,
    systemd: `${keepKey(key)}
sudo tee /etc/systemd/system/netvisor-sensor.service >/dev/null <<'END'
[Unit]
Description=NetVisor sensor
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/local/bin/netvisor-sensor ${options} --name ${unitName(name)}
StateDirectory=netvisor-sensor
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
END
sudo systemctl daemon-reload
sudo systemctl enable --now netvisor-sensor`,
    podman: `${keepKey(key)}
sudo podman build --tag netvisor-sensor --file - . <<'END'
FROM docker.io/library/debian:12
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates ${LIBRARIES}
COPY netvisor-sensor /usr/local/bin/
ENTRYPOINT ["/usr/local/bin/netvisor-sensor"]
END
sudo podman run --detach --name netvisor-sensor --restart always --network host \\
  --cap-add NET_ADMIN,NET_RAW,BPF,PERFMON \\
  --volume ${KEY_FILE}:${KEY_FILE}:ro --volume netvisor-sensor:/var/lib/netvisor-sensor \\
  netvisor-sensor ${options} --name ${quoted(name)}`,
  };
}
