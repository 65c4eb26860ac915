"""Byte strings over a socket, each with its length before it."""

import socket
import struct

SOCKET = "GOLDSPIKE_BENCH_SOCKET"
"""Environment variable that tells a bench where to connect."""
LENGTH = struct.Struct("<Q")


def send(peer: socket.socket, message: bytes | bytearray) -> None:
    """Send one."""
    peer.sendall(LENGTH.pack(len(message)))
    peer.sendall(message)


def receive(peer: socket.socket) -> bytes:
    """Wait for one.

    Raises
    ------
    EOFError
        If the peer has ended.
    """
    (length,) = LENGTH.unpack(_exactly(peer, LENGTH.size))
    return _exactly(peer, length)


def _exactly(peer: socket.socket, n_bytes: int) -> bytes:
    got = bytearray()
    while len(got) < n_bytes:
        part = peer.recv(min(1 << 20, n_bytes - len(got)))
        if not part:
            raise EOFError("the peer has ended")
        got += part
    return bytes(got)
