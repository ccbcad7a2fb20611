"""The lines of what is done by procedure, and of meetings."""

from tests.walls.lines import ANYBODY, FORM, ORG, TODAY, Line, form

CASE = "here:SDCGOFVH below:SDOA"
_ACT = {"day": TODAY, "why": "工作需要", "token": "once"}


TURN = "here:SDCFV"
"""The posts that the file of mediation names for the step at which every case of the city stands."""

PROCEDURES = {
    "procedures": Line("list", ANYBODY),
    "procedure": Line("procedure", ANYBODY),
    "cases": Line("list", ANYBODY),
    "case": Line("case", CASE),
    "case/person": Line("case-of-person", "here:SDC below:OA self"),
    "case-ending": form("case", CASE, TURN, "procedures.end_step", **_ACT, outcome="accepted"),
    "case-round": Line("case", "none", FORM),
    "case-reply": Line("case-with-reply", "none", FORM),
    "case-paper": Line("case-with-paper", "none", FORM),
    "case-document": Line("case-with-document", "none"),
    "case-ledger": Line("case-with-ledger", CASE),
    "case-scan": Line("case-with-entry", "none"),
    "case-halting": Line("case-to-halt", "here:S below:O", FORM, "here:S below:O", "procedures.suspend", _ACT),
    "case-handing-over": Line(
        "case", "here:S below:O", FORM, "here:S below:O", "procedures.hand_over", {**_ACT, "to": "TAKER"},
        may_be_refused=True,
    ),
    "case-meeting": Line("case", "none", FORM),
    "case-meeting-bringing": Line("case", "none", FORM),
    "case-posting": Line("case", "none", FORM),
    "case-correction": Line(
        "case-with-entry", "here:S below:O", FORM, "here:S below:O", "procedures.correct",
        {**_ACT, "dispute": "other", "started": "own"},
    ),
    "organisation-cases": Line("organisation", ORG),
    "organisation-opening": Line(
        "organisation-with-procedure", f"living & {TURN}", FORM, TURN, "procedures.open",
        {**_ACT, "title": "晒场", "dispute": "other", "started": "own"},
    ),
}  # fmt: skip

_SAID = {
    "day": TODAY, "venue": "村委会", "rest": "present", "text": "上了一课。", "chair": "赵主持", "recorder": "钱记录",
    "token": "once",
}  # fmt: skip
SITTING = frozenset(f"assembly.{verb}" for verb in ("call", "open", "attend", "write_minutes", "close"))

_NEW = {"roll": "voters", "source": "登记", "since": TODAY, "names": "旁听的人 一组"}
ROLLS = {
    "rolls": Line("organisation", "here:SDCV"),
    "roll-listing": form("organisation", "living", "here:SDCV", "residents.list_many", **_NEW),
    "listing-leaving": form("listing", "here:SDCV", "here:SDCV", "residents.leave", on=TODAY, why="moved"),
    "listing-correction": form("listing", "here:SDCV", "here:SDCV", "residents.correct", name="改正的名字"),
}  # fmt: skip

MEETINGS = {
    "meetings": Line("list", ANYBODY),
    "meeting": Line("meeting", "here:SDCGV below:OA self"),
    "meeting-paper": Line("meeting-with-minutes", "here:SDCGV below:OA self"),
    "meeting-paper/names": Line("meeting-with-names", "here:SDCGV"),
    "organisation-meetings": Line("organisation", ORG),
    "meeting-recording": Line(
        "organisation-to-meet", "living & here:SDCGV", FORM, "here:SDCGV", "assembly.record", _SAID, with_it=SITTING,
        may_be_refused=True,
    ),
}  # fmt: skip
