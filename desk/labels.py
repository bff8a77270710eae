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
    "toll": _("Toll"),
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
TABLES = {
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
