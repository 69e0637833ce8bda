//! How places are named in Spanish.

/// Most exact first.
pub(super) const PLACES: &[&str] = &[
    r"(?i)\b(?:en|de|delante de|frente a|junto a) (?:el |la |los |las |su |mi |nuestr[oa] |una? )?(?:planta|habitaci[oó]n|consulta|sala|box|pasillo|ala|unidad) (?:\d{1,4}[a-z]?\b|(?:de )?(?:espera|partos|urgencias|recuperaci[oó]n|curas|maternidad|pediatr[ií]a|oncolog[ií]a|cardiolog[ií]a|geriatr[ií]a|cirug[ií]a|rayos))\b",
    r"\b(?i:en|delante de|frente a) (?i:el |la )?(?i:hospital|cl[ií]nica|residencia|centro(?: de salud| de d[ií]a| m[eé]dico)?|ambulatorio|consultorio|unidad|planta|ala) (?i:de |del |la |el |san |santa )*\p{Lu}[\p{L}'’-]+(?: (?i:de |del |la |el )?\p{Lu}[\p{L}'’-]+){0,2}",
    r"(?i)\b(?:en|delante de|frente a|junto a|por) (?:el |la |los |las |su |mi |nuestr[oa] |una? )?(?:urgencias|recepci[oó]n|aparcamiento|estacionamiento|garaje|escaleras?|portal|pasillo|ascensor|entrada(?: principal)?|cafeter[ií]a|comedor|sala de espera|habitaci[oó]n|jard[ií]n|ambulatorio|hospital|cl[ií]nica|residencia|centro de salud|consulta|farmacia|tel[eé]fono|rellano|calle|acera|parada|ambulancia)\b",
    r"(?i)\ben (?:su|mi|nuestra|la) (?:propia )?casa(?: de mi \w+)?\b|\ben casa(?: de mi \w+)?\b",
    r"\b(?i:en )?(?i:la |el )?(?i:calle|avenida|avda\.?|plaza|paseo|camino) (?i:de |del |la |el |los |las )*\p{Lu}[\p{L}'’-]+(?: (?i:de |del |la )?\p{Lu}[\p{L}'’-]+){0,2}(?:,? (?:n[uú]mero )?\d{1,4})?",
];

/// Words before a place that are no part of it.
pub(super) const LEADS: &[&str] = &["en ", "por "];

/// Words by which a sentence says where.
pub(super) const WHERE: &[&str] = &[
    "en", "por", "junto", "delante", "detrás", "detras", "fuera", "afuera", "dentro", "adentro",
    "cerca", "frente", "enfrente", "entre", "donde", "dónde", "adonde", "aquí", "aqui", "acá",
    "allí", "alli", "allá", "ahí", "ahi", "arriba", "abajo", "casa",
];
