"""What the gallery shows: made-up records that put every part into every state."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jiceng.ui import shapes
from jiceng.ui.forms import SampleFilters, SampleForm

CHINA = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 5, 18)
LONG = "讨论村集体经济收益分配方案、入户道路硬化工程发包方式以及下半年党员评议办法修订意见的党员大会（扩大会议）"

MENU = [
    shapes.MenuGroup(
        "今天",
        [
            shapes.MenuItem("要办的事", "#waits", "inbox", True, "h", 3),
            shapes.MenuItem("日历", "#", "calendar", key="c"),
        ],
    ),
    shapes.MenuGroup(
        "组织",
        [
            shapes.MenuItem("组织树", "#tree", "sitemap", key="o"),
            shapes.MenuItem("党员", "#", "users", key="p"),
            shapes.MenuItem("换届", "#", "archive", key="e"),
        ],
    ),
    shapes.MenuGroup(
        "办事",
        [
            shapes.MenuItem("会议和记录", "#table", "file-text", key="m", waiting=12),
            shapes.MenuItem("四议两公开", "#steps", "list-check", key="s"),
            shapes.MenuItem("群众来件", "#", "message-circle", key="r"),
        ],
    ),
    shapes.MenuGroup(
        "看数",
        [
            shapes.MenuItem("指标", "#figures", "chart-bar", key="f"),
            shapes.MenuItem("报表", "#chart", "table", key="t"),
        ],
    ),
]
BAR = [
    shapes.MenuItem("要办的事", "#waits", "inbox", True, waiting=3),
    shapes.MenuItem("会议", "#table", "users"),
    shapes.MenuItem("来件", "#", "message-circle"),
    shapes.MenuItem("数字", "#figures", "chart-bar"),
]
WAITS = [
    shapes.Wait("补记 4 月主题党日的到会人员", "#", "补记", date(2026, 5, 14), "东山村党支部"),
    shapes.Wait("审核张秀英的转入材料", "#", "审核", TODAY, "东山村党支部"),
    shapes.Wait("公示村集体收益分配决议", "#", "公示", date(2026, 5, 21), "东山村党支部", 3),
    shapes.Wait(LONG, "#", "看一看", None, "光明镇党委"),
]
MEETINGS: list[dict[str, Any]] = [
    {
        "name": "讨论收益分配方案",
        "kind": "党员大会",
        "on": date(2026, 5, 12),
        "came": 43,
        "owed": 50,
        "state": ("done", "已归档"),
    },
    {"name": LONG, "kind": "党员大会", "on": date(2026, 4, 28), "came": 12, "owed": 50, "state": ("late", "迟记 6 天")},
    {
        "name": "研究发展对象",
        "kind": "支委会",
        "on": date(2026, 4, 20),
        "came": 5,
        "owed": 5,
        "state": ("sealed", "已公示"),
    },
    {
        "name": "五月党课",
        "kind": "党课",
        "on": date(2026, 5, 30),
        "came": None,
        "owed": 1250,
        "state": ("wait", "待召开"),
    },
]
COLUMNS = [
    shapes.Column("选择", choose=True),
    shapes.Column("会议"),
    shapes.Column("类型"),
    shapes.Column("召开日期", sort_url="?sort=on", sorted="descending"),
    shapes.Column("到会", number=True),
    shapes.Column("应到", number=True),
    shapes.Column("状态"),
]
EVENTS = [
    shapes.Event(
        "归档",
        "李建国（支部书记）",
        datetime(2026, 5, 20, 9, 30, tzinfo=CHINA),
        late="晚了 2 天",
        kind="late",
        detail="迟在补签到会名单。",
    ),
    shapes.Event(
        "上传签字扫描件", "王芳（组织委员）", datetime(2026, 5, 13, 16, 2, tzinfo=CHINA), url="#", kind="done"
    ),
    shapes.Event("公示决议", "东山村党支部", datetime(2026, 5, 13, 8, 0, tzinfo=CHINA), kind="sealed"),
    shapes.Event("召开会议，到会 43 人", "李建国（支部书记）", date(2026, 5, 12), kind="done"),
    shapes.Event("发出通知", "镇党建办代东山村党支部", datetime(2026, 5, 7, 10, 15, tzinfo=CHINA)),
]
STEPS = [
    shapes.Step("党支部提议", "done", "4月2日，李建国", "#"),
    shapes.Step("“两委”会商议", "done", "4月6日"),
    shapes.Step("党员大会审议", "current", "5月12日起"),
    shapes.Step("村民代表会议决议", "coming"),
    shapes.Step("决议公开", "coming", "不少于 7 天"),
    shapes.Step("实施结果公开", "coming"),
]
STEPS_LATE = [
    shapes.Step("受理", "done", "5月6日"),
    shapes.Step("联合踏勘", "skipped", "村内事项不需要"),
    shapes.Step("答复", "late", "应在 5月15日前"),
    shapes.Step("回访", "coming"),
]
FIGURES = [
    shapes.Figure(
        "按期召开党员大会的支部",
        43,
        TODAY,
        50,
        "个",
        "#",
        None,
        (31, 35, 34, 40, 41, 43),
        "近六个季度：31、35、34、40、41、43",
        "党支部党员大会一般每季度召开 1 次：《中国共产党支部工作条例（试行）》第十一条",
        "比上季度多 2 个",
    ),
    shapes.Figure(
        "本月新收群众来件",
        1234,
        TODAY,
        None,
        "件",
        "#",
        1234,
        (900, None, 1100, 1234),
        "近四个月：900、未知、1100、1234",
    ),
    shapes.Figure("发展党员公示满 5 个工作日", 999, TODAY, 1000, "人", "#"),
    shapes.Figure("流动党员回信", 0, TODAY, 0, "人"),
]
MAP = shapes.Map(
    "按期召开党员大会的支部：按地方", 240, 120,
    [
        shapes.Area("光明镇党委", "97%（58/60）", 5, "M0 0L120 0L110 120L0 120Z", 56, 60, url="#"),
        shapes.Area("东山镇党委", "43%（26/60）", 3, "M120 0L180 0L180 60L115 60Z", 149, 30),
        shapes.Area("西岭镇党委", "5%（3/60）", 1, "M180 0L240 0L240 60L180 60Z", 210, 30),
        shapes.Area("湖心村党总支", "—（0/0）", 0, "M115 60L240 60L240 120L110 120Z", 176, 90),
    ],
    ["没有基数", "0 至不到 2 成", "2 至不到 4 成", "4 至不到 6 成", "6 至不到 8 成", "8 成至全部"],
    "边界是虚构的。",
)  # fmt: skip
BARS = [
    shapes.Bar("东山村党支部", 9, 12, "#"),
    shapes.Bar("西山村党支部", 12, 12, "#"),
    shapes.Bar("光明社区第一网格联合党支部", 1, 200, "#"),
    shapes.Bar("镇机关党支部", 0, 8, "#"),
    shapes.Bar("新成立，还没有任务", 0, 0),
]
CHART = shapes.Chart(
    "每月会议数",
    [f"{month}月" for month in range(1, 7)],
    [shapes.Series("党员大会", [12, 18, 15, 22, 19, None]), shapes.Series("支委会", [30, 28, 31, 35, 33, None])],
    "次",
    TODAY,
)
TREE = [
    shapes.Node(
        "光明镇党委",
        "#",
        "党委",
        "1,250 人",
        False,
        True,
        "?close=1",
        [
            shapes.Node(
                "东山村党总支",
                "#",
                "党总支",
                "86 人",
                False,
                True,
                "?close=2",
                [
                    shapes.Node("东山村第一党支部", "#", "党支部", "43 人", True),
                    shapes.Node("东山村第二党支部", "#", "党支部", "43 人"),
                ],
            ),
            shapes.Node("西山村党支部", "#", "党支部", "38 人", toggle_url="?open=3"),
            shapes.Node("光明镇新就业群体（快递、外卖、网约车）流动党员临时党支部", "#", "临时党支部", "21 人"),
        ],
    ),
]
ANSWERS = [
    shapes.Answer("会议名称", "讨论收益分配方案", "#"),
    shapes.Answer("类型", "党员大会", "#"),
    shapes.Answer("记录", "一、听取方案说明。\n二、逐项讨论。\n三、举手表决，同意 41 人，反对 1 人，弃权 1 人。", "#"),
    shapes.Answer("扫描件", ""),
]
SLIP = [("事项", "反映路灯不亮"), ("收件", "2026年5月18日 9:20"), ("查询码", "7K2P-94QD"), ("答复", "5月25日前")]


def context() -> dict[str, Any]:
    """Everything that the gallery template asks for."""
    wrong = SampleForm(
        {"name": "", "held_on": "", "kind": "party", "minutes": "已写的还在。", "refuse": "1"}, auto_id="wrong_%s"
    )
    return {
        "today": TODAY,
        "now": datetime(2026, 5, 18, 14, 30, tzinfo=CHINA),
        "menu": MENU,
        "bar": BAR,
        "scope": shapes.Scope("光明镇党委", "#tree"),
        "search_url": "#",
        "signed_in": shapes.Link("李建国", "#"),
        "crumbs_": [shapes.Link("首页", "#"), shapes.Link("会议和记录", "#"), shapes.Link("讨论收益分配方案")],
        "tabs_": [
            shapes.Link("进行中", "#", True, 12),
            shapes.Link("已归档", "#", count=1234),
            shapes.Link("全部", "#"),
        ],
        "form": SampleForm(initial={"kind": "assembly"}),
        "wrong": wrong,
        "filters_": SampleFilters({"reach": "below"}, auto_id="filter_%s"),
        "waits_": WAITS,
        "meetings": MEETINGS,
        "columns": COLUMNS,
        "plain_columns": ["会议", "日期", "到会"],
        "events": EVENTS,
        "steps_": STEPS,
        "steps_late": STEPS_LATE,
        "figures": FIGURES,
        "bars_": BARS,
        "map_": MAP,
        "pairs": [(row.label, row.part) for row in BARS],
        "chart_": CHART,
        "tree_": TREE,
        "answers_": ANSWERS,
        "slip_": SLIP,
        "long": LONG,
        "due_dates": [date(2026, 5, 14), TODAY, date(2026, 5, 19), date(2026, 6, 30), date(2027, 1, 5)],
        "page": shapes.Page("共 1,234 条", "?before=1", "?after=2"),
        "last_page": shapes.Page("共 10,000+ 条", "?before=1"),
        "page_url": "https://example.org/notices/7k2p94qd",
        "tabs": [
            shapes.Link("公示", "#", True),
            shapes.Link("村务", "#"),
            shapes.Link("党务", "#"),
            shapes.Link("制度", "#"),
        ],
    }
