"""A second implementation of VästKraft's rules in plain Python, written from docs/rules.md.

It shares nothing with intake/: no engine and no condition language, so that an error there is not repeated here. `None`
is an unknown truth throughout; "certainly" means `is True`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

ORDER = [
    "employment_status", "varsel_date", "termination_reason", "last_employment_date", "home_municipality",
    "work_municipality", "industry", "collar", "collective_agreement", "occupation", "education_level", "needs",
    "core_subjects", "training_forms", "own_business",
]  # fmt: skip
REQUIRED = {
    "employment_status", "termination_reason", "home_municipality", "work_municipality", "industry", "needs",
    "core_subjects", "own_business",
}  # fmt: skip
DONT_KNOW = {  # the answer that is no value
    "industry": "unknown", "collar": "unknown", "collective_agreement": "unknown", "education_level": "unknown",
    "employment_status": "unsure", "termination_reason": "unsure", "needs": ["unsure"],
}  # fmt: skip
GR13 = {"1384", "1401", "1402", "1407", "1415", "1419", "1440", "1441", "1462", "1480", "1481", "1482", "1489"}
READS = {  # the questions that decide a rule
    "no_layoff": {"employment_status"},
    "no_self_employed": {"employment_status"},
    "no_risk": {"employment_status"},
    "no_municipality": {"home_municipality", "work_municipality"},
    "no_industry": {"industry"},
    "group": {"employment_status", "termination_reason"},
    "no_need": {"employment_status", "termination_reason", "needs"},
}
RULES = ["no_layoff", "no_self_employed", "no_risk", "no_municipality", "no_industry", "group", "no_need"]


def judge(answers: dict[str, Any], today: date) -> dict[str, Any]:
    """What `intake assess` gives for these (valid) answers, the reasons of the trace left out."""
    said = {id: answers[id] for id in ORDER if answers.get(id) not in (None, "", [])}
    known: dict[str, Any] = {}  # values
    met: set[str] = set()  # walked past: asked or not
    used: set[str] = set()  # answered, and every part of the answer counted
    missing: list[str] = []
    no: str | None = None

    for id in ORDER:
        no = _first_no(known)
        if no:
            break
        met.add(id)
        if not _asked(id, known, met):
            continue
        value = said.get(id)
        if value is not None and value == DONT_KNOW.get(id):
            used.add(id)
            continue
        if id == "needs" and value is not None:
            offered = _offered_needs(known)
            kept = [need for need in value if need in offered]
            if len(set(kept)) == len(set(value)):
                used.add(id)
            value = kept or None
        elif value is not None:
            used.add(id)
        if value is None:
            if id in REQUIRED:
                missing.append(id)
        else:
            known[id] = value
    else:
        no = _first_no(known)

    group = _group(known)
    outcomes = _outcomes(known, met)
    result: dict[str, Any] = {
        "verdict": "", "group": group, "reason": "", "route": None, "lead": None, "offers": [], "information": [],
        "missing": missing, "ignored": [id for id in ORDER if id in said and id not in used],
        "trace": [{"rule": rule, "outcome": outcomes[rule]} for rule in RULES],
        "settle": [],
    }  # fmt: skip
    if no:
        return result | {"verdict": "not_eligible", "reason": no, "group": None}
    routes = _routes(known, met, today)
    information = _unique([told for route in routes for told in route[3]])
    if missing or group is None or any(outcome != "yes" for outcome in outcomes.values()):
        return result | {
            "verdict": "ask_staff", "reason": "review", "route": "R0", "lead": "gr", "information": information,
            "settle": [] if "industry" in known else _settle(answers, today),
        }  # fmt: skip
    lead_route = next(route for route in routes if route[1] is not None)
    everyone = _unique([one for route in routes for one in (route[1], *route[2]) if one is not None])
    return result | {
        "verdict": "eligible",
        "reason": f"eligible_{group}",
        "route": lead_route[0],
        "lead": lead_route[1],
        "offers": [one for one in everyone if one != lead_route[1]],
        "information": information,
    }


def _settle(answers: dict[str, Any], today: date) -> list[dict[str, Any]]:
    """The industry is the only thing that somebody who does not know it can find out."""
    tried = ("teknik", "supplier_or_staffing")
    values = [one for one in tried if judge({**answers, "industry": one}, today)["verdict"] == "eligible"]
    return [{"question": "industry", "values": values}] if values else []


def _asked(id: str, known: dict[str, Any], met: set[str]) -> bool:
    """A question is asked when its condition certainly holds."""
    status = known.get("employment_status")
    if id == "varsel_date":
        return status == "employed_varslad"
    if id in ("termination_reason", "last_employment_date"):
        return status in ("uppsagd_notice", "uppsagd_left")
    if id == "work_municipality":
        return bool(known.get("home_municipality") == "other")
    if id == "collective_agreement":
        return _is_a(known) is False  # certainly not A
    if id == "core_subjects":
        return "core_subjects" in known.get("needs", [])
    if id == "own_business":
        return "own_business" in known.get("needs", [])
    return True


def _is_a(known: dict[str, Any]) -> bool | None:
    status = known.get("employment_status")
    return None if status is None else status in ("employed_at_risk", "employed_varslad")


def _is_b(known: dict[str, Any]) -> bool | None:
    status, reason = known.get("employment_status"), known.get("termination_reason")
    if status is not None and status not in ("uppsagd_notice", "uppsagd_left"):
        return False
    if reason is not None and reason not in ("arbetsbrist", "konkurs", "agreement_arbetsbrist"):
        return False
    return True if status is not None and reason is not None else None


def _group(known: dict[str, Any]) -> str | None:
    if _is_a(known) is True:
        return "A"
    if _is_b(known) is True and _is_a(known) is False:
        return "B"
    return None


def _offered_needs(known: dict[str, Any]) -> set[str]:
    group = _group(known)
    offered = {"specific_tasks", "core_subjects", "reemployment", "new_industry", "own_business", "none"}
    if group == "A":
        offered -= {"reemployment", "new_industry", "own_business"}
    if group == "B":
        offered -= {"specific_tasks"}
    return offered


def _first_no(known: dict[str, Any]) -> str | None:
    """The first rule that is certainly a no."""
    status = known.get("employment_status")
    if status in ("resigned", "unemployed_other", "student_other"):
        return "no_layoff"
    if status == "self_employed":
        return "no_self_employed"
    if status == "employed_no_risk":
        return "no_risk"
    if known.get("home_municipality") == "other" and known.get("work_municipality") == "no":
        return "no_municipality"
    if known.get("industry") == "other":
        return "no_industry"
    if "none" in known.get("needs", []):
        return "no_need"
    return None


def _outcomes(known: dict[str, Any], met: set[str]) -> dict[str, str]:
    status, home = known.get("employment_status"), known.get("home_municipality")
    needs, group = known.get("needs", []), _group(known)
    no = {
        "no_layoff": status in ("resigned", "unemployed_other", "student_other"),
        "no_self_employed": status == "self_employed",
        "no_risk": status == "employed_no_risk",
        "no_municipality": home == "other" and known.get("work_municipality") == "no",
        "no_industry": known.get("industry") == "other",
        "group": False,
        "no_need": "none" in needs,
    }
    enough_a = "specific_tasks" in needs or "core_subjects" in needs
    enough_b = "reemployment" in needs or "new_industry" in needs or "own_business" in needs
    yes = {
        "no_layoff": status is not None and not no["no_layoff"],
        "no_self_employed": status is not None and not no["no_self_employed"],
        "no_risk": status is not None and not no["no_risk"],
        "no_municipality": home in GR13,
        "no_industry": known.get("industry") in ("teknik", "supplier_or_staffing"),
        "group": group is not None,
        "no_need": (group == "A" and enough_a) or (group == "B" and enough_b),
    }
    undecided = {rule: "ask_staff" if READS[rule] <= met else "not_reached" for rule in RULES}
    return {rule: "no" if no[rule] else "yes" if yes[rule] else undecided[rule] for rule in RULES}


Route = tuple[str, str | None, list[str], list[str]]  # id, lead, offers, information


def _routes(known: dict[str, Any], met: set[str], today: date) -> list[Route]:
    """Every route that certainly fits, in order (routing_rules.csv)."""
    group, needs, forms = _group(known), known.get("needs", []), known.get("training_forms", [])
    collar, agreement = known.get("collar"), known.get("collective_agreement")
    agreed = agreement == "yes" or (agreement is None and "collective_agreement" in met)
    home = known.get("home_municipality")
    municipality = f"municipality:{home}" if home in GR13 else None
    found: list[Route] = []
    if group == "B" and "own_business" in needs:
        found.append(("R1", "brg", ["af", "gr"], []))
    if group == "B" and collar == "white" and agreed:
        found.append(("R2", "trr", ["af", "unionen"], []))
    if group == "B" and collar == "blue" and agreed:
        found.append(("R3", "af", ["if_metall"], ["tsl"]))
    if group == "B" and agreement == "no":
        found.append(("R4", "af", [], ["ooo"]))
    last_day = known.get("last_employment_date")
    soon = last_day is not None and (date.fromisoformat(last_day) - today).days <= 30
    if group == "B" and (known.get("employment_status") == "uppsagd_left" or soon):
        found.append(("R5", "af", [], []))
    if group is not None and ("core_subjects" in needs or "komvux" in forms):
        found.append(("R6", municipality, [], []))
    if group is not None and "labour_market_training" in forms:
        found.append(("R7", "af", [], []))
    if group == "A" and "specific_tasks" in needs:
        found.append(("R8", "gr", [], []))
    if group == "A" and collar == "white":
        found.append(("R9", "gr", ["trr", "unionen"], []))
    if group == "A" and collar == "blue":
        found.append(("R10", "gr", ["if_metall"], ["tsl"]))
    if group is not None and {"university", "higher_vocational", "guidance"} & set(forms):
        found.append(("R11", "gr", [municipality] if municipality else [], []))
    if group == "B" and "new_industry" in needs:
        found.append(("R12", "gr", ["af"], []))
    return found or [("R13", "gr", [], [])]


def _unique(items: list[str]) -> list[str]:
    return list(dict.fromkeys(items))
