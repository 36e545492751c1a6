"""The page where users sign in and out."""

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from rag.api.access import is_tls, user_of
from rag.api.identity import COOKIE
from rag.api.pages import page
from rag.api.problems import RequestError
from rag.tokens import SESSION_DAYS

if TYPE_CHECKING:
    from rag.api.identity import Users

_WORDS = {
    "zh": {"title": "登录", "name": "用户名", "password": "密码", "in": "登录", "out": "退出登录",
           "wrong": "用户名或密码不正确。", "many": "尝试次数过多，请稍后再试。", "as": "已登录：", "back": "返回"},
    "en": {"title": "Sign in", "name": "Name", "password": "Password", "in": "Sign in", "out": "Sign out",
           "wrong": "The name or the password is wrong.", "many": "Too many attempts. Try again later.",
           "as": "Signed in as ", "back": "Back"},
}  # fmt: skip


def router(users: "Users") -> APIRouter:
    """The pages, which are no part of the documented interface."""
    web = APIRouter(include_in_schema=False)

    @web.get("/login")
    def show(request: Request, next: str = "/") -> Response:
        """The form, or who has signed in."""
        return HTMLResponse(_form(request, next))

    @web.post("/login", max_body_size=10_000)
    async def sign_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/",
    ) -> Response:
        """Sign in, and go on to the page that was asked for."""
        try:
            if not await users.sign_in(request, name, password):
                return HTMLResponse(_form(request, next, "wrong", name), HTTPStatus.UNAUTHORIZED)
        except RequestError as error:
            return HTMLResponse(_form(request, next, "many", name), error.status, error.headers)
        done = RedirectResponse(_local(next), HTTPStatus.SEE_OTHER)
        token, age = await run_in_threadpool(users.open_session, name), int(SESSION_DAYS * 86_400)
        done.set_cookie(COOKIE, token, age, httponly=True, samesite="lax", secure=is_tls(request))
        return done

    @web.post("/logout")
    def sign_out(request: Request) -> Response:
        """Sign out."""
        users.close_session(request)
        done = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
        done.delete_cookie(COOKIE)
        return done

    return web


def _local(path: str) -> str:
    """A path on this server; anything that a browser could take for another host's is the front page."""
    return path if path.startswith("/") and path.isprintable() and path[1:2] not in {"/", "\\"} else "/"


def _form(request: Request, next: str, problem: str = "", name: str = "") -> str:
    language = "zh" if request.headers.get("accept-language", "").strip().lower().startswith("zh") else "en"
    words, user = _WORDS[language], user_of(request)
    if user and not problem:
        body = (
            f"<p>{words['as']}<b>{escape(user)}</b></p><form method=post action=/logout>"
            f"<button>{words['out']}</button></form><p><a href='/'>{words['back']}</a></p>"
        )
    else:
        alert = f"<p role=alert class=alert>{words[problem]}</p>" if problem else ""
        body = (
            f"{alert}<form method=post action=/login><input type=hidden name=next value='{escape(_local(next))}'>"
            f"<label>{words['name']}<input name=name value='{escape(name)}' autocomplete=username "
            f"required {'' if name else 'autofocus'} maxlength=256></label>"
            f"<label>{words['password']}<input name=password type=password autocomplete=current-password required "
            f"{'autofocus' if name else ''} "
            f"maxlength=256></label><button>{words['in']}</button></form>"
        )
    return page(f"report-qa · {words['title']}", f"<main class=small><h1>report-qa</h1>{body}</main>", language)
