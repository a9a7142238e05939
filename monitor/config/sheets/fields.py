"""The columns of inventories: in our own words, and as the national filing systems of sites and accounts name them.

Data. The systems differ a little from province to province and year to year: titles are those in use, the best known first.
"""

from collections.abc import Mapping
from typing import NamedTuple

from monitor.config.sheets.headings import Field
from monitor.model import ColumnKind, Platform, TargetKind

_ID = Field("id", ("监测编号", "id"), "可不填：由网站标识码或网址生成，再次导入时不变")
_OWNER = Field("owner", ("主办单位", "主办单位名称", "网站主办单位", "开办主体", "owner"), "", "某市人民政府办公室")
_UNDERTAKER = Field(
    "undertaker", ("承办单位", "承办单位名称", "运维单位"), "随联系人一并记下", "某市政务服务和数据管理局"
)
_CONTACT = Field("contact", ("联系人", "联系人姓名", "责任人", "负责人", "contact"), "", "张三")
_PHONE = Field(
    "phone", ("联系电话", "联系人电话", "联系方式", "办公电话", "电话", "手机", "手机号码"), "", "0751-1234567"
)
_PACKS = Field("packs", ("规则包", "packs"), "可不填：national-2019;house；多个之间用分号")
_STATUS = Field(
    "status",
    ("运行状态", "网站运行状态", "网站状态", "账号状态", "状态"),
    "可不填：正常运行；已永久下线而未监测的不导入",
)

SITE = (
    Field("site_code", ("网站标识码", "政府网站标识码", "标识码", "site_code"), "与页面底部所示比对", "4400000000"),
    Field("name", ("网站名称", "政府网站名称", "name"), "必填", "某市人民政府门户网站", required=True),
    Field(
        "url",
        ("首页网址", "网站首页网址", "首页地址", "网站网址", "网站地址", "网址", "网站域名", "主域名", "域名", "url"),
        "必填；只有域名时按 http:// 访问",
        "https://www.example.gov.cn/",
        required=True,
    ),
    _OWNER,
    _UNDERTAKER,
    _CONTACT,
    _PHONE,
    Field("icp", ("ICP备案号", "ICP备案编号", "ICP备案"), "仅供核对，不导入", "粤ICP备00000000号"),
    Field(
        "police", ("公安备案号", "公安机关备案号", "公安联网备案号", "公安备案"), "仅供核对，不导入", "44000002000000"
    ),
    _STATUS,
    _ID,
    _PACKS,
)
ACCOUNT = (
    Field("name", ("新媒体名称", "账号名称", "政务新媒体名称", "帐号名称", "name"), "必填", "某市发布", required=True),
    Field(
        "platform",
        ("平台", "平台类型", "新媒体类型", "账号类型", "所属平台", "类型", "platform"),
        "微信公众号、微博、抖音、快手、视频号、哔哩哔哩、小红书、今日头条、客户端、小程序、其他",
        "微信公众号",
    ),
    _OWNER,
    _UNDERTAKER,
    Field(
        "url",
        ("订阅地址", "账号地址", "账号链接", "链接地址", "访问地址", "网址", "url"),
        "必填；能读到账号内容的订阅（RSS）地址",
        "https://feeds.example.gov.cn/weixin.xml",
        required=True,
    ),
    _CONTACT,
    _PHONE,
    Field("site", ("所属网站", "site"), "可不填：网站的监测编号、标识码或名称"),
    _STATUS,
    _ID,
    _PACKS,
)
COLUMN = (
    Field(
        "site",
        ("所属网站", "网站标识码", "网站名称", "site"),
        "必填：网站的标识码、名称或监测编号",
        "4400000000",
        required=True,
    ),
    Field("name", ("栏目名称", "name"), "必填", "通知公告", required=True),
    Field(
        "column",
        ("栏目类别", "栏目类型", "栏目分类", "更新周期", "更新频率", "更新要求", "column"),
        "必填：动态要闻类、政策文件类、通知公告类、其他；或更新周期：2周、6个月、1年",
        "通知公告类",
        required=True,
    ),
    Field(
        "url",
        ("栏目网址", "栏目地址", "栏目链接", "网址", "url"),
        "必填",
        "https://www.example.gov.cn/tzgg/",
        required=True,
    ),
    Field("on_home", ("首页栏目", "是否首页栏目", "是否在首页", "on_home"), "是、否", "否"),
    Field(
        "level", ("栏目层级", "栏目级别", "栏目级次", "层级", "level"), "可不填：一级、二级；不填按一级计入考核", "一级"
    ),
    _OWNER,
    _CONTACT,
    _PHONE,
    _ID,
    _PACKS,
)
OURS = tuple(
    Field(key, (key,), required=key in {"kind", "name", "url"})
    for key in (
        *("id", "kind", "column", "name", "url", "site", "owner", "contact", "packs", "on_home", "entry", "platform"),
        *("level", "site_code"),
    )
)


