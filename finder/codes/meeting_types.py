"""Meeting Guide types: those every program shares, and those of one program."""

from finder.codes.meaning import Meaning, table

# Codes that mean the same wherever they are used.
SHARED = table("""
O access:open
C types:closed access_no:open
TC hint:temporarily_closed
ONL hint:online
VM hint:online
HY hint:hybrid
HYB hint:hybrid
HYBRID hint:hybrid
X access:step-free
XB access:step-free access:accessible-toilet
ASL access:asl
W focus:women
M focus:men
LGBTQ focus:lgbtq
LGBTQIA focus:lgbtq
LGBTQI+ focus:lgbtq
LGBTQIA+ focus:lgbtq
LGBTQIAA+ focus:lgbtq
POC focus:people-of-color
BIPOC focus:people-of-color
NDG focus:indigenous
NB focus:non-binary
SEN focus:seniors
DD focus:dual-diagnosis
D types:discussion
SP types:speaker
SPD types:speaker types:discussion
ST types:step-study
LIT types:literature
MED types:meditation
BE types:beginner focus:newcomers
CAN types:candlelight
BA access:child-care
CF access:children-welcome
SM access_no:smoke-free
NS access:smoke-free
FF access:fragrance-free
OUT access:outdoor
XT types:cross-talk
DB
BRK types:social
EN languages:en
FR languages:fr
ITA languages:it
KOR languages:ko
POL languages:pl
POR languages:pt
PUN languages:pa
RUS languages:ru
TUR languages:tr
D-HOH focus:deaf
BV-I focus:blind
""")

_LANGUAGES = table("""
AF languages:af
AM languages:am
AR languages:ar
BG languages:bg
DA languages:da
DE languages:de
EL languages:el
FA languages:fa
FI languages:fi
HE languages:he
HI languages:hi
HR languages:hr
HU languages:hu
IS languages:is
JA languages:ja
KA languages:ka
LT languages:lt
ML languages:ml
MT languages:mt
NE languages:ne
NL languages:nl
NO languages:no
S languages:es
SK languages:sk
SL languages:sl
SV languages:sv
TH languages:th
TL languages:tl
UK languages:uk
""")

_AA = _LANGUAGES | table("""
11 types:step-study types:meditation
12X12 types:literature types:step-study
ABSI types:literature
A focus:secular
AL
AL-AN
B types:literature
BS types:literature
DR types:literature
GR types:literature
H types:birthday
LS types:literature
TR types:tradition-study
P focus:professionals
POA access:proof-of-attendance
Y focus:young-people
L focus:lesbian
G focus:gay
BI focus:bisexual
T focus:transgender
N focus:indigenous
LO-I
RSL access:asl
QSL access:asl
""")
# Quebec and Russian sign language are not ASL, which is what our code means.
_AA |= {"RSL": Meaning(), "QSL": Meaning()}

_NA = table("""
CPT types:literature
BT types:literature
BEG types:beginner focus:newcomers
CW access:children-welcome
DISC types:discussion
GL focus:lgbtq
IP types:literature
IW types:literature
JFT types:literature
LC types:literature
QA types:questions
RA
SMOK access_no:smoke-free
SPAD types:literature
SPK types:speaker
STEP types:step-study
SWG types:step-study
TOP types:topic
TRAD types:tradition-study
VAR
Y focus:young-people
""")

_DHARMA = table("""
BE types:beginner focus:newcomers
CC access:child-care
DF
8F
IS types:writing
IW types:writing
MI types:meditation
PR
WA access:step-free
""")

BY_PROGRAM: dict[str, dict[str, Meaning]] = {
    "aa": _AA,
    "na": _NA,
    "ha": _NA,
    "rd": _DHARMA,
    "rr": _DHARMA,
    "al-anon": _LANGUAGES
    | table("""
AC
A focus:secular
B types:literature
POA focus:parents
Y focus:teens
TR types:tradition-study
G focus:gay
L focus:lesbian
T focus:transgender
"""),
    "aca": table("""
S types:speaker
T types:literature
Y types:literature
TEEN focus:teens
YA focus:young-people
CAP access:captions
CC access:child-care
"""),
    "ca": table("""
S languages:es
N focus:indigenous
Y focus:young-people
BUS access:near-transit
"""),
    "cma": table("""
S languages:es
Y focus:young-people
"""),
    "ma": table("""
CCAP access:captions
H types:birthday
"""),
    "daa": table("YP focus:young-people"),
    "sia": table("""
N focus:indigenous
GQ focus:lgbtq
"""),
    "slaa": table("""
A focus:secular
NC types:beginner focus:newcomers
NEUR focus:neurodivergent
TRMA
SWKR
PRI focus:reentry
HR
"""),
    "sca": table("COURT access:proof-of-attendance"),
    "smart": table("FF focus:families"),
}
