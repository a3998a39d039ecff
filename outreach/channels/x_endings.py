"""Endings of addresses that X makes links of, as far as a library meets them; and flags. Facts of ISO 3166 and IANA."""

from __future__ import annotations

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo bq br bs bt bw by bz ca cc cd cf
cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh
gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr
kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf
ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl
sm sn so sr ss st sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug us uy uz va vc ve vg vi vn vu wf ws
ye yt za zm zw
"""
_GENERAL = """
uk academy aero app art asia bank beer biz blog book cafe camp cat center church city click cloud club college com
community company coop date design dev digital earth edu education email events family film foundation fun gallery
games garden global gov green group guide help house info institute int international jobs land life link live love
media mil mobi museum name net network news ngo one online ong org page party photo photos pics plus post press pro pub
red run school science shop show site social space store studio study style team tech tel theater tips today tours town
travel university vote watch website wiki win work works world xyz zone
"""
COUNTRIES = tuple(_COUNTRIES.split())  # each is a flag, too
OTHER_FLAGS = ("bl", "bv", "cp", "dg", "ea", "eh", "gb", "ic", "mf", "ta", "um", "un", "xk")
ENDINGS = (*COUNTRIES, *_GENERAL.split())
