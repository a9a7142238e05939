"""Error pages with 200: what servers, frameworks and content systems print, alone and inside the frame of a site."""

import pytest
from hypothesis import given, settings, strategies as st

from monitor.model import State
from tests.read.samples import URL, read
from tests.read.test_headlines import CRUMB, FOOT, menu

MESSAGES = """您访问的页面不存在
您要访问的页面不存在或已被删除
对不起，您访问的页面已被删除或暂时无法访问
抱歉！您要找的页面不见了
您所请求的页面无法找到
页面走丢了
网页走失了
该页无法显示
找不到网页
您查看的信息已被删除或不存在
该信息不存在或已删除！
您查看的信息不存在或已下线！
您访问的页面已下线
该文章不存在
文章不存在或已被删除
文档不存在
您访问的文档已删除
栏目不存在或已被删除
此栏目不存在
未找到相关栏目
没有找到您要访问的页面
您请求的资源不存在
请求的资源[/a/b]不可用
您所访问的内容不存在
内容不存在或未审核
该信息已过期或被删除
参数错误
参数错误！
非法参数
无此信息
没有该信息
记录不存在
数据不存在
查无此文
此链接已失效
链接已过期
您无权访问此页面
对不起，您没有权限访问该页面
没有访问权限
请求地址错误
访问的地址有误
您访问的地址不存在
URL错误
系统发生错误
系统繁忙，请稍后再试
服务器繁忙，请稍后重试
服务器内部错误
服务器出错了
网络异常，请稍后再试
页面出错了
哎呀，出错了
程序异常
系统异常，请联系管理员
操作失败
数据库连接失败
数据库连接错误
无法连接数据库
建立数据库连接时出错
模板不存在
模板文件不存在
模版错误
模板解析错误
站点不存在
站点未找到
该站点已被停止
没有找到站点
控制器不存在
模块不存在
无法加载模块
非法操作
页面错误！请稍后再试～
Page Not Found
The page you requested could not be found
The page cannot be found
The requested URL was not found on this server.
Object not found!
The resource cannot be found.
Whitelabel Error Page This application has no explicit mapping for /error
Error 500
Internal Server Error
Server Error
Bad Gateway
Service Unavailable
Gateway Timeout
An error occurred
Sorry, the page you are looking for is currently unavailable.
Oops! Something went wrong
Database Error
template error
Template not found
Fatal error
No data source
File not found.
Invalid URL
Invalid request
Bad Request (Invalid Hostname)
Unauthorized""".splitlines()
PAGES = {
    "tomcat404": "<html><head><title>Apache Tomcat/7.0.59 - Error report</title></head><body><h1>HTTP Status 404 - /x</h1><p><b>type</b> Status report</p><p><b>message</b> <u>/x</u></p><p><b>description</b> <u>The requested resource is not available.</u></p><h3>Apache Tomcat/7.0.59</h3></body></html>",
    "tomcat500": "<html><head><title>Error report</title></head><body><h1>HTTP Status 500 - Internal</h1><p>exception</p><pre>java.lang.NullPointerException\n\tat com.a.B.c(B.java:12)\n"
    + "\tat org.x.Y.z(Y.java:34)\n" * 40
    + "</pre></body></html>",
    "jsp": "<html><body><pre>org.apache.jasper.JasperException: An exception occurred processing JSP page /a.jsp at line 12\n"
    + "at org.x.Y.z(Y.java:34)\n" * 10
    + "</pre></body></html>",
    "struts": "<html><head><title>Struts Problem Report</title></head><body><h2>Struts Problem Report</h2><p>Struts has detected an unhandled exception:</p><p>There is no Action mapped for namespace [/] and action name [x]</p></body></html>",
    "iis7": "<html><head><title>IIS 7.5 详细错误 - 404.0 - Not Found</title></head><body><h3>HTTP 错误 404.0 - Not Found</h3><h4>您要找的资源已被删除、已更名或暂时不可用。</h4></body></html>",
    "iis6": "<html><head><title>无法找到该页</title></head><body><h1>无法找到该页</h1><p>您正在搜索的页面可能已经删除、更名或暂时不可用。</p><hr><p>请尝试以下操作：</p><ul><li>确保浏览器的地址栏中显示的网站地址的拼写和格式正确无误。</li><li>如果通过单击链接而到达了该网页，请与网站管理员联系。</li><li>单击<a href='javascript:history.back(1)'>后退</a>按钮尝试另一个链接。</li></ul><h2>HTTP 错误 404 - 文件或目录未找到。</h2></body></html>",
    "iis403": "<html><head><title>403 - 禁止访问: 访问被拒绝。</title></head><body><h1>服务器错误</h1><h2>403 - 禁止访问: 访问被拒绝。</h2></body></html>",
    "iis503": "<html><head><title>Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>",
    "iisstart": "<html><head><title>IIS7</title></head><body><a href='http://go.microsoft.com/fwlink/?linkid=66138'><img src='welcome.png' alt='IIS7'></a></body></html>",
    "iis win": "<html><head><title>IIS Windows Server</title></head><body><div id='container'><a href='http://go.microsoft.com/fwlink/?linkid=66138&amp;clcid=0x409'><img src='iisstart.png' alt='IIS' width='960' height='600' /></a></div></body></html>",
    "nginx welcome": "<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working. Further configuration is required.</p><p>For online documentation and support please refer to <a href='http://nginx.org/'>nginx.org</a>.</p><p><em>Thank you for using nginx.</em></p></body></html>",
    "apache works": "<html><body><h1>It works!</h1></body></html>",
    "tomcat welcome": "<html><head><title>Apache Tomcat/8.5.5</title></head><body><h1>Apache Tomcat/8.5.5</h1><h2>If you're seeing this, you've successfully installed Tomcat. Congratulations!</h2></body></html>",
    "bt new site": "<html><head><title>恭喜，站点创建成功！</title></head><body><h1>恭喜, 站点创建成功！</h1><h3>这是默认index.html，本页面由系统自动生成</h3><ul><li>本页面在FTP根目录下的index.html</li><li>您可以修改、删除或覆盖本页面</li></ul></body></html>",
    "bt no site": "<html><head><title>没有找到站点</title></head><body><h1>没有找到站点</h1><p>您的请求在Web服务器中没有找到对应的站点！</p><p>可能原因：</p><ol><li>您没有将此域名或IP绑定到对应站点!</li><li>配置文件未生效!</li></ol></body></html>",
    "aspnet": "<html><head><title>“/”应用程序中的服务器错误。</title></head><body><h1>“/”应用程序中的服务器错误。</h1><h2><i>运行时错误</i></h2><b>说明: </b>服务器上出现应用程序错误。此应用程序的当前自定义错误设置禁止远程查看应用程序错误的详细信息(出于安全原因)。但可以通过在本地服务器计算机上运行的浏览器查看。<br><b>详细信息:</b> 若要使他人能够在远程计算机上查看此特定错误消息的详细信息，请在位于当前 Web 应用程序根目录下的“web.config”配置文件中创建一个 &lt;customErrors&gt; 标记。<pre>&lt;configuration&gt;&lt;system.web&gt;&lt;customErrors mode='Off'/&gt;&lt;/system.web&gt;&lt;/configuration&gt;</pre></body></html>",
    "aspnet null": "<html><head><title>未将对象引用设置到对象的实例。</title></head><body><h1>“/”应用程序中的服务器错误。</h1><h2>未将对象引用设置到对象的实例。</h2><p>说明: 执行当前 Web 请求期间，出现未经处理的异常。请检查堆栈跟踪信息，以了解有关该错误以及代码中导致错误的出处的详细信息。</p><p>异常详细信息: System.NullReferenceException: 未将对象引用设置到对象的实例。</p><pre>"
    + "   在 A.B.C(Object sender, EventArgs e) 位置 d:\\x\\a.cs:行号 12\n" * 12
    + "</pre><hr>版本信息: Microsoft .NET Framework 版本:4.0.30319; ASP.NET 版本:4.7</body></html>",
    "asp": "<html><body><font face='宋体' size=2><p>Microsoft OLE DB Provider for ODBC Drivers</font> <font size=2>错误 '80004005'</font><p>[Microsoft][ODBC SQL Server Driver][DBNETLIB]SQL Server 不存在或拒绝访问。<p>/inc/conn.asp，行 12</body></html>",
    "asp2": "<html><body><p>Microsoft VBScript 运行时错误 错误 '800a000d'</p><p>类型不匹配: '[string: \"\"]'</p><p>/list.asp，行 34</p></body></html>",
    "tp5": "<html><head><title>系统发生错误</title></head><body><div class='echo'></div><div class='exception'><h1>模块不存在:zwgk</h1></div><div class='copyright'><a href='http://www.thinkphp.cn'>ThinkPHP</a> V5.0.24 { 十年磨一剑-为API开发设计的高性能框架 }</div></body></html>",
    "tp3": "<html><head><title>系统发生错误</title></head><body><p class='face'>:(</p><h1>无法加载控制器:Index</h1><h3>错误位置</h3><p>FILE: /x/ThinkPHP.php LINE: 112</p></body></html>",
    "tp6": "<html><head><title>System Error</title></head><body><h1>页面错误！请稍后再试～</h1><div class='copyright'>ThinkPHP V6</div></body></html>",
    "php": "<html><body><br /><b>Fatal error</b>:  Call to undefined function mysql_connect() in <b>/www/a.php</b> on line <b>12</b><br /></body></html>",
    "php warn": "<html><body><br /><b>Warning</b>:  mysqli_connect(): (HY000/2002): Connection refused in <b>/www/a.php</b> on line <b>12</b><br /></body></html>",
    "php parse": "<html><body>Parse error: syntax error, unexpected '}' in /www/x.php on line 9</body></html>",
    "mysql": "<html><body>MySQL server error report:Array ( [0] =&gt; Array ( [message] =&gt; MySQL Query Error ) [1] =&gt; Array ( [sql] =&gt; SELECT * FROM x ) [3] =&gt; Array ( [errno] =&gt; 1146 ) )</body></html>",
    "sqlserver": "<html><body>ORA-12541: TNS:no listener</body></html>",
    "laravel": "<html><title>Whoops, looks like something went wrong.</title><body><h1>Whoops, looks like something went wrong.</h1></body></html>",
    "django": "<html><title>Page not found at /x</title><body><h1>Page not found <span>(404)</span></h1></body></html>",
    "weblogic": "<html><head><title>Error 404--Not Found</title></head><body><h2>Error 404--Not Found</h2><h3>From RFC 2068 Hypertext Transfer Protocol -- HTTP/1.1:</h3><h4>10.4.5 404 Not Found</h4><p>The server has not found anything matching the Request-URI. No indication is given of whether the condition is temporary or permanent.</p><p>If the server does not wish to make this information available to the client, the status code 403 (Forbidden) can be used instead. The 410 (Gone) status code SHOULD be used if the server knows, through some internally configurable mechanism, that an old resource is permanently unavailable and has no forwarding address.</p></body></html>",
    "websphere": "<html><body>Error 404: SRVE0190E: File not found: /x.jsp</body></html>",
    "squid": "<html><head><title>ERROR: The requested URL could not be retrieved</title></head><body><h1>ERROR</h1><h2>The requested URL could not be retrieved</h2><p>The following error was encountered while trying to retrieve the URL: Connection to 10.0.0.1 failed.</p></body></html>",
    "listing": "<html><head><title>Index of /upload</title></head><body><h1>Index of /upload</h1><pre><a href='../'>../</a>\n<a href='a.doc'>a.doc</a> 01-Jan-2020 10:00 1234</pre></body></html>",
    "json": '{"code":500,"msg":"服务器内部错误","data":null}',
    "json404": '{"timestamp":"2026-11-20T01:00:00","status":404,"error":"Not Found","path":"/x"}',
    "xml nosuchkey": "<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>",
    "alert": "<script>alert('该信息不存在！');history.back();</script>",
    "alert2": "<script>alert('参数错误');window.location.href='/';</script>",
    "alert3": "<html><script language='javascript'>alert('您访问的栏目不存在');window.close();</script></html>",
    "public welfare 404": "<html><head><title>404 - 宝贝回家</title></head><body><script src='//qzonestyle.gtimg.cn/qzone/hybrid/app/404/search_children.js'></script></body></html>",
    "404 own": "<html><head><title>404错误页面-某某市人民政府</title></head><body>"
    + menu(8)
    + "<div><img src='/404.png'><p>您访问的页面可能已被移除、更名或暂时不可用</p><p><span id='s'>5</span>秒后自动返回首页</p><a href='/'>返回首页</a></div>"
    + FOOT
    + "<script>setTimeout(\"location.href='/'\",5000)</script></body></html>",
}


