# The scorer of the shared evaluation, word for word below this header (tests compare them): it is edited there, never here.
# ruff: noqa
# mypy: ignore-errors
# fmt: off
#!/usr/bin/env python3
"""Score incident extraction against annotated articles.

usage: score_incidents.py GOLD.jsonl PREDICTED.jsonl [--json] [--errors N]

GOLD: one JSON object an article, as shared/data/incidents/GUIDE.md says.
PREDICTED: one JSON object an article, {"id", "incidents": [...]}, an incident holding any of
  type, other_types, country, place, date, victims [{nationality, count, age, gender, name, outcome}],
  killed, injured, held, missing, perpetrators [{nationality, ...}], evidence [{field, quote}], cluster (optional).
A predicted article that is missing counts as one with no incidents.

Pairing. Within an article every predicted incident is paired with at most one gold incident (best first by likeness; a pair
needs likeness 0.35). Gold "background" incidents may be paired (then the prediction is neither right nor wrong) but need not be found.
Figures.
  article    does the article report an incident (gold: any main or also)?          precision, recall, F1
  incident   pairs over predicted and over gold main+also incidents                 precision, recall, F1
  main       share of gold main incidents that were found                            recall
  type, country, date, place, killed, injured, held, missing
             on paired incidents: right, wrong, not given, given where gold has none -> precision, recall, F1
  type_any   the predicted type is one of gold's type and other_types                accuracy
  victim_nationality, perpetrator_nationality, victim_age, victim_gender   sets per paired incident -> micro precision, recall, F1
  victim_nationality_all   the same over ALL gold main+also incidents, found or not, and all predictions (the headline figure for nationality)
  end_to_end slots of ALL gold main+also incidents, found or not: a missed incident loses all its slots, an invented one's slots are all wrong -> F1
  evidence   share of predicted quotes that stand in the article's text word for word
  clusters   where gold and prediction carry "cluster": B-cubed precision, recall, F1 over paired incidents (singletons included), and wrong_merges:
             gold clusters that share a predicted cluster with another gold cluster, as a share of all gold clusters met
Dates are right when equal at gold's precision and not more precise than gold by a wrong guess ("2025-08" for gold "2025-08-08" is half right: 0.5).
"""
import argparse, collections, json, re, sys, unicodedata

FAMILY = {}
for name, members in {
    "violence": "homicide assault torture terrorism", "captivity": "kidnapping unlawful_detention human_trafficking",
    "property": "robbery theft", "deceit": "fraud cybercrime extortion", "sexual": "sexual_assault", "drugs": "drug_offence",
    "mishap": "accident disaster arson", "unclear": "missing_person unexplained_death", "other": "other_crime"}.items():
    for m in members.split():
        FAMILY[m] = name
COUNTS = ("killed", "injured", "held", "missing")


def norm(s):
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", s or "").casefold()).strip()


def types(i):
    return [t for t in [i.get("type"), *(i.get("other_types") or [])] if t]


def people(i, role, key):
    out = set()
    for p in i.get(role) or []:
        v = p.get(key)
        if v:
            out.add(str(v).upper() if key == "nationality" else norm(str(v)))
    return out


def date_credit(gold, pred):
    """1 right, 0.5 right but coarser, 0 wrong. gold and pred are 'YYYY[-MM[-DD]]'."""
    if gold == pred or pred.startswith(gold):
        return 1.0
    return 0.5 if gold.startswith(pred) else 0.0


def place_credit(gold, pred):
    p = norm(pred.get("place") or "") + " " + norm(pred.get("place_text") or "")
    toks = set(p.split()) - {"city", "province", "county", "district", "si", "gu", "do"}
    for g in (gold.get("place"), gold.get("place_text")):
        g = norm(g or "")
        if not g:
            continue
        first = [t for t in re.split(r"\s*,\s*", norm(g.replace(",", " , "))) if t][:1]
        g_toks = set(g.split()) - {"city", "province", "county", "district"}
        if g in p or (p.strip() and p.strip() in g) or (g_toks and len(g_toks & toks) / len(g_toks) >= 0.5) or (first and first[0] in p):
            return 1.0
    return 0.0


