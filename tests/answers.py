"""Responses to dokk1 for each placement, which tests of several areas place and print."""

from assessor.core.responses import DONT_KNOW

#: Whole responses for each placement, from the strategic one downwards.
STRATEGIC = {
    "creation": "joint",
    "contribution": "both",
    "benefit": "both",
    "payment": "none",
    "control": "together",
    "respect": "both_ways",
    "vision": "written",
    "expectations": "both",
    "citizens": "direct",
    "activity": "recurring",
    "scope": "several",
    "agreement": "agreement",
    "ownership": "management",
    "strategy": "goal",
    "track": "success",
}
SERVICE = STRATEGIC | {"agreement": "intent", "ownership": "unit", "strategy": "fits", "scope": "field"}
NETWORK = SERVICE | {"agreement": "none"}
OPEN = SERVICE | {"agreement": DONT_KNOW}
SUPPLIER = SERVICE | {"payment": "we_pay", "price": "delivery", "creation": "ready", "contribution": "them"}
OUTSIDE = NETWORK | {"activity": "nothing", "creation": "ready", "contribution": "us", "benefit": "us"}
UNKNOWN = dict.fromkeys(STRATEGIC, DONT_KNOW)

MIXED = (STRATEGIC, SERVICE, SERVICE, NETWORK, NETWORK, NETWORK, OPEN, OPEN, SUPPLIER, OUTSIDE, UNKNOWN, NETWORK)
