"""Pure statistical functions: numbers in, numbers out, importable by every stage.

Belongs here: intervals and the distributions they stand on. Not here: frames, SQL, business names.
"""

from pipeline.statistics.clusters import (
    ClusterSums,
    cluster_sums,
    mean_clustered,
    proportion_design_effect,
    ratio_of_sums_clustered,
    skewed_mean_clustered,
)
from pipeline.statistics.distributions import normal_quantile, poisson_bounds, t_quantile
from pipeline.statistics.intervals import (
    Interval,
    count_poisson,
    mean_t,
    money_total,
    newcombe,
    nps_interval,
    wilson,
)
from pipeline.statistics.quantiles import QuantileInterval, quantile_interval

__all__ = [
    "ClusterSums",
    "Interval",
    "QuantileInterval",
    "cluster_sums",
    "count_poisson",
    "mean_clustered",
    "mean_t",
    "money_total",
    "newcombe",
    "normal_quantile",
    "nps_interval",
    "poisson_bounds",
    "proportion_design_effect",
    "quantile_interval",
    "ratio_of_sums_clustered",
    "skewed_mean_clustered",
    "t_quantile",
    "wilson",
]
