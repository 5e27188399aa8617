"""Names of the web's top, such as `org`, that every network surely knows.

Facts of the DNS, and not all of them: those of countries, and those under which feeds are found.
Whoever is not here is not unknown, only not sure (docs/adr/0108-links-as-x-has-them.md).
"""

# All of two letters: those of countries, and what was one (source: https://www.iana.org/domains/root/db).
_COUNTRIES = """
ac ad ae af ag ai al am an ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq
br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz
ec ee eg eh er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw
gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz
la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx
my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro
rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk
tl tm tn to tp tr tt tv tw tz ua ug uk um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_OTHERS = """
com org net edu gov int mil arpa info biz name pro aero asia cat coop jobs mobi museum post tel
travel academy agency app art audio bank bar berlin best bio blog blue boston build business cafe
camp care careers center chat church city click cloud club codes coffee community company computer
consulting cool country courses cymru dance data dating day deals design dev digital direct
directory docs dog domains earth eco education email energy engineer engineering events exchange
expert express family fan farm fashion film finance fish fit foundation frl fun fund fyi gallery
game games garden gift global gmbh golf google gratis green group guide guru haus health help here
hiphop hospital host hosting house how ink institute international investments istanbul jetzt
juegos kiwi koeln land law legal lgbt life link live london lol love ltd madrid management market
marketing media melbourne men miami mobile moda moe money monster moscow movie network new
news ngo ninja nrw nyc one ong online ooo page paris partners parts party photo photography photos
physio pics pictures pink pizza place plus poker press productions properties pub quebec racing
radio recipes red rehab reise reisen report rest restaurant review reviews rio rip rocks ruhr run
saarland sale salon school science scot services shoes shop show singles site ski social software
solar solutions space srl storage store stream studio style supply support surf swiss sydney
systems taipei tattoo tax team tech technology theater tips tirol today tokyo tools top tours town
toys trade training tube university uno vacations vegas ventures versicherung vet video villas
vision vote voyage wales wang watch website wedding whoswho wien wiki win wine work works world wtf
xyz yoga youtube zone
"""
# Of other letters: Russia, Ukraine, Serbia, Bulgaria, China, Taiwan, Korea, Greece, Egypt, Saudi
# Arabia, Pakistan, Iran, India, Thailand, Israel and what they share.
_OF_OTHER_LETTERS = """
рф рус онлайн сайт дети москва укр срб бг ею 中国 中國 台湾 台灣 香港 新加坡 公司 网络 网址 中文网
みんな 한국 닷컴 닷넷 ελ مصر السعودية پاکستان ایران الاردن المغرب شبكة भारत ไทย
"""

TOP_DOMAINS = frozenset(f"{_COUNTRIES} {_OTHERS} {_OF_OTHER_LETTERS}".split())

_FILES = """
aspx avi conf css csv dll doc docx epub exe flac gif htm html ini ipynb iso jar jpeg jpg js
json jsx lua mkv ods odt ogg pdf php png ppt pptx rar rtf sql svg tar toml ts tsv tsx txt vue wav
webm webp xls xlsx xml yaml yml
"""

NO_TOP_DOMAINS = frozenset(_FILES.split())
"""Ends of names of files, which are no top domains: "Node.js" is no link."""
