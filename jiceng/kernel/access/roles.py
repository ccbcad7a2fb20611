"""The closed list of functions that a post can have. Local titles map to these in packs."""

from django.db import models


class Role(models.TextChoices):
    """岗位职能（封闭表）；各地叫法在地方包里对应到这里。"""

    SECRETARY = "secretary", "书记"
    DEPUTY_SECRETARY = "deputy-secretary", "副书记"
    COMMITTEE_MEMBER = "committee-member", "委员"
    GROUP_LEADER = "group-leader", "党小组组长"
    OFFICER = "officer", "组织员"
    FIRST_SECRETARY = "first-secretary", "第一书记"
    INSTRUCTOR = "instructor", "党建指导员"
    RESERVE_CADRE = "reserve-cadre", "后备干部"
    VILLAGE_DIRECTOR = "village-director", "村（居）委会主任"
    COOPERATIVE_HEAD = "cooperative-head", "集体经济组织负责人"
    SEAT = "seat", "联席成员"
    SYSTEM_ADMINISTRATOR = "system-administrator", "系统管理员"
    SECURITY_ADMINISTRATOR = "security-administrator", "安全管理员"
    AUDIT_ADMINISTRATOR = "audit-administrator", "审计管理员"
    AUDITOR = "auditor", "审计人员"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})
"""GB/T 22239-2019 8.1.5 (三员): no person may hold two of these."""
