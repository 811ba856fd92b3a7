"""A pasted agenda becomes resolutions in order, each with a type guessed from its wording, in English and Chinese.

Pure text: knows no tables and no language of the reader. A guess is a proposal; a person looks it over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class MeetingKind(StrEnum):
    """What kind of general meeting."""

    AGM = "AGM"  # the yearly one
    EGM = "EGM"  # called for something that can't wait


class Vote(StrEnum):
    """What a shareholder casts, or a board recommends."""

    FOR = "FOR"
    AGAINST = "AGAINST"
    ABSTAIN = "ABSTAIN"  # withheld: counted in no per cent


class ResolutionType(StrEnum):
    """What a resolution is about. The order is the one in which people read them explained."""

    ACCOUNTS = "ACCOUNTS"
    DIVIDEND = "DIVIDEND"
    REMUNERATION_REPORT = "REMUNERATION_REPORT"
    REMUNERATION_POLICY = "REMUNERATION_POLICY"
    DIRECTORS_ELECTION = "DIRECTORS_ELECTION"
    AUDITORS_APPOINTMENT = "AUDITORS_APPOINTMENT"
    AUDITORS_REMUNERATION = "AUDITORS_REMUNERATION"
    ALLOTMENT = "ALLOTMENT"
    PRE_EMPTION = "PRE_EMPTION"
    MARKET_PURCHASES = "MARKET_PURCHASES"
    OFF_MARKET_PURCHASES = "OFF_MARKET_PURCHASES"
    DONATIONS = "DONATIONS"
    MEETING_NOTICE = "MEETING_NOTICE"
    SHARE_PLAN = "SHARE_PLAN"
    ARTICLES = "ARTICLES"
    CAPITAL = "CAPITAL"
    TRANSACTION = "TRANSACTION"
    COMPETITION = "COMPETITION"
    SHAREHOLDER = "SHAREHOLDER"
    OTHER = "OTHER"


# the first that fits wins, so the narrow wording stands before the wide one
_WORDINGS: tuple[tuple[ResolutionType, str], ...] = (
    (
        ResolutionType.SHAREHOLDER,
        r"\b(?:share|stock)holders?['’]? (?:proposal|resolution)|requisition|proposed by (?:a )?(?:share|stock)holder"
        r"|股東提案",
    ),
    (
        ResolutionType.AUDITORS_REMUNERATION,
        r"(?:remuneration|fees?|pay)\b.*\bauditors?\b|\bauditors?\b.*\b(?:remuneration|fees)\b"
        r"|會計師.*(?:報酬|公費)|(?:報酬|公費).*會計師",
    ),
    (
        ResolutionType.AUDITORS_APPOINTMENT,
        r"(?:appoint|ratif|elect)\w*\b.*\b(?:auditors?|accounting firm|accountants?)\b"
        r"|\bas (?:the )?(?:company['’]s )?auditors?\b"
        r"|\bauditors?\b.*\bappoint|委任.*會計師|會計師.*委任",
    ),
    (ResolutionType.OFF_MARKET_PURCHASES, r"\boff[- ]market\b|場外.*(?:買回|購回|回購)"),
    (
        ResolutionType.MARKET_PURCHASES,
        r"\bmarket purchases?\b|\b(?:re)?purchases?\b.*\b(?:own|ordinary|its) shares\b|\bbuy[- ]?backs?\b|\bshare repurchase"
        r"|(?:買回|購回|回購).*(?:股份|股票)",
    ),
    (ResolutionType.PRE_EMPTION, r"pre-?emption|pre-?emptive|disappl|優先認(?:股|購)權"),
    (
        ResolutionType.SHARE_PLAN,
        r"\b(?:share|stock|equity|incentive|option|bonus|sharesave|savings?)\b[\w\s,&-]*\b(?:plan|scheme)s?\b"
        r"|限制員工權利新股|員工認股權|員工酬勞計畫",
    ),
    (
        ResolutionType.ALLOTMENT,
        r"\ballot|\bissue (?:of )?(?:new )?(?:shares|securities|equity)|\bissuance of\b"
        r"|現金增資|私募|發行新股|海外存託憑證|增資發行",
    ),
    (ResolutionType.DONATIONS, r"\bdonations?\b|political|捐贈|捐款|政治獻金"),
    (
        ResolutionType.REMUNERATION_POLICY,
        r"remuneration policy|(?:compensation|pay) policy|frequency of.*(?:compensation|pay)\b|薪酬政策|酬金政策",
    ),
    (
        ResolutionType.REMUNERATION_REPORT,
        r"remuneration report|remuneration\b.*\breport|say[- ]on[- ]pay|executive (?:officer )?compensation"
        r"|advisory vote.*compensation|薪酬報告|酬金報告|董事(?:酬金|報酬|酬勞)",
    ),
    (ResolutionType.ARTICLES, r"修[訂正].*(?:程序|辦法|章程|規則)"),
    (ResolutionType.COMPETITION, r"non-?compet|competi(?:tion|ng).*(?:director|restrict|prohibit)|競業"),
    (
        ResolutionType.DIRECTORS_ELECTION,
        r"\b(?:re-?)?(?:elect|appoint)\w*\b(?!.*\bauditor)|\bas (?:a |an )?(?:\w+[ -])*directors?\b"
        r"|(?:選舉|改選|補選|全面改選|選任).*(?:董事|監察人)|(?:董事|監察人).*(?:選舉|改選|補選)",
    ),
    (
        ResolutionType.CAPITAL,
        r"(?:reduc|cancel)\w*\b.*\bcapital\b|\bcapital reduction|\bshare premium account\b|\bconsolidat\w+ (?:and|of).*shares"
        r"|\b(?:share|stock) split|減資|資本減少|股票分割|變更面額",
    ),
    (
        ResolutionType.DIVIDEND,
        r"\bdividends?\b|\bdistribution of (?:profits?|earnings)|\bscrip\b|盈餘分[配派]|盈虧撥補|股利|配息|發放現金|盈餘轉增資",
    ),
    (
        ResolutionType.MEETING_NOTICE,
        r"\bnotice\b.*\bmeetings?\b|\bmeetings?\b.*\bnotice\b|\bclear days\b|召集.*通知",
    ),
    (
        ResolutionType.TRANSACTION,
        r"\b(?:merger|acquisition|disposal|takeover|demerger|scheme of arrangement|related[- ]party|asset sale)\b"
        r"|合併案|併購|收購|分割讓與|取得或處分資產|股份轉換",
    ),
    (
        ResolutionType.ARTICLES,
        r"\barticles\b|\bby-?laws?\b|certificate of incorporation|\bcharter\b|章程|議事規則|作業程序|選舉辦法|處理程序",
    ),
    (
        ResolutionType.ACCOUNTS,
        r"\bannual (?:report|accounts|financial)|\b(?:report and|and) accounts\b|\bfinancial statements?\b"
        r"|\baccounts\b.*\breports?\b"
        r"|^accounts\b|\b(?:receive|adopt|approve) the accounts\b"
        r"|決算|財務報(?:表|告)|營業報告|年度報告",
    ),
)
# sections of the Companies Act 2006 that the formal wording of a British resolution quotes
_SECTIONS: tuple[tuple[ResolutionType, str], ...] = (
    (ResolutionType.PRE_EMPTION, r"\bsections? (?:561|570|571|573)\b"),
    (ResolutionType.MARKET_PURCHASES, r"\bsections? (?:693\(4\)|701)\b"),
    (ResolutionType.OFF_MARKET_PURCHASES, r"\bsections? (?:693\(2\)|694)\b"),
    (ResolutionType.DONATIONS, r"\bsections? (?:366|367)\b"),
    (ResolutionType.ALLOTMENT, r"\bsections? 551\b"),
)
Wordings = tuple[tuple[ResolutionType, re.Pattern[str]], ...]
_COMPILED: Wordings = tuple((kind, re.compile(wording, re.IGNORECASE)) for kind, wording in _WORDINGS)
_ACT: Wordings = tuple((kind, re.compile(wording, re.IGNORECASE)) for kind, wording in _SECTIONS)
# what comes first says what it is; the formal text below mentions a good deal more
_HEAD, _READ = 90, 800


def type_of(*, title: str) -> ResolutionType:
    """Return what a resolution's wording says it is about; OTHER where nothing known is said."""
    text = title[:_READ]
    found = _first(_ACT, text) or _first(_COMPILED, text[:_HEAD]) or _first(_COMPILED, text)
    return found or ResolutionType.OTHER


