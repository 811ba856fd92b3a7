"""What each type of resolution means, in plain words, and how a British company and a Taiwanese one differ in it.

In outline, for somebody who votes: the notice of the meeting and the law of the day rule.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio import formatting as show
from portfolio.engine.resolutions import ResolutionType
from portfolio.models import OwnResolutionType, Resolution

T = ResolutionType


@dataclass(frozen=True, slots=True)
class Explanation:
    """One type in words. British, Taiwanese: empty where there is nothing to tell apart."""

    key: str  # names the place on the page
    name: str | Promise
    text: str | Promise
    british: str | Promise = ""
    taiwanese: str | Promise = ""


_TEXTS: dict[ResolutionType, tuple[Promise, Promise | str, Promise | str]] = {
    T.ACCOUNTS: (
        _(
            "The company lays last year's figures, its report and the auditors' opinion before its owners. A vote "
            "against changes no figure; it says that one does not trust the report."
        ),
        _("The meeting receives the report; the vote is a sign and binds nobody."),
        _(
            "After the year is over the meeting ratifies the business report and the financial statements; "
            "ratification releases the directors from their responsibility for them, wrongdoing apart."
        ),
    ),
    T.DIVIDEND: (
        _("How much of the profit is paid out, and when."),
        _(
            "The board recommends a final dividend beforehand and the meeting declares it: it may lower it and never "
            "raise it. Interim dividends need no vote."
        ),
        _(
            "The board's proposal for last year's earnings is approved or ratified afterwards. Articles may let the "
            "board decide cash dividends alone; the meeting is then only told."
        ),
    ),
    T.REMUNERATION_REPORT: (
        _(
            "What the directors were paid last year. Compare the pay with what the owners got: the return over three "
            "and five years, and whether targets were moved."
        ),
        _(
            "Voted every year, advisory. If a fifth or more of the votes are against, the company has to explain in "
            "public what it does about it."
        ),
        _("There is no yearly vote of this kind as a rule: the articles or the meeting set the directors' remuneration."),
    ),
    T.REMUNERATION_POLICY: (
        _(
            "The rules by which directors will be paid in the coming years: salary, bonus, shares, and what makes them"
            " lose it again."
        ),
        _("Asked beforehand, at least every three years, and binding: nothing may be paid that the policy does not allow."),
        _("A remuneration committee proposes and the board decides; only what the articles leave to the meeting is voted on."),
    ),
    T.DIRECTORS_ELECTION: (
        _("Who sits on the board. Look at independence, other mandates, attendance, and how long somebody has been there."),
        _("Each director stands alone and, in large companies, every year: for, against or withheld."),
        _(
            "The whole board is elected, usually every three years, by cumulative voting: each share has as many votes"
            " as there are seats, and all may go to one candidate."
        ),
    ),
    T.AUDITORS_APPOINTMENT: (
        _(
            "Who checks the books. A firm that has stayed for very long, or earns much by advising the same company, "
            "may be too close to it."
        ),
        _("The meeting appoints the auditors each year, beforehand."),
        _("The board appoints the accountants; the meeting does not vote on it."),
    ),
    T.AUDITORS_REMUNERATION: (
        _(
            "Lets the board or its audit committee agree the auditors' fee. The question behind it: do fees for other "
            "work put their independence at risk?"
        ),
        _("Asked beforehand every year, usually together with the appointment."),
        _("Decided by the board together with the appointment; no vote."),
    ),
    T.ALLOTMENT: (
        _(
            "Permission to issue new shares up to a limit without asking again. New shares make each old one a smaller"
            " part of the company, unless one buys one's share of them."
        ),
        _(
            "The authority is asked for beforehand, usually up to a third of the capital and another third for a "
            "rights issue, and lapses at the next annual meeting."
        ),
        _(
            "Within the capital that the articles authorise the board issues by itself and the meeting hears of it "
            "afterwards. A private placement is an exception: it needs two thirds of the votes beforehand and has to "
            "be done within a year."
        ),
    ),
    T.PRE_EMPTION: (
        _(
            "Holders have the first right to new shares, each in proportion. This lets the board sell a limited part "
            "to others for cash, past that right."
        ),
        _(
            "A special resolution (three quarters of the votes), asked beforehand each year; usually up to a tenth of "
            "the capital, and as much again for an acquisition."
        ),
        _(
            "The law itself keeps a tenth or more for employees and, in listed companies, a part for the public; old "
            "holders may take the rest. No yearly vote."
        ),
    ),
    T.MARKET_PURCHASES: (
        _(
            "Permission for the company to buy its own shares on the exchange, with a most number and a highest price."
            " Fewer shares share the profit; the money is gone, and at a high price the remaining holders pay for "
            "those who leave."
        ),
        _("The authority is asked for beforehand, usually up to a tenth of the shares for a year."),
        _(
            "The board decides alone, up to a tenth of the shares, and reports to the next meeting afterwards: there "
            "is nothing to vote on."
        ),
    ),
    T.OFF_MARKET_PURCHASES: (
        _(
            "Permission to buy own shares outside a recognised exchange, under contracts that the resolution names: "
            "with one holder, or through banks on a foreign exchange."
        ),
        _(
            "The contracts themselves are approved beforehand, for up to five years; purchases on an American or "
            "European exchange count as off-market."
        ),
        _("Only a public tender is possible; the board decides it and reports afterwards."),
    ),
    T.DONATIONS: (
        _(
            "Permission for political donations and expenditure up to an amount. Most companies ask as a precaution "
            "because the law draws the line so widely that a sponsored conference could cross it."
        ),
        _("The law wants the owners' consent beforehand; it is usually asked for each year with a small limit."),
        _(
            "Political donations are limited by an act of their own and never put to the meeting; gifts to related "
            "parties are the board's decision."
        ),
    ),
    T.MEETING_NOTICE: (
        _(
            "Lets a meeting other than the annual one be called at short notice. Short notice is convenient for the "
            "company and leaves holders abroad little time."
        ),
        _("A special resolution each year: 14 clear days instead of 21."),
        _("The law sets 30 days for the annual and 15 for an extraordinary meeting of a public company; no vote."),
    ),
    T.SHARE_PLAN: (
        _(
            "Shares or options for employees or directors. Look at the largest part of the company it may give away, "
            "and at what has to be achieved first."
        ),
        _("The rules of the plan are approved beforehand, usually for ten years."),
        _("Restricted shares for employees need a resolution of the meeting beforehand; most other plans are the board's."),
    ),
    T.ARTICLES: (
        _(
            "A change of the company's own rules: what it may do, how it meets and votes, how directors come and go. "
            "Read what is taken out."
        ),
        _("A special resolution: three quarters of the votes cast."),
        _(
            "A special resolution: holders of two thirds of the shares present, and more than half of their votes. "
            "Procedures for loans, guarantees and derivatives come to the meeting, too."
        ),
    ),
    T.CAPITAL: (
        _(
            "Shares are split, consolidated or cancelled, or capital is set free. A split changes nothing but the "
            "number; a reduction pays money back or writes off losses."
        ),
        _("A special resolution, and for a reduction usually the court's consent."),
        _("A reduction that pays cash back needs the meeting; one that cancels bought-back shares only the board."),
    ),
    T.TRANSACTION: (
        _(
            "The company merges, buys or sells something large, or deals with somebody close to it. Ask who gains by "
            "the price, and what the independent opinion says."
        ),
        _(
            "A takeover by scheme of arrangement needs three quarters of the votes by value. Most other large deals no"
            " longer need a vote since 2024."
        ),
        _(
            "Mergers and the like need a special resolution; who objects beforehand and does not vote for it may ask "
            "the company to buy the shares."
        ),
    ),
    T.COMPETITION: (
        _(
            "Permission for directors to work in the same business elsewhere. Read which seats they hold: a seat at a "
            "subsidiary is harmless, one at a rival is not."
        ),
        _("No vote: the board itself may allow a conflict of interest, under the articles."),
        _("A special resolution, usually right after an election. What a director earned without it the company may claim."),
    ),
    T.SHAREHOLDER: (
        _(
            "Put on the agenda by holders, not by the board, which usually recommends against it. Read both texts: it "
            "may ask for a sensible report or for something that binds the company's hands."
        ),
        _(
            "Holders of a twentieth of the votes, or a hundred holders with enough shares, may have it voted on. "
            "Passed as a special resolution it binds."
        ),
        _("Holders of a hundredth of the shares may propose one item of 300 characters before each annual meeting."),
    ),
    T.OTHER: (
        _(
            "Nothing that the app knows by its words. Read the notice; a type of the household's own, with its own "
            "explanation, can be added under Records."
        ),
        "",
        "",
    ),
}


def explanation_of(kind: str) -> Explanation:
    """Return what one of the app's own types means."""
    text, british, taiwanese = _TEXTS[ResolutionType(kind)]
    return Explanation(kind.lower(), dict(Resolution.TYPES)[ResolutionType(kind)], text, british, taiwanese)


def all_explanations() -> list[Explanation]:
    """Return every type, the household's own last. One query."""
    own = [own_explanation(each) for each in OwnResolutionType.objects.all()]
    return [*(explanation_of(kind) for kind in _TEXTS), *own]


def own_explanation(own: OwnResolutionType) -> Explanation:
    """Return what a type of the household's own means, in the reader's language where it is written in both."""
    is_chinese = show.is_chinese()
    name, text = (own.name_zh, own.explanation_zh) if is_chinese else (own.name, own.explanation)
    return Explanation(f"own-{own.pk}", name or own.name, text or own.explanation or own.explanation_zh)
