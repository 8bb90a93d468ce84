"""Types and languages by their names, for feeds that write words in place of codes."""

from finder.codes.meaning import table

NAMES = table("""
open access:open
open_meeting access:open
closed types:closed access_no:open
closed_meeting types:closed access_no:open
families_and_friends_only types:closed access_no:open
families_friends_and_observers_welcome access:open
discussion types:discussion
speaker types:speaker
speaker_discussion types:speaker types:discussion
big_book types:literature
literature types:literature
book_study types:literature
basic_text types:literature
step_study types:step-study
step_meeting types:step-study
step types:step-study
12_steps_12_traditions types:literature types:step-study
tradition_study types:tradition-study
as_bill_sees_it types:literature
living_sober types:literature
grapevine types:literature
daily_reflections types:literature
meditation types:meditation
11th_step_meditation types:step-study types:meditation
beginner types:beginner focus:newcomers
beginners types:beginner focus:newcomers
newcomer types:beginner focus:newcomers
newcomers types:beginner focus:newcomers
topic types:topic
candlelight types:candlelight
birthday types:birthday
cross_talk_permitted types:cross-talk
breakfast types:social
women focus:women
men focus:men
non_binary focus:non-binary
lgbtq focus:lgbtq
lgbtqia focus:lgbtq
lgbtqiaa focus:lgbtq
lesbian focus:lesbian
gay focus:gay
gay_lesbian_transgender focus:lgbtq
bisexual focus:bisexual
transgender focus:transgender
young_people focus:young-people
young_adults focus:young-people
alateen focus:teens
seniors focus:seniors
people_of_color focus:people-of-color
native_american focus:indigenous
indigenous focus:indigenous
professionals focus:professionals
dual_diagnosis focus:dual-diagnosis
secular focus:secular
agnostic focus:secular
parents_of_alcoholics focus:parents
parents focus:parents
adult_children
concurrent_with_al_anon
concurrent_with_alateen
digital_basket
wheelchair_access access:step-free
wheelchair_accessible access:step-free
wheelchair access:step-free
wheelchair_accessible_bathroom access:step-free access:accessible-toilet
american_sign_language access:asl
asl access:asl
fragrance_free access:fragrance-free
smoking_permitted access_no:smoke-free
no_smoking access:smoke-free
outdoor access:outdoor
outdoor_meeting access:outdoor
babysitting_available access:child-care
child_care access:child-care
child_friendly access:children-welcome
children_welcome access:children-welcome
no_children access_no:children-welcome
proof_of_attendance access:proof-of-attendance
online hint:online
online_meeting hint:online
virtual_meeting hint:online
hybrid hint:hybrid
location_temporarily_closed hint:temporarily_closed
english languages:en
spanish languages:es
espanol languages:es
french languages:fr
francais languages:fr
""")

LANGUAGE_NAMES = {
    "english": "en", "english speaking": "en", "spanish": "es", "espanol": "es", "french": "fr",
    "francais": "fr", "farsi": "fa", "persian": "fa", "russian": "ru", "italian": "it",
    "italiano": "it", "hindi": "hi", "bulgarian": "bg", "greek": "el", "polish": "pl",
    "polski": "pl", "danish": "da", "dutch": "nl", "japanese": "ja", "turkish": "tr", "czech": "cs",
    "portuguese": "pt", "portugues": "pt", "german": "de", "deutsch": "de", "hungarian": "hu",
    "finnish": "fi", "swedish": "sv", "svenska": "sv", "norwegian": "no", "icelandic": "is",
    "lithuanian": "lt", "latvian": "lv", "estonian": "et", "ukrainian": "uk", "hebrew": "he",
    "arabic": "ar", "korean": "ko", "chinese": "zh", "mandarin": "zh", "cantonese": "yue",
    "vietnamese": "vi", "tagalog": "tl", "thai": "th", "punjabi": "pa", "gujarati": "gu",
    "urdu": "ur", "bengali": "bn", "nepali": "ne", "amharic": "am", "somali": "so", "swahili": "sw",
    "afrikaans": "af", "croatian": "hr", "serbian": "sr", "slovak": "sk", "slovenian": "sl",
    "slovene": "sl", "romanian": "ro", "armenian": "hy", "georgian": "ka", "albanian": "sq",
    "malayalam": "ml", "tamil": "ta", "maltese": "mt", "creole": "ht", "haitian creole": "ht",
    "navajo": "nv", "american sign language": "ase", "asl": "ase",
}  # fmt: skip
