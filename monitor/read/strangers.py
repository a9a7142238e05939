"""Which hosts a government page refers to as a matter of course, and which are strangers to it.

Pure words and one question. Not strangers are: hosts of its own registrable domain, public bodies, and the services, media,
banks and companies that such pages carry everywhere. An unknown host is a stranger, which alone is nothing bad.
"""

from functools import lru_cache

from monitor.read.links import site_of

_PUBLIC = (
    *(".gov.cn", ".edu.cn", ".ac.cn", ".mil.cn", ".org.cn", ".gov", ".edu", ".政务", ".公益", ".xn--zfr164b", ".xn--55qw42g"),
    *(".gov.hk", ".gov.mo", ".gov.tw", ".int", ".un.org"),
)  # fmt: skip
_NAMES = """
baidu.com bdstatic.com bdimg.com bcebos.com baidubce.com qq.com gtimg.cn gtimg.com qlogo.cn weixin.com tencent.com myqcloud.com tencentcs.com weibo.com weibo.cn
sinajs.cn sina.com.cn sina.cn sinaimg.cn sogou.com so.com 360.cn 360.com 163.com 126.net netease.com sohu.com alicdn.com aliyun.com aliyuncs.com taobao.com
alipay.com alipayobjects.com tbcache.com amap.com autonavi.com tianditu.com google.com googleapis.com gstatic.com google-analytics.com googletagmanager.com
google.cn microsoft.com bing.com jquery.com jsdelivr.net bootcss.com bootcdn.net staticfile.org staticfile.net cloudflare.com unpkg.com cdnjs.com polyfill.io
fontawesome.com w3.org jiathis.com bshare.cn addthis.com sharethis.com ujian.cc uyan.cc cnzz.com umeng.com 51.la 51yes.com growingio.com sensorsdata.cn webterren.com
gridsum.com webdissector.com gridsumdissector.com gridsumdissector.cn irs01.com irs01.net miaozhen.com alexa.cn clarity.ms conac.cn kaipuyun.cn kaipuyun.com govwza.cn trs.cn trs.com.cn
hanweb.com webplus.net.cn jiucuo.cn mayicms.cn ucap.com.cn knet.cn 12377.cn 12321.cn 12388.gov.cn cyberpolice.cn beian.gov.cn anquan.org itrust.org.cn trustutn.org
cnnic.cn cecdc.com miibeian.gov.cn chinaz.com tianqi.com tianqi.cn weather.com.cn seniverse.com heweather.com qweather.com xinzhi.com moji.com
youku.com tudou.com iqiyi.com bilibili.com douyin.com toutiao.com snssdk.com kuaishou.com ixigua.com pstatp.com bytedance.com bytegoofy.com ximalaya.com miaopai.com
people.com.cn people.cn peopledaily.com.cn xinhuanet.com news.cn xinhua.org cctv.com cctv.cn cntv.cn cnr.cn cri.cn chinanews.com chinanews.com.cn china.com.cn
china.com chinadaily.com.cn gmw.cn youth.cn ce.cn legaldaily.com.cn legalinfo.gov.cn qstheory.cn dangjian.cn dangjian.com wenming.cn xuexi.cn 12371.cn cpc.cn
ifeng.com huanqiu.com thepaper.cn southcn.com rednet.cn dzwww.com cjn.cn cnhubei.com hebei.com.cn hebnews.cn sxrb.com northnews.cn nmgnews.com.cn lnd.com.cn
jlcnwb.com.cn dbw.cn eastday.com jfdaily.com jschina.com.cn zjol.com.cn anhuinews.com fjsen.com jxnews.com.cn iqilu.com dahe.cn hnr.cn cnhan.com gxnews.com.cn
hinews.cn cqnews.net scol.com.cn sichuandaily.com.cn gog.cn ddcpc.cn yunnan.cn yndaily.com tibet.cn chinatibetnews.com cnwest.com sanqin.com gscn.com.cn qhnews.com
nxnews.net xjdaily.com ts.cn iyaxin.com bjnews.com.cn bjd.com.cn qianlong.com tianjinwe.com enorth.com.cn xinwen.cn takungpao.com wenweipo.com mzyfz.com jcrb.com
12333.cn 95598.cn sgcc.com.cn csg.cn 10086.cn 10010.com 189.cn chinaunicom.com chinatelecom.com.cn chinamobileltd.com 12306.cn 11185.cn chinapost.com.cn ems.com.cn
icbc.com.cn abchina.com boc.cn ccb.com bankcomm.com cmbchina.com psbc.com cebbank.com citicbank.com spdb.com.cn cib.com.cn cmbc.com.cn pingan.com cpic.com.cn
e-chinalife.com chinalife.com.cn picc.com unionpay.com cnpc.com.cn sinopec.com ctrip.com jd.com cnki.net wanfangdata.com.cn cqvip.com iconfont.cn
7moor.com meiqia.com meiqia.cn 53kf.com udesk.cn sobot.com easemob.com kuaishang.cn looyu.com live800.com qiyukf.com qiyukf.net ntalker.com tq.cn xiaoneng.cn
baomitu.com qhimg.com qhres.com qhres2.com qhmsg.com bytecdntp.com byteimg.com volces.com zstatic.net maxcdn.com bootstrapcdn.com aspnetcdn.com sohu.com.cn itc.cn
myhuaweicloud.com huaweicloud.com ctyunapi.cn qiniucdn.com qiniu.com qbox.me clouddn.com upaiyun.com upyun.com ksyun.com ksyuncs.com jdcloud.com wsimg.com geetest.com
polyv.net baijiayun.com aliplayer.com dingtalk.com feishu.cn tingyun.com oneapm.com zhugeio.com talkingdata.com ptengine.cn wuzhangai.com yinqing.net voicecloud.cn xfyun.cn
apple.com android.com mozilla.org mozilla.com adobe.com macromedia.com flash.cn foxitsoftware.cn wps.cn wps.com zhihu.com jianshu.com csdn.net github.com
"""
_KNOWN = frozenset(_NAMES.split())
_TRADES = (
    *("cdn", "static", "analytic", "tongji", "stat.", "stats.", "count", "tracker", "webdig", "map.", "maps.", "aliyun", "jquery", "bootstrap"),
    *("hanweb", "jpaas", "kaipu", "ucloud", "huawei", "govcloud", "zwfw", "zwwx", "smartgov", "zhengwu", "zfwz", "xxgk", "12345", "rmt", "weather"),
)  # fmt: skip
"""Parts of the names of hosts that serve pages of others."""

_THROWAWAY = (
    *(".xyz", ".top", ".vip", ".pw", ".icu", ".win", ".bid", ".loan", ".cyou", ".sbs", ".buzz", ".fun", ".bet", ".casino", ".porn", ".sex"),
    *(".gq", ".cf", ".tk", ".ml", ".ga"),
)  # fmt: skip
"""Endings that cost next to nothing, or say what they sell; no service to offices has its home there."""


@lru_cache(maxsize=4096)
def is_stranger(host: str, home: str) -> bool:
    """Whether a host is neither the page's own (`home`, "" when not known), nor public, nor known everywhere."""
    if not host or "." not in host or f".{host}".endswith(_PUBLIC):
        return False
    site = site_of(host)
    return site not in _KNOWN and (not home or site != site_of(home))


def serves_others(host: str) -> bool:
    """Whether a host's name says that it counts visits, draws maps or keeps files for others."""
    return any(part in f"{host}." for part in _TRADES)


def is_throwaway(host: str) -> bool:
    """Whether a host ends as those do that are bought for a month; what it calls itself says nothing then."""
    return host.endswith(_THROWAWAY)
