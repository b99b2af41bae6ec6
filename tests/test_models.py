"""Numeral-named models: labelled cases, own cases of what is a name and what is none, properties, hostile texts."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_scores import coded_texts, model_scores
from opencc import OpenCC

from pingan_analysis.errors import TableError
from pingan_analysis.models import document_models, find_models, model_rows, passage_spans
from pingan_analysis.naming.shapes import read_shape
from pingan_analysis.schema import MEMBER_MARK

CASES = coded_texts("models")
KNOWN_FAILURES = {
    "m043": "members of a national policy are taken only where they are told as such",
    "m068": "the number said again of another noun (三类村) is read as one that sums the list up",
}
TO_TRADITIONAL, TO_SIMPLIFIED = OpenCC("s2t"), OpenCC("t2s")


def found(text: str) -> dict[str, dict[str, Any]]:
    """Return the rows by name, their members joined as they are written in these tests."""
    rows = model_rows("a", text, ())
    return {row["model"]: row | {"members": "、".join(row["members"].split(MEMBER_MARK))} for row in rows}


def names(text: str) -> list[str]:
    return [row["model"] for row in model_rows("a", text, ())]


@pytest.mark.parametrize("case", [
    pytest.param(case, id=case["id"], marks=[pytest.mark.xfail(reason=KNOWN_FAILURES[case["id"]], strict=True)]
                 if case["id"] in KNOWN_FAILURES else [])
    for case in CASES
])
def test_labelled_case(case: dict[str, Any]) -> None:
    read = [
        {"model": row["model"], "kind": row["kind"], "members": row["members"], "members_basis": row["members_basis"],
         "parent": row["parent"], "mention": case["text"][row["char_start"]:row["char_end"]]}
        for row in model_rows("a", case["text"], ())
    ]
    labelled = [
        {"model": row["model"], "kind": row["kind"], "members": MEMBER_MARK.join(row["members"]),
         "members_basis": row["members_basis"], "parent": row["parent"] or "", "mention": row["mention"]}
        for row in case["models"]
    ]
    assert sorted(read, key=lambda row: row["model"]) == sorted(labelled, key=lambda row: row["model"])


@pytest.mark.parametrize(("text", "expected"), [
    ("县里推行“四字诀”工作法。", ["四字诀工作法"]),
    ("依托“两微三端”推送信息。", ["两微三端"]),
    ("某區以「三治」融合為抓手。", ["三治融合"]),
    ("派出所推行“五小工程”。", ["五小工程"]),
    ("实行三色管理和四色预警。", ["三色管理", "四色预警"]),
    ("「兩長制」落實到位。", ["两长制"]),
    ("推进“双创双提”工程。", ["双创双提"]),
    ("縣公安局創新“１＋３＋Ｎ”警務機制。", ["1+3+N"]),
    ("该村建立1+8+62网格体系。", ["1+8+62"]),
    ("推行三所一庭，落实两微一端。", ["三所一庭", "两微一端"]),
    ("推行‘三官一律’，深化『五社聯動』。", ["三官一律", "五社联动"]),
    ('推行"三联六帮"机制。', ["三联六帮"]),
    ("實施“十百千”工程。", ["十百千"]),
    ("“一村一辅警”机制全面推行。", ["一村一辅警"]),
    ("落实“四不两直”检查。", ["四不两直"]),
    ("推廣“三(sān)屏(píng)兩(liǎng)報(bào)”。", ["三屏两报"]),
    ("推行三三工作法、五步工作法。", ["三三工作法", "五步工作法"]),
    ("“十个没有”创建活动里，“五个严防”逐项落实。", ["十个没有", "五个严防"]),
])
def test_names_are_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize("text", [
    "召开两个月一次的例会，三个方面的问题都解决了，涉及5大块、16类、111条。",
    "发放宣传单3万余份，走访三百户，梳理七大类问题。",
    "树立“一盘棋”思想，千方百计化解矛盾，不要三心二意，要一心一意。",
    "交通四通八达，三轮车停在四川饭店门口，百姓和一把手坐在一起。",
    "建成“一站式”平台，安装“一键”报警，实现“十二连冠”。",
    "印发《关于推进“六条标准”建设的意见》《三年行动方案》。",
    "2019年9月2日上午，第五届大会选出第一书记，七夕那天有三台戏。",
    "五里镇、三河村、七里河区、双桥街道三天内排查八类风险。",
    "他一五一十地说，三天两头上门，七八个人分成三组。",
    "投入2.3亿元，建成3个中心、5个分中心，四个季度均排名前三。",
    "拨打12345热线或110，学习十九届四中全会精神。",
    "构建“党建+网格”体系，“互联网+”服务线上+线下同步。",
    "党的二十大以来，“十四五”期间，进一步提升服务，一步步推进工作。",
    "不针对第三方，从四方面入手，三家人都在一起。",
])
def test_what_is_no_name(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(("text", "name", "kind"), [
    ("村“两委”干部", "两委", "fixed_term"), ("四套班子领导", "四套班子", "fixed_term"),
    ("增强“四个意识”", "四个意识", "national_policy"), ("学习三个代表", "三个代表", "national_policy"),
    ("落实党中央提出的“七个必须”", "七个必须", "national_policy"), ("建设大干123", "大干123", "slogan"),
    ("借“12·4”国家宪法日普法", "12·4国家宪法日", "event_name"), ("公安、物业、居民三方", "三方", "enumeration"),
    ("省市县三级", "三级", "enumeration"), ("推行“三屏两报”", "三屏两报", "campaign_model"),
])
def test_kinds(text: str, name: str, kind: str) -> None:
    assert found(text)[name]["kind"] == kind


@pytest.mark.parametrize(("text", "name", "members", "basis"), [
    ("“五步”调解法，即受理、调查、调解、回访、归档。", "五步调解法", "受理、调查、调解、回访、归档", "listed"),
    ("“三零”创建（零上访、零事故、零案件）", "三零", "零上访、零事故、零案件", "listed"),
    ("建成人防、物防、技防“三防”体系。", "三防", "人防、物防、技防", "listed"),
    ("“三屏”联播，用好电视屏、手机屏和电梯屏三大媒介。", "三屏联播", "电视屏、手机屏、电梯屏", "listed"),
    ("“三联”机制：一是联建，二是联享，三是联动。", "三联", "联建、联享、联动", "listed"),
    ("“1+2”体系：1即《方案》，2即“两项制度”。", "1+2", "《方案》、两项制度", "listed"),
    ("一队三站，一队为巡逻队，三站为警务站、调解站、宣传站。", "一队三站", "巡逻队、警务站、调解站、宣传站", "listed"),
    ("“三查三看”，查台账、查现场、查制度，看整改、看效果、看评价。", "三查三看",
     "查台账、查现场、查制度、看整改、看效果、看评价", "inferred"),
    ("“三中心合一”，综治中心、信访中心、矛调中心合署办公。", "三中心合一", "综治中心、信访中心、矛调中心", "inferred"),
    # as many as the numeral says, or none
    ("“四联”机制：一是联建，二是联享，三是联动。", "四联", "", "none"),
    ("“三屏”齐上，即手机屏、电影屏。", "三屏齐上", "", "none"),
    ("县里传承“两路精神”，续写“三大成果”。", "三大成果", "", "none"),
])
def test_members(text: str, name: str, members: str, basis: str) -> None:
    row = found(text)[name]
    assert (row["members"], row["members_basis"]) == (members, basis)
    if members:
        stretch = text[row["members_start"]:row["members_end"]]
        assert members.split("、")[0].strip("《》") in stretch
    else:
        assert row["members_start"] is None


OWN_NAMES = [
    ("派出所推行“三见面五清楚”工作法，让重点人员管控更精准。", ["三见面五清楚工作法"]),
    ("全县落实“一乡一庭”布局，乡乡有法庭。", ["一乡一庭"]),
    ("我局深化“五小四防”创建，被市局推广。", ["五小四防"]),
    ("交警中队开展“七进”宣传，走进农村、社区、学校、企业、机关、家庭、工地。", ["七进"]),
    ("市里出台“反诈十条”，各县跟进“九条措施”。", ["九条措施"]),
    ("司法局实施“双百”工程，培育百名法律明白人、建设百个法治文化阵地。", ["双百"]),
    ("检察院创新推出“三检合一”办案机制。", ["三检合一"]),
    ("建立健全“三色四级”风险预警管控机制，红、黄、蓝三色分级处置。", ["三色四级"]),
    ("“百名政法干警进百村”活动启动，“千名网格员敲千家门”同步开展。", ["百名政法干警进百村", "千名网格员敲千家门"]),
    ("“七天无理由退货”“三包”服务投诉量下降。", ["三包"]),
    ("“双11”当天，快递量翻了两番；“双12”前夕，市局再发预警。", ["双11", "双12"]),
    ("民警坚持“一听二看三问四查”，上门核查出租屋。", ["一听二看三问四查"]),
    ("探索形成“党建引领、五治融合”新路径，政治、自治、法治、德治、智治一体推进。", ["五治融合"]),
    ("本报讯 新城派出所今年启用“三合一”接待室。", ["三合一"]),
    (
        ("以“党建红”为引领，构建起“一轴两翼三支撑”治理架构。“一轴”即以党组织为轴心，“两翼”即综治中心和物业公司"
        "，“三支撑”即智慧平台、志愿队伍、专项资金。"),
        ["一轴两翼三支撑"],
    ),
    ("“五老”调解队和“两代表一委员”工作室联手，受理纠纷37件。", ["五老", "两代表一委员"]),
    ("落实领导包案“五个一”机制，一案一专班、一案一方案，逐件销号。", ["五个一"]),
    ("推广“三上三下三公开”民主决策法，广泛征求意见。", ["三上三下三公开"]),
    ("构建“纵向到底、横向到边”的“四级五覆盖”组织网络。", ["四级五覆盖"]),
    ("全面推行“支部建在网格上、党员亮在楼栋里”的“双建双亮”做法。", ["双建双亮"]),
    ("落實“雙組長制”，由書記、鎮長共同擔任組長。", ["双组长制"]),
]
OWN_MEMBERS = [
    (
        "开展“一访二问三送”活动：访民情，问需求、问困难，送政策、送服务、送温暖。",
        "一访二问三送", "访民情、问需求、问困难、送政策、送服务、送温暖",
    ),
    (
        "以“五网融合”为路径，把党建网、综治网、城管网、民政网、应急网并成一张网。",
        "五网融合", "党建网、综治网、城管网、民政网、应急网",
    ),
    (
        "压实“三管三必须”责任，管行业必须管安全、管业务必须管安全、管生产必须管安全。",
        "三管三必须", "管行业必须管安全、管业务必须管安全、管生产必须管安全",
    ),
    ("法官用“三个走进”——走进田间、走进农家、走进心坎——打开局面。", "三个走进", "走进田间、走进农家、走进心坎"),
    ("推出“1+1+3”品牌，1名检察官加1名咨询师加3名志愿者结对帮教。", "1+1+3", "1名检察官、1名咨询师、3名志愿者"),
    (
        "推行“一标三实”采集，标准地址、实有人口、实有房屋、实有单位全部入库。",
        "一标三实", "标准地址、实有人口、实有房屋、实有单位",
    ),
    (
        "提炼“一呼二应三联四办”流程：群众呼、网格应、部门联、限时办。",
        "一呼二应三联四办", "群众呼、网格应、部门联、限时办",
    ),
    (
        "形成“12310”体系：“1”即坚持一个中心，“2”即用好两个平台，“3”即健全三项机制，“10”即办好十件实事。",
        "12310", "一个中心、两个平台、三项机制、十件实事",
    ),
    ("推行“三员一体”模式，由网格员、调解员、志愿者共同入户。", "三员一体", "网格员、调解员、志愿者"),
    ("总结四步调解法，一望、二闻、三问、四切。", "四步调解法", "望、闻、问、切"),
    ("推行“三长制”，由组长兼任街长、党员兼任巷长、商户兼任店长。", "三长制", "街长、巷长、店长"),
    (
        "社区首创“四听四问”说事制度，听老人、听青年、听商户、听外来户，问安全、问困难、问矛盾、问建议。",
        "四听四问", "听老人、听青年、听商户、听外来户、问安全、问困难、问矛盾、问建议",
    ),
    (
        "街道构建“1+6+X”大调解格局，“1”指街道矛调中心，“6”指6个社区调解室，“X”指若干个人品牌调解室。",
        "1+6+X", "街道矛调中心、6个社区调解室、若干个人品牌调解室",
    ),
    ("禁毒办部署“两打两控”专项行动：打制毒、打贩毒，控吸毒、控流失。", "两打两控", "打制毒、打贩毒、控吸毒、控流失"),
    (
        "综治中心实行“六办”机制，即统一收办、分类交办、限时承办、跟踪督办、结果评办、归档结办。",
        "六办", "统一收办、分类交办、限时承办、跟踪督办、结果评办、归档结办",
    ),
    ("“四长联动”保平安。乡长、村长、组长、户长一级抓一级。", "四长联动", "乡长、村长、组长、户长"),
    (
        "乡党委以“五个到户”促平安，政策宣传到户、矛盾排查到户、隐患整治到户、帮扶救助到户、联系服务到户。",
        "五个到户", "政策宣传到户、矛盾排查到户、隐患整治到户、帮扶救助到户、联系服务到户",
    ),
    (
        "全市公安机关开展“三无三强”创建，无违法、无违纪、无事故，政治强、业务强、作风强。",
        "三无三强", "无违法、无违纪、无事故、政治强、业务强、作风强",
    ),
    (
        ("各单位要做到“五个一律”：对涉黑案件一律深挖、对保护伞一律严查、对黑财一律追缴、对线索一律核查、对责任"
        "一律倒查。"),
        "五个一律", "对涉黑案件一律深挖、对保护伞一律严查、对黑财一律追缴、对线索一律核查、对责任一律倒查",
    ),
    (
        "推行网格“五包”责任制，包宣传教育、包信息采集、包矛盾调处、包治安防范、包便民服务。",
        "五包", "包宣传教育、包信息采集、包矛盾调处、包治安防范、包便民服务",
    ),
    ("学校严格落实“三防”建设标准，人防、物防、技防达标率均为100%。", "三防", "人防、物防、技防"),
    (
        "以“两升一降”为目标，即群众安全感上升、满意度上升，发案率下降。",
        "两升一降", "群众安全感上升、满意度上升、发案率下降",
    ),
    (
        "创新“三治三联”工作路径。自治联民心、法治联秩序、德治联风尚，治理更有温度。",
        "三治三联", "自治联民心、法治联秩序、德治联风尚",
    ),
    ("县里建起“四位一体”巡防体系，公安、武警、民兵、保安四支队伍同巡。", "四位一体", "公安、武警、民兵、保安"),
    (
        "近年来，该镇运用“四联双促”模式（党建联抓、治安联防、矛盾联调、环境联治，促发展、促和谐）。",
        "四联双促", "党建联抓、治安联防、矛盾联调、环境联治、促发展、促和谐",
    ),
    ("“三官进村”活动中，法官、检察官、警官轮流坐班。", "三官进村", "法官、检察官、警官"),
    ("该乡念好“防、查、调、宣”四字诀，守住平安底线。", "四字诀", "防、查、调、宣"),
    (
        "铁路护路办组织“三联四巡”，路地联防、警民联防、站村联防，干部巡、民警巡、护路员巡、志愿者巡。",
        "三联四巡", "路地联防、警民联防、站村联防、干部巡、民警巡、护路员巡、志愿者巡",
    ),
    (
        "村干部当好“四员”：政策宣传员、矛盾调解员、治安巡防员、民情联络员。",
        "四员", "政策宣传员、矛盾调解员、治安巡防员、民情联络员",
    ),
    (
        "我们把“六个强化”贯穿始终：强化领导、强化宣传、强化打击、强化整治、强化建设、强化督导。",
        "六个强化", "强化领导、强化宣传、强化打击、强化整治、强化建设、强化督导",
    ),
    (
        "平安办通报：全市实施“三提三控”攻坚，提知晓率、提参与率、提满意率，控发案、控信访、控事故。",
        "三提三控", "提知晓率、提参与率、提满意率、控发案、控信访、控事故",
    ),
    (
        "法庭推出“四个一”暖心举措：一杯热水、一张便民卡、一次释法、一个回访电话。",
        "四个一", "一杯热水、一张便民卡、一次释法、一个回访电话",
    ),
    (
        "社区搭建“1+2+3”议事平台：一个议事厅、两支议事队伍、三项议事制度。",
        "1+2+3", "一个议事厅、两支议事队伍、三项议事制度",
    ),
    (
        ("坚持做到“五不放过”，原因不查清不放过、责任不落实不放过、隐患不整改不放过、人员不教育不放过、制度不完"
        "善不放过。"),
        "五不放过", "原因不查清不放过、责任不落实不放过、隐患不整改不放过、人员不教育不放过、制度不完善不放过",
    ),
    ("驻村民警把“四心”——爱心、耐心、细心、恒心——装进警务包。", "四心", "爱心、耐心、细心、恒心"),
    (
        ("“八大员”走街串巷：交通劝导员、治安巡逻员、矛盾调解员、法治宣传员、食品协管员、护林员、水管员、保洁员"
        "。"),
        "八大员", "交通劝导员、治安巡逻员、矛盾调解员、法治宣传员、食品协管员、护林员、水管员、保洁员",
    ),
    (
        "围绕“六有”标准（有场所、有人员、有制度、有经费、有台账、有成效）建设村级综治中心。",
        "六有", "有场所、有人员、有制度、有经费、有台账、有成效",
    ),
    (
        "一是健全组织；二是开展“敲门行动”；三是强化“三支队伍”，即专职网格员、平安志愿者、义务巡逻队。",
        "三支队伍", "专职网格员、平安志愿者、义务巡逻队",
    ),
    (
        "该市以争创全国社会治安防控体系建设示范城市为抓手，实施“331”工程，即三年时间、三项任务、一个目标。",
        "331", "三年时间、三项任务、一个目标",
    ),
    ("车站警务室创出“望、问、引、送”四步服务法，得到旅客认可。", "四步服务法", "望、问、引、送"),
    (
        "政法委探索“五治一体”融合路径：政治引领、法治保障、德治教化、自治强基、智治支撑。",
        "五治一体", "政治引领、法治保障、德治教化、自治强基、智治支撑",
    ),
    (
        "创建“无诈村（社区）”，落实“三个必讲”：逢会必讲、入户必讲、开课必讲。",
        "三个必讲", "逢会必讲、入户必讲、开课必讲",
    ),
    (
        "交警推出“四个一批”措施，查处一批、曝光一批、教育一批、整改一批。",
        "四个一批", "查处一批、曝光一批、教育一批、整改一批",
    ),
    (
        "镇里建成“一中心四平台”：综治中心，综治工作平台、市场监管平台、综合执法平台、便民服务平台。",
        "一中心四平台", "综治中心、综治工作平台、市场监管平台、综合执法平台、便民服务平台",
    ),
    ("推動「三社聯動」，社區、社會組織、社會工作者各展所長。", "三社联动", "社区、社会组织、社会工作者"),
    ("“三警一队”进驻夜市，巡警、交警、特警和义警队同岗。", "三警一队", "巡警、交警、特警、义警队"),
    (
        "这就是当地的“五张牌”：打好宣传牌、整治牌、服务牌、科技牌、群众牌。",
        "五张牌", "宣传牌、整治牌、服务牌、科技牌、群众牌",
    ),
    ("“三有一无”小区越来越多，有物业、有门禁、有探头，无发案。", "三有一无", "有物业、有门禁、有探头、无发案"),
    (
        "持续开展“三晒三比”，晒任务、晒进度、晒成效，比担当、比作风、比实绩。",
        "三晒三比", "晒任务、晒进度、晒成效、比担当、比作风、比实绩",
    ),
]
OWN_WITHOUT = [
    "三分之一的路灯换了，十有八九的住户点了头。",
    "两个月内六易其稿，九名委员一致通过。",
    "一位大姐带来四个苹果、五斤橘子，说什么也要民警收下。",
    "四月里连下三场雨，两座便桥被冲毁，七户人家转移。",
    "“十拿九稳的事，别再三拖四。”所长催促道。",
    "村里的“五老议事团”由老党员、老干部、老教师、老军人、老模范组成。",
    "局党组坚持“一线工作法”，领导在一线指挥、干部在一线工作。",
    "北关街道探索“红黄绿”管理，建起“1个总网格、12个子网格、96个微网格”的架构。",
    "所里的“老马三步法”出了名：先听、再劝、后帮。",
    "巡特警大队落实“1、3、5分钟”快速响应，十分钟合围。",
    "一季度，全镇开展三轮排查、两次演练，评出十星文明户、五好家庭各十户。",
    "三月的一天，二十里铺村的双喜临门：三兄弟和解，四合院翻新。",
    "全程只跑一次，一窗通办、一网通办让办事不求人。",
    "围绕三大目标、五项任务，制定八条措施，成立六个工作组。",
    "他二话不说，三步并作两步冲上前，一把抱住落水儿童。",
    "实行“首问负责制、一次告知制、限时办结制”三项制度。",
    "第三小学四年级二班的同学参观了八路军办事处。",
    "《“八五”普法规划》印发后，“十四五”末的目标更清晰。",
    "全面推行林长制、河长制、路长制，落实首问责任制。",
    "“5分钟警务圈”“15分钟便民圈”不断完善。",
    "县委提出“一年打基础、两年见成效、三年创一流”的目标。",
    "今年，全区推进“雪亮工程”三期建设，新增探头两千余个，实现了乡镇、村组、路口三覆盖。",
    "推行“一窗口受理、一站式服务、一揽子解决”模式。",
    "开通“96156”服务热线，接听来电两千多个。",
    "乡里实行“七日回访、十日督办”，件件有着落。",
    "统筹“平安三率”提升，知晓率、参与率、满意率三率齐升。",
    "实行一月一调度、一季一通报，三级书记齐抓共管。",
    "10月1日至7日，三个派出所、五个中队轮流值守，接处警一百二十三起。",
    "五年来，四届班子接续奋斗，一张蓝图绘到底。",
    "老街一家三代人守着一间铺子，四邻八舍都来捧场。",
    "他当过十二年兵，四十五岁那年回村，五个孩子都在外地。",
    "两车相撞，三人轻伤，交警八分钟赶到，双方各退一步。",
    "会上三个部门作了表态，七名代表先后发言，会议开了一个半小时。",
    "每逢三、六、九赶集，一条街挤得水泄不通。",
    "全年开展四次督导、六次通报，约谈三家单位。",
    "孩子们朗诵《三字经》，民警讲起“三国”里的故事。",
    "第二责任区、第四网格和五组、六组同时停电两小时。",
    "“一碗水端平，才能服众。”老支书一语道破。",
    "村里的“百家宴”摆了二十桌，千言万语化作一杯酒。",
    "从三十年前的一穷二白，到如今的五谷丰登，变化说不完。",
    "市里投入一亿两千万元，改造四纵三横路网，惠及七万居民。",
]


@pytest.mark.parametrize(("text", "expected"), OWN_NAMES)
def test_own_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(("text", "name", "members"), OWN_MEMBERS)
def test_own_members(text: str, name: str, members: str) -> None:
    assert {model: row["members"] for model, row in found(text).items()} == {name: members}


@pytest.mark.xfail(reason="right, and not read so yet", strict=True)
@pytest.mark.parametrize(("text", "expected"), [
    ("“一封信、两堂课、三张图”进校园活动受到家长好评。", ["一封信、两堂课、三张图"]),
    ("縣局實施“一警一格、一村一站”。", ["一警一格、一村一站"]),
    ("这项被称作“二十四字工作法”的经验，在全省推开。", ["二十四字工作法"]),
    ("“6995”平安互助网让乡亲们安心。", ["6995"]),
    ("深化“百万警进千万家”活动，走访群众四万余户。", ["百万警进千万家"]),
    ("“双千警进双千企”行动收官。", ["双千警进双千企"]),
    ("推行“两手抓两促进”，一手抓防控、一手抓发展。", []),
])
def test_known_failures(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize("text", OWN_WITHOUT)
def test_own_texts_without_a_name(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(("text", "expected"), [
    ("这套办法，村民叫它“三不走”：纠纷不调完不走、隐患不改完不走、心结不解开不走。",
     {"三不走": "纠纷不调完不走、隐患不改完不走、心结不解开不走"}),
    ("车间实行“邻友四问”。一是问冷暖，记3户；二是问安全；三是问难处；四是问去向。",
     {"邻友四问": "问冷暖、问安全、问难处、问去向"}),
    ("定下“135”接警规矩：1分钟接听、3分钟派单、5分钟出门，逾期三次通报。",
     {"135": "1分钟接听、3分钟派单、5分钟出门"}),
    ("全镇打造“三把尺子”。一把是纪律尺，量作风；一把是进度尺，量快慢；一把是民意尺，量好坏。",
     {"三把尺子": "纪律尺、进度尺、民意尺"}),
    ("依托一街两校四院体系开展巡逻。", {"一街两校四院": ""}),
    ("“234”治理法见效。\n两图上墙。挂出来。\n三队巡夜。每晚都去。\n四灯亮巷。换了新灯。",
     {"234": "两图上墙、三队巡夜、四灯亮巷", "两图上墙": "", "三队巡夜": "", "四灯亮巷": ""}),
    # as like as can be, and no names
    ("围绕“平安四问”开会。一是经费不足，二是人手不足，三是车辆不足，四是场地不足。", {}),
    ("门牌号“248”：住户2名，电表4块，水表8块。", {}),
    ("一年三季五月的平台数据齐全。", {}),
    ("前面写着会议安排。\n两人上墙。他们挂图。\n三队巡夜。每晚都去。", {}),
    ("善用“两制之利”，村里的“四老议事团”开会。", {}),
])
def test_evidence_of_names(text: str, expected: dict[str, str]) -> None:
    assert {model: row["members"] for model, row in found(text).items()} == expected


def assert_not_below(file: str, floors: dict[str, float]) -> None:
    measured = model_scores(coded_texts(file))
    assert {measure: measured[measure] for measure, floor in floors.items() if measured[measure] < floor} == {}


def test_first_held_out_texts() -> None:
    """Forty texts that were held out once; rules have been mended on them since, so they say nothing of unseen texts.

    First run: precision .797, recall .603, kind .915, parent .915, members .660 of all names, basis .809. Their coder
    has the extent of names otherwise (cases/README.md binds here), which is most of what is missing to 1.
    """
    floors = {"precision": 0.84, "recall": 0.80, "kind": 0.94, "parent": 0.95, "members": 0.96, "members_basis": 0.95}
    assert_not_below("models_heldout", floors)


def test_second_held_out_texts() -> None:
    """Forty more: first run on rules that had not seen them F1 .769, .781 after mending on the first; mended on since.

    Their coder keeps the full-width comma of a slogan, which cases/README.md has in half width.
    """
    floors = {"precision": 0.94, "recall": 0.89, "f1": 0.92, "kind": 0.89, "parent": 0.97, "members": 0.95,
              "members_basis": 0.95}
    assert_not_below("models_heldout2", floors)


def test_third_held_out_texts() -> None:
    """The measure of unseen texts: held out, first run F1 .909; it must not be mended on."""
    floors = {"f1": 0.88, "kind": 0.88, "parent": 0.95, "members": 0.60, "members_basis": 0.85}
    assert_not_below("models_heldout3", floors)


SERIES = (
    "形成“一二三”模式。\n“一会”开路。每周开会。\n“两信”同发。短信和微信都用。\n“三屏”齐上。电视屏、手机屏、电梯屏一起放。"
)


def test_rows_of_numerals_have_children() -> None:
    rows = found(SERIES)
    assert rows["一二三"]["members"] == "一会开路、两信同发、三屏齐上"
    parents = {name: row["parent"] for name, row in rows.items()}
    assert parents == {"一二三": "", "一会开路": "一二三", "两信同发": "一二三", "三屏齐上": "一二三"}
    assert rows["一二三"]["parts"] == "1 会、2 信、3 屏"


@pytest.mark.parametrize(("text", "parts", "channels"), [
    ("推行“三屏两报”", "3 屏、2 报", "led_screen newspaper"), ("形成“一二三四五”新模式", "1、2、3、4、5", ""),
    ("“两信”同发，即短信、微信", "2 信", "sms wechat"), ("构建“1+N”体系", "1、N", ""),
    ("“十个没有”创建", "10 没有", ""),
])
def test_parts_and_channels(text: str, parts: str, channels: str) -> None:
    row = next(iter(found(text).values()))
    assert (row["parts"], row["channels"]) == (parts, channels)


def test_no_model_is_a_part_of_itself() -> None:
    rows = found("“三项制度”：“四张清单”、台账、考评。“四张清单”：“三项制度”、图、表、册。")
    assert [rows["三项制度"]["parent"], rows["四张清单"]["parent"]].count("") == 1


def test_passages_of_a_series_are_its_paragraphs() -> None:
    text = SERIES + "\n别的工作也很忙。先说一说。再提“三屏”的事。"
    spans = passage_spans(text, model_rows("a", text, ()))
    assert [text[start:end] for start, end, _ in spans] == [*SERIES.split("\n"), "再提“三屏”的事。"]
    assert {root for *_, root in spans} == {"一二三"}


def test_passages_go_to_the_model_named_first_and_to_models_only() -> None:
    text = "推行“三治融合”和“三屏两报”。村“两委”带头。一是“五零”创建：零上访。全县推进；二是其他。"
    spans = passage_spans(text, model_rows("a", text, ()))
    assert [(text[start:end], root) for start, end, root in spans] == [
        ("推行“三治融合”和“三屏两报”。", "三治融合"), ("一是“五零”创建：零上访。全县推进；", "五零"),
    ]


def test_boilerplate_is_not_read() -> None:
    text = "来源：“三屏两报”\n推行“三治融合”。"
    assert [row["model"] for row in model_rows("a", text, [(0, 9, "source_line")])] == ["三治融合"]


def test_tables() -> None:
    table = document_models(pd.DataFrame({"doc_id": ["a", "b"], "text": ["推行“三屏两报”。", "没有。"]}))
    assert table[["doc_id", "model", "rule"]].values.tolist() == [["a", "三屏两报", "pairs"]]
    assert find_models("").empty
    with pytest.raises(TableError, match="NoneType"):
        find_models(None)  # type: ignore[arg-type]
    with pytest.raises(TableError, match="'text'"):
        document_models(pd.DataFrame({"doc_id": ["a"]}))


def test_shape_of_a_sum() -> None:
    shape = read_shape("1个中心+3支队伍+N")
    assert shape is not None
    assert [(part.value, part.noun) for part in shape.parts] == [(1, "中心"), (3, "支队伍"), (None, "")]
    assert shape.total is None


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_traditional_twin_has_the_same_names(case: dict[str, Any]) -> None:
    twin = TO_TRADITIONAL.convert(case["text"])
    if TO_SIMPLIFIED.convert(twin) != TO_SIMPLIFIED.convert(case["text"]):
        pytest.skip("the conversion there and back is not the same text")
    assert names(twin) == names(case["text"])


WORDS = ("三屏", "两报", "即", "一是", "二是", "体系", "工作法", "手机屏", "𠀀", "三治融合", "网(wǎng)")
PIECES = st.sampled_from([*"一二三四五两双N1239+“”「」、，。：；（）《》\n\" ", *WORDS])


@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60)))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_rows_that_lie_in_it(text: str) -> None:
    rows = model_rows("text", text, ())
    assert rows == model_rows("text", text, ())
    assert len({row["char_start"] for row in rows}) == len(rows)
    known = {row["model"] for row in rows}
    for row in rows:
        assert 0 <= row["char_start"] < row["char_end"] <= len(text)
        assert row["parent"] in known - {row["model"]} | {""}
        assert (row["members"] == "") == (row["members_basis"] == "none") == (row["members_start"] is None)
        if row["members_start"] is not None:
            assert 0 <= row["members_start"] <= row["members_end"] <= len(text)
    spans = passage_spans(text, rows)
    assert spans == sorted(spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    assert all(0 <= start < end <= len(text) and root in known for start, end, root in spans)


@pytest.mark.parametrize(
    "piece", ["一二三“", "“三屏”(", "“一”即", "一是甲,二是“三治”;", "1+", "“三屏”\n", "、", "“四五六七”口号"]
)
@pytest.mark.no_cover
def test_time_is_bounded_on_hostile_text(piece: str) -> None:
    def seconds(length: int) -> float:
        start = time.perf_counter()
        model_rows("a", piece * (length // len(piece)), ())
        return time.perf_counter() - start

    seconds(1000)
    assert seconds(20_000) < 0.25 + 12 * max(seconds(4_000), 0.02)
