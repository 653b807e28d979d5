"""Words and articles of the sample company: names, places, codes, the range it sells.

Belongs here: invented data without chance. Does not belong here: how often any of it occurs.
"""

FIRST_NAMES = (
    "Léa", "Hélène", "François", "Zoé", "Anaïs", "Jérôme", "Noël", "Chloé", "Benoît", "Inès", "Hugo",
    "Camille",
    "Loïc", "Maëlle", "Rémi", "Sophie", "Théo", "Élodie", "Gaël", "Aurélie", "Emma", "Olivier", "Nadia",
    "Karim",
    "Amélie", "Grégoire", "Yasmine", "Étienne", "Oliver", "Charlotte", "Sean", "Grace",
)  # fmt: skip
LAST_NAMES = (
    "Lefèvre", "D'Arcy", "Müller", "Garçon", "O'Brien", "Béranger", "L'Hermite", "Guérin", "Moreau",
    "Petit",
    "Fournier", "N'Diaye", "Chevalier", "Gauthier", "Perrin", "Rousseau", "Benali", "Léger", "Faure",
    "Mercier",
    "Da Silva", "Renaud", "Schmitt", "Châtelain", "Brunet", "Lacroix", "Noël", "Thévenet", "Walker", "Hughes",
)  # fmt: skip
STREETS = (
    "rue de l'Église",
    "avenue de la Libération",
    "place du Marché",
    "chemin des Érables",
    "quai d'Orsay",
)
REGIONS = (
    "Île-de-France", "Auvergne-Rhône-Alpes", "Provence-Alpes-Côte d'Azur", "Nouvelle-Aquitaine", "Occitanie",
    "Bretagne", "Grand Est", "Hauts-de-France",
)  # fmt: skip
REGION_SHARES = (0.26, 0.16, 0.12, 0.11, 0.1, 0.09, 0.08, 0.08)

CHANNELS = ("organic", "paid_search", "email", "social", "direct", "referral", "store")
CHANNEL_LABELS = {
    "organic": "Référencement naturel",
    "paid_search": "Liens sponsorisés",
    "email": "E-mailing",
    "social": "Réseaux sociaux",
    "direct": "Accès direct",
    "referral": "Parrainage",
    "store": "Magasin",
}
DEVICES = ("desktop", "mobile", "tablet", "app")

CUSTOMER_TYPES = ("B2C", "B2B")
PERSONAS = ("unclassified", "analytical", "hurried", "anxious", "loyal")
COUNTRIES = ("FR", "CH", "GB")
CURRENCIES = ("EUR", "CHF", "GBP")
"""Currency of each country, in the order of ``COUNTRIES``."""
EURO_RATES = (1.0, 1.055, 1.165)
"""Euros for one unit of each currency, as the shop converts its prices; the market wanders around them."""
LANGUAGES = ("fr", "en")
TRAFFIC_CHANNELS = ("organic", "paid_search", "email", "social", "direct", "referral")
SALES_CHANNELS = ("web", "store", "phone")
ORDER_TYPES = ("sale", "refund")
FORMS = ("inscription",)
EVENT_NAMES = (
    "home_view", "category_view", "promo_view", "page_view", "search", "product_view", "compare", "review_view",
    "guarantee_view", "wishlist_add", "help_view", "chat_open", "page_error", "login", "sign_up", "form_start",
    "form_submit", "account_view", "share", "add_to_cart", "cart_view", "checkout_address", "checkout_delivery",
    "checkout_error", "checkout_payment", "payment_failed", "purchase", "referral_invite",
)  # fmt: skip
STEPS = ("visit", "cart", "address", "delivery", "payment", "order")
"""Where in its way to an order a mission stands; an exposure names the step last reached before it."""
WEB_FRICTIONS = (
    "payment_failure", "checkout_error", "failed_search", "page_error", "slow_page", "price_rise", "checkout_loop",
    "help_then_contact",
)  # fmt: skip
SERVICE_FRICTIONS = (
    "late_delivery", "no_follow_up", "slow_first_response", "repeat_contact", "escalation", "bot_dead_end",
    "unanswered_review", "contact_pressure", "long_return", "channel_silo",
)  # fmt: skip
FRICTIONS = WEB_FRICTIONS + SERVICE_FRICTIONS
EXIT_CAUSES = ("none", "lost_interest", *FRICTIONS)
"""Why a person is gone for good; the second is the company's own loss, without any friction."""

PRODUCTS = {
    "Arts de la table": (
        ("Assiettes en grès, lot de 4", 3990), ("Verres soufflés « Été », lot de 6", 3450),
        ("Saladier en bois d'olivier", 4900), ("Théière en fonte", 5990), ("Couverts d'apéritif", 1990),
        ("Nappe en lin lavé", 6900),
    ),
    "Linge de maison": (
        ("Housse de couette percale", 7990), ("Drap de bain éponge", 2490), ("Plaid en laine mérinos", 6490),
        ("Taie d'oreiller brodée", 1890), ("Rideau occultant", 4590), ("Coussin d'extérieur", 2290),
    ),
    "Décoration": (
        ("Bougie parfumée figuier", 2450), ("Miroir rotin", 5490), ("Cadre photo chêne", 1790),
        ("Vase émaillé", 3290), ("Guirlande lumineuse", 1990), ("Horloge murale", 4490),
    ),
    "Cuisine": (
        ("Poêle en acier carbone", 4990), ("Couteau d'office", 2290), ("Moule à kouglof", 2690),
        ("Balance numérique", 2990), ("Planche à découper hêtre", 2590), ("Mixeur plongeant", 5990),
    ),
    "Jardin": (
        ("Sécateur forgé", 3490), ("Arrosoir en zinc", 2890), ("Chaise de bistrot pliante", 5990),
        ("Pot en terre cuite", 1590), ("Parasol écru", 8990), ("Gants de jardinage", 1290),
    ),
    "Épicerie fine": (
        ("Miel de châtaignier", 990), ("Huile d'olive de Nyons", 1690), ("Thé de Noël", 1290),
        ("Confiture d'abricot", 690), ("Coffret dégustation", 3490), ("Café en grains", 1190),
    ),
}  # fmt: skip
"""Category to (article, list price in euro cents)."""