def _first(wordings: Wordings, text: str) -> ResolutionType | None:
    return next((kind for kind, wording in wordings if wording.search(text)), None)


@dataclass(frozen=True, slots=True)
class PastedResolution:
    """One resolution as read from text."""

    number: str  # as the company counts: 7, 2a, 承認 1
    title: str
    type: ResolutionType
    recommendation: Vote | None = None  # of the board; None where the text says none


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a text held."""

    resolutions: tuple[PastedResolution, ...]
    left_out: tuple[str, ...] = ()  # items that are told and not voted on


_DIGITS = "一二三四五六七八九"
_MARK = r"\s*[.)）:：、．—–-]+\s*"
_WEST = re.compile(
    r"^(?:(?P<word>resolution|proposal|item|agenda item|ordinary resolution|special resolution)\s*(?:no\.?|number)?\s*)?"
    rf"(?P<open>[(（\[])?(?P<number>\d{{1,3}}(?:\.\d{{1,2}})?\s?[a-z]?|[a-z])(?P<mark>[)）\]]{_MARK}|{_MARK}|[)）\]]|\s*\t\s*|\s+)"
    r"(?P<title>\S.*)$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^(?:resolution|proposal|item)?\s*(?P<number>\d{1,3}(?:\.\d{1,2})?[a-z]?|\([a-z]\))[.):]?$", re.IGNORECASE)
_CHINESE = re.compile(
    rf"^(?:第\s*(?P<ordinal>[{_DIGITS}十\d]+)\s*案|(?:議案|案由|議題)\s*(?P<item>[{_DIGITS}十\d]+)|[(（]?(?P<plain>[{_DIGITS}十]+)[)）]?(?=[、.．:：]))"
    r"[\s:：、.．]*(?P<title>.*)$"
)
_SECTION = re.compile(
    r"^[(（]?[一二三四五六七八九十壹貳參肆伍陸]*[)）]?[、.．\s]*(?P<name>報告|承認|討論及選舉|承認及討論|討論|選舉|其他議案|臨時動議|其他)(?:事項|案件)?\s*[:：]?$"
)
_NOT_VOTED = frozenset({"報告", "臨時動議"})
_HEADING = re.compile(
    r"^(?:ordinary|special|extraordinary|routine|advisory)?\s*(?:resolutions?|business|proposals?|agenda)\s*:?$"
    r"|^(?:the )?(?:board|directors) (?:unanimously )?recommends?\b.*$",
    re.IGNORECASE,
)
_PROPOSER = re.compile(r"^(?:案由|主旨)\s*[:：]\s*")
_ASIDE = re.compile(r"^(?:說明|提案人|決議|提請.*|董事會提)\s*(?:[:：].*)?$")
_SAYS_FOR = re.compile(r"(?:\t|\s{2,}|[|｜])\s*(?P<vote>for|against|abstain|withh[eo]ld|贊成|反對|棄權)\s*$", re.IGNORECASE)
_CELLS = re.compile(r"\s*(?:\t|\s{3,}|[|｜])\s*")
_PERCENT = re.compile(r"^\d{1,3}(?:\.\d+)?\s*%$")
_VOTES = {
    "for": Vote.FOR,
    "贊成": Vote.FOR,
    "against": Vote.AGAINST,
    "反對": Vote.AGAINST,
    "abstain": Vote.ABSTAIN,
    "withhold": Vote.ABSTAIN,
    "withheld": Vote.ABSTAIN,
    "棄權": Vote.ABSTAIN,
}


@dataclass(slots=True)
class _Item:
    """An item while its lines are being gathered."""

    number: str
    title: str
    section: str = ""


def resolutions_of(*, text: str) -> Agenda:
    """Return the resolutions of a pasted agenda in their order.

    Numbered lines begin an item and the lines below them continue it; where no line has a number, each line is one.
    Items of parts that only report (報告事項) are left out and named.
    """
    lines = [line.strip().replace("\u3000", " ") for line in text.splitlines()]
    lines = [line for line in lines if line]
    items = _numbered(lines) or [_Item(str(place), line) for place, line in enumerate(_plain(lines), start=1)]
    voted = [item for item in _without_parents(items) if item.section not in _NOT_VOTED]
    told = tuple(_tidy(item.title)[0] for item in items if item.section in _NOT_VOTED)
    return Agenda(tuple(_resolution(item) for item in voted), told)


def _plain(lines: list[str]) -> Iterator[str]:
    return (line for line in lines if not _HEADING.match(line) and not _SECTION.match(line))


def _numbered(lines: list[str]) -> list[_Item]:
    items: list[_Item] = []
    section = ""
    restart = True
    for line in lines:
        if heading := _SECTION.match(line):
            section, restart = heading["name"], True
        elif _HEADING.match(line):
            restart = True
        elif found := _begins(line, items, restart):
            items.append(replace(found, section=section))
            restart = False
        elif items and not _ASIDE.match(line):
            items[-1].title = f"{items[-1].title}{_glue(items[-1].title, line)}{_PROPOSER.sub('', line)}"
    return items


def _glue(before: str, after: str) -> str:
    """Chinese lines are joined without a space."""
    if not before or ord(before[-1]) > 0x2E7F or ord(after[0]) > 0x2E7F:
        return ""
    return " "


def _begins(line: str, items: list[_Item], restart: bool) -> _Item | None:
    """Return the item a line begins, or None where it only continues the one before."""
    if found := _CHINESE.match(line):
        ordinal = _in_digits(found["ordinal"] or found["item"] or found["plain"])
        return _Item(str(ordinal), _PROPOSER.sub("", found["title"]))
    if found := _ALONE.match(line):
        number = found["number"].strip("()")
        return _Item(number, "") if _follows(number, items, restart, is_certain=True) else None
    found = _WEST.match(line)
    if not found:
        return None
    number = found["number"].replace(" ", "")
    mark = found["mark"]
    is_certain = bool(found["word"] or found["open"] or mark.strip() or "\t" in mark)
    if number.isalpha() and not (is_certain and mark.strip()):
        return None
    return _Item(number, found["title"]) if _follows(number, items, restart, is_certain=is_certain) else None


def _follows(number: str, items: list[_Item], restart: bool, *, is_certain: bool) -> bool:
    """Say whether a number comes after those before it: 14 in “14 clear days” or 5.5 in “5.5 pence” does not."""
    if number.isalpha():
        last = items[-1].number if items else ""
        return bool(items) and (number.lower() == "a" or last[-1:].lower() == chr(ord(number.lower()) - 1))
    whole = _whole(number)
    before = next((_whole(item.number) for item in reversed(items) if not item.number.isalpha()), 0)
    if whole == before:
        return number != items[-1].number and not number.isdigit() if items else True
    if whole == before + 1:
        return True
    # a list may begin anywhere, and leave some out where the number is marked as one
    return is_certain and (restart or before < whole <= before + 5)


def _whole(number: str) -> int:
    found = re.match(r"\d+", number)
    return int(found[0]) if found else 0


def _in_digits(words: str) -> int:
    """Return 12 for 十二."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.partition("十")
    if not ten:
        return _DIGITS.find(words[-1]) + 1
    return (_DIGITS.find(tens) + 1 if tens else 1) * 10 + (_DIGITS.find(ones) + 1 if ones else 0)


