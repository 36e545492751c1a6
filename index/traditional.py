"""Traditional Chinese as simplified, for searching and comparing; what is quoted stays as printed."""

import re
from functools import cache
from importlib.resources import files

# What is called otherwise where traditional characters are written, in simplified characters: of the field only.
_REGIONAL = dict(
    pair.split(">")
    for pair in (
        "伺服器>服务器 晶片>芯片 半导体晶圆>晶圆 积体电路>集成电路 软体>软件 硬体>硬件 韧体>固件 资讯>信息 网路>网络 "
        "网际网路>互联网 网际网络>互联网 行动通讯>移动通信 行动网路>移动网络 行动电话>移动电话 行动装置>移动设备 "
        "智慧型手机>智能手机 智慧手机>智能手机 人工智慧>人工智能 生成式人工智慧>生成式人工智能 笔记型电脑>笔记本电脑 "
        "记忆体>存储器 快闪记憶体>闪存 云端运算>云计算 云端计算>云计算 高效能运算>高性能计算 "
        "资料中心>数据中心 大数据资料>大数据 资料库>数据库 光纤网路>光纤网络 宽频>宽带 频宽>带宽 雷射>激光 讯号>信号 "
        "简讯>短信 影音>视频 影片>视频 线上>在线 数位>数字 使用者>用户 程式>程序 演算法>算法 模组>模块 "
        "智慧财产>知识产权 "
        "电动车>电动汽车 太阳能>光伏 塑胶>塑料 "
        "本益比>市盈率 股价净值比>市净率 每股盈余>每股收益 税后净利>净利润 税后纯益>净利润 营业利益>营业利润 "
        "股东权益报酬率>净资产收益率 资产报酬率>总资产收益率 现金殖利率>股息率 殖利率>收益率 资本支出>资本开支 "
        "应收帐款>应收账款 应付帐款>应付账款 帐面>账面 总体经济>宏观经济 "
        "年增率>同比增速 季增率>环比增速 月增率>环比增速 年增>同比增长 年减>同比下降 季增>环比增长 季减>环比下降 "
        "月增>环比增长 月减>环比下降 第一季>一季度 第二季>二季度 第三季>三季度 第四季>四季度 "
        "联准会>美联储 联储局>美联储 升息>加息 通膨>通胀 公债>国债 外汇存底>外汇储备 法人>机构 "
        "国内生产毛额>国内生产总值 采购经理人指数>采购经理指数 消费者物价>消费者价格 "
        "执行长>首席执行官 财务长>首席财务官 营运长>首席运营官 技术长>首席技术官 资本适足率>资本充足率 逾放比>不良率 "
        "辉达>英伟达 超微半导体>AMD 高通公司>高通 好市多>开市客 福斯汽车>大众汽车 宾士>奔驰 娇生>强生 "
        "台积公司>台积电 沙乌地阿美>沙特阿美 波克夏>伯克希尔 寮国>老挝 义大利>意大利 纽西兰>新西兰 "
        "沙乌地阿拉伯>沙特阿拉伯"
    ).split()
)


@cache
def _table() -> dict[int, str]:
    lines = files("index").joinpath("data/traditional.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    return {
        ord(traditional): simple
        for above, below in zip(rows[::2], rows[1::2], strict=True)
        for traditional, simple in zip(above, below, strict=True)
    }


@cache
def _terms() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_REGIONAL, key=len, reverse=True)))


def simplified(text: str) -> str:
    """``text`` in simplified characters, as many as before. Characters that both scripts print stay."""
    return text if text.isascii() else text.translate(_table())


def mainland(text: str) -> str:
    """``text`` in simplified characters and, where it had traditional ones, in the terms of the mainland."""
    simple = simplified(text)
    return simple if simple == text else _terms().sub(lambda found: _REGIONAL[found[0]], simple)
