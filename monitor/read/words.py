"""Words of spam: gambling, pornography, drugs, loans and forbidden goods, and what tells that a text merely reports on them.

The only home of pyahocorasick. Reads one piece of text; gives the words in it, or the verdict that it advertises. A `sure`
word is a brand or an offer that no office writes; a `weak` one is a subject that news reports too. A text that fights what
it names (打击, 查处, 谨防 …), or that a lottery office publishes, advertises nothing. Never fetches, knows no page.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

import ahocorasick

MAX_UNIT = 4_000  # characters of one piece of text that are judged
NEAR = 4  # characters: a text hardly longer than the word is an offer, not a report
FULL, THICK = 3, 80  # different words on a page that is nothing but spam, and characters to each at most
AROUND = 36  # characters shown on both sides of the word that decided

_SURE = """
真人娱乐城 真人荷官 真人百家乐 真人视讯 真人棋牌 真钱游戏 真钱棋牌 真钱麻将 百家乐官网 百家乐平台 百家乐娱乐 澳门百家乐 网上真人
澳门新葡京 澳門新葡京 新葡京官网 葡京娱乐 葡京国际 新葡京娱乐 威尼斯人官网 威尼斯人娱乐 威尼斯人网上 金沙娱乐 金沙官网 金沙国际娱乐
太阳城娱乐 太阳城官网 申博太阳城 太阳城申博 永利娱乐 永利官网 永利博 皇冠体育 皇冠投注 皇冠足球 皇冠现金 皇冠比分 银河娱乐官网
开云体育 亚博体育 亚博娱乐 亚博官网 乐鱼体育 华体会 米兰体育官网 必威体育 万博体育 manbetx betway bet365 188bet 伟德国际 伟德体育 优德88 龙8国际
龙8娱乐 腾博会官网 凯发k8 凯发娱乐 ag亚游 亚游集团 ag视讯 ag真人 ag旗舰厅 pg电子 pg娱乐 mg电子游戏 mg老虎机 bbin 必发娱乐 千赢国际 博狗
大发彩票 大发快三 三分快3 分分彩计划 时时彩计划 时时彩平台 时时彩开户 时时彩投注 北京赛车pk10 pk10计划 pk10开奖直播 幸运飞艇计划 六合彩资料 六合彩特码
六合彩开奖结果 香港六合彩 一肖一码 一码中特 平特一肖 三肖中特 管家婆一码 白小姐中特 曾道人 六合宝典 新澳门资料 澳门资料大全 今晚开什么码
注册送彩金 注册即送彩金 注册送现金 注册送体验金 开户送彩金 送体验金 老虎机注册 老虎机游戏 老虎机下载 博彩公司排名 博彩平台 博彩网站大全 博彩论坛 博彩娱乐
网上博彩 在线博彩 博彩客户端 网上赌场 线上赌场 赌场官网 赌球网站大全 足球外围投注 现金棋牌 棋牌游戏平台 捕鱼游戏平台 斗地主赢现金 娱乐城开户 娱乐城官网 娱乐城注册
成人电影 成人视频 成人小说 成人影院 成人论坛 黄色小说 黄色视频 黄色电影 激情小说 激情视频 激情电影 三级电影 av女优 亚洲无码 日韩无码 无码高清
无码视频 国产自拍 自拍偷拍 偷拍自拍 免费av 日本av 欧美性爱 性爱视频 欧美色图 一级黄片 丝袜诱惑 同城约炮 约炮 楼凤 小姐上门 上门小姐 外围女 久久热 91porn
金宝博 瑞丰国际娱乐 明升体育 明升亚洲 尊龙凯时 尊龙娱乐 和记娱乐 利来国际 利来娱乐 钱柜娱乐 博天堂 环亚娱乐 星空体育 九游会 南宫娱乐 爱游戏体育 欧宝体育 ob体育
天博体育 kok体育 雷火电竞 泛亚电竞 博鱼体育 澳博国际 新利体育 通宝娱乐 博亿娱乐 杏彩娱乐 摩臣娱乐 恒达娱乐 天富娱乐 沙巴体育 威尼斯人赌场 永利赌场 銀河娛樂 大发娱乐
乐鱼全站 全站app 开元棋牌 棋牌官网 真人斗地主 娱乐城app 半岛体育官网 半岛体育app 免费黄片 91国产 91视频 freeporn pornvideos sexvideos pornvideo
亚洲av 国产av 日韩av 欧美av 成人av av麻豆 麻豆传媒 久久精品 欧美激情 国产精品一区 国产精品久久 人妻少妇 久久久久
无痛人流多少钱 男科医院排名 男科医院哪家好 牛皮癣医院 妇科医院哪家好 黑帽seo 站群系统 毕业证代办 学历证书代办 假文凭 aomenduchang baijiale liuhecai bocaigongsi
pornhub xvideos 迷奸药 迷情药 催情药 催情水 听话水 乖乖水 蒙汗药 昏睡药 黑户贷款 黑户下款 花呗套现 秒下款 网贷口子 私人放款 传奇私服 新开传奇 私服发布网
代孕公司 代孕网 代孕价格 弩箭专卖 气枪专卖 仿真枪专卖 办证刻章 代办毕业证
"""
_WEAK = {
    "gambling": "百家乐 老虎机 六合彩 博彩 赌场 赌球 娱乐城 新葡京 葡京 澳门威尼斯人 澳门金沙 澳门银河 棋牌游戏 棋牌平台 捕鱼游戏 "
    "炸金花 德州扑克 龙虎斗 轮盘赌 网络赌博 外围投注 娱乐平台 足球投注 体育投注 在线投注 投注平台 百家樂 娛樂城 賭場 澳门永利 永利皇宫 博彩公司 太阳城集团 真人荷官发牌",
    "lottery": "时时彩 北京赛车 极速赛车 极速飞艇 幸运28 加拿大28 pc蛋蛋 pk10 pk拾 幸运飞艇 分分彩 快三 快3 十一选五 彩票app 彩票平台 彩票计划 彩票投注 彩票开户 特码",
    "porn": "色情网站 黄色网站 裸聊 一夜情 援交 毛片 三级片 国产精品 一区二区三区 人妻 中文字幕 激情网 成人网站 成人用品 情色",
    "drugs": "迷药 迷魂药 春药 冰毒 k粉 摇头丸 麻古 海洛因 三唑仑 弩箭 气枪 仿真枪",
    "loans": "无抵押贷款 不看征信 信用卡套现 信用卡代还 身份证贷款 急用钱贷款 当天放款 小额贷款app 贷款app 借款app 无视征信 空放",
    "seo": "seo优化 友情链接交换 网站排名优化 关键词排名 快速排名 刷排名",
    "films": "欧美日韩 日韩欧美 亚洲欧美 国产综合 综合在线 在线一区",
    "goods": "viagra cialis 私服 代孕 私家侦探 毕业证办理 办理毕业证 刻章 论文代写 代写论文 外挂",
}
_ADVERTISED = frozenset({"gambling", "lottery", "porn", "drugs"})  # topics where an offer beside the word is enough

_OFFER = re.compile(
    r"官网|官方|注册|登[录陆]|开户|下载|app\b|客户端|手机版|网址|入口|投注|送彩金|体验金|返水|充值|提现|货到付款|出售|专卖|批发|哪里买|怎么买|"
    r"多少钱|在线观看|免费观看|免费看|计划软件|技巧|玩法|直营|必赢|稳赢|大奖|荷官"
)
_FIGHTS = re.compile(
    r"打击|查处|查获|查办|破获|侦破|侦办|抓获|捣毁|端掉|涉嫌|犯罪|涉案|违法|违规|非法|整治|严禁|禁止|禁毒|禁赌|反赌|戒赌|反诈|扫黄|取缔|举报|警惕|防范|"
    r"防骗|受骗|被骗|诈骗|骗局|骗术|敲诈|勒索|陷阱|赌博罪|赌博案|赌场罪|判处|获刑|有期徒刑|入刑|拘留|民警|公安|警方|派出所|治理|清理|曝光|拒绝|远离|危害|"
    r"预防|处罚|罚款|警示|检察|法院|戒毒|缉毒|毒品|吸毒|贩毒|涉毒|涉黄|涉赌|黄赌毒|聚赌|赌资|参赌|设赌|谨防|谨慎|切勿|切莫|不要|莫让|风险提示|团伙|覆灭|落网|"
    r"整顿|监管|管制|管控|侵害|揭秘|揭露|识破|套路|说不|抵制|严打|扫除|净网|清网|护苗|通缉|自首|悔过|跨境赌|社会治安|治安管理|刑法|宣判|判决|一审|二审|被告人|公诉|起诉|监察|严查|小广告|虚假广告"
)
_OFFICE = re.compile(
    r"福利彩票|体育彩票|福彩|体彩|彩票中心|彩票管理|彩票发行|彩票公益金|彩票销售|公益金|开奖公告|销售网点"
)
_LOOKALIKES = str.maketrans(
    "樂線註門賭場開獎網馬資彩體育電遊戲會員錢ɑаеорсхіΒΕΤ０", "乐线注门赌场开奖网马资彩体育电游戏会员钱aaeopcxibet0"
)
"""Traditional characters, and letters of other alphabets, by which words are kept from being found."""
_JOINTS = re.compile(r"[\s·•.。,，、_\-—~|/\\*+()（）\[\]【】<>《》\"'“”!！:：;；]+")


class Hit(NamedTuple):
    """A word in a text, and where it begins."""

    place: int
    word: str
    topic: str

    @property
    def sure(self) -> bool:
        """Whether no office writes it."""
        return self.topic == "sure"


@lru_cache(maxsize=1)
def _machine() -> ahocorasick.Automaton:
    made = ahocorasick.Automaton()
    for topic, words in [*_WEAK.items(), ("sure", _SURE)]:
        for word in words.split():
            made.add_word(word, (word, topic))
    made.make_automaton()
    return made


def find_words(lower: str) -> list[Hit]:
    """The words in a text in lower case, longest first where they overlap, in order. Linear in its length."""
    return [Hit(end - len(word) + 1, word, topic) for end, (word, topic) in _machine().iter_long(lower)]


def advertises(text: str, *, prose: bool = False, about: str = "") -> str | None:
    """What a text advertises, as the excerpt that shows it; None when nothing, or when it speaks against it.

    `prose` for running text, which must name more than a heading or a link must; `about` is what the page around it is
    about (title, headings): a report says there what it fights.
    """
    lower = text[:MAX_UNIT].lower()
    hits = [hit for hit in find_words(lower) if not _is_shop(lower, hit)]
    if not hits:
        return None
    if _FIGHTS.search(lower) or (about and _FIGHTS.search(about)):
        return None
    if all(hit.topic == "lottery" for hit in hits) and (_OFFICE.search(lower) or (about and _OFFICE.search(about))):
        return None
    sure = next((hit for hit in hits if hit.sure), None)
    if sure is not None or _offers(lower, hits, prose=prose):
        return excerpt(text[:MAX_UNIT], (sure or hits[0]).place)
    return None


def is_office(about: str) -> bool:
    """Whether this is what a lottery office calls itself, and no report on what is fought."""
    return bool(about) and _OFFICE.search(about) is not None and _FIGHTS.search(about) is None


def _is_shop(lower: str, hit: Hit) -> bool:
    """Lottery offices license the shops that take bets (足球投注站)."""
    return hit.word.endswith("投注") and lower[hit.place + len(hit.word) :][:1] in {"站", "点", "厅"}


def replaced(title: str, text: str) -> str | None:
    """What a whole page advertises: its title does, and so does most of what it shows; None for any other page."""
    shown = advertises(title) if title else None
    if shown is None:
        return None
    lower = text[: 4 * MAX_UNIT].lower()
    hits = find_words(lower)
    return shown if len({hit.word for hit in hits}) >= FULL and len(lower) <= THICK * len(hits) else None


def coded(text: str) -> str:
    """The text in plain letters, without the dots and blanks that break words up (澳·门·新·葡·京), to be asked once more."""
    plain = normalize("NFKC", text[:MAX_UNIT]).translate(_LOOKALIKES)
    return _JOINTS.sub("", plain)


def excerpt(text: str, place: int) -> str:
    """What stands around a place, on one line."""
    begin = max(0, place - AROUND)
    return " ".join(text[begin : place + 2 * AROUND].split())


def _offers(lower: str, hits: list[Hit], *, prose: bool) -> bool:
    """Subjects alone, none of them sure: several different ones, one with an offer, or nothing but the word itself."""
    subjects = {hit.word for hit in hits}
    offer = _OFFER.search(lower) is not None
    if prose:
        return len(subjects) >= 2 and offer and any(hit.topic in _ADVERTISED for hit in hits)
    if len(subjects) >= 2:
        return True
    hit = hits[0]
    return hit.topic in _ADVERTISED and (offer or len(lower.strip()) <= len(hit.word) + NEAR)
