"""The same title says the same in English, Korean and Chinese."""

from __future__ import annotations

import pytest

from vedette.observatory.topics import Level, classify

TRIPLES = (
    (
        Level.MILITARY,
        "Trajectory optimization of a ballistic missile warhead",
        "탄도미사일 탄두의 궤적 최적화",
        "弹道导弹弹头的弹道优化",
    ),
    (
        Level.MILITARY,
        "Penetration of armor-piercing projectiles into steel armor",
        "철갑탄의 강철 장갑 관통",
        "穿甲弹对钢装甲的侵彻",
    ),
    (
        Level.MILITARY,
        "Torpedo guidance with adaptive control",
        "적응 제어를 이용한 어뢰 유도",
        "基于自适应控制的鱼雷制导",
    ),
    (Level.MILITARY, "Design of a nuclear warhead", "핵탄두 설계", "核弹头设计"),
    (
        Level.MILITARY,
        "Radar absorbing material based on carbon nanotubes",
        "탄소나노튜브 기반 레이더 흡수 재료",
        "基于碳纳米管的雷达吸波材料",
    ),
    (Level.DUAL, "Detonation of a hydrogen-air mixture", "수소-공기 혼합물의 폭굉", "氢气-空气混合物的爆轰"),
    (Level.DUAL, "Thermal decomposition of an explosive", "폭약의 열분해", "炸药的热分解"),
    (
        Level.MILITARY,
        "Gas centrifuge for isotope separation",
        "동위원소 분리용 가스 원심분리기",
        "用于同位素分离的气体离心机",
    ),
    (Level.DUAL, "Scramjet combustor flow", "스크램제트 연소기 유동", "超燃冲压发动机燃烧室流动"),
    (Level.DUAL, "Synthetic aperture radar imaging", "합성개구레이다 영상 형성", "合成孔径雷达成像"),
    (Level.DUAL, "Detection of sulfur mustard", "황 머스터드 검출", "硫芥子气的检测"),
    (Level.DUAL, "Decontamination of a nerve agent simulant", "신경작용제 유사물질의 제독", "神经毒剂模拟物的洗消"),
    (Level.DUAL, "Inertial navigation error compensation", "관성항법 오차 보상", "惯性导航误差补偿"),
    (Level.DUAL, "Solid propellant burning rate", "고체 추진제 연소 속도", "固体推进剂燃速"),
    (
        Level.CIVILIAN,
        "Missile-style marketing strategy for small firms",
        "중소기업의 미사일식 마케팅 전략",
        "中小企业的导弹式营销策略",
    ),
    (
        Level.CIVILIAN,
        "Crop yield prediction from satellite images",
        "위성 영상을 이용한 작물 수확량 예측",
        "基于卫星图像的作物产量预测",
    ),
    (Level.CIVILIAN, "Use of explosives in tunnel blasting", "터널 발파에서 폭약의 이용", "炸药在隧道爆破中的应用"),
    (Level.CIVILIAN, "Drone delivery of medical supplies", "드론을 이용한 의료 물자 배송", "无人机医疗物资配送"),
    (
        Level.CIVILIAN,
        "Deep learning for breast cancer diagnosis",
        "유방암 진단을 위한 딥러닝",
        "用于乳腺癌诊断的深度学习",
    ),
    (Level.CIVILIAN, "Underground storage of kimchi", "김치의 지하 저장", "泡菜的地下贮藏"),
    (Level.UNDETERMINED, "Neutron diffraction of a crystal structure", "결정 구조의 중성자 회절", "晶体结构的中子衍射"),
    (
        Level.UNDETERMINED,
        "Graph neural networks for link prediction",
        "링크 예측을 위한 그래프 신경망",
        "用于链路预测的图神经网络",
    ),
    (
        Level.UNDETERMINED,
        "Convergence of stochastic gradient descent",
        "확률적 경사 하강법의 수렴",
        "随机梯度下降的收敛性",
    ),
    (
        Level.UNDETERMINED,
        "Finite element method for elliptic equations",
        "타원형 방정식의 유한요소법",
        "椭圆方程的有限元方法",
    ),
    (Level.DUAL, "Colorimetric sensor for sarin", "사린가스 비색 센서", "沙林的比色传感器"),
    (
        Level.MILITARY,
        "Dispersal of nerve agent evading detection",
        "탐지를 회피하는 신경작용제의 살포",
        "逃避检测的神经毒剂散布",
    ),
    (Level.MILITARY, "Synthesis of sarin", "사린의 합성", "沙林的合成"),
    (
        Level.UNDETERMINED,
        "Residual stress measurement by neutron diffraction in steel",
        "중성자 회절에 의한 강철의 잔류응력 측정",
        "中子衍射法测量钢的残余应力",
    ),
    (Level.DUAL, "Initiation of explosives by shock", "충격에 의한 폭약의 기폭", "炸药的冲击起爆"),
    (Level.MILITARY, "Explosive warhead fragments", "폭약 탄두의 파편", "炸药战斗部破片"),
    (
        Level.CIVILIAN,
        "Explosive growth of social media users",
        "소셜미디어 이용자의 폭발적 성장",
        "社交媒体用户的爆炸式增长",
    ),
    (Level.CIVILIAN, "Missile-style marketing", "미사일식 마케팅", "导弹式营销"),
    (
        Level.DUAL,
        "Quantum key distribution over optical fiber",
        "광섬유를 이용한 양자키분배",
        "光纤量子密钥分发",
    ),
    (Level.DUAL, "Turbofan engine fault diagnosis", "터보팬 엔진 고장 진단", "涡扇发动机故障诊断"),
    (Level.DUAL, "Night vision image fusion", "야간투시 영상 융합", "夜视图像融合"),
    (
        Level.MILITARY,
        "Swarm drone attack on ground targets",
        "지상 표적에 대한 군집 드론 공격",
        "无人机群对地面目标攻击",
    ),
    (
        Level.CIVILIAN,
        "Carbon fiber composites for wind turbine blades",
        "풍력 터빈 날개용 탄소섬유 복합재",
        "风力机叶片用碳纤维复合材料",
    ),
)
"""The first twenty-four were written before the dictionary was read for them: then 16 agreed between the languages."""


class TestThreeLanguages:
    @pytest.mark.parametrize(("level", "english", "korean", "chinese"), TRIPLES, ids=[row[1] for row in TRIPLES])
    def test_a_title_says_the_same_in_each(self, level: Level, english: str, korean: str, chinese: str) -> None:
        assert [classify(title).potential for title in (english, korean, chinese)] == [level] * 3


class TestProtection:
    def test_of_agents_it_is_for_a_reader_and_says_why(self) -> None:
        told = classify("Decontamination of a nerve agent simulant")

        assert told.potential is Level.DUAL
        assert "protection" in told.reasons[0]
        assert told.methods == ()

    @pytest.mark.parametrize(
        "title", ["Missile detection with sarin warheads", "Detection of ballistic missile launches", "导弹探测方法"]
    )
    def test_of_other_arms_it_is_a_deed(self, title: str) -> None:
        assert classify(title).potential is Level.MILITARY

    def test_agents_that_only_the_abstract_names(self) -> None:
        abstract = "The probe tells sarin from soman."

        assert classify("A fluorescent sensor", abstract).potential is Level.DUAL
        assert classify("A fluorescent probe", abstract).potential is Level.MILITARY
