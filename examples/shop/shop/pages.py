"""What the browser gets."""

import os
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from shop.customer import Customer
from shop.flags import client
from shop.gates import is_on

# Each shop of the chain shows its own panels.
PANELS = os.environ.get("SHOP_PANELS", "reviews,stock").split(",")
_templates = Environment(loader=FileSystemLoader(Path(__file__).parent.parent / "templates"), autoescape=True)


def panels(customer: Customer) -> list[str]:
    """Return the panels beside a product."""
    return [panel for panel in PANELS if client.boolean(f"panel-{panel}", customer.context)]


def recommendations(customer: Customer) -> list[str]:
    """Return what else a customer might like; nothing while the service is switched off."""
    if not client.boolean("kill-recommendations", customer.context, default=True):
        return []
    return ["teapot"]


def home(customer: Customer) -> str:
    """Return the first page."""
    theme = "dark" if is_on("release-dark-mode", customer) else "light"
    return _templates.get_template("home.html").render(
        theme=theme,
        flag=lambda key: is_on(key, customer),
        recommendations=recommendations(customer),
    )
