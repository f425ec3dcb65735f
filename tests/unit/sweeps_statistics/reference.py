"""Prints the numbers that the tests beside this file expect.

Made by other means than the code under test: scipy 1.10.1, numpy 1.24.2
(Debian 12) and plain enumeration. Run it as

    python3 tests/unit/sweeps_statistics/reference.py

scipy's t quantile of this version is right to nine digits; Boost.Math's to all.
"""
import itertools
import math

import numpy as np
from scipy import integrate, special, stats
import scipy.stats.qmc  # noqa: F401

X = np.array([4.1, 5.3, 2.2, 7.9, 5.0, 6.4, 3.8])
Y = np.array([5.0, 5.9, 3.9, 9.9, 5.5, 6.1, 6.2])


def show(name, *values):
    print(name, " ".join("%.12g" % v for v in np.hstack(values)))


def point():
    show("quantiles", np.quantile(X, [0.25, 0.5, 0.75, 0.1]))
    show("mean sd", X.mean(), X.std(ddof=1))
    show("t95", stats.t.interval(0.95, len(X) - 1, X.mean(), stats.sem(X)))
    for k, n, c in [(8, 10, 0.95), (0, 12, 0.95), (12, 12, 0.9), (1, 3, 0.99)]:
        ci = stats.binomtest(k, n).proportion_ci(c, method="wilson")
        show("wilson %d/%d %g" % (k, n, c), ci.low, ci.high)


def pairs():
    d = Y - X
    show("paired", d.mean(),
         stats.t.interval(0.95, len(d) - 1, d.mean(), stats.sem(d)),
         stats.ttest_rel(Y, X).pvalue)
    show("gain", 1 - d.var(ddof=1) / (X.var(ddof=1) + Y.var(ddof=1)))
    y = Y[:5]
    v1, v2 = X.var(ddof=1) / 7, y.var(ddof=1) / 5
    nu = (v1 + v2) ** 2 / (v1 ** 2 / 6 + v2 ** 2 / 4)
    half = stats.t.ppf(0.975, nu) * math.sqrt(v1 + v2)
    m = y.mean() - X.mean()
    show("welch", m, m - half, m + half,
         stats.ttest_ind(y, X, equal_var=False).pvalue)


def bootstraps():
    z = np.array([1.0, 1.2, 0.4, 3.5, 2.2, 9.0, 0.7, 1.9, 4.4, 2.6, 0.1, 6.3])
    for method in ["percentile", "BCa"]:
        r = stats.bootstrap((z,), np.mean, n_resamples=400000, method=method,
                            random_state=1, batch=20000)
        show("bootstrap " + method, r.confidence_interval, r.standard_error)


def many():
    p = np.array([0.01, 0.04, 0.03, 0.005, 0.2])
    m = len(p)
    order = np.argsort(p)
    holm = np.empty(m)
    holm[order] = np.minimum(
        1, np.maximum.accumulate((m - np.arange(m)) * p[order]))
    bh = np.empty(m)
    bh[order] = np.minimum.accumulate(
        (m * p[order] / np.arange(1, m + 1))[::-1])[::-1]
    show("holm", holm)
    show("bh", bh)


def missing():
    show("fisher", stats.fisher_exact([[1, 9], [6, 4]])[1],
         stats.fisher_exact([[0, 20], [3, 17]])[1],
         2 * stats.fisher_exact([[0, 20], [11, 9]])[1])
    show("chi2", stats.chi2_contingency(
        [[12, 48], [20, 40], [31, 29]], correction=False)[1])
    runs, seen = [5, 6, 4], [0, 4, 1]
    log_p = lambda m: sum(math.log(special.comb(r, k, exact=True))
                          for r, k in zip(runs, m))
    limit = log_p(seen) + 1e-7
    tables = [m for m in itertools.product(*(range(r + 1) for r in runs))
              if sum(m) == sum(seen)]
    weights = np.array([math.exp(log_p(m)) for m in tables])
    hits = np.array([log_p(m) <= limit for m in tables])
    show("freeman-halton", weights[hits].sum() / weights.sum())


