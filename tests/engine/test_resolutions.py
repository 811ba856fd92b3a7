"""Pasted agendas become resolutions: numbers, wrapped lines, types guessed from British, American and Taiwanese wording."""

import pytest

from portfolio.engine.resolutions import ResolutionType, Vote, resolutions_of, type_of

T = ResolutionType
# the order and the wording usual at a large British company; people and firms are placeholders
BRITISH = """
Ordinary resolutions
1. To receive the Company's Annual Report and Accounts for the financial year ended
31 December 2024.
2. To approve the Directors' Remuneration Report.
3. To approve the Directors' Remuneration Policy.
4. To declare a final dividend of
12.5 pence per share.
5. To elect Director A as a Director of the Company.
6. That Director B be re-appointed as a Director of the Company.
7. To re-appoint Firm LLP as auditors of the Company.
8. To authorise the Audit Committee to determine the remuneration of the auditors.
9. Authority to allot shares: THAT the Board be authorised, pursuant to section 551 of the Companies Act 2006, to allot
shares up to a third of the capital.
Special resolutions
10. Disapplication of pre-emption rights: THAT the Board be given power to allot equity securities for cash.
11. Authority to make on-market purchases of own ordinary shares
12. Authority to make off-market purchases of own ordinary shares
13. Authority to make certain donations and incur expenditure
14. That a general meeting other than an annual general meeting may be called on not less than
14 clear days' notice.
15. Shareholder resolution: that the Company set and publish targets
"""
TAIWANESE = """
報告事項
一、一一三年度營業報告。
二、審計委員會審查報告。
承認事項
第一案：承認一一三年度營業報告書及財務報表案。
說明：請參閱附件。
第二案：承認一一三年度盈餘分配案。
討論事項
第一案：修訂「公司章程」案。
第二案：以私募方式辦理現金增資發行普通股案。
選舉事項
第一案：全面改選董事案。
其他議案
第一案：解除新任董事競業禁止之限制案。
臨時動議
"""


def numbers(text: str) -> list[str]:
    return [each.number for each in resolutions_of(text=text).resolutions]


def test_a_british_agenda_is_read_in_order_with_its_types():
    found = resolutions_of(text=BRITISH).resolutions

    assert [each.number for each in found] == [str(number) for number in range(1, 16)]
    assert [each.type for each in found] == [
        T.ACCOUNTS,
        T.REMUNERATION_REPORT,
        T.REMUNERATION_POLICY,
        T.DIVIDEND,
        T.DIRECTORS_ELECTION,
        T.DIRECTORS_ELECTION,
        T.AUDITORS_APPOINTMENT,
        T.AUDITORS_REMUNERATION,
        T.ALLOTMENT,
        T.PRE_EMPTION,
        T.MARKET_PURCHASES,
        T.OFF_MARKET_PURCHASES,
        T.DONATIONS,
        T.MEETING_NOTICE,
        T.SHAREHOLDER,
    ]


def test_wrapped_lines_are_joined_even_where_they_begin_with_a_number():
    found = resolutions_of(text=BRITISH).resolutions

    # a year, a dividend and a notice period begin lines, and none of them is an item
    assert found[0].title.endswith("financial year ended 31 December 2024.")
    assert found[3].title == "To declare a final dividend of 12.5 pence per share."
    assert found[13].title.endswith("not less than 14 clear days' notice.")


def test_a_taiwanese_agenda_leaves_out_what_is_only_reported():
    agenda = resolutions_of(text=TAIWANESE)

    assert [(each.number, each.type) for each in agenda.resolutions] == [
        ("承認 1", T.ACCOUNTS),
        ("承認 2", T.DIVIDEND),
        ("討論 1", T.ARTICLES),
        ("討論 2", T.ALLOTMENT),
        ("選舉 1", T.DIRECTORS_ELECTION),
        ("其他 1", T.COMPETITION),
    ]
    assert agenda.left_out == ("一一三年度營業報告。", "審計委員會審查報告。")
    # the explanation under the item is none of its title
    assert agenda.resolutions[0].title == "承認一一三年度營業報告書及財務報表案。"


def test_an_american_list_brings_its_recommendations():
    found = resolutions_of(
        text="1a. Election of Director: A\tFOR\n1b. Election of Director: B\tFOR\n2. Advisory vote to approve executive "
        "compensation\tFOR\n3. Stockholder proposal on plastics\tAGAINST\n"
    ).resolutions

    assert [each.number for each in found] == ["1a", "1b", "2", "3"]
    assert [each.recommendation for each in found] == [Vote.FOR, Vote.FOR, Vote.FOR, Vote.AGAINST]
    assert [each.type for each in found][1:] == [T.DIRECTORS_ELECTION, T.REMUNERATION_REPORT, T.SHAREHOLDER]
    assert found[0].title == "Election of Director: A"


def test_parts_under_a_heading_are_resolutions_and_the_heading_is_none():
    found = resolutions_of(text="1 Accounts\n2 Election of directors:\n(a) Director A\n(b) Director B\n3 Dividend").resolutions

    assert [(each.number, each.title) for each in found] == [
        ("1", "Accounts"),
        ("2a", "Election of directors: Director A"),
        ("2b", "Election of directors: Director B"),
        ("3", "Dividend"),
    ]
    assert found[1].type == T.DIRECTORS_ELECTION


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Resolution 3 – Dividend\nResolution 4 – Articles", ["3", "4"]),
        ("Proposal 1: Dividend\nProposal 2: Articles", ["1", "2"]),
        ("(1) Dividend\n(2) Articles", ["1", "2"]),
        ("1\nDividend\n2\nArticles", ["1", "2"]),
        ("4.\nElection:\n4.1 Director A\n4.2 Director B", ["4.1", "4.2"]),
        ("議案一：盈餘分派\n議案二：修訂章程", ["1", "2"]),
        ("第十一案：盈餘分派\n第十二案：修訂章程", ["11", "12"]),
        ("To receive the accounts\n\nTo declare a dividend", ["1", "2"]),
        ("", []),
        ("   \n\n", []),
    ],
)
def test_items_begin_in_many_ways(text: str, expected: list[str]):
    assert numbers(text) == expected


def test_columns_of_a_copied_table_are_no_part_of_the_title():
    found = resolutions_of(text="1\tDeclare a dividend\tManagement\tFor\n2\tAdopt articles\tManagement\tFor").resolutions

    assert [each.title for each in found] == ["Declare a dividend", "Adopt articles"]
    assert found[0].recommendation == Vote.FOR


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        # the formal text names the section of the Act, which decides
        ("THAT the Board have power to allot equity securities for cash as if section 561 did not apply", T.PRE_EMPTION),
        ("THAT the Company be authorised under section 701 to make purchases of its shares", T.MARKET_PURCHASES),
        ("To ratify the selection of Firm as independent registered public accounting firm", T.AUDITORS_APPOINTMENT),
        ("Approval of the 2025 Long Term Incentive Plan", T.SHARE_PLAN),
        ("Cancellation of the share premium account and reduction of capital", T.CAPITAL),
        ("To approve the proposed acquisition of the shares of a competitor", T.TRANSACTION),
        ("發行限制員工權利新股案", T.SHARE_PLAN),
        ("資本公積發放現金案", T.DIVIDEND),
        ("辦理現金減資退還股款案", T.CAPITAL),
        ("修訂「取得或處分資產處理程序」案", T.ARTICLES),
        ("股東提案：修訂公司章程案", T.SHAREHOLDER),
        ("Any other business", T.OTHER),
    ],
)
def test_the_wording_tells_the_type(title: str, expected: ResolutionType):
    assert type_of(title=title) == expected
