"""A gRPC client, as a trainer: many small calls, large messages and a stream over one connection.

usage: grpc_client.py PORT AUTHORITIES NAME
"""

import hashlib
import os
import sys

import grpc

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def main():
    port, authorities, name = sys.argv[1:]
    with open(authorities, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    options = UNLIMITED + [("grpc.ssl_target_name_override", name)]
    with grpc.secure_channel(f"127.0.0.1:{port}", credentials, options) as channel:
        echo = channel.unary_unary("/relay.Test/Echo")
        count = channel.stream_stream("/relay.Test/Count")
        for number in range(100):
            assert echo(f"call {number}".encode(), timeout=20) == f"call {number}".encode()
        print("100 calls")
        model = os.urandom(1 << 20) * 32
        answer = echo(model, timeout=60)
        assert hashlib.sha256(answer).digest() == hashlib.sha256(model).digest()
        print(f"{len(answer)} bytes and back")
        sizes = [int(answer) for answer in count((model[: size << 10] for size in range(1, 201)), timeout=60)]
        assert sizes == [size << 10 for size in range(1, 201)]
        print(f"a stream of {len(sizes)} messages")


main()