def betting():
    x = [0.3, 0.9, 0.5, 0.7, 0.2, 1.0, 0.8, 0.6, 0.4, 0.9, 0.7, 0.6]
    alpha, c, cells = 0.05, 0.75, 1000
    low, high = 0.0, 1.0
    for steps in range(1, len(x) + 1):
        alive = []
        for g in range(cells + 1):
            m = g / cells
            up = down = 1.0
            total, squares = 0.0, 0.0
            for i, v in enumerate(x[:steps]):
                t = i + 1
                spread = (0.25 + squares) / t
                bet = math.sqrt(2 * math.log(2 / alpha)
                                / (spread * t * math.log(1 + t)))
                up *= 1 + min(bet, c / m if m else math.inf) * (v - m)
                down *= 1 - min(bet, c / (1 - m) if m < 1 else math.inf) * (v - m)
                total += v
                mean = (0.5 + total) / (t + 1)
                squares += (v - mean) ** 2
            if max(up, down) < 2 / alpha:
                alive.append(g)
        low = max(low, (alive[0] - 1) / cells)
        high = min(high, (alive[-1] + 1) / cells)
    show("betting", low, high)


def t_mixture():
    """The end of the interval is where the mixture of noncentral t densities
    over the central one reaches 1 / alpha."""
    n, best_at, alpha = 9, 20, 0.05
    rho = math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha)) + 1)
                    / best_at)

    def ratio(t):
        f = lambda d: (stats.nct.pdf(t, n - 1, d * math.sqrt(n))
                       * stats.norm.pdf(d, scale=rho))
        return integrate.quad(f, -8, 8, limit=400)[0] / stats.t.pdf(t, n - 1)

    lo, hi = 0.1, 60.0
    for _ in range(60):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if ratio(mid) < 1 / alpha else (lo, mid)
    show("t mixture half-width at sd 2", lo * 2 / math.sqrt(n))


def saltelli_numbers():
    """A small table by a rule that the test repeats."""
    n, k = 6, 3
    u = lambda i: (i * 0.6180339887498949) % 1.0
    f = lambda x: x[0] + 2 * x[1] * x[1] + x[0] * x[2]
    a = np.array([[u(1 + j * 6 + i) for i in range(3)] for j in range(n)])
    b = np.array([[u(4 + j * 6 + i) for i in range(3)] for j in range(n)])
    fa, fb = np.array(list(map(f, a))), np.array(list(map(f, b)))
    centre = (fa.mean() + fb.mean()) / 2
    v = ((fa - centre) ** 2 + (fb - centre) ** 2).mean() / 2
    ab, ba = [], []
    for i in range(k):
        m = a.copy()
        m[:, i] = b[:, i]
        ab.append(np.array(list(map(f, m))) - centre)
        m = b.copy()
        m[:, i] = a[:, i]
        ba.append(np.array(list(map(f, m))) - centre)
    fa, fb = fa - centre, fb - centre
    s = [(fb * (c - fa)).mean() / v for c in ab]
    t = [((c - fa) ** 2).mean() / 2 / v for c in ab]
    s2 = [(ba[i] * ab[l] - fa * fb).mean() / v - s[i] - s[l]
          for i in range(k) for l in range(i + 1, k)]
    show("sobol variance", v)
    show("sobol first", s)
    show("sobol total", t)
    show("sobol second", s2)
    # Delta interval of the first index, by numerical influence.
    num = fb * (ab[0] - fa)
    den = (fa ** 2 + fb ** 2) / 2
    psi = (num - s[0] * den) / den.mean()
    half = stats.t.ppf(0.975, n - 1) * psi.std(ddof=1) / math.sqrt(n)
    show("sobol first[0] interval", s[0] - half, s[0] + half)


