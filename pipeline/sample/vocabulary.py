"""Words and articles of the sample company: names, places, texts, the range it sells.

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

PRAISE = {
    "fr": (
        "Livraison rapide et colis soigné, je recommande !", "Très bel article, conforme à la photo.",
        "L'équipe du magasin est à l'écoute, merci à elle.", "Commande facile, paiement en deux clics.",
        "C'est déjà ma troisième commande, toujours impeccable.", "Site clair et facile d'accÃ¨s.",
    ),
    "en": (
        "Fast delivery, lovely packaging.", "Easy to order and it's exactly as shown.",
        "The staff couldn't have been kinder.", "Good quality, I'll order again.",
    ),
}  # fmt: skip
GRUMBLE = {
    "fr": (
        "Colis arrivé avec plusieurs jours de retard, sans aucune nouvelle.",
        "Le paiement a été refusé deux fois alors que ma carte fonctionne.",
        "Impossible de trouver l'article avec la recherche.",
        "Le service client ne répond pas, c'est décevant.",
        "Trop d'étapes pour commander ; j'ai failli abandonner.",
        "Remboursement toujours en attente après 3 semaines.",
    ),
    "en": (
        "Delivery was late and nobody told me.", "My payment failed twice, really annoying.",
        "The search finds nothing, I gave up.", "Still waiting for my refund, it's far too slow.",
    ),
}  # fmt: skip
NEUTRAL = {
    "fr": ("Correct, sans plus.", "Rien à signaler, l'essentiel est là.", "Un peu cher, mais c'est joli."),
    "en": ("It's okay.", "Nothing special, does the job."),
}
TOPICS = ("livraison", "paiement", "retour", "produit", "compte", "facture")
RETURN_REASONS = ("ne convient pas", "défectueux", "erreur d'article", "arrivé trop tard")
CARRIERS = ("Colissimo", "Chronopost", "Relais Colis")
PLATFORMS = ("Trustpilot", "Google", "Avis Vérifiés", "Instagram")
