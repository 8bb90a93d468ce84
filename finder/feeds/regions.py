"""Names of states, provinces and countries with their letters, folded; no rules."""

STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA",
    "colorado": "CO", "connecticut": "CT", "delaware": "DE", "district of columbia": "DC",
    "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID", "illinois": "IL",
    "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA",
    "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN",
    "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV",
    "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM", "new york": "NY",
    "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK", "oregon": "OR",
    "pennsylvania": "PA", "rhode island": "RI", "south carolina": "SC", "south dakota": "SD",
    "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT", "virginia": "VA",
    "washington": "WA", "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY",
    "washington dc": "DC", "puerto rico": "PR", "guam": "GU", "us virgin islands": "VI",
    "american samoa": "AS", "northern mariana islands": "MP",
}  # fmt: skip

PROVINCES = {
    "alberta": "AB", "british columbia": "BC", "manitoba": "MB", "new brunswick": "NB",
    "newfoundland and labrador": "NL", "nova scotia": "NS", "ontario": "ON",
    "prince edward island": "PE", "quebec": "QC", "saskatchewan": "SK", "yukon": "YT",
    "northwest territories": "NT", "nunavut": "NU",
}  # fmt: skip

COUNTRIES = {
    "us": "US", "usa": "US", "u s": "US", "u s a": "US", "united states": "US",
    "united states of america": "US", "etats unis": "US", "estados unidos": "US",
    "vereinigte staaten": "US", "canada": "CA", "can": "CA", "ca": "CA", "mexico": "MX",
    "mx": "MX", "united kingdom": "GB", "uk": "GB", "gb": "GB", "great britain": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "ireland": "IE",
    "ie": "IE", "sweden": "SE", "sverige": "SE", "se": "SE", "norway": "NO", "norge": "NO",
    "no": "NO", "denmark": "DK", "danmark": "DK", "dk": "DK", "finland": "FI", "suomi": "FI",
    "fi": "FI", "iceland": "IS", "germany": "DE", "deutschland": "DE", "de": "DE",
    "austria": "AT", "osterreich": "AT", "at": "AT", "switzerland": "CH", "schweiz": "CH",
    "suisse": "CH", "ch": "CH", "italy": "IT", "italia": "IT", "it": "IT", "san marino": "SM",
    "france": "FR", "fr": "FR", "spain": "ES", "espana": "ES", "es": "ES", "portugal": "PT",
    "pt": "PT", "brazil": "BR", "brasil": "BR", "br": "BR", "argentina": "AR", "ar": "AR",
    "chile": "CL", "colombia": "CO", "peru": "PE", "costa rica": "CR", "panama": "PA",
    "puerto rico": "US", "netherlands": "NL", "nederland": "NL", "nl": "NL", "belgium": "BE",
    "belgie": "BE", "belgique": "BE", "be": "BE", "luxembourg": "LU", "poland": "PL",
    "polska": "PL", "pl": "PL", "czech republic": "CZ", "czechia": "CZ", "slovakia": "SK",
    "hungary": "HU", "greece": "GR", "turkey": "TR", "turkiye": "TR", "ukraine": "UA",
    "russia": "RU", "ru": "RU", "lithuania": "LT", "latvia": "LV", "estonia": "EE", "malta": "MT",
    "croatia": "HR", "slovenia": "SI", "serbia": "RS", "romania": "RO", "bulgaria": "BG",
    "israel": "IL", "iran": "IR", "ir": "IR", "india": "IN", "nepal": "NP", "thailand": "TH",
    "japan": "JP", "jp": "JP", "south korea": "KR", "philippines": "PH", "indonesia": "ID",
    "singapore": "SG", "hong kong": "HK", "china": "CN", "taiwan": "TW", "vietnam": "VN",
    "australia": "AU", "au": "AU", "new zealand": "NZ", "nz": "NZ", "south africa": "ZA",
    "za": "ZA", "kenya": "KE", "nigeria": "NG", "bermuda": "BM", "bahamas": "BS", "jamaica": "JM",
    "trinidad and tobago": "TT", "barbados": "BB",
}  # fmt: skip
