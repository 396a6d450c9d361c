"""A gRPC server over TLS, as an aggregator behind its ingress: prints its port and serves until it is killed.

usage: grpc_server.py CERTIFICATE KEY
"""

import sys
from concurrent import futures

import grpc

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def echo(request, context):
    return request


def count(requests, context):
    """Answers each message of a stream with its length."""
    for request in requests:
        yield str(len(request)).encode()


def main():
    with open(sys.argv[1], "rb") as certificate, open(sys.argv[2], "rb") as key:
        credentials = grpc.ssl_server_credentials([(key.read(), certificate.read())])
    server = grpc.server(futures.ThreadPoolExecutor(8), options=UNLIMITED)
    # Without serializers, messages are bytes.
    server.add_generic_rpc_handlers(
        [
            grpc.method_handlers_generic_handler(
                "relay.Test",
                {
                    "Echo": grpc.unary_unary_rpc_method_handler(echo),
                    "Count": grpc.stream_stream_rpc_method_handler(count),
                },
            )
        ]
    )
    port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    print(port, flush=True)
    server.wait_for_termination()


main()
