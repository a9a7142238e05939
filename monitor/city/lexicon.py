"""The words the rehearsed city is written in: names of bureaus, columns and accounts, and article titles.

Reads nothing, writes nothing. Everything is invented: 云川市 is on no map, and nothing here is copied from a real page.
It never holds a person's name, a real domain or a slogan; every character exists in GBK, so that old sites can be encoded.
"""

CITY = "云川市"

BUREAUS: tuple[str, ...] = (
    "人民政府门户网站",
    "发展和改革局",
    "教育局",
    "科学技术局",
    "工业和信息化局",
    "公安局",
    "民政局",
    "司法局",
    "财政局",
    "人力资源和社会保障局",
    "自然资源局",
    "生态环境局",
    "住房和城乡建设局",
    "交通运输局",
    "水务局",
    "农业农村局",
    "商务局",
    "文化广电旅游局",
    "卫生健康局",
    "退役军人事务局",
    "应急管理局",
    "审计局",
    "市场监督管理局",
    "统计局",
    "医疗保障局",
    "城市管理局",
    "信访局",
    "政务服务中心",
    "林业局",
    "气象局",
    "档案馆",
    "公积金管理中心",
)

COUNTIES: tuple[str, ...] = ("城东区", "城西区", "云岭区", "青渡区", "北湖县", "南屏县", "石桥县", "松溪河县", "白鹭县")

DYNAMIC_COLUMNS: tuple[tuple[str, str], ...] = (
    ("工作动态", "gzdt"),
    ("部门动态", "bmdt"),
    ("要闻速递", "ywsd"),
    ("基层动态", "jcdt"),
    ("媒体聚焦", "mtjj"),
    ("图片新闻", "tpxw"),
    ("领导活动", "ldhd"),
    ("工作简报", "gzjb"),
    ("党建工作", "djgz"),
    ("执法动态", "zfdt"),
    ("便民提示", "bmts"),
    ("乡镇动态", "xzdt"),
)

POLICY_COLUMNS: tuple[tuple[str, str], ...] = (
    ("通知公告", "tzgg"),
    ("政策文件", "zcwj"),
    ("政策解读", "zcjd"),
    ("规范性文件", "gfxwj"),
    ("公示公告", "gsgg"),
)

OTHER_COLUMNS: tuple[tuple[str, str], ...] = (
    ("规划计划", "ghjh"),
    ("人事信息", "rsxx"),
    ("财政预决算", "czyjs"),
    ("统计信息", "tjxx"),
    ("政府采购", "zfcg"),
    ("法治建设", "fzjs"),
)

VIDEO = "短视频"
PLATFORMS: tuple[tuple[str, str], ...] = (("公众号", "gzh"), ("微博", "wb"), (VIDEO, "sp"), ("头条号", "tt"))

_WHO: tuple[str, ...] = ("全市", "我局", "市直各部门", "各县区", "辖区各单位", "重点企业", "基层一线", "各镇街")

_DOES: tuple[str, ...] = ("召开", "部署", "开展", "组织", "推进", "启动", "举办", "检查")

_WHAT: tuple[str, ...] = (
    "安全生产专项检查",
    "老旧小区改造工作",
    "防汛备汛演练",
    "秋冬季森林防火工作",
    "营商环境座谈会",
    "校园食品安全督查",
    "城乡供水保障工程",
    "便民服务进社区活动",
    "河湖清理整治行动",
    "业务技能培训班",
    "政务公开专题培训",
    "道路交通秩序整治",
    "企业用工对接会",
    "文化惠民演出",
    "基层卫生服务能力提升工作",
    "高标准农田建设现场会",
    "消防安全宣传活动",
    "数据共享工作推进会",
)

_PAPERS: tuple[str, ...] = (
    "城市供水管理办法",
    "公共租赁住房分配细则",
    "小型水库运行管护方案",
    "中小企业贷款贴息办法",
    "政务服务事项目录",
    "学校招生工作方案",
    "突发事件应急预案",
    "建筑垃圾处置规定",
    "城区停车收费标准",
    "社区养老服务规范",
)

_TABLES: tuple[str, ...] = (
    "部门预算公开说明",
    "工作人员公开招聘公告",
    "政府采购意向公示",
    "重点工作计划",
    "统计分析报告",
    "法治建设情况报告",
)

GUIDES: tuple[str, ...] = (
    "居住证办理",
    "生育登记",
    "公积金提取",
    "不动产登记",
    "营业执照变更",
    "食品经营许可",
    "临时占道审批",
    "社保关系转移",
    "取水许可",
    "残疾人证办理",
)


def news_title(number: int) -> str:
    """A line of the daily news; the same number gives the same line."""
    who, rest = _WHO[number % len(_WHO)], number // len(_WHO)
    return f"{who}{_DOES[rest % len(_DOES)]}{_WHAT[(rest // len(_DOES)) % len(_WHAT)]}"


def policy_title(number: int, year: int) -> str:
    """A document with its number in brackets, the trap for readers of dates: 云政办〔2026〕15号."""
    paper = _PAPERS[number % len(_PAPERS)]
    verb = ("印发", "修订", "公布")[(number // 7) % 3]
    return f"关于{verb}《{CITY}{paper}》的通知（云政办〔{year}〕{number % 60 + 1}号）"


def other_title(number: int, year: int) -> str:
    """Plans, budgets, staff matters: named after their year."""
    return f"{year}年{_TABLES[number % len(_TABLES)]}（第{number % 4 + 1}批）"


def site_name(number: int) -> str:
    """What the site with that number (from 1) calls itself."""
    if number <= len(BUREAUS):
        return CITY + BUREAUS[number - 1]
    place, bureau = divmod(number - len(BUREAUS) - 1, len(BUREAUS))
    round_, county = divmod(place, len(COUNTIES))
    return f"{CITY}{COUNTIES[county]}{BUREAUS[bureau]}" + (f"{round_ + 1}" if round_ else "")
