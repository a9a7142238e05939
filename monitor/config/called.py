"""What people call the words that settings and rules are written in: 栏目 is column. Only for hints, nothing is read by it. Pure."""

from collections.abc import Collection, Mapping

_CALLED: Mapping[str, tuple[str, ...]] = {
    "site": ("网站", "站点", "政府网站"),
    "column": ("栏目",),
    "account": ("账号", "帐号", "新媒体", "政务新媒体", "公众号"),
    "page": ("页面", "网页"),
    "link": ("链接",),
    "desk": ("值班台", "值班室", "值班"),
    "dynamic": ("动态", "动态类", "动态要闻", "动态信息"),
    "policy": ("政策", "政策类", "政策文件"),
    "notice": ("通知", "公告", "通知公告"),
    "service": ("服务", "办事服务"),
    "interaction": ("互动", "互动交流"),
    "report": ("年报", "年度报表", "年度工作报表", "网站年报"),
    "replies": ("留言", "留言公开"),
    "statistics": ("统计", "统计数据", "办事统计", "办事统计数据"),
    "other": ("其他", "其它"),
    "veto": ("单项否决", "否决"),
    "serious": ("严重", "严重问题"),
    "breach": ("违规", "一般", "一般问题"),
    "remind": ("提醒", "提示"),
    "verbatim": ("原文", "逐字"),
    "secondary": ("转述", "转引"),
    "unconfirmed": ("未核实", "未证实", "未确认"),
    "house": ("内部要求", "内部", "自定"),
    "jiucuo": ("找错", "纠错", "我为政府网站找错"),
    "consulting": ("咨询", "建议"),
    "handling": ("办理", "投诉", "求助"),
    "week": ("周", "每周"),
    "quarter": ("季度", "每季度"),
    "outage": ("故障", "中断", "打不开"),
    "slow": ("慢", "缓慢"),
    "tamper": ("篡改",),
    "stale": ("不更新", "未更新"),
    "blank": ("空白", "空白栏目"),
    "temporary_offline": ("临时下线",),
    "permanent_offline": ("永久下线",),
    "force_majeure": ("不可抗力",),
    "ordered_closure": ("责令关停",),
    "migration": ("迁移", "域名变更"),
    "account_closing": ("账号关停", "账号注销", "关停注销"),
    "launch": ("开设", "开通"),
    "sponsor_change": ("主办单位变更", "变更主办单位"),
    "change": ("变更",),
    "return": ("恢复上线",),
    "activity": ("已开展", "工作开展"),
    "order": ("整改", "整改通知"),
}
"""The words as config/rules/README.md, the domain and the inventory sheets have them; one name may stand at several words."""


def word_of(name: str, words: Collection[str]) -> str:
    """The one of these words that goes by this Chinese name, or ""."""
    return next((word for word in words if name.strip() in _CALLED.get(word, ())), "")
