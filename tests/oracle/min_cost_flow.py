"""Solves the flows of crates/matching with solvers of others: the oracle of its tests, the peers of its bench.

Reads lines from standard input:
    given AGENTS TASKS      then a line for each agent:  first step units (-1: as many as are wanted)
                            and a line for each task:    units way_out cost, then agent cost for each edge
    solve ortools|scipy_matching|scipy_highs
Answers each `solve` with one line: cost build_ms solve_ms peak_mb, times of the processor.
"""

import resource
import sys
import time

import numpy as np


class Given:
    """One flow: agents with convex unit costs, tasks with edges to them, the way out first."""

    def __init__(self, lines, agents, tasks):
        rows = [np.fromstring(next(lines), dtype=np.int64, sep=" ") for _ in range(agents)]
        self.agents = np.array(rows).reshape(agents, 3)
        rows = [np.fromstring(next(lines), dtype=np.int64, sep=" ") for _ in range(tasks)]
        self.units = np.array([row[0] for row in rows], dtype=np.int64)
        self.counts = np.array([len(row) // 2 for row in rows], dtype=np.int64)
        flat = np.concatenate([row[1:] for row in rows]) if rows else np.empty(0, np.int64)
        self.agent, self.cost = flat[0::2], flat[1::2]
        self.task = np.repeat(np.arange(tasks), self.counts)
        # At most one unit by an edge, but for the way out.
        self.capacity = np.ones(len(self.agent), np.int64)
        firsts = np.cumsum(self.counts) - self.counts
        self.capacity[firsts] = self.units
        # An agent without a limit has units enough for all whose way out he is.
        wanted = np.zeros(agents, np.int64)
        np.add.at(wanted, self.agent, self.capacity)
        unlimited = self.agents[:, 2] < 0
        limits = np.minimum(np.where(unlimited, wanted, self.agents[:, 2]), wanted)
        self.seller = np.repeat(np.arange(agents), limits)
        ranks = np.arange(len(self.seller)) - np.repeat(np.cumsum(limits) - limits, limits)
        first, step = self.agents[:, 0], self.agents[:, 1]
        self.unit_cost = first[self.seller] + step[self.seller] * ranks


def ortools(given):
    from ortools.graph.python import min_cost_flow

    begin = time.process_time()
    tasks, agents = len(given.units), len(given.agents)
    sink = tasks + agents
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((given.task, tasks + given.seller)),
        np.concatenate((tasks + given.agent, np.full(len(given.seller), sink))),
        np.concatenate((given.capacity, np.ones(len(given.seller), np.int64))),
        np.concatenate((given.cost, given.unit_cost)),
    )
    supply = np.zeros(sink + 1, np.int64)
    supply[:tasks] = given.units
    supply[sink] = -given.units.sum()
    solver.set_nodes_supplies(np.arange(sink + 1), supply)
    built = time.process_time()
    status = solver.solve()
    assert status == solver.OPTIMAL, status
    return solver.optimal_cost(), built - begin, time.process_time() - built


def scipy_matching(given):
    """Each unit of an agent is a column of its own; only for tasks that want one unit."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    begin = time.process_time()
    limits = np.bincount(given.seller, minlength=len(given.agents))
    starts = np.cumsum(limits) - limits
    each = limits[given.agent]
    rows = np.repeat(given.task, each)
    ranks = np.arange(len(rows)) - np.repeat(np.cumsum(each) - each, each)
    columns = np.repeat(starts[given.agent], each) + ranks
    # A weight of nought would be no edge.
    weights = np.repeat(given.cost, each) + given.unit_cost[columns]
    shift = 1 - weights.min()
    matrix = csr_array((weights + shift, (rows, columns)), shape=(len(given.units), len(given.seller)))
    built = time.process_time()
    row, column = min_weight_full_bipartite_matching(matrix)
    cost = matrix[row, column].sum() - shift * len(row)
    return int(cost), built - begin, time.process_time() - built


def scipy_highs(given):
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    begin = time.process_time()
    tasks, edges, units = len(given.units), len(given.task), len(given.seller)
    ones = np.ones(edges)
    rows = np.concatenate((given.task, tasks + given.agent, tasks + given.seller))
    columns = np.concatenate((np.arange(edges), np.arange(edges), edges + np.arange(units)))
    values = np.concatenate((ones, ones, -np.ones(units)))
    matrix = csr_array((values, (rows, columns)), shape=(tasks + len(given.agents), edges + units))
    costs = np.concatenate((given.cost, given.unit_cost))
    bounds = np.zeros((edges + units, 2))
    bounds[:, 1] = np.concatenate((given.capacity, np.ones(units)))
    right = np.concatenate((given.units, np.zeros(len(given.agents))))
    built = time.process_time()
    found = linprog(costs, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
    assert found.status == 0, found.message
    return round(found.fun), built - begin, time.process_time() - built


SOLVERS = {solver.__name__: solver for solver in (ortools, scipy_matching, scipy_highs)}


def main():
    lines = iter(sys.stdin)
    given = None
    for line in lines:
        word, *rest = line.split()
        if word == "given":
            given = Given(lines, int(rest[0]), int(rest[1]))
        else:
            cost, build_s, solve_s = SOLVERS[rest[0]](given)
            peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(cost, f"{build_s * 1e3:.3f}", f"{solve_s * 1e3:.3f}", peak_mb, flush=True)


main()
