"""Ports of this machine for the networks and servers of tests."""
import random
import socket

# Below the range from which Linux takes the ports of outgoing connections: nobody's connection is in the way at a restart.
FIRST_PORT, LAST_PORT = 12_000, 32_000
# `network up --port P` listens at P + i, and above that for peers and engines; 300 apart, networks never meet.
NETWORK_PORTS = 300
KINDS_OF_PORTS = (0, 100, 200)


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_base(numbers):
    """A port for `network up` where nobody holds the ports of the nodes with these numbers now."""
    for base in random.sample(range(FIRST_PORT, LAST_PORT, NETWORK_PORTS), 20):
        if all(is_free(base + kind + number) for kind in KINDS_OF_PORTS for number in numbers):
            return base
    raise RuntimeError("no free ports for a network on this machine")
