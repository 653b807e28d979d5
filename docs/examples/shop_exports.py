"""Small exports with foreign column names, to try a mapping on: clients, sales, visits and a survey of a shop.

Belongs here: the files the page `docs/first-hour.md` maps. Does not belong here: the sample company, which is larger
and knows its truth. Run as ``python docs/examples/shop_exports.py FOLDER``; the same bytes each time.
"""

import csv
import random
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

SEED = 7
CLIENTS = 400
DAY = datetime(2025, 11, 30)  # noqa: DTZ001  (as the shop's till writes it: local, without a zone)
HISTORY_DAYS = 540
REGIONS = ("Bretagne", "Île-de-France", "Occitanie")
CHANNELS = ("bouche à oreille", "moteur de recherche", "vitrine")
WRITTEN = "%d/%m/%Y %H:%M"

Row = Sequence[object]


def clients(chance: random.Random) -> list[Row]:
    """N° client, e-mail address, region, channel, first day."""
    rows: list[Row] = []
    for number in range(1, CLIENTS + 1):
        opened = DAY - timedelta(days=chance.randrange(30, HISTORY_DAYS), minutes=chance.randrange(600))
        region, channel = chance.choice(REGIONS), chance.choice(CHANNELS)
        rows.append((f"CL{number:04d}", f"client{number}@example.com", region, channel, opened.strftime(WRITTEN)))
    return rows


def sales(chance: random.Random, people: Sequence[Row]) -> list[Row]:
    """N° vente, client, instant, kind, net amount with a decimal comma, place, seller; some sales are taken back."""
    rows: list[Row] = []
    for person in people:
        moment, rhythm = datetime.strptime(str(person[4]), WRITTEN), chance.uniform(20, 160)  # noqa: DTZ007
        while moment < DAY:
            amount = f"{chance.uniform(15, 180):.2f}".replace(".", ",")
            rest = (chance.choice(("Site", "Boutique")), chance.choice(("Zoé", "Noël")))
            rows.append((f"V{len(rows) + 1:06d}", person[0], moment.strftime(WRITTEN), "Vente", amount, *rest))
            taken_back = moment + timedelta(days=5)
            if chance.random() < 0.04 and taken_back < DAY:
                back = (person[0], taken_back.strftime(WRITTEN), "Avoir", f"-{amount}", *rest)
                rows.append((f"V{len(rows) + 1:06d}", *back))
            if chance.random() < 0.15:
                break
            moment += timedelta(days=chance.expovariate(1 / rhythm), minutes=chance.randrange(-240, 240))
    return rows


def visits(chance: random.Random, sold: Sequence[Row]) -> list[Row]:
    """Instant, browser, client once known, action, device, sale; every sale of the site, and carts that stayed."""
    rows: list[Row] = []
    for sale in sold:
        is_sale = sale[3] == "Vente" and sale[5] == "Site"
        ends = datetime.strptime(str(sale[2]), WRITTEN) - timedelta(days=0 if is_sale else 9)  # noqa: DTZ007
        device = chance.choice(("ordinateur", "téléphone"))
        browser = f"N{str(sale[1])[2:]}-{device[0]}"
        steps = ["accueil", "fiche", "panier", "commande"][: 4 if is_sale else chance.randrange(1, 4)]
        for back, step in zip(range(len(steps) - 1, -1, -1), steps, strict=True):
            moment = (ends - timedelta(minutes=3 * back)).strftime(WRITTEN)
            is_order = step == "commande"
            rows.append((moment, browser, sale[1] if is_order else "", step, device, sale[0] if is_order else ""))
    return rows


def answers(chance: random.Random, people: Sequence[Row]) -> list[Row]:
    """Invitation, client, sent, answered, recommendation 0–10 (99: does not know), satisfaction 1–5, comment."""
    rows: list[Row] = []
    for number, person in enumerate(people, start=1):
        sent = DAY - timedelta(days=chance.randrange(16, 100))
        given = sent + timedelta(days=chance.randrange(1, 10))
        said = chance.choices((10, 9, 8, 7, 5, 3, 99), weights=(20, 25, 20, 15, 10, 8, 2))[0]
        content = min(5, max(1, round(said / 2))) if said != 99 else ""
        word = chance.choice(("", "", "Livraison trop lente", "Très bon accueil", "Un peu cher"))
        whole = (given.strftime(WRITTEN), said, content, word) if chance.random() < 0.6 else ("", "", "", "")
        rows.append((f"E{number:05d}", person[0], sent.strftime(WRITTEN), *whole))
    return rows


def write_exports(folder: Path) -> list[Path]:
    """Write the four files.

    Returns:
        The files.
    """
    chance = random.Random(SEED)  # noqa: S311
    people = clients(chance)
    sold = sales(chance, people)
    tables: dict[str, tuple[str, Sequence[Row]]] = {
        "clients": ("N° client;Courriel;Région;Origine;Ouvert le", people),
        "ventes": ("N° vente;Client;Date;Nature;Total HT;Lieu;Vendeur", sold),
        "visites": ("Instant;Navigateur;Client;Action;Appareil;Vente", visits(chance, sold)),
        "enquete": (
            "Invitation;Client;Envoyé le;Répondu le;Recommandation;Satisfaction;Remarque",
            answers(chance, people),
        ),
    }
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, (header, rows) in tables.items():
        file = folder / f"{name}_{DAY:%Y-%m-%d}.csv"
        with file.open("w", encoding="windows-1252", newline="") as handle:
            handle.write(header + "\r\n")
            csv.writer(handle, delimiter=";").writerows(rows)
        files.append(file)
    return files


if __name__ == "__main__":
    for written in write_exports(Path(sys.argv[1])):
        sys.stdout.write(f"{written}\n")
