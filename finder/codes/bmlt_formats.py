"""BMLT formats: by world id, and the stock keys of one language."""

from finder.codes.meaning import table

# BMLT formats by world id, which is the same on every server.
WORLD = table("""
BEG types:beginner focus:newcomers
BT types:literature
CLOSED types:closed access_no:open
CH
CAN types:candlelight
DISC types:discussion
GL focus:lgbtq
IP types:literature
IW types:literature
JFT types:literature
M focus:men
NC access_no:children-welcome
OPEN access:open
VAR
S-D types:speaker types:discussion
SWG types:step-study
SPK types:speaker
STEP types:step-study
TOP types:topic
TRAD types:tradition-study
W focus:women
WCHR access:step-free
Y focus:young-people
LIT types:literature
NS access:smoke-free
SMOK access_no:smoke-free
QA types:questions
MED types:meditation
RA
CW access:children-welcome
CPT types:literature
LC types:literature
GP types:literature
SPAD types:literature
VM hint:online
TC hint:temporarily_closed
HYBR hint:hybrid
""")

# The stock key strings of one language, for feeds that came without their formats.
STOCK = {
    "en": table("""
B types:beginner focus:newcomers
BL
BT types:literature
C types:closed access_no:open
CH
CL types:candlelight
CS access:children-welcome
D types:discussion
ES languages:es
GL focus:lgbtq
IL
IP types:literature
IW types:literature
JT types:literature
JFT types:literature
M focus:men
NC access_no:children-welcome
O access:open
Pi
RF
Rr
SC
SD types:speaker types:discussion
SG types:step-study
SL access:asl
So types:speaker
Sp types:speaker
St types:step-study
Ti
To types:topic
Tr types:tradition-study
TW types:tradition-study
W focus:women
WC access:step-free
YP focus:young-people
OE
BK types:literature
NS access:smoke-free
Ag focus:secular
FD
AB types:questions
ME types:meditation
RA
QA types:questions
CW access:children-welcome
CP types:literature
FIN languages:fi
ENG languages:en
PER languages:fa
L/R languages:lt languages:ru
LC types:literature
GP types:literature
VM hint:online
WEB hint:online
TC hint:temporarily_closed
HY hint:hybrid
HYBR hint:hybrid
SPAD types:literature
ID
"""),
    "sv": table("""
Ö access:open
S types:closed access_no:open
K focus:women
RL access:step-free
VM hint:online
TC hint:temporarily_closed
HY hint:hybrid
"""),
}
# These three marks are set by the server itself and keep their keys in every language.
SERVER_MARKS = {key: STOCK["en"][key] for key in ("VM", "TC", "HY")}
