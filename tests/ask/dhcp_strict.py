# SPDX-License-Identifier: BSD-2-Clause
"""A DHCP server that answers INFORM as RFC 2131 says, to the client's port and no other: dhcp_strict.py ADDRESS."""
import socket
import sys

SERVER, CLIENT, COOKIE = 67, 68, b"\x63\x82\x53\x63"
own = socket.inet_aton(sys.argv[1])
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], SERVER))
print("ready", flush=True)
while True:
    asked, _ = sock.recvfrom(2048)
    client = asked[12:16]
    options = COOKIE + b"\x35\1\5" + b"\3\4" + own + b"\6\4" + own + b"\xff"
    sock.sendto(b"\2" + asked[1:16] + bytes(12) + asked[28:44] + bytes(192) + options, (socket.inet_ntoa(client), CLIENT))
