"""The fake grader as a process of its own, to be killed: `fake_grader.py PORT TELL_AT`.

It serves on PORT (0: a free one, and says which), gives every sample full marks, and says when it has graded TELL_AT.
"""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from gradewire.v1 import grader_pb2, grader_pb2_grpc
from gradewire_protos import LimitValues, server_options


class Grader(grader_pb2_grpc.GraderServiceServicer):
    def __init__(self, tell_at: int) -> None:
        self.tell_at, self.graded = tell_at, 0

    def Grade(  # noqa: N802 -- the wire's name
        self, request: grader_pb2.GradeRequest, context: Any
    ) -> Iterator[grader_pb2.GradeResponse]:
        for group in request.groups:
            for sample in group.samples:
                time.sleep(0.002)  # its work, so that a kill meets it at work
                result = grader_pb2.Result(sample_id=sample.sample_id)
                result.grade.score, result.grade.outcome = 1.0, grader_pb2.OUTCOME_PASSED
                yield grader_pb2.GradeResponse(results=[result])
                self.graded += 1
                if self.graded == self.tell_at:
                    print("told", flush=True)

    def DescribeGraders(  # noqa: N802 -- the wire's name
        self, request: grader_pb2.DescribeGradersRequest, context: Any
    ) -> grader_pb2.DescribeGradersResponse:
        described = grader_pb2.GraderDescription(name="answer", scope=grader_pb2.SCOPE_SAMPLE, version="1")
        return grader_pb2.DescribeGradersResponse(graders=[described], limits=LimitValues().message(), service="fake")


def main() -> None:
    server = grpc.server(ThreadPoolExecutor(8), options=server_options())
    grader_pb2_grpc.add_GraderServiceServicer_to_server(Grader(int(sys.argv[2])), server)
    print(server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}"), flush=True)
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
