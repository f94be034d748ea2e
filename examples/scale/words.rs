//! The words that the invented country is made of.
//!
//! Towns' names are put together as English ones are, so that many look alike; what is asked of a building, and how,
//! was written by hand. Deliberately absent: anything of a real article.

/// What may be known of a building. `{town}`, `{building}` and `{value}` are filled in.
#[derive(Debug)]
pub(crate) struct Aspect {
    /// The end of its facts' ids.
    pub(crate) id: &'static str,
    /// The kind of question that it answers.
    pub(crate) kind: &'static str,
    /// Of what a number is the number; empty where there is none.
    pub(crate) counts: &'static str,
    /// `company`, `person`, `number`, `day`, or what there is to choose from.
    pub(crate) value: &'static str,
    /// The fact's sentence.
    pub(crate) answer: &'static str,
    /// What a gap does not say.
    pub(crate) open: &'static str,
    /// As a curator thinks of it.
    pub(crate) phrasings: [&'static str; 5],
    /// As a member puts it.
    pub(crate) asked: [&'static str; 3],
}

/// How towns' names begin.
pub(crate) static TOWN_BEGINNINGS: [&str; 48] = [
    "Alder", "Ash", "Birch", "Black", "Brook", "Cold", "Cran", "Crow", "Dun", "East", "Elm", "Fair", "Fen", "Glen",
    "Gran", "Green", "Hart", "Hazel", "Heath", "High", "Holly", "Kings", "Lang", "Linden", "Long", "Low", "Mar",
    "Mill", "Moor", "Nether", "North", "Oak", "Over", "Penn", "Quill", "Raven", "Red", "Rose", "Salt", "Sand",
    "Silver", "South", "Stan", "Thorn", "Wake", "West", "White", "Wind",
];

/// How they end.
pub(crate) static TOWN_ENDS: [&str; 24] = [
    "ford", "bourne", "bury", "combe", "cott", "dale", "field", "gate", "ham", "haven", "hurst", "leigh", "mere",
    "mouth", "port", "ridge", "stead", "stoke", "thorpe", "ton", "well", "wick", "wood", "worth",
];

/// What is built.
pub(crate) static BUILDINGS: [&str; 24] = [
    "harbour wall",
    "footbridge",
    "town library",
    "swimming pool",
    "bus station",
    "water tower",
    "primary school",
    "ferry terminal",
    "market hall",
    "flood barrier",
    "tram line",
    "cycle path",
    "wind farm",
    "concert hall",
    "fire station",
    "railway tunnel",
    "city museum",
    "sewage plant",
    "sports ground",
    "power station",
    "lighthouse",
    "car park",
    "health centre",
    "skating rink",
];

/// Who builds.
pub(crate) static COMPANIES: [&str; 16] = [
    "Bellamy Stoneworks",
    "Carrow Marine",
    "Dalton Brothers",
    "Eastern Concrete",
    "Fenwick Engineering",
    "Gilmour Contractors",
    "Hollis Steel",
    "Ivory Bay Builders",
    "Jessop Rail",
    "Kestrel Civil Works",
    "Lockwood Timber",
    "Meridian Groundworks",
    "Newcombe Roads",
    "Osprey Foundations",
    "Pemberton Lifts",
    "Quayside Dredging",
];

/// First names of people.
pub(crate) static FIRST_NAMES: [&str; 16] = [
    "Ada", "Bruno", "Clara", "Dennis", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Ludwig", "Marta",
    "Nils", "Olga", "Piet",
];

/// Last names of people.
pub(crate) static LAST_NAMES: [&str; 16] = [
    "Abery", "Bancroft", "Colby", "Dunmore", "Ellery", "Farrow", "Garside", "Hadley", "Ingram", "Jarrold", "Kemble",
    "Lorimer", "Maddox", "Norcott", "Ormerod", "Pryce",
];

/// What is asked of buildings.
pub(crate) static ASPECTS: [Aspect; 16] = [
    Aspect {
        id: "cost",
        kind: "how-many",
        counts: "crowns",
        value: "number",
        answer: "The {town} council said the {building} costs {value} million crowns.",
        open: "what is paid",
        phrasings: [
            "How much does the {building} in {town} cost?",
            "What is the price of the {building} in {town}?",
            "How many million crowns does {town} pay for its {building}?",
            "How expensive is the {town} {building}?",
            "What will {town} spend on the {building}?",
        ],
        asked: [
            "what's the bill for the {building} at {town}?",
            "How much money goes into {town}'s {building}?",
            "Tell me the cost of the {building} of {town}.",
        ],
    },
    Aspect {
        id: "opening",
        kind: "when",
        counts: "",
        value: "day",
        answer: "The {town} council said the {building} opens on {value}.",
        open: "the day of the opening",
        phrasings: [
            "When does the {building} in {town} open?",
            "On which day is the {town} {building} opened?",
            "What is the opening date of the {building} in {town}?",
            "When can people first use the {town} {building}?",
            "When will the {building} in {town} be inaugurated?",
        ],
        asked: [
            "what day does the {town} {building} open its doors?",
            "When is the opening of {town}'s {building}?",
            "Do we know the opening day of the {building} at {town}?",
        ],
    },
    Aspect {
        id: "start",
        kind: "when",
        counts: "",
        value: "day",
        answer: "The {town} council said the works on the {building} begin on {value}.",
        open: "when the works begin",
        phrasings: [
            "When do the works on the {building} in {town} begin?",
            "When does construction of the {town} {building} start?",
            "On which day do the diggers come to the {building} in {town}?",
            "When is the first stone of the {town} {building} laid?",
            "From when on is the {building} in {town} being worked on?",
        ],
        asked: [
            "when are they starting the works at the {town} {building}?",
            "What date does construction begin on {town}'s {building}?",
            "when do they begin working on the {building} of {town}",
        ],
    },
    Aspect {
        id: "builder",
        kind: "who",
        counts: "",
        value: "company",
        answer: "The {town} council said {value} builds the {building}.",
        open: "which company builds it",
        phrasings: [
            "Who builds the {building} in {town}?",
            "Which company is building the {town} {building}?",
            "Who won the contract for the {building} in {town}?",
            "Which firm constructs the {building} of {town}?",
            "Who is the contractor of the {town} {building}?",
        ],
        asked: [
            "what company has the contract for {town}'s {building}?",
            "Who's constructing the {building} over in {town}?",
            "which contractor does the {town} {building}?",
        ],
    },
    Aspect {
        id: "designer",
        kind: "who",
        counts: "",
        value: "person",
        answer: "The {town} council said {value} designed the {building}.",
        open: "who designed it",
        phrasings: [
            "Who designed the {building} in {town}?",
            "Who is the architect of the {town} {building}?",
            "Whose design is the {building} in {town}?",
            "Which architect drew the plans of the {town} {building}?",
            "Who drew the {building} of {town}?",
        ],
        asked: [
            "which architect designed {town}'s {building}?",
            "Name the designer of the {building} at {town}.",
            "who made the plans for the {town} {building}?",
        ],
    },
    Aspect {
        id: "critic",
        kind: "who",
        counts: "",
        value: "person",
        answer: "The {town} council said {value} objected to the {building}.",
        open: "who objected",
        phrasings: [
            "Who objected to the {building} in {town}?",
            "Who is against the {town} {building}?",
            "Who opposes the {building} in {town}?",
            "Who complained about the {town} {building}?",
            "Who spoke out against the {building} of {town}?",
        ],
        asked: [
            "who's opposed to the {building} in {town}?",
            "Was there anyone who objected to {town}'s {building}?",
            "who raised objections against the {town} {building}",
        ],
    },
    Aspect {
        id: "reason",
        kind: "why",
        counts: "",
        value: "the old one leaks|the old one is too small|the old one burned down|the town has grown|the law asks for it|visitors wished for it",
        answer: "The {town} council said it wants the {building} because {value}.",
        open: "for what reason it is wanted",
        phrasings: [
            "Why does {town} need the {building}?",
            "What is the reason for the {building} in {town}?",
            "Why is the {town} {building} being built?",
            "What does {town} want the {building} for?",
            "For what reason does {town} build a {building}?",
        ],
        asked: [
            "why do they want a {building} in {town}?",
            "What's the reason behind {town}'s {building}?",
            "how come {town} gets a {building}?",
        ],
    },
    Aspect {
        id: "length",
        kind: "how-many",
        counts: "metres",
        value: "number",
        answer: "The {town} council said the {building} is {value} metres long.",
        open: "how long it is",
        phrasings: [
            "How long is the {building} in {town}?",
            "How many metres long is the {town} {building}?",
            "What is the length of the {building} in {town}?",
            "How many metres does the {town} {building} measure?",
            "What length has the {building} of {town}?",
        ],
        asked: [
            "what's the length in metres of {town}'s {building}?",
            "How many metres is the {building} at {town}?",
            "the {town} {building}, how long is it?",
        ],
    },
    Aspect {
        id: "workers",
        kind: "how-many",
        counts: "workers",
        value: "number",
        answer: "The {town} council said {value} workers are busy at the {building}.",
        open: "how many workers there are",
        phrasings: [
            "How many workers are at the {building} in {town}?",
            "How many people work on the {town} {building}?",
            "What is the number of workers at the {building} in {town}?",
            "How large is the crew of the {town} {building}?",
            "How many labourers does the {building} of {town} need?",
        ],
        asked: [
            "how many workers does {town}'s {building} keep busy?",
            "How big is the crew at the {building} of {town}?",
            "number of people working on the {town} {building}?",
        ],
    },
    Aspect {
        id: "site",
        kind: "where",
        counts: "",
        value: "beside the river|behind the church|on the old parade ground|next to the brewery|on the southern shore|at the edge of the forest",
        answer: "The {town} council said the {building} stands {value}.",
        open: "where it stands",
        phrasings: [
            "Where does the {building} in {town} stand?",
            "Where is the {town} {building} built?",
            "What is the site of the {building} in {town}?",
            "At what spot is the {town} {building}?",
            "Where in {town} is the {building}?",
        ],
        asked: [
            "where exactly can one find {town}'s {building}?",
            "Where have they put the {building} of {town}?",
            "whereabouts is the {town} {building} located?",
        ],
    },
    Aspect {
        id: "delay",
        kind: "how-many",
        counts: "weeks",
        value: "number",
        answer: "The {town} council said the {building} is {value} weeks late.",
        open: "how late it is",
        phrasings: [
            "How late is the {building} in {town}?",
            "How many weeks is the {town} {building} behind schedule?",
            "What is the delay of the {building} in {town}?",
            "By how many weeks is the {town} {building} delayed?",
            "How far behind its plan is the {building} of {town}?",
        ],
        asked: [
            "how long is the delay at {town}'s {building}?",
            "How many weeks late does the {building} of {town} come?",
            "is the {town} {building} delayed, and by how many weeks?",
        ],
    },
    Aspect {
        id: "material",
        kind: "what",
        counts: "",
        value: "granite|red brick|larch|steel and glass|limestone|concrete",
        answer: "The {town} council said the {building} is made of {value}.",
        open: "of what it is made",
        phrasings: [
            "What is the {building} in {town} made of?",
            "Of which material is the {town} {building}?",
            "What material is used for the {building} in {town}?",
            "What is the {town} {building} built from?",
            "Which stone or wood goes into the {building} of {town}?",
        ],
        asked: [
            "what material did they choose for {town}'s {building}?",
            "What's the {building} of {town} made out of?",
            "which material is the {town} {building} built with",
        ],
    },
    Aspect {
        id: "funding",
        kind: "who",
        counts: "",
        value: "the state|a lottery|the lake district fund|its savings bank|two private donors|the railway",
        answer: "The {town} council said {value} pays for the {building}.",
        open: "who pays for it",
        phrasings: [
            "Who pays for the {building} in {town}?",
            "Who finances the {town} {building}?",
            "Where does the money for the {building} in {town} come from?",
            "Who gives the funds for the {town} {building}?",
            "By whom is the {building} of {town} funded?",
        ],
        asked: [
            "who is financing {town}'s {building}?",
            "Who's paying for the {building} of {town}?",
            "whose money pays the {town} {building}?",
        ],
    },
    Aspect {
        id: "visitors",
        kind: "how-many",
        counts: "visitors",
        value: "number",
        answer: "The {town} council said it expects {value} thousand visitors a year at the {building}.",
        open: "how many visitors are expected",
        phrasings: [
            "How many visitors does the {building} in {town} expect?",
            "How many people will come to the {town} {building} each year?",
            "What number of visitors is expected at the {building} in {town}?",
            "How many guests a year does the {town} {building} count on?",
            "How busy will the {building} of {town} be?",
        ],
        asked: [
            "how many visitors are they expecting at {town}'s {building}?",
            "How many people a year should visit the {building} of {town}?",
            "expected visitors of the {town} {building} per year?",
        ],
    },
    Aspect {
        id: "name",
        kind: "name",
        counts: "",
        value: "person",
        answer: "The {town} council said the {building} is named after {value}.",
        open: "after whom it is named",
        phrasings: [
            "After whom is the {building} in {town} named?",
            "What is the name of the {town} {building}?",
            "Whose name does the {building} in {town} bear?",
            "What is the {town} {building} called?",
            "Who gave the {building} of {town} its name?",
        ],
        asked: [
            "who is {town}'s {building} named for?",
            "What do they call the {building} of {town}?",
            "which person's name is on the {town} {building}?",
        ],
    },
    Aspect {
        id: "permit",
        kind: "who",
        counts: "",
        value: "the county|the ministry of works|the heritage board|the harbour office|the water authority|a court",
        answer: "The {town} council said {value} gave the permit for the {building}.",
        open: "who gave the permit",
        phrasings: [
            "Who gave the permit for the {building} in {town}?",
            "Who approved the {town} {building}?",
            "Which office permitted the {building} in {town}?",
            "Who allowed {town} to build the {building}?",
            "Who signed the permission for the {building} of {town}?",
        ],
        asked: [
            "which authority approved {town}'s {building}?",
            "Who granted the permission for the {building} of {town}?",
            "who gave the ok to the {town} {building}?",
        ],
    },
];
