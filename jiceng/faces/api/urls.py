"""The API gathers the routers of the areas."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from jiceng.engines.figures.api import router as figures
from jiceng.kernel.orgs.api import router as organisations
from jiceng.kernel.places.api import router as places
from jiceng.kernel.units.api import router as units

from .problems import Described, answer_refusals
from .token import Bearer

api = Described(
    title="jiceng（基层）",
    version="1",
    description="和页面同样的读、同样的动作、同样的权限。令牌在“我的令牌”里领取，写在 Authorization: Bearer 里。",
    auth=Bearer(),
    docs_url=None,
)
answer_refusals(api)
api.add_router("/organisations", organisations, tags=["组织"])
api.add_router("/units", units, tags=["单位"])
api.add_router("/places", places, tags=["地方"])
api.add_router("/figures", figures, tags=["数字"])


def _open(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The pages' sign-in does not stand before the API; its own token does."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            login_not_required(pattern.callback)
    return patterns


_patterns, _app, _space = api.urls
urlpatterns = [path("v1/", (_open(_patterns), _app, _space))]
