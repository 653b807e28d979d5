"""How the sample company names and writes its columns, and the source mapping that undoes it.

Belongs here: foreign headers, foreign words and `sources.yaml`, side by side so that they agree.
Does not belong here: values.
"""

from pipeline.sample.delivery.messes import Messes
from pipeline.sample.ground.vocabulary import CHANNEL_LABELS

HEADERS: dict[str, dict[str, str]] = {
    "customers": {
        "customer_id": "N° client", "email": "Courriel", "phone": "Téléphone", "first_name": "Prénom",
        "last_name": "Nom", "address": "Adresse", "loyalty_id": "Carte fidélité", "account_id": "Société",
        "customer_type": "Type", "region": "Région", "country": "Pays",
        "acquisition_channel": "Canal d'acquisition",
        "language": "Langue", "has_marketing_consent": "Accord marketing", "registered_at": "Inscrit le",
    },
    "orders": {
        "order_id": "N° commande", "customer_id": "N° client", "ordered_at": "Date", "order_type": "Nature",
        "refunded_order_id": "Commande remboursée", "currency": "Devise", "net_amount": "Montant net",
        "discount_amount": "Remise", "tax_amount": "TVA", "sales_channel": "Canal",
        "anonymous_id": "Visiteur",
    },
    "order_items": {
        "order_id": "N° commande", "line_number": "Ligne", "product_id": "Article", "product_name": "Libellé",
        "product_category": "Rayon", "quantity": "Quantité", "currency": "Devise",
        "unit_price": "Prix unitaire",
        "unit_cost": "Coût unitaire",
    },
    "web_events": {
        "anonymous_id": "visitor_id", "occurred_at": "ts", "event_name": "event", "product_id": "item",
    },
    "survey_responses": {"comment": "commentaire", "language": "langue"},
}  # fmt: skip
"""Contract column to foreign header; a column not named keeps its own name."""

WORDS: dict[str, dict[str, dict]] = {
    "customers": {
        "customer_type": {"B2C": "Particulier", "B2B": "Professionnel"},
        "acquisition_channel": dict(CHANNEL_LABELS),
        "has_marketing_consent": {True: "oui", False: "non"},
    },
    "orders": {
        "order_type": {"sale": "Vente", "refund": "Avoir"},
        "sales_channel": {"web": "Site web", "store": "Boutique", "phone": "Téléphone"},
    },
    "web_events": {
        "event_name": {
            "product_view": "fiche_produit", "category_view": "liste_produits", "search": "recherche",
            "add_to_cart": "ajout_panier",
        },
    },
}  # fmt: skip
"""Our words to theirs; a word not named is delivered as it is."""

SOURCES_YAML = """\
# Source mapping of the sample company: an invented French retailer with shops, a site and an app.
version: 1
company:
  name: Maison Exemple
  business_time_zone: Europe/Paris
  reporting_currency: EUR

sources:
  crm:  # semicolons, decimal commas, day-first dates in local time
    defaults:
      delimiter: ";"
      decimal_mark: ","
      encoding: utf-8
      date_format: "%d/%m/%Y"
      timestamp_format: "%d/%m/%Y %H:%M:%S"
      time_zone: Europe/Paris
    tables:
      customers:
        encoding: windows-1252
        columns:
          customer_id: "N° client"
          email: Courriel
          phone: Téléphone
          first_name: Prénom
          last_name: Nom
          address: Adresse
          loyalty_id: Carte fidélité
          account_id: Société
          customer_type: {from: Type, values: {Particulier: B2C, Professionnel: B2B}}
          region: Région
          country: Pays
          acquisition_channel:
            from: "Canal d'acquisition"
            values:
              Référencement naturel: organic
              Liens sponsorisés: paid_search
              E-mailing: email
              Réseaux sociaux: social
              Accès direct: direct
              Parrainage: referral
              Magasin: store
          language: Langue
          has_marketing_consent: {from: Accord marketing, values: {oui: "true", non: "false"}}
          registered_at: Inscrit le
      orders:
        columns:
          order_id: "N° commande"
          customer_id: "N° client"
          ordered_at: Date
          order_type: {from: Nature, values: {Vente: sale, Avoir: refund}}
          refunded_order_id: Commande remboursée
          currency: Devise
          net_amount: Montant net
          discount_amount: Remise
          tax_amount: TVA
          sales_channel: {from: Canal, values: {Site web: web, Boutique: store, Téléphone: phone}}
          anonymous_id: Visiteur
      order_items:
        columns:
          order_id: "N° commande"
          line_number: Ligne
          product_id: Article
          product_name: Libellé
          product_category: Rayon
          quantity: Quantité
          currency: Devise
          unit_price: Prix unitaire
          unit_cost: Coût unitaire
      deliveries: {}
      returns: {}
      interactions: {encoding: iso-8859-15}
      messages: {}
      referrals: {}
      contracts: {}
      loyalty_events: {}

  web:  # Parquet for the history, JSON Lines every day; times in UTC
    tables:
      web_events:
        time_zone: UTC
        ignore: [sdk]
        columns:
          anonymous_id: visitor_id
          occurred_at: ts
          product_id: item
          event_name:
            from: event
            values:
              fiche_produit: product_view
              liste_produits: category_view
              recherche: search
              ajout_panier: add_to_cart
            otherwise: keep

  surveys:
    tables:
      survey_responses:  # one line per invitation, one column per question; 99 = question skipped
        unpivot:
          columns: {nps: nps, csat: csat, ces: ces, value_for_money: value_for_money, expectation: expectation}
          name: question_id
          value: score
          drop_null: false  # an unanswered invitation counts in the response rate
        columns:
          score: {from: score, no_answer: [99]}
          comment: {when: {column: question_id, in: [nps]}, then: commentaire}  # once per answer
          language: langue
      feedback: {}

  reference:
    tables:
      fx_rates: {}
      marketing_costs: {}
      initiatives: {}
"""


def sources_yaml(messes: Messes) -> str:
    """The source mapping that undoes all this.

    Args:
        messes: whether old systems write their own encodings and decimal commas.
    """
    text = SOURCES_YAML
    if not messes.legacy_encodings:
        text = text.replace("encoding: windows-1252", "encoding: utf-8").replace("iso-8859-15", "utf-8")
    if not messes.decimal_commas:
        text = text.replace('decimal_mark: ","', 'decimal_mark: "."')
    return text