class Form(NamedTuple):
    """A kind of inventory list: headings that tell it, its fields, and the one kind of target it lists (None: any)."""

    marks: tuple[str, ...]
    fields: tuple[Field, ...]
    kind: TargetKind | None


FORMS: Mapping[str, Form] = {
    "ours": Form(("kind",), OURS, None),
    "column": Form(("栏目名称",), COLUMN, TargetKind.COLUMN),
    "account": Form(("新媒体名称", "账号名称", "政务新媒体名称", "帐号名称"), ACCOUNT, TargetKind.ACCOUNT),
    "site": Form(("网站名称", "政府网站名称"), SITE, TargetKind.SITE),
}
"""In the order in which a line of headings is asked: a list of columns names their sites too."""

NOT_KEPT = ("icp", "police")
"""Fields of the filing system that nothing of ours goes by."""

KINDS = {
    "网站": TargetKind.SITE,
    "栏目": TargetKind.COLUMN,
    "账号": TargetKind.ACCOUNT,
    "新媒体": TargetKind.ACCOUNT,
    "页面": TargetKind.PAGE,
}
COLUMNS: Mapping[str, ColumnKind] = {
    **dict.fromkeys(("动态", "动态类", "动态要闻", "动态要闻类", "要闻", "工作动态", "要闻动态类"), ColumnKind.DYNAMIC),
    **dict.fromkeys(("2周", "两周", "每2周", "每两周", "14天", "14日", "2星期", "两星期"), ColumnKind.DYNAMIC),
    **dict.fromkeys(("政策", "政策文件", "政策文件类", "政策类", "政策法规", "法规文件类"), ColumnKind.POLICY),
    **dict.fromkeys(("通知", "公告", "通知公告", "通知公告类", "公告公示", "公告公示类"), ColumnKind.NOTICE),
    **dict.fromkeys(("其他", "其它", "其他类", "其它类", "其他栏目"), ColumnKind.OTHER),
    **dict.fromkeys(("1年", "一年", "每年", "12个月", "年度"), ColumnKind.OTHER),
}
HALF_A_YEAR = ("6个月", "六个月", "半年", "每半年")
"""A limit that policies and notices share: which of them it is, the column's name tells."""
PLATFORMS: Mapping[str, Platform] = {
    **dict.fromkeys(("微信", "公众号", "微信公众号", "政务微信", "微信服务号", "微信订阅号"), Platform.WECHAT),
    **dict.fromkeys(("微博", "新浪微博", "政务微博"), Platform.WEIBO),
    **dict.fromkeys(("抖音", "抖音号", "抖音短视频"), Platform.DOUYIN),
    **dict.fromkeys(("快手", "快手号"), Platform.KUAISHOU),
    **dict.fromkeys(("视频号", "微信视频号"), Platform.SHIPINHAO),
    **dict.fromkeys(("哔哩哔哩", "b站", "bilibili"), Platform.BILIBILI),
    **dict.fromkeys(("小红书",), Platform.XIAOHONGSHU),
    **dict.fromkeys(("头条", "头条号", "今日头条", "今日头条号"), Platform.TOUTIAO),
    **dict.fromkeys(("客户端", "移动客户端", "app", "移动客户端app"), Platform.APP),
    **dict.fromkeys(("小程序", "微信小程序"), Platform.MINI),
    **dict.fromkeys(("其他", "其它"), Platform.OTHER),
}