def likeness(g, p):
    gt, pt = types(g), types(p)
    s = 0.0
    if pt and pt[0] == g.get("type"):
        s += 0.35
    elif set(pt) & set(gt):
        s += 0.28
    elif {FAMILY.get(t) for t in pt} & {FAMILY.get(t) for t in gt}:
        s += 0.18
    if g.get("country") and g.get("country") == p.get("country"):
        s += 0.15
    if g.get("date") and p.get("date"):
        s += 0.15 * date_credit(g["date"], p["date"])
    if (g.get("place") or g.get("place_text")) and place_credit(g, p):
        s += 0.10
    if people(g, "victims", "nationality") & people(p, "victims", "nationality"):
        s += 0.10
    same = [k for k in COUNTS if g.get(k) and g.get(k) == p.get(k)]
    s += 0.10 * bool(same)
    if people(g, "victims", "age") & people(p, "victims", "age") or people(g, "victims", "name") & people(p, "victims", "name"):
        s += 0.10
    if people(g, "perpetrators", "nationality") & people(p, "perpetrators", "nationality"):
        s += 0.05
    return s


def pair(gold, pred):
    cand = sorted(((likeness(g, p) - (0.001 if g.get("role") == "background" else 0), gi, pi)
                   for gi, g in enumerate(gold) for pi, p in enumerate(pred)), reverse=True)
    out, ug, up = [], set(), set()
    for s, gi, pi in cand:
        if s >= 0.35 and gi not in ug and pi not in up:
            out.append((gi, pi)); ug.add(gi); up.add(pi)
    return out


class Tally:
    def __init__(self):
        self.hit = self.pred = self.gold = 0.0

    def add(self, hit, pred, gold):
        self.hit += hit; self.pred += pred; self.gold += gold

    def prf(self):
        p = self.hit / self.pred if self.pred else 0.0
        r = self.hit / self.gold if self.gold else 0.0
        return {"p": round(p, 3), "r": round(r, 3), "f1": round(2 * p * r / (p + r), 3) if p + r else 0.0, "gold": int(self.gold), "pred": int(self.pred)}


def slots(i):
    """Slot values of one incident as comparable items."""
    out = [("type", i["type"])] if i.get("type") else []
    for k in ("country", "date"):
        if i.get(k):
            out.append((k, i[k]))
    if i.get("place") or i.get("place_text"):
        out.append(("place", i))
    out += [(k, i[k]) for k in COUNTS if i.get(k)]
    out += [("victim_nationality", n) for n in people(i, "victims", "nationality")]
    out += [("perpetrator_nationality", n) for n in people(i, "perpetrators", "nationality")]
    return out


def slot_hits(g, p):
    hit = 0.0
    for k, v in slots(g):
        if k == "type":
            hit += v == p.get("type")
        elif k == "country":
            hit += v == p.get("country")
        elif k == "date":
            hit += date_credit(v, p["date"]) if p.get("date") else 0
        elif k == "place":
            hit += place_credit(g, p)
        elif k in COUNTS:
            hit += v == p.get(k)
        elif k == "victim_nationality":
            hit += v in people(p, "victims", "nationality")
        else:
            hit += v in people(p, "perpetrators", "nationality")
    return hit


