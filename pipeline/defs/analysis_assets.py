"""The analysis pass as assets: it reads some intermediate models and writes the Parquet files that marts read.

Belongs here: the Dagster side of the pass. Does not belong here: any number.
"""

from collections.abc import Iterator

import dagster as dg

from pipeline.analysis.effectiveness import write_effectiveness
from pipeline.analysis.lifetime import write_lifetime
from pipeline.analysis.tables import TABLES
from pipeline.analysis.verbatims.writing import write_verbatims
from pipeline.defs.modelling import ANALYSED
from pipeline.defs.resources import OWNERS
from pipeline.defs.session import Session

_DESCRIPTIONS = {
    "clv_fits": "One row per fit group, model and parameter: estimates, intervals, how the fit went.",
    "clv_covariances": "One row per fit group, model and pair of log-parameters: the covariance of their estimates.",
    "clv_backtests": "One row per fit group, model and decile: predicted against held out.",
    "clv_predictions": "One row per customer and horizon: expected orders, margin, probability of being alive.",
    "clv_frequency_spend": "One row per fit group: the rank correlation of frequency and spend.",
    "clv_contract_fits": "One row per contract group and parameter of the shifted-beta-geometric.",
    "touchpoint_credits": "One row per segment, touchpoint and method of crediting: its share of the conversions.",
    "verbatim_scores": "One row per verbatim: its language and sentiment, never its text.",
    "verbatim_mentions": "One row per verbatim and theme it is about.",
    "verbatim_words": "One row per verbatim and word that is listed, or used by many people.",
}
_PARTS = (write_lifetime, write_effectiveness, write_verbatims)


def analysis_pass() -> dg.AssetsDefinition:
    """The asset group ``analysis``: one step, one asset per table."""

    @dg.multi_asset(
        name="analysis",
        specs=[
            dg.AssetSpec(
                key=dg.AssetKey(["analysis", name]),
                deps=[dg.AssetKey(["intermediate", table]) for table in ANALYSED],
                group_name="analysis",
                owners=list(OWNERS),
                kinds={"scipy", "parquet"},
                description=_DESCRIPTIONS[name],
            )
            for name in TABLES
        ],
        required_resource_keys={"home"},
        pool="home",
    )
    def analysis(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        session: Session = context.resources.home
        paths = session.settings.paths
        for write in _PARTS:
            for name, row_count in write(paths.build_file, paths.analysis).items():
                yield dg.MaterializeResult(
                    asset_key=dg.AssetKey(["analysis", name]), metadata={"dagster/row_count": row_count}
                )

    return analysis
