"""Threads: the number is settable, results do not depend on it, and Python's threads may share the engine."""

import concurrent.futures
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import tinytensor as tt

HERE = os.path.dirname(__file__)  # not where a source tree would be imported instead of what is installed


@pytest.fixture(autouse=True)
def same_number_afterwards():  # type: ignore[no-untyped-def]
    before = tt.get_num_threads()
    yield
    tt.set_num_threads(before)


def test_number_of_threads_is_settable() -> None:
    tt.set_num_threads(1)
    assert tt.get_num_threads() == 1
    tt.set_num_threads(2)
    assert tt.get_num_threads() == 2
    for bad in (0, -1):
        with pytest.raises((RuntimeError, ValueError), match=r"positive|threads"):
            tt.set_num_threads(bad)
    with pytest.raises((TypeError, RuntimeError)):
        tt.set_num_threads("2")  # type: ignore[arg-type]


def test_environment_and_affinity_decide_the_default() -> None:
    show = "import tinytensor; print(tinytensor.get_num_threads())"

    def threads(**env: str) -> int:
        clean = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"}
        done = subprocess.run(
            [sys.executable, "-c", show],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={**clean, **env},
            cwd=HERE,
        )
        return int(done.stdout)

    assert threads(OMP_NUM_THREADS="1") == 1
    assert threads(OMP_NUM_THREADS="3") == 3
    topology = [
        Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list") for cpu in os.sched_getaffinity(0)
    ]
    cores = len(
        {file.read_text() if file.exists() else str(file) for file in topology}
    )  # hyperthreads share a file's text
    quota = Path("/sys/fs/cgroup/cpu.max")
    assert 1 <= threads() <= cores
    if not quota.exists() or quota.read_text().startswith("max"):
        assert threads() == cores


def test_results_stay_while_the_cores_are_looked_at() -> None:
    x = tt.ones(2_000_000)
    tt.set_num_threads(1)
    alone = (x * 2 + 1).sum().item()
    for threads in (2, 5):
        tt.set_num_threads(threads)
        start = time.perf_counter()
        while time.perf_counter() - start < 0.2:  # several looks at the cores, whatever they find
            assert (x * 2 + 1).sum().item() == alone == 6_000_000


@pytest.mark.parametrize("make", [lambda x: x.tanh(), lambda x: x.sum(), lambda x: x @ x.T, lambda x: x.softmax(1)])
def test_results_do_not_depend_on_the_number(make) -> None:  # type: ignore[no-untyped-def]
    x = tt.tensor(np.random.default_rng(0).standard_normal((700, 900)).astype("float32"))
    tt.set_num_threads(1)
    one = make(x).numpy().copy()
    for n in (2, 3, 7):
        tt.set_num_threads(n)
        assert one.tobytes() == make(x).numpy().tobytes()


def test_python_threads_share_the_engine() -> None:
    w = tt.tensor(np.random.default_rng(1).standard_normal((60, 60))).requires_grad_()

    def work(seed: int) -> float:
        x = tt.tensor(np.random.default_rng(seed).standard_normal((40, 60)))
        for _ in range(30):
            (g,) = tt.autograd.grad((x @ w).tanh().pow(2).sum(), w)
        return g.sum().item()

    alone = [work(i) for i in range(8)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == alone


def test_grad_mode_belongs_to_the_thread() -> None:
    with tt.no_grad(), concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert pool.submit(tt.is_grad_enabled).result()
        assert not tt.is_grad_enabled()


def test_forked_children_compute() -> None:
    code = (
        "import os, tinytensor as tt\n"
        "x = tt.ones(1000, 1000); x.tanh().sum()\n"
        "pid = os.fork()\n"
        "if pid == 0: os._exit(0 if abs((x * 2).sum().item() - 2e6) < 1 else 1)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, env=env, cwd=HERE
    )
    assert done.stdout.strip() == "0"
