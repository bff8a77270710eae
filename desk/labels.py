"""The words that stand on the pages for the codes of the record. English here, Korean in the catalogue."""

from __future__ import annotations


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated where it is shown."""
    return text


TYPES = {
    "homicide": _("Homicide"),
    "terrorism": _("Terrorism"),
    "torture": _("Torture"),
    "kidnapping": _("Kidnapping"),
    "unlawful_detention": _("Unlawful detention"),
    "human_trafficking": _("Human trafficking"),
    "sexual_assault": _("Sexual assault"),
    "unexplained_death": _("Unexplained death"),
    "missing_person": _("Missing person"),
    "robbery": _("Robbery"),
    "assault": _("Assault"),
    "extortion": _("Extortion"),
    "disaster": _("Disaster"),
    "accident": _("Accident"),
    "arson": _("Arson"),
    "fraud": _("Fraud"),
    "cybercrime": _("Cybercrime"),
    "drug_offence": _("Drug offence"),
    "theft": _("Theft"),
    "other_crime": _("Other crime"),
}
RESPONSES = {
    "deployment": _("Deployment"),
    "directive": _("Directive"),
    "diplomatic_protest": _("Diplomatic protest"),
    "travel_advisory": _("Travel advisory"),
    "arrest": _("Arrest"),
    "prosecution": _("Prosecution"),
    "sentence": _("Sentence"),
    "repatriation": _("Repatriation"),
    "rescue": _("Rescue"),
    "investigation": _("Investigation"),
    "other_response": _("Other response"),
}
TOLLS = {
    "killed": _("killed"),
    "injured": _("injured"),
    "held": _("held"),
    "missing": _("missing"),
}
CERTAINTIES = {
    "alleged": _("alleged"),
    "confirmed": _("reported as fact"),
    "denied": _("denied"),
}
STATUSES = {
    "new": _("new"),
    "updated": _("updated"),
    "confirmed": _("confirmed"),
    "rejected": _("rejected"),
    "merged": _("merged"),
}
LANGUAGES = {"ko": _("Korean"), "en": _("English")}
OUTCOMES = {
    "killed": _("killed"),
    "injured": _("injured"),
    "kidnapped": _("kidnapped"),
    "detained": _("held"),
    "missing": _("missing"),
    "defrauded": _("defrauded"),
    "robbed": _("robbed"),
    "assaulted": _("assaulted"),
    "other": _("otherwise harmed"),
}
GENDERS = {"male": _("male"), "female": _("female")}
SUSPECT_STATUSES = {
    "at_large": _("at large"),
    "arrested": _("arrested"),
    "charged": _("charged"),
    "convicted": _("convicted"),
    "dead": _("dead"),
    "unknown": _("status unknown"),
}
ROLES = {"main": _("main subject"), "also": _("also told"), "background": _("background")}
BASES = {
    "stated": _("date stated"),
    "discovered": _("day it was found"),
    "published": _("day of the report"),
}
PRECISIONS = {
    "point": _("exact spot"),
    "city": _("town"),
    "admin2": _("district"),
    "admin1": _("province"),
    "country": _("country only"),
    "day": _("day"),
    "month": _("month"),
    "year": _("year"),
}
CELLS = {
    "type": _("Type"),
    "other_types": _("Also"),
    "certainty": _("Certainty"),
    "date": _("Date"),
    "date_precision": _("Date precision"),
    "date_basis": _("Date basis"),
    "country": _("Country"),
    "place": _("Place"),
    "admin": _("Region"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "geonameid": _("GeoNames number"),
    "place_precision": _("Place precision"),
    "killed": _("Killed"),
    "injured": _("Injured"),
    "held": _("Held"),
    "missing": _("Missing"),
    "killed_min": _("Killed, at least"),
    "killed_max": _("Killed, at most"),
    "injured_min": _("Injured, at least"),
    "injured_max": _("Injured, at most"),
    "held_min": _("Held, at least"),
    "held_max": _("Held, at most"),
    "missing_min": _("Missing, at least"),
    "missing_max": _("Missing, at most"),
    "headline": _("Headline"),
    "victims": _("Victims"),
    "perpetrators": _("Suspects"),
    "status": _("Status"),
    "reports": _("Reports"),
    "incident": _("Incident"),
}
CAUSES = {
    "report": _("a report"),
    "opened": _("first report"),
    "recode": _("newer reading"),
    "withdrawal": _("report withdrawn"),
    "edit": _("edit"),
    "merge": _("merge"),
    "split": _("split"),
    "undo": _("undo"),
    "confirm": _("confirmation"),
    "reject": _("rejection"),
    "forget": _("removal"),
}
FACETS = {
    "type": _("Type"),
    "nationality": _("Victims' nationality"),
    "country": _("Country"),
    "place": _("Place"),
    "certainty": _("Certainty"),
    "toll": _("Harm"),
    "source": _("Source"),
    "language": _("Report language"),
    "status": _("Review"),
}
ORDERS = {"updated": _("latest change"), "seen": _("first seen"), "date": _("date of the event")}
USER_ROLES = {"reader": _("reader"), "analyst": _("analyst"), "admin": _("admin")}
#: Health of a source, the worst first.
HEALTH = {
    "never": _("never crawled"),
    "blocked": _("blocked"),
    "failing": _("failing"),
    "gap": _("articles missed between two polls"),
    "undated": _("few articles with a time"),
    "quiet": _("nothing new for a week"),
    "ok": _("well"),
}
FAMILIES = {
    "life": _("life"),
    "liberty": _("liberty"),
    "body": _("body and force"),
    "mishap": _("mishap"),
    "property": _("property and other"),
}
#: Columns of the people's tables (storage.cells.VICTIM_FIELDS, PERPETRATOR_FIELDS).
PERSON = {
    "text": _("As described"),
    "count": _("People"),
    "nationality": _("Nationality"),
    "name": _("Name"),
    "age": _("Age"),
    "gender": _("Gender"),
    "outcome": _("What became of them"),
    "status": _("Status"),
    "group": _("Group"),
}
#: What a quote supports, beside the cells.
FIELDS = {
    "victim": _("Victim"),
    "victim.nationality": _("Victim's nationality"),
    "victim.name": _("Victim's name"),
    "victim.age": _("Victim's age"),
    "victim.gender": _("Victim's gender"),
    "victim.outcome": _("Victim's outcome"),
    "victim.count": _("Number of victims"),
    "perpetrator": _("Suspect"),
    "perpetrator.nationality": _("Suspect's nationality"),
    "perpetrator.name": _("Suspect's name"),
    "perpetrator.age": _("Suspect's age"),
    "perpetrator.gender": _("Suspect's gender"),
    "perpetrator.status": _("Suspect's status"),
    "perpetrator.count": _("Number of suspects"),
    "perpetrator.group": _("Suspects' group"),
}
#: What spoke for or against two reports being of one event (extract/resolve/weights.toml).
REASONS = {
    "words": _("the same words"),
    "title": _("like titles"),
    "name_shared": _("a name in both"),
    "suspects_equal": _("equally many suspects"),
    "date_equal": _("the same day"),
    "counts_equal": _("the same toll"),
    "counts_differ": _("another toll"),
    "date_month": _("the same month"),
    "type_equal": _("the same type"),
    "type_shared": _("a type in both"),
    "victims_equal": _("equally many victims"),
    "amount_shared": _("the same sum"),
    "amounts_differ": _("another sum"),
    "suspect_name_shared": _("a suspect in both"),
    "ages_equal": _("the same ages"),
    "ages_differ": _("other ages"),
    "suspect_ages_equal": _("suspects of the same age"),
    "suspect_ages_differ": _("suspects of other ages"),
    "names_differ": _("other names"),
    "date_near": _("days close by"),
    "date_apart": _("days apart"),
    "place_equal": _("the same place"),
    "place_part": _("one place within the other"),
    "place_differs": _("another place"),
    "country_equal": _("the same country"),
    "country_foreign": _("a country abroad"),
    "genders_equal": _("the same genders"),
    "genders_differ": _("other genders"),
    "published_apart": _("published long apart"),
    "nationality_shared": _("a nationality in both"),
    "suspect_nationality_shared": _("suspects of one nationality"),
    "same_language": _("the same language"),
}
#: What an act came to, said on the page that follows.
DONE = {
    "confirm": _("Confirmed."),
    "reject": _("Rejected: it leaves the table."),
    "edit": _("Saved. No later coding changes it."),
    "same": _("Nothing was changed."),
    "merge": _("Merged."),
    "split": _("Split off into this row."),
    "undo": _("Taken back."),
    "note": _("Note kept."),
    "saved": _("Search saved."),
    "dropped": _("Search deleted."),
    "answer": _("Answered."),
}
#: Every view is also one of these; the order is that of the menu.
FILES = {
    "xlsx": _("Spreadsheet (XLSX)"),
    "csv": _("CSV, opens in Excel"),
    "geojson": _("Map data (GeoJSON)"),
    "parquet": "Parquet",
    "json": "JSON",
    "jsonl": _("JSON, a row a line"),
    "api": _("JSON answer (API)"),
    "atom": _("Feed (Atom)"),
    "feed": _("Feed (JSON)"),
}
TABLES = {
    "done": DONE,
    "family": FAMILIES,
    "person": PERSON,
    "field": FIELDS,
    "reason": REASONS,
    "file": FILES,
    "type": TYPES,
    "response": RESPONSES,
    "toll": TOLLS,
    "certainty": CERTAINTIES,
    "status": STATUSES,
    "language": LANGUAGES,
    "outcome": OUTCOMES,
    "gender": GENDERS,
    "suspect": SUSPECT_STATUSES,
    "role": ROLES,
    "basis": BASES,
    "precision": PRECISIONS,
    "cell": CELLS,
    "cause": CAUSES,
    "facet": FACETS,
    "order": ORDERS,
    "user": USER_ROLES,
    "health": HEALTH,
}
