"""Made-up sets of answers, most of them odd: skipped, missing, extra, not offered, at boundaries."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

TODAY = date(2026, 11, 23)
STATUS = [
    "employed_at_risk", "employed_varslad", "uppsagd_notice", "uppsagd_left", "fixed_term_ended", "employed_no_risk",
    "resigned", "unemployed_other", "self_employed", "student_other", "unsure",
]  # fmt: skip
HOMES = [
    "1384", "1401", "1402", "1407", "1415", "1419", "1440", "1441", "1462", "1480", "1481", "1482", "1489", "other",
]  # fmt: skip
NEEDS = ["specific_tasks", "core_subjects", "reemployment", "new_industry", "own_business"]
SUBJECTS = ["swedish", "swedish_l2", "sfi", "english", "maths", "science", "civics", "history", "computer"]
FORMS = [
    "komvux", "labour_market_training", "university", "higher_vocational", "company_course", "validation", "guidance",
]  # fmt: skip
REASONS = ["arbetsbrist", "konkurs", "agreement_arbetsbrist"] * 3 + ["fixed_term", "personal", "unsure"]
OFTEN_SKIPPED = ("training_forms", "collar", "collective_agreement")
LEVELS = ["none", "compulsory", "upper_sec_partial", "upper_sec_vocational", "tertiary", "doctoral", "unknown"]


def random_answers(rng: Random) -> dict[str, Any]:
    """One person. Valid ids only; whether a question would be asked is not looked at."""

    def some(of: list[str]) -> list[str]:
        return rng.sample(of, k=rng.choice([1, 1, 2, 2, 3]))

    usual = rng.random() < 0.8  # most live here and work in the industry, or every path would end early
    values: dict[str, Any] = {
        "employment_status": rng.choice(STATUS[:4]) if rng.random() < 0.8 else rng.choice(STATUS),
        "varsel_date": f"2026-{rng.randint(1, 12):02}",
        "termination_reason": rng.choice(REASONS),
        "last_employment_date": (TODAY + timedelta(days=rng.choice([-400, -1, 0, 1, 29, 30, 31, 32, 128]))).isoformat(),
        "home_municipality": rng.choice(HOMES[:-1]) if usual else rng.choice([*HOMES, "other", "other"]),
        "work_municipality": rng.choice([*HOMES[:-1], "no", "no", "no"]),
        "industry": rng.choice(["teknik", "supplier_or_staffing"] if usual else ["other", "unknown", "teknik"]),
        "collar": rng.choice(["blue", "white", "unknown"]),
        "collective_agreement": rng.choice(["yes", "no", "unknown"]),
        "occupation": rng.choice(["7212", "2512", "Svetsare", "något helt eget"]),
        "education_level": rng.choice(LEVELS),
        "needs": rng.choice([["none"], ["unsure"]]) if rng.random() < 0.07 else some(NEEDS),
        "core_subjects": some(SUBJECTS),
        "training_forms": some(FORMS),
        "own_business": rng.choice(["idea", "plan", "started"]),
    }
    left_out = rng.choice([0.0, 0.05, 0.3])
    answers: dict[str, Any] = {}
    for id, value in values.items():
        if rng.random() < left_out or (id in OFTEN_SKIPPED and rng.random() < 0.3):
            if rng.random() < 0.5:
                answers[id] = rng.choice([None, "", []])
        else:
            answers[id] = value
    if rng.random() < 0.1:
        answers |= {"want_referral": "yes", "name": "Kim Exempel", "goal": "new_job"}
    ids = list(answers)
    rng.shuffle(ids)
    return {id: answers[id] for id in ids}