@settings(max_examples=600)
@given(
    message=st.sampled_from(MESSAGES),
    tag=st.sampled_from(["p", "h1", "h2", "span", "center", "td"]),
    nav=st.sampled_from([0, 5, 12]),
    foot=st.booleans(),
    back=st.booleans(),
    title=st.sampled_from(["", "提示信息", "某某市人民政府", "系统提示", "404"]),
    kind=st.sampled_from(["column", "site", "page"]),
)
def test_a_page_that_says_it_has_failed(  # noqa: PLR0917
    message: str, tag: str, nav: int, foot: bool, back: bool, title: str, kind: str
) -> None:
    home = (
        "<p>5秒后自动跳转，或<a href='/'>返回首页</a> <a href='javascript:history.back()'>返回上一页</a></p>"
        if back
        else ""
    )
    page = (
        f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{menu(nav)}"
        f"<div class='main'><{tag}>{message}</{tag}>{home}</div>{FOOT if foot else ''}</body></html>"
    )
    reading = read(page, kind)
    assert (reading.state, reading.items, reading.newest_date) == (State.SOFT_ERROR, (), None)


@pytest.mark.parametrize(
    "message", ["您访问的页面不存在", "该信息不存在或已删除！", "栏目不存在", "抱歉，您没有访问当前栏目的权限。"]
)
def test_also_inside_the_breadcrumb_of_a_site(message: str) -> None:
    page = f"<html><title>x</title><body>{menu(8)}{CRUMB.format(name='提示')}<p>{message}</p>{FOOT}</body></html>"
    assert read(page).state is State.SOFT_ERROR


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("kind", ["column", "site", "page"])
def test_what_programs_print(name: str, kind: str) -> None:
    leads_on = name == "alert2" and kind == "site"
    assert read(PAGES[name], kind).state is (State.SHELL if leads_on else State.SOFT_ERROR)


