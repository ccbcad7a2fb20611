"""National code tables for what is recorded of a person, each with the standard that it comes from."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class CodeTable:
    """A closed list of codes and what they are called."""

    key: str
    name: str
    standard: str
    rows: tuple[tuple[str, str], ...]

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code there is."""
        return frozenset(code for code, _ in self.rows)

    def label(self, code: str) -> str:
        """What a code is called; the code itself where the table does not have it."""
        return dict(self.rows).get(code, code)

    def code(self, said: str) -> str | None:
        """The code that was meant by a code or by a name; None where the table has neither."""
        said = said.strip()
        if any(code == said for code, _ in self.rows):
            return said
        return next((code for code, label in self.rows if label == said or label == f"{said}族"), None)


SEX = CodeTable("sex", "性别", "GB/T 2261.1-2003", (("0", "未知"), ("1", "男"), ("2", "女"), ("9", "未说明")))

ETHNICITY = CodeTable(
    "ethnicity",
    "民族",
    "GB/T 3304-1991",
    (
        ("01", "汉族"), ("02", "蒙古族"), ("03", "回族"), ("04", "藏族"), ("05", "维吾尔族"), ("06", "苗族"),
        ("07", "彝族"), ("08", "壮族"), ("09", "布依族"), ("10", "朝鲜族"), ("11", "满族"), ("12", "侗族"),
        ("13", "瑶族"), ("14", "白族"), ("15", "土家族"), ("16", "哈尼族"), ("17", "哈萨克族"), ("18", "傣族"),
        ("19", "黎族"), ("20", "傈僳族"), ("21", "佤族"), ("22", "畲族"), ("23", "高山族"), ("24", "拉祜族"),
        ("25", "水族"), ("26", "东乡族"), ("27", "纳西族"), ("28", "景颇族"), ("29", "柯尔克孜族"), ("30", "土族"),
        ("31", "达斡尔族"), ("32", "仫佬族"), ("33", "羌族"), ("34", "布朗族"), ("35", "撒拉族"), ("36", "毛南族"),
        ("37", "仡佬族"), ("38", "锡伯族"), ("39", "阿昌族"), ("40", "普米族"), ("41", "塔吉克族"), ("42", "怒族"),
        ("43", "乌孜别克族"), ("44", "俄罗斯族"), ("45", "鄂温克族"), ("46", "德昂族"), ("47", "保安族"),
        ("48", "裕固族"), ("49", "京族"), ("50", "塔塔尔族"), ("51", "独龙族"), ("52", "鄂伦春族"), ("53", "赫哲族"),
        ("54", "门巴族"), ("55", "珞巴族"), ("56", "基诺族"), ("97", "其他"), ("98", "外国血统中国籍人士"),
    ),
)  # fmt: skip

EDUCATION = CodeTable(
    "education",
    "学历",
    "GB/T 4658-2006",
    (
        ("10", "研究生教育"), ("11", "博士研究生毕业"), ("12", "博士研究生结业"), ("13", "博士研究生肄业"),
        ("14", "硕士研究生毕业"), ("15", "硕士研究生结业"), ("16", "硕士研究生肄业"), ("17", "研究生班毕业"),
        ("18", "研究生班结业"), ("19", "研究生班肄业"), ("20", "大学本科教育"), ("21", "大学本科毕业"),
        ("22", "大学本科结业"), ("23", "大学本科肄业"), ("28", "大学普通班毕业"), ("30", "大学专科教育"),
        ("31", "大学专科毕业"), ("32", "大学专科结业"), ("33", "大学专科肄业"), ("40", "中等职业教育"),
        ("41", "中等专科毕业"), ("42", "中等专科结业"), ("43", "中等专科肄业"), ("44", "职业高中毕业"),
        ("45", "职业高中结业"), ("46", "职业高中肄业"), ("47", "技工学校毕业"), ("48", "技工学校结业"),
        ("49", "技工学校肄业"), ("60", "普通高级中学教育"), ("61", "普通高中毕业"), ("62", "普通高中结业"),
        ("63", "普通高中肄业"), ("70", "初级中学教育"), ("71", "初中毕业"), ("73", "初中肄业"), ("80", "小学教育"),
        ("81", "小学毕业"), ("83", "小学肄业"), ("90", "其他"),
    ),
)  # fmt: skip

COLLEGE = tuple(code for code, _ in EDUCATION.rows if code < "40")
"""大专及以上 of the yearly bulletin."""

DEGREE = CodeTable("degree", "学位", "GB/T 6864-2003", (("1", "名誉博士"), ("2", "博士"), ("3", "硕士"), ("4", "学士")))

OCCUPATION = CodeTable(
    "occupation",
    "职业",
    "《中国共产党党内统计公报》党员的职业",
    (
        ("01", "工人"), ("02", "农牧渔民"), ("03", "企事业单位、社会组织专业技术人员"),
        ("04", "企事业单位、社会组织管理人员"), ("05", "党政机关工作人员"), ("06", "学生"), ("07", "其他职业人员"),
        ("08", "离退休人员"),
    ),
)  # fmt: skip

GRADE = CodeTable(
    "grade",
    "专业技术职务级别",
    "《事业单位岗位设置管理试行办法》（国人部发〔2006〕70号）：专业技术岗位分高级、中级、初级",
    (("1", "高级"), ("2", "中级"), ("3", "初级")),
)

POLITICAL = CodeTable(
    "political",
    "政治面貌",
    "GB/T 4762-1984",
    (
        ("01", "中共党员"), ("02", "中共预备党员"), ("03", "共青团员"), ("04", "民革党员"), ("05", "民盟盟员"),
        ("06", "民建会员"), ("07", "民进会员"), ("08", "农工党党员"), ("09", "致公党党员"), ("10", "九三学社社员"),
        ("11", "台盟盟员"), ("12", "无党派人士"), ("13", "群众"),
    ),
)  # fmt: skip

TABLES = (SEX, ETHNICITY, EDUCATION, DEGREE, OCCUPATION, GRADE, POLITICAL)
