"""How fast the fits of lifetime value are, beside the libraries of the field; run by hand, not by the tests.

    python -m tests.benchmarks.clv_speed FOLDER [--customers 1000000] [--no-peers]

Draws a base, fits it here, installs ``lifetimes`` and ``pymc-marketing`` into environments of their own in FOLDER
(once) and fits the same base there, everyone with one BLAS thread. Written out: CPU seconds of the BG/NBD and the
Gamma-Gamma fit, memory, log-likelihood at everybody's parameters, ratios.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

PEERS = {
    "lifetimes": ["lifetimes==0.11.3", "pandas<2.2", "numpy<2", "scipy<1.14"],
    "pymc-marketing": ["pymc-marketing==0.19.2"],
}
Result = dict[str, Any]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    return work(), round(time.process_time() - start, 3)


def fit_with_lifetimes(data: dict[str, np.ndarray]) -> Result:
    """Runs in the environment of ``lifetimes``."""
    from lifetimes import BetaGeoFitter, GammaGammaFitter  # noqa: PLC0415

    buyers, seconds = _timed(lambda: BetaGeoFitter().fit(data["x"], data["t_x"], data["T"]))
    repeat = data["x"] > 0
    spend, more = _timed(lambda: GammaGammaFitter().fit(data["x"][repeat], data["spend"][repeat]))
    return {
        "bg_nbd": [float(buyers.params_[name]) for name in ("r", "alpha", "a", "b")],
        "gamma_gamma": [float(spend.params_[name]) for name in ("p", "q", "v")],
        "seconds": [seconds, more],
    }


def fit_with_pymc_marketing(data: dict[str, np.ndarray]) -> Result:
    """Runs in the environment of ``pymc-marketing``; the second fit counts, when everything is compiled."""
    import pandas as pd  # noqa: PLC0415
    from pymc_extras.prior import Prior  # noqa: PLC0415
    from pymc_marketing import clv  # noqa: PLC0415

    frame = pd.DataFrame({"customer_id": np.arange(data["x"].size), "frequency": data["x"], "recency": data["t_x"],
                          "T": data["T"], "monetary_value": data["spend"]})  # fmt: skip
    # Flat priors, so that the mode is the maximum of the likelihood.
    flat = {name: Prior("HalfFlat") for name in ("r", "alpha", "a", "b", "p", "q", "v")}

    def fit(model: Any, names: str) -> list[float]:
        model.fit(method="map", progressbar=False)
        return [float(model.fit_result[name].squeeze().item()) for name in names.split()]

    def buyers() -> list[float]:
        config = {name: flat[name] for name in ("r", "alpha", "a", "b")}
        return fit(clv.BetaGeoModel(data=frame.drop(columns="monetary_value"), model_config=config), "r alpha a b")

    def spend() -> list[float]:
        repeat = frame[frame["frequency"] > 0][["customer_id", "frequency", "monetary_value"]]
        return fit(clv.GammaGammaModel(data=repeat, model_config={name: flat[name] for name in "pqv"}), "p q v")

    buyers(), spend()
    (values, seconds), (worth, more) = _timed(buyers), _timed(spend)
    return {"bg_nbd": values, "gamma_gamma": worth, "seconds": [seconds, more]}


def fit_here(data: dict[str, np.ndarray]) -> Result:
    """Runs with the project: grouping is SQL's work and not counted."""
    from pipeline.analysis.beta_geometric import BG_NBD  # noqa: PLC0415
    from pipeline.analysis.gamma_gamma import fit_spend  # noqa: PLC0415
    from pipeline.analysis.purchase_model import fit_purchases  # noqa: PLC0415
    from pipeline.analysis.triples import Triples  # noqa: PLC0415

    triples = Triples.grouped(data["x"], data["t_x"], data["T"])
    repeat = data["x"] > 0
    count, mean = data["x"][repeat], data["spend"][repeat]
    buyers, seconds = _timed(lambda: fit_purchases(BG_NBD, triples))
    spend, more = _timed(lambda: fit_spend(count, mean))
    tracemalloc.start()
    fit_purchases(BG_NBD, Triples.grouped(data["x"], data["t_x"], data["T"]))
    fit_spend(count, mean)
    return {
        "bg_nbd": list(buyers.values),
        "gamma_gamma": list(spend.values),
        "seconds": [seconds, more],
        "triples": int(triples.count.size),
        "peak_mb": round(tracemalloc.get_traced_memory()[1] / 2**20),
    }


FITS = {"here": fit_here, "lifetimes": fit_with_lifetimes, "pymc-marketing": fit_with_pymc_marketing}


def _drawn(folder: Path, customers: int) -> Path:
    from tests.unit.analysis.simulated import draw, histories  # noqa: PLC0415

    path = folder / f"base_{customers}.npz"
    if not path.exists():
        frame = histories(draw(1, customers), until=730.0)
        np.savez(path, **{name: frame[name].to_numpy(dtype=float) for name in ("x", "t_x", "T", "spend")})
    return path


def _likelihoods(data: dict[str, np.ndarray], result: Result) -> list[float]:
    from pipeline.analysis.beta_geometric import BG_NBD  # noqa: PLC0415
    from pipeline.analysis.gamma_gamma import _objective  # noqa: PLC0415
    from pipeline.analysis.triples import Triples  # noqa: PLC0415

    triples = Triples.grouped(data["x"], data["t_x"], data["T"])
    point = np.log(np.array(result["bg_nbd"]) / [1, triples.scale, 1, 1])
    repeat = data["x"] > 0
    count, mean = data["x"][repeat], data["spend"][repeat]
    spend = _objective(count, count * mean, np.log(mean), np.ones(count.size))
    return [BG_NBD.objective(triples)(point)[0], spend(np.log(result["gamma_gamma"]))[0]]


def _environment(folder: Path, peer: str) -> Path:
    python = folder / peer / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / peer)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEERS[peer]], check=True)
    return python


def _run(python: Path, name: str, base: Path) -> Result:
    done = subprocess.run([str(python), __file__, "--fit", name, str(base)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    """Fit in one environment (``--fit``), or compare them all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--fit", choices=sorted(FITS))
    options = parser.parse_args()
    if options.fit:
        sys.stdout.write(json.dumps(FITS[options.fit](dict(np.load(options.folder)))) + "\n")
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ.update({f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")})
    base = _drawn(options.folder, options.customers)
    data = dict(np.load(base))
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    own = _run(Path(sys.executable), "here", base)
    best = _likelihoods(data, own)
    sys.stdout.write(f"here: {json.dumps(own)}\n")
    os.environ["PYTHONPATH"] = ""
    for peer in [] if options.no_peers else PEERS:
        other = _run(_environment(options.folder, peer), peer, base)
        ratios = [round(theirs / ours, 1) for theirs, ours in zip(other["seconds"], own["seconds"], strict=True)]
        gaps = [round(ours - theirs, 4) for ours, theirs in zip(best, _likelihoods(data, other), strict=True)]
        sys.stdout.write(f"{peer}: {json.dumps(other)}; times slower {ratios}, log-likelihood below ours {gaps}\n")


if __name__ == "__main__":
    main()
