//! How places are named in English.

/// Most exact first.
pub(super) const PLACES: &[&str] = &[
    r"\b(?i:at |on |in |outside )?\d{1,4}[a-zA-Z]? \p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)* ?(?i:street|st|road|rd|avenue|ave|lane|ln|way|close|drive|court|gardens|terrace|crescent|place|grove|hill|square|row|mews|park|walk|green|boulevard|blvd|rise|croft|view|parade|quay|wharf|bank|yard|drove|path|broadway|villas|cottages|circle|parkway|turnpike|pike)\b",
    r"\b(?i:on|in|at) (?i:the )?(?:\p{Lu}[\p{L}'’-]+ )+(?i:ward|unit|wing|clinic|hospital|surgery|centre|center|house|lodge|suite|department|hospice|infirmary|court)\b",
    r"(?i)\b(?:on |in )?(?:the )?ward \d{1,3}[a-z]?\b",
    r"\b(?i:at|in|outside) (?:St\.? )?\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,3} (?i:hospital|surgery|clinic|centre|house|lodge|hospice|infirmary|pharmacy|medical centre|health centre|care home|nursing home)\b",
    r"\b(?i:at|in) St\.? \p{Lu}[\p{L}'’-]+",
    r"(?i)\b(?:in|at|outside|on|near|by) (?:the |your |our |my |his |her |their |my neighbou?r's |next door's |a )?(?:\w+ )?(?:a ?& ?e|a and e|accident and emergency|emergency (?:room|department)|casualty|waiting room|waiting area|reception(?: area| desk)?|main entrance|front desk|car ?park(?: (?:(?-i:[B-Z])|\d{1,2})\b)?|maternity(?: ward| unit)?|children's ward|x-?ray(?: department)?|outpatients?|icu|intensive care|theatre|pharmacy|canteen|cafe|corridor|lift|driveway|front garden|back garden|front door|doorstep|landing|stairwell|hallway|kitchen|bedroom|day room|dining room|lounge|care home|nursing home|clinic|surgery|supermarket|school|bus stop|high street|own home)\b",
    r"(?i)\b(?:at (?:home|my (?:\w+(?:'s)? )?(?:house|flat|home|place)|(?:her|his|their) (?:house|flat|home|place|own home)|work)|in (?:my|her|his|our) (?:street|road|building|block|house|flat|home)|over the phone|on the (?:stairs|pavement|street))\b",
];

/// Words before a place that are no part of it.
pub(super) const LEADS: &[&str] = &["at ", "on ", "in ", "near ", "by "];

/// Words by which a sentence says where.
pub(super) const WHERE: &[&str] = &[
    "at",
    "on",
    "in",
    "near",
    "by",
    "outside",
    "inside",
    "behind",
    "beside",
    "next",
    "opposite",
    "under",
    "between",
    "where",
    "wherever",
    "here",
    "there",
    "upstairs",
    "downstairs",
    "home",
    "indoors",
    "outdoors",
];