def _without_parents(items: list[_Item]) -> list[_Item]:
    """Fold “3. Election of directors:” into its own parts (a), (b): each is a resolution, the line above them is none."""
    found: list[_Item] = []
    parent: _Item | None = None
    for place, item in enumerate(items):
        after = items[place + 1] if place + 1 < len(items) else None
        if parent is not None and _is_part(item, parent):
            number = f"{parent.number}{item.number}" if item.number.isalpha() else item.number
            found.append(_Item(number, f"{parent.title.rstrip(':： ')}: {item.title}", item.section))
            continue
        parent = item if after is not None and _is_part(after, item) else None
        if parent is None:
            found.append(item)
    return found


def _is_part(item: _Item, parent: _Item) -> bool:
    if item.number.isalpha():
        return not parent.number.isalpha()
    return re.fullmatch(rf"{re.escape(parent.number)}(?:\.\d+|[a-z])", item.number, re.IGNORECASE) is not None


def _resolution(item: _Item) -> PastedResolution:
    title, recommendation = _tidy(item.title)
    section = item.section.removesuffix("議案")
    number = f"{section} {item.number}" if section else item.number
    return PastedResolution(number, title, type_of(title=title), recommendation)


def _tidy(title: str) -> tuple[str, Vote | None]:
    """Return a title without the columns a copied table leaves behind it, and the recommendation among them."""
    recommendation = None
    if found := _SAYS_FOR.search(title):
        recommendation = _VOTES[found["vote"].lower()]
    cells = [cell for cell in _CELLS.split(title) if cell and cell.lower() not in _VOTES and not _PERCENT.match(cell)]
    kept = [cell for cell in cells if cell.lower() not in {"management", "ordinary", "special", "board"}]
    text = re.sub(r"\s+", " ", " ".join(kept or cells)).strip(" ;；")
    return text, recommendation
