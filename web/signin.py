"""Signing in: an address, a letter, a button. GET changes nothing, because mail programs open links in advance."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from intake import Problem
from web.forms import read_form
from web.pages import redirect
from web.security import TOKEN_FIELD
from web.site import OurSite, PageRoute, Site
from web.staff_page import REFERENCE, way_to

EXPIRED = Problem("expired")
router = APIRouter(route_class=PageRoute)


@router.get("/staff/signin")
async def ask(request: Request, site: OurSite) -> Response:
    return _page(request, site, "signin.html", email="", to=_reference(request.query_params.get("to", "")))


@router.post("/staff/signin")
async def asked(request: Request, site: OurSite) -> Response:
    """Shows the same page whether or not the address belongs to staff."""
    form, cookie = await read_form(request), site.visitors.cookie(request)
    email, to = form.one("email").strip(), _reference(form.one("to"))
    if not site.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
        return _page(request, site, "signin.html", 403, problem=EXPIRED, email=email, to=to)
    if not site.app.accounts.is_address(email):
        return _page(request, site, "signin.html", 422, problem=Problem("not_an_email"), email=email, to=to)
    language, mark = site.pages.spoken(request, None), site.sessions.mark(request)
    await site.app.run(site.app.accounts.ask_to_sign_in, email, cookie, language, to, mark)
    return _page(request, site, "signin_sent.html", to=to)


@router.get("/staff/signin/{token}")
async def arrive(request: Request, site: OurSite, token: str) -> Response:
    if await site.app.run(site.app.accounts.can_sign_in, token, site.visitors.cookie(request)):
        return _page(request, site, "signin_enter.html")
    return await _old(request, site)


@router.post("/staff/signin/{token}")
async def enter(request: Request, site: OurSite, token: str) -> Response:
    form, cookie, accounts = await read_form(request), site.visitors.cookie(request), site.app.accounts
    if not site.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
        return _page(request, site, "signin_enter.html", 403, problem=EXPIRED)
    secret = await site.app.run(accounts.sign_in, token, cookie)
    if secret is None:
        page = await _old(request, site)
        await site.app.run(accounts.failed)
        return page
    await site.app.run(accounts.sign_out, site.sessions.secret(request))  # whoever was signed in before
    response = redirect(way_to(_reference(request.query_params.get("to", ""))))
    site.sessions.keep(response, secret)
    site.sessions.keep_mark(response, await site.app.run(accounts.marked, site.sessions.mark(request), secret))
    return response


@router.post("/staff/signout")
async def leave(request: Request, site: OurSite) -> Response:
    """Signs out at once; an unproven form is told that nothing happened."""
    form, secret = await read_form(request), site.sessions.secret(request)
    if not site.visitors.trusted(request, secret, form.one(TOKEN_FIELD)):
        return redirect("/staff/?still=1")
    await site.app.run(site.app.accounts.sign_out, secret)
    response = redirect("/staff/signin")
    site.sessions.drop(response)
    return response


async def _old(request: Request, site: Site) -> Response:
    """Shows the page for an invalid link; guessing is limited as for all links."""
    await site.guessed(request)
    return _page(request, site, "signin_old.html", 410)


def _page(request: Request, site: Site, template: str, status: int = 200, **shown: object) -> Response:
    programme = site.pages.only()
    language, cookie = site.pages.spoken(request, programme), site.visitors.cookie(request)
    fresh = cookie or site.visitors.new()
    shared = {"title": site.pages.words(language)("Sign in for staff"), "token": site.visitors.token(fresh), "to": ""}
    response = site.pages.page(request, f"staff/{template}", programme, language, status, **{**shared, **shown})
    if not cookie:
        site.visitors.keep(response, fresh)
    return response


def _reference(text: str) -> str:
    """Returns the text if it has the form of a case number, else nothing, so that it leads nowhere else."""
    return text if REFERENCE.fullmatch(text) else ""
