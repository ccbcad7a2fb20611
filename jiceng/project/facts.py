"""Every fact that may be counted, gathered from the areas that offer them."""

from jiceng.domains.coverage import facts as coverage
from jiceng.domains.elections import facts as elections
from jiceng.domains.honours import facts as honours
from jiceng.engines.procedures import facts as procedures
from jiceng.kernel.orgs import facts as orgs
from jiceng.kernel.people import facts as people
from jiceng.kernel.posts import facts as posts
from jiceng.kernel.units import facts as units

FACTS = (
    orgs.organisations,
    orgs.organisation_changes,
    units.units,
    people.members,
    people.member_entries,
    people.member_departures,
    people.floating,
    people.floating_received,
    people.loans,
    posts.posts,
    posts.teams,
    posts.secretaries,
    posts.terms,
    posts.joint_bodies,
    posts.seats,
    posts.paired_units,
    coverage.covered_units,
    coverage.pairings,
    elections.elections,
    elections.elected,
    honours.awards,
    procedures.cases,
    procedures.case_ends,
    procedures.case_meetings,
    procedures.case_steps,
)
