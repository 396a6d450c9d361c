# Copyright the iflearnerctl authors.
# SPDX-License-Identifier: Apache-2.0
"""What the controller of IflearnerJobs takes: memory with a thousand jobs, and the time until a job has its objects."""
import collections
import http.client
import json
import os
import ssl
import statistics
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

JOBS = "/apis/git.iflytek.com/v1/namespaces/default/iflearnerjobs"
CHILDREN = ("/api/v1/namespaces/default/pods", "/api/v1/namespaces/default/services",
            "/apis/networking.k8s.io/v1/namespaces/default/ingresses")


class Server:
    """One connection to an API server, kept open: what is measured is not the handshake."""

    def __init__(self, url, token):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # loopback, and only counts are read
        self.connection = http.client.HTTPSConnection(urlsplit(url).netloc, context=context)
        self.headers = {"Authorization": "Bearer " + token, "Accept": "application/json"}

    def request(self, method, path, body=None, kind="application/json"):
        headers = dict(self.headers, **({"Content-Type": kind} if body else {}))
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def create(self, path, body):
        status, answer = self.request("POST", path, json.dumps(body))
        if status != 201:
            raise SystemExit(f"{path}: {status} {answer.decode()[:300]}")

    def count(self, path):
        return len(json.loads(self.request("GET", path)[1])["items"])


def job(task, role):
    """A job as flow sends it, with a host of its own."""
    name = f"iflearnerjob-{role}-{task:032x}" + ("-federate-1" if role == "client" else "")
    host = f"{task:032x}.server.iflearner.com"
    arguments = ["python", "/app/run.py", "--name=federate-1", "--epochs=20", f"--server={host}:30031",
                 "--cert=/etc/server-iflearner-secret.crt"]
    container = {"name": name, "image": "registry.example.com/iflearner/iflearner:v0.1.0", "args": arguments,
                 "workingDir": "/app", "imagePullPolicy": "IfNotPresent"}
    return {"apiVersion": "git.iflytek.com/v1", "kind": "IflearnerJob", "metadata": {"name": name},
            "spec": {"role": role, "host": host,
                     "template": {"spec": {"restartPolicy": "Never", "containers": [container]}}}}


def memory(process):
    """The resident memory of a process and its peak, in MiB."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
    return [int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")]


def requests(sandbox):
    """What the controller asked for: of the server, and of aggregators."""
    targets = [f"{r['method']} {r['target']}" for r in sandbox.admin("/requests")["requests"]
               if r["userAgent"].startswith("iflearnerctl-operator")]
    asked = [target for target in targets if "/proxy/" in target]
    return [target for target in targets if "/proxy/" not in target], asked


def come_to_rest(sandbox, seconds=300):
    """Waits until it asks the server for nothing for five seconds: the last status and the last event are written."""
    def is_at_rest():
        sandbox.admin("/requests", "DELETE")
        time.sleep(5)
        return len(requests(sandbox)[0]) <= 5
    until("rest", is_at_rest, seconds)


def until(what, is_so, seconds=600):
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise SystemExit(f"never happened: {what}")
        time.sleep(0.5)


def latency(server, task):
    """Milliseconds from the creation of a job to the moment at which all its objects are there."""
    new = job(task, "server")
    start = time.perf_counter()
    server.create(JOBS, new)
    missing = [f"{path}/{new['metadata']['name']}" for path in CHILDREN]
    while missing:
        missing = [path for path in missing if server.request("GET", path)[0] != 200]
    return (time.perf_counter() - start) * 1000


def measure(sandbox, row, jobs=1000, runs=15):
    """Runs the controller on a sandbox without anything else."""
    kubeconfig = Path(sandbox.folder) / "sandbox/kubeconfig"
    server = Server(*sandbox.access())
    for document in sandbox.run("operator", "manifests").stdout.split("\n---\n"):
        if "kind: CustomResourceDefinition" in document:
            path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/iflearnerjobs.git.iflytek.com"
            status, answer = server.request(
                "PATCH", path + "?fieldManager=measure", document, "application/apply-patch+yaml")
            if status not in (200, 201):
                raise SystemExit(f"the definition is refused: {answer.decode()[:300]}")
    until("IflearnerJobs are served", lambda: server.request("GET", JOBS)[0] == 200)
    environment = dict(os.environ, KUBECONFIG=str(kubeconfig), IFLEARNERCTL_STATE_DIR=sandbox.folder)
    environment.pop("IFLEARNERCTL_TIME_SCALE", None)
    process = subprocess.Popen(
        [sandbox.program, "operator", "run", "--health-probe-bind-address=0", "--metrics-bind-address=0"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        times = [latency(server, 1 << 64 | number) for number in range(runs)]
        row(f"from a job to its objects, ms (median of {runs})", f"{statistics.median(times):.1f}", "aim: 100")
        begin = time.monotonic()
        for number in range(jobs - runs):
            server.create(JOBS, job(number, "server" if number % 3 == 0 else "client"))
        until("all pods", lambda: server.count(CHILDREN[0]) == jobs)
        until("all Services", lambda: server.count(CHILDREN[1]) >= jobs)
        row(f"{jobs} jobs at once, s", f"{time.monotonic() - begin:.1f}")
        come_to_rest(sandbox)
        row("  and all events written, s", f"{time.monotonic() - begin:.1f}")
        now, peak = memory(process)
        row(f"memory of the controller with {jobs} jobs, MiB", f"{now:.1f}", "<= 100", now <= 100)
        row("  its peak", f"{peak:.1f}", "<= 100", peak <= 100)
        sandbox.admin("/requests", "DELETE")
        time.sleep(60)
        idle, asked = requests(sandbox)
        row("  its requests in a minute at rest", len(idle), "<= 60", len(idle) <= 60)
        for target, count in collections.Counter(target.split("?")[0] for target in idle).most_common(5):
            row(f"    {target}", count)
        # Aggregators are asked how far they are: four a second at most, however many there are.
        row("  its questions to aggregators besides", len(asked), "<= 240", len(asked) <= 240)
        if process.poll() is not None:
            raise SystemExit("the controller has ended")
    finally:
        process.terminate()
        process.wait(30)