JUMPS = (
    "<script>location.href='/';</script>",
    "<script>window.location.replace('/index.html')</script>",
    "<script>setTimeout(function(){ top.location = '/' }, 3000)</script>",
    "<meta http-equiv='refresh' content='0;url=/'>",
    "<meta http-equiv='refresh' content='3; url=http://www.shi.gov.cn/'>",
)


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("said", ["", "<p>页面不存在，3秒后返回首页</p>"])
@pytest.mark.parametrize("kind", ["column", "page"])
def test_a_jump_from_deep_inside_to_the_home_page(jump: str, said: str, kind: str) -> None:
    page = f"<html><head><title>提示</title>{jump}</head><body>{said}</body></html>"
    reading = read(page, kind)
    assert (reading.state, reading.needs) == (State.SOFT_ERROR, ())


@pytest.mark.parametrize("jump", JUMPS[:3])
@pytest.mark.parametrize(
    "url", ["http://www.shi.gov.cn/", "http://www.shi.gov.cn/portal/", "http://www.shi.gov.cn/index.jsp"]
)
def test_a_home_page_may_stand_elsewhere(jump: str, url: str) -> None:
    onward = jump.replace("'/'", "'/web/a.html'").replace("/index.html", "/web/a.html")
    assert read(f"<html><head>{onward}</head></html>", "site", url=url).state is State.SHELL
    assert (
        read(f"<html><head>{jump}</head></html>", "site", url=url.replace("index.jsp", "portal/")).state is State.SHELL
    )


def test_a_column_at_the_root_may_jump_there() -> None:
    jump = "<html><head><script>location.href='/index.html'</script></head></html>"
    assert read(jump, "column", url="http://www.shi.gov.cn/").state is State.SHELL
    assert read(jump, "column", url=URL).state is State.SOFT_ERROR
