#!/usr/bin/python3
"""Writes the tables that the tests of designs compare with.

    python3 tests/unit/sweeps_designs/tables/make_tables.py [--check]

With --check nothing is written: it fails when this SciPy says otherwise than a
table, and leaves with 77 when there is no SciPy. Needs SciPy 1.7 or later. Debian 12 cannot install its python3-scipy beside
libboost1.81-dev; docs/adr/0102 says how to unpack it without installing.
"""
import pathlib
import sys

try:
    import numpy
    import scipy
    from scipy import stats
    from scipy.stats import qmc
except ImportError:
    print("there is no SciPy here")
    sys.exit(77)

HERE = pathlib.Path(__file__).parent
SEEDS = 200
POINTS = 64
DIMENSIONS = 5


def write(name, about, rows):
    head = f"# SciPy {scipy.__version__}, make_tables.py: {about}\n"
    body = "".join(" ".join(row) + "\n" for row in rows)
    (HERE / name).write_text(head + body, encoding="utf-8")


def same(left, right):
    try:
        return bool(numpy.isclose(float(left), float(right), rtol=1e-9,
                                  atol=1e-12))
    except ValueError:
        return left == right


def check(name, about, rows):
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()[1:]
    kept = [line.split() for line in lines]
    assert len(kept) == len(rows), name
    for old, new in zip(kept, rows):
        assert len(old) == len(new), (name, old, new)
        assert all(map(same, old, new)), (name, old, new)


def sobol():
    """index, then the coordinates of the unscrambled point; all are exact."""
    dimensions = 40
    engine = qmc.Sobol(dimensions, scramble=False, bits=30)
    points = engine.random_base2(12)
    wanted = list(range(33)) + [63, 64, 100, 511, 512, 1000, 2047, 2048, 4095]
    return [[str(i)] + [repr(float(x)) for x in points[i]] for i in wanted]


def quantiles():
    """kind, parameters (-: none), u, value"""
    us = [0.0, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1.0]
    rows = []

    def add(kind, parameters, frozen):
        texts = ["-" if p is None else repr(p) for p in parameters]
        for u in us:
            value = float(frozen.ppf(u))
            if numpy.isfinite(value):
                rows.append([kind, *texts, repr(u), repr(value)])

    for low, high in [(0.0, 1.0), (-3.0, 5.5)]:
        add("uniform", (None, None, low, high),
            stats.uniform(low, high - low))
    for low, high in [(1.2, 4.0), (0.001, 1000.0)]:
        add("log", (None, None, low, high), stats.loguniform(low, high))
    for mean, sd, low, high in [(0.5, 0.1, None, None), (0.5, 0.2, 0.0, 1.0),
                                (0.0, 1.0, 3.0, None), (0.0, 1.0, None, -2.0),
                                (0.0, 1.0, 5.0, 7.0), (10.0, 4.0, -2.0, 6.0)]:
        a = -numpy.inf if low is None else (low - mean) / sd
        b = numpy.inf if high is None else (high - mean) / sd
        add("normal", (mean, sd, low, high),
            stats.truncnorm(a, b, loc=mean, scale=sd))
    for mode, low, high in [(0.2, 0.0, 1.0), (5.0, -1.0, 5.0), (2.0, 2.0, 9.0)]:
        add("triangular", (mode, None, low, high),
            stats.triang((mode - low) / (high - low), low, high - low))
    for a, b, low, high in [(2.0, 5.0, 0.0, 1.0), (0.5, 0.5, 0.0, 1.0),
                            (3.0, 1.5, 10.0, 30.0)]:
        add("beta", (a, b, low, high), stats.beta(a, b, low, high - low))
    return rows


def discrepancy():
    """sampler, mean of the centred discrepancy over the seeds, its standard
    deviation between seeds"""
    rows = []
    samplers = {
        "sobol": lambda s: qmc.Sobol(DIMENSIONS, scramble=True, seed=s),
        "latin-hypercube": lambda s: qmc.LatinHypercube(DIMENSIONS, seed=s),
    }
    for name, make in samplers.items():
        all_ = [qmc.discrepancy(make(s).random(POINTS)) for s in range(SEEDS)]
        rows.append([name, repr(float(numpy.mean(all_))),
                     repr(float(numpy.std(all_)))])
    plain = [qmc.discrepancy(numpy.random.default_rng(s)
                             .random((POINTS, DIMENSIONS)))
             for s in range(SEEDS)]
    rows.append(["random", repr(float(numpy.mean(plain))),
                 repr(float(numpy.std(plain)))])
    # A set that everybody can make, to check the formula itself.
    points = qmc.Sobol(DIMENSIONS, scramble=False).random(POINTS)
    rows.append(["unscrambled", repr(float(qmc.discrepancy(points))), "0.0"])
    return rows


if __name__ == "__main__":
    act = check if sys.argv[1:] == ["--check"] else write
    for table in (sobol, quantiles, discrepancy):
        act(table.__name__ + ".txt", " ".join(table.__doc__.split()), table())
