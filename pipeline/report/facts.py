"""What the report is told about its release.

Belongs here: values the published tables do not hold. Does not belong here: anything computed.
"""

from dataclasses import dataclass
from datetime import date

from pipeline.report.words import say


@dataclass(frozen=True, kw_only=True)
class ReleaseFacts:
    """Facts of one release, shown in the header of the report.

    Attributes:
        release_id: id of the release.
        as_of_date: last day the figures cover, in the business time zone.
        company: name of the company.
        reporting_currency: ISO 4217 code of every amount.
        business_time_zone: IANA name.
        code_version: version of the product that built the release.
        checks_passed: number of expectations met at both doors.
        checks_failed_warnings: number of expectations of severity warning that were not met.
        previous_release_id: release before this one, if any.
        has_goods_cost: whether goods cost was delivered, so lifetime value is net of it.
        overrides: checks a named human overrode, each with reason and name.
        suppression_minimum: fewest customers a cell may stand for before it is suppressed.
    """

    release_id: str
    as_of_date: date
    company: str
    reporting_currency: str
    business_time_zone: str
    code_version: str
    checks_passed: int
    checks_failed_warnings: int
    previous_release_id: str | None
    has_goods_cost: bool
    overrides: tuple[str, ...] = ()
    suppression_minimum: int = 10

    @property
    def suppressed_text(self) -> str:
        """What stands in place of a suppressed figure."""
        return say("suppressed (k<{minimum})", minimum=self.suppression_minimum)
