"""`python -m benchmarks [NAME [ARGUMENTS]]`: list the benchmarks, or run one."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path


def main() -> int:
    """List the modules of this package that can be run, each with its first line, or run the named one."""
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    runnable = {}
    for name in names:
        module = importlib.import_module(f"benchmarks.{name}") if name != "__main__" else None
        if module is not None and hasattr(module, "main"):
            runnable[name] = (module.__doc__ or "").strip().splitlines()[0]
    if len(sys.argv) < 2:
        for name, line in runnable.items():
            print(f"python -m benchmarks {name:12s} {line}")
        return 0
    name = sys.argv.pop(1)
    if name not in runnable:
        print(f"no benchmark '{name}'; there are {', '.join(runnable)}", file=sys.stderr)
        return 2
    sys.argv[0] = f"benchmarks.{name}"
    return importlib.import_module(f"benchmarks.{name}").main() or 0


if __name__ == "__main__":
    sys.exit(main())
