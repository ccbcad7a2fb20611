"""The lines of commendations."""

from tests.walls.lines import ANYBODY, FORM, OFFICE, SELF, TODAY, Line, form

AWARD = "here:SDC below:OA self"
HONOURS = {
    "awards": Line("list", ANYBODY),
    "award": Line("award", AWARD),
    "award-revoking": form(
        "award", AWARD, OFFICE, "honours.revoke", on=TODAY, reason="弄虚作假", decision="某委〔2026〕1号"
    ),
    "award-recording": Line(
        "organisation", f"living & {OFFICE}", FORM, OFFICE, "honours.award_many",
        {"category": "organisation", "honour": "先进", "level": "city", "giver": "市", "on": TODAY, "who": SELF},
        may_be_refused=True,
    ),
}  # fmt: skip
