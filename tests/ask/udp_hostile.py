# SPDX-License-Identifier: BSD-2-Clause
"""Servers that answer by UDP what nobody should believe: udp_hostile.py ADDRESS OTHER PORT… By turns a port sends back what it got, floods with noise,
sends one datagram as long as they get, or one that begins as an answer does and goes on as noise; TFTP
is answered from the other address."""
import random
import selectors
import socket
import sys

FLOOD = 3000


def mirror(sock, data, peer, noise):
    sock.sendto(data, peer)


def flood(sock, data, peer, noise):
    for _ in range(FLOOD):
        sock.sendto(noise.randbytes(noise.randrange(1, 600)), peer)


def giant(sock, data, peer, noise):
    sock.sendto(data + noise.randbytes(65000 - len(data)), peer)


def liar(sock, data, peer, noise):
    for keep in range(2, min(len(data) - 5, 60)):  # never the whole question: that would be an answer
        sock.sendto(data[:keep] + noise.randbytes(200), peer)
        sock.sendto(bytes([data[0] | 0x80]) + data[1:2] + b"\x84\x00" + data[4:keep] + noise.randbytes(200), peer)


def stranger(sock, data, peer, noise):
    """What would be a perfect answer of TFTP, from an address that was not asked."""
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.bind((sys.argv[2], 0))
    other.sendto(b"\0\5\0\1File not found\0", peer)
    other.close()


def main():
    noise = random.Random(5)
    selector = selectors.DefaultSelector()
    for i, port in enumerate(sys.argv[3:]):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((sys.argv[1], int(port)))
        selector.register(sock, selectors.EVENT_READ, stranger if port == "69" else (mirror, flood, giant, liar)[i % 4])
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            data, peer = key.fileobj.recvfrom(65536)
            try:
                key.data(key.fileobj, data, peer, noise)
            except OSError:
                pass


main()
