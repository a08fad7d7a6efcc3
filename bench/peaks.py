"""What the machine can do, measured: float32 multiply-adds of one core, and its memory's bandwidth.

A little C++ is compiled for the processor at hand. Without a compiler the shares of peak are left out.
"""

import ctypes
import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PROBE = r"""
#include <chrono>
#include <immintrin.h>
typedef float V __attribute__((vector_size(VEC)));
static double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
static V fma(V a, V b, V c) {
#if VEC == 64
  return (V)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#else
  return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#endif
}
extern "C" double flops() {  // 12 independent chains of multiply-adds in registers
  V s[12], a = V{} + 0.999f, b = V{} + 0.001f;
#pragma GCC unroll 12
  for (int k = 0; k < 12; ++k) {
    s[k] = V{};
    asm volatile("" : "+v"(s[k]));  // lest equal chains become one
  }
  const long n = 200000;
  const double start = now();
  for (long i = 0; i < n; ++i) {
#pragma GCC unroll 12
    for (int k = 0; k < 12; ++k) s[k] = fma(s[k], a, b);
  }
  const double seconds = now() - start;
  V all = {};
#pragma GCC unroll 12
  for (int k = 0; k < 12; ++k) all += s[k];
  volatile float keep = all[0];
  return 2.0 * 12 * (VEC / 4) * n / seconds;
}
extern "C" double add(const float* x, const float* y, float* z, long n) {  // bytes a second of z = x + y, past the caches
  const double start = now();
  for (long i = 0; i < n; i += VEC / 4) {
    const V v = *(const V*)(x + i) + *(const V*)(y + i);
#if VEC == 64
    _mm512_stream_ps(z + i, (__m512)v);
#else
    _mm256_stream_ps(z + i, (__m256)v);
#endif
  }
  _mm_sfence();
  return 12.0 * n / (now() - start);
}
extern "C" double sum(const float* x, long n) {  // bytes a second that are read
  V s[8] = {};  // from different elements
  const double start = now();
  for (long i = 0; i < n; i += 2 * VEC)
#pragma GCC unroll 8
    for (int k = 0; k < 8; ++k) s[k] += *(const V*)(x + i + k * (VEC / 4));
  const double seconds = now() - start;
  V all = {};
#pragma GCC unroll 8
  for (int k = 0; k < 8; ++k) all += s[k];
  volatile float keep = all[0];
  return 4.0 * n / seconds;
}
"""


@functools.cache
def measured() -> dict[str, float]:
    """Peaks by name: "flop/s", "add bytes/s", "sum bytes/s"; the best of some runs. Empty without a compiler."""
    import numpy as np

    compiler = shutil.which(os.environ.get("CXX", "c++"))
    cpuinfo = Path("/proc/cpuinfo")
    if not compiler or not cpuinfo.exists() or "avx2" not in (words := cpuinfo.read_text()):
        return {}
    flags = ["-march=x86-64-v4", "-DVEC=64"] if "avx512vl" in words else ["-march=x86-64-v3", "-DVEC=32"]
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / "probe.cpp", Path(folder) / "probe.so"
        source.write_text(PROBE)
        subprocess.run([compiler, "-O2", "-w", *flags, "-shared", "-fPIC", "-o", library, source], check=True)
        probe = ctypes.CDLL(str(library))
    for function in (probe.flops, probe.add, probe.sum):
        function.restype = ctypes.c_double
    n = 10**7 // 128 * 128  # as long as the vectors of operations.py
    x, y, z = (np.ones(n + 16, np.float32) for _ in range(3))
    at = [ctypes.c_void_p(a.ctypes.data + -a.ctypes.data % 64) for a in (x, y, z)]
    size = ctypes.c_long(n)
    return {
        "flop/s": max(probe.flops() for _ in range(60)),
        "add bytes/s": max(probe.add(*at, size) for _ in range(40)),
        "sum bytes/s": max(probe.sum(at[0], size) for _ in range(40)),
    }
