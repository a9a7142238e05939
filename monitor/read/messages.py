"""What a page says to its visitor, apart from what it says about the world: clauses that are a message and not prose.

Reads the own words of a small page; gives its clauses with headlines, quotations, conditions and reports taken out, and
whether a match is what a clause is about. A page that explains an error, or reports on one, shows none.
"""

import re
from dataclasses import dataclass

HALF = 0.5
"""The share of a clause that must be the words looked for, unless it speaks to the visitor."""
LONGEST = 160  # characters; a longer clause is prose

_QUOTED = re.compile(r"“[^”\n]{2,80}”(?!应用程序)|《[^》\n]{1,80}》|「[^」\n]{1,80}」|‘[^’\n]{2,80}’|\"[^\"\n]{2,80}\"")
_SENTENCE = re.compile(r"[。！!？?；;\n]+|(?<=\w)\.\s+")
_CLAUSE = re.compile(r"[，,：:｜|]+|\s{2,}")
_HEADLINE = re.compile(
    r"^\W*(?:(?:关于|对).{2,80}(?:的?(?:公告|通知|通告|公示|说明|启事|声明|意见|办法|规定|函|报告|批复|通报|提示|提醒|问答|解读|整改情况|情况))|"
    r".{2,60}(?:专题|专栏|指南|手册|问答|解读|规程|办法|制度))\s*(?:$|[_|—-])"
)
_ABOUT = re.compile(
    r"如遇|(?:如果?|若)(?:您|你|用户|网民|群众)?(?:遇|出现|发现|看到|收到)|(?:出现|遇到|提示|显示|报).{0,30}(?:时|的?(?:情况|问题|现象|提示|字样))|怎么办|为什么|什么是|是指|"
    r"常见问题|排查|检查发现|抽查|个别|通报|已完成|顺利完成|整改(?:情况|结果|落实|完成|到位|措施)|(?:完成|落实)整改|(?:已|得到)(?:经|全部)?(?:修复|恢复|解决|调整|处理|优化)|谨防|警惕|严禁|诈骗|不法分子|应当|不得|用来|用于|(?:一|二|三|四|五|六)是|"
    r"有(?:网友|网民|群众|用户|市民)|部分(?:网友|网民|用户|群众)|反映|近期|经查|据了解|据悉|记者|discussed|how to|what is|when you see|troubleshoot",
    re.IGNORECASE,
)
_TO_YOU = re.compile(
    r"^\W*(?:您|你|对不起|抱歉|很抱歉|非常抱歉|该|此|本|请|无法|未能|sorry|oops|whoops|the (?:page|requested|url|website|site|server|resource|file)|"
    r"this (?:page|site|domain|website)|you|we|an? (?:error|exception)|please|所|由于您|系统检测|当前)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A clause and the sentence it stands in."""

    clause: str
    sentence: str


def messages(words: str) -> list[Said]:
    """The clauses of a page's own words that may be a message to its visitor."""
    found = []
    for sentence in _SENTENCE.split(_QUOTED.sub("", words)):
        plain = sentence.strip()
        if not plain or _HEADLINE.match(plain) is not None or _ABOUT.search(plain) is not None:
            continue
        clauses = [clause.strip() for clause in _CLAUSE.split(plain)]
        found += [Said(clause, plain) for clause in clauses if clause and len(clause) <= LONGEST]
    return found


def is_about(said: Said, found: re.Match[str]) -> bool:
    """True when the words found are what the clause is about, or when it speaks to the visitor."""
    return found.end() - found.start() >= HALF * len(said.clause) or _TO_YOU.search(said.clause) is not None


def first(pattern: re.Pattern[str], said: list[Said], *, anywhere: bool = False) -> re.Match[str] | None:
    """The first message that the pattern describes; `anywhere` also where it is but a part of a clause."""
    for one in said:
        for match in pattern.finditer(one.clause):
            if anywhere or is_about(one, match):
                return match
    return None