def score(gold_rows, pred_rows, errors=0):
    pred_by = {r["id"]: r.get("incidents") or [] for r in pred_rows}
    T = collections.defaultdict(Tally); mentions = []
    any_type = [0, 0]; main = [0, 0]; quotes = [0, 0]; log = []
    for row in gold_rows:
        g, p = row["incidents"], pred_by.get(row["id"], [])
        live = [i for i in g if i.get("role") != "background"]
        T["article"].add(bool(live) and bool(p), bool(p) and (bool(live) or not g), bool(live))
        pairs = pair(g, p)
        live_pairs = [(gi, pi) for gi, pi in pairs if g[gi].get("role") != "background"]
        neutral = len(pairs) - len(live_pairs)
        T["incident"].add(len(live_pairs), len(p) - neutral, len(live))
        found = {gi for gi, _ in pairs}
        main[1] += sum(i.get("role") == "main" for i in g)
        main[0] += sum(g[gi].get("role") == "main" for gi in found)
        paired_p = {pi for _, pi in pairs}
        e2e_hit = sum(slot_hits(g[gi], p[pi]) for gi, pi in live_pairs)
        T["end_to_end"].add(e2e_hit, sum(len(slots(p[pi])) for pi in range(len(p)) if pi not in paired_p) + sum(len(slots(p[pi])) for _, pi in live_pairs),
                            sum(len(slots(i)) for i in live))
        neutral_p = {pi for gi, pi in pairs if g[gi].get("role") == "background"}
        T["victim_nationality_all"].add(sum(len(people(g[gi], "victims", "nationality") & people(p[pi], "victims", "nationality")) for gi, pi in live_pairs),
                                        sum(len(people(i, "victims", "nationality")) for pi, i in enumerate(p) if pi not in neutral_p),
                                        sum(len(people(i, "victims", "nationality")) for i in live))
        text = " ".join(((row.get("title") or "") + " " + (row.get("text") or "")).split())
        for i in p:
            for e in i.get("evidence") or []:
                q = " ".join((e.get("quote") or "").split())
                if q and text:
                    quotes[1] += 1; quotes[0] += q in text
        mentions += [(g[gi]["cluster"], p[pi]["cluster"]) for gi, pi in pairs if g[gi].get("cluster") and p[pi].get("cluster")]
        for gi, pi in live_pairs:
            a, b = g[gi], p[pi]
            T["type"].add(a["type"] == b.get("type"), bool(b.get("type")), 1)
            any_type[0] += b.get("type") in types(a); any_type[1] += 1
            T["country"].add(bool(a.get("country")) and a.get("country") == b.get("country"), bool(b.get("country")), bool(a.get("country")))
            T["date"].add(date_credit(a["date"], b["date"]) if a.get("date") and b.get("date") else 0, bool(b.get("date")), bool(a.get("date")))
            gp = bool(a.get("place") or a.get("place_text"))
            T["place"].add(place_credit(a, b) if gp else 0, bool(b.get("place") or b.get("place_text")), gp)
            for k in COUNTS:
                T[k].add(bool(a.get(k)) and a.get(k) == b.get(k), bool(b.get(k)), bool(a.get(k)))
            for name, role, key in (("victim_nationality", "victims", "nationality"), ("perpetrator_nationality", "perpetrators", "nationality"),
                                    ("victim_age", "victims", "age"), ("victim_gender", "victims", "gender")):
                x, y = people(a, role, key), people(b, role, key)
                T[name].add(len(x & y), len(y), len(x))
        if errors and (len(live_pairs) < len(live) or len(p) - neutral > len(live_pairs)):
            log.append({"id": row["id"], "missed": [[i["type"], i.get("country"), i.get("trigger")] for gi, i in enumerate(g) if gi not in found and i in live],
                        "invented": [[i.get("type"), i.get("country"), i.get("date")] for pi, i in enumerate(p) if pi not in paired_p]})
    out = {k: T[k].prf() for k in ("article", "incident", "end_to_end", "victim_nationality_all", "type", "country", "date", "place", *COUNTS, "victim_nationality",
                                   "perpetrator_nationality", "victim_age", "victim_gender")}
    out["type_any"] = round(any_type[0] / any_type[1], 3) if any_type[1] else 0.0
    out["main_recall"] = round(main[0] / main[1], 3) if main[1] else 0.0
    out["evidence_verbatim"] = round(quotes[0] / quotes[1], 3) if quotes[1] else None
    out["articles"] = len(gold_rows)
    if mentions:
        out["clusters"], out["wrong_merges"] = bcubed(mentions)
    return out, log[:errors]


def bcubed(mentions):
    both = collections.Counter(mentions)
    gold = collections.Counter(g for g, _ in mentions)
    pred = collections.Counter(p for _, p in mentions)
    n = len(mentions)
    p = sum(c * c / pred[k[1]] for k, c in both.items()) / n
    r = sum(c * c / gold[k[0]] for k, c in both.items()) / n
    in_pred = collections.defaultdict(set)
    for g, q in both:
        in_pred[q].add(g)
    wrong = {g for s in in_pred.values() if len(s) > 1 for g in s}
    return ({"p": round(p, 3), "r": round(r, 3), "f1": round(2 * p * r / (p + r), 3), "gold": len(gold), "pred": len(pred)}, round(len(wrong) / len(gold), 3))


def read(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("gold"); ap.add_argument("predicted"); ap.add_argument("--json", action="store_true"); ap.add_argument("--errors", type=int, default=0)
    a = ap.parse_args()
    out, log = score(read(a.gold), read(a.predicted), a.errors)
    if a.json:
        print(json.dumps(out)); return
    for k, v in out.items():
        print(f"{k:24s}", "P {p:.3f}  R {r:.3f}  F1 {f1:.3f}  (gold {gold}, predicted {pred})".format(**v) if isinstance(v, dict) else v)
    for e in log:
        print(json.dumps(e, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
