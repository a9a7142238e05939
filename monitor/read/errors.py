"""Error pages that come with 200: what servers, frameworks and content systems say in place of what was asked for.

Reads a Glance; gives soft_error with the words that show it, or None. A sentence about errors is none, and neither is a
page of a working site that only mentions one: what counts is what the page says to its visitor.
"""

import re

from monitor.model import State
from monitor.read.glance import FEW_LINKS, MANY_LINKS, VERY_FEW, Glance, Verdict
from monitor.read.messages import first, messages

OPENING = 400  # characters at the start of a page in which a program says that it failed
_NOUN = r"(?:栏目|频道|页面?|网页|文件|文档|文章|新闻|信息|内容|站点|地址|网址|URL|资源|链接|数据|记录|对象|目录|模块|模[板版](?:文件)?|控制器|参数|用户|专题|主题)"
_GONE = r"(?:不存在|不见了?|走[丢失]了?|丢失了?|未找到|没(?:有)?找到|找不到|无法找到|已?(?:经)?被?(?:删除|移除|撤销|屏蔽|下线|下架|停用)|已?(?:失效|过期)|有误|无效|无法(?:访问|显示|打开|加载)|不可用|错误|解析(?:错误|失败))"
_MESSAGE = re.compile(
    rf"{_NOUN}.{{0,14}}?{_GONE}|(?:找不到|未找到|没有?找到|无法找到|无法加载|无法打开|无法显示|无此|查无|没有).{{0,14}}?{_NOUN}|没有(?:该|此|这[个条篇]|相应的?).{{0,4}}{_NOUN}|查无此[文页]|"
    r"无效的?(?:访问|地址|参数|链接|请求)|(?:没有|无|未).{0,8}(?:访问|浏览|查看).{0,10}权限|没有权限.{0,6}(?:访问|浏览|查看)|权限不足|禁止访问|拒绝访问|无权(?:访问|查看|浏览)|"
    r"非法(?:访问|请求|操作|参数)|(?:该|本|您访问的)(?:网站|站点)(?:不存在|未找到|找不到)|(?:服务器|系统|程序|运行时|应用程序|数据库|参数|网络|站点|请求|内部).{0,8}(?:错误|出错|异常|繁忙|故障)|(?:连接|访问)?数据库.{0,6}(?:失败|错误|出错)|"
    r"无法连接(?:到)?.{0,4}(?:数据库|服务器)|操作失败|出错了|发生错误|很抱歉|抱歉.{0,20}(?:页面|访问)|未将对象引用设置到对象|站点创建成功|该站点已被?停止|没有找到站点|"
    r"(?:page |file |url )?not found|forbidden|invalid hostname|bad gateway|gateway time-?out|service (?:temporarily )?unavailable|bad request|unauthorized|"
    r"(?:page|url|resource|file|document|object|site|website|record)\b.{0,60}?(?:not be found|cannot be found|could not be (?:found|retrieved|displayed)|does(?: not|n't) exist|not available|unavailable|no longer)|"
    r"internal server error|server error|database error|template (?:error|not found|does not exist)|system error|http status|http error|http 错误|详细错误|runtime error|fatal error|parse error|"
    r"an? (?:unexpected |unhandled )?(?:error|exception) (?:has )?(?:occurred|been)|something went wrong|no input file specified|directory listing|stack trace|whitelabel error page(?: this application has no explicit mapping for /error)?|"
    r"invalid (?:url|request|parameter|id)|no (?:such|data) (?:source|file|page|key)|nosuchkey|specified key does not exist|"
    r"^it works!?$|^welcome to (?:nginx|openresty|tengine|centos|apache)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"^\W*(?:(?:http|error|status|code|错误代码|错误|状态码)\W*)*(?:400|401|403|404|405|410|500|502|503|504)(?:\.\d+)?(?:\W*$|\W*(?:error|not|forbidden|bad|internal|service|gateway|page|错误|出错|未找到|找不到|页面?))",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^\W*(?:(?:(?:http\s*)?error\s*)?(?:404|403|500|502|503|504)(?=\s*(?:$|[|_:：,，.。!！(（—–-]\D|[|_:：,，.。!！—–-]?$|error|not|forbidden|"
    r"internal|bad|service|gateway|page|页|网页|错误|出错|未找到|找不到|无法|您|对不起|抱歉|很抱歉|服务器|文件|访问))|"
    r"(?:页面不存在|页面未找到|找不到页面|页面找不到|无法找到该?[页网]|出错|错误提示|错误页面|系统错误|系统发生错误|没有找到站点)(?=$|[\W_]|[了啦或页提])|not found|"
    r"(?:iis\s?\d?|iis windows(?: server)?|welcome to (?:nginx|openresty|tengine)!?|apache tomcat/[\d.]+(?: - error report)?|index of /\S*|test page for.{0,40}|struts problem report|whoops.{0,60})\s*$)",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"HTTP Status [45]\d\d|java\.(?:lang|io|sql|util)\.\w*(?:Exception|Error)|org\.apache\.jasper|JasperException|Servlet\.service\(\)|应用程序中的服务器错误|Server Error in '/|"
    r"未将对象引用设置到对象的实例|Microsoft (?:OLE DB|VBScript|JET)|ODBC (?:SQL|Drivers)|(?:Fatal|Parse) error\s*:|Warning\s*:\s*\w+\(\)|MySQL (?:server )?(?:error|Query)|SQL syntax|ORA-\d{5}|"
    r"ThinkPHP|Whitelabel Error|Traceback \(most recent|System\.\w+Exception|Index of /|RFC 2068 Hypertext|detected an unhandled exception|could not be retrieved",
)


def soft_error(seen: Glance) -> Verdict | None:
    """An error page without an error status, by its title, by what a program says, by its words."""
    if seen.full or seen.article:
        return None
    title = _TITLE.search(seen.title)
    if title is not None and seen.links <= 5 * FEW_LINKS:
        return Verdict(State.SOFT_ERROR, f"title {title[0]!r}")
    program = _PROGRAM.search(seen.text, 0, OPENING) if seen.links <= FEW_LINKS and not seen.placed else None
    if program is not None:
        return Verdict(State.SOFT_ERROR, f"program {program[0]!r}")
    if seen.words > VERY_FEW or seen.links > MANY_LINKS or seen.fields > 2:
        return None
    said = messages(seen.says)
    match = first(_MESSAGE, said) or first(_NUMBER, said, anywhere=True)
    return Verdict(State.SOFT_ERROR, f"words {match[0]!r}") if match is not None else None