def least_squares():
    rows = [(0, 0, 3.0), (0, 0, 3.4), (0, 1, 5.1), (1, 0, 4.0), (1, 1, 7.2),
            (1, 1, 6.6), (2, 0, 2.5), (2, 1, 4.0), (2, 1, 4.4)]
    y = np.array([r[2] for r in rows])
    x = np.array([[1, (a == 0) - (a == 2), (a == 1) - (a == 2),
                   1 if b == 0 else -1] for a, b, _ in rows], float)
    c = np.linalg.inv(x.T @ x)
    beta = c @ x.T @ y
    rss = ((y - x @ beta) ** 2).sum()
    df = len(y) - 4
    show("ls mean effects", beta[0], beta[1], beta[2], -beta[1] - beta[2],
         beta[3], -beta[3])
    half = stats.t.ppf(0.975, df) * math.sqrt(rss / df * c[3, 3])
    show("ls b0 interval", beta[3] - half, beta[3] + half)
    show("ls residual sd", math.sqrt(rss / df))
    less = np.delete(x, [1, 2], axis=1)
    rss0 = ((y - less @ np.linalg.lstsq(less, y, rcond=None)[0]) ** 2).sum()
    show("ls p of a", stats.f.sf((rss0 - rss) / 2 / (rss / df), 2, df))
    # Henderson III on the same rows, with explicit projections.
    n = len(y)
    cells = sorted({(a, b) for a, b, _ in rows})
    za = np.array([[a == l for l in range(3)] for a, _, _ in rows], float)
    zb = np.array([[b == l for l in range(2)] for _, b, _ in rows], float)
    zc = np.array([[(a, b) == l for l in cells] for a, b, _ in rows], float)
    one = np.ones((n, 1))
    proj = lambda *z: (lambda m: m @ np.linalg.pinv(m))(np.hstack(z))
    full, cell = proj(one, za, zb), proj(one, za, zb, zc)
    noise = y @ (np.eye(n) - cell) @ y / (n - len(cells))
    q = cell - full
    inter = (y @ q @ y - np.trace(q) * noise) / np.trace(zc.T @ q @ zc)
    out = []
    for mine, other in [(za, zb), (zb, za)]:
        q = full - proj(one, other)
        out.append((y @ q @ y - np.trace(zc.T @ q @ zc) * inter
                    - np.trace(q) * noise) / np.trace(mine.T @ q @ mine))
    show("henderson a b interaction noise", out, inter, noise)
    # The same rows by finite levels: points weigh by their runs.
    w = zc.sum(0)
    means = zc.T @ y / w
    xc = np.array([[1, (a == 0) - (a == 2), (a == 1) - (a == 2),
                    1 if b == 0 else -1] for a, b in cells], float)
    cov = np.linalg.inv(xc.T @ np.diag(w) @ xc)
    beta = cov @ xc.T @ (w * means)
    ka = np.array([[1, 0], [0, 1], [-1, -1]], float)
    alpha = ka @ beta[1:3]
    va = ((alpha ** 2).sum() - noise * np.trace(ka @ cov[1:3, 1:3] @ ka.T)) / 3
    vb = (2 * beta[3] ** 2 - 2 * noise * cov[3, 3]) / 2
    lack = (w * (means - xc @ beta) ** 2).sum()
    show("finite a b interaction", va, vb, (lack - 2 * noise) / n)


def one_sequence():
    """How often intervals made from rows hold, when the rows are one scrambled
    Sobol' sequence: Ishigami, N 512, noise 1 in single runs, 400 trials."""
    n, trials = 512, 400
    f = lambda x: (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2
                   + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))
    v1, v2 = 0.5 * (1 + 0.1 * np.pi ** 4 / 5) ** 2, 49 / 8
    v13 = 0.01 * np.pi ** 8 * (1 / 18 - 1 / 50)
    truth = np.array([v1, v2, 0, v1 + v13 + 1, v2 + 1, v13 + 1])
    truth /= v1 + v2 + v13 + 1
    held = np.zeros(6)
    for trial in range(trials):
        rng = np.random.default_rng(trial)
        x = np.pi * (2 * stats.qmc.Sobol(6, scramble=True, seed=rng).random(n)
                     - 1)
        run = lambda rows: f(rows) + rng.standard_normal(n)
        a, b = run(x[:, :3]), run(x[:, 3:])
        mixed = []
        for i in range(3):
            rows = x[:, :3].copy()
            rows[:, i] = x[:, 3 + i]
            mixed.append(run(rows))
        centre = (a.mean() + b.mean()) / 2
        a, b = a - centre, b - centre
        den = (a ** 2 + b ** 2) / 2
        nums = ([b * (c - centre - a) for c in mixed]
                + [(c - centre - a) ** 2 / 2 for c in mixed])
        for i, num in enumerate(nums):
            s = num.mean() / den.mean()
            psi = (num - s * den) / den.mean()
            half = stats.t.ppf(0.975, n - 1) * psi.std(ddof=1) / math.sqrt(n)
            held[i] += abs(s - truth[i]) <= half
    show("one sequence held", held / trials)


if __name__ == "__main__":
    for each in [point, pairs, bootstraps, many, missing, betting, t_mixture,
                 saltelli_numbers, least_squares, one_sequence]:
        each()
