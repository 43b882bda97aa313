"""A Dask cluster of real processes on loopback: a scheduler and two workers."""

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

DASK = (sys.executable, "-m", "distributed.cli.dask_scheduler")
WORKER = (sys.executable, "-m", "distributed.cli.dask_worker")


class Cluster:
    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = {**os.environ, **environment, "DASK_CONFIG": str(folder)}
        self.processes, self.readers = [], []
        told = self._start(
            (*DASK, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"), r"Scheduler at:\s+(tcp://\S+)"
        )
        self.address = told
        self.workers = [self._worker(), self._worker()]

    def _worker(self):
        options = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        command = (*WORKER, self.address, *options, "--local-directory", str(self.folder))
        self._start(command, r"(Registered to:)")
        return self.processes[-1]

    def _start(self, command, wanted):
        process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder
        )
        self.processes.append(process)
        heard = []
        for line in process.stdout:
            heard.append(line)
            if found := re.search(wanted, line):
                self.readers.append(threading.Thread(target=process.stdout.read))  # so that it never waits for us
                self.readers[-1].start()
                return found.group(1)
        raise RuntimeError("".join(heard))

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.readers.pop().join()
            process.stdout.close()


@contextmanager
def cluster(folder, **environment):
    running = Cluster(folder, environment)
    try:
        yield running
    finally:
        running.stop()
