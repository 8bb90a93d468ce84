"""Words by which the privacy rules know a person from a place; no rules."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIRST_NAMES = _words("""
aaron abby abigail adam adrian agnes alan albert alejandro alex alexa alexander alexandra alexis
alfred ali alice alicia alison allan allen allison alma alvin amanda amber amelia amir amy ana
anders andrea andreas andrew andy angela angie anita ann anna anne annette annie anthony antoine
antonio april arlene arnold arthur ashley audrey austin barb barbara barry beatrice becky ben
benjamin bernadette bernard bernice beth bethany betsy betty beverly bill billy blake bob bobbie
bobby bonnie brad bradley brandon brenda brent brett brian bridget brittany bruce bryan caitlin
calvin carl carla carlos carmela carmen carmine carol carole caroline carolyn carrie casey
catherine cathy cecilia chad charlene charles charlie charlotte chelsea cheryl chiara chris
christina christine christopher christy chuck cindy claire clara clarence claude claudia clayton
clifford clyde cody colin colleen connie corey courtney craig crystal curtis cynthia dale dan dana
daniel danielle danny darlene darrell darren dave david dawn dean deanna deb debbie deborah debra
denise dennis derek derrick diana diane dick dmitri dolores don donald donna doris dorothy doug
douglas duane dustin dwayne dylan earl ed eddie edith edna eduardo edward edwin eileen elaine
eleanor elena elin elizabeth ellen elsie emily emma enrique eric erica erik erin ernest ernie
ethan ethel eugene eva evan evelyn fatima felicia fernando florence floyd frances francesca
francis francisco francois frank franklin fred frederick gabriel gail gary gene george gerald
geraldine gerry gina giovanni giulia giuseppe gladys glen glenda glenn gloria gordon greg gregory
gretchen guadalupe gwen hank hannah hans harold harry harvey hazel heather hector heidi helen
henrik henry herb herbert herman holly howard hugh ian ida igor ingrid irene irma isaac isabel
ivan ivanka jack jackie jacob jacqueline jacques jaime jake james jamie jan jane janet janice
jared jason javier jay jean jeanette jeanne jeff jeffrey jen jenna jennifer jenny jeremy jerome
jerry jesse jessica jesus jill jim jimmy jo joan joann joanna joanne joe joel joey johan john
johnny jon jonathan jordan jorge jose joseph josephine josh joshua joyce juan juanita judith judy
julia julian julie june jurgen justin karen karin karl karla katarina kate katherine kathleen
kathryn kathy katie kay keith kelly ken kenneth kenny kerry kevin khalid kim kimberly kirk kris
kristen kristin kristina kurt kyle lance larry lars laura lauren laurie lawrence leah lee lena leo
leon leonard leroy leslie lester lewis lillian linda lindsay lindsey lisa liz lloyd lois lorenzo
loretta lori lorraine louis louise luca lucas lucille lucy luis luke lynn lynne mabel madison
maggie magnus manuel marc marcia marco marcus margaret margarita margie maria marian marie marilyn
mario marion marjorie marlene marsha marshall marta martha martin marty marvin mary mateo matt
matthew mattias maureen maurice max megan mei melanie melinda melissa melvin michael michele
michelle miguel mike mildred milton mindy miriam misty mitch mitchell mohamed mohammed molly
monica monique morgan muhammad nancy naomi natalie natasha nathan nathaniel neil nellie nicholas
nick nicole nina noah nora norma norman olga oscar pam pamela paolo pat patricia patrick patsy
patti patty paul paula pauline pedro peggy penny per perry pete peter petra phil philip phillip
phyllis pierre priya rachel rafael raj ralph ramon randall randy raul ray raymond rebecca regina
rhonda ricardo rich richard rick ricky rita rob robert roberta roberto robin rodney roger roland
ron ronald ronnie rosa rosario rosemary roy ruben ruby russ russell ruth ryan sally sam samantha
samuel sandra sandy sanjay santiago sara sarah scott sean sergei sergio seth shane shannon sharon
shaun shawn sheila shelby shelly sherri sherry sheryl shirley sidney sofia sonia sonya sophia
stacey stacy stan stanley stefan stella stephanie stephen steve steven stuart sue susan susie
suzanne sven svetlana sylvia tabitha tamara tammy tanya tara tariq ted teresa teri terrance terri
terry thelma theodore theresa thomas tiffany tim timothy tina todd tom tomas tommy tony tonya
tracey traci tracy travis trevor tricia troy tyler ulf valerie vanessa velma vera vernon veronica
vicki vickie vicky victor victoria vince vincent viola virginia vivian wade walt walter wanda
warren wayne wei wendy wesley whitney wilbur willard william willie wilma xavier yolanda yuki
yvette yvonne zach zachary
""")

# Words with a capital after "call" or "contact" that are no person.
NOT_PEOPLE = _words("""
a aa above after ahead al-anon alano alanon all and and/or any april area at august ave avenue
back before beginners below big board book building by ca center central centre chairperson choice
chooses church closed club clubhouse cma college committee december desk details dharma dial
discussion district door downstairs each east entrance every facebook facilitator february
fellowship first for friday front google google's group groups ha hall helpline here highway
hospital host hotline hwy i id if in info information intergroup it january july june lake library
line link lobby main map maps march mask masks may meeting meetings members men monday more mount
mt na new newcomers night no north not note notes november number october office on online only
open or our page park parking passcode password person person's phone pick picks please rd rear
reception recovery region river road room saint san santa saturday school script secretary
security selects september service side smart sms south speaker st step steps street sunday that
the they this thursday to topic tradition traditions tuesday university upstairs us valley we web
website wednesday west when women you your zoom
""")

# A pair of names with one of these in it is a place, a building or a book.
PLACE_WORDS = _words("""
american annex area auditorium ave avenue avenues aves bank baptist basement beach big bldg blvd
book boulevard bridge broadway building cafe cafeteria campus cathedral catholic center centre
chapel christian church circle city clinic club clubhouse college community concepts
congregational corner county court creek crossing ct daily day days district dr drive elementary
elks entrance episcopal evening expressway fellowship field fields fort foundation friday garden
gardens god gospel group grove gym hall health heights high highway hill hills hospital hotel
hotline house hwy inn intergroup island it just knights lake landing lane legion library ln lodge
loop lutheran mall masonic medical meeting memorial methodist middle mission monday month moose
morning mosque mountain museum night noon parish park parkway pike pkwy pl place plaza point
prayer presbyterian rd recovery reflections region restaurant ridge river road room route saturday
school sees service services society springs square st station step steps store street street's
streets sts sunday synagogue temple terrace theater theatre thursday today town tpke tradition
traditions trail tuesday turnpike twelve united university valley vfw village way wednesday week
woods ymca ywca zoom
""")

# One of these a few words after a name makes it the name of a place.
PLACE_NOUNS = _words("""
apartments auditorium building campus cathedral center centre chapel church clinic club clubhouse
college commons elementary estates hall hospital housing library manor men men's parish park
parsonage pastoral rectory school senior seniors synagogue temple towers university villa women
women's
""")

# "Room B" is no person, whatever the letter.
LETTERED = PLACE_WORDS | _words("""
a an and apartment appendix apt at avenues aves between big btwn bus by class classroom conference
corner cross door entrance entry exit floor for from gate grade greenway hwy in is level line lot
module near of off on option or parking part phase plan portable room's row rt rte section ste
step suite the this tier to trailer train type unit use vitamin wing with zone
""")
