"""The patient beside the screen: pages without what the clinic keeps to itself, one to the next.

It stands in the address (``?beside``), so that it outlives a reload and needs no session.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from referrals.models import Patient

FLAG = "beside"


def is_beside(request: HttpRequest) -> bool:
    """Say whether the patient looks on."""
    return FLAG in request.GET


def context(request: HttpRequest) -> dict:
    """Tell the page whether the patient looks on, and where the screen is turned."""
    looks_on = is_beside(request)
    return {"is_beside": looks_on, "turned": request.path if looks_on else f"?{FLAG}"}


def onward(request: HttpRequest, name: str, patient: Patient) -> HttpResponse:
    """Go to the next page of this patient, with the patient still looking on if they did."""
    address = reverse(f"referrals:{name}", args=[patient.pk])
    return redirect(f"{address}?{FLAG}" if is_beside(request) else address)
