"""Speed, side by side in one run: `python -m benchmarks` compares adcourse with its peers.

Every workload is timed as a multiple of the derivative that a person writes by hand in NumPy.
All providers get one thread, which must be said before NumPy is imported: here.
"""

import os

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}
os.environ.update(ONE_THREAD)
