"""Door 2: every table of a staged release judged, its rows and its profile against accepted releases.

Belongs here: which frame goes to which judge. Does not belong here: limits (``expectations/published``), what follows.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from pipeline import checks, publish
from pipeline.defs import profiles
from pipeline.defs.gating import Judgement
from pipeline.defs.session import Session


def judge_release(
    session: Session, staged: publish.StagedRelease, judgement: Judgement, made_of: publish.Ingredients
) -> dict[str, checks.Verdict]:
    """Judge every staged table, and leave the profiles in the release for those that come after.

    Args:
        session: the run's configuration.
        staged: the release under assembly.
        judgement: which release it is.
        made_of: its ingredients.
    """
    folder = session.settings.expectations / "published"
    suites = {name: folder / f"{name}.json" for name in sorted(staged.tables)}
    now = profiles.release_profiles(staged.tables_folder)
    publish.write_profiles(staged.folder, {name: [asdict(each) for each in found] for name, found in now.items()})
    releases = session.settings.paths.releases
    past = profiles.past_profiles(releases, as_of=str(judgement.as_of), besides=judgement.release_id)
    is_same = bool(past) and _is_same_definition(past[0][0].ingredients, made_of)
    columns = checks.judge_together(
        profiles.release_columns(now, past, is_same=is_same),
        suites,
        kind=checks.Frame.COLUMNS,
        label_column="column_name",
    )
    tables = checks.judge_together(profiles.release_tables(now, past, is_same=is_same), suites, kind=checks.Frame.TABLE)
    rows = _judge_rows(staged, suites)
    return {name: checks.Verdict((*rows[name], *tables[name], *columns[name])) for name in suites}


def _judge_rows(staged: publish.StagedRelease, suites: Mapping[str, Path]) -> dict[str, list[checks.CheckOutcome]]:
    """Tables are counted; a small one goes to the judge as a frame where its suite asks what cannot be counted."""
    files = {name: staged.tables_folder / f"{name}.parquet" for name in suites}
    framed = {
        name
        for name, suite in suites.items()
        if staged.tables[name].row_count < checks.LARGE_ROW_COUNT and not checks.is_countable(suite)
    }
    found = checks.judge_tables({name: file for name, file in files.items() if name not in framed}, suites)
    for name in framed:
        frame = checks.with_identities(name, checks.frame_of(files[name]))
        found[name] = checks.judge(frame, suites[name])
    return found


def _is_same_definition(before: publish.Ingredients, now: publish.Ingredients) -> bool:
    """Whether nothing but the data differs, so that a table has no reason to shrink."""
    return (before.code, before.seeds, before.key_fingerprint) == (now.code, now.seeds, now.key_fingerprint)
